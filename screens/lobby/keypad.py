"""Keys for a code of digits, in sight at once: whoever is to key in six digits need not find a field and a keyboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from kivy.uix.widget import Widget

from screens.components import Button, Icon, Row, Stack, TextBlock, TextRole, Words, words
from screens.components.context import Ui

_ROWS = ("123", "456", "789")
_KEY_MM = {True: 24.0, False: 17.0}
"""By whether the screen stands upright, where there is more room."""

_OPEN = "＿"


class Keypad:
    """`widget` shows what was keyed in and the keys, named "keypad.<digit>", "keypad.clear" and "keypad.back".
    `on_change` is called with the digits after every touch."""

    def __init__(self, ui: Ui, *, digits: int, spoken: Words, on_change: Callable[[str], None]) -> None:
        self._ui = ui
        self._digits = digits
        self._on_change = on_change
        self.value = ""
        self._shown = TextBlock(ui, self._places(), role=TextRole.NUMBER, bold=True, halign="center")
        self._spoken = spoken
        clear = self._key("clear", words("lobby.keypad.clear"), self.clear)
        back = self._key("back", words("lobby.keypad.back"), self._take_back, icon=Icon.BACKSPACE)
        rows: list[Widget] = [
            Row(ui, [self._key(digit, digit, partial(self._add, digit)) for digit in row], gap_mm=4.0) for row in _ROWS
        ]
        rows.append(Row(ui, [clear, self._key("0", "0", partial(self._add, "0")), back], gap_mm=4.0))
        self.widget: Widget = Stack(ui, (self._shown, *rows), gap_mm=4.0)

    def _key(self, name: str, text: Words, on_press: Callable[[], None], *, icon: Icon | None = None) -> Button:
        return Button(
            self._ui,
            name=f"keypad.{name}",
            text=text if icon is None else "",
            icon=icon,
            icon_above=icon is not None,
            role=TextRole.TITLE if len(name) == 1 else TextRole.BODY,
            spoken=text,
            min_height_mm=_KEY_MM[self._ui.panel.portrait],
            on_press=on_press,
        )

    def clear(self) -> None:
        """Begin anew."""
        self._set("")

    def _add(self, digit: str) -> None:
        if len(self.value) < self._digits:
            self._set(self.value + digit)

    def _take_back(self) -> None:
        self._set(self.value[:-1])

    def _set(self, value: str) -> None:
        self.value = value
        self._shown.text = self._places()
        self._on_change(value)

    def _places(self) -> str:
        return " ".join(self.value.ljust(self._digits, _OPEN))
