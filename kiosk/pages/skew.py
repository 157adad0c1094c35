"""How far lines of text lie askew: the angle at which the page's rows are emptiest between the lines."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.pages.pixels import Image

MOST = 8.0  # degrees; beyond, the page was not cut out straight at all
_COARSE, _FINE = 0.25, 0.05
_FEW, _MANY = 5_000, 24_000  # points looked at
_LEAST_POINTS = 400
_SUMMIT = 0.02  # of the height above the usual angle
_CLEAR = 1.15  # how much sharper the best angle's profile must be than the middle one's

Points = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Profile:
    """The best angle in degrees (counterclockwise positive), how sharp the rows are there, and how much sharper than
    at other angles (1: not at all)."""

    angle: float
    sharpness: float
    clear: float


def ink_points(mask: Image) -> Points | None:
    """Where ink is, (x, y) in float32, evenly thinned; None where there is too little to tell anything."""
    found = cv2.findNonZero(mask)
    if found is None:
        return None
    points = found.reshape(-1, 2)
    if len(points) < _LEAST_POINTS:
        return None
    step = len(points) / _MANY
    if step > 1:
        points = points[(np.arange(_MANY) * step).astype(np.intp)]
    return np.asarray(points, dtype=np.float32)


def row_profile(points: Points) -> Profile:
    """Of text whose lines run along x."""
    few = points[:: max(1, len(points) // _FEW)]
    angles = np.arange(-MOST, MOST + _COARSE / 2, _COARSE)
    coarse = np.array([_sharpness(few, angle) for angle in angles])
    usual = float(np.median(coarse))
    best = float(angles[int(np.argmax(coarse))])
    near = np.arange(best - 2 * _COARSE, best + 2 * _COARSE + _FINE / 2, _FINE)
    fine = np.array([_sharpness(points, angle) for angle in near])
    most = float(fine.max())
    summit = near[fine >= most - _SUMMIT * (most - usual)]
    # Short lines leave the summit flat: where level is on it, level it is.
    angle = 0.0 if summit.min() <= 0 <= summit.max() else float(summit.mean())
    return Profile(angle, most, most / max(1e-9, usual))


def column_profile(points: Points) -> Profile:
    """Of text whose lines run along y, turned by 90 degrees."""
    return row_profile(np.ascontiguousarray(points[:, ::-1] * np.array([1, -1], np.float32)))


def is_clear(profile: Profile) -> bool:
    """Whether the angle means anything."""
    return profile.clear >= _CLEAR


def _sharpness(points: Points, angle: float) -> float:
    slope = np.float32(np.tan(np.radians(angle)))
    rows = points[:, 1] + slope * points[:, 0]
    counts = np.bincount((rows - rows.min()).astype(np.intp)).astype(np.float64)
    # Squares of the counts, less what points strewn at random would give.
    return float(((counts * counts).sum() - len(points)) / (len(points) * len(points)) * len(counts))
