"""Which way up a page is, told by reading: a few of its lines are read in every direction in which they may run, and
upside down they make no sense. For pages whose lines tell nothing by their shape (kiosk/pages/orientation.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kiosk.pages import ink, layers
from kiosk.pages.laying import quarters, turned
from kiosk.pages.model import Turn
from kiosk.pages.pixels import VIEW_DPI, Image
from kiosk.pages.text_lines import TextBox, text_boxes, without_rules

LinesRead = Sequence[tuple[str, float]]
"""What stands on each piece, and how sure that is (0 to 1)."""

ReadLines = Callable[[list[Image]], LinesRead]
"""Reads pieces of text, cut out of a page with a little of the paper around, blue, green, red."""

_WAYS = (Turn.UPRIGHT, Turn.UPSIDE_DOWN, Turn.LEFT, Turn.RIGHT)
_LINES = 4
_LONGEST = 12  # times as wide as high: enough characters to tell, and a long line takes longer to read
_RIM = 0.2  # of a line's height
_LEAST = 3.0  # characters read surely
_CLEARLY = 1.6  # times as much as in any other direction


def which_way(page: Image, read: ReadLines) -> Turn:
    """How a page (VIEW_DPI, blue, green, red) lies; UNKNOWN where no direction makes clearly more sense."""
    mask = layers.look(page).ink
    ink.clear_edges(mask, VIEW_DPI)
    mask = without_rules(mask)
    amounts = [_sense(turned(page, quarters(way)), turned(mask, quarters(way)), read) for way in _WAYS]
    best = int(np.argmax(amounts))
    others = max(amount for place, amount in enumerate(amounts) if place != best)
    return _WAYS[best] if amounts[best] >= max(_LEAST, _CLEARLY * others) else Turn.UNKNOWN


def _sense(page: Image, mask: Image, read: ReadLines) -> float:
    """How many different characters are read, the sure ones counting more."""
    boxes = sorted(text_boxes(mask), key=lambda box: min(box.width, _LONGEST * box.height), reverse=True)[:_LINES]
    pieces = [_piece(page, box) for box in boxes]
    if not pieces:
        return 0.0
    # What is no text is often read as one character again and again.
    return sum(sure**2 * len(set(text.replace(" ", ""))) for text, sure in read(pieces))


def _piece(page: Image, box: TextBox) -> Image:
    width = min(box.width, _LONGEST * box.height)
    left = box.x + (box.width - width) // 2
    rim = max(2, round(_RIM * box.height))
    return np.ascontiguousarray(
        page[max(0, box.y - rim) : box.y + box.height + rim, max(0, left - rim) : left + width + rim]
    )
