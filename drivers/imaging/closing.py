"""Quadrilaterals closed from the long straight parts of one outline, where the outline itself has not four sides: a
hand lies over an edge, something touches the page, or the page leaves the picture."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.geometry import areas, clockwise, page_like

Floats = npt.NDArray[np.float64]
Outline = npt.NDArray[np.int32]

_MOST_LINES = 9
_MOST_OUTSIDE = 3
_ASKEW = 0.25  # radians to the frame: less, and the frame itself closes the outline
_SIMPLIFIED = 2.0  # pixels an outline may be off its straight parts
_LEAST_PART = 0.12  # of the outline's extent: the shortest straight part that counts
_SAME_ANGLE = 0.07  # radians between parts of one line
_SAME_PLACE = 4.0  # pixels between parts of one line
_OPPOSITE = 0.45  # radians at most between opposite sides
_CORNER = 0.75  # radians at least between sides that meet
_BEYOND = 0.4  # of the picture: how far outside it a corner may lie
AT_FRAME = 3.0
"""Pixels from the picture's frame at which an outline counts as touching it."""


def closed_quads(outline: Outline, shape: tuple[int, ...]) -> Floats:
    """Convex quads, clockwise, (n, 4, 2), whose sides are long straight parts of the outline, and the picture's frame
    where the outline touches it. Corners may lie outside the picture."""
    height, width = shape[:2]
    parts = _long_parts(outline, shape)
    lines = _merged(parts)
    frame = _touched(outline, width, height)
    lines = lines[: _MOST_LINES - len(frame)]
    owners = np.zeros(0, dtype=np.int64)
    if len(frame):
        owners, outside = _outside(outline, lines[:_MOST_OUTSIDE], width, height)
        lines = np.concatenate([lines, frame, outside])
    if len(lines) < 4:
        return np.zeros((0, 4, 2))
    return _quads(lines, owners, width, height)


def _long_parts(outline: Outline, shape: tuple[int, ...]) -> Floats:
    """Straight parts (x1, y1, x2, y2) of the outline that do not run along the frame, longest first."""
    simple = cv2.approxPolyDP(outline, _SIMPLIFIED, True).reshape(-1, 2).astype(np.float64)
    following = np.concatenate([simple[1:], simple[:1]])
    parts = np.concatenate([simple, following], axis=1)
    length = np.hypot(parts[:, 2] - parts[:, 0], parts[:, 3] - parts[:, 1])
    extent = np.hypot(*np.ptp(simple, axis=0))
    limit = np.array([shape[1], shape[0]]) - 1
    along_frame = np.zeros(len(parts), dtype=bool)
    for axis in (0, 1):
        for place in (0, limit[axis]):
            both = parts[:, [axis, axis + 2]]
            along_frame |= (np.abs(both - place) <= AT_FRAME).all(axis=1)
    kept = np.flatnonzero((length > _LEAST_PART * extent) & ~along_frame)
    return parts[kept[np.argsort(-length[kept])]][: 3 * _MOST_LINES]


def _merged(parts: Floats) -> Floats:
    """Lines (nx, ny, d), n.p = d, of parts that lie on one line, those with the most length first."""
    taken = np.zeros(len(parts), dtype=bool)
    lines: list[tuple[float, Floats]] = []
    along = parts[:, 2:] - parts[:, :2]
    length = np.hypot(along[:, 0], along[:, 1])
    for first in range(len(parts)):
        if taken[first]:
            continue
        direction = along[first] / length[first]
        normal = np.array([direction[1], -direction[0]])
        turned = np.abs(along @ normal) / length
        off = np.abs((parts.reshape(-1, 2, 2) - parts[first, :2]) @ normal).max(axis=1)
        same = ~taken & (turned < _SAME_ANGLE) & (off < _SAME_PLACE)
        taken |= same
        points = parts[same].reshape(-1, 2)
        weight = np.repeat(length[same], 2)
        centre = (points * weight[:, None]).sum(axis=0) / weight.sum()
        lines.append((float(length[same].sum()), np.array([*normal, float(normal @ centre)])))
    lines.sort(key=lambda line: -line[0])
    return np.array([line for _, line in lines]).reshape(-1, 3)


def _touched(outline: Outline, width: int, height: int) -> Floats:
    left, top, wide, high = cv2.boundingRect(outline)
    lines = []
    if left <= AT_FRAME:
        lines.append((1.0, 0.0, 0.0))
    if top <= AT_FRAME:
        lines.append((0.0, 1.0, 0.0))
    if left + wide >= width - AT_FRAME:
        lines.append((1.0, 0.0, float(width)))
    if top + high >= height - AT_FRAME:
        lines.append((0.0, 1.0, float(height)))
    return np.array(lines).reshape(-1, 3)


def _outside(outline: Outline, lines: Floats, width: int, height: int) -> tuple[npt.NDArray[np.int64], Floats]:
    """Which of the lines lie askew to the frame, and for each a line along it, on the outline's side, through the
    picture's last corner: a page that leaves over a corner has its fourth side somewhere beyond."""
    askew = np.flatnonzero(np.abs(lines[:, :2]).min(axis=1) > np.sin(_ASKEW))
    normals = lines[askew, :2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
    middle = outline.reshape(-1, 2).mean(axis=0)
    facing = np.where(normals @ middle > lines[askew, 2], 1.0, -1.0)
    last = ((corners @ normals.T) * facing).max(axis=0) * facing
    return askew, np.concatenate([normals, last[:, None]], axis=1)


@lru_cache(maxsize=16)
def _pairs(count: int) -> npt.NDArray[np.int64]:
    return np.array(list(combinations(range(count), 2)), dtype=np.int64)


def _quads(lines: Floats, owners: npt.NDArray[np.int64], width: int, height: int) -> Floats:
    """Quads of two pairs of opposite lines. Each of the last lines closes off only the line of which it is told."""
    first = len(lines) - len(owners)
    pairs = _pairs(len(lines))
    one, other = lines[pairs[:, 0]], lines[pairs[:, 1]]
    sine = np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])
    facing = pairs[:, 1] < first
    facing[~facing] = pairs[~facing, 0] == owners[pairs[~facing, 1] - first]
    opposite = pairs[(sine < np.sin(_OPPOSITE)) & facing]
    if len(opposite) < 2:
        return np.zeros((0, 4, 2))
    both = _pairs(len(opposite))
    both = both[~(opposite[both, 1] >= first).all(axis=1)]
    across, down = opposite[both[:, 0]], opposite[both[:, 1]]
    order = np.stack([across[:, 0], down[:, 0], across[:, 1], down[:, 1]], axis=1)
    chosen = lines[order]
    following = chosen[:, [1, 2, 3, 0]]
    turn = chosen[..., 0] * following[..., 1] - chosen[..., 1] * following[..., 0]
    meets = (np.abs(turn) > np.sin(_CORNER)).all(axis=1)
    chosen, following, turn = chosen[meets], following[meets], turn[meets]
    if not len(chosen):
        return np.zeros((0, 4, 2))
    x = (chosen[..., 2] * following[..., 1] - chosen[..., 1] * following[..., 2]) / turn
    y = (chosen[..., 0] * following[..., 2] - chosen[..., 2] * following[..., 0]) / turn
    quads = np.stack([x, y], axis=-1)
    size = np.array([width, height])
    near = ((quads > -_BEYOND * size) & (quads < (1 + _BEYOND) * size)).all(axis=(1, 2))
    quads = quads[near]
    if not len(quads):
        return quads
    quads = clockwise(quads)
    return quads[page_like(quads) & (areas(quads) > 0)]
