"""Areas of a page that are pictures, not strokes on paper: photographs, copies of cards, filled bubbles of a chat."""

from __future__ import annotations

import cv2
import numpy as np

from kiosk.pages.light import WHITE
from kiosk.pages.pixels import Image, as_image, both, either, grown, odd, resized, up_to, view_pixels

_SHRINK = 2
_GAP = 2.4  # mm; within such a square of print some paper shows
_PAPER = 0.85  # of WHITE: brighter than this is paper
_SOLID = 0.35  # of the brightest paper: no shadow is this dark
_THIN = 3.0  # mm; narrower is a broad stroke
_CLOSE = 2.0  # mm; parts that belong together, and lines of text that do not
_THICK = 8.5  # mm; no part of it is as thick: a line of text so blurred that it shows no paper
_JOIN = 8.0  # mm; parts of one picture
_SOLIDITY = 0.5  # of its hull is filled by a picture
_LEAST = 60.0  # mm²; a portrait in a chat is larger


def picture_areas(even: Image, field: Image, seals: Image) -> Image:
    """255 where an evenly lit grey page (VIEW_DPI) holds pictures; `field` is the paper's brightness before. `seals`
    (255) are none, filled as they may be."""
    height, width = even.shape[:2]
    small = resized(either(even, seals), max(1, width // _SHRINK), max(1, height // _SHRINK))
    per_mm = view_pixels(100) / 100 / _SHRINK
    side = odd(_GAP * per_mm)
    filled = up_to(grown(small, side), _PAPER * WHITE)
    dark = up_to(field, _SOLID * float(np.percentile(field, 95)))
    filled = either(filled, resized(dark, small.shape[1], small.shape[0]))
    # Paper grew into the picture's edges; this gives them back.
    filled = grown(filled, side)
    thin, join = odd(_THIN * per_mm), odd(_JOIN * per_mm)
    filled = as_image(cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((thin, thin), np.uint8)))
    filled = _thick(filled, odd(_CLOSE * per_mm), odd(_THICK * per_mm))
    if not filled.any():
        return np.zeros((height, width), np.uint8)
    filled = as_image(cv2.morphologyEx(filled, cv2.MORPH_CLOSE, np.ones((join, join), np.uint8)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(filled)
    whole = as_image(np.zeros_like(filled))
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] < _LEAST * per_mm * per_mm:
            continue
        part = as_image((labels == label) * np.uint8(255))
        hull = as_image(np.zeros_like(part))
        cv2.fillConvexPoly(hull, cv2.convexHull(cv2.findNonZero(part).reshape(-1, 1, 2)), 255)
        solid = stats[label, cv2.CC_STAT_AREA] > _SOLIDITY * cv2.countNonZero(hull)
        whole = either(whole, hull if solid else part)  # a frame around a page is no picture of what it frames
    return resized(whole, width, height)


def _thick(filled: Image, close: int, thick: int) -> Image:
    """The parts that are thick somewhere."""
    closed = as_image(cv2.morphologyEx(filled, cv2.MORPH_CLOSE, np.ones((close, close), np.uint8)))
    cores = as_image(cv2.erode(closed, np.ones((thick, thick), np.uint8)))
    count, labels = cv2.connectedComponents(closed)
    has_core = np.zeros(count, bool)
    has_core[labels[cores > 0]] = True
    has_core[0] = False
    return both(filled, as_image(has_core[labels] * np.uint8(255)))
