"""Whether a program that runs also works: it is pinged, and one that leaves the pings unanswered for long hangs.

Pulse decides, in an injected monotonic time; Watcher carries ping and pong over the program's own socket.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from drivers.api.liveness import AnyMessage, Ping
from kiosk.clock import Clock
from kiosk.link import Link, LinkDownError


@dataclass(frozen=True, slots=True)
class PulseRules:
    """How often a program is asked and how long it may owe the answer, in seconds."""

    every: float = 5.0
    silence: float = 20.0
    """A program that listens and has not answered for so long hangs."""
    starting: float = 300.0
    """The same for one that does not listen yet: an agent checks its whole database first."""


class Finding(Enum):
    """What one look at a program says."""

    FINE = "fine"
    ASK = "ask"
    HUNG = "hung"


class Pulse:
    """One run of one program. `now` is monotonic, in seconds, and never runs backwards."""

    def __init__(self, rules: PulseRules, now: float) -> None:
        self._rules = rules
        self._listens = False
        self._since = now
        self._owes = False
        self._ask_at = now

    def connected(self, now: float) -> None:
        """It listens, now or again. Only the first time counts as a sign of life; what was asked before is lost."""
        if not self._listens:
            self._listens, self._since = True, now
        self._owes, self._ask_at = False, now

    def answered(self, now: float) -> None:
        """A pong came."""
        self._owes, self._since = False, now

    def look(self, now: float) -> Finding:
        """What to do now. At most one ping is on its way, so that those of a program that hangs never fill its
        socket; ASK says that one more is due, and `unsent` that it could not be sent."""
        if now - self._since > (self._rules.silence if self._listens else self._rules.starting):
            return Finding.HUNG
        if self._owes or now < self._ask_at:
            return Finding.FINE
        self._owes, self._ask_at = True, now + self._rules.every
        return Finding.ASK

    def unsent(self) -> None:
        """Nobody listens: the ping stays due."""
        self._owes = False

    def excuse(self, now: float) -> None:
        """The watcher itself did not run until now: answers may lie unread, so the time starts anew."""
        self._since = now


class Watcher:
    """Pings one run of the program that serves, or soon will serve, the socket `path`."""

    def __init__(self, path: Path, rules: PulseRules, clock: Clock) -> None:
        self._clock = clock
        self._pulse = Pulse(rules, clock.monotonic())
        self._link: Link[AnyMessage, Ping] = Link(path, AnyMessage, self._heard, self._up)
        self._link.start()

    def hung(self) -> bool:
        """Look at it, and ping it where that is due; true for a program that hangs."""
        match self._pulse.look(self._clock.monotonic()):
            case Finding.HUNG:
                return True
            case Finding.ASK:
                try:
                    self._link.send(Ping())
                except LinkDownError:
                    self._pulse.unsent()
            case Finding.FINE:
                pass
        return False

    def excuse(self) -> None:
        """The launcher itself did not run until now."""
        self._pulse.excuse(self._clock.monotonic())

    def stop(self) -> None:
        """Ask no more."""
        self._link.stop()

    def _up(self, connected: bool) -> None:
        if connected:
            self._pulse.connected(self._clock.monotonic())

    def _heard(self, message: AnyMessage) -> None:
        if message.is_pong:
            self._pulse.answered(self._clock.monotonic())
