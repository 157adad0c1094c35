"""The handheld code scanner as a device of the daemon: gives a code to whoever waits for one, and to nobody else."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from drivers.api.messages import CodeRead, CodeReadFailed, ReadCode
from drivers.api.records import CodeFailure, PaperCode
from drivers.api.status import CodeScannerReady, DeviceClass
from drivers.code_scanner.event_node import check_keyboard
from drivers.code_scanner.protocol import GAP, Line, LineCollector, code_of
from drivers.code_scanner.sources import KeySource, SerialSource, Source, open_quietly
from drivers.device import ConfigurationError, Context, Device, DeviceGoneError, Ticket, answer_unavailable
from drivers.discovery import AUTO, check_port

BAUD = 9600
"""What scanners with a serial port come set to; one on USB heeds no rate."""

_RATES = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_ENCODINGS = ("utf-8", "gb18030")
_KEYS = {"port", "baud", "encoding", "keyboard", "aim", "gap"}
_LOOK = 0.05  # seconds between two looks at tickets while nothing is scanned


class CodeScanner:
    """A scanner behind `source`. `aim`: it was told to send the symbology before each code."""

    device_class = DeviceClass.CODE_SCANNER

    def __init__(
        self, source: Source, *, aim: bool = False, gap: float = GAP, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._source = source
        self._aim = aim
        self._gap = gap
        self._clock = clock
        self._heard = False
        self._waiting: list[Ticket] = []

    @property
    def stable_id(self) -> str:
        """The port or keyboard it was configured with."""
        return self._source.stable_id

    @property
    def simulated(self) -> bool:
        """True for a pseudo-terminal, a loopback URL, a FIFO, and a keyboard that a program has made."""
        return self._source.simulated

    def open(self) -> None:
        """Open the port, or grab the keyboard: a scanner that only talks has no other handshake."""
        self._heard = False
        open_quietly(self._source, self._gap, self._clock)

    def close(self) -> None:
        self._source.close()

    def away(self, ticket: Ticket, context: Context) -> None:  # noqa: ARG002 - nothing to tell anyone else
        """A scanner that is not there reads nothing."""
        answer_unavailable(ticket)

    def run(self, context: Context) -> None:
        lines = LineCollector(self._gap)
        try:
            while not context.stopping:
                context.publish(CodeScannerReady(self._heard))
                data = self._source.read(_LOOK)
                now = self._clock()
                self._take_tickets(context)
                for line in lines.feed(data, now) if data else lines.quiet(now):
                    self._hear(line)
                self._expire()
        except DeviceGoneError:
            self._answer_all(CodeFailure.SCANNER_GONE)
            raise
        finally:
            self._answer_all(CodeFailure.CANCELLED)

    def _take_tickets(self, context: Context) -> None:
        while (ticket := context.next_ticket(0)) is not None:
            self._waiting.append(ticket)

    def _hear(self, line: Line) -> None:
        """Give a code to the first who has waited since before it began; else it is dropped."""
        code = code_of(line.data, self._source.encoding, aim=self._aim) if line.data is not None else None
        self._heard = self._heard or code is not None
        for ticket in self._waiting:
            if not ticket.cancelled and ticket.received <= line.began:
                self._answer(ticket, code if code is not None else CodeFailure.UNREADABLE)
                return

    def _expire(self) -> None:
        """Answer those who gave up and those who waited long enough."""
        for ticket in tuple(self._waiting):
            request = ticket.request
            if ticket.cancelled:
                self._answer(ticket, CodeFailure.CANCELLED)
            elif isinstance(request, ReadCode) and self._clock() - ticket.received >= request.timeout:
                self._answer(ticket, CodeFailure.NO_CODE)

    def _answer_all(self, failure: CodeFailure) -> None:
        for ticket in tuple(self._waiting):
            self._answer(ticket, CodeFailure.CANCELLED if ticket.cancelled else failure)

    def _answer(self, ticket: Ticket, answer: PaperCode | CodeFailure) -> None:
        self._waiting.remove(ticket)
        if not isinstance(ticket.request, ReadCode):
            return
        name = ticket.request.request
        ticket.reply(CodeRead(name, answer) if isinstance(answer, PaperCode) else CodeReadFailed(name, answer))


def build(config: Mapping[str, object]) -> Device:
    """The scanner of a `[code_scanner]` section: `port` with `baud` and `encoding`, or `keyboard`; `aim`, `gap`.

    Raises ConfigurationError.
    """
    for key in config:
        if key not in _KEYS:
            raise ConfigurationError(f"code_scanner: unknown key {key}")
    aim = config.get("aim", False)
    if not isinstance(aim, bool):
        raise ConfigurationError("code_scanner: aim is true or false")
    gap = config.get("gap", GAP)
    if isinstance(gap, bool) or not isinstance(gap, (int, float)) or not 0.05 <= gap <= 5:
        raise ConfigurationError("code_scanner: gap is a number of seconds from 0.05 to 5")
    return CodeScanner(source_of(config), aim=aim, gap=float(gap))


def source_of(config: Mapping[str, object]) -> Source:
    """The way to the scanner that `config` names. Raises ConfigurationError."""
    port, keyboard = config.get("port"), config.get("keyboard")
    if (port is None) == (keyboard is None):
        raise ConfigurationError("code_scanner: give either port (serial) or keyboard (HID)")
    if keyboard is not None:
        if "baud" in config or "encoding" in config:
            raise ConfigurationError("code_scanner: baud and encoding are for a port, not for a keyboard")
        if not isinstance(keyboard, str):
            raise ConfigurationError("code_scanner: keyboard is a path below /dev/input, or usb:VID:PID[:SERIAL]")
        return KeySource(check_keyboard(keyboard))
    if not isinstance(port, str) or not port:
        raise ConfigurationError("code_scanner: port is a path, usb:VID:PID:SERIAL, or a URL")
    if port == AUTO:
        raise ConfigurationError("code_scanner: no port answers for a scanner, so auto is not possible; name it")
    baud, encoding = config.get("baud", BAUD), config.get("encoding", _ENCODINGS[0])
    if baud not in _RATES or not isinstance(baud, int):
        raise ConfigurationError(f"code_scanner: baud is one of {', '.join(map(str, _RATES))}")
    if encoding not in _ENCODINGS or not isinstance(encoding, str):
        raise ConfigurationError(f"code_scanner: encoding is one of {', '.join(_ENCODINGS)}")
    return SerialSource(check_port(port), baud, encoding)
