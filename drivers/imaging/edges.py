"""What happens along the four edges of a page: things that lie over them, corners that are folded, sides that bend.

Along each side of a flat view the colours a little inside and a little outside are compared with bare paper and with
the desk. A thing that lies over the edge looks the same on both sides of it, whatever its colour: a finger of any skin,
a glove, a pen. Where that same look is the desk's, the paper itself is missing: a folded corner, a bent side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from drivers.imaging.geometry import Image, as_image
from drivers.imaging.page_view import RIM, Box, PageView, box_of

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_DEEP = 16  # pixels of page inside a side that are looked at
_PLACES = 160  # along a side
_INSIDE = slice(_DEEP - 7, _DEEP - 2)
_OUTSIDE = slice(_DEEP + 2, _DEEP + 8)
_UNLIKE = 26.0  # Lab units from bare paper
_ALIKE = 0.55  # of that distance: how far inside and outside may be apart in one thing
_LEAST_RUN = 3  # places; on a sheet a pen is as wide
_SHADE = (0.3, 0.78)  # least and most light that a shadow leaves; what a finger itself casts is lighter
_NEUTRAL = 0.16  # how far it shifts colours
_DESK_SHADED = 20.0  # levels of 255 between the desk in a shadow, made as bright as the paper was, and the desk
_DESK_SHADED_SHARE = 0.15
_PENUMBRA = 15  # places: where a shadow's border crosses the edge askew, both sides of it are unequally lit
_EVERY = 16
_DESK_LIKE = 13.0  # Lab units
_NEIGHBOURS = 8
_CONTRAST = 24.0  # Lab units between paper and desk, for its edge to be followed
_BENT = 2.6  # pixels from end to middle; the finder's corners are better than a third of that
_EXPLAINED = 0.35  # of the line's variance may be left by a bow
_SLOPED = 4.0  # pixels: more is a quadrilateral that does not lie on the edge
_LONG = 0.3  # of a side: fingers cover less, bent sides show more of the desk
_CHROMA = np.array([1.0, 1.5, 1.5], dtype=np.float32)
_STRIP = 0.12
_STRIPS: tuple[Box, ...] = (
    (0.0, 0.0, 1.0, _STRIP),
    (1 - _STRIP, 0.0, 1.0, 1.0),
    (0.0, 1 - _STRIP, 1.0, 1.0),
    (0.0, 0.0, _STRIP, 1.0),
)


@dataclass(frozen=True)
class Edges:
    """What lies over the page's edges, and where its own edge is not straight."""

    covered: Box | None
    bent: Box | None


def edges_of(view: PageView) -> Edges:
    """Look along all four sides."""
    strips = _strips(view)
    over = strips.over_edge()
    covered, missing = (np.zeros(view.grey.shape, np.uint8) for _ in range(2))
    for side, start, end in _runs(over):
        at_corner = start <= 1 or end >= _PLACES - 1
        gone = (at_corner or end - start > _LONG * _PLACES) and strips.is_desk(side, start, end)
        _mark(missing if gone else covered, side, start, end)
    bent = strips.bent(over)
    return Edges(_grown(view, covered), _STRIPS[bent] if bent is not None else box_of(missing))


@dataclass(frozen=True)
class _Strips:
    """The four sides, clockwise from the top, from _DEEP pixels inside to the end of the rim: colours (4, offset,
    _PLACES, 3), and bare paper at each place (4, _PLACES, 3), in BGR and in Lab."""

    bgr: Floats
    lab: Floats
    paper_bgr: Floats
    paper: Floats

    @cached_property
    def bgr_inside(self) -> Floats:
        """BGR just inside, (4, _PLACES, 3)."""
        return np.asarray(self.bgr[:, _INSIDE].mean(axis=1))

    @cached_property
    def inside(self) -> Floats:
        """Lab just inside, (4, _PLACES, 3)."""
        return np.asarray(self.lab[:, _INSIDE].mean(axis=1))

    @cached_property
    def outside(self) -> Floats:
        """Lab just outside, (4, _PLACES, 3)."""
        return np.asarray(self.lab[:, _OUTSIDE].mean(axis=1))

    def over_edge(self) -> Flags:
        """Where the inside is no paper and looks as the outside does, and no shadow makes it so: (4, _PLACES)."""
        over = np.ones((4, _PLACES), dtype=bool)
        near = np.ones((1, _PENUMBRA), np.uint8)
        # A printed frame along the edge is paper, too: what most of a side's inside looks like.
        frame_bgr = np.maximum(_middle(self.bgr_inside), 1.0)
        across = _distance(self.inside, self.outside)
        for bgr, lab in ((self.paper_bgr, self.paper), (frame_bgr, _middle(self.inside))):
            unlike = _distance(self.inside, lab)
            over &= (unlike > _UNLIKE) & (across < _ALIKE * unlike)
            if over.any():
                dimmed, shaded = self._shaded(bgr)
                over &= ~(dimmed & (cv2.dilate((dimmed & shaded).astype(np.uint8), near) > 0))
        return over

    def _shaded(self, paper: Floats) -> tuple[Flags, Flags]:
        """Where paper like that is only less lit, and where, of those, the desk beside it is so by as much."""
        least, most = _SHADE
        outside = np.asarray(self.bgr[:, _OUTSIDE].mean(axis=1))
        ratio = self.bgr_inside / paper
        light = ratio.mean(axis=2)
        dimmed: Flags = (light > least) & (light < most) & (np.ptp(ratio, axis=2) < _NEUTRAL)
        lit = outside[dimmed] / np.maximum(light[dimmed], least)[..., None]
        desk = outside.reshape(-1, 3)[::_EVERY]
        apart = np.abs(lit[:, None, :] - desk).max(axis=2).min(axis=1)
        shaded = np.zeros_like(dimmed)
        shaded[dimmed] = apart < np.maximum(_DESK_SHADED, _DESK_SHADED_SHARE * lit.max(axis=1))
        return dimmed, shaded

    def is_desk(self, side: int, start: int, end: int) -> bool:
        """Whether what lies there has the colours that the desk has elsewhere."""
        colour = self.inside[side, start:end].mean(axis=0)
        kept = np.ones(4 * _PLACES, dtype=bool)
        first = side * _PLACES
        kept[max(0, first + start - 3 * _LEAST_RUN) : first + end + 3 * _LEAST_RUN] = False
        away = _distance(self.outside.reshape(-1, 3)[kept], colour)
        return bool(np.partition(away, _NEIGHBOURS)[:_NEIGHBOURS].mean() < _DESK_LIKE)

    def bent(self, over: Flags) -> int | None:
        """The first side whose edge runs in a bow between paper and desk."""
        span = _middle(self.outside) - self.paper
        size = np.maximum((span * span).sum(axis=2), 1.0)
        along = np.einsum("sopc,spc->sop", self.lab, span) - (self.paper * span).sum(axis=2)[:, None]
        is_paper = along < 0.5 * size[:, None]
        place = is_paper.sum(axis=1).astype(np.float32) - _DEEP
        sure = (is_paper[:, : _DEEP - 11].mean(axis=1) > 0.6) & ~is_paper[:, -4:].any(axis=1) & ~over
        clear = np.partition(size, _PLACES // 2, axis=1)[:, _PLACES // 2] >= _CONTRAST**2
        for side in np.flatnonzero(clear & (sure.mean(axis=1) > 0.6)):
            if _is_bow(cv2.blur(place[side][None], (5, 1))[0][sure[side]], _ALONG[sure[side]]):
                return int(side)
        return None


_ALONG = np.linspace(-1, 1, _PLACES, dtype=np.float32)


def _is_bow(place: Floats, along: Floats) -> bool:
    terms = np.stack([np.ones_like(along), along, along * along])
    curve = np.linalg.solve(terms @ terms.T, terms @ place)
    if abs(float(curve[2])) < _BENT or abs(float(curve[1])) > _SLOPED:
        return False
    line = np.linalg.solve(terms[:2] @ terms[:2].T, terms[:2] @ place)
    left, straight = place - curve @ terms, place - line @ terms[:2]
    return bool(left.var() < _EXPLAINED * straight.var())


def _strips(view: PageView) -> _Strips:
    deep = RIM + _DEEP
    strips = np.empty((4, deep, _PLACES, 3), np.uint8)
    lamp = np.empty((4, _PLACES), np.float32)
    for side in range(4):
        turned = np.rot90(view.rimmed, side)
        strip = np.ascontiguousarray(turned[:deep, RIM : turned.shape[1] - RIM][::-1])
        strips[side] = cv2.resize(strip, (_PLACES, deep), interpolation=cv2.INTER_LINEAR)
        light = np.rot90(view.lamp, side)[_DEEP // 2][None]
        lamp[side] = cv2.resize(np.ascontiguousarray(light), (_PLACES, 1), interpolation=cv2.INTER_LINEAR)[0]
    lab = cv2.cvtColor(strips.reshape(4 * deep, _PLACES, 3), cv2.COLOR_BGR2Lab).reshape(strips.shape)
    every = (slice(None, None, 4), slice(None, None, 4))
    bare = view.even[every] > 205
    bare = bare if np.count_nonzero(bare) > 20 else np.ones_like(bare)
    colour = np.median(view.page[every][bare], axis=0)
    light_there = lamp / max(1.0, float(np.median(view.lamp[every])))
    paper = as_image(np.clip(colour * light_there[..., None], 1, 255).astype(np.uint8))
    paper_lab = cv2.cvtColor(paper, cv2.COLOR_BGR2Lab)
    return _Strips(*(np.asarray(values, dtype=np.float32) for values in (strips, lab, paper, paper_lab)))


def _runs(over: Flags) -> list[tuple[int, int, int]]:
    """Side, start and end of each run of places."""
    if not over.any():
        return []
    closed = cv2.morphologyEx(over.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    found = []
    for side in range(4):
        change = np.flatnonzero(np.diff(closed[side].astype(np.int8), prepend=0, append=0)).tolist()
        found += [(side, start, end) for start, end in zip(change[::2], change[1::2], strict=True)]
    return [(side, start, end) for side, start, end in found if end - start >= _LEAST_RUN]


def _mark(mask: Image, side: int, start: int, end: int) -> None:
    turned = np.rot90(mask, side)
    length = turned.shape[1]
    turned[: _DEEP // 2, start * length // _PLACES : -(-end * length // _PLACES)] = 1


def _grown(view: PageView, seeds: Image) -> Box | None:
    """The box around what lies over the page, grown from where it crosses the edge over all that is no paper."""
    if not seeds.any():
        return None
    foreign = as_image((view.even < 190).astype(np.uint8))
    foreign = as_image(cv2.morphologyEx(foreign, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))) | seeds
    _, labels = cv2.connectedComponents(foreign)
    wanted = np.unique(labels[seeds > 0])
    return box_of(as_image(np.isin(labels, wanted[wanted > 0]).astype(np.uint8)))


def _middle(colours: Floats) -> Floats:
    """The median colour along each side, (4, 1, 3)."""
    half = colours.shape[1] // 2
    return np.asarray(np.partition(colours, half, axis=1)[:, half : half + 1])


def _distance(one: Floats, other: Floats) -> Floats:
    away = (one - other) * _CHROMA
    return np.asarray(np.sqrt((away * away).sum(axis=-1)), dtype=np.float32)
