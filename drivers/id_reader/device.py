"""The identity card reader as a device of the daemon: watches for cards, reads one when asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import fields

from drivers.api.messages import CardInserted, CardRemoved, Event, IdentityRead, IdentityReadFailed, ReadIdentity
from drivers.api.records import ReadFailure
from drivers.api.status import CardPresent, DeviceClass, ReaderFault, ReaderReady
from drivers.device import ConfigurationError, Context, Device, DeviceGoneError, Ticket, answer_unavailable
from drivers.discovery import AUTO, check_port, resolve_port
from drivers.endpoint import is_simulated
from drivers.id_reader.protocol import BAUD_RATES
from drivers.id_reader.session import CardReadError, Limits, NoReplyError, SamFaultError, SamSession
from drivers.transports.serial_line import Line, LineLostError, SerialLine

SIMULATED_SAM = "00.00-"
"""Security module ids that begin so belong to simulators: no maker was given number zero."""

SILENCES_BEFORE_GONE = 3

EMPTY_PAUSE = 0.15
"""Seconds between two looks for a card. People feel a wait from about 0.2 s on; one look takes up to 0.1 s."""

PRESENT_PAUSE = 0.25

OpenLine = Callable[[str, int], Line]


class IdReader:
    """A SAM_V reader on `port` (see drivers/discovery.py for how ports are named). `session` exists once open."""

    device_class = DeviceClass.ID_READER
    session: SamSession

    def __init__(
        self,
        port: str,
        limits: Limits | None = None,
        open_line: OpenLine = SerialLine,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._port = port
        self._limits = limits or Limits()
        self._open_line = open_line
        self._clock = clock
        self._line: Line | None = None
        self._sam_id = ""
        self._fault: int | None = None
        self._silences = 0
        self._present = False
        self._found = False  # a card was found and nothing was asked of the reader since
        self._waiting: list[Ticket] = []
        self.stable_id = "" if port == AUTO else port

    @property
    def simulated(self) -> bool:
        """True for a pseudo-terminal, a loopback URL, or a security module with a simulator's id."""
        return is_simulated(self.stable_id or self._port) or self._sam_id.startswith(SIMULATED_SAM)

    def open(self) -> None:
        """Find the port and the rate, check the security module. A module that answers but refuses to work is there:
        `run` tells its fault."""
        port = resolve_port(self._port, self._answers)
        self.stable_id = port.stable_id
        self._line = self._open_line(port.path, BAUD_RATES[0])
        self.session = SamSession(self._line, self._limits, self._clock)
        self._fault, self._present, self._found, self._silences, self._sam_id = None, False, False, 0, ""
        try:
            self.session.detect_baud()
            self._sam_id = self.session.handshake()
        except NoReplyError as error:
            raise DeviceGoneError(f"{self.stable_id}: {error}") from error
        except SamFaultError as error:
            self._fault = error.code

    def _answers(self, path: str) -> bool:
        try:
            line = self._open_line(path, BAUD_RATES[0])
        except LineLostError:
            return False
        try:
            SamSession(line, self._limits, self._clock).detect_baud()
        except (NoReplyError, LineLostError):
            return False
        finally:
            line.close()
        return True

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def away(self, ticket: Ticket, context: Context) -> None:  # noqa: ARG002 - nothing to tell anyone else
        """A reader that is not there reads nothing."""
        answer_unavailable(ticket)

    def run(self, context: Context) -> None:
        try:
            while not context.stopping:
                self._take_tickets(context)
                self._step(context)
                self._expire()
                self._take_ticket(context, self._pause())
        except DeviceGoneError:
            self._answer_all(ReadFailure.READER_GONE)
            raise
        finally:
            self._answer_all(ReadFailure.CANCELLED)

    def _pause(self) -> float:
        if self._fault is not None:
            return self._limits.rest
        return PRESENT_PAUSE if self._present else EMPTY_PAUSE

    def _take_tickets(self, context: Context) -> None:
        while self._take_ticket(context, 0):
            pass

    def _take_ticket(self, context: Context, timeout: float) -> bool:
        ticket = context.next_ticket(timeout)
        if ticket is None:
            return False
        self._waiting.append(ticket)
        return True

    def _step(self, context: Context) -> None:
        """One look at the reader. A few silences in a row mean that it is gone."""
        try:
            if self._fault is not None:
                self._recover()
            if self._fault is None:
                self._watch(context)
                self._serve(context)
            self._silences = 0
        except SamFaultError as error:
            self._fault = error.code
        except NoReplyError as error:
            self._silences += 1
            if self._silences >= SILENCES_BEFORE_GONE:
                raise DeviceGoneError(f"{self.stable_id}: {error}") from error
        if self._fault is not None:
            self._present = False
            context.publish(ReaderFault(self._fault))
            self._answer_all(ReadFailure.READER_GONE)

    def _recover(self) -> None:
        """Restart the security module; raises SamFaultError while it goes on refusing."""
        self.session.reset()
        self._sam_id = self.session.handshake()
        self._fault = None

    def _watch(self, context: Context) -> None:
        """Notice a card laid down or taken away."""
        self._found = self.session.find()
        if self._found and not self._present:
            self._present = True
            context.emit(CardInserted())
        elif self._present and not self._found and not self.session.answers_as_read():
            self._lifted(context)
        context.publish(CardPresent(self._sam_id) if self._present else ReaderReady(self._sam_id))

    def _lifted(self, context: Context) -> None:
        self._present = self._found = False
        context.emit(CardRemoved())
        context.publish(ReaderReady(self._sam_id))

    def _serve(self, context: Context) -> None:
        """Read the card for the first who asked; what one client reads no other client gets."""
        ticket = next((ticket for ticket in self._waiting if not ticket.cancelled), None)
        if ticket is None or not self._present:
            return
        try:
            card = self.session.read_card(found=self._found)
        except CardReadError as error:
            self._answer(ticket, error.failure)
            if error.failure is ReadFailure.REMOVED:
                self._lifted(context)
            return
        if ticket.cancelled:
            self._answer(ticket, ReadFailure.CANCELLED)
        else:
            self._reply(ticket, lambda request: IdentityRead(request, card))

    def _expire(self) -> None:
        """Answer those who gave up and those who waited long enough."""
        for ticket in tuple(self._waiting):
            request = ticket.request
            if ticket.cancelled:
                self._answer(ticket, ReadFailure.CANCELLED)
            elif isinstance(request, ReadIdentity) and self._clock() - ticket.received >= request.timeout:
                self._answer(ticket, ReadFailure.TIMEOUT if self._present else ReadFailure.NO_CARD)

    def _answer_all(self, failure: ReadFailure) -> None:
        for ticket in tuple(self._waiting):
            self._answer(ticket, ReadFailure.CANCELLED if ticket.cancelled else failure)

    def _answer(self, ticket: Ticket, failure: ReadFailure) -> None:
        self._reply(ticket, lambda request: IdentityReadFailed(request, failure))

    def _reply(self, ticket: Ticket, event: Callable[[str], Event]) -> None:
        self._waiting.remove(ticket)
        if isinstance(ticket.request, ReadIdentity):
            ticket.reply(event(ticket.request.request))


def build(config: Mapping[str, object]) -> Device:
    """The reader of an `[id_reader]` section: `port` (default auto), and the waits of `Limits`.

    Raises ConfigurationError.
    """
    known = {field.name for field in fields(Limits)}
    for key in config:
        if key not in known | {"driver", "port"}:
            raise ConfigurationError(f"id_reader: unknown key {key}")
    if config.get("driver", "sam_v") != "sam_v":
        raise ConfigurationError("id_reader: the only driver is sam_v")
    port = config.get("port", AUTO)
    if not isinstance(port, str) or not port:
        raise ConfigurationError("id_reader: port is a path, usb:VID:PID:SERIAL, a URL, or auto")
    waits: dict[str, float] = {}
    for name in sorted(known & config.keys()):
        value = config[name]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
            raise ConfigurationError(f"id_reader: {name} is a number above zero")
        waits[name] = float(value)
    return IdReader(check_port(port), Limits(**waits))
