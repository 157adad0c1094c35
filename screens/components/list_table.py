"""Question and answer, row by row, for the review page; each row can lead back to where it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kivy.graphics import Color, InstructionGroup, Line
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from kiosk.i18n import Text
from screens.components.button import Button
from screens.components.context import Action, Styled, Ui, Words, words
from screens.components.layout import Stack
from screens.components.text_block import TextBlock


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line: `name` identifies it, `on_change` (if any) leads to where the value can be changed."""

    name: str
    label: Words
    value: Words
    on_change: Action | None = None


class _TableLine(Styled, Widget):
    """Label and value side by side when there is room, else one under the other; the button at the right."""

    natural_height = NumericProperty(0.0)

    def __init__(self, ui: Ui, row: TableRow, *, name: str) -> None:
        self.ui = ui
        self.row = row
        super().__init__(size_hint=(1, None))
        self._rule = InstructionGroup()
        self.canvas.before.add(self._rule)
        self.label = TextBlock(ui, row.label, ink="hint")
        self.value = TextBlock(ui, row.value or words("toolkit.table.not_given"), bold=True)
        self.button: Button | None = None
        self.add_widget(self.label)
        self.add_widget(self.value)
        if row.on_change is not None:
            self.button = Button(
                ui,
                name=f"{name}.change",
                text=words("toolkit.table.change"),
                spoken=_change_words(row.label),
                on_press=row.on_change,
                fit=True,
            )
            self.add_widget(self.button)
            self.redraw_on(self._arrange, "size", of=self.button)
        self.redraw_on(self._arrange, "pos", "size")
        self.restyle_if_stale()

    def restyle(self) -> None:
        for part in (self.label, self.value, self.button):
            if part is not None:
                part.restyle_if_stale()
        self._arrange()

    def settle(self) -> None:
        self._measure()

    def _measure(self) -> tuple[bool, float, float]:
        """Whether value stands beside label, the width of the label, and the height of the words."""
        gap, pad = self.ui.px(4.0), self.ui.px(2.0)
        room = self.width - (self.button.width + gap if self.button is not None else 0.0)
        beside = room > self.ui.font_px() * 20
        label_width = room * 0.34 if beside else room
        value_width = room - label_width - gap if beside else room
        self.label.width, self.value.width = max(1.0, label_width), max(1.0, value_width)
        texts = max(self.label.height, self.value.height) if beside else self.label.height + self.value.height
        height = max(texts, self.button.height if self.button is not None else 0.0) + 2 * pad
        if self.height != height:
            self.natural_height = self.height = height
        return beside, label_width, texts

    def _arrange(self) -> None:
        beside, label_width, texts = self._measure()
        gap, height = self.ui.px(4.0), self.height
        top = self.y + height / 2 + texts / 2
        self.label.x, self.label.top = self.x, top
        self.value.x = self.x + label_width + gap if beside else self.x
        self.value.top = top if beside else top - self.label.height
        if self.button is not None:
            self.button.right, self.button.center_y = self.x + self.width, self.y + height / 2
        self._rule.clear()
        self._rule.add(Color(rgba=self.ui.palette.border))
        self._rule.add(Line(points=[self.x, self.y, self.x + self.width, self.y], width=1.0))


def _change_words(label: Words) -> Words:
    said = label if isinstance(label, Text) else Text(label, label, label)
    change = words("toolkit.table.change")
    return Text(zh=f"{change.zh}：{said.zh}", ko=f"{change.ko}: {said.ko}", en=f"{change.en}: {said.en}")


class ListTable(Stack):
    """Rows of label and value with thin rules between them."""

    def __init__(self, ui: Ui, rows: Sequence[TableRow], *, name: str = "table") -> None:
        self.name = name
        self.lines = [_TableLine(ui, row, name=f"{name}.{row.name}") for row in rows]
        super().__init__(ui, self.lines, gap_mm=2.6)
