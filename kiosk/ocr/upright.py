"""Which way up a page is, told by reading: a few of its lines are read as they may stand and on their head, which makes
no sense. For pages whose lines tell too little by their shape (kiosk/pages/orientation.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import cv2
import numpy as np

from kiosk.pages.model import Turn, WayStrips
from kiosk.pages.pixels import Image

LinesRead = Sequence[tuple[str, float]]
"""What stands on each piece, and how sure that is (0 to 1)."""

ReadLines = Callable[[list[Image]], LinesRead]
"""Reads pieces of text, cut out of a page with a little of the paper around, blue, green, red."""

_LEAST = 3.0  # characters read surely
_CLEARLY = 1.6  # times as much as in any other direction
_ENOUGH, _PLAINLY, _AHEAD = 6.0, 3.0, 2.0  # the same, and characters besides, beyond which no further line is read


@dataclass(frozen=True)
class _Line:
    """A line as it stands when the page lay so."""

    turn: Turn
    image: Image


def which_way(strips: WayStrips, read: ReadLines) -> Turn:
    """How a page lies; UNKNOWN where no direction makes clearly more sense. Raises ValueError for what are no
    pictures."""
    sense = dict.fromkeys((Turn.UPRIGHT, Turn.UPSIDE_DOWN, Turn.LEFT, Turn.RIGHT), 0.0)
    best, others = Turn.UPRIGHT, 0.0
    for lines in _rounds(strips):
        for line, (text, sure) in zip(lines, read([line.image for line in lines]), strict=True):
            sense[line.turn] += makes_sense(text, sure)
        best = max(sense, key=lambda turn: sense[turn])
        others = max(amount for turn, amount in sense.items() if turn is not best)
        if sense[best] >= max(_ENOUGH, _PLAINLY * others + _AHEAD):
            return best
    return best if sense[best] >= max(_LEAST, _CLEARLY * others) else Turn.UNKNOWN


def makes_sense(text: str, sure: float) -> float:
    """How many different characters are read, the sure ones counting more."""
    # What is no text is often read as one character again and again.
    return sure**2 * len(set(text.replace(" ", "")))


def _rounds(strips: WayStrips) -> Iterator[list[_Line]]:
    """One line of every direction at a time, the longest first."""
    for row, column in zip_longest(strips.rows, strips.columns):
        lines = _both(row, Turn.UPRIGHT, Turn.UPSIDE_DOWN) if row is not None else []
        yield lines + (_both(column, Turn.LEFT, Turn.RIGHT) if column is not None else [])


def _both(jpeg: bytes, up: Turn, down: Turn) -> list[_Line]:
    found = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if found is None:
        raise ValueError("a strip that is no picture")
    line = np.asarray(found, dtype=np.uint8)
    return [_Line(up, line), _Line(down, np.ascontiguousarray(line[::-1, ::-1]))]
