"""The four sides of supposed pages, measured: where exactly the colour steps, and how much of each side shows it.

All measuring is of many quads at once; arrays run over sides (four a quad), then over places along a side, then over
offsets across it, from inside to outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.geometry import Image
from drivers.imaging.side_lines import Lines, fit_lines, middle

Floats = npt.NDArray[np.float32]
Quads = npt.NDArray[np.float64]
"""Corners of n quads, each clockwise: shape (n, 4, 2)."""
Sides = npt.NDArray[np.float64]
"""One number a side: shape (n, 4)."""

_ENDS = 0.05  # of a side: left out at both ends, where corners are bent, rounded, stapled or held
_WING = 5  # pixels on each side of the edge whose mean is compared
_GAP = 1  # pixels around the edge left out of it, where the picture is unsharp
_HILL = 5  # pixels from a step's outer flank to its top
_PLATEAU = 4  # pixels around a step's top that say where its middle is
_LEAST_STEP = (3.5, 7.0)  # Lab units that stand above grain and JPEG, in the cleanest picture and in any
_ABOVE_GRAIN = 3.5  # times the grain's spread
_OUTER_SHARE = 0.6
_RIM = 2  # pixels at the picture's frame, in which nothing outside an edge is left to see
_LEAST_SEEN = 0.25  # of a side's places, for anything to be said of it
_STRIP = np.linspace(1.0, 0.15, 12)  # of a strip's depth: where the surface inside a side is looked at
_STRIP_SHARE = 0.12  # of the shortest side: how deep the strip of surface inside a side is
_DIFFERENT = 3.0  # times the least step by which two surfaces differ without doubt
_BESIDE = np.array([4.0, 8.0, 12.0, 16.0, 20.0])  # pixels outside the edge: beyond a line, or a gap between keys


@dataclass(frozen=True)
class Measured:
    """Quads after their sides were fitted.

    `support` is the share of places of each side at which the colour steps right on the line, `step` the median height
    of the step in Lab units (those from `least_step` on count), `seen` the share of places that lie in the picture.
    `bow` is how far the middle of a side lies off its chord, in pixels, outward positive. `ends` is the support of the
    first and the last quarter of what is seen of each side, shape (n, 4, 2). `usable` says of each quad whether its
    lines close.
    """

    quads: Quads
    support: Sides
    step: Sides
    least_step: float
    seen: Sides
    bow: Sides
    ends: npt.NDArray[np.float64]
    usable: npt.NDArray[np.bool_]

    @property
    def told(self) -> npt.NDArray[np.bool_]:
        """Of each side whether enough of it lies in the picture for its measures to mean something: (n, 4)."""
        enough: npt.NDArray[np.bool_] = self.seen >= _LEAST_SEEN
        return enough

    @property
    def clearness(self) -> npt.NDArray[np.float64]:
        """Of each quad, 0 to 1: every side in the picture must show, and show clearly."""
        told = self.told
        count = np.maximum(told.sum(axis=1), 1)
        least = np.where(told, self.support, 1.0).min(axis=1)
        share = 0.5 * (self.support * told).sum(axis=1) / count + 0.5 * least
        mean_step = (self.step * told).sum(axis=1) / count
        least_step = np.where(told, self.step, np.inf).min(axis=1)
        clear = np.clip(mean_step / (2.8 * self.least_step), 0, 1) * np.clip(least_step / (1.4 * self.least_step), 0, 1)
        sure: npt.NDArray[np.float64] = np.where(told.any(axis=1) & self.usable, share * np.sqrt(clear), 0.0)
        return sure


@dataclass(frozen=True)
class _Across:
    """Lab colours on lines across sides: `colours` (sides, places, offsets, 3); where the lines start (`places`), which
    way is out (`normals`), and which places lie inside the picture (`inside`)."""

    colours: Floats
    places: npt.NDArray[np.float64]
    normals: npt.NDArray[np.float64]
    inside: npt.NDArray[np.bool_]


def _shares(samples: int) -> npt.NDArray[np.float64]:
    return np.linspace(_ENDS, 1 - _ENDS, samples)


def _look_across(picture: Image, quads: Quads, offsets: npt.NDArray[np.float64], samples: int, *, lab: bool) -> _Across:
    corners = quads.reshape(-1, 2)
    along = (quads[:, [1, 2, 3, 0]] - quads).reshape(-1, 2)
    length = np.sqrt((along * along).sum(axis=1, keepdims=True))
    normals = np.stack([along[:, 1], -along[:, 0]], axis=1) / np.maximum(length, 1e-9)  # clockwise, y down: outward
    places = corners[:, None] + along[:, None] * _shares(samples)[:, None]
    # Pixel centres lie at halves.
    x = (places[..., 0, None] + normals[:, None, 0, None] * offsets - 0.5).astype(np.float32)
    y = (places[..., 1, None] + normals[:, None, 1, None] * offsets - 0.5).astype(np.float32)
    flat = (-1, offsets.shape[-1])  # narrow and tall: remap's own limit is 32,767 either way
    shape = x.shape
    seen = cv2.remap(picture, x.reshape(flat), y.reshape(flat), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    colours = seen if lab else cv2.cvtColor(seen, cv2.COLOR_BGR2Lab)
    limit = np.array([picture.shape[1], picture.shape[0]]) - _RIM
    inside = np.asarray(((places >= _RIM) & (places <= limit)).all(axis=2), dtype=np.bool_)
    return _Across(colours.reshape(*shape, 3).astype(np.float32), places, normals, inside)


def _steps(colours: Floats, inside: npt.NDArray[np.bool_]) -> Floats:
    """The height of the colour step at every offset but the outermost, seen along each side's own difference of
    colours: shape (sides, places, offsets - 2 (wing + gap))."""
    half = colours.shape[2] // 2
    difference = colours[:, :, :half].mean(axis=2) - colours[:, :, half + 1 :].mean(axis=2)
    across = middle(difference, inside[..., None])
    strength = np.sqrt((across * across).sum(axis=1, keepdims=True))
    direction = np.where(strength > 1e-3, across / np.maximum(strength, 1e-3), np.array([1, 0, 0], dtype=np.float32))
    sides, places, offsets, _ = colours.shape
    shade = (colours.reshape(sides, -1, 3) @ direction[:, :, None].astype(np.float32)).reshape(sides, places, offsets)
    sums = np.zeros((sides, places, offsets + 1), np.float32)
    np.cumsum(shade, axis=2, out=sums[..., 1:])
    # At offset i: the mean of [i - gap - wing, i - gap) less that of [i + gap + 1, i + gap + 1 + wing).
    count = offsets - 2 * (_WING + _GAP)
    inner = sums[..., _WING : _WING + count] - sums[..., :count]
    beyond = _WING + 2 * _GAP + 1
    outer = sums[..., beyond + _WING : beyond + _WING + count] - sums[..., beyond : beyond + count]
    heights: Floats = (inner - outer) / np.float32(_WING)
    return heights


def grain(picture: Image) -> float:
    """The spread of the grain of a picture, its sensor's or its desk's, in levels: how far pixels are from the mean of
    their neighbours, as most of them are."""
    rows = np.ascontiguousarray(picture[:: max(1, picture.shape[0] // 90), :, 1]).astype(np.int16)
    rough = np.abs(rows[:, 2:] + rows[:, :-2] - 2 * rows[:, 1:-1])[:, :: max(1, picture.shape[1] // 480)]
    return float(np.median(rough)) / 0.6745 / 6**0.5


def least_step(picture: Image) -> float:
    """How high a step must be, in Lab units, to count in that picture."""
    return float(np.clip(_ABOVE_GRAIN * grain(picture), *_LEAST_STEP))


def refit(picture: Image, quads: Quads, reach: int, least: float, samples: int = 40, *, lab: bool = False) -> Measured:
    """Move every side to where the colour steps by at least `least`, up to `reach` pixels away, and fit a line to it
    with sub-pixel accuracy. The picture is BGR, or Lab where it says so; sides outside it stay where they are."""
    wide = reach + _WING + _GAP
    across = _look_across(picture, quads, np.arange(-wide, wide + 1.0), samples, lab=lab)
    steps = _steps(across.colours, across.inside)
    best, height = _tops(steps)
    offset = best - reach + _centre(steps, best, height)
    typical = middle(height, across.inside)
    shows = across.inside & (height > np.maximum(least, 0.4 * typical)[:, None])
    lines = fit_lines(_shares(samples), offset, shows)
    corners, closed = _corners(across, lines, samples)
    count = np.maximum(across.inside.sum(axis=1), 1)
    seen = across.inside.mean(axis=1)
    four = (-1, 4)
    enough = (lines.usable | (seen < _LEAST_SEEN)).reshape(four).all(axis=1)
    moved = np.abs(corners - quads).max(axis=(1, 2))
    return Measured(
        corners,
        (lines.near.sum(axis=1) / count).reshape(four),
        typical.reshape(four).astype(np.float64),
        least,
        seen.reshape(four),
        lines.bow.reshape(four),
        _ends(lines.near, across.inside).reshape(-1, 4, 2),
        closed & enough & (moved < 8 * reach + 8),
    )


def _ends(near: npt.NDArray[np.bool_], inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """The support of the first and the last quarter of the places inside the picture: (sides, 2)."""
    passed = inside.cumsum(axis=1)
    total = np.maximum(passed[:, -1:], 1)
    first = inside & (passed <= total / 4)
    last = inside & (passed > total * 3 / 4)
    return np.stack([(near & part).sum(axis=1) / np.maximum(part.sum(axis=1), 1) for part in (first, last)], axis=1)


def _tops(steps: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Where the outermost of the clear steps is highest, and how high: a frame printed near the paper's edge may step
    higher than the edge itself."""
    clear = steps >= _OUTER_SHARE * steps.max(axis=2, keepdims=True)
    last = steps.shape[2] - 1 - clear[:, :, ::-1].argmax(axis=2)
    at = np.arange(steps.shape[2])
    hill = (at <= last[..., None]) & (at >= last[..., None] - _HILL)
    best = np.where(hill, steps, np.float32(-1e6)).argmax(axis=2)
    return best, np.take_along_axis(steps, best[..., None], axis=2)[..., 0]


def _centre(steps: Floats, best: npt.NDArray[np.int64], height: Floats) -> Floats:
    """How far from its top the middle of each step lies: two facing means make a plateau around an edge, and the
    weight of its upper part is where the edge is."""
    away = np.arange(steps.shape[2])[None, None] - best[..., None]
    upper = np.clip(steps - np.float32(0.7) * height[..., None], 0, None) * (np.abs(away) <= _PLATEAU)
    centre: Floats = ((upper * away).sum(axis=2) / np.maximum(upper.sum(axis=2), 1e-6)).astype(np.float32)
    return centre


def _corners(across: _Across, lines: Lines, samples: int) -> tuple[Quads, npt.NDArray[np.bool_]]:
    """Where neighbouring lines meet. A bowed side is followed by its tangent at each end."""
    shares = _shares(samples)
    span = (across.places[:, -1] - across.places[:, 0]) / (shares[-1] - shares[0])
    start = across.places[:, 0] - span * shares[0]

    def line(value: npt.NDArray[np.float64], slope: npt.NDArray[np.float64], at: float) -> npt.NDArray[np.float64]:
        point = start + span * at + across.normals * value[:, None]
        along = span + across.normals * slope[:, None]
        normal = np.stack([along[:, 1], -along[:, 0]], axis=1)
        return np.concatenate([normal, -(normal * point).sum(axis=1, keepdims=True)], axis=1)

    begin = line(lines.begin, lines.begin_slope, 0.0).reshape(-1, 4, 3)
    end = line(lines.end, lines.end_slope, 1.0).reshape(-1, 4, 3)[:, [3, 0, 1, 2]]
    meet = np.cross(end, begin)
    scale = np.linalg.norm(end[..., :2], axis=2) * np.linalg.norm(begin[..., :2], axis=2)
    closed = (np.abs(meet[..., 2]) > 0.05 * scale).all(axis=1)
    corners = meet[..., :2] / np.where(np.abs(meet[..., 2:]) > 1e-9, meet[..., 2:], 1.0)
    return np.where(closed[:, None, None], corners, start.reshape(-1, 4, 2)), closed


@dataclass(frozen=True)
class Surfaces:
    """How the surface inside each side differs from the one outside: `lasting`, as a share of the step at the side
    itself, is about 1 for the edge of a sheet and about 0 for a line drawn on one surface; `lighter` is how much
    lighter it is (L of Lab, 0 to 255). Both (n, 4); a side outside the picture has 1 and 0."""

    lasting: Sides
    lighter: Sides


def surfaces(picture: Image, quads: Quads, least: float, samples: int = 24) -> Surfaces:
    """Compare the surfaces along the sides of quads in a BGR picture. Medians see the paper between what is printed."""
    shortest = np.sqrt(((quads[:, [1, 2, 3, 0]] - quads) ** 2).sum(axis=2)).min(axis=1)
    depth = np.repeat(np.clip(_STRIP_SHARE * shortest, 16, 60), 4)[:, None]
    near = np.arange(_GAP + 1.0, _GAP + 1 + _WING)
    fixed = np.broadcast_to(np.concatenate([-near, near, _BESIDE]), (len(depth), 2 * _WING + _BESIDE.size))
    offsets = np.concatenate([-depth * _STRIP, fixed], axis=1)[:, None]
    across = _look_across(picture, quads, offsets, samples, lab=False)
    deep, sides = _STRIP.size, across.colours.shape[0]
    step = middle(
        across.colours[:, :, deep : deep + _WING].mean(axis=2)
        - across.colours[:, :, deep + _WING : deep + 2 * _WING].mean(axis=2),
        across.inside[..., None],
    )
    inner = np.median(across.colours[:, :, :deep].reshape(sides, -1, 3), axis=1)
    outer = np.median(across.colours[:, :, deep + 2 * _WING :].reshape(sides, -1, 3), axis=1)
    along = (step * (inner - outer)).sum(axis=1)
    height = np.maximum(np.sqrt((step * step).sum(axis=1)), 1e-3)
    # A thin shadow beside paper makes its step higher than its surface differs: enough is enough.
    kept = np.maximum(along / (height * height), along / (height * _DIFFERENT * least))
    seen = across.inside.mean(axis=1) >= _LEAST_SEEN
    kept = np.where(seen, np.clip(kept, 0.0, 1.0), 1.0)
    lighter = np.where(seen, inner[:, 0] - outer[:, 0], 0.0)
    return Surfaces(kept.reshape(-1, 4).astype(np.float64), lighter.reshape(-1, 4).astype(np.float64))
