"""How sharp a page is: the width of the steps between ink and paper, whatever is written and however large.

A hard border between dark and light that a lens smears over a Gaussian of spread s rises by contrast / (s √2π) per
pixel. Over many small tiles the contrast and the steepest rise are measured, and their ratio gives s: across and down
apart, since a hand that moves smears along one direction only.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.geometry import Image, as_image

Floats = npt.NDArray[np.float32]

_TILE = 15  # pixels over which contrast and steepest rise belong together
_STEP = 6
_LEAST_CONTRAST = 34  # levels; noise and JPEG stay below
_CLEAR_SHARE = 0.45  # of the clearest tiles' contrast
_LEAST_TILES = 12
_SHARPER = 30  # percentile over tiles: some ink is soft by itself (seals, pencil), some runs along one direction only
_KERNEL = np.ones((_TILE, _TILE), np.uint8)
_MIDDLES = slice(_TILE // 2, -_TILE // 2, _STEP)


def spread(grey: Image) -> float | None:
    """The spread, in pixels, of the steps in a grey picture of a page along the direction in which it is wider; None
    where there is too little ink to tell."""
    if min(grey.shape) < 2 * _TILE:
        return None
    soft = as_image(cv2.GaussianBlur(grey, (3, 3), 0))
    high, low = (made(soft, _KERNEL)[_MIDDLES, _MIDDLES] for made in (cv2.dilate, cv2.erode))
    contrast = high.astype(np.float32) - low
    inked = contrast > max(_LEAST_CONTRAST, _CLEAR_SHARE * _percentile(contrast, 99))
    if np.count_nonzero(inked) < _LEAST_TILES:
        return None
    return max(_along(soft, axis, contrast, inked) for axis in ((1, 0), (0, 1)))


def _along(soft: Image, axis: tuple[int, int], contrast: Floats, inked: npt.NDArray[np.bool_]) -> float:
    # A Sobel kernel sums 4 differences over 2 pixels: a rise of one level per pixel gives 8.
    rise = cv2.convertScaleAbs(cv2.Sobel(soft, cv2.CV_16S, *axis), alpha=1 / 4)
    steepest = cv2.dilate(rise, _KERNEL)[_MIDDLES, _MIDDLES][inked].astype(np.float32) / 2
    spreads = contrast[inked] / (np.maximum(steepest, 1.0) * math.sqrt(2 * math.pi))
    return _percentile(spreads, _SHARPER)


def _percentile(values: npt.NDArray[np.floating], percent: float) -> float:
    """As NumPy's, linear between neighbours, without what makes that slow for a few values."""
    at = (values.size - 1) * percent / 100
    low = int(at)
    pair = np.partition(values, (low, min(low + 1, values.size - 1)), axis=None)[low : low + 2]
    return float(pair[0] + (pair[-1] - pair[0]) * (at - low))
