"""Who gets a code: the first who has waited since before it began."""

from __future__ import annotations

from drivers.api.messages import CodeRead, CodeReadFailed, Event, ReadCode
from drivers.api.records import CodeFailure, CodeKind, PaperCode
from drivers.api.status import AnyStatus, CodeScannerReady
from drivers.code_scanner.device import CodeScanner
from drivers.code_scanner.sources import open_quietly
from drivers.device import DeviceGoneError, Ticket


class Morning:
    """A scripted scanner, the daemon around it, and the time: each step is (second, what is asked, what is sent)."""

    encoding, stable_id, simulated = "utf-8", "script", True

    def __init__(self, *steps: tuple[float, Ticket | None, bytes], gone: bool = False) -> None:
        self._steps = list(steps)
        self._gone = gone
        self._asked: list[Ticket] = []
        self.now = 0.0
        self.statuses: list[AnyStatus] = []

    def open(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""

    def read(self, timeout: float) -> bytes:
        del timeout
        self.now, ticket, data = self._steps.pop(0)
        if ticket is not None:
            self._asked.append(ticket)
        if self._gone and not self._steps:
            raise DeviceGoneError("unplugged")
        return data

    @property
    def stopping(self) -> bool:
        return not self._steps

    def next_ticket(self, timeout: float) -> Ticket | None:
        del timeout
        return self._asked.pop(0) if self._asked else None

    def wait(self, seconds: float) -> bool:
        raise AssertionError(f"the driver waits {seconds} s by itself")

    def publish(self, status: AnyStatus) -> None:
        self.statuses.append(status)

    def emit(self, event: Event) -> None:
        raise AssertionError(f"{event} goes to everybody")

    def pass_by(self) -> None:
        """Let it all happen."""
        CodeScanner(self, clock=lambda: self.now).run(self)


class Waits(Ticket):
    """Somebody who began to wait at a second; `told` is what came."""

    def __init__(self, name: str, since: float, timeout: float = 60.0) -> None:
        self.told: list[Event] = []
        super().__init__(ReadCode(name, timeout), self.told.append, since)


def read(name: str, text: str) -> CodeRead:
    return CodeRead(name, PaperCode(CodeKind.UNKNOWN, text))


def test_a_code_that_began_before_somebody_waited_is_dropped() -> None:
    """Its first half was on the wire when the field opened."""
    early = Waits("a", since=1.05)
    Morning((1.0, None, b"T01-2026"), (1.1, early, b"0305\r"), (1.2, None, b"whole\r")).pass_by()
    assert early.told == [read("a", "whole")]


def test_of_two_who_wait_the_first_gets_it() -> None:
    first, second = Waits("a", since=1.0), Waits("b", since=1.1)
    Morning((1.2, first, b""), (1.3, second, b"one\r"), (1.4, None, b"two\r"), (1.5, None, b"three\r")).pass_by()
    assert (first.told, second.told) == ([read("a", "one")], [read("b", "two")])


def test_who_gave_up_gets_nothing() -> None:
    gone, here = Waits("a", since=1.0), Waits("b", since=1.0)
    gone.cancel()
    Morning((1.2, gone, b""), (1.3, here, b"one\r")).pass_by()
    assert gone.told == [CodeReadFailed("a", CodeFailure.CANCELLED)]
    assert here.told == [read("b", "one")]


def test_a_torn_code_is_told_once_it_is_sure() -> None:
    somebody = Waits("a", since=1.0)
    Morning((1.2, somebody, b"T01"), (1.4, None, b""), (2.0, None, b"")).pass_by()
    assert somebody.told == [CodeReadFailed("a", CodeFailure.UNREADABLE)]


def test_who_waits_when_the_scanner_goes_is_told() -> None:
    somebody = Waits("a", since=1.0)
    try:
        Morning((1.2, somebody, b""), (1.3, None, b""), (1.4, None, b""), gone=True).pass_by()
    except DeviceGoneError:
        assert somebody.told == [CodeReadFailed("a", CodeFailure.SCANNER_GONE)]
    else:
        raise AssertionError("the supervisor must learn of it")


def test_it_has_been_heard_once_a_code_has_come() -> None:
    """A status is told by the device or it is unknown; such a scanner tells nothing else."""
    morning = Morning((1.0, None, b""), (1.1, None, b"T01\r"), (1.2, None, b""))
    morning.pass_by()
    assert morning.statuses == [CodeScannerReady(False), CodeScannerReady(False), CodeScannerReady(True)]


class Line:
    """A source that sends what it has at its seconds; its time passes by reading."""

    encoding, stable_id, simulated = "utf-8", "script", True

    def __init__(self, *sent: tuple[float, bytes]) -> None:
        self._sent = list(sent)
        self.now = 0.0

    def open(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""

    def read(self, timeout: float) -> bytes:
        if self._sent and self._sent[0][0] <= self.now + timeout:
            self.now = max(self.now, self._sent[0][0])
            return self._sent.pop(0)[1]
        self.now += timeout
        return b""


def test_a_code_that_is_on_its_way_when_the_port_opens_is_not_taken_for_a_shorter_one() -> None:
    """Half a receipt number is dropped, however late its last piece comes; the next code is whole."""
    line = Line((0.0, b"260305-"), (0.4, b"00001-5\r"), (2.0, b"whole\r"))
    open_quietly(line, 0.5, lambda: line.now)
    assert 0.9 <= line.now < 2.0
    assert line.read(5.0) == b"whole\r"


def test_a_scanner_that_never_falls_silent_is_listened_to_in_the_end() -> None:
    line = Line(*((number * 0.1, b"again\r") for number in range(1000)))
    open_quietly(line, 0.5, lambda: line.now)
    assert line.now < 5.0
