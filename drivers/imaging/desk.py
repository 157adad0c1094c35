"""What in a picture is not the desk, by the desk's colour as seen along the frame."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.geometry import Image, as_image

Floats = npt.NDArray[np.float32]

CHROMA_GAIN = np.float32(2)
"""Colour differences are smaller than those of lightness and mean as much."""

_SURFACE = (40, 23)  # the grid, width by height, that a smooth surface is worked out on
_RIM_SHARE = 0.03
_PASSES = 3


@lru_cache(maxsize=4)
def _terms(width: int, height: int) -> Floats:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = 2 * (x + np.float32(0.5)) / width - 1, 2 * (y + np.float32(0.5)) / height - 1
    return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)


@lru_cache(maxsize=4)
def _rim(width: int, height: int) -> npt.NDArray[np.bool_]:
    rim = max(2, round(_RIM_SHARE * max(height, width)))
    on_rim = np.ones((height, width), dtype=bool)
    on_rim[rim:-rim, rim:-rim] = False
    kept = np.zeros_like(on_rim).ravel()
    kept[np.flatnonzero(on_rim)[::3]] = True
    return kept.reshape(on_rim.shape)


def _surface(values: Floats, terms: Floats, scale: float) -> Floats:
    """Coefficients of the quadratic surface through most of the values; what stands out loses its say."""
    weight = np.ones(len(values), np.float32)
    found = np.zeros((terms.shape[1], values.shape[1]), np.float32)
    for _ in range(_PASSES):
        weighted = terms * weight[:, None]
        square = weighted.T @ terms + np.eye(terms.shape[1], dtype=np.float32) * np.float32(1e-3)
        found = np.linalg.solve(square, weighted.T @ values).astype(np.float32)
        away = terms @ found - values
        residual = np.sqrt((away * away).sum(axis=1))
        weight = 1 / (1 + (residual / (scale + 2 * np.median(residual))) ** 2) ** 2
    return found


def _length(difference: Floats) -> Floats:
    lightness, green_red, blue_yellow = cv2.split(difference)
    colour = cv2.magnitude(green_red, blue_yellow) * CHROMA_GAIN
    return np.asarray(cv2.magnitude(lightness, colour), dtype=np.float32)


def unlike_the_desk(lab: Image) -> Image:
    """How far each pixel's colour is from that of the desk, which is seen along the frame and, because light falls
    off, taken as a quadratic surface through it."""
    height, width = lab.shape[:2]
    small = (max(16, width // 4), max(16, height // 4))
    coarse = cv2.resize(lab, small, interpolation=cv2.INTER_AREA)
    on_rim = _rim(*small)
    found = _surface(coarse[on_rim].astype(np.float32), _terms(*small)[on_rim], 2.0)
    desk = cv2.resize(_terms(*_SURFACE) @ found, (width, height), interpolation=cv2.INTER_LINEAR)
    away = _length(np.asarray(lab.astype(np.float32) - desk, dtype=np.float32))
    return as_image(cv2.convertScaleAbs(away, alpha=1.5))
