"""Folded or curled pages: lines of text that bend, and edges of the page that do."""

from __future__ import annotations

import cv2
import numpy as np

from drivers.api.records import Flaw, FlawKind
from kiosk.pages.pixels import Image, as_image, view_pixels
from kiosk.pages.text_lines import TextBox

_LONG = 0.4  # of the page's width: shorter lines hardly bend
_BEND = 0.7  # mm from end to middle; print and a good camera stay below
_LEAST_LINES = 3
_BINS = 24
_WEDGE = 2.5  # mm of desk beside the middle of an edge whose ends lie on the frame
_LOOKED = 9.0  # mm from the frame
_DESK = 40  # levels apart from the page beside it
_ARC = 0.85  # of the depth's variance explained by a parabola


def lines_bend(ink: Image, boxes: tuple[TextBox, ...]) -> bool:
    """Whether the long lines of a page bend, all the same way (ink mask at VIEW_DPI without rules, and its lines)."""
    found = [_bend(ink, box) for box in boxes if box.width > _LONG * ink.shape[1]]
    bent = [bend for bend in found if bend is not None]
    return len(bent) >= _LEAST_LINES and abs(float(np.median(bent))) > _BEND


def edge_bends(view: Image) -> Flaw | None:
    """A finding at the first edge of a page, seen alone in grey at VIEW_DPI, beside whose middle the desk shows."""
    height, width = view.shape[:2]
    deep = min(view_pixels(_LOOKED), height // 4, width // 4)
    if deep < 4:
        return None
    strip = deep / height, deep / width
    sides = (
        (view[:deep], (0.0, 0.0, 1.0, strip[0])),
        (view[-deep:][::-1], (0.0, 1 - strip[0], 1.0, 1.0)),
        (view[:, :deep].T, (0.0, 0.0, strip[1], 1.0)),
        (view[:, -deep:].T[::-1], (1 - strip[1], 0.0, 1.0, 1.0)),
    )
    for side, area in sides:
        if _wedge(np.ascontiguousarray(side)):
            return Flaw(FlawKind.FOLDED, area)
    return None


def _bend(ink: Image, box: TextBox) -> float | None:
    """How far the middle of a line lies above its ends, in millimetres."""
    line = ink[box.y : box.y + box.height, box.x : box.x + box.width]
    part = box.width // _BINS
    if part < 2:
        return None
    weights = line[:, : part * _BINS].reshape(box.height, _BINS, part).sum(axis=2, dtype=np.float64)
    amount = weights.sum(axis=0)
    used = amount > 0.25 * np.median(amount)
    if np.count_nonzero(used) < _BINS // 2:
        return None
    rows = np.arange(box.height, dtype=np.float64)
    middles = (weights * rows[:, None]).sum(axis=0)[used] / amount[used]
    x = np.linspace(-1, 1, _BINS)[used]
    curve = np.polyfit(x, middles, 2)
    return float(curve[0]) / view_pixels(100) * 100


def _wedge(side: Image) -> bool:
    """Whether the desk shows beside an edge's middle: `side` has the picture's frame as its first row."""
    deep, length = side.shape
    narrow = as_image(cv2.resize(side, (64, deep), interpolation=cv2.INTER_AREA)).astype(np.int16)
    if length < view_pixels(40):
        return False
    page = np.median(narrow[-2:], axis=0)
    desk = np.abs(narrow - page) > _DESK
    depth = np.where(desk.all(axis=0), 0, np.argmin(desk, axis=0)).astype(np.float64)
    if depth.max() < view_pixels(_WEDGE) or max(depth[:4].mean(), depth[-4:].mean()) > depth.max() / 3:
        return False
    x = np.linspace(-1, 1, depth.size)
    left = depth - np.polyval(np.polyfit(x, depth, 2), x)
    return bool(left.var() < (1 - _ARC) * depth.var())
