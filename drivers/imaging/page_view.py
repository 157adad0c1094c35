"""A page laid flat and small with a rim of desk around it, for gates that look at light, cover and edges."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.geometry import Image, Quad, as_image, page_size
from drivers.imaging.shrinking import shrunk

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of a page (0 to 1)."""

Floats = npt.NDArray[np.float32]

LONG_SIDE = 256
"""Pixels of the page's longer side; on A4 a pixel is 1.16 mm."""

RIM = 16
"""Pixels of desk around the page."""

_CHARACTER = 9  # pixels that characters and narrow lines are closed over by
_TERMS = 6
_GRID = 24
_SPREAD = 9.0  # levels from the lamp's surface at which a place loses half its say
_EVEN = 230.0  # what bare paper becomes
_ID_1 = 85.60 / 53.98  # ISO/IEC 7810
_ID_1_TOLERANCE = 0.04
_CARD_MM = 85.60
_SHEET_MM = 297.0  # A4; smaller sheets are taken for it, which errs on the side of "too small"


def _quadratic() -> npt.NDArray[np.float64]:
    y, x = (axis.ravel() for axis in np.mgrid[-1 : 1 : _GRID * 1j, -1 : 1 : _GRID * 1j])
    return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)


_SURFACE = _quadratic()
_PRODUCTS = (_SURFACE[:, :, None] * _SURFACE[:, None]).reshape(len(_SURFACE), -1)
_STIFF = np.diag([1e-6, 1e-6, 1e-6, 12.0, 12.0, 12.0])  # a lamp bends little over one page


def long_side_mm(width: float, height: float) -> float:
    """How long the longer side of a page of that proportion is taken to be, in millimetres."""
    ratio = max(width, height) / max(1.0, min(width, height))
    return _CARD_MM if abs(ratio / _ID_1 - 1) < _ID_1_TOLERANCE else _SHEET_MM


@dataclass(frozen=True)
class PageView:
    """A page seen from above in BGR, with RIM pixels of what lies around it. `matrix` leads from pixels of the view to
    pixels of the picture, whose (width, height) is `picture`. `long_side` is the page's longer side in pixels of the
    picture, `mm` the same in millimetres as its proportion tells it."""

    rimmed: Image
    matrix: npt.NDArray[np.float64]
    picture: tuple[int, int]
    long_side: float
    mm: float

    @cached_property
    def page(self) -> Image:
        """The page alone."""
        return np.ascontiguousarray(self.rimmed[RIM:-RIM, RIM:-RIM])

    @cached_property
    def grey(self) -> Image:
        """The page's lightness."""
        return as_image(cv2.cvtColor(self.page, cv2.COLOR_BGR2GRAY))

    @cached_property
    def paper(self) -> Image:
        """The brightness of bare paper at every place: lamps and shadows, without what is written."""
        kernel = np.ones((_CHARACTER, _CHARACTER), np.uint8)
        closed = cv2.morphologyEx(cv2.medianBlur(self.grey, 3), cv2.MORPH_CLOSE, kernel)
        return as_image(cv2.medianBlur(closed, 5))

    @cached_property
    def lamp(self) -> Floats:
        """The smooth part of the light on the paper: a quadratic surface through its brightness, which shadows,
        reflections and printed areas have little say in."""
        small = cv2.resize(self.paper, (_GRID, _GRID), interpolation=cv2.INTER_AREA).astype(np.float64).ravel()
        surface = np.zeros(_TERMS)
        surface[0] = np.percentile(small, 80)  # begin with the brighter part: shadows are large, reflections small
        for _ in range(5):
            residual = small - _SURFACE @ surface
            weight = 1 / (1 + (residual / _SPREAD) ** 2)
            square = (weight @ _PRODUCTS).reshape(_TERMS, _TERMS)
            surface[:] = np.linalg.solve(square + _STIFF, (weight * small) @ _SURFACE)
        fitted = (_SURFACE @ surface).reshape(_GRID, _GRID).astype(np.float32)
        size = (self.grey.shape[1], self.grey.shape[0])
        return np.asarray(cv2.resize(fitted, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)

    @cached_property
    def even(self) -> Image:
        """The page's lightness as if evenly lit, bare paper at one level."""
        return as_image(cv2.divide(self.grey, np.maximum(self.paper, 1), scale=_EVEN))

    def in_picture(self, box: Box) -> Box:
        """A box on the page as shares of the picture."""
        height, width = self.grey.shape
        left, top, right, bottom = box
        corners = (
            np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float64) * (width, height)
            + RIM
        )
        seen = cv2.perspectiveTransform(corners[None], self.matrix)[0] / self.picture
        low, high = np.clip(seen.min(axis=0), 0, 1), np.clip(seen.max(axis=0), 0, 1)
        return round(float(low[0]), 4), round(float(low[1]), 4), round(float(high[0]), 4), round(float(high[1]), 4)


def view_of(picture: Image, quad: Quad) -> PageView:
    """The page at `quad` in a BGR picture of at most a few times the view's size."""
    size = (picture.shape[1], picture.shape[0])
    width, height = page_size(quad, size)
    scale = LONG_SIDE / max(width, height)
    inner = (max(24, round(width * scale)), max(24, round(height * scale)))
    target = np.array([[0, 0], [inner[0], 0], [inner[0], inner[1]], [0, inner[1]]], dtype=np.float64) + RIM
    corners = target.astype(np.float32), quad.astype(np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(*corners), dtype=np.float64)
    # Corners lie between pixels, half a pixel from the centres that the warp counts from.
    back, forth = _shifted(-0.5), _shifted(0.5)
    seen = cv2.warpPerspective(
        picture,
        back @ matrix @ forth,
        (inner[0] + 2 * RIM, inner[1] + 2 * RIM),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return PageView(as_image(seen), matrix, size, float(max(width, height)), long_side_mm(width, height))


def shrunk_for_view(picture: Image, quad: Quad) -> tuple[Image, float]:
    """A copy on which the page is about twice the view's size, so that none of its pixels is passed over, and its
    scale."""
    longest = float(np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1).max())
    scale = 2 * LONG_SIDE / max(longest, 1.0)
    if scale > 0.75:
        return picture, 1.0
    return shrunk(picture, round(scale * max(picture.shape[:2])))


def box_of(mask: Image) -> Box | None:
    """The box around what is not 0 in a mask of the page; None where there is nothing."""
    left, top, width, height = cv2.boundingRect(mask)
    if not width:
        return None
    tall, wide = mask.shape
    return left / wide, top / tall, (left + width) / wide, (top + height) / tall


def _shifted(by: float) -> npt.NDArray[np.float64]:
    return np.array([[1.0, 0.0, by], [0.0, 1.0, by], [0.0, 0.0, 1.0]])
