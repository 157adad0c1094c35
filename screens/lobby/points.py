"""Things to know: a drawing, a bold word or two, and a sentence. Nothing on it can be touched, and nothing looks so."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.graphics import Color, InstructionGroup, Line
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from screens.components import Icon, Row, Stack, TextBlock, Words
from screens.components.context import Styled, Ui
from screens.components.icons import draw_icon


class Point(Styled, Widget):
    """One thing to know, with a thin rule below it."""

    natural_height = NumericProperty(0.0)

    def __init__(self, ui: Ui, icon: Icon, *, title: Words = "", text: Words = "", ink: str = "primary") -> None:
        self.ui = ui
        self._icon = icon
        self._ink = ink
        super().__init__(size_hint=(1, None))
        self._marks = InstructionGroup()
        self.canvas.before.add(self._marks)
        self.title = TextBlock(ui, title, bold=True)
        self.text = TextBlock(ui, text)
        self.add_widget(self.title)
        self.add_widget(self.text)
        self.redraw_on(self._arrange, "pos", "size")
        self.restyle_if_stale()

    def restyle(self) -> None:
        self.title.restyle_if_stale()
        self.text.restyle_if_stale()
        self._arrange()

    def settle(self) -> None:
        self._measure()

    def _measure(self) -> tuple[float, float]:
        """Side of the drawing and height of the words at the present width."""
        side = self.ui.font_px() * (1.7 if self.title.text else 1.1)
        self.title.width = self.text.width = max(1.0, self.width - side - self.ui.px(4.0))
        content = self.title.height + self.text.height
        natural = max(content, side) + 2 * self.ui.px(3.6 if self.ui.panel.portrait else 2.2)
        if self.natural_height != natural:
            self.natural_height = self.height = natural
        return side, content

    def _arrange(self) -> None:
        side, content = self._measure()
        left, top = self.x + side + self.ui.px(4.0), self.center_y + content / 2
        self.title.x, self.title.top = left, top
        self.text.x, self.text.top = left, top - self.title.height
        # Beside one line the drawing stands level with it, beside several it hangs from the first.
        lines = self.title.height or self.text.line_height
        y = top - lines / 2 - side / 2 if not self.title.text else self.center_y - side / 2
        self._marks.clear()
        self._marks.add(Color(rgba=getattr(self.ui.palette, self._ink)))
        draw_icon(self._marks, self._icon, self.x, y, side)
        self._marks.add(Color(rgba=self.ui.palette.border))
        self._marks.add(Line(points=[self.x, self.y, self.x + self.width, self.y], width=1.0))


def point_list(ui: Ui, points: Sequence[Widget], *, columns: int = 1) -> Widget:
    """Points one under the other, or in `columns`."""
    if columns == 1:
        return Stack(ui, points, gap_mm=0.0)
    rows = [Row(ui, points[i : i + columns], gap_mm=8.0) for i in range(0, len(points), columns)]
    return Stack(ui, rows, gap_mm=0.0)
