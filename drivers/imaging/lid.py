"""Cards under a scanner's lid that has their own colour: their edges hardly show, but what is printed on them does."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from drivers.imaging.geometry import CARD_MM, Image, Quad, as_image, clockwise
from drivers.imaging.seen import FoundPage

_LOOK_DPI = 75.0
_LEAST_LID = 0.4  # of the glass: with less of it to see, its colour is not known
_RIM_MM = 4.0  # around the glass: where the lid's colour is taken from
_UNLIKE = 2.5  # Lab units, after grain is smoothed away: what a card's fine lines stand above
_ABOVE_GRAIN = 6.0  # times the lid's own spread
_GAP_MM = 5.0  # between what is printed on one card
_TOLERANCE = 0.05  # of a card's sides
_CONFIDENCE = 0.5


def cards_under_lid(image: Image, dpi: float) -> tuple[FoundPage, ...]:
    """Cards (ID-1) in a scan of `dpi`, told by what on them is unlike the lid, and by their size. In no order."""
    scale = _LOOK_DPI / dpi
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2Lab).astype(np.float32)
    rim = _pixels(_RIM_MM)
    if min(lab.shape[:2]) < 4 * rim:
        return ()
    soft = np.asarray(cv2.GaussianBlur(lab, (0, 0), 0.8), dtype=np.float32)
    around = np.concatenate([part.reshape(-1, 3) for part in (soft[:rim], soft[-rim:], soft[:, :rim], soft[:, -rim:])])
    lid = np.median(around, axis=0).astype(np.float32)
    spread = float(np.median(np.abs(around - lid).max(axis=1)))
    unlike = as_image((np.abs(soft - lid).max(axis=2) > max(_UNLIKE, _ABOVE_GRAIN * spread)).astype(np.uint8))
    if unlike.mean() > 1 - _LEAST_LID:
        return ()
    gap = _pixels(_GAP_MM) | 1
    closed = cv2.morphologyEx(unlike, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((gap, gap), np.uint8))
    contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    boxes = [cv2.minAreaRect(contour) for contour in contours]
    return tuple(FoundPage(_corners(box, scale), _CONFIDENCE) for box in boxes if _is_card(box[1]))


def _pixels(millimetres: float) -> int:
    return max(1, round(millimetres * _LOOK_DPI / 25.4))


def _is_card(size: Sequence[float]) -> bool:
    # The outline runs through the middles of its outermost pixels.
    sides = sorted(((side + 1) * 25.4 / _LOOK_DPI for side in size), reverse=True)
    return all(abs(side / true - 1) < _TOLERANCE for side, true in zip(sides, CARD_MM, strict=True))


def _corners(box: tuple[Sequence[float], Sequence[float], float], scale: float) -> Quad:
    """Of a card in that box: its middle and lie are seen, its size is known."""
    middle, size, angle = box
    longer, shorter = (side * _LOOK_DPI / 25.4 for side in CARD_MM)
    true = (longer, shorter) if size[0] > size[1] else (shorter, longer)
    return clockwise(cv2.boxPoints((middle, true, angle)) + 0.5) / scale
