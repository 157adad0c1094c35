"""The frame of the touchpad's pages, for panels from 7 inches on: what is asked beside what can be answered.

Where both do not fit side by side (large letters, an upright screen) they stand one under the other and scroll; what
ends the page and the settings always stay in sight.
"""

from __future__ import annotations

from collections.abc import Sequence

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.uix.widget import Widget

from kiosk.i18n import Language, Text
from screens.components import Row, ScrollArea, Stack, TextBlock, TextRole, Words
from screens.components.context import Styled, Ui, in_language
from screens.components.service_bar import settings_icons
from screens.theme import TextSize

ROOMY_MM = 110.0
"""Panels lower than this have smaller headings and margins."""

GAP_MM = 4.0

SIDE_SHARE = 0.43
"""The part of the width that belongs to the question."""


def roomy(ui: Ui) -> bool:
    """Whether the panel is one of ten inches or more."""
    return ui.panel.mm(min(ui.panel.height, ui.panel.width)) >= ROOMY_MM


TWO_COLUMNS_MM = 72.0
"""A column of answers that is narrower breaks every one of them, in letters of the ordinary size."""


def answer_columns(ui: Ui) -> int:
    """How many columns of answers in words the panel has room for, in the letters chosen."""
    scale = ui.font_px() / ui.panel.font_px(TextSize.NORMAL, TextRole.BODY)
    return 2 if ui.panel.mm(ui.panel.width) / 2 >= TWO_COLUMNS_MM * scale else 1


class Fitted(Styled, Widget):
    """A part of a page that arranges itself for the height there is: `room` in pixels, set before its width."""

    room = 0.0


class PadFrame(Styled, Widget):
    """One page: `title` and `text`, the `body` with the answers, `actions` that end the page, and the settings.
    Without `beside` the answers get the whole width. With large letters `place` and `text` give way unless the page
    keeps them (`keep_text`); on a page that `must_say` them its body does, a mere drawing."""

    def __init__(
        self,
        ui: Ui,
        *,
        name: str,
        title: Words,
        body: Widget,
        text: Words = "",
        place: Words = "",
        actions: Sequence[Widget] = (),
        spoken: Sequence[Words] = (),
        beside: bool = True,
        keep_text: bool = False,
        must_say: bool = False,
    ) -> None:
        self.ui = ui
        self.name = name
        self._spoken = (title, text, *spoken)
        self._pad_mm = 6.0 if roomy(ui) else 4.0
        super().__init__(size_hint=(1, 1))
        self._ground = InstructionGroup()
        self.canvas.before.add(self._ground)
        self.place = TextBlock(ui, place, ink="hint")
        self.title = TextBlock(ui, title, role=TextRole.TITLE if roomy(ui) else TextRole.BODY, bold=True)
        self.text = TextBlock(ui, text)
        self._must_say = must_say
        self._said = ((place, text),) if must_say or keep_text else ((place, text), (place, ""), ("", ""))
        self.body = body
        self._asked = Stack(ui, (self.place, self.title, self.text), gap_mm=3.0)
        self._content = Stack(ui, (), gap_mm=GAP_MM)
        self.scroll = ScrollArea(ui, self._content, name=f"{name}.scroll")
        self._actions = Stack(ui, actions, gap_mm=2.6)
        self._settings = Row(ui, (*settings_icons(ui), Widget(size_hint=(1, None), height=0)), gap_mm=2.6)
        self._may_stand_beside = beside and not ui.panel.portrait
        self._beside: bool | None = None
        self._measured: object = None
        for part in (self.scroll, self._actions, self._settings):
            self.add_widget(part)
        self.redraw_on(self._arrange, "pos", "size")
        for part in (self._asked, self._actions, self._content):
            self.redraw_on(self._arrange, "height", of=part)
        self.restyle_if_stale()

    def spoken_heading(self) -> Words:
        """What is said when the page opens: everything that is asked and can be answered."""

        def said(language: Language) -> str:
            return "\n".join(filter(None, (in_language(part, language) for part in self._spoken)))

        return Text(zh=said(Language.ZH), ko=said(Language.KO), en=said(Language.EN))

    def restyle(self) -> None:
        self._arrange()

    # -- layout

    @property
    def _margin(self) -> float:
        return self.ui.px(self._pad_mm)

    @property
    def _gap(self) -> float:
        return self.ui.px(GAP_MM)

    def _arrange(self) -> None:
        if self.width <= 1 or self.height <= 1:
            return
        self._ground.clear()
        # Decided once for a size and a look: measuring changes heights, and would call for arranging again without end.
        measured = (*self.size, self.ui.look)
        anew = measured != self._measured
        if anew:
            self._measured = measured
            self._hold(beside=self._may_stand_beside and any(self._fits_beside(*said) for said in self._said))
        if self._beside:
            self._arrange_beside()
        else:
            self._arrange_under(anew=anew)

    def _columns(self) -> tuple[float, float]:
        """Widths of question and answers side by side."""
        inner = self.width - 3 * self._margin
        return inner * SIDE_SHARE, inner * (1 - SIDE_SHARE)

    def _fits_beside(self, place: Words, text: Words) -> bool:
        """Whether question and answers have room side by side: the question whole, and every grade in sight."""
        self.place.text, self.text.text = place, text
        left, right = self._columns()
        height = self.height - 2 * self._margin
        for part in (self._asked, self._actions, self._settings):
            self._settle(part, left)
        needed = self._asked.height + self._actions.height + self._settings.height + 2 * self._gap
        if isinstance(self.body, Fitted):
            self.body.room = height
            self._settle(self.body, right)
            return bool(max(needed, self.body.height) <= height + 1)
        return bool(needed <= height + 1)

    def _arrange_beside(self) -> None:
        """Question left, answers right."""
        margin, (left, right) = self._margin, self._columns()
        height = self.height - 2 * margin
        for part in (self._asked, self._actions, self._settings):
            self._settle(part, left)
        self._ground.add(Color(rgba=self.ui.palette.notice))
        self._ground.add(Rectangle(pos=self.pos, size=(left + 1.5 * margin, self.height)))
        x = self.x + margin
        self._asked.x, self._asked.top = x, self.top - margin
        self._settings.x, self._settings.y = x, self.y + margin
        self._actions.x, self._actions.y = x, self._settings.top + self._gap
        # A short answer stands in the middle; one that scrolls fills the height.
        shown = min(height, self._content.height)
        self.scroll.pos = (x + left + margin, self.y + margin + (height - shown) / 2)
        self.scroll.size = (right, shown)

    def _arrange_under(self, *, anew: bool) -> None:
        """Everything in one column that scrolls, what ends the page and the settings below it."""
        gap, margin = self._gap, self._margin
        width = self.width - 2 * margin
        icons = sum(child.width + self.ui.px(2.6) for child in self._settings.children if child.size_hint_x is None)
        together = width - icons - gap >= self.ui.px(60.0)
        self._settle(self._settings, icons if together else width)
        self._settle(self._actions, width - icons - gap if together else width)
        x, bottom = self.x + margin, self.y + margin
        self._settings.x, self._settings.y = x, bottom
        if together:
            self._actions.right, self._actions.y = x + width, bottom
            bottom += max(self._settings.height, self._actions.height)
        else:
            self._actions.x, self._actions.y = x, self._settings.top + gap
            bottom = self._actions.top if self._actions.height else self._settings.top
        bottom += gap
        self.scroll.pos = (x, bottom)
        self.scroll.size = (width, max(self.ui.target, self.top - margin - bottom))
        if anew:
            self._fill()

    def _fill(self) -> None:
        """Let the answers have what the question leaves of the height; a mere drawing is there only if it fits."""
        width, height = self.scroll.size
        self._settle(self._asked, width)
        rest = height - self._asked.height - self._gap
        if isinstance(self.body, Fitted):
            self.body.room = rest
        elif self._must_say:
            self._settle(self.body, width)
            if self.body.parent is not None:
                self._content.remove_widget(self.body)
            if self.body.height <= rest:
                self._content.add_widget(self.body)
        # Measured without page buttons: with them it would be higher, and they would stay for themselves.
        self._settle(self._content, width)
        self.scroll.restyle()

    def _hold(self, *, beside: bool) -> None:
        """Put the question beside what scrolls, or into it."""
        if isinstance(self.body, Fitted) and beside:
            self.body.room = self.height - 2 * self._margin
        if beside is self._beside:
            return
        self._beside = beside
        for part in (self._asked, self.body):
            if part.parent is not None:
                part.parent.remove_widget(part)
        if beside:
            self.add_widget(self._asked)
            self._content.add_widget(self.body)
        else:
            self._content.add_widget(self._asked)
            if not self._must_say:
                self._content.add_widget(self.body)

    @staticmethod
    def _settle(part: Widget, width: float) -> None:
        part.width = width
        if isinstance(part, Styled):
            part.restyle_if_stale()
            part.settle()
