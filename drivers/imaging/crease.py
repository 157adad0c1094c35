"""A page that was folded: a line across it with a light and a dark flank."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.page_view import Box, PageView

Floats = npt.NDArray[np.float32]

_WRITING = (5, 21)  # pixels across and along
_FLANK = 3  # pixels on each side of a crease
_FAR = 24  # pixels from it, where the paper is as bright again on both sides
_STEP = 0.085  # of the paper's brightness, between both flanks
_WEAK_STEP = 0.045  # the same of a weak crease
_NEARLY = 0.6  # of the least step, in every part
_SAME = 0.55  # of the step: how far both sides may differ beyond the flanks
_WHOLE = 0.75  # of the page's width must show it
_PARTS = 8


def crease(view: PageView) -> Box | None:
    """Where a crease runs across the page, from edge to edge; None where there is none."""
    lamp = np.maximum(view.lamp, 8.0)
    for turned in (False, True):
        # Lines of writing are closed over along the crease, and only a little across it.
        closed = cv2.morphologyEx(view.grey, cv2.MORPH_CLOSE, np.ones(_WRITING[::-1] if turned else _WRITING, np.uint8))
        light = np.asarray(closed / lamp, dtype=np.float32)
        at = _across(np.asarray(light.T if turned else light, dtype=np.float32))
        if at is not None:
            low, high = max(0.0, at - 0.04), min(1.0, at + 0.04)
            return (low, 0.0, high, 1.0) if turned else (0.0, low, 1.0, high)
    return None


def _across(light: Floats) -> float | None:
    """How far down a crease lies that runs from left to right, as a share."""
    rows = light.shape[0]
    if rows < 4 * _FAR // 2:
        return None
    parts = np.asarray(cv2.resize(light, (_PARTS, rows), interpolation=cv2.INTER_AREA), dtype=np.float32)
    step = _step(parts)
    inner = slice(_FAR // 2, rows - _FAR // 2)
    # A clear crease may be hidden here and there; a weak one must run through all of the page, as no writing does.
    for height, least, share in ((np.median(np.abs(step), axis=1), _STEP, _WHOLE), (_even(step), _WEAK_STEP, 1.0)):
        at = int(np.argmax(height[inner])) + _FAR // 2
        if height[at] >= least and _runs_through(step, at, least, share) and _as_light(light, at, float(height[at])):
            return float(at / rows)
    return None


def _even(step: Floats) -> Floats:
    """The lowest step but one among a row's parts, where all are of one sign; else 0."""
    ordered = np.sort(step, axis=1)
    return np.asarray(np.maximum(np.maximum(ordered[:, 1], -ordered[:, -2]), 0.0))


def _runs_through(step: Floats, at: int, least: float, share: float) -> bool:
    sign = np.sign(np.median(step[at]))
    near = np.max(sign * step[max(0, at - 2) : at + 3], axis=0)
    return bool((near > _NEARLY * least).mean() >= share)


def _as_light(light: Floats, at: int, height: float) -> bool:
    """Whether the paper is as bright on one side as on the other, beyond the flanks."""
    above, below = light[max(0, at - _FAR - 6) : max(1, at - _FAR)], light[at + _FAR : at + _FAR + 6]
    if not above.size or not below.size:
        return False
    return bool(abs(float(np.median(above) - np.median(below))) < _SAME * height)


def _step(parts: Floats) -> Floats:
    """The brightness just above less that just below every row."""
    sums = np.concatenate([np.zeros_like(parts[:1]), parts.cumsum(axis=0)])
    rows = np.arange(parts.shape[0])
    above = sums[rows] - sums[np.maximum(rows - _FLANK, 0)]
    below = sums[np.minimum(rows + _FLANK, parts.shape[0])] - sums[rows]
    return np.asarray((above - below) / _FLANK, dtype=np.float32)
