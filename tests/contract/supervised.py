"""A driver under the real supervisor, and everything it told."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

from drivers.api.messages import Event, PrintJobChanged, StatusChanged
from drivers.api.records import JobState
from drivers.api.status import AnyStatus
from drivers.device import Device, Ticket
from drivers.supervisor import BackOff, Supervisor


class Supervised:
    """Runs `device` and collects its events. What is waited for must come within `deadline` seconds."""

    def __init__(self, device: Device, *, deadline: float) -> None:
        self.events: list[Event] = []
        self._deadline = deadline
        self._changed = threading.Condition()
        self._supervisor = Supervisor(
            device, self, allow_simulated=True, back_off=BackOff(first=0.05, ceiling=0.1, steady=10)
        )
        self._supervisor.start()

    def broadcast(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def hand_in(self, ticket: Ticket) -> None:
        """Give the driver something to do."""
        self._supervisor.submit(ticket)

    def wait_for(self, found: Callable[[Event], bool], after: int = 0) -> Event:
        """The first event, from position `after` on, that `found` accepts; fails after the deadline."""
        end = time.monotonic() + self._deadline
        with self._changed:
            while True:
                event = next((event for event in itertools.islice(self.events, after, None) if found(event)), None)
                if event is not None:
                    return event
                left = end - time.monotonic()
                assert left > 0, f"never came; told were {self.events}"
                self._changed.wait(left)

    def wait_job(self, job: str, state: JobState, detail: str = "", after: int = 0) -> PrintJobChanged:
        event = self.wait_for(
            lambda e: isinstance(e, PrintJobChanged) and (e.job, e.state) == (job, state) and detail in e.detail, after
        )
        assert isinstance(event, PrintJobChanged)
        return event

    def wait_status(self, wanted: AnyStatus | type[AnyStatus], after: int = 0) -> None:
        def found(event: Event) -> bool:
            if not isinstance(event, StatusChanged):
                return False
            return isinstance(event.value, wanted) if isinstance(wanted, type) else event.value == wanted

        self.wait_for(found, after)

    @property
    def now(self) -> int:
        """The position of the next event, for `after`."""
        return len(self.events)

    def end(self) -> None:
        assert self._supervisor.stop(), "the driver did not stop"
