"""Runs one session: feeds events to the flow, hands effects to their runner, and watches the idle clock.

Single-threaded. A runner that works in the background brings its results back by calling `dispatch` in the thread that
owns the runtime (the window posts them to its own loop).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from kiosk.clock import Clock
from kiosk.flow.effects import Effect, EndSession, ExtendTime, HoldPlace
from kiosk.flow.events import Event, IdleExpired, IdleWarned, PersonEvent
from kiosk.flow.journey import Journey, Overlay
from kiosk.flow.stage import DONE_STAGES, Outcome
from kiosk.flow.transition import transition
from kiosk.flow.world import World
from kiosk.session.idle import IdleClock, IdleLimits, IdlePhase
from kiosk.session.session import Session


class EffectRunner(Protocol):
    """Does what the flow asks. Must not block; results come back through the runtime's `dispatch`."""

    def run(self, effect: Effect, session: Session) -> None:
        """Begin `effect` for `session`."""
        ...


class Runtime:
    """One session from the idle picture to its end. `on_change` is called after every transition, `on_end` once."""

    def __init__(
        self,
        session: Session,
        *,
        world: Callable[[], World],
        runner: EffectRunner,
        clock: Clock,
        limits: IdleLimits,
        on_change: Callable[[Journey], None],
        on_end: Callable[[Outcome], None],
    ) -> None:
        self.session = session
        self._world = world
        self._runner = runner
        self._clock = clock
        self._idle = IdleClock.start(limits, clock.monotonic())
        self._phase = IdlePhase.ACTIVE
        self._on_change = on_change
        self._on_end = on_end
        self._waiting: deque[Event] = deque()
        self._dispatching = False

    def dispatch(self, event: Event) -> None:
        """Let `event` happen. Events raised while another is being handled wait for their turn; after the session has
        ended they are dropped, since a late answer belongs to nobody."""
        self._waiting.append(event)
        if self._dispatching:
            return
        self._dispatching = True
        try:
            while self._waiting and not self.session.ended:
                self._handle(self._waiting.popleft())
        finally:
            self._dispatching = False

    def _handle(self, event: Event) -> None:
        before = self.session.journey
        step = transition(before, event, self._world())
        self.session.journey = step.journey
        if isinstance(event, PersonEvent) and step.journey.overlay is not Overlay.IDLE:
            self._person_is_here(step.journey)
        elif step.journey.stage is not before.stage and step.journey.stage in DONE_STAGES:
            self._idle = self._idle.finished(self._clock.monotonic())
        ended: Outcome | None = None
        for effect in step.effects:
            match effect:
                case ExtendTime():
                    self._idle = self._idle.extended(self._clock.monotonic())
                    self._phase = IdlePhase.ACTIVE
                case HoldPlace():
                    self._idle = self._idle.held(self._clock.monotonic())
                    self._phase = IdlePhase.ACTIVE
                case EndSession(outcome):
                    ended = outcome
                case _:
                    self._runner.run(effect, self.session)
        self._on_change(step.journey)
        if ended is not None:
            self.session.end()
            self._on_end(ended)

    def _person_is_here(self, journey: Journey) -> None:
        now = self._clock.monotonic()
        done = journey.stage in DONE_STAGES
        self._idle = self._idle.finished(now) if done else self._idle.touched(now)
        self._phase = IdlePhase.ACTIVE

    def presence(self) -> None:
        """Somebody touched the screen without it meaning anything (a letter typed, a page scrolled)."""
        if self._phase is IdlePhase.ACTIVE:
            self._idle = self._idle.touched(self._clock.monotonic())

    def tick(self) -> None:
        """Look at the idle clock; call about four times a second."""
        if self.session.ended:
            return
        phase = self._idle.phase(self._clock.monotonic())
        if phase is self._phase:
            return
        self._phase = phase
        match phase:
            case IdlePhase.WARNING:
                self.dispatch(IdleWarned())
            case IdlePhase.EXPIRED:
                self.dispatch(IdleExpired())
                self._after_expiry()
            case IdlePhase.ACTIVE:
                pass

    def _after_expiry(self) -> None:
        # A public screen only returns to the idle picture, and a hand-in is waited for: both start the clock anew.
        if not self.session.ended:
            self._idle = self._idle.touched(self._clock.monotonic())
            self._phase = IdlePhase.ACTIVE

    def seconds_left(self) -> int:
        """Seconds until the session ends, for the countdown."""
        return self._idle.seconds_left(self._clock.monotonic())
