"""The text of a field and its caret, without drawing: inserting, deleting, and where the caret stands in the lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from screens.components.fonts import text_width
from screens.components.line_breaking import break_paragraph


@dataclass(slots=True)
class Editor:
    """`text` with a `caret` (an index between characters) and a `preedit` shown at the caret but not yet part of it."""

    text: str = ""
    caret: int = 0
    preedit: str = ""
    max_length: int | None = None

    def insert(self, typed: str) -> bool:
        """Put `typed` at the caret as far as `max_length` allows; False when something was cut off."""
        room = len(typed) if self.max_length is None else max(0, self.max_length - len(self.text))
        fitting = typed[:room]
        self.text = self.text[: self.caret] + fitting + self.text[self.caret :]
        self.caret += len(fitting)
        return len(fitting) == len(typed)

    def delete_back(self) -> None:
        """Delete the character before the caret."""
        if self.caret:
            self.text = self.text[: self.caret - 1] + self.text[self.caret :]
            self.caret -= 1

    def replace(self, text: str) -> None:
        """Put `text` in place of everything, caret at the end."""
        self.text, self.caret, self.preedit = text, len(text), ""

    @property
    def shown(self) -> str:
        """Text with the preedit at the caret."""
        return self.text[: self.caret] + self.preedit + self.text[self.caret :]


@lru_cache(maxsize=512)
def _broken(paragraph: str, width: float, font_px: int) -> tuple[str, ...]:
    return tuple(break_paragraph(paragraph, width, lambda part: text_width(part, font_px)))


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn line and the index of its first character in the shown text."""

    text: str
    start: int


def lines_of(shown: str, width: float, font_px: int) -> list[Line]:
    """`shown` broken at `width`; only paragraphs that changed are measured again."""
    lines: list[Line] = []
    start = 0
    for paragraph in shown.split("\n"):
        for part in _broken(paragraph, width, font_px):
            lines.append(Line(part, start))
            start += len(part)
        start += 1
    return lines


def line_of(lines: list[Line], index: int) -> int:
    """The number of the line on which character position `index` stands."""
    number = 0
    for i, line in enumerate(lines):
        if line.start <= index:
            number = i
        else:
            break
    return number


def index_at(line: Line, x: float, font_px: int) -> int:
    """The character position in the shown text nearest to `x` pixels from the start of `line`."""
    used = 0.0
    for i, char in enumerate(line.text):
        advance = text_width(char, font_px)
        if x < used + advance / 2:
            return line.start + i
        used += advance
    return line.start + len(line.text)
