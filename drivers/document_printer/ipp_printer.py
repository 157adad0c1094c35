"""An IPP printer or CUPS queue: one document after the other, followed until the printer has finished it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drivers.api.messages import PrintDocument, PrintJobChanged
from drivers.api.records import JobState
from drivers.api.status import DeviceClass, QueueStopped
from drivers.device import Context, DeviceGoneError, Ticket, answer_unavailable
from drivers.document_printer.client import AnswerLostError, IppClient
from drivers.document_printer.protocol import IppRefusedError, JobTold, NotIppError, PrinterTold
from drivers.endpoint import is_simulated
from drivers.print_jobs import ENDING, NOT_CONNECTED, PrintQueue

LOOK_PAUSE = 2.0
"""Seconds between two looks at an idle printer."""

FOLLOW_PAUSE = 0.5
"""Seconds between two looks at a job."""

QUEUE_SECONDS = 300.0
"""How long a document waits for paper, here or at the printer. Then it is given up: it holds names and addresses and
must not come out behind the person's back."""

MAX_COPIES = 20


@dataclass
class _AtPrinter:
    """The job the printer has, by our number and its own. `well` is when it last went on without trouble."""

    job: str
    number: int
    well: float


class IppPrinter:
    """The printer at `uri`. Raises ConfigurationError for a URI that is none."""

    device_class = DeviceClass.DOCUMENT_PRINTER

    def __init__(
        self,
        uri: str,
        authority: Path | None = None,
        *,
        queue_seconds: float = QUEUE_SECONDS,
        look_pause: float = LOOK_PAUSE,
        follow_pause: float = FOLLOW_PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.stable_id = uri
        self._authority = authority
        self._queue_seconds = queue_seconds
        self._look_pause = look_pause
        self._follow_pause = follow_pause
        self._clock = clock
        self._jobs = PrintQueue(PrintDocument, seconds=queue_seconds, clock=clock)
        self._at_printer: _AtPrinter | None = None
        IppClient(uri, authority).close()  # refuses a wrong URI or certificate file now
        self._client: IppClient | None = None

    @property
    def simulated(self) -> bool:
        """True for a printer on a loopback address. A CUPS queue of this machine is one too: name the printer's own
        address."""
        return is_simulated(self.stable_id)

    def job_state(self, job: str) -> PrintJobChanged | None:
        """What became of `job`; None for one never seen."""
        return self._jobs.state(job)

    def open(self) -> None:
        """Connect and ask for the printer's state."""
        self._expire(NOT_CONNECTED)
        self._client = IppClient(self.stable_id, self._authority)
        self._look()

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def away(self, ticket: Ticket, context: Context) -> None:
        """Keep the document until the printer is back."""
        if context.stopping:
            answer_unavailable(ticket, ENDING)
            return
        self._accept(ticket, context, NOT_CONNECTED)

    def run(self, context: Context) -> None:
        self._jobs.tell_through(context)
        try:
            while not context.stopping:
                told = self._look()
                context.publish(told.status)
                if self._at_printer is not None:
                    self._follow(self._at_printer, told)
                else:
                    self._submit(told)
                self._expire(", ".join(told.reasons) or "the printer is busy")
                self._take(context)
        finally:
            if context.stopping:
                self._end_all()

    def _connected(self) -> IppClient:
        if self._client is None:  # closed by the supervisor, whose patience had ended
            raise DeviceGoneError(f"{self.stable_id}: closed")
        return self._client

    def _look(self) -> PrinterTold:
        try:
            return self._connected().printer()
        except (NotIppError, IppRefusedError) as error:
            raise DeviceGoneError(f"{self.stable_id}: {error}") from error

    # -- jobs

    def _take(self, context: Context) -> None:
        """New documents; waits for one when nothing else is to be done."""
        busy = self._at_printer is not None or self._jobs.first() is not None
        timeout = self._follow_pause if busy else self._look_pause
        while (ticket := context.next_ticket(timeout)) is not None:
            self._accept(ticket, context)
            timeout = 0

    def _accept(self, ticket: Ticket, context: Context, detail: str = "") -> None:
        request = self._jobs.accept(ticket, context)
        if request is None:
            return
        if not request.pdf.startswith(b"%PDF-"):
            self._jobs.change(request.job, JobState.FAILED, "the document is not a PDF")
        elif not 1 <= request.copies <= MAX_COPIES:
            self._jobs.change(request.job, JobState.FAILED, f"{request.copies} copies were asked for")
        elif detail:
            self._jobs.change(request.job, JobState.QUEUED, detail)

    def _submit(self, told: PrinterTold) -> None:
        """Hand over the first document that waits, if the printer can print."""
        waiting = self._jobs.first()
        if waiting is None:
            return
        if isinstance(told.status, QueueStopped):
            self._jobs.change(waiting.job, JobState.QUEUED, ", ".join(told.reasons) or "the printer accepts no jobs")
            return
        document = waiting.payload
        try:
            at = self._connected().print_pdf(document.title, document.copies, document.pdf)
        except IppRefusedError as error:
            state = JobState.QUEUED if error.busy else JobState.FAILED
            self._jobs.change(waiting.job, state, f"the printer refused: {error}")
        except (AnswerLostError, NotIppError) as error:
            self._jobs.change(waiting.job, JobState.SENDING)
            self._jobs.change(waiting.job, JobState.UNKNOWN, f"the answer was lost: {error}")
            raise DeviceGoneError(str(error)) from error
        else:
            self._at_printer = _AtPrinter(waiting.job, at.number, self._clock())
            self._jobs.change(waiting.job, JobState.SENDING)
            self._told(self._at_printer, at)

    def _follow(self, at: _AtPrinter, printer: PrinterTold) -> None:
        try:
            told = self._connected().job(at.number)
        except IppRefusedError as error:
            if not error.forgotten:
                raise DeviceGoneError(f"{self.stable_id}: {error}") from error
            self._finish(at, JobState.UNKNOWN, "the printer does not know the job any more")
            return
        except NotIppError as error:
            raise DeviceGoneError(f"{self.stable_id}: {error}") from error
        if not isinstance(printer.status, QueueStopped):
            at.well = self._clock()
            self._told(at, told)
        elif told.state is not JobState.SENDING:
            self._told(at, told)
        else:
            reasons = ", ".join(printer.reasons)
            self._jobs.change(at.job, JobState.SENDING, reasons)
            if self._clock() - at.well > self._queue_seconds:
                with contextlib.suppress(IppRefusedError, NotIppError):  # too late to cancel; the next look tells
                    self._connected().cancel(at.number)
                self._finish(at, JobState.UNKNOWN, f"given up: {reasons}")

    def _told(self, at: _AtPrinter, told: JobTold) -> None:
        if told.state is JobState.SENDING:
            self._jobs.change(at.job, JobState.SENDING, told.detail)
        else:
            self._finish(at, told.state, told.detail)

    def _finish(self, at: _AtPrinter, state: JobState, detail: str) -> None:
        self._at_printer = None
        self._jobs.change(at.job, state, detail)

    def _expire(self, reason: str) -> None:
        self._jobs.expire(reason)
        at = self._at_printer
        if at is not None and self._client is None and self._clock() - at.well > self._queue_seconds:
            self._finish(at, JobState.UNKNOWN, reason)

    def _end_all(self) -> None:
        if self._at_printer is not None:
            self._finish(self._at_printer, JobState.UNKNOWN, ENDING)
        self._jobs.end()
