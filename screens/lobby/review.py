"""Everything once more before it is signed, and what could still be completed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from kivy.clock import Clock
from kivy.uix.widget import Widget

from kiosk.flow.consents import Purpose
from kiosk.flow.events import JumpTo
from kiosk.flow.journey import Journey
from kiosk.flow.stage import Stage
from kiosk.forms.entry import format_value
from kiosk.forms.evaluate import QuestionView
from kiosk.forms.model import Pii
from kiosk.i18n import Language, Text
from kiosk.identity.masking import mask_number
from kiosk.services.corrections import Correction
from kiosk.services.dossier import Dossier
from screens.components import (
    Action,
    Button,
    Icon,
    ListTable,
    Notice,
    NoticeKind,
    Stack,
    TableRow,
    TextBlock,
    TextRole,
    Words,
    words,
)
from screens.lobby.claiming import cause_words
from screens.lobby.contradictions import Contradictions
from screens.lobby.frame import FramedScreen
from screens.lobby.screen import ScreenContext

LONGEST_ANSWER = 160
"""Characters of one answer shown here; the whole of it is on its own page, where it can be changed."""

_MASKED = {Pii.ID_NUMBER, Pii.ACCOUNT}
"""What others who look on must not read (N4); on its own page it can be read and changed."""

AT_ONCE = 6
"""Rows made before the page is shown. The rest follows while the person reads the first."""

_PER_FRAME, _PER_BATCH = 2, 20
"""Rows made in one frame, and rows put on the page together, since each time the whole page is laid out anew."""

Section = tuple[Stage, Sequence[TableRow]]


class ReviewScreen(FramedScreen):
    """Everything once more, and the complete list of what is missing, each with the way to where it is mended."""

    from_top = True
    title_key = "lobby.review.title"
    intro_key = "lobby.review.intro"

    def __init__(self, context: ScreenContext, journey: Journey) -> None:
        self._differs: Contradictions | None = None
        super().__init__(context, journey)
        self._making = Clock.schedule_interval(self._make_more, 0)

    def body(self) -> list[Widget]:
        dossier = Dossier(self.journey, self.context.world())
        parts = Stack(self.ui, (), gap_mm=3.0)
        self._parts = parts
        self._rows = self._in_turn(self._sections(dossier))
        self._made: list[Widget] = []
        self._differs = Contradictions(self.context, self.journey)
        for widget in (self._differs, *self._corrections(dossier.corrections), *islice(self._rows, AT_ONCE)):
            parts.add_widget(widget)
        return [parts]

    def refresh(self, journey: Journey) -> None:
        before = _compared(self.journey)
        super().refresh(journey)
        if _compared(journey) != before:
            self._making.cancel()
            self.rebuild_body()
            self._making = Clock.schedule_interval(self._make_more, 0)

    # -- corrections

    def _corrections(self, corrections: Sequence[Correction]) -> Iterator[Widget]:
        if not corrections:
            yield Notice(self.ui, words("lobby.review.complete"), kind=NoticeKind.SUCCESS)
            return
        yield Notice(self.ui, words("lobby.review.corrections", count=len(corrections)), kind=NoticeKind.WARNING)
        for number, one in enumerate(corrections):
            yield Button(
                self.ui,
                name=f"review.correction.{number}",
                text=one.placed,
                icon=Icon.FORWARD,
                leading=True,
                on_press=self._jump(one.stage, one.page, one.evidence),
            )

    # -- answers

    def _in_turn(self, sections: Sequence[Section]) -> Iterator[Widget]:
        """The rows, each section's first under its title, unless the row says the same itself."""
        for stage, rows in sections:
            part = words(f"lobby.part.{stage.value}")
            for number, row in enumerate(rows):
                line = ListTable(self.ui, (row,), name=f"review.{stage.value}")
                if number or row.label == part:
                    yield line
                else:
                    title = TextBlock(self.ui, part, role=TextRole.TITLE, bold=True)
                    yield Stack(self.ui, (title, line), gap_mm=2.0)

    def _make_more(self, _elapsed: float) -> bool:
        """A few more rows; False when all are there."""
        more = list(islice(self._rows, _PER_FRAME))
        self._made += more
        if not more or len(self._made) >= _PER_BATCH:
            for widget in self._made:
                self._parts.add_widget(widget)
            self._made = []
        return bool(more)

    def _sections(self, dossier: Dossier) -> list[Section]:
        draft = dossier.draft
        sections: list[Section] = []
        if draft.identity is not None:
            person = f"{draft.identity.name}\n{mask_number(draft.identity.number)}".strip()
            sections.append((Stage.IDENTITY, [self._row("person", Stage.IDENTITY, person)]))
        represented = words(f"lobby.capacity.{draft.represented.value}")
        sections += [
            (Stage.CAPACITY, [self._row("capacity", Stage.CAPACITY, represented)]),
            (Stage.COURT, [self._row("court", Stage.COURT, self._court(draft.competent_court))]),
            (Stage.CAUSE, [self._row("cause", Stage.CAUSE, self._cause(dossier))]),
        ]
        for stage, slot in dossier.slots:
            rows = []
            for page in dossier.filled(slot).evaluation.pages:
                given = [view for view in page.questions if view.question.is_asked and view.value is not None]
                if given:
                    jump = self._jump(stage, page.key)
                    rows.append(TableRow(f"{stage.value}.{page.key}", page.title, _answers(given), jump))
            sections.append((stage, rows))
        sections.append((Stage.EVIDENCE, [self._evidence(dossier, index) for index in range(len(dossier.evidence))]))
        if draft.mediation is not None:
            wish = words(f"lobby.mediation.{draft.mediation.value}")
            sections.append((Stage.MEDIATION, [self._row("mediation", Stage.MEDIATION, wish)]))
        e_service = draft.consent(Purpose.E_SERVICE)
        if e_service is not None:
            answer = words(f"lobby.e_service.{'yes' if e_service.granted else 'no'}")
            sections.append((Stage.E_SERVICE, [self._row("e_service", Stage.E_SERVICE, answer)]))
        return [(stage, rows) for stage, rows in sections if rows]

    def _evidence(self, dossier: Dossier, index: int) -> TableRow:
        entry = dossier.evidence[index]
        key = "lobby.evidence.pages" if entry.pages else "lobby.evidence.no_pages"
        pages = words(key, count=len(entry.pages))
        jump = self._jump(Stage.EVIDENCE_ITEM, None, index)
        return TableRow(f"evidence.{index}", f"{index + 1}. {entry.title}", pages, jump)

    def _row(self, name: str, stage: Stage, value: Words) -> TableRow:
        return TableRow(name, words(f"lobby.part.{stage.value}"), value, self._jump(stage, None))

    def _jump(self, stage: Stage, page: str | None, evidence: int | None = None) -> Action:
        return self.context.send(JumpTo(stage, page, evidence))

    def _cause(self, dossier: Dossier) -> Words:
        chosen, causes = dossier.draft.cause, self.context.reference.causes
        return cause_words(causes.get(chosen.code)) if chosen is not None else dossier.cause_text

    def _court(self, code: str) -> Words:
        courts = self.context.reference.courts
        return courts.get(code).name if code in courts else code

    def leave(self) -> None:
        super().leave()
        self._making.cancel()
        if self._differs is not None:
            self._differs.leave()


def _compared(journey: Journey) -> tuple[object, ...]:
    """What may change while this page is looked at: an answer that a paper contradicts, and what was read."""
    draft = journey.require_draft()
    return (draft.answers, draft.decided, tuple(state.readings for state in draft.pages.values()))


def _answers(views: Sequence[QuestionView]) -> Text:
    """Question and answer, line by line, in every language, so that a change of language changes both."""

    def line(view: QuestionView, language: Language) -> str:
        mark = "：" if language is Language.ZH else ": "
        value = format_value(view.question, view.value, language)
        if view.question.pii in _MASKED:
            value = mask_number(value)
        if len(value) > LONGEST_ANSWER:
            start = value[:LONGEST_ANSWER]
            value = words("lobby.review.shortened", start=start, count=len(value)).in_(language)
        return f"{view.question.label.in_(language).rstrip('？?')}{mark}{value}"

    return Text(*("\n".join(line(view, language) for view in views) for language in Language))
