"""Drawings in the middle of a page. The emblem is neutral scales; the state emblem is never used."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup
from kivy.uix.widget import Widget

from screens.components.context import Styled, Ui
from screens.components.icons import Icon, draw_icon


class Drawing(Styled, Widget):
    """An icon `side_mm` high, centred in the width it is given. `ink` names a colour of the Palette."""

    def __init__(self, ui: Ui, icon: Icon, *, side_mm: float, ink: str = "primary") -> None:
        self.ui = ui
        self._icon = icon
        self._side_mm = side_mm
        self._ink = ink
        super().__init__(size_hint=(1, None))
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self.redraw_on(self._draw, "pos", "size")
        self.restyle_if_stale()

    def restyle(self) -> None:
        self.height = self.ui.px(self._side_mm)
        self._draw()

    def _draw(self) -> None:
        self._group.clear()
        self._group.add(Color(rgba=getattr(self.ui.palette, self._ink)))
        draw_icon(self._group, self._icon, self.center_x - self.height / 2, self.y, self.height)


class Emblem(Drawing):
    """The court's place for an emblem of its own."""

    def __init__(self, ui: Ui, *, side_mm: float) -> None:
        super().__init__(ui, Icon.SCALES, side_mm=side_mm)
