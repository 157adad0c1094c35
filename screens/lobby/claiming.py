"""Court, cause of action, papers to bring, fee, ways of resolving the dispute."""

from __future__ import annotations

from decimal import Decimal

from kivy.uix.widget import Widget

from kiosk.flow.events import ChooseCause, ChooseCourt
from kiosk.flow.journey import Journey
from kiosk.i18n import Language, Text
from kiosk.law.cause_search import search
from kiosk.law.causes import Cause
from kiosk.law.fee_payment import Prepayment
from kiosk.law.materials import Filer, Line, materials_for
from kiosk.services.dossier import Dossier
from screens.components import (
    Choice,
    ChoiceList,
    Icon,
    KeyboardKind,
    ListTable,
    Notice,
    Stack,
    TableRow,
    TextBlock,
    TextField,
    TextRole,
    Words,
    words,
)
from screens.lobby.frame import FramedScreen
from screens.lobby.offers import scan_first
from screens.lobby.points import Point, point_list

FOUND_AT_MOST = 6

COMMON_CAUSES = (
    "民间借贷纠纷",
    "买卖合同纠纷",
    "离婚纠纷",
    "追索劳动报酬纠纷",
    "物业服务合同纠纷",
    "房屋租赁合同纠纷",
)


class CourtScreen(FramedScreen):
    """Which court decides; filing here for another court is possible and costs nothing more (跨域立案, S0-26)."""

    title_key = "lobby.court.title"
    intro_key = "lobby.court.intro"

    def body(self) -> list[Widget]:
        draft = self.journey.require_draft()
        courts = self.context.reference.courts
        own = courts.get(draft.handling_court) if draft.handling_court in courts else None
        listed = courts.accepted_at(draft.handling_court) if own is not None else courts.all()
        offered = dict.fromkeys([*listed, *(c for c in courts.all() if c.code[:1] == draft.handling_court[:1])])
        choices = [
            Choice(
                court.code,
                court.name,
                words("lobby.court.here") if court.code == draft.handling_court else words("lobby.court.elsewhere"),
            )
            for court in offered
        ]
        return [
            Notice(self.ui, words("lobby.court.advice")),
            ChoiceList(
                self.ui,
                name="court",
                choices=choices,
                selected=(draft.competent_court,),
                on_change=lambda values: self.context.dispatch(ChooseCourt(values[0])) if values else None,
            ),
        ]


class CauseScreen(FramedScreen):
    """What happened, in plain words; the search ranks all causes of levels 3 and 4 and says why it found each."""

    from_top = True
    title_key = "lobby.cause.title"
    intro_key = "lobby.cause.intro"

    def body(self) -> list[Widget]:
        self._field = TextField(
            self.ui,
            name="cause.words",
            label=words("lobby.cause.words"),
            hint=words("lobby.cause.words_hint"),
            placeholder=words("lobby.cause.example"),
            kind=KeyboardKind.TEXT,
            on_change=self._typed,
        )
        self._found = Stack(self.ui, (), gap_mm=3.0)
        self._fill_found("")
        return [self._field, self._found]

    def _typed(self, text: str) -> None:
        self.context.presence()
        self._fill_found(text)

    def _fill_found(self, text: str) -> None:
        self._text = text
        causes = self.context.reference.causes
        chosen = self.journey.require_draft().cause
        if text.strip():
            found = [one.cause for one in search(text, FOUND_AT_MOST, causes.version)]
            heading = words("lobby.cause.found") if found else words("lobby.cause.nothing")
        else:
            found = [causes.named(name) for name in COMMON_CAUSES]
            heading = words("lobby.cause.common")
        if chosen is not None and all(cause.code != chosen.code for cause in found):
            found.insert(0, causes.get(chosen.code))
        self._found.clear_widgets()
        self._found.add_widget(TextBlock(self.ui, heading, ink="hint"))
        self._found.add_widget(
            ChoiceList(
                self.ui,
                name="cause",
                choices=[Choice(cause.code, cause_words(cause), " › ".join(cause.path[:-1])) for cause in found],
                selected=(chosen.code,) if chosen is not None else (),
                on_change=lambda values: self.context.dispatch(ChooseCause(values[0])) if values else None,
            )
        )

    def continue_text(self) -> Words | None:
        return words("lobby.cause.skip") if self.journey.require_draft().cause is None else None

    def refresh(self, journey: Journey) -> None:
        super().refresh(journey)
        button = self.frame.continue_button
        if button is not None:
            button.text = self.continue_text() or words("toolkit.page.continue")


def cause_words(cause: Cause) -> Text:
    """Its name, beside the Chinese one in the other languages."""
    return Text(*(cause.display(language) for language in Language))


class MaterialsScreen(FramedScreen):
    """The papers for this cause (立案材料清单, S1-27); who lacks one may go on."""

    title_key = "lobby.materials.title"
    intro_key = "lobby.materials.intro"

    def body(self) -> list[Widget]:
        draft = self.journey.require_draft()
        scan = scan_first(self.context, self.journey)
        if draft.cause is None:
            return [Notice(self.ui, words("lobby.materials.without_cause")), scan]
        filer = Filer.ORGANISATION if draft.represented.is_organisation else Filer.PERSON
        papers = materials_for(
            self.context.reference.causes.get(draft.cause.code), filer=filer, agent=draft.represented.is_agent
        )
        points = [self._line(number, line) for number, line in enumerate(papers.lines, 1)]
        columns = 1 if self.ui.panel.portrait else 2
        return [Notice(self.ui, words("lobby.materials.later")), scan, point_list(self.ui, points, columns=columns)]

    def _line(self, number: int, line: Line) -> Widget:
        need = line.item.need
        return Point(
            self.ui,
            Icon.DOCUMENT,
            title=_numbered(number, line.item.text),
            text=_joined(words(f"lobby.materials.need.{need.value}"), line.item.basis),
        )


def _numbered(number: int, text: Words) -> Words:
    return text if isinstance(text, str) else Text(*(f"{number}. {text.in_(one)}" for one in Language))


def _joined(text: Words, more: str) -> Words:
    if isinstance(text, str) or not more:
        return text
    return Text(*(f"{text.in_(one)} · {more}" for one in Language))


class FeeScreen(FramedScreen):
    """The fee as it will be, step by step with its articles; this terminal never takes money (诉讼费用办法 52)."""

    title_key = "lobby.fee.title"

    def body(self) -> list[Widget]:
        dossier = Dossier(self.journey, self.context.world())
        fee = dossier.fee
        if fee is None:
            return [Notice(self.ui, words("lobby.fee.unknown")), *self._payment(None)]
        amount = words("lobby.fee.about" if fee.estimated else "lobby.fee.exactly", fee=_amount(fee.fee))
        rows = []
        if dossier.amount_in_dispute:
            disputed = words("lobby.fee.exactly", fee=_amount(dossier.amount_in_dispute))
            rows.append(TableRow("amount", words("lobby.fee.amount"), disputed))
        if fee.estimated:
            span = words("lobby.fee.range_text", low=_amount(fee.lowest), high=_amount(fee.highest))
            rows.append(TableRow("range", words("lobby.fee.range"), span))
        rows += [
            TableRow(f"step{number}", _article(step.article), step.text) for number, step in enumerate(fee.steps, 1)
        ]
        return [
            TextBlock(self.ui, amount, role=TextRole.NUMBER, bold=True),
            *self._payment(dossier.prepayment),
            TextBlock(self.ui, words("lobby.fee.how"), bold=True),
            ListTable(self.ui, rows, name="fee"),
        ]

    def _payment(self, prepayment: Prepayment | None) -> list[Widget]:
        """When and where to pay, before how it was worked out: that is what people ask."""
        when = Point(self.ui, Icon.CLOCK, text=words("lobby.fee.not_here") if prepayment is None else prepayment.text)
        return [point_list(self.ui, [when, Point(self.ui, Icon.INFO, text=words("lobby.fee.relief"))])]


def _amount(value: Decimal) -> str:
    return f"{value:,.2f}"


_ITEM_DIGITS = str.maketrans("一二三四五六七八九", "123456789")


def _article(article: str) -> Words:
    """An article with paragraph and item; items are counted in Chinese numerals in Chinese only."""
    if not article:
        return words("lobby.fee.step")
    plain = article.translate(_ITEM_DIGITS)
    return words("lobby.fee.article", article=Text(zh=article, ko=plain, en=plain))


WAYS = {
    "mediation": Icon.PERSON,
    "arbitration": Icon.COUNTER,
    "ruling": Icon.LIST,
    "notary": Icon.PEN,
    "payment_order": Icon.DOCUMENT,
    "litigation": Icon.SCALES,
}


class OptionsScreen(FramedScreen):
    """Ways of resolving the dispute with cost, time and effect of each; shown, never a gate (S0-11, S0-36)."""

    title_key = "lobby.options.title"
    intro_key = "lobby.options.intro"

    def body(self) -> list[Widget]:
        points = [
            Point(self.ui, icon, title=words(f"lobby.options.{way}"), text=words(f"lobby.options.{way}_text"))
            for way, icon in WAYS.items()
        ]
        return [point_list(self.ui, points, columns=1 if self.ui.panel.portrait else 2)]
