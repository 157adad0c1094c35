"""Where pieces of text lie: their boxes, and the rows they form. Pixels of the upright page, y downwards."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kiosk.ocr.model import Quad, TextLine

_SAME_ROW = 0.5  # of the lower of two heights, between their middles


@dataclass(frozen=True, slots=True)
class Box:
    """The upright rectangle around a piece."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The height at which it lies."""
        return (self.top + self.bottom) / 2

    def around(self, other: Box) -> Box:
        """The rectangle around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text and its box; `number` is its place among the lines it came from."""

    line: TextLine
    box: Box
    number: int


def box_of(quad: Quad) -> Box:
    """The rectangle around a quad."""
    across, down = [x for x, _ in quad], [y for _, y in quad]
    return Box(min(across), min(down), max(across), max(down))


def pieces(lines: Iterable[TextLine]) -> list[Piece]:
    """The lines with their boxes."""
    return [Piece(line, box_of(line.quad), number) for number, line in enumerate(lines)]


def is_vertical(line: TextLine) -> bool:
    """Whether a piece runs from top to bottom (竖排): the engine turns what is at least half as high again as wide."""
    (ax, ay), (bx, by), _, (dx, dy) = line.quad
    return len(line.text) > 1 and math.hypot(dx - ax, dy - ay) >= 1.5 * math.hypot(bx - ax, by - ay)


def rows(found: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces in rows from top to bottom, each from left to right."""
    grouped: list[list[Piece]] = []
    for piece in sorted(found, key=lambda one: one.box.middle):
        for row in reversed(grouped[-3:]):
            if any(_beside(piece.box, other.box) for other in row) and not any(_above(piece.box, o.box) for o in row):
                row.append(piece)
                break
        else:
            grouped.append([piece])
    for row in grouped:
        row.sort(key=lambda one: one.box.left)
    return sorted(grouped, key=lambda row: sum(one.box.middle for one in row) / len(row))


def _beside(one: Box, other: Box) -> bool:
    return abs(one.middle - other.middle) <= _SAME_ROW * min(one.height, other.height)


def _above(one: Box, other: Box) -> bool:
    """They share columns for more than the edges of a detected box overlap, so one stands above the other."""
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared > 0.5 * min(one.height, other.height) and abs(one.middle - other.middle) > 0.2 * one.height
