"""Numbered print jobs, for every printer: a job is printed once, whatever happens to the cable.

    QUEUED --> SENDING --> SETTLED   the printer confirmed it
       |          |------> UNKNOWN   bytes were sent and nobody knows what became of them; never printed again
       |          '------> FAILED    the printer said that it did not print
       '-----------------> FAILED    nothing was sent

A job number that comes in again is not printed again; only a FAILED one may be, because nothing is on paper. The
numbers are remembered as long as the device program lives.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from drivers.api.messages import PrintDocument, PrintJobChanged, PrintSlip
from drivers.api.records import JobState
from drivers.device import Context, Ticket, answer_unavailable

Payload = TypeVar("Payload")
Asked = TypeVar("Asked", PrintSlip, PrintDocument)

ENDING = "the device program is ending"
NOT_CONNECTED = "the printer is not connected"

_NEXT = {
    JobState.QUEUED: frozenset({JobState.QUEUED, JobState.SENDING, JobState.FAILED}),
    JobState.SENDING: frozenset({JobState.SENDING, JobState.SETTLED, JobState.UNKNOWN, JobState.FAILED}),
    JobState.SETTLED: frozenset[JobState](),
    JobState.FAILED: frozenset[JobState](),  # asked for again, it begins anew in `accept`
    JobState.UNKNOWN: frozenset[JobState](),
}


@dataclass(frozen=True, slots=True)
class Queued(Generic[Payload]):
    """A job that waits; `since` is the monotonic second it came in."""

    job: str
    payload: Payload
    since: float


class JobBook(Generic[Payload]):
    """The jobs of one printer, in order. Thread-safe. A job that is being sent waits no more: its
    payload is the sender's, and no fault can bring it up a second time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[str, PrintJobChanged] = {}
        self._waiting: OrderedDict[str, Queued[Payload]] = OrderedDict()

    def accept(self, job: str, payload: Payload, now: float) -> tuple[bool, PrintJobChanged]:
        """Queue a job. Returns False with the present state when it is here already or was printed."""
        with self._lock:
            known = self._states.get(job)
            if known is not None and known.state is not JobState.FAILED:
                return False, known
            self._waiting[job] = Queued(job, payload, now)
            self._states[job] = PrintJobChanged(job, JobState.QUEUED)
            return True, self._states[job]

    def first(self) -> Queued[Payload] | None:
        """The job to print next, None when nothing waits."""
        with self._lock:
            return next(iter(self._waiting.values()), None)

    def waiting(self) -> list[Queued[Payload]]:
        """All jobs that wait, in order."""
        with self._lock:
            return list(self._waiting.values())

    def change(self, job: str, state: JobState, detail: str = "", saved_as: str = "") -> PrintJobChanged | None:
        """Record a state; None when it is the present one, told already. Raises ValueError for a step that a job
        cannot take (see above)."""
        changed = PrintJobChanged(job, state, detail, saved_as)
        with self._lock:
            present = self._states[job]
            if changed == present:
                return None
            if state not in _NEXT[present.state]:
                raise ValueError(f"a print job cannot go from {present.state} to {state}")
            self._states[job] = changed
            if state is not JobState.QUEUED:
                self._waiting.pop(job, None)
            return changed

    def state(self, job: str) -> PrintJobChanged | None:
        """What became of `job`; None for one never seen."""
        with self._lock:
            return self._states.get(job)


class PrintQueue(Generic[Asked]):
    """The requests of one `kind` that wait for a printer, and the telling of what becomes of each.

    A job that waits longer than `seconds` is given up: whoever stood there has left, and papers must not come out
    behind their back.
    """

    def __init__(self, kind: type[Asked], *, seconds: float, clock: Callable[[], float]) -> None:
        self._kind: type[Asked] = kind
        self._seconds = seconds
        self._clock = clock
        self._book: JobBook[Asked] = JobBook()
        self._emit: Callable[[PrintJobChanged], None] | None = None

    def state(self, job: str) -> PrintJobChanged | None:
        """What became of `job`; None for one never seen."""
        return self._book.state(job)

    def first(self) -> Queued[Asked] | None:
        """The job to print next, None when nothing waits."""
        return self._book.first()

    def tell_through(self, context: Context) -> None:
        """From now on tell changes through `context`."""
        self._emit = context.emit

    def accept(self, ticket: Ticket, context: Context) -> Asked | None:
        """Queue what `ticket` asks for, once; the request, None where there is nothing (more) to be done for it."""
        request = ticket.request
        if not isinstance(request, self._kind):
            answer_unavailable(ticket)
            return None
        self.tell_through(context)
        new, state = self._book.accept(request.job, request, self._clock())
        if not new:
            ticket.reply(state)
            return None
        context.emit(state)
        return request

    def change(self, job: str, state: JobState, detail: str = "") -> None:
        """Record a state and tell it, if it is another."""
        changed = self._book.change(job, state, detail)
        if changed is not None and self._emit is not None:
            self._emit(changed)

    def expire(self, reason: str) -> None:
        """Give up what has waited too long because of `reason`."""
        for waiting in self._book.waiting():
            if self._clock() - waiting.since > self._seconds:
                self.change(waiting.job, JobState.FAILED, f"not printed in {self._seconds:.0f} s: {reason}")

    def end(self) -> None:
        """Give up everything: the device program is ending."""
        for waiting in self._book.waiting():
            self.change(waiting.job, JobState.FAILED, ENDING)
