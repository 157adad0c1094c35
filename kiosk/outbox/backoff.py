"""When to try again: full-jitter exponential back-off (Brooker 2015), so that terminals do not come back in step."""

from __future__ import annotations

import random

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 300.0


class Backoff:
    """Counts failures in a row and says when the next attempt is due, in seconds of a monotonic clock."""

    def __init__(self, rng: random.Random, longest: float = LONGEST_SECONDS) -> None:
        self._rng = rng
        self._longest = longest
        self.failures = 0
        self.due = 0.0

    def failed(self, now: float, retry_after: float | None = None) -> None:
        """One more failure; `retry_after` is what the other side asked for and is added to, never undercut."""
        ceiling = min(self._longest, FIRST_SECONDS * 2.0 ** min(self.failures, 16))
        self.failures += 1
        self.due = now + (retry_after or 0.0) + self._rng.uniform(0.0, ceiling)

    def succeeded(self) -> None:
        """Start over."""
        self.failures = 0
        self.due = 0.0
