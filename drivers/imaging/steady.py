"""When a page may be taken by itself: it lies still, it is good, and it is not the page that was taken last."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum, auto

import cv2
import numpy as np

from drivers.api.likeness import distance
from drivers.api.records import Flaw, FlawKind
from drivers.imaging.geometry import Image, Quad, as_image

STILL_SECONDS = 0.5
"""So long a page must lie still."""

PATIENCE_SECONDS = 2.0
"""So long a page that lies still is held for flaws that only warn: the person may want to put them right."""

LEFT_SECONDS = 0.3
"""So long the last page's place must look otherwise, and no page be seen, before it counts as taken away."""

GONE_SECONDS = 1.5
"""So long no page must be seen where its place looks much the same: a hand that passes over it is quicker."""

MISSED_SECONDS = 0.15
"""So long a page may be missed without that it starts to lie still anew."""

THUMB = (160, 90)
"""Width and height in pixels of the copies that are compared from frame to frame."""

_QUAD_SHARE = 0.003  # of the diagonal
_STEP = 14  # levels of 255
_STEP_SHARE = 0.012  # of the page's pixels in the small copy
_OTHERWISE = 0.5  # of the place where the last page lay
_SAME_BITS = 31  # of 256: photographs of one page differ in as many

HOLDING = frozenset({FlawKind.COVERED, FlawKind.OUTSIDE, FlawKind.MOVING, FlawKind.BLANK})
"""A page with one of these is never taken by itself, however long it lies."""


@dataclass(frozen=True)
class Glimpse:
    """What one live frame of `size` (width, height) tells: the page's corners in its pixels (None where no whole page
    is seen), its small copy in grey, what is wrong, and the page's hashes as it may be turned. Where several things lie
    there, `others` are the rest of them, and `other_hashes` theirs."""

    size: tuple[int, int]
    quad: Quad | None
    thumb: Image
    flaws: tuple[Flaw, ...] = ()
    hashes: tuple[bytes, ...] = ()
    others: tuple[Quad, ...] = ()
    other_hashes: tuple[tuple[bytes, ...], ...] = ()


class Rest(StrEnum):
    """How a page lies."""

    NONE = auto()  # there is no page
    MOVING = auto()
    STILL = auto()  # not yet long enough, or held back
    TAKEN = auto()  # the page that was taken last
    READY = auto()


@dataclass(frozen=True)
class _Taken:
    """The page, or the several things, taken last, and where they lay; `disturbed`: something moved there since."""

    hashes: tuple[bytes, ...]
    place: Glimpse | None
    disturbed: bool = False


class Steady:
    """Decides frame by frame. Times come from `clock`, in seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._anchor: Glimpse | None = None
        self._since = 0.0
        self._gone_since: float | None = None
        self._last: Glimpse | None = None
        self._taken: _Taken | None = None

    def update(self, seen: Glimpse) -> Rest:
        """The next frame."""
        now = self._clock()
        if seen.quad is None:
            self._gone_since = now if self._gone_since is None else self._gone_since
            gone = now - self._gone_since
            self._look_whether_left(seen, gone)
            if gone >= MISSED_SECONDS:
                self._anchor = None
            return Rest.NONE
        self._gone_since, self._last = None, seen
        if self._anchor is None or _has_moved(self._anchor, seen):
            if self._taken is not None and self._anchor is not None:
                self._taken = replace(self._taken, disturbed=True)
            self._anchor, self._since = seen, now
            return Rest.MOVING
        if len(seen.others) != len(self._anchor.others):
            # Something was laid beside it, or is only now told apart: all of it must lie still together.
            self._anchor, self._since = seen, now
        still = now - self._since
        if still < STILL_SECONDS:
            return Rest.STILL
        if self._is_taken(seen):
            return Rest.TAKEN
        kinds = {flaw.kind for flaw in seen.flaws}
        if kinds & HOLDING or (kinds and still < PATIENCE_SECONDS):
            return Rest.STILL
        return Rest.READY

    def took(self, pages: tuple[tuple[bytes, ...], ...]) -> None:
        """Pages with these hashes, each as it lies and turned, were taken: they are not ready again before they have
        left or another lies there. Without any, none was."""
        self._taken = _Taken(tuple(hashes[0] for hashes in pages if hashes), self._last) if pages else None

    def _look_whether_left(self, seen: Glimpse, gone: float) -> None:
        """No page is seen: the last one was taken away, or a hand passes over it."""
        if self._taken is None:
            return
        place = self._taken.place
        otherwise = place is None or place.quad is None or _changed_share(place, seen, place.quad) > _OTHERWISE
        if gone >= (LEFT_SECONDS if otherwise else GONE_SECONDS):
            self._taken = None

    def _is_taken(self, seen: Glimpse) -> bool:
        """Whether this is what was taken last: nothing stirred since, or everything still looks like it."""
        if self._taken is None:
            return False
        taken = self._taken.hashes
        alike = (
            min((distance(one, other) for one in hashes for other in taken), default=0) <= _SAME_BITS
            for hashes in (seen.hashes, *seen.other_hashes)
        )
        return not self._taken.disturbed or all(alike)


def thumb_of(picture: Image) -> Image:
    """A frame's small copy in grey."""
    small = cv2.resize(picture, THUMB, interpolation=cv2.INTER_AREA)
    return as_image(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY) if small.ndim == 3 else small)


def _has_moved(one: Glimpse, other: Glimpse) -> bool:
    if one.quad is None or other.quad is None or one.size != other.size:
        return True
    if float(np.abs(one.quad - other.quad).max()) > _QUAD_SHARE * math.hypot(*other.size):
        return True
    return any(_changed_share(other, one, quad) > _STEP_SHARE for quad in (other.quad, *other.others))


def _changed_share(page: Glimpse, other: Glimpse, quad: Quad) -> float:
    """How much of a place in one frame looks otherwise in another, 0 to 1."""
    mask = np.zeros(page.thumb.shape, np.uint8)
    scale = np.array(page.thumb.shape[::-1]) / page.size
    cv2.fillConvexPoly(mask, np.round(quad * scale).astype(np.int32), (1.0,))
    changed = cv2.countNonZero(as_image(cv2.absdiff(page.thumb, other.thumb) > _STEP) & mask)
    return changed / max(1, cv2.countNonZero(mask))
