"""What a slip is built of. A block lays itself out for a width and becomes marks at exact dots.

Nothing is framed at the sides: a line at the right edge would make every row of dots full width, and a slip three
times as long to send.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from PIL import Image

from kiosk.receipts.fonts import Style, drawable, text_width
from kiosk.receipts.linebreak import balance_lines, break_lines


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One line of text; `y` is the top of its line, `white` for white on black."""

    x: int
    y: int
    text: str
    style: Style
    white: bool = False


@dataclass(frozen=True, slots=True)
class Ink:
    """A black rectangle."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A 1-bit image at a place."""

    x: int
    y: int
    image: Image.Image


Mark = Glyphs | Ink | Picture


@dataclass(frozen=True, slots=True)
class Laid:
    """A block laid out: its height and its marks, from its own top left corner."""

    height: int
    marks: tuple[Mark, ...] = ()

    def moved(self, x: int, y: int) -> tuple[Mark, ...]:
        """The marks, shifted."""
        return tuple(replace(mark, x=mark.x + x, y=mark.y + y) for mark in self.marks)


class Block(Protocol):
    """Anything that can be laid out for a width in dots."""

    def lay(self, width: int) -> Laid:
        """Lay out for `width`."""
        ...


def stack(blocks: Iterable[Block], width: int) -> Laid:
    """Blocks one below the other."""
    y = 0
    marks: list[Mark] = []
    for block in blocks:
        laid = block.lay(width)
        marks += laid.moved(0, y)
        y += laid.height
    return Laid(y, tuple(marks))


class Align(StrEnum):
    """Where a line stands in its column."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


def _measure(style: Style) -> Callable[[str], float]:
    return lambda text: text_width(text, style)


@dataclass(frozen=True, slots=True)
class Gap:
    """Blank paper."""

    dots: int

    def lay(self, width: int) -> Laid:
        del width
        return Laid(self.dots)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across; `dashed` for a lighter one."""

    thickness: int = 2
    dashed: bool = False

    def lay(self, width: int) -> Laid:
        if not self.dashed:
            return Laid(self.thickness, (Ink(0, 0, width, self.thickness),))
        return Laid(self.thickness, tuple(Ink(x, 0, min(6, width - x), self.thickness) for x in range(0, width, 12)))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text broken into lines; `indent` dots are left free, `marker` stands in the first line's indent."""

    text: str
    style: Style
    align: Align = Align.LEFT
    indent: int = 0
    marker: str = ""

    def lay(self, width: int) -> Laid:
        column = width - self.indent
        marks: list[Mark] = []
        breaking = balance_lines if self.align is Align.CENTRE else break_lines
        lines = breaking(drawable(self.text), column, _measure(self.style))
        for number, line in enumerate(lines):
            slack = column - text_width(line, self.style)
            shift = {Align.LEFT: 0.0, Align.CENTRE: slack / 2, Align.RIGHT: slack}[self.align]
            marks.append(Glyphs(self.indent + int(shift), number * self.style.leading, line, self.style))
        if self.marker:
            marks.append(Glyphs(0, 0, self.marker, self.style))
        return Laid(len(lines) * self.style.leading, tuple(marks))


@dataclass(frozen=True, slots=True)
class Fitted:
    """One short text as large as the width allows, from `largest` down to `smallest` dots; below that it is cut at
    its hyphens into two lines. For receipt numbers."""

    text: str
    style: Style
    smallest: int

    def lay(self, width: int) -> Laid:
        for lines in self._cuts():
            size = self._size(lines, width)
            if size >= self.smallest:
                break
        style = replace(self.style, size=size)
        return stack([Paragraph(line, style, Align.CENTRE) for line in lines], width)

    def _cuts(self) -> list[list[str]]:
        hyphens = [i + 1 for i, c in enumerate(self.text) if c == "-"]
        middle = min(hyphens, key=lambda i: abs(i - len(self.text) / 2), default=len(self.text) // 2)
        return [[self.text], [self.text[:middle], self.text[middle:]]]

    def _size(self, lines: Sequence[str], width: int) -> int:
        em = max(text_width(line, replace(self.style, size=100)) for line in lines) / 100
        return min(self.style.size, int((width - 2) / em))


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels and values, each one line per language: in two columns where the labels are short, else label above
    value."""

    rows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    label: Style
    value: Style
    spacing: int = 6

    def lay(self, width: int) -> Laid:
        widest = max(text_width(label, self.label) for labels, _ in self.rows for label in labels)
        column = int(widest) + self.label.size * 2 // 3
        blocks: list[Block] = []
        for labels, values in self.rows:
            right = tuple(Paragraph(value, self.value) for value in values)
            if column <= 0.42 * width:
                blocks.append(_Beside(tuple(Paragraph(label, self.label) for label in labels), column, right))
            else:
                blocks += [Paragraph(" ".join(labels), self.label), *right]
            blocks.append(Gap(self.spacing))
        return stack(blocks[:-1], width)


@dataclass(frozen=True, slots=True)
class _Beside:
    left: tuple[Block, ...]
    column: int
    right: tuple[Block, ...]

    def lay(self, width: int) -> Laid:
        left = stack(self.left, self.column)
        right = stack(self.right, width - self.column)
        return Laid(max(left.height, right.height), (*left.marks, *right.moved(self.column, 0)))


@dataclass(frozen=True, slots=True)
class Banner:
    """White on black, across the paper."""

    lines: tuple[str, ...]
    style: Style

    def lay(self, width: int) -> Laid:
        pad = self.style.size // 4
        text = stack([Paragraph(line, self.style, Align.CENTRE) for line in self.lines], width)
        height = text.height + 2 * pad
        white = tuple(replace(mark, white=True) for mark in text.moved(0, pad) if isinstance(mark, Glyphs))
        return Laid(height, (Ink(0, 0, width, height), *white))


@dataclass(frozen=True, slots=True)
class Figure:
    """A 1-bit image, centred on an even dot (so that a code of even modules can be sent at half size)."""

    image: Image.Image

    def lay(self, width: int) -> Laid:
        x = max(0, (width - self.image.width) // 16 * 8)
        return Laid(self.image.height, (Picture(x, 0, self.image),))
