"""Find one page in a picture: candidates in a small copy, measured, the best fitted on the picture itself.

No page is an answer: a quadrilateral is given only when all four sides show, and none of them at the picture's frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from drivers.document_camera.candidates import quads
from drivers.document_camera.geometry import Image, Quad, area, as_image, clockwise, is_page_like
from drivers.document_camera.sides import Measured, lasting, refit, support_of

SEARCH_SIDE = 640
"""Pixels of the longer side of the copy that is searched."""

FIT_SIDE = 1920
"""Pixels of the longer side of the copy that sides are fitted on; more adds time and no accuracy that can be seen."""

LEAST_CONFIDENCE = 0.5
_LEAST_SIDE_SUPPORT = 0.45
_LEAST_LASTING = 0.35
_FRAME_MARGIN = 8 / 1920  # of the longer side: a page nearer to the frame may be cut off
_AREA_WEIGHT = 0.35
_FITTED = 6  # candidates that get the full treatment


@dataclass(frozen=True)
class FoundPage:
    """A page's corners in pixels of the picture, clockwise from its top left, and how sure they are (0 to 1)."""

    corners: Quad
    confidence: float


def _shrunk(picture: Image, longest: int) -> tuple[Image, float]:
    scale = min(1.0, longest / max(picture.shape[:2]))
    if scale == 1.0:
        return picture, 1.0
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return as_image(cv2.resize(picture, size, interpolation=cv2.INTER_AREA)), scale


def _clear_of_frame(quad: Quad, shape: tuple[int, ...]) -> bool:
    margin = _FRAME_MARGIN * max(shape[:2])
    low = quad.min(axis=0)
    high = quad.max(axis=0)
    return bool(low.min() >= margin and high[0] <= shape[1] - margin and high[1] <= shape[0] - margin)


def _rank(measured: Measured, whole: float) -> float:
    return measured.confidence * float((area(measured.quad) / whole) ** _AREA_WEIGHT)


def find_page(picture: Image) -> FoundPage | None:
    """The page in a BGR picture, or None."""
    if min(picture.shape[:2]) < 64:
        return None
    fine, fine_scale = _shrunk(picture, FIT_SIDE)
    small, small_scale = _shrunk(fine, SEARCH_SIDE)
    whole = float(small.shape[0] * small.shape[1])
    measured = [support_of(small, quad) for quad in quads(as_image(cv2.cvtColor(small, cv2.COLOR_BGR2Lab)))]
    measured.sort(key=lambda one: _rank(one, whole), reverse=True)
    best = _best_fit(fine, [one.quad / small_scale for one in measured[:_FITTED]], reach=round(4 / small_scale))
    return FoundPage(best.quad / fine_scale, round(best.confidence, 3)) if best else None


def _best_fit(picture: Image, guesses: list[Quad], reach: int) -> Measured | None:
    whole = float(picture.shape[0] * picture.shape[1])
    best: Measured | None = None
    for guess in guesses:
        if best is not None:
            same = np.abs(guess - best.quad).max() < reach
            most_it_can_reach = (area(guess) / whole) ** _AREA_WEIGHT
            if same or most_it_can_reach < _rank(best, whole):
                continue
        fitted = fit(picture, guess, reach)
        if fitted is not None and (best is None or _rank(fitted, whole) > _rank(best, whole)):
            best = fitted
    return best


def fit(picture: Image, quad: Quad, reach: int) -> Measured | None:
    """Fit the sides twice, the second time closely; None unless the result is a page that shows on all sides and
    lies clear of the frame."""
    first = refit(picture, quad, reach)
    if first is None:
        return None
    second = refit(picture, clockwise(first.quad), max(4, reach // 3))
    if second is None or not is_page_like(second.quad) or not _clear_of_frame(second.quad, picture.shape):
        return None
    if second.confidence < LEAST_CONFIDENCE or second.support.min() < _LEAST_SIDE_SUPPORT:
        return None
    if lasting(picture, second.quad).min() < _LEAST_LASTING:
        return None
    return Measured(clockwise(second.quad), second.support, second.step)


class Tracker:
    """Follows the page from one preview frame to the next: fits the last sides anew, and searches only when that
    fails. Frames must have one size."""

    def __init__(self) -> None:
        self._last: Quad | None = None
        self._shape: tuple[int, ...] = ()

    def update(self, picture: Image) -> FoundPage | None:
        """The page in the next frame, or None."""
        if picture.shape != self._shape:
            self._last, self._shape = None, picture.shape
        if self._last is not None:
            followed = fit(picture, self._last, reach=6)
            if followed is not None and np.abs(followed.quad - self._last).max() < 12:
                self._last = followed.quad
                return FoundPage(followed.quad, round(followed.confidence, 3))
        found = find_page(picture)
        self._last = found.corners if found else None
        return found
