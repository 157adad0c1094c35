"""The receipt printer as a device of the daemon: one slip after the other, each once."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping

from PIL import Image, UnidentifiedImageError

from drivers.api.messages import PrintJobChanged, PrintSlip, SlipWidth
from drivers.api.records import JobState
from drivers.api.status import DeviceClass, PrinterNeedsAttention, PrinterReady, Unknown
from drivers.device import ConfigurationError, Context, Device, DeviceGoneError, Ticket, answer_unavailable
from drivers.endpoint import is_simulated
from drivers.print_jobs import ENDING, NOT_CONNECTED, PrintQueue, Queued
from drivers.receipt_printer.conversation import Conversation
from drivers.receipt_printer.protocol import (
    CUT,
    START,
    TEAR_OFF_DOTS,
    Health,
    feed,
    words,
)
from drivers.receipt_printer.raster import dots_of, encode
from drivers.receipt_printer.sending import Patience, Progress, Sending
from drivers.receipt_printer.transport import Transport, parse_uri

WIDTHS = (384, 576)
"""Dots across 58 mm and 80 mm paper at 203 dpi."""

MAX_ROWS = 12_000
"""1.5 m of paper. A longer picture is a mistake, and would keep the next person waiting."""

LOOK_PAUSE = 1.0
"""Seconds between two looks at an idle printer's sensors."""

SILENCES_BEFORE_GONE = 3

QUEUE_SECONDS = 300.0
"""How long a slip waits for paper. After that nobody stands there to take it; the number is on their screen."""


class ReceiptPrinter:
    """An ESC/POS printer behind `connect`, `width` dots wide. `uri` is what it is called by."""

    device_class = DeviceClass.RECEIPT_PRINTER

    def __init__(
        self,
        uri: str,
        connect: Callable[[], Transport],
        width: int = 576,
        *,
        cutter: bool = True,
        queue_seconds: float = QUEUE_SECONDS,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.stable_id = uri
        self._connect = connect
        self._width = width
        self._cutter = cutter
        self._patience = patience or Patience()
        self._clock = clock
        self._jobs = PrintQueue(PrintSlip, seconds=queue_seconds, clock=clock)
        self._transport: Transport | None = None
        self._unfinished = 0  # bytes of the largest command of a slip whose end is not known

    @property
    def simulated(self) -> bool:
        """True for a pseudo-terminal, a loopback address or a regular file."""
        return is_simulated(self.stable_id)

    def job_state(self, job: str) -> PrintJobChanged | None:
        """What became of `job`; None for one never seen."""
        return self._jobs.state(job)

    def open(self) -> None:
        """Connect and get one status answer. A device file gives none and is taken at its word."""
        self._jobs.expire(NOT_CONNECTED)
        transport = self._transport = self._connect()
        self._talk = Conversation(transport, self._clock)
        if transport.answers and isinstance(self._talk.health(), Unknown):
            raise DeviceGoneError(f"{self.stable_id}: connected, but no printer answers")

    def close(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    def away(self, ticket: Ticket, context: Context) -> None:
        """Keep the slip until the printer is back."""
        if context.stopping:
            answer_unavailable(ticket, ENDING)
        elif (request := self._jobs.accept(ticket, context)) is not None:
            self._jobs.change(request.job, JobState.QUEUED, NOT_CONNECTED)

    def run(self, context: Context) -> None:
        self._jobs.tell_through(context)
        self._talk.interrupted = lambda: context.stopping
        context.emit(SlipWidth(self._width))
        silences = 0
        try:
            while not context.stopping:
                status = self._talk.health()
                context.publish(status)
                if self._answers() and isinstance(status, Unknown):
                    silences += 1
                    if silences >= SILENCES_BEFORE_GONE:
                        raise DeviceGoneError(f"{self.stable_id}: {status.reason}")
                else:
                    silences = 0
                    self._serve(status, context)
                self._take(context)
        finally:
            if context.stopping:
                self._jobs.end()

    def _answers(self) -> bool:
        return self._transport is not None and self._transport.answers

    def _take(self, context: Context) -> None:
        """New slips; waits for one when nothing else is to be done."""
        timeout = LOOK_PAUSE
        while (ticket := context.next_ticket(timeout)) is not None:
            self._jobs.accept(ticket, context)
            timeout = 0

    def _serve(self, status: Health, context: Context) -> None:
        """Print what waits, as long as the printer is well."""
        while (waiting := self._jobs.first()) is not None and not context.stopping:
            if isinstance(status, PrinterNeedsAttention):
                self._jobs.change(waiting.job, JobState.QUEUED, words(status))
                self._jobs.expire(words(status))
                return
            self._print(waiting, context)
            status = self._talk.health()
            context.publish(status)
            if self._answers() and not isinstance(status, PrinterReady | PrinterNeedsAttention):
                return

    def _print(self, waiting: Queued[PrintSlip], context: Context) -> None:
        try:
            commands = self._commands(waiting.payload)
        except ValueError as error:
            self._jobs.change(waiting.job, JobState.FAILED, str(error))
            return

        def report(progress: Progress) -> None:
            self._jobs.change(waiting.job, progress.state, progress.detail)
            if progress.health is not None:
                context.publish(progress.health)

        transport = self._transport
        if transport is None:  # closed by the supervisor, whose patience had ended
            raise DeviceGoneError(f"{self.stable_id}: closed")
        sending = Sending(
            transport,
            self._talk,
            report,
            stopping=lambda: context.stopping,
            patience=self._patience,
            clock=self._clock,
        )
        self._unfinished = max(map(len, commands))
        try:
            if sending.run(commands) is JobState.SETTLED:
                self._unfinished = 0
        finally:
            left = self._jobs.state(waiting.job)
            if left is not None and left.state is JobState.SENDING:  # a fault of ours; what is on paper is not known
                self._jobs.change(waiting.job, JobState.UNKNOWN, "the driver failed while printing")

    def _commands(self, slip: PrintSlip) -> list[bytes]:
        """The whole job. Raises ValueError for what is no slip of this printer."""
        dots = dots_of(_picture(slip.image), self._width)
        cut = CUT if self._cutter else feed(TEAR_OFF_DOTS)
        end = cut if slip.cut else b""
        start = START
        if self._unfinished:
            # The printer may still wait for the rest of a picture, and its paper carries the piece of another
            # person's slip. White dots end the picture (a printer that waits for none ignores NUL), then it is cut.
            start = bytes(self._unfinished) + START + cut + START
        return [start, *encode(dots), *([end] if end else [])]


def _picture(png: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(png), formats=("PNG",))
        if image.height > MAX_ROWS or image.width > max(WIDTHS):
            raise ValueError(f"the picture is {image.width} x {image.height} dots")
        image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("the slip is not a PNG picture") from error
    return image


def build(config: Mapping[str, object]) -> Device:
    """The printer of a `[receipt_printer]` section: `uri` (see transport.parse_uri), `width` (384 or 576), `baud`
    (of a serial line), `cutter` (false for printers without a knife), `queue_seconds`.

    Raises ConfigurationError.
    """
    for key in config:
        if key not in {"driver", "uri", "width", "baud", "cutter", "queue_seconds"}:
            raise ConfigurationError(f"receipt_printer: unknown key {key}")
    if config.get("driver", "escpos") != "escpos":
        raise ConfigurationError("receipt_printer: the only driver is escpos")
    uri, width, baud = config.get("uri"), config.get("width", 576), config.get("baud", 115200)
    cutter, seconds = config.get("cutter", True), config.get("queue_seconds", QUEUE_SECONDS)
    if not isinstance(uri, str) or not uri:
        raise ConfigurationError("receipt_printer: uri is missing")
    if width not in WIDTHS or not isinstance(width, int):
        raise ConfigurationError("receipt_printer: width is 384 or 576")
    if not isinstance(baud, int) or isinstance(baud, bool) or baud <= 0:
        raise ConfigurationError("receipt_printer: baud is a number above zero")
    if not isinstance(cutter, bool):
        raise ConfigurationError("receipt_printer: cutter is true or false")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds < 0:
        raise ConfigurationError("receipt_printer: queue_seconds is a number of seconds")
    try:
        connect = parse_uri(uri, baud)
    except ConfigurationError as error:
        raise ConfigurationError(f"receipt_printer: {error}") from error
    return ReceiptPrinter(uri, connect, width, cutter=cutter, queue_seconds=float(seconds))
