"""The real A4 driver under the real supervisor, and everything it told."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

from drivers.api.messages import Event, PrintDocument, PrintJobChanged, StatusChanged
from drivers.api.records import JobState
from drivers.api.status import AnyStatus
from drivers.device import Device, Ticket
from drivers.supervisor import BackOff, Supervisor

DEADLINE = 60.0

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


class Rig:
    """Runs `device` and collects its events."""

    def __init__(self, device: Device) -> None:
        self.events: list[Event] = []
        self._changed = threading.Condition()
        self._supervisor = Supervisor(
            device, self, allow_simulated=True, back_off=BackOff(first=0.05, ceiling=0.1, steady=10)
        )
        self._supervisor.start()

    def broadcast(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def submit(self, job: str, pdf: bytes = PDF, *, title: str = "民事起诉状", copies: int = 1) -> None:
        self._supervisor.submit(Ticket(PrintDocument(job, title, pdf, copies), self.broadcast))

    def wait_for(self, found: Callable[[Event], bool], after: int = 0) -> Event:
        end = time.monotonic() + DEADLINE
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
        return len(self.events)

    def end(self) -> None:
        assert self._supervisor.stop(), "the driver did not stop"
