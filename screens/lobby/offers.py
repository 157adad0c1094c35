"""What was read on a person's papers, beside the field that it could fill: the words, their picture, and two buttons.

Nothing is filled in before the person touches "use this", and nothing waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce

from kivy.uix.widget import Widget

from kiosk.flow.journey import Journey
from kiosk.flow.offers.model import Offer
from kiosk.flow.offers.touches import LeaveReading
from kiosk.flow.page_events import ScanFirst
from kiosk.forms.answers import Value
from kiosk.forms.entry import format_value
from kiosk.forms.evaluate import PageView, QuestionView
from kiosk.forms.findings import Finding
from kiosk.forms.model import Question
from kiosk.i18n import Language, Text
from kiosk.ocr.geometry import Box, box_of
from kiosk.ocr.words import field_words, paper_words
from kiosk.session.pages import kept_cutting
from screens.components import (
    Button,
    Icon,
    ImageView,
    Notice,
    NoticeKind,
    Row,
    Stack,
    TextBlock,
    TextRole,
    Ui,
    Words,
    words,
)
from screens.focus import focus_order
from screens.lobby.fields import AnswerField
from screens.lobby.lines import ListLine
from screens.lobby.screen import ScreenContext
from screens.theme import TextSize

OffersAt = Callable[[QuestionView], tuple[Offer, ...]]
Take = Callable[[Offer], None]

_LINE_MM, _LINES_MM = 16.0, 30.0
"""Height of the picture of one line, and of several."""

_COMPARED = 0.7
"""How much smaller pictures may be so that two can be seen side by side."""

_SIDEBAR_MM, _AROUND_MM = 85.0, 25.0
"""What a wide screen's sidebar and the frames around a picture take."""


class OfferedField(AnswerField):
    """A field with what is offered for it below; without an offer it is the field alone."""

    def __init__(
        self, context: ScreenContext, view: QuestionView, field: AnswerField, offers_at: OffersAt, take: Take
    ) -> None:
        self._context = context
        self._view = view
        self._field = field
        self._offers_at = offers_at
        self._take = take
        self._offers: tuple[Offer, ...] = ()
        self._below = Stack(context.ui, (), gap_mm=3.0)
        self.widget, self.anchor = Stack(context.ui, (field.widget, self._below), gap_mm=3.0), field.anchor
        self._show(offers_at(view))

    def show_finding(self, finding: Finding | None) -> None:
        self._field.show_finding(finding)

    def focus(self) -> None:
        self._field.focus()

    def follow(self, view: QuestionView, page: PageView) -> None:
        self._field.follow(view, page)
        self._view = view
        offers = self._offers_at(view)
        if offers != self._offers:
            self._show(offers)

    @property
    def count(self) -> int:
        """How many offers are shown."""
        return len(self._offers)

    def leave(self) -> None:
        """Let go of the pictures."""
        let_go_of_pictures(self._below)

    def _show(self, offers: tuple[Offer, ...]) -> None:
        ui = self._context.ui
        self.leave()
        had_focus = within(ui.focused, self._below)
        if had_focus:
            ui.focus_on(None)
        self._offers = offers
        self._below.clear_widgets()
        cards = [self._card(number, offer, alone=len(offers) == 1) for number, offer in enumerate(offers)]
        if len(cards) > 1:
            self._below.add_widget(Notice(ui, words("lobby.offer.several"), framed=False))
        for row in self._rows(cards):
            self._below.add_widget(row)
        if had_focus:
            # Whoever goes by keys stays here: at the next offer, or at the field.
            ui.focus_on(next(iter(focus_order(self._below)), None))
            if not cards:
                self.focus()

    def _rows(self, cards: list[Widget]) -> list[Widget]:
        """Two in a row, so that they can be compared; one under the other where their pictures need the room."""
        ui = self._context.ui
        if len(cards) < 2 or not _in_halves(ui, self._offers):
            return cards
        return [Row(ui, cards[i : i + 2], align="top") if cards[i + 1 :] else cards[i] for i in range(0, len(cards), 2)]

    def _card(self, number: int, offer: Offer, *, alone: bool) -> Widget:
        ui, name = self._context.ui, f"{offer.path}.offer.{number}"
        value, label = shown(self._view.question, offer.value), self._view.question.label
        about = words(
            "lobby.offer.found", paper=paper_words(offer.paper), field=field_words(offer.paper, offer.reading)
        )
        buttons = (
            Button(
                ui,
                name=f"{name}.use",
                text=words("lobby.offer.use"),
                spoken=words("lobby.offer.use_spoken", label=label, value=value),
                on_press=partial(self._take, offer),
            ),
            Button(
                ui,
                name=f"{name}.leave",
                text=words("lobby.offer.leave"),
                spoken=words("lobby.offer.leave_spoken", label=label, value=value),
                on_press=self._context.send(LeaveReading(offer.slot, offer.path, offer.value)),
            ),
        )
        said = Stack(
            ui, (TextBlock(ui, about, ink="hint"), TextBlock(ui, value, role=TextRole.TITLE, bold=True)), gap_mm=1.0
        )
        picture = picture_of(self._context, offer, value)
        parts: list[Widget] = (
            [Row(ui, (said, *picture), align="center")] if alone and _in_halves(ui, [offer]) else [said, *picture]
        )
        if offer.doubtful:
            parts.append(Notice(ui, words("lobby.offer.doubtful"), kind=NoticeKind.WARNING, framed=False))
        parts.append(Row(ui, buttons))
        return ListLine(ui, Stack(ui, parts, gap_mm=2.0))


def scan_first(context: ScreenContext, journey: Journey) -> Button:
    """The way to camera and scanner from where a paper may spare typing, and back."""
    scanned = any(line.pages for line in journey.require_draft().evidence)
    return Button(
        context.ui,
        name="scan_first",
        text=words("lobby.offer.scan_more" if scanned else "lobby.offer.scan_first"),
        hint=words("lobby.offer.scan_first_hint"),
        icon=Icon.CAMERA,
        leading=True,
        on_press=context.send(ScanFirst()),
    )


def let_go_of_pictures(widget: Widget) -> None:
    """Nothing of a person's papers stays in the pictures in `widget`."""
    for one in widget.walk(restrict=True):
        if isinstance(one, ImageView):
            one.show(b"")


def within(focused: Widget | None, widget: Widget) -> bool:
    """Whether the focus is inside `widget`."""
    return focused is not None and any(one is focused for one in widget.walk(restrict=True))


def shown(question: Question, value: Value) -> Text:
    """A value as the form shows it."""
    return Text(*(format_value(question, value, language) for language in Language))


def picture_of(context: ScreenContext, offer: Offer, value: Words) -> list[Widget]:
    """Where it stands on the paper; nothing where no picture of that was made."""
    picture = kept_cutting(context.session.scratch, offer.page, offer.number)
    if not picture:
        return []
    spoken = words("lobby.offer.cutting", value=value)
    return [ImageView(context.ui, picture, spoken=spoken, height_mm=_size_mm(context.ui, offer)[1])]


def _size_mm(ui: Ui, offer: Offer) -> tuple[float, float]:
    """Width and height that the picture of an offer needs. Whoever needs large letters needs them in it too."""
    boxes = [box_of(quad) for quad in offer.reading.quads]
    around = reduce(Box.around, boxes, boxes[0])
    line = min(box.height for box in boxes)
    several = around.height > 2 * line
    height = (_LINES_MM if several else _LINE_MM) * ui.look.size.value / TextSize.NORMAL.value
    return height * (around.width + 4 * line) / (around.height + line), height


def _in_halves(ui: Ui, offers: Sequence[Offer]) -> bool:
    """Whether the pictures of offers are still large enough in half the width of the page."""
    width = ui.panel.mm(ui.panel.width) - (0.0 if ui.panel.portrait else _SIDEBAR_MM)
    if ui.panel.portrait and ui.look.size is TextSize.LARGEST:
        return False
    smaller = 1.0 if len(offers) == 1 else _COMPARED
    return all(smaller * _size_mm(ui, offer)[0] <= width / 2 - _AROUND_MM for offer in offers if offer.reading.quads)
