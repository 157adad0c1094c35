"""The grades of a scale: equally large, in one order for everybody, none of them chosen (GB/T 39734-2020 4.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from kiosk.agent.rating_messages import PadGrade
from kiosk.i18n import Text
from screens.components import Button, Words
from screens.components.context import Ui
from screens.components.layout import settle
from screens.touchpad.frame import Fitted

HIGHEST_MM = 30.0
"""A button does not grow beyond this."""


class GradeButtons(Fitted):
    """One button a grade, named "grade.<value>". In two columns where one would not be in sight."""

    def __init__(self, ui: Ui, grades: Sequence[PadGrade], on_choose: Callable[[int], None]) -> None:
        self.ui = ui
        super().__init__(size_hint=(1, None))
        self.buttons = [
            Button(ui, name=f"grade.{grade.value}", text=words_of(grade), on_press=partial(on_choose, grade.value))
            for grade in grades
        ]
        for button in self.buttons:
            self.add_widget(button)
        self._columns, self._cell = 1, (0.0, 0.0)
        self.redraw_on(self._place, "pos", "size")
        self.restyle_if_stale()

    def settle(self) -> None:
        gap = self.ui.px(3.0)
        columns, least = self._shape(gap)
        rows = -(-len(self.buttons) // columns)
        each = (self.room - gap * (rows - 1)) / max(1, rows)
        least = max(least, min(each, self.ui.px(HIGHEST_MM)))
        self._columns, self._cell = columns, ((self.width - gap * (columns - 1)) / columns, least)
        self.height = max(0.0, rows * (least + gap) - gap)
        self._place()

    def _shape(self, gap: float) -> tuple[int, float]:
        """Columns and least height of a button: one column where all are in sight so, else two if no word has to be
        broken for it."""
        single = self._least(self.width)
        if len(self.buttons) * (single + gap) - gap <= self.room + 1:
            return 1, single
        half = (self.width - gap) / 2
        if all(button.lines_at(half) == 1 for button in self.buttons):
            return 2, self._least(half)
        return 1, single

    def restyle(self) -> None:
        for button in self.buttons:
            button.restyle_if_stale()
        self.settle()

    def _least(self, width: float) -> float:
        for button in self.buttons:
            button.width = width
            settle(button)
        return max((float(button.natural_height) for button in self.buttons), default=0.0)

    def _place(self) -> None:
        gap = self.ui.px(3.0)
        width, height = self._cell
        for number, button in enumerate(self.buttons):
            row, column = divmod(number, self._columns)
            button.size = (width, height)
            button.x = self.x + column * (width + gap)
            button.top = self.top - row * (height + gap)


def words_of(named: PadGrade) -> Words:
    """A grade's name in three languages."""
    return Text(zh=named.names.zh, ko=named.names.ko, en=named.names.en)
