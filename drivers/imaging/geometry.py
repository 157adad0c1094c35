"""Quadrilaterals of pages: order, validity, true proportion, and the warp that lays a page flat."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Quad = npt.NDArray[np.float64]
"""Four corners (x, y), shape (4, 2), clockwise from the page's top left as it lies in the picture."""

_KNOWN_RATIOS = (math.sqrt(2.0), 85.60 / 53.98)  # ISO 216 paper, ISO/IEC 7810 ID-1 cards
_RATIO_TOLERANCE = 0.03
_MAX_PAGE_SIDE = 4200  # pixels; A4 at 360 dpi


def as_image(pixels: npt.ArrayLike) -> Image:
    """What OpenCV returned, as the 8-bit picture it is."""
    return np.asarray(pixels, dtype=np.uint8)


def clockwise(corners: npt.ArrayLike) -> Quad:
    """The corners clockwise (as seen, y down) beginning with the one nearest the picture's top left."""
    quad = np.asarray(corners, dtype=np.float64).reshape(4, 2)
    centre = quad.mean(axis=0)
    quad = quad[np.argsort(np.arctan2(quad[:, 1] - centre[1], quad[:, 0] - centre[0]))]
    return np.roll(quad, -int(np.argmin(quad.sum(axis=1))), axis=0)


def area(quad: Quad) -> float:
    """The area in square pixels."""
    x, y = quad[:, 0], quad[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def is_page_like(quad: Quad) -> bool:
    """Convex, and no corner sharper or flatter than a page seen from above can have."""
    forward = np.roll(quad, -1, axis=0) - quad
    backward = np.roll(quad, 1, axis=0) - quad
    turn = forward[:, 0] * backward[:, 1] - forward[:, 1] * backward[:, 0]
    if not (np.all(turn > 0) or np.all(turn < 0)):
        return False
    lengths = np.linalg.norm(forward, axis=1)
    if lengths.min() < 8 or lengths.max() > 12 * lengths.min():
        return False
    cosines = (forward * backward).sum(axis=1) / (lengths * np.linalg.norm(backward, axis=1))
    return bool(np.all(np.abs(cosines) < 0.75))


def page_size(quad: Quad, picture: tuple[int, int]) -> tuple[int, int]:
    """Width and height in pixels of the page behind `quad` in a picture of the given width and height.

    The proportion is recovered from the perspective with the optical axis through the picture's centre (Zhang and He,
    Whiteboard Scanning and Image Enhancement, 2007, section 3.3), the resolution from the longest sides.
    """
    top, right, bottom, left = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    width, height = max(top, bottom), max(left, right)
    ratio = _perspective_ratio(quad, picture) or (top + bottom) / (left + right)
    for known in _KNOWN_RATIOS:
        for exact in (known, 1 / known):
            if abs(ratio / exact - 1) < _RATIO_TOLERANCE:
                ratio = exact
    if width / height > ratio:
        height = width / ratio
    else:
        width = height * ratio
    scale = min(1.0, _MAX_PAGE_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _perspective_ratio(quad: Quad, picture: tuple[int, int]) -> float | None:
    centre = np.array([picture[0] / 2, picture[1] / 2])
    m1, m2, m4, m3 = (np.append(corner - centre, 1.0) for corner in quad)
    k2 = np.dot(np.cross(m1, m4), m3) / np.dot(np.cross(m2, m4), m3)
    k3 = np.dot(np.cross(m1, m4), m2) / np.dot(np.cross(m3, m4), m2)
    n2, n3 = k2 * m2 - m1, k3 * m3 - m1
    if abs(n2[2]) < 0.02 or abs(n3[2]) < 0.02:
        return None  # hardly any perspective in one direction: the lengths of the sides tell more
    squared_focal = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2])
    longest = float(max(picture))
    if not (0.4 * longest) ** 2 < squared_focal < (6 * longest) ** 2:
        return None  # no lens of a document camera: the corners are not exact enough for this
    weights = np.array([1.0, 1.0, squared_focal])
    return float(math.sqrt((n2 * n2 * weights).sum() / (n3 * n3 * weights).sum()))


def warp(picture: Image, quad: Quad) -> Image:
    """The page alone, flat and straight, in its true proportion."""
    width, height = page_size(quad, (picture.shape[1], picture.shape[0]))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    # Corners lie between pixels: half a pixel away from the centres that warpPerspective counts from.
    matrix = cv2.getPerspectiveTransform((quad - 0.5).astype(np.float32), target - 0.5)
    return as_image(
        cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )
