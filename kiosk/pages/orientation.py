"""Which way up a page of text is, from its lines alone.

Lines tell the axis: along them, rows of ink and of paper alternate. Which end is up is told by punctuation, which in
Chinese, Korean and Latin script hangs low and close behind the character before it (，。、,.), and by where lines
begin: together at the left, while they end anywhere at the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import assert_never

import numpy as np
import numpy.typing as npt

from kiosk.pages.model import Turn
from kiosk.pages.pixels import Image
from kiosk.pages.text_lines import TextBox

_TALL = 0.55  # of the line's height: characters and digits
_PLAIN = 2.0  # times as sharp: the other axis need not be tried
_SMALL = 0.42  # of the line's height: punctuation is lower and narrower
_SPECK = 4  # pixels of ink
_LOW, _HIGH = 0.60, 0.40  # of the line's height, from its top
_LEAST_MARKS = 4
_AGREE = 0.72
_SURE_MARKS = 8
_SURELY_AGREE = 0.85
_LEAST_LINES = 6
_RAGGED = 2.0
_LONG = 0.3  # of the page's width


class Axis(Enum):
    """How lines run through the picture as it lies."""

    ROWS = "rows"
    COLUMNS = "columns"


@dataclass(frozen=True)
class Marks:
    """Punctuation that speaks for the page being upright, and for it being upside down."""

    up: int
    down: int


@dataclass(frozen=True)
class Reading:
    """How a page lies as far as one axis of its text tells. `down`: it stands on its head (None: not told); `weight`:
    how much speaks for that; `sure`: so much that its words need not be asked."""

    down: bool | None
    weight: int
    sure: bool = False


def axes_of(rows: float, columns: float) -> tuple[Axis, ...]:
    """The axes to try, the likelier first, from how unevenly ink is spread along both; one alone where it is plain."""
    first, second = (Axis.ROWS, Axis.COLUMNS) if rows >= columns else (Axis.COLUMNS, Axis.ROWS)
    return (first,) if max(rows, columns) > _PLAIN * min(rows, columns) else (first, second)


def read(ink: Image, boxes: tuple[TextBox, ...]) -> Reading:
    """Whether a page whose lines run level stands on its head (ink mask at VIEW_DPI without rules, and its lines)."""
    marks = [_marks(ink[box.y : box.y + box.height, box.x : box.x + box.width]) for box in boxes]
    up, down = sum(one.up for one in marks), sum(one.down for one in marks)
    found, most = up + down, max(up, down)
    if found >= _LEAST_MARKS and most >= _AGREE * found:
        return Reading(down > up, abs(up - down), sure=found >= _SURE_MARKS and most >= _SURELY_AGREE * found)
    return Reading(_ragged_left(boxes, ink.shape[1]), 1)


def turn_of(axis: Axis, down: bool | None) -> Turn:
    """How the page lay; `down` was read of the page as it lies (ROWS), or after a quarter clockwise (COLUMNS)."""
    if down is None:
        return Turn.UNKNOWN
    match axis:
        case Axis.ROWS:
            return Turn.UPSIDE_DOWN if down else Turn.UPRIGHT
        case Axis.COLUMNS:
            return Turn.RIGHT if down else Turn.LEFT
        case _:
            assert_never(axis)


def _marks(line: Image) -> Marks:
    """The punctuation of one line: small parts that stand alone between their neighbours."""
    height = line.shape[0]
    filled = np.flatnonzero(line.any(axis=0))
    if filled.size == 0:
        return Marks(0, 0)
    starts, ends = _runs(filled)
    tops, bottoms = _extents(line, starts, ends)
    tall = (bottoms - tops) > _TALL * height
    up = down = 0
    for index in range(1, len(starts) - 1):
        # Between characters: of asterisks and dots in a row none is punctuation.
        if not (tall[index - 1] and tall[index + 1]):
            continue
        start, end, top, bottom = int(starts[index]), int(ends[index]), int(tops[index]), int(bottoms[index])
        if end - start > _SMALL * height or bottom - top > _SMALL * height:
            continue
        if np.count_nonzero(line[top:bottom, start:end]) < _SPECK:
            continue
        middle = (top + bottom) / 2 / height
        before, behind = start - int(ends[index - 1]), int(starts[index + 1]) - end
        if middle > _LOW and before <= behind + 1:
            up += 1
        elif middle < _HIGH and before >= behind - 1:
            down += 1
    return Marks(up, down)


def _extents(
    line: Image, starts: npt.NDArray[np.intp], ends: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    # Between two parts there is no ink, so each reaches to the next one's start.
    filled = np.maximum.reduceat(line[:, : int(ends[-1])], starts, axis=1) > 0
    return filled.argmax(axis=0), line.shape[0] - filled[::-1].argmax(axis=0)


def _runs(filled: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    breaks = np.flatnonzero(np.diff(filled) > 1)
    starts = filled[np.concatenate(([0], breaks + 1))]
    ends = filled[np.concatenate((breaks, [filled.size - 1]))] + 1
    return starts, ends


def _ragged_left(boxes: tuple[TextBox, ...], width: int) -> bool | None:
    """Whether long lines begin anywhere and end together, as they do upside down."""
    long = [box for box in boxes if box.width > _LONG * width]
    if len(long) < _LEAST_LINES:
        return None
    lefts = np.array([box.x for box in long], dtype=np.float64)
    rights = np.array([box.x + box.width for box in long], dtype=np.float64)
    left, right = float((lefts - lefts.min()).mean()) + 1, float((rights.max() - rights).mean()) + 1
    if right > _RAGGED * left:
        return False
    return True if left > _RAGGED * right else None
