"""Three plain OpenCV recipes that tutorials and small packages share: a picture (BGR) in, four corners or None out."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import cv2
import numpy as np

from drivers.imaging.geometry import Image, Quad, area, clockwise, is_page_like

Recipe = Callable[[Image], Quad | None]


def _largest_four_sided(edges: Image, keep: int) -> Quad | None:
    contours, _ = cv2.findContours(edges, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:keep]:
        simple = cv2.approxPolyDP(contour, 0.02 * cv2.arcLength(contour, True), True)
        if len(simple) == 4:
            return np.asarray(simple, dtype=np.float64).reshape(4, 2)
    return None


def canny_small(picture: Image) -> Quad | None:
    """500 pixels high, Canny 75/200, the largest of five contours that has four corners."""
    ratio = picture.shape[0] / 500
    small = cv2.resize(picture, (round(picture.shape[1] / ratio), 500))
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    found = _largest_four_sided(np.asarray(cv2.Canny(grey, 75, 200), np.uint8), 5)
    return None if found is None else found * ratio


def canny_full(picture: Image) -> Quad | None:
    """Full size, Canny 50/200, the largest of ten contours that has four corners."""
    grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    return _largest_four_sided(np.asarray(cv2.Canny(grey, 50, 200), np.uint8), 10)


def lsd_lines(picture: Image) -> Quad | None:
    """500 pixels high, closed and edged; the longest line segments (LSD) crossed with each other, the largest
    page-like quadrilateral of their crossings."""
    ratio = picture.shape[0] / 500
    small = cv2.resize(picture, (round(picture.shape[1] / ratio), 500))
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (7, 7), 0)
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (9, 9)))
    segments = cv2.createLineSegmentDetector().detect(cv2.Canny(closed, 0, 84))[0]
    if segments is None:
        return None
    lines = np.asarray(segments, dtype=np.float64).reshape(-1, 4)
    lines = lines[np.argsort(-np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]))]
    angle = np.abs(np.arctan2(lines[:, 3] - lines[:, 1], lines[:, 2] - lines[:, 0]))
    flat = np.abs(np.sin(angle)) < np.sqrt(0.5)
    best: Quad | None = None
    for (a, b), (c, d) in itertools.product(
        itertools.combinations(lines[flat][:6], 2), itertools.combinations(lines[~flat][:6], 2)
    ):
        places = [_crossing(a, c), _crossing(a, d), _crossing(b, d), _crossing(b, c)]
        if any(place is None for place in places):
            continue
        quad = clockwise(np.array(places))
        inside = (quad >= -5).all() and (quad <= np.array(small.shape[1::-1]) + 5).all()
        large = area(quad) > 0.1 * small.shape[0] * small.shape[1]
        if inside and large and is_page_like(quad) and (best is None or area(quad) > area(best)):
            best = quad
    return None if best is None else best * ratio


def _crossing(one: Quad, other: Quad) -> Quad | None:
    rows = np.array([[one[3] - one[1], one[0] - one[2]], [other[3] - other[1], other[0] - other[2]]])
    if abs(np.linalg.det(rows)) < 1e-6:
        return None
    return np.linalg.solve(rows, np.array([rows[0] @ one[:2], rows[1] @ other[:2]]))


RECIPES: dict[str, Recipe] = {"canny-75-200": canny_small, "canny-50-200": canny_full, "lsd-lines": lsd_lines}
