"""When a terminal decides that nobody is there: warn, count down, end (WCAG 2.2.1; at least ten extensions)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

AWAY_SECONDS = 900.0
"""How long what is written is kept for who was called to a window meanwhile."""


@dataclass(frozen=True, slots=True)
class IdleLimits:
    """Seconds. The defaults are the measured rules for public terminals: 45 s, then 25 s of countdown."""

    warn_after: float = 45.0
    countdown: float = 25.0
    done_screen: float = 30.0
    """How long a finished journey's last screen stays before the session ends."""
    away: float = AWAY_SECONDS
    """How long the place of who was called to a window is kept."""
    need_time: float = 180.0
    """What "I need more time" grants before the next warning."""


class IdlePhase(StrEnum):
    """Whether somebody is thought to be there."""

    ACTIVE = "active"
    WARNING = "warning"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class IdleClock:
    """A pure idle clock over monotonic seconds: every touch and every "I need more time" starts it anew."""

    limits: IdleLimits
    since: float
    allowance: float

    @classmethod
    def start(cls, limits: IdleLimits, now: float) -> IdleClock:
        """A clock that has just seen somebody."""
        return cls(limits, now, limits.warn_after)

    def touched(self, now: float) -> IdleClock:
        """Somebody touched the screen or a device; an allowance that was granted is kept while it lasts longer."""
        remaining = self.allowance - (now - self.since)
        return replace(self, since=now, allowance=max(self.limits.warn_after, remaining))

    def extended(self, now: float) -> IdleClock:
        """The person asked for more time. There is no limit to how often."""
        return replace(self, since=now, allowance=self.limits.need_time)

    def held(self, now: float) -> IdleClock:
        """The person is at a window and will come back."""
        return replace(self, since=now, allowance=self.limits.away)

    def finished(self, now: float) -> IdleClock:
        """The journey is over; its last screen stays for a while and then ends without a countdown."""
        return replace(self, since=now, allowance=self.limits.done_screen)

    def phase(self, now: float) -> IdlePhase:
        """Where the clock stands at `now`."""
        idle = now - self.since
        if idle < self.allowance:
            return IdlePhase.ACTIVE
        if idle < self.allowance + self.limits.countdown:
            return IdlePhase.WARNING
        return IdlePhase.EXPIRED

    def seconds_left(self, now: float) -> int:
        """Whole seconds until the session ends, rounded up, for the countdown."""
        left = self.since + self.allowance + self.limits.countdown - now
        return max(0, int(-(-left // 1)))
