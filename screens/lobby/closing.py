"""Mediation wish, electronic service, review, undertaking, signature."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.court.envelope import MediationWish
from kiosk.flow.events import AnswerConsent, AnswerMediation, Continue, JumpTo, SignatureCleared, Signed
from kiosk.flow.stage import Stage
from kiosk.forms.entry import format_value
from kiosk.services.dossier import Dossier
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    Choice,
    ChoiceList,
    Icon,
    ListTable,
    Notice,
    NoticeKind,
    SignaturePad,
    Stack,
    TableRow,
    TextBlock,
    TextRole,
    Words,
    words,
)
from screens.lobby.frame import FramedScreen


class MediationScreen(FramedScreen):
    """是否考虑先行调解: yes, no, not sure, and why it may help; no answer is pre-selected and none is needed."""

    title_key = "lobby.mediation.title"
    intro_key = "lobby.mediation.intro"

    def body(self) -> list[Widget]:
        wish = self.journey.require_draft().mediation
        choices = [Choice(one.value, words(f"lobby.mediation.{one.value}")) for one in MediationWish]
        return [
            ChoiceList(
                self.ui,
                name="mediation",
                choices=choices,
                selected=(wish.value,) if wish is not None else (),
                on_change=self._chosen,
            ),
            *(Notice(self.ui, words(f"lobby.mediation.benefit{number}")) for number in range(1, 6)),
        ]

    def _chosen(self, values: tuple[str, ...]) -> None:
        if values:
            self.context.dispatch(AnswerMediation(MediationWish(values[0])))


class EServiceScreen(FramedScreen):
    """电子送达, a question of its own: yes or no, both lead on (民诉法 90)."""

    title_key = "lobby.e_service.title"
    intro_key = "lobby.e_service.intro"

    def on_continue(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        return [
            Notice(self.ui, words("lobby.e_service.effect")),
            Notice(self.ui, words("lobby.e_service.paper")),
            *self._answers(),
        ]

    def _answers(self) -> list[Widget]:
        return [
            Button(
                self.ui,
                name=f"e_service.{'yes' if granted else 'no'}",
                text=words(f"lobby.e_service.{'yes' if granted else 'no'}"),
                min_height_mm=20,
                on_press=self.context.send(AnswerConsent(granted)),
            )
            for granted in (True, False)
        ]


class ReviewScreen(FramedScreen):
    """Everything once more, and the complete list of what is missing, each with the way to where it is mended."""

    title_key = "lobby.review.title"
    intro_key = "lobby.review.intro"

    def body(self) -> list[Widget]:
        dossier = Dossier(self.journey, self.context.world())
        found: list[Widget] = []
        if dossier.corrections:
            count = len(dossier.corrections)
            found.append(Notice(self.ui, words("lobby.review.corrections", count=count), kind=NoticeKind.WARNING))
            found += [
                Button(
                    self.ui,
                    name=f"review.correction.{number}",
                    text=one.text,
                    icon=Icon.FORWARD,
                    on_press=self.context.send(JumpTo(one.stage, one.page, one.evidence)),
                )
                for number, one in enumerate(dossier.corrections)
            ]
        else:
            found.append(Notice(self.ui, words("lobby.review.complete"), kind=NoticeKind.SUCCESS))
        for stage, rows in self._sections(dossier):
            found.append(TextBlock(self.ui, words(f"lobby.part.{stage.value}"), role=TextRole.TITLE, bold=True))
            found.append(ListTable(self.ui, rows, name=f"review.{stage.value}"))
        return found

    def _sections(self, dossier: Dossier) -> list[tuple[Stage, list[TableRow]]]:
        draft = dossier.draft
        sections: list[tuple[Stage, list[TableRow]]] = [
            (Stage.COURT, [self._row("court", Stage.COURT, self._court(draft.competent_court))]),
            (Stage.CAUSE, [self._row("cause", Stage.CAUSE, dossier.cause_name)]),
        ]
        for stage, slot in dossier.slots:
            rows = []
            for page in dossier.filled(slot).evaluation.pages:
                values = [
                    (view.question.label, format_value(view.question, view.value, self.ui.language))
                    for view in page.questions
                    if view.question.is_asked and view.value is not None
                ]
                if values:
                    text = "\n".join(f"{label.in_(self.ui.language).rstrip('？?')}: {value}" for label, value in values)
                    rows.append(TableRow(f"{stage.value}.{page.key}", page.title, text, self._jump(stage, page.key)))
            sections.append((stage, rows))
        evidence = [
            TableRow(
                f"evidence.{entry.index}",
                f"{entry.index + 1}. {entry.title}",
                words("lobby.evidence.pages", count=len(entry.pages)),
                self._jump(Stage.EVIDENCE_ITEM, None, entry.index),
            )
            for entry in dossier.evidence
        ]
        sections.append((Stage.EVIDENCE, evidence))
        return [(stage, rows) for stage, rows in sections if rows]

    def _row(self, name: str, stage: Stage, value: Words) -> TableRow:
        return TableRow(name, words(f"lobby.part.{stage.value}"), value, self._jump(stage, None))

    def _jump(self, stage: Stage, page: str | None, evidence: int | None = None) -> Action:
        return self.context.send(JumpTo(stage, page, evidence))

    def _court(self, code: str) -> Words:
        courts = self.context.reference.courts
        return courts.get(code).name if code in courts else code


class UndertakingScreen(FramedScreen):
    """诚信诉讼承诺: what is promised and what follows from a lie; not promising is possible and is noted."""

    title_key = "lobby.undertaking.title"

    def body(self) -> list[Widget]:
        points = [TextBlock(self.ui, words(f"lobby.undertaking.point{number}")) for number in range(1, 5)]
        refuse = Button(
            self.ui,
            name="undertaking.refuse",
            text=words("lobby.undertaking.refuse"),
            on_press=self.context.send(AnswerConsent(granted=False)),
        )
        return [
            Stack(self.ui, points, gap_mm=5.0),
            Notice(self.ui, words("lobby.undertaking.consequence"), kind=NoticeKind.WARNING),
            refuse,
        ]

    def on_continue(self) -> Action:
        return self.context.send(AnswerConsent(granted=True))

    def continue_text(self) -> Words:
        return words("lobby.undertaking.agree")


class SignatureScreen(FramedScreen):
    """Signing by finger; the button says plainly that this hands the complaint in."""

    title_key = "lobby.signature.title"
    intro_key = "lobby.signature.intro"

    def body(self) -> list[Widget]:
        self._pad = SignaturePad(self.ui, on_change=lambda _: self.context.presence())
        return [self._pad, Notice(self.ui, words("lobby.signature.cannot"))]

    def on_continue(self) -> Action:
        return self._hand_in

    def _hand_in(self) -> None:
        if self._pad.signed:
            self.context.dispatch(Signed(self.context.session.scratch.put(self._pad.png())))
        else:
            self.context.dispatch(SignatureCleared())
        self.context.dispatch(Continue())

    def continue_text(self) -> Words:
        return words("lobby.signature.hand_in")

    def continue_style(self) -> ButtonStyle:
        return ButtonStyle.PRIMARY
