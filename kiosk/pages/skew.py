"""How far a page lies askew: the angle at which ink and paper alternate most sharply, row by row and column by column.

Lines of text alternate along the page, and what begins at one margin or stands in columns alternates across it; both
turn together. The sharpness is that of Postl (US 4723297): squared differences of neighbouring rows, which tell a small
angle better than the rows' own squares.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.pages.pixels import Image, as_image

MOST = 8.0  # degrees; beyond, the page was not cut out straight at all
_COARSE, _FINE = 0.25, 0.05
_NEAR = 0.5  # degrees around the best of the coarse angles
_STRIP = 16  # pixels that are moved as one
_QUICK = 0.15
_COARSE_SHRINK = 2
_FIRST_SHRINK = 4  # of rows for a first look: small print, 3 mm from line to line, still has 4 rows of ink and paper
_BLUR = 1.0  # pixels: else angle nought, where nothing is interpolated, looks sharper than it is
_LEAST_POINTS = 400
_SUMMIT = 0.02  # of the height above the usual angle
_APART = 0.2  # of the same: rows that lose more at the page's angle have another than its columns
_CLEAR = 1.15  # how much fuller the rows are at the best angle than at the middle one

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Strips:
    """Ink as strips across its rows, which are moved against each other to turn it: shape (rows, strips)."""

    amounts: Floats

    def rows_at(self, angle: float) -> Floats:
        """The ink in each row when the page is turned by `angle` degrees."""
        height, count = self.amounts.shape
        slope = float(np.tan(np.radians(angle))) * _STRIP
        shift = np.array([[1, 0, 0], [-slope, 1, slope * (count - 1) / 2]])
        moved = cv2.warpAffine(self.amounts, shift, (count, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        return np.asarray(cv2.reduce(moved, 1, cv2.REDUCE_SUM), dtype=np.float32).ravel()

    def coarser(self, rows: int = _COARSE_SHRINK) -> Strips:
        """The same with rows `rows` times as high, in strips `_COARSE_SHRINK` times as wide."""
        height, count = self.amounts.shape
        size = max(1, count // _COARSE_SHRINK), max(1, height // rows)
        return Strips(np.asarray(cv2.resize(self.amounts, size, interpolation=cv2.INTER_AREA), dtype=np.float32))


@dataclass(frozen=True)
class Axes:
    """The ink of a page by rows and by columns, the latter as if it were turned a quarter."""

    rows: Strips
    columns: Strips


@dataclass(frozen=True)
class Fullness:
    """How unevenly ink is spread over rows: `level` as the page lies (1: evenly), `clear` times as unevenly as at other
    angles."""

    level: float
    clear: float

    @property
    def tells(self) -> bool:
        """Whether there are rows at all."""
        return self.clear >= _CLEAR


def axes_of(mask: Image) -> Axes | None:
    """The ink in a mask at VIEW_DPI; None where there is too little to tell anything."""
    if cv2.countNonZero(mask) < _LEAST_POINTS:
        return None
    return Axes(_strips(mask), _strips(as_image(cv2.rotate(mask, cv2.ROTATE_90_COUNTERCLOCKWISE))))


def angle_of(plain: Axes, ruled: Axes) -> float:
    """The skew of a page in degrees, counterclockwise positive, from its ink without rules and with them: a stray
    stroke must not be taken for the page's direction, but rules tell it best."""
    few = plain.rows.coarser(_FIRST_SHRINK), plain.columns.coarser(_FIRST_SHRINK)
    angles = np.arange(-MOST, MOST + _COARSE / 2, _COARSE)
    coarse = np.array([sum(_sharpness(axis, angle) for axis in few) for angle in angles])
    near = _around(float(angles[int(np.argmax(coarse))]))
    return _summit(near, _course(ruled.rows, near) + _course(ruled.columns, near))


def along_rows(axis: Strips, angle: float) -> float:
    """The page's `angle`, or that of its rows along one axis where the page is cut out so badly that its columns stand
    otherwise: lines of text are to be level."""
    quick = _around(angle, 3 * _NEAR, _QUICK)
    if _gain(_course(axis, quick)) <= _APART / 2:
        return angle
    near = _around(angle, 3 * _NEAR)
    course = _course(axis, near)
    return _summit(near, course) if _gain(course) > _APART else angle


def _gain(course: Floats) -> float:
    """How much sharper the rows are somewhere than in the middle, as a share of how much sharpness varies."""
    most, least = float(course.max()), float(course.min())
    return (most - float(course[len(course) // 2])) / max(1e-9, most - least)


def _around(angle: float, reach: float = _NEAR, step: float = _FINE) -> Floats:
    """Angles with `angle` in their middle."""
    count = round(reach / step)
    return np.asarray(angle + step * np.arange(-count, count + 1), dtype=np.float32)


def _course(axis: Strips, angles: Floats) -> Floats:
    return np.array([_sharpness(axis, float(angle)) for angle in angles], dtype=np.float32)


def _summit(angles: Floats, course: Floats) -> float:
    most = float(course.max())
    summit = angles[course >= most - _SUMMIT * (most - float(course.min()))]
    # Short lines leave the summit flat: where level is on it, level it is.
    return 0.0 if summit.min() <= _FINE / 2 and summit.max() >= -_FINE / 2 else float(summit.mean())


def fullness(axis: Strips, angle: float) -> Fullness:
    """How clearly the page has rows along one axis when it is turned by `angle` degrees."""
    few = axis.coarser()
    others = [_unevenness(few.rows_at(other)) for other in np.arange(-MOST, MOST + 0.5, 1.0)]
    level = _unevenness(few.rows_at(angle))
    return Fullness(level, level / max(1e-9, float(np.median(others))))


def _strips(mask: Image) -> Strips:
    height, width = mask.shape
    count = max(1, width // _STRIP)
    amounts = cv2.resize(mask[:, : count * _STRIP], (count, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    return Strips(np.asarray(cv2.GaussianBlur(amounts, (1, 5), _BLUR), dtype=np.float32))


def _sharpness(axis: Strips, angle: float) -> float:
    steps = np.diff(axis.rows_at(angle))
    return float(np.dot(steps, steps))


def _unevenness(rows: Floats) -> float:
    total = float(rows.sum())
    return float(np.dot(rows, rows)) * len(rows) / max(1e-9, total * total)
