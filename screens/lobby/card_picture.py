"""A drawing of where the identity card goes: the reader's plate with its waves, and a card coming down onto it."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup, Line, RoundedRectangle
from kivy.uix.widget import Widget

from kiosk.i18n import Language
from screens.components import Icon, Words
from screens.components.context import Styled, Ui, in_language
from screens.components.icons import draw_icon

_CARD_RATIO = 85.6 / 54.0  # ISO/IEC 7810 ID-1


class CardPicture(Styled, Widget):
    """`height_mm` high, centred. `accessible_text` says the same in words."""

    def __init__(self, ui: Ui, *, spoken: Words, height_mm: float) -> None:
        self.ui = ui
        self.spoken = spoken
        self._height_mm = height_mm
        super().__init__(size_hint=(1, None))
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self.redraw_on(self._draw, "pos", "size")
        self.restyle_if_stale()

    def accessible_text(self, language: Language) -> str:
        """What the picture shows."""
        return in_language(self.spoken, language)

    def restyle(self) -> None:
        self.height = self.ui.px(self._height_mm)
        self._draw()

    def _draw(self) -> None:
        self._group.clear()
        unit = self.height
        self._plate(self.center_x, self.y, unit)
        self._card(self.center_x, self.y + unit * 0.56, unit * 0.42)
        self._group.add(Color(rgba=self.ui.palette.focus))
        side = unit * 0.2
        draw_icon(self._group, Icon.DOWN, self.center_x - side / 2, self.y + unit * 0.345, side)

    def _plate(self, x: float, y: float, unit: float) -> None:
        colours, pen = self.ui.palette, self.ui.px(0.7)
        width, height = unit * 1.05, unit * 0.34
        box = (x - width / 2, y, width, height)
        self._group.add(Color(rgba=colours.selected))
        self._group.add(RoundedRectangle(pos=box[:2], size=box[2:], radius=[unit * 0.05]))
        self._group.add(Color(rgba=colours.primary))
        self._group.add(Line(rounded_rectangle=(*box, unit * 0.05), width=pen))
        for step in (1, 2, 3):
            radius = unit * 0.06 * step
            self._group.add(Line(circle=(x, y + height * 0.24, radius, -60, 60), width=pen, cap="round"))

    def _card(self, x: float, y: float, height: float) -> None:
        colours, pen = self.ui.palette, self.ui.px(0.7)
        width = height * _CARD_RATIO
        left = x - width / 2
        self._group.add(Color(rgba=colours.surface))
        self._group.add(RoundedRectangle(pos=(left, y), size=(width, height), radius=[height * 0.08]))
        self._group.add(Color(rgba=colours.text))
        self._group.add(Line(rounded_rectangle=(left, y, width, height, height * 0.08), width=pen))
        side = height * 0.5
        draw_icon(self._group, Icon.PERSON, left + width * 0.68, y + height * 0.3, side)
        for number, length in enumerate((0.5, 0.38, 0.5, 0.3)):
            line = y + height * (0.8 - 0.16 * number)
            self._group.add(Line(points=[left + width * 0.1, line, left + width * (0.1 + length), line], width=pen))
