"""A neutral drawn emblem; the court's own may be put in its place by its configuration, the state emblem never is."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup
from kivy.uix.widget import Widget

from screens.components.context import Styled, Ui
from screens.components.icons import Icon, draw_icon


class Emblem(Styled, Widget):
    """Scales in the theme's colour, `side_mm` high, centred in the width it is given."""

    def __init__(self, ui: Ui, *, side_mm: float) -> None:
        self.ui = ui
        self._side_mm = side_mm
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
        self._group.add(Color(rgba=self.ui.palette.primary))
        draw_icon(self._group, Icon.SCALES, self.center_x - self.height / 2, self.y, self.height)
