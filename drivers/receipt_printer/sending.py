"""One slip on its way: hand over the commands, watch the printer meanwhile, and learn whether it was printed.

Commands go out in small portions, each followed by GS r, whose answer says that the portion was executed. So the
printer's buffer never fills (a printer with a full buffer answers no question, and could not say that its paper is
out), and a slip counts as printed only when its last portion, the cut, was answered for.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from drivers.api.records import JobState
from drivers.api.status import PrinterNeedsAttention, PrinterReady, Unknown
from drivers.device import DeviceGoneError
from drivers.receipt_printer.conversation import ANSWER_SECONDS, Conversation
from drivers.receipt_printer.protocol import FENCE, Health, words
from drivers.receipt_printer.transport import Transport

WINDOW = 4096
"""Bytes that may be unconfirmed, the smallest receive buffer among common printers."""

SLOWEST = 900.0
"""Bytes per second at 9600 baud. A question waits behind what is on the wire, so every wait is this much longer per
byte that is not confirmed."""

MOST_ON_THE_WIRE = 10.0
"""Seconds; a printer that confirms nothing is not waited for without end."""


@dataclass(frozen=True)
class Patience:
    """Waits in seconds."""

    look: float = 0.5  # between two looks at the printer's status while a slip prints
    settle: float = 20.0  # a healthy printer prints what it holds within this time
    attention: float = 300.0  # somebody brings a new roll
    stall: float = 1.0  # one try to hand over bytes
    portion: float = 3.0  # a healthy printer confirms a portion; one that does not know GS r is sent the rest unasked


@dataclass(frozen=True)
class Progress:
    """What is known of a slip being printed; `detail` is for the attendant, `health` what the printer just said,
    `whole` that every byte of the slip was taken."""

    state: JobState
    detail: str = ""
    health: Health | None = None
    whole: bool = False


class _EndedError(Exception):
    """The slip ended before its last portion was confirmed."""

    def __init__(self, detail: str, status: Health | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class Sending:
    """Prints one slip. `report` is called with every change; `stopping` is looked at often.

    A slip of which at least one byte was handed over ends SETTLED or UNKNOWN, never FAILED.
    """

    def __init__(
        self,
        transport: Transport,
        conversation: Conversation,
        report: Callable[[Progress], None],
        *,
        stopping: Callable[[], bool],
        patience: Patience,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = transport
        self._talk = conversation
        self._report = report
        self._stopping = stopping
        self._patience = patience
        self._clock = clock
        self._sent = 0
        self._whole = False
        self._portions: deque[int] = deque()  # bytes of each portion not yet confirmed
        self._open_portion = 0
        self._windowed = transport.answers
        self._interruption = ""
        self._last_look = clock()
        self._kind: type[Health] = PrinterReady
        self._kind_since = clock()  # the printer has been ready, waiting for a person, or silent since then

    def run(self, commands: Sequence[bytes]) -> JobState:
        """Send `commands` and wait for the printer's word; the end is reported and returned. Raises DeviceGoneError,
        after reporting, when the connection is lost."""
        try:
            end = self._run(commands)
        except _EndedError as ended:
            end = Progress(self._failed_or_unknown(), ended.detail, ended.status, self._whole)
        except DeviceGoneError as error:
            self._report(Progress(self._failed_or_unknown(), f"connection lost: {error}"))
            raise
        self._report(end)
        return end.state

    def _failed_or_unknown(self) -> JobState:
        return JobState.UNKNOWN if self._sent else JobState.FAILED

    def _run(self, commands: Sequence[bytes]) -> Progress:
        self._talk.forget()
        self._report(Progress(JobState.SENDING))
        for command in commands:
            self._wait_for_room(len(command))
            self._hand_over(command)
            self._open_portion += len(command)
            if self._open_portion >= WINDOW // 2:
                self._close_portion()
            self._look()
        self._whole = True
        if not self._transport.answers:
            return Progress(JobState.UNKNOWN, "sent; this connection tells nothing back", whole=True)
        self._close_portion()
        since = self._clock()
        while self._unconfirmed():
            self._talk.listen(min(0.1, self._patience.look))
            self._look()
            if self._ready_for(since) > self._patience.settle + self._on_the_wire() and self._unconfirmed():
                raise _EndedError("the printer did not confirm the slip")
        interruption = f"interrupted: {self._interruption}" if self._interruption else ""
        return Progress(JobState.SETTLED, interruption, whole=True)

    def _hand_over(self, data: bytes) -> None:
        taken = self._clock()
        while data:
            count = self._transport.write(data, 0 if self._stopping() else self._patience.stall)
            self._sent += count
            data = data[count:]
            if count:
                taken = self._clock()
            elif self._stopping():
                raise _EndedError("the device program is ending")
            elif self._clock() - taken > self._patience.attention:
                raise _EndedError("the printer takes no more data")

    def _close_portion(self) -> None:
        if self._open_portion and self._transport.answers:
            self._portions.append(self._open_portion)
            self._open_portion = 0
            self._hand_over(FENCE)

    def _unconfirmed(self) -> int:
        """Bytes handed over in closed portions and not yet answered for."""
        while self._talk.fences and self._portions:
            self._portions.popleft()
            self._talk.fences -= 1
        return sum(self._portions)

    def _on_the_wire(self) -> float:
        """Seconds that what is not confirmed may need to arrive."""
        return min(MOST_ON_THE_WIRE, (self._unconfirmed() + self._open_portion) / SLOWEST)

    def _wait_for_room(self, size: int) -> None:
        since = self._clock()
        while self._windowed and self._unconfirmed() + self._open_portion + size > WINDOW:
            self._close_portion()
            if not self._portions:
                return  # one command larger than the window
            self._talk.listen(min(0.05, self._patience.look))
            self._look()
            if self._ready_for(since) > self._patience.portion + self._on_the_wire():
                self._windowed = False

    def _ready_for(self, since: float) -> float:
        """Seconds that the printer has been ready at a stretch, counted from `since` at the earliest."""
        return self._clock() - max(since, self._kind_since) if self._kind is PrinterReady else 0.0

    def _look(self) -> None:
        """Ask for the status if the last look was long enough ago. Raises _EndedError when there is no more hope."""
        if self._stopping():
            raise _EndedError("the device program is ending")
        now = self._clock()
        if not self._transport.answers or now - self._last_look < self._patience.look:
            return
        status = self._talk.health(ANSWER_SECONDS + self._on_the_wire())
        self._last_look = self._clock()
        if type(status) is not self._kind:
            self._kind, self._kind_since = type(status), now
        match status:
            case PrinterReady():
                self._report(Progress(JobState.SENDING, "", status))
                return
            case PrinterNeedsAttention():
                limit, detail = self._patience.attention, words(status)
                self._interruption = detail
            case Unknown():
                limit, detail = self._patience.settle, words(status)
            case _:
                assert_never(status)
        if now - self._kind_since > limit:
            raise _EndedError(detail, status)
        self._report(Progress(JobState.SENDING, detail, status))
