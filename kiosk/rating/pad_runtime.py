"""Runs one pad: feeds events to its flow and hands effects to their runner. Single-threaded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from kiosk.clock import Clock
from kiosk.rating.pad import transition
from kiosk.rating.pad_events import Effect, Event, MoreTime, PersonEvent, Tick, Touched
from kiosk.rating.pad_state import Pad, PadLimits

STALL_SECONDS = 2.0


class PadRuntime:
    """`run` begins an effect and must not block; `on_change` is called after every change of the pad."""

    def __init__(
        self, *, run: Callable[[Effect], None], clock: Clock, limits: PadLimits, on_change: Callable[[Pad], None]
    ) -> None:
        self.pad = Pad()
        self.limits = limits
        self._run = run
        self._clock = clock
        self._on_change = on_change
        self._waiting: deque[Event] = deque()
        self._dispatching = False
        self._ticked = clock.monotonic()

    def dispatch(self, event: Event) -> None:
        """Let `event` happen; events raised meanwhile wait for their turn."""
        self._waiting.append(event)
        if self._dispatching:
            return
        self._dispatching = True
        try:
            while self._waiting:
                self._handle(self._waiting.popleft())
        finally:
            self._dispatching = False

    def tick(self) -> None:
        """Look at the clock; call several times a second. Where that was not possible, this process stood still, and
        nobody was given the time that has passed: what they did meanwhile comes only now."""
        now, before = self._clock.monotonic(), self._ticked
        self._ticked = now
        if now - before <= STALL_SECONDS:
            self.dispatch(Tick())
        else:
            self.dispatch(Touched() if self.pad.left is None else MoreTime())

    def _handle(self, event: Event) -> None:
        before = self.pad
        step = transition(before, event, self._clock.monotonic(), self.limits)
        self.pad = step.pad
        for effect in step.effects:
            self._run(effect)
        if step.pad is not before or isinstance(event, PersonEvent):
            self._on_change(step.pad)
