"""The reader as a device: card presence, requests, faults, and its configuration."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import pytest

from drivers.api.messages import CardInserted, CardRemoved, Event, IdentityRead, IdentityReadFailed, ReadIdentity
from drivers.api.records import ReadFailure
from drivers.api.status import AnyStatus, CardPresent, ReaderFault, ReaderReady
from drivers.device import ConfigurationError, DeviceGoneError, Ticket
from drivers.id_reader.device import IdReader, build
from drivers.id_reader.layouts import parse_text
from drivers.id_reader.sim_people import PEOPLE
from drivers.id_reader.sim_sam import SimulatedSam
from drivers.transports.serial_line import LineLostError
from tests.unit.drivers.lines import FakeClock, SamLine

SAM = "00.00-20260101-0001234567-0007654321"
ZHANG = parse_text(PEOPLE["zhang"].text, PEOPLE["zhang"].photo)


class Bench:
    """A reader on a simulated module; acts as its Context. `script` holds what happens in each coming pause."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.line = SamLine(SimulatedSam(), self.clock)
        self.reader = IdReader("/dev/serial/by-id/usb-sam", open_line=lambda _port, _baud: self.line, clock=self.clock)
        self.script: deque[object] = deque()
        self.tickets: deque[Ticket] = deque()
        self.told: list[AnyStatus | Event] = []
        self.answers: list[Event] = []

    def ask(self, timeout: float = 60.0) -> Ticket:
        ticket = Ticket(ReadIdentity("r", timeout), self.answers.append, self.clock())
        self.tickets.append(ticket)
        return ticket

    def run(self, *script: object) -> None:
        """Open the reader and live through `script`: callables to call, numbers of seconds to wait."""
        self.script.extend(script)
        self.reader.open()
        self.reader.run(self)

    @property
    def stopping(self) -> bool:
        return not self.script

    def next_ticket(self, timeout: float) -> Ticket | None:
        if self.tickets:
            return self.tickets.popleft()
        if timeout and self.script:
            step = self.script.popleft()
            if callable(step):
                step()
                self.clock.now += timeout
            else:
                self.clock.now += float(str(step))
        return None

    def wait(self, seconds: float) -> bool:
        self.clock.now += seconds
        return self.stopping

    def publish(self, status: AnyStatus) -> None:
        if not self.told or self.told[-1] != status:
            self.told.append(status)

    def emit(self, event: Event) -> None:
        self.told.append(event)

    def lay(self, name: str = "zhang") -> None:
        self.line.sam.insert(PEOPLE[name])


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_card_coming_and_going_is_told_once_each(bench: Bench) -> None:
    bench.run(0.1, bench.lay, 0.2, 0.2, bench.line.sam.remove, 0.2, 0.2)
    assert bench.told == [
        ReaderReady(SAM),
        CardInserted(),
        CardPresent(SAM),
        CardRemoved(),
        ReaderReady(SAM),
    ]


def test_a_card_read_stays_present_until_it_is_lifted(bench: Bench) -> None:
    """After a good reading the module no longer finds the card; it has not gone."""
    bench.lay()
    bench.ask()
    bench.run(0.2, 0.2, 0.2, bench.line.sam.remove, 0.2)
    assert bench.answers == [IdentityRead("r", ZHANG)]
    assert [event for event in bench.told if isinstance(event, CardRemoved | CardInserted)] == [
        CardInserted(),
        CardRemoved(),
    ]


def test_a_card_is_read_only_when_asked(bench: Bench) -> None:
    bench.run(bench.lay, 0.2, 0.2, 0.2)
    assert bench.line.sam.reads == 0


def test_a_request_waits_for_the_card(bench: Bench) -> None:
    bench.run(bench.ask, 0.2, 0.2, bench.lay, 0.2, 0.2)
    assert bench.answers == [IdentityRead("r", ZHANG)]


def test_no_card_in_time_is_told(bench: Bench) -> None:
    bench.ask(timeout=3.0)
    bench.run(1, 1, 1, 1)
    assert bench.answers == [IdentityReadFailed("r", ReadFailure.NO_CARD)]


def test_a_request_given_up_is_answered_and_reads_nothing(bench: Bench) -> None:
    ticket = bench.ask()
    bench.run(0.1, ticket.cancel, bench.lay, 0.2, 0.2)
    assert bench.answers == [IdentityReadFailed("r", ReadFailure.CANCELLED)]
    assert bench.line.sam.reads == 0


def test_removal_in_the_middle_fails_the_request_and_tells_the_removal(bench: Bench) -> None:
    def cut(request: bytes, frame: bytes) -> bytes:
        if request == b"\x30\x01":
            bench.line.sam.remove()
            return frame[:500]
        return frame

    bench.line.mangle = cut
    bench.lay()
    bench.ask()
    bench.run(0.2, 0.2)
    assert bench.answers == [IdentityReadFailed("r", ReadFailure.REMOVED)]
    assert bench.told[-2:] == [CardRemoved(), ReaderReady(SAM)]


def test_after_an_unreadable_card_the_next_request_tries_again(bench: Bench) -> None:
    def mend() -> None:
        bench.line.sam.unreadable = False
        bench.ask()

    bench.lay()
    bench.line.sam.unreadable = True
    bench.ask()
    bench.run(0.2, mend, 0.2, 0.2)
    assert bench.answers == [IdentityReadFailed("r", ReadFailure.UNREADABLE), IdentityRead("r", ZHANG)]


def test_a_faulty_module_is_told_and_its_recovery_too(bench: Bench) -> None:
    def fail() -> None:
        bench.line.sam.fault = 0x66
        bench.ask()

    def mend() -> None:
        bench.line.sam.fault = None

    bench.run(0.1, fail, 0.2, mend, 0.2, 0.2)
    assert bench.told == [ReaderReady(SAM), ReaderFault(0x66), ReaderReady(SAM)]
    assert bench.answers == [IdentityReadFailed("r", ReadFailure.READER_GONE)]


def test_a_module_broken_from_the_start_is_connected_and_faulty(bench: Bench) -> None:
    bench.line.sam.fault = 0x60
    bench.run(0.1, 0.1)
    assert bench.told == [ReaderFault(0x60)]


def test_one_lost_answer_is_no_lost_reader(bench: Bench) -> None:
    lost = iter([False, True, False])
    bench.run(0.1, lambda: None)  # handshake on a good line
    bench.line.mangle = lambda _request, frame: None if next(lost, False) else frame
    bench.script.extend([0.1] * 5)
    bench.reader.run(bench)
    assert bench.told[-1] == ReaderReady(SAM)


@pytest.mark.parametrize("how", ["silent", "unplugged"])
def test_a_reader_that_vanishes_answers_its_request_and_ends(bench: Bench, how: str) -> None:
    def vanish() -> None:
        if how == "silent":
            bench.line.mangle = lambda _request, _frame: None
        else:
            bench.line.lost = True

    bench.ask()
    with pytest.raises(DeviceGoneError):
        bench.run(0.1, vanish, *[0.1] * 20)
    assert bench.answers == [IdentityReadFailed("r", ReadFailure.READER_GONE)]
    bench.reader.close()
    assert bench.line.closed


def test_a_port_without_a_reader_is_no_connection(bench: Bench) -> None:
    bench.line.mangle = lambda _request, _frame: None
    with pytest.raises(DeviceGoneError, match="no SAM_V reader answers"):
        bench.reader.open()


def test_a_missing_port_is_no_connection() -> None:
    reader = build({"port": "/dev/serial/by-id/usb-not-there"})
    with pytest.raises(LineLostError, match="no such port"):
        reader.open()


def test_a_module_with_a_simulators_id_is_simulated_wherever_it_is(bench: Bench) -> None:
    assert not bench.reader.simulated
    bench.reader.open()
    assert bench.reader.simulated
    real = Bench()
    real.line.sam.sam_id = bytes.fromhex("05000300") + bytes(12)
    real.reader.open()
    assert not real.reader.simulated


def test_ports_are_simulated_by_what_they_are(tmp_path: Path) -> None:
    assert build({"port": "socket://127.0.0.1:9000"}).simulated
    assert not build({"port": "socket://192.0.2.7:9000"}).simulated


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"port": "/dev/ttyUSB0"}, "changes at every replug"),
        ({"port": ""}, "port is a path"),
        ({"port": 7}, "port is a path"),
        ({"port": "usb:1a86:7523"}, "usb:VID:PID:SERIAL"),
        ({"speed": 9600}, "unknown key speed"),
        ({"driver": "magic"}, "sam_v"),
        ({"gap": 0}, "gap is a number above zero"),
        ({"gap": True}, "gap is a number above zero"),
    ],
)
def test_a_wrong_section_is_refused_with_the_key_it_is_about(config: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        build(config)
