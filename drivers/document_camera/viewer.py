"""What live pictures show, one after another: the page, what is wrong with it, when it may be taken, and codes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from drivers.api.messages import PreviewFrame, StartPreview
from drivers.api.records import Flaw, FlawKind, PaperCode
from drivers.document_camera.picture import PREVIEW_QUALITY, decode, decode_grey, encode, shrink
from drivers.document_camera.protocol import jpeg_size
from drivers.imaging import quality
from drivers.imaging.codes import READING_SIDE, read_codes, read_slanted_bars, resized_codes
from drivers.imaging.cutting import MOST_ITEMS
from drivers.imaging.geometry import Image, Quad, as_corners
from drivers.imaging.items import find_items
from drivers.imaging.seen import FoundPage, PageOutside, Seen
from drivers.imaging.steady import Glimpse, Rest, Steady, thumb_of
from drivers.imaging.track import Tracker

JUDGED_EVERY = 0.1
"""Seconds between two judgements of the page; it is followed in every frame."""

ITEMS_EVERY = 1.0
CODES_EVERY = 0.2
CODES_KEPT = 1.0
BUSY_SHARE = 0.6
"""Of one processor core: more than that live pictures never take, however many are asked for. The window needs the
other core and the camera's own pictures the rest of this one."""

_SLOW_FRAME = 0.05
"""Seconds: where a frame takes longer, judgements and codes wait twice as long as the frame took."""

_ORDER = (
    FlawKind.OUTSIDE,
    FlawKind.COVERED,
    FlawKind.MOVING,
    FlawKind.SAME,
    FlawKind.BLANK,
    FlawKind.BLURRED,
    FlawKind.DARK,
    FlawKind.SHADOW,
    FlawKind.GLARE,
    FlawKind.FAR,
    FlawKind.FOLDED,
    FlawKind.TURNED,
)
"""What is told first where several things are wrong."""


@dataclass(frozen=True)
class _Codes:
    found: tuple[PaperCode, ...] = ()
    at: float = float("-inf")


class Viewer:
    """One camera's live pictures. Times come from `clock`, in seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tracker = Tracker()
        self._steady = Steady(clock)
        self._judged = quality.Judged((), ())
        self._shown: frozenset[FlawKind] = frozenset()
        self._flaws: tuple[Flaw, ...] = ()
        self._judge_at = self._codes_at = self._next = float("-inf")
        self._items: tuple[Quad, ...] = ()
        self._items_size = (1, 1)
        self._other_hashes: tuple[tuple[bytes, ...], ...] = ()
        self._items_at = float("-inf")
        self._codes = _Codes()
        self._slanted = False
        self._last: tuple[Quad, tuple[int, int]] | None = None

    @property
    def due(self) -> bool:
        """Whether it is time for the next picture."""
        return self._clock() >= self._next

    def hurry(self) -> None:
        """The next picture is wanted at once."""
        self._next = float("-inf")

    def took(self, pages: tuple[tuple[bytes, ...], ...]) -> None:
        """Pages with these hashes were taken."""
        self._steady.took(pages)

    def page_in(self, size: tuple[int, int]) -> Quad | None:
        """Where the page was in the last live picture, in pixels of a picture of that (width, height)."""
        if self._last is None:
            return None
        quad, shown = self._last
        scaled: Quad = quad * (np.array(size) / shown)
        return scaled

    def items_in(self, size: tuple[int, int]) -> list[Quad]:
        """Where several things were in the last live picture, in pixels of a picture of that (width, height); empty
        where it told of none."""
        return [quad * (np.array(size) / self._items_size) for quad in self._items]

    def look(self, jpeg: bytes, wanted: StartPreview) -> PreviewFrame:
        """The next live picture. Raises CameraProtocolError and cv2.error for one that cannot be read."""
        begin = self._clock()
        width = max(64, wanted.max_width)
        full = jpeg_size(jpeg)
        small = shrink(decode(jpeg, width), width)
        size = (small.shape[1], small.shape[0])
        seen = self._tracker.look(small)
        quad = seen.corners if isinstance(seen, FoundPage) else None
        self._last = (quad, size) if quad is not None else None
        if begin >= self._judge_at:
            self._judge(small, seen, max(full) / max(size), wanted.earlier)
        others = self._others(quad)
        judged = self._judged
        hashes = self._other_hashes if others else ()
        rest = self._steady.update(Glimpse(size, quad, thumb_of(small), judged.flaws, judged.hashes, others, hashes))
        self._find_items(small, rest)
        if wanted.codes and begin >= self._codes_at:
            self._read_codes(jpeg, begin)
        frame = PreviewFrame(
            encode(small, PREVIEW_QUALITY),
            size[0],
            size[1],
            corners=as_corners(quad) if quad is not None else None,
            items=tuple(as_corners(item) for item in self._items),
            flaws=_ordered(self._flaws, rest),
            ready=rest is Rest.READY,
            codes=self._codes_in(size, begin) if wanted.codes else (),
            taken=rest is Rest.TAKEN,
        )
        self._pace(begin, wanted.frames_per_second)
        return frame

    def _judge(self, small: Image, seen: Seen, finer: float, earlier: tuple[bytes, ...]) -> None:
        match seen:
            case FoundPage(corners=corners):
                self._judged = quality.look_at_frame(small, corners, finer=finer, earlier=earlier)
                self._judge_others(small, corners, finer, earlier)
            case PageOutside():
                self._judged = quality.Judged(quality.outside(seen), ())
            case None:
                self._judged = quality.Judged((), ())
        # A flaw is shown once two judgements in a row agree on it: what flickers tells nobody anything.
        kinds = frozenset(flaw.kind for flaw in self._judged.flaws)
        self._flaws = tuple(flaw for flaw in self._judged.flaws if flaw.kind in self._shown)
        self._shown = kinds
        self._judge_at = self._clock() + JUDGED_EVERY

    def _judge_others(self, small: Image, corners: Quad, finer: float, earlier: tuple[bytes, ...]) -> None:
        """What is wrong with any of several things is wrong with the picture."""
        judged = [quality.look_at_frame(small, one, finer=finer, earlier=earlier) for one in self._others(corners)]
        self._other_hashes = tuple(one.hashes for one in judged)
        flaws = (flaw for one in judged for flaw in one.flaws)
        self._judged = quality.Judged((*self._judged.flaws, *flaws), self._judged.hashes)

    def _others(self, quad: Quad | None) -> tuple[Quad, ...]:
        """The things besides the one that is followed."""
        if quad is None:
            return ()
        middle = quad.mean(axis=0)
        return tuple(item for item in self._items if not _holds(item, middle))

    def _find_items(self, small: Image, rest: Rest) -> None:
        """Where a page lies still, look whether it is alone; that takes as long as finding it."""
        if rest in (Rest.NONE, Rest.MOVING):
            self._items, self._items_at = (), float("-inf")
        elif self._clock() >= self._items_at:
            found = find_items(small)
            several = 1 < len(found) <= MOST_ITEMS
            self._items = tuple(item.corners for item in found) if several else ()
            self._items_size = (small.shape[1], small.shape[0])
            self._items_at = self._clock() + ITEMS_EVERY

    def _read_codes(self, jpeg: bytes, now: float) -> None:
        grey = decode_grey(jpeg, READING_SIDE)
        found = read_codes(grey)
        # Bars that lie askew cost as much again: they have their turn in every other picture without any code.
        self._slanted = not found and not self._slanted
        if self._slanted:
            found = read_slanted_bars(grey)
        if found:
            scale = np.array([1 / grey.shape[1], 1 / grey.shape[0]])
            self._codes = _Codes(resized_codes(found, scale), now)
        self._codes_at = self._clock() + CODES_EVERY

    def _codes_in(self, size: tuple[int, int], now: float) -> tuple[PaperCode, ...]:
        if now - self._codes.at > CODES_KEPT:
            return ()
        return resized_codes(self._codes.found, np.array(size, dtype=np.float64))

    def _pace(self, begin: float, frames_per_second: float) -> None:
        now = self._clock()
        spent = now - begin
        self._next = begin + max(1 / max(0.1, frames_per_second), spent / BUSY_SHARE)
        if spent > _SLOW_FRAME:
            self._judge_at = max(self._judge_at, now + 2 * spent)
            self._codes_at = max(self._codes_at, now + 2 * spent)


def _holds(quad: Quad, point: npt.NDArray[np.float64]) -> bool:
    return cv2.pointPolygonTest(quad.astype(np.float32), (float(point[0]), float(point[1])), False) >= 0


def _ordered(flaws: tuple[Flaw, ...], rest: Rest) -> tuple[Flaw, ...]:
    """What matters most first. A page that was just taken is no surprise, and one that moves is told so."""
    kept = [flaw for flaw in flaws if not (flaw.kind is FlawKind.SAME and rest is Rest.TAKEN)]
    if rest is Rest.MOVING:
        # What a moving page blurs and shades is not its fault yet.
        kept = [flaw for flaw in kept if flaw.kind in (FlawKind.OUTSIDE, FlawKind.COVERED)]
        kept.append(Flaw(FlawKind.MOVING))
    return tuple(sorted(kept, key=lambda flaw: _ORDER.index(flaw.kind)))
