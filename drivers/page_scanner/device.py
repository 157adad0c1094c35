"""The page scanner as a device of the daemon: pages from a scanning process that can be killed at any moment."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.api.messages import CancelRequest, PageScanned, PageTaken, ScanEnded, ScanPages
from drivers.api.records import ScanEnd
from drivers.api.status import (
    AnyStatus,
    DeviceClass,
    FeederState,
    ScannerBusy,
    ScannerHung,
    ScannerNeedsAttention,
    ScannerReady,
)
from drivers.device import ConfigurationError, Context, Device, DeviceGoneError, Ticket, answer_unavailable
from drivers.page_scanner.names import AUTO, check_name, looks_simulated
from drivers.page_scanner.process import ScanningProcess
from drivers.page_scanner.reports import Looked, Opened, Refused, ScannerReport, Working

OPEN_SECONDS = 25.0
"""SANE looks at every USB device where a scanner is named `auto` or `usb:`."""

PAGE_SECONDS = 60.0
CANCEL_SECONDS = 6.0
"""Until a scan that was called off must have stopped; airscan itself waits for its answer."""

TAKE_SECONDS = 120.0
"""Until a page that was told must be taken."""

IDLE_SECONDS = 20.0
"""Without a look at the idle scanner, of which the process makes one every second."""

LEAVE_SECONDS = 1.5
_KEYS = {"device", "page_seconds"}
_LOOK = 0.05  # seconds between two looks at tickets while the scanner is quiet


@dataclass(frozen=True)
class Limits:
    """Seconds: `page` without anything from the scanner while it scans, `cancel` until it must have stopped, `take`
    until a page must have been taken, `open` until it must have been opened, `idle` without news between scans."""

    page: float = PAGE_SECONDS
    cancel: float = CANCEL_SECONDS
    take: float = TAKE_SECONDS
    open: float = OPEN_SECONDS
    idle: float = IDLE_SECONDS


@dataclass
class _Scan:
    """The scan under way. `answered`: whoever asked was told its end already, and the scanner is stopping."""

    ticket: Ticket
    wanted: ScanPages
    deadline: float
    sent: int
    taken: int
    answered: bool = False

    def answer(self, reason: ScanEnd, pages: int | None = None) -> None:
        """Tell its end, once."""
        if not self.answered:
            self.answered = True
            self.ticket.reply(ScanEnded(self.wanted.request, reason, self.sent if pages is None else pages))


class PageScanner:
    """A scanner behind a scanning process."""

    device_class = DeviceClass.PAGE_SCANNER

    def __init__(
        self,
        device: str,
        *,
        limits: Limits | None = None,
        start: Callable[[str], ScanningProcess] = ScanningProcess,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._device = device
        self._limits = limits or Limits()
        self._start = start
        self._clock = clock
        self._child: ScanningProcess | None = None
        self._abilities = Opened(flatbed=False, feeder=False, duplex=False)
        self._looked = Looked()
        self._scan: _Scan | None = None
        self._waiting: deque[Ticket] = deque()
        self._heard = 0.0
        self.stable_id = "" if device == AUTO else device

    @property
    def simulated(self) -> bool:
        """True for a loopback address and for SANE's own test backends; `auto` passes them over."""
        return looks_simulated(self._device)

    def open(self) -> None:
        """Start the scanning process; that it opens the scanner is the handshake."""
        child = self._child = self._start(self._device)
        ends = self._clock() + self._limits.open
        while (left := ends - self._clock()) > 0:
            match child.report(min(left, 0.2)):
                case Opened() as abilities:
                    self._abilities, self._looked, self._heard = abilities, Looked(), self._clock()
                    return
                case Refused(reason=reason):
                    raise DeviceGoneError(reason)
                case _:
                    if child.ended or self._child is None:
                        raise DeviceGoneError("the scanning process ended")
        raise DeviceGoneError("the scanner cannot be opened in time")

    def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.leave(LEAVE_SECONDS)

    def away(self, ticket: Ticket, context: Context) -> None:  # noqa: ARG002 - there is nothing to tell anyone else
        """No scan without a scanner."""
        answer_unavailable(ticket)

    def run(self, context: Context) -> None:
        try:
            while not context.stopping:
                context.publish(self._status())
                self._serve(context)
        finally:
            stopped = ScanEnd.CANCELLED if context.stopping else ScanEnd.NO_SCANNER
            if self._scan is not None:
                self._scan.answer(ScanEnd.CANCELLED if self._scan.ticket.cancelled else stopped)
            self._scan = None
            while self._waiting:
                answer_unavailable(self._waiting.popleft())

    def _status(self) -> AnyStatus:
        if self._scan is not None:
            return ScannerBusy()
        if self._looked.fault is not None:
            return ScannerNeedsAttention(self._looked.fault)
        if self._looked.busy:
            return ScannerBusy()
        feeder = self._looked.feeder if self._abilities.feeder else FeederState.NONE
        return ScannerReady(self._abilities.flatbed, feeder, self._abilities.duplex)

    def _serve(self, context: Context) -> None:
        """One look at the process, the requests and the clock. Raises DeviceGoneError."""
        child = self._child
        if child is None:
            raise DeviceGoneError("closed")
        report = child.report(_LOOK)
        while report is not None:
            self._hear(report)
            report = child.report(0)
        if child.ended:
            raise DeviceGoneError("the scanning process ended")
        self._take_tickets(context)
        if self._scan is not None:
            self._watch(self._scan, child, context)
        elif self._clock() - self._heard > self._limits.idle:
            self._replace(context)
        while self._scan is None and self._waiting:
            self._begin(self._waiting.popleft())

    def _hear(self, report: ScannerReport) -> None:
        scan, now = self._scan, self._clock()
        self._heard = now
        match report:
            case Opened() as abilities:
                self._abilities = abilities
            case Looked() as looked:
                self._looked = looked
            case Working():
                if scan is not None and not scan.answered:
                    scan.deadline = now + self._limits.page
            case PageScanned(request=request, number=number):
                if scan is not None and scan.wanted.request == request and not scan.answered:
                    scan.sent = number
                    scan.deadline = now + self._limits.take
                    scan.ticket.reply(report)
            case ScanEnded(request=request, reason=reason, pages=pages):
                if scan is not None and scan.wanted.request == request:
                    scan.answer(ScanEnd.CANCELLED if scan.ticket.cancelled else reason, pages)
                    self._scan = None
            case Refused(reason=reason):
                raise DeviceGoneError(reason)

    def _take_tickets(self, context: Context) -> None:
        while (ticket := context.next_ticket(0)) is not None:
            match ticket.request:
                case ScanPages(request=request, resume_from=first):
                    if self._waiting or (self._scan is not None and not self._scan.answered):
                        ticket.reply(ScanEnded(request, ScanEnd.BUSY, first - 1))
                    else:
                        self._waiting.append(ticket)
                case PageTaken(request=request, number=number) as order:
                    scan = self._scan
                    if scan is not None and self._child is not None and scan.wanted.request == request:
                        scan.taken = max(scan.taken, min(number, scan.sent))
                        scan.deadline = self._clock() + self._limits.page
                        self._child.order(order)
                case _:
                    answer_unavailable(ticket)

    def _begin(self, ticket: Ticket) -> None:
        wanted = ticket.request
        if ticket.cancelled or not isinstance(wanted, ScanPages):
            answer_unavailable(ticket)
            return
        before = wanted.resume_from - 1
        self._scan = _Scan(ticket, wanted, self._clock() + self._limits.page, sent=before, taken=before)
        if self._child is not None:
            self._child.order(wanted)

    def _watch(self, scan: _Scan, child: ScanningProcess, context: Context) -> None:
        """Call off what nobody wants, and replace a process from which nothing comes."""
        now = self._clock()
        if scan.ticket.cancelled and not scan.answered:
            self._call_off(scan, child, ScanEnd.CANCELLED)
        elif now <= scan.deadline:
            return
        elif scan.taken < scan.sent and not scan.answered:
            self._call_off(scan, child, ScanEnd.NOT_TAKEN)
        else:
            scan.answer(ScanEnd.HUNG)
            self._replace(context)

    def _replace(self, context: Context) -> None:
        """End the process, whatever it waits for, and begin with a new one. Raises DeviceGoneError."""
        self._scan = None
        context.publish(ScannerHung())
        self.close()
        self.open()

    def _call_off(self, scan: _Scan, child: ScanningProcess, reason: ScanEnd) -> None:
        """Whoever asked is told at once; the scanner has its time to stop."""
        child.order(CancelRequest(scan.wanted.request))
        scan.answer(reason)
        scan.deadline = self._clock() + self._limits.cancel


def build(config: Mapping[str, object]) -> Device:
    """The scanner of one configuration section. Raises ConfigurationError.

    Keys: `device` (drivers/page_scanner/names.py), `page_seconds` without anything from the scanner while it scans
    before the scanning process is replaced.
    """
    unknown = sorted(set(config) - _KEYS)
    if unknown:
        raise ConfigurationError(f"page_scanner: there is no key {unknown[0]}")
    device = config.get("device", AUTO)
    if not isinstance(device, str):
        raise ConfigurationError("page_scanner: device is an http address, usb:VID:PID, a SANE name or auto")
    seconds = config.get("page_seconds", PAGE_SECONDS)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 5 <= seconds <= 600:
        raise ConfigurationError("page_scanner: page_seconds is a number from 5 to 600")
    return PageScanner(check_name(device), limits=Limits(page=float(seconds)))
