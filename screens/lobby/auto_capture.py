"""Counting down to the picture while a page lies still, so that nobody is surprised by it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

COUNT_FROM_S = 2.0
"""Long enough to be seen, heard and called off."""

FRAME_LASTS_S = 1.5
"""A count goes on only while frames keep coming; what is no longer seen is not taken."""

FLICKER_S = 0.4
"""So long a page may seem to stir without that the count begins anew: single frames are misjudged."""


@dataclass(slots=True)
class AutoCapture:
    """One count; times are monotonic seconds."""

    began: float | None = None
    seen: float = float("-inf")
    still: float = float("-inf")

    def frame(self, now: float, *, ready: bool) -> None:
        """A live picture: whether a good page lies still in it."""
        if now - (self.seen if ready else self.still) > (FRAME_LASTS_S if ready else FLICKER_S):
            self.began = None
        self.seen = now
        if ready:
            self.still = now
            self.began = now if self.began is None else self.began

    def stop(self) -> None:
        """Begin anew with the next page that lies still."""
        self.began = None

    def left(self, now: float) -> int | None:
        """Whole seconds until the picture, 0 when it is due; None while nothing is counted. What stirs in the very last
        picture is not due yet."""
        if self.began is None or now - self.seen > FRAME_LASTS_S:
            return None
        left = max(0, ceil(COUNT_FROM_S - (now - self.began)))
        return left if self.still == self.seen else max(1, left)
