"""How often one caller may ask: a bucket of as many turns as a minute has, filled evenly."""

from __future__ import annotations

import threading
from collections.abc import Callable

_FULL_AGAIN_S = 60.0
_MOST_CALLERS = 10_000


class Pace:
    """The buckets of all callers of one hub process. `seconds` is a monotonic clock."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, caller: str, per_minute: int) -> float:
        """Take one turn of `caller`: 0.0, or the seconds until there is one again."""
        now = self._seconds()
        with self._lock:
            left, at = self._left.get(caller, (float(per_minute), now))
            left = min(float(per_minute), left + (now - at) * per_minute / _FULL_AGAIN_S)
            if left < 1.0:
                return (1.0 - left) * _FULL_AGAIN_S / per_minute
            if len(self._left) >= _MOST_CALLERS:
                self._forget_rested(now)
            self._left[caller] = left - 1.0, now
            return 0.0

    def _forget_rested(self, now: float) -> None:
        self._left = {caller: one for caller, one in self._left.items() if now - one[1] < _FULL_AGAIN_S}
