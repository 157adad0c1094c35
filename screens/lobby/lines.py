"""One line of a list of things that were entered, set apart from the next by a thin frame."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup, Line, RoundedRectangle
from kivy.uix.widget import Widget

from screens.components import Stack
from screens.components.context import Ui


class ListLine(Stack):
    """`content` in a frame."""

    def __init__(self, ui: Ui, content: Widget) -> None:
        self._frame = InstructionGroup()
        super().__init__(ui, (content,), pad_mm=3.5)
        self.canvas.before.add(self._frame)
        self.redraw_on(self._draw, "pos", "size")

    def restyle(self) -> None:
        super().restyle()
        self._draw()

    def _draw(self) -> None:
        colours, thick, radius = self.ui.palette, self.ui.px(0.3), self.ui.px(1.6)
        half = thick / 2
        box = (self.x + half, self.y + half, self.width - thick, self.height - thick, radius)
        self._frame.clear()
        self._frame.add(Color(rgba=colours.surface))
        self._frame.add(RoundedRectangle(pos=self.pos, size=self.size, radius=[radius]))
        self._frame.add(Color(rgba=colours.border))
        self._frame.add(Line(rounded_rectangle=box, width=thick / 2))
