"""What is shown while something takes longer than a second (rule 18)."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.graphics import Color, InstructionGroup, Line, Rectangle
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from screens.components.context import Styled, Ui, Words, words
from screens.components.layout import Stack
from screens.components.text_block import TextBlock

_STEP_S = 0.15
_STEP_DEGREES = 24.0


class _Ring(Styled, Widget):
    """A turning arc. It turns only while it is on the screen, and slowly: a software renderer draws every frame."""

    def __init__(self, ui: Ui, side_mm: float) -> None:
        self.ui = ui
        self._side_mm = side_mm
        self._angle = 0.0
        super().__init__(size_hint=(1, None))
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self._turn = Clock.create_trigger(self._step, _STEP_S)
        self.redraw_on(self._draw, "pos", "size")
        self.restyle_if_stale()

    def on_parent(self, widget: Widget, parent: Widget | None) -> None:
        super().on_parent(widget, parent)
        if parent is not None:
            self._turn()

    def _step(self, _elapsed: float) -> None:
        if self.get_root_window() is None:
            self._turn.cancel()
            return
        self._angle = (self._angle + _STEP_DEGREES) % 360
        self._draw()
        self._turn()

    def restyle(self) -> None:
        self.height = self.ui.px(self._side_mm)
        self._draw()

    def _draw(self) -> None:
        radius = self.height * 0.4
        centre = (self.x + self.width / 2, self.y + self.height / 2)
        width = self.ui.px(1.0)
        self._group.clear()
        self._group.add(Color(rgba=self.ui.palette.border))
        self._group.add(Line(circle=(*centre, radius), width=1.0))
        self._group.add(Color(rgba=self.ui.palette.primary))
        self._group.add(Line(circle=(*centre, radius, self._angle, self._angle + 90), width=width, cap="round"))


class Spinner(Stack):
    """A turning ring with words below it, for waits of unknown length."""

    def __init__(self, ui: Ui, text: Words | None = None, *, side_mm: float = 26.0) -> None:
        self.label = TextBlock(ui, text if text is not None else words("toolkit.wait.spoken"), halign="center")
        super().__init__(ui, (_Ring(ui, side_mm), self.label), gap_mm=4.0)


class ProgressBar(Styled, Widget):
    """How much is done, from 0 to 1. Beyond a second of waiting with a known end."""

    value = NumericProperty(0.0)

    def __init__(self, ui: Ui, *, value: float = 0.0) -> None:
        self.ui = ui
        super().__init__(size_hint=(1, None))
        self.value = value
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self.redraw_on(self._draw, "pos", "size", "value")
        self.restyle_if_stale()

    def restyle(self) -> None:
        self.height = self.ui.px(5.0)
        self._draw()

    def _draw(self) -> None:
        colours = self.ui.palette
        done = min(max(self.value, 0.0), 1.0) * self.width
        self._group.clear()
        self._group.add(Color(rgba=colours.surface))
        self._group.add(Rectangle(pos=self.pos, size=self.size))
        self._group.add(Color(rgba=colours.primary))
        self._group.add(Rectangle(pos=self.pos, size=(done, self.height)))
        self._group.add(Color(rgba=colours.border))
        self._group.add(Line(rectangle=(self.x + 1, self.y + 1, self.width - 2, self.height - 2), width=1.0))
