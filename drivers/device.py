"""What a device driver is to the daemon: the `Device` protocol, the `Context` it runs in, the `Ticket` of a request.

A driver package exposes in its `device.py` a function `build(config: Mapping[str, object]) -> Device`, where `config`
is its section of the daemon's TOML file. `build` validates (raises ConfigurationError) and touches no hardware.

The supervisor (drivers/supervisor.py) owns the life of a device, in one thread of its own:

    open() -> run(context) -> close() -> wait (jittered back-off) -> open() ...

so a driver never retries a connection itself: it raises DeviceGoneError, is closed, and is opened anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from drivers.api.liveness import Ping
from drivers.api.messages import (
    AskJob,
    CancelRequest,
    CaptureFailed,
    CapturePage,
    CodeReadFailed,
    Event,
    IdentityReadFailed,
    PageTaken,
    PrintDocument,
    PrintJobChanged,
    PrintSlip,
    ReadCode,
    ReadIdentity,
    Request,
    ScanEnded,
    ScanPages,
    StartPreview,
    StopPreview,
)
from drivers.api.records import CaptureFailure, CodeFailure, JobState, ReadFailure, ScanEnd
from drivers.api.status import AnyStatus, DeviceClass


class ConfigurationError(Exception):
    """A section of the daemon's configuration is wrong; the text names the key, in one line."""


class DeviceGoneError(Exception):
    """The device is not there, stopped answering, or failed its handshake. The text is for the attendant, one line,
    without personal data; it becomes `Disconnected.reason`."""


class Ticket:
    """One request of one client. Thread-safe. `received` is the monotonic second it came in."""

    def __init__(self, request: Request, answer: Callable[[Event], None], received: float = 0.0) -> None:
        self.request = request
        self.received = received
        self._answer = answer
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        """The client gave the request up (CancelRequest, StopPreview) or has left. Drivers look at it at least every
        0.2 s while they work on a ticket, and answer it with its CANCELLED failure. Printing is never cancelled."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Mark the request as given up."""
        self._cancelled.set()

    def reply(self, event: Event) -> None:
        """Send `event` to the client that asked, and to no other. Never blocks or raises; nothing happens when the
        client has left. May be called many times (preview frames)."""
        self._answer(event)


class Context(Protocol):
    """What the supervisor gives to a running device."""

    @property
    def stopping(self) -> bool:
        """True once the device shall end; `run` then returns within one second."""
        ...

    def next_ticket(self, timeout: float) -> Ticket | None:
        """The next request for this device, None after `timeout` seconds (0 polls) or when stopping."""
        ...

    def wait(self, seconds: float) -> bool:
        """Sleep; returns True at once when stopping."""
        ...

    def publish(self, status: AnyStatus) -> None:
        """Tell the status. Equal repetitions are neither sent nor logged, so call it as often as you like."""
        ...

    def emit(self, event: Event) -> None:
        """Send `event` to every client (CardInserted, SlipWidth, PrintJobChanged). SlipWidth is kept and told to
        every later client as well."""
        ...


class Device(Protocol):
    """One device. All methods but `close` are called from the supervisor's thread for this device, one at a time."""

    @property
    def device_class(self) -> DeviceClass:
        """Which of the terminal's devices this is."""
        ...

    @property
    def stable_id(self) -> str:
        """By-id path, USB serial number or URI; never a bare ttyUSBn. Empty while unknown."""
        ...

    @property
    def simulated(self) -> bool:
        """True when the device is known not to be hardware (drivers/endpoint.py tells for a port or URL). Asked before
        and after open(); a provisioned terminal refuses such a device."""
        ...

    def open(self) -> None:
        """Find, connect and shake hands. Raises DeviceGoneError (any OSError or termios.error counts as one)."""
        ...

    def run(self, context: Context) -> None:
        """Publish the first status, then serve tickets until `context.stopping`. Raises DeviceGoneError when the
        device goes away; answers the ticket in hand before that."""
        ...

    def close(self) -> None:
        """Release everything. Called after every open(), also a failed one, and, when `run` overstays the stop
        deadline, from another thread to wake it. Idempotent, never raises."""
        ...

    def away(self, ticket: Ticket, context: Context) -> None:
        """Take a request while the device is not open: answer it (`answer_unavailable` is the common way) or keep it
        in the device's own queue for the next `run`."""
        ...


@runtime_checkable
class JobKeeper(Protocol):
    """A device that keeps print jobs. `job_state` is called from the daemon's threads."""

    def job_state(self, job: str) -> PrintJobChanged | None:
        """What became of `job`; None for a job this device has never seen."""
        ...


def device_class_of(request: Request) -> DeviceClass | None:
    """Which device a request is for; None for those the daemon answers itself (AskJob, CancelRequest, StopPreview,
    Ping)."""
    match request:
        case ReadIdentity():
            return DeviceClass.ID_READER
        case PrintSlip():
            return DeviceClass.RECEIPT_PRINTER
        case PrintDocument():
            return DeviceClass.DOCUMENT_PRINTER
        case StartPreview() | CapturePage():
            return DeviceClass.DOCUMENT_CAMERA
        case ScanPages() | PageTaken():
            return DeviceClass.PAGE_SCANNER
        case ReadCode():
            return DeviceClass.CODE_SCANNER
        case AskJob() | CancelRequest() | StopPreview() | Ping():
            return None


def answer_unavailable(ticket: Ticket, detail: str = "") -> None:
    """Answer a request whose device is not there. `detail` goes to the attendant with a failed print job."""
    match ticket.request:
        case ReadIdentity(request=request):
            failure = ReadFailure.CANCELLED if ticket.cancelled else ReadFailure.READER_GONE
            ticket.reply(IdentityReadFailed(request, failure))
        case CapturePage(request=request):
            ticket.reply(
                CaptureFailed(request, CaptureFailure.CANCELLED if ticket.cancelled else CaptureFailure.NO_CAMERA)
            )
        case ScanPages(request=request, resume_from=first):
            reason = ScanEnd.CANCELLED if ticket.cancelled else ScanEnd.NO_SCANNER
            ticket.reply(ScanEnded(request, reason, first - 1))
        case ReadCode(request=request):
            ticket.reply(
                CodeReadFailed(request, CodeFailure.CANCELLED if ticket.cancelled else CodeFailure.SCANNER_GONE)
            )
        case PrintSlip(job=job) | PrintDocument(job=job):
            ticket.reply(PrintJobChanged(job, JobState.FAILED, detail or "device not available"))
        case AskJob() | CancelRequest() | StartPreview() | StopPreview() | PageTaken() | Ping():
            pass  # no answer is due: a preview without a camera shows no frames, and the status says why
