"""What the keys mean: a pure state machine from keys to edits of the field. No Kivy, no clock, no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

from kiosk.i18n import Language
from screens.keyboard.kinds import KeyboardKind, Layer, first_layer
from screens.keyboard.layouts import Blank, Command, Do, Key, Rows, Switch, Write, rows


class InputMethod(Protocol):
    """Turns keys into text through a composition (拼音, 笔画, 두벌식)."""

    @property
    def preedit(self) -> str:
        """What is being composed, as shown in the field."""
        ...

    @property
    def candidates(self) -> Sequence[str]:
        """What the composition may become, best first."""
        ...

    def type(self, key: str) -> str:
        """Take a key; returns what it finished."""
        ...

    def choose(self, index: int) -> str:
        """Take candidate `index`; returns what is finished (empty while part of the input is still open)."""
        ...

    def backspace(self) -> bool:
        """Take back one key of the composition; False when there is none."""
        ...

    def flush(self) -> str:
        """End the composition and return its best reading."""
        ...

    def clear(self) -> None:
        """Drop the composition."""
        ...


@dataclass(frozen=True, slots=True)
class Insert:
    """Put `text` at the caret."""

    text: str


@dataclass(frozen=True, slots=True)
class DeleteBack:
    """Delete the character before the caret."""


@dataclass(frozen=True, slots=True)
class DeleteAll:
    """Empty the field."""


@dataclass(frozen=True, slots=True)
class Done:
    """The person is finished with this field."""


Edit = Insert | DeleteBack | DeleteAll | Done


class Typist:
    """The state of one keyboard: layer, shift and open composition."""

    def __init__(self, kind: KeyboardKind, language: Language, methods: Mapping[Layer, InputMethod]) -> None:
        self.kind = kind
        self.layer = first_layer(kind, language)
        self.shift = False
        self._methods = methods
        self._language = language

    @property
    def method(self) -> InputMethod | None:
        """The input method of the present layer."""
        return self._methods.get(self.layer)

    @property
    def preedit(self) -> str:
        """What is being composed."""
        return self.method.preedit if self.method else ""

    @property
    def candidates(self) -> Sequence[str]:
        """What it may become."""
        return self.method.candidates if self.method else ()

    @property
    def rows(self) -> Rows:
        """The keys to show now; a layer whose input method is missing on this machine is not offered."""
        shown = rows(self.layer, self.kind, shift=self.shift)
        return tuple(tuple(key for key in row if self._offered(key)) for row in shown)

    def _offered(self, key: Key) -> bool:
        needs_method = (Layer.PINYIN, Layer.STROKE, Layer.HANGUL)
        return not isinstance(key, Switch) or key.layer not in needs_method or key.layer in self._methods

    def press(self, key: Key) -> list[Edit]:
        """The edits that `key` makes."""
        match key:
            case Write(text):
                return self._write(text)
            case Do(command):
                return self._do(command)
            case Switch(layer):
                done = self._finish()
                self.layer, self.shift = layer, False
                return done
            case Blank():
                return []
            case _:
                assert_never(key)

    def choose(self, index: int) -> list[Edit]:
        """Take candidate `index`."""
        return _insert(self.method.choose(index)) if self.method else []

    def abandon(self) -> None:
        """Drop what is being composed (the field was left for another)."""
        if self.method is not None:
            self.method.clear()

    def _finish(self) -> list[Edit]:
        return _insert(self.method.flush()) if self.method else []

    def _write(self, text: str) -> list[Edit]:
        self_method = self.method
        if self.shift:
            self.shift = False
        if self_method is None:
            return _insert(text)
        return _insert(self_method.type(text))

    def _do(self, command: Command) -> list[Edit]:
        match command:
            case Command.SHIFT:
                self.shift = not self.shift
                return []
            case Command.BACKSPACE:
                if self.method is not None and self.method.backspace():
                    return []
                return [DeleteBack()]
            case Command.SPACE:
                if self.method is not None and self.method.preedit:
                    if self.method.candidates:
                        return _insert(self.method.choose(0))
                    return [*self._finish(), Insert(" ")]
                return [Insert(" ")]
            case Command.ENTER:
                return self._finish() or [Insert("\n")]
            case Command.CLEAR:
                self.abandon()
                return [DeleteAll()]
            case Command.DONE:
                return [*self._finish(), Done()]
            case _:
                assert_never(command)


def _insert(text: str) -> list[Edit]:
    return [Insert(text)] if text else []
