"""Quadrilaterals of pages: order, validity, true proportion, and the warp that lays a page flat."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from drivers.api.records import Corners

Image = npt.NDArray[np.uint8]
Quad = npt.NDArray[np.float64]
"""Four corners (x, y), shape (4, 2), clockwise from the page's top left as it lies in the picture."""

CARD_MM = (85.60, 53.98)
"""Length and width of a card in millimetres, ISO/IEC 7810 ID-1."""

CARD_RATIO = CARD_MM[0] / CARD_MM[1]

_KNOWN_RATIOS = (math.sqrt(2.0), CARD_RATIO)  # the first is ISO 216 paper
_RATIO_TOLERANCE = 0.03
_USUAL_FOCAL = 0.95  # of the picture's longer side: fields of view of document cameras are 45 to 75 degrees wide
_SHORTEST_FOCAL, _LONGEST_FOCAL = 0.6, 1.4
_LEAST_PERSPECTIVE = 0.02  # of one direction: with less, the corners tell no focal length
_MAX_PAGE_SIDE = 4200  # pixels; A4 at 360 dpi
_LEAST_SIDE = 8  # pixels
_MOST_ELONGATED = 12  # times as long as wide: a till receipt
_MOST_COSINE = 0.75  # of a corner's angle


def as_image(pixels: npt.ArrayLike) -> Image:
    """What OpenCV returned, as the 8-bit picture it is."""
    return np.asarray(pixels, dtype=np.uint8)


def clockwise(corners: npt.ArrayLike) -> Quad:
    """The corners clockwise (as seen, y down) beginning with the one nearest the picture's top left. Of several
    quads, shape (n, 4, 2), each."""
    quad = np.asarray(corners, dtype=np.float64)
    quad = quad.reshape(*quad.shape[:-2], 4, 2)
    away = quad - quad.mean(axis=-2, keepdims=True)
    around = np.argsort(np.arctan2(away[..., 1], away[..., 0]), axis=-1)
    first = np.argmin(np.take_along_axis(quad.sum(axis=-1), around, axis=-1), axis=-1)
    turned = (np.arange(4) + first[..., None]) % 4
    return np.take_along_axis(quad, np.take_along_axis(around, turned, axis=-1)[..., None], axis=-2)


def areas(quads: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The areas in square pixels of quads or other polygons of one number of corners, shape (..., corners, 2)."""
    following = np.concatenate([quads[..., 1:, :], quads[..., :1, :]], axis=-2)
    twice = (quads[..., 0] * following[..., 1] - quads[..., 1] * following[..., 0]).sum(axis=-1)
    sizes: npt.NDArray[np.float64] = np.abs(twice) / 2
    return sizes


def area(quad: Quad) -> float:
    """The area in square pixels."""
    return float(areas(quad))


def page_like(quads: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Of every quad, shape (n, 4, 2), whether it is convex and no corner sharper or flatter than a page seen from
    above can have."""
    forward = quads[:, [1, 2, 3, 0]] - quads
    backward = -forward[:, [3, 0, 1, 2]]
    turn = forward[..., 0] * backward[..., 1] - forward[..., 1] * backward[..., 0]
    lengths = np.sqrt((forward * forward).sum(axis=-1))
    cosines = (forward * backward).sum(axis=-1) / np.maximum(lengths * lengths[:, [3, 0, 1, 2]], 1e-9)
    convex = (turn > 0).all(axis=1) | (turn < 0).all(axis=1)
    sized = (lengths.min(axis=1) >= _LEAST_SIDE) & (lengths.max(axis=1) <= _MOST_ELONGATED * lengths.min(axis=1))
    shaped: npt.NDArray[np.bool_] = convex & sized & (np.abs(cosines) < _MOST_COSINE).all(axis=1)
    return shaped


def is_page_like(quad: Quad) -> bool:
    """Whether one quad is (`page_like`)."""
    return bool(page_like(quad[None])[0])


def widened(quad: Quad, by: float) -> Quad:
    """The quad, clockwise, with every side moved outward by that many pixels."""
    along = quad[[1, 2, 3, 0]] - quad
    normals = np.stack([along[:, 1], -along[:, 0]], axis=1) / np.linalg.norm(along, axis=1, keepdims=True)
    away = (normals * quad).sum(axis=1) + by
    before = [3, 0, 1, 2]
    meeting = np.stack([normals[before], normals], axis=1)
    moved: Quad = np.linalg.solve(meeting, np.stack([away[before], away], axis=1)[..., None])[..., 0]
    return moved


def page_size(quad: Quad, picture: tuple[int, int]) -> tuple[int, int]:
    """Width and height in pixels of the page behind `quad` in a picture of the given width and height.

    The proportion is recovered from the perspective with the optical axis through the picture's centre (Zhang and He,
    Whiteboard Scanning and Image Enhancement, 2007, section 3.3), the resolution from the longest sides. The focal
    length is told where both directions run together enough and no document camera has another; else it is a usual
    one, which matters little then.
    """
    top, right, bottom, left = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    width, height = max(top, bottom), max(left, right)
    ratio = _perspective_ratio(quad, picture)
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


def _perspective_ratio(quad: Quad, picture: tuple[int, int]) -> float:
    centre = np.array([picture[0] / 2, picture[1] / 2])
    m1, m2, m4, m3 = np.column_stack([quad - centre, np.ones(4)])
    volumes = np.linalg.det(np.array([[m1, m4, m3], [m2, m4, m3], [m1, m4, m2], [m3, m4, m2]]))
    k2, k3 = volumes[0] / volumes[1], volumes[2] / volumes[3]
    n2, n3 = k2 * m2 - m1, k3 * m3 - m1
    longest = float(max(picture))
    focal = _USUAL_FOCAL * longest
    if abs(n2[2]) >= _LEAST_PERSPECTIVE and abs(n3[2]) >= _LEAST_PERSPECTIVE:
        squared = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2])
        if (_SHORTEST_FOCAL * longest) ** 2 < squared < (_LONGEST_FOCAL * longest) ** 2:
            focal = math.sqrt(squared)
    weights = np.array([1.0, 1.0, focal * focal])
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


def as_corners(quad: Quad) -> Corners:
    """Corners as the messages carry them."""
    first, second, third, fourth = ((round(float(x), 2), round(float(y), 2)) for x, y in quad)
    return first, second, third, fourth
