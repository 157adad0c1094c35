"""The four sides of supposed pages, measured: where exactly the colour steps, and how much of each side shows it.

All measuring is of many quads at once; arrays run over sides (four a quad), then over places along a side, then over
offsets across it, from inside to outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.geometry import Image, Quad
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
_DEEP_STRIP = np.linspace(1.0, 0.12, 24)  # of a deeper strip's depth
_DEEP_SHARE = 0.35  # of what is seen of the shortest side: how deep that one is
_DEEP = (24.0, 170.0)  # pixels, at least and at most
_MOST_OF_IT = 65  # percentile of its lightness
_PRINTED = 0.6  # of a strip: as much may be printed
_STRIP_SHARE = 0.12  # of the shortest side: how deep the strip of surface inside a side is
_DIFFERENT = 3.0  # times the least step by which two surfaces differ without doubt
_BESIDE = np.array([4.0, 8.0, 12.0, 16.0, 20.0])  # pixels outside the edge: beyond a line, or a gap between keys
_AROUND = np.array([27.0, 36.0, 46.0, 58.0])  # pixels outside the edge: beyond a frame that is printed on paper


@dataclass(frozen=True)
class Measured:
    """Quads after their sides were fitted.

    `support` is the share of places of each side at which the colour steps right on the line, `step` the median height
    of the step in Lab units (those from `least_step` on count), `seen` the share of places that lie in the picture.
    `bow` is how far the middle of a side lies off its chord, in pixels, outward positive. `near` says of each place
    whether the step there lies on the line, `inside` whether it lies in the picture, both (4 n, places). `usable` says
    of each quad whether its lines close.
    """

    quads: Quads
    support: Sides
    step: Sides
    least_step: float
    seen: Sides
    bow: Sides
    near: npt.NDArray[np.bool_]
    inside: npt.NDArray[np.bool_]
    usable: npt.NDArray[np.bool_]

    @cached_property
    def ends(self) -> npt.NDArray[np.float64]:
        """The support of the first and the last quarter of what is seen of each side: (n, 4, 2)."""
        passed = self.inside.cumsum(axis=1)
        total = np.maximum(passed[:, -1:], 1)
        quarters = (self.inside & (passed <= total / 4), self.inside & (passed > total * 3 / 4))
        shares = [(self.near & part).sum(axis=1) / np.maximum(part.sum(axis=1), 1) for part in quarters]
        return np.stack(shares, axis=1).reshape(-1, 4, 2)

    @cached_property
    def told(self) -> npt.NDArray[np.bool_]:
        """Of each side whether enough of it lies in the picture for its measures to mean something: (n, 4)."""
        enough: npt.NDArray[np.bool_] = self.seen >= _LEAST_SEEN
        return enough

    @cached_property
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


@lru_cache(maxsize=8)
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


@lru_cache(maxsize=8)
def _differences(offsets: int) -> Floats:
    """What turns the colours on one line across a side (offset by offset, three channels each) into, channel by
    channel, the height of the step at every offset but the outermost, and then the difference of both halves.

    At offset i the height is the mean of [i - gap - wing, i - gap) less that of [i + gap + 1, i + gap + 1 + wing)."""
    count = offsets - 2 * (_WING + _GAP)
    single = np.zeros((offsets, count + 1), np.float32)
    for at in range(count):
        single[at : at + _WING, at] = 1 / _WING
        single[at + _WING + 2 * _GAP + 1 : at + 2 * (_WING + _GAP) + 1, at] = -1 / _WING
    half = offsets // 2
    single[:half, count], single[half + 1 :, count] = 1 / half, -1 / half
    return np.asarray(np.kron(single, np.eye(3)).reshape(3 * offsets, count + 1, 3).swapaxes(1, 2), dtype=np.float32)


def _steps(colours: Floats, inside: npt.NDArray[np.bool_]) -> Floats:
    """The height of the colour step at every offset but the outermost, seen along each side's own difference of
    colours: shape (sides, places, offsets - 2 (wing + gap))."""
    sides, places, offsets, _ = colours.shape
    turned = _differences(offsets)
    # Side by side, which is too little at a time for the library to start threads that wait for each other.
    every = colours.reshape(sides, places, 3 * offsets) @ turned.reshape(3 * offsets, -1)
    every = every.reshape(sides, places, 3, -1)
    across = middle(every[..., -1], inside[..., None])
    strength = np.sqrt((across * across).sum(axis=1, keepdims=True))
    direction = np.where(strength > 1e-3, across / np.maximum(strength, 1e-3), np.array([1, 0, 0], dtype=np.float32))
    heights: Floats = np.matmul(direction[:, None, None], every[..., :-1])[:, :, 0]
    return heights


def grain(picture: Image) -> float:
    """The spread of the grain of a picture, its sensor's or its desk's, in levels: how far pixels are from the mean of
    their neighbours, as most of them are."""
    rows = picture[:: max(1, picture.shape[0] // 90), :, 1]
    step = max(1, picture.shape[1] // 480)
    left, here, right = (np.ascontiguousarray(rows[:, start : start - 2 or None : step]) for start in (0, 1, 2))
    rough = np.abs(left.astype(np.int16) + right - 2 * here.astype(np.int16)).ravel()
    most = np.bincount(rough).cumsum()
    return float(np.searchsorted(most, rough.size / 2)) / 0.6745 / 6**0.5


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
        lines.near,
        across.inside,
        closed & enough & (moved < 8 * reach + 8),
    )


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
    # Lines in homogeneous coordinates meet in their cross product.
    meet = end[..., [1, 2, 0]] * begin[..., [2, 0, 1]] - end[..., [2, 0, 1]] * begin[..., [1, 2, 0]]
    scale = np.sqrt((end[..., :2] ** 2).sum(axis=2) * (begin[..., :2] ** 2).sum(axis=2))
    closed = (np.abs(meet[..., 2]) > 0.05 * scale).all(axis=1)
    corners = meet[..., :2] / np.where(np.abs(meet[..., 2:]) > 1e-9, meet[..., 2:], 1.0)
    return np.where(closed[:, None, None], corners, start.reshape(-1, 4, 2)), closed


@dataclass(frozen=True)
class Surfaces:
    """How the surface inside each side differs from the one outside: `lasting`, as a share of the step at the side
    itself, is about 1 for the edge of a sheet and about 0 for a line drawn on one surface; `lighter` is how much
    lighter it is (L of Lab, 0 to 255); `set_off` how much lighter than anything near outside, as far as the margin of a
    sheet around a printed frame; `tint` is the colour of the surface inside (a and b of Lab). All (n, 4), `tint`
    (n, 4, 2); a side outside the picture has 1, 0, 0 and NaN."""

    lasting: Sides
    lighter: Sides
    set_off: Sides
    tint: npt.NDArray[np.float64]


def _bare(colours: Floats) -> Floats:
    """The mean colour of the lighter part of each side's surface, (sides, 3): paper between what is printed on it."""
    most = round(_PRINTED * colours.shape[1])
    lightest = np.argpartition(colours[..., 0], most, axis=1)[:, most:, None]
    return np.asarray(np.take_along_axis(colours, lightest, axis=1).mean(axis=1))


def _only_inside(across: _Across) -> _Across:
    """The same, at places outside the picture what is seen at those inside it."""
    colours = across.colours
    for side in np.flatnonzero(across.inside.any(axis=1) & ~across.inside.all(axis=1)):
        places = np.flatnonzero(across.inside[side])
        colours[side] = colours[side, places[np.arange(colours.shape[1]) % places.size]]
    return across


def surfaces(picture: Image, quads: Quads, least: float, samples: int = 24) -> Surfaces:
    """Compare the surfaces along the sides of quads in a BGR picture. Medians see the paper between what is printed."""
    shortest = np.sqrt(((quads[:, [1, 2, 3, 0]] - quads) ** 2).sum(axis=2)).min(axis=1)
    depth = np.repeat(np.clip(_STRIP_SHARE * shortest, 16, 60), 4)[:, None]
    near = np.arange(_GAP + 1.0, _GAP + 1 + _WING)
    fixed = np.concatenate([-near, near, _BESIDE, _AROUND])
    fixed = np.broadcast_to(fixed, (len(depth), fixed.size))
    offsets = np.concatenate([-depth * _STRIP, fixed], axis=1)[:, None]
    across = _look_across(picture, quads, offsets, samples, lab=False)
    across = _only_inside(across)
    deep, sides = _STRIP.size, across.colours.shape[0]
    step = np.median(
        across.colours[:, :, deep : deep + _WING].mean(axis=2)
        - across.colours[:, :, deep + _WING : deep + 2 * _WING].mean(axis=2),
        axis=1,
    )
    inner = _bare(across.colours[:, :, :deep].reshape(sides, -1, 3))
    beyond = deep + 2 * _WING
    outer = _bare(across.colours[:, :, beyond : beyond + _BESIDE.size].reshape(sides, -1, 3))
    around = np.median(across.colours[:, :, beyond + 1 :, 0], axis=1).max(axis=1)
    along = (step * (inner - outer)).sum(axis=1)
    height = np.maximum(np.sqrt((step * step).sum(axis=1)), 1e-3)
    # A thin shadow beside paper makes its step higher than its surface differs: enough is enough.
    kept = np.maximum(along / (height * height), along / (height * _DIFFERENT * least))
    seen = across.inside.mean(axis=1) >= _LEAST_SEEN
    kept = np.where(seen, np.clip(kept, 0.0, 1.0), 1.0)
    lighter = np.where(seen, inner[:, 0] - outer[:, 0], 0.0)
    set_off = np.where(seen, inner[:, 0] - around, 0.0)
    tint = np.where(seen[:, None], inner[:, 1:], np.nan).reshape(-1, 4, 2).astype(np.float64)
    kept, lighter, set_off = (each.reshape(-1, 4).astype(np.float64) for each in (kept, lighter, set_off))
    return Surfaces(kept, lighter, set_off, tint)


def brighter_within(picture: Image, quad: Quad, samples: int = 24) -> npt.NDArray[np.float64]:
    """By how much (L of Lab, 0 to 255) most of the surface behind each side of a quad in a BGR picture is lighter than
    right at that side; NaN for a side outside the picture. Paper is lightest where it is bare, as it is at its edges;
    the keys of a keyboard are lighter than what holds them."""
    shown = np.clip(quad, 0, np.array([picture.shape[1], picture.shape[0]]))
    shortest = float(np.sqrt(((shown[[1, 2, 3, 0]] - shown) ** 2).sum(axis=1)).min())
    depth = float(np.clip(_DEEP_SHARE * shortest, *_DEEP))
    rim = np.arange(_GAP + 1.0, _GAP + 1 + _WING)
    across = _look_across(picture, quad[None], np.concatenate([-depth * _DEEP_STRIP, -rim]), samples, lab=False)
    lightness = across.colours[..., 0]
    at_rim = middle(lightness[:, :, _DEEP_STRIP.size :].mean(axis=2), across.inside)
    found = np.full(4, np.nan)
    for side in np.flatnonzero(across.inside.mean(axis=1) >= _LEAST_SEEN):
        within = lightness[side][across.inside[side]][:, : _DEEP_STRIP.size]
        found[side] = np.percentile(within, _MOST_OF_IT) - at_rim[side]
    return found
