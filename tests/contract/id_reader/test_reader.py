"""The driver against a reader at the other end of a real wire: the simulator's process, or hardware."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from drivers.api.messages import (
    CardInserted,
    CardRemoved,
    Event,
    IdentityRead,
    IdentityReadFailed,
    ReadIdentity,
    StatusChanged,
)
from drivers.api.records import IdentityCard, ReadFailure
from drivers.api.status import AnyStatus, CardPresent, Disconnected, ReaderFault, ReaderReady
from drivers.device import Ticket
from drivers.id_reader.device import IdReader
from drivers.id_reader.layouts import parse_text
from drivers.id_reader.session import Limits
from drivers.id_reader.sim_people import PEOPLE
from drivers.supervisor import BackOff, Supervisor
from tests.contract.id_reader.conftest import SimulatorProcess

DEADLINE = 10.0


def _card(name: str) -> IdentityCard:
    person = PEOPLE[name]
    return parse_text(person.text, person.photo, person.appended_address)


class Desk:
    """A supervised reader and what it tells."""

    def __init__(self, port: str) -> None:
        self.events: list[Event] = []
        self.answers: list[Event] = []
        self._supervisor = Supervisor(
            IdReader(port, Limits(gap=0.15, patience=0.5, rest=0.2)),
            self,
            allow_simulated=True,
            back_off=BackOff(first=0.05, ceiling=0.2),
        )
        self._supervisor.start()

    def broadcast(self, event: Event) -> None:
        self.events.append(event)

    def statuses(self) -> list[AnyStatus]:
        return [event.value for event in self.events if isinstance(event, StatusChanged)]

    def until(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < end, f"told so far: {self.events} {self.answers}"
            time.sleep(0.005)

    def until_status(self, kind: type[AnyStatus]) -> AnyStatus:
        self.until(lambda: isinstance(self.statuses()[-1], kind))
        return self.statuses()[-1]

    def until_told(self, event: Event, times: int = 1) -> None:
        self.until(lambda: self.events.count(event) >= times)

    def ask(self, timeout: float = DEADLINE) -> None:
        self._supervisor.submit(Ticket(ReadIdentity("r", timeout), self.answers.append, time.monotonic()))

    def answer(self) -> Event:
        self.until(lambda: self.answers)
        return self.answers.pop()

    def stop(self) -> bool:
        return self._supervisor.stop()


@pytest.fixture
def desk(simulator: SimulatorProcess) -> Iterator[Desk]:
    running = Desk(simulator.port)
    running.until_status(ReaderReady)
    yield running
    assert running.stop()


def test_every_kind_of_card(desk: Desk, simulator: SimulatorProcess) -> None:
    for name in PEOPLE:
        desk.ask()
        simulator.do("insert", card=name)
        assert desk.answer() == IdentityRead("r", _card(name))
        simulator.do("remove")
        desk.until_status(ReaderReady)


def test_presence_is_followed_also_after_a_reading(desk: Desk, simulator: SimulatorProcess) -> None:
    for round_number in (1, 2):
        simulator.do("insert", card="zhang")
        desk.until_told(CardInserted(), round_number)
        desk.until_status(CardPresent)
        desk.ask()
        assert desk.answer() == IdentityRead("r", _card("zhang"))
        simulator.do("remove")
        desk.until_told(CardRemoved(), round_number)
        desk.until_status(ReaderReady)


def test_removal_in_the_middle_of_a_reading(desk: Desk, simulator: SimulatorProcess) -> None:
    for after in (9, 300, 1290):
        simulator.do("remove-mid-read", after=after)
        simulator.do("insert", card="zhang")
        desk.ask()
        assert desk.answer() == IdentityReadFailed("r", ReadFailure.REMOVED)
        assert simulator.do("status")["card"] is None
        desk.until_status(ReaderReady)
    simulator.do("insert", card="li")
    desk.ask()
    assert desk.answer() == IdentityRead("r", _card("li"))


@pytest.mark.parametrize(
    "fault",
    [
        {"what": "noise", "count": 3},
        {"what": "merge", "count": 3},
        {"what": "corrupt", "count": 1},
        {"what": "chunk", "size": 37, "gap": 0.003},
        {"what": "chunk", "size": 5, "gap": 0.0005},
    ],
    ids=lambda fault: f"{fault['what']}-{fault.get('size', fault.get('count'))}",
)
def test_a_bad_wire_costs_time_but_no_card(desk: Desk, simulator: SimulatorProcess, fault: dict[str, object]) -> None:
    simulator.do("insert", card="guli")
    desk.until_status(CardPresent)
    simulator.do(**fault)  # type: ignore[arg-type]  # the fault names its order
    desk.ask()
    assert desk.answer() == IdentityRead("r", _card("guli"))


def test_unplug_and_replug(desk: Desk, simulator: SimulatorProcess) -> None:
    for _ in range(2):
        desk.ask()
        simulator.do("unplug")
        assert desk.answer() == IdentityReadFailed("r", ReadFailure.READER_GONE)
        desk.until_status(Disconnected)
        desk.ask()
        assert desk.answer() == IdentityReadFailed("r", ReadFailure.READER_GONE)
        simulator.do("plug")
        desk.until_status(ReaderReady)
    simulator.do("insert", card="chan")
    desk.ask()
    assert desk.answer() == IdentityRead("r", _card("chan"))


def test_a_reader_that_falls_silent_or_fails_comes_back(pty_simulator: SimulatorProcess) -> None:
    desk = Desk(pty_simulator.port)
    desk.until_status(ReaderReady)
    pty_simulator.do("silent", on=True)
    desk.until_status(Disconnected)
    pty_simulator.do("silent", on=False)
    desk.until_status(ReaderReady)
    pty_simulator.do("sam-fault", code=0x66)
    assert desk.until_status(ReaderFault) == ReaderFault(0x66)
    pty_simulator.do("sam-fault", code=0)
    desk.until_status(ReaderReady)
    assert desk.stop()


def test_a_card_that_cannot_be_read(desk: Desk, simulator: SimulatorProcess) -> None:
    simulator.do("insert", card="zhang")
    simulator.do("unreadable")
    desk.ask()
    assert desk.answer() == IdentityReadFailed("r", ReadFailure.UNREADABLE)


def test_nobody_lays_a_card(desk: Desk) -> None:
    desk.ask(timeout=0.2)
    assert desk.answer() == IdentityReadFailed("r", ReadFailure.NO_CARD)


def test_the_rate_is_found_again_after_it_changed(pty_simulator: SimulatorProcess) -> None:
    pty_simulator.do("baud", rate=9600)
    desk = Desk(pty_simulator.port)
    desk.until_status(ReaderReady)
    pty_simulator.do("baud", rate=57600)
    desk.until(lambda: any(isinstance(status, Disconnected) for status in desk.statuses()))
    desk.until_status(ReaderReady)
    assert desk.stop()


def test_the_port_is_ours_alone(pty_simulator: SimulatorProcess) -> None:
    first = Desk(pty_simulator.port)
    first.until_status(ReaderReady)
    second = Desk(pty_simulator.port)
    status = second.until_status(Disconnected)
    assert isinstance(status, Disconnected)
    assert "taken by another program" in status.reason
    assert first.stop()
    second.until_status(ReaderReady)
    assert second.stop()


def test_a_reading_takes_hardly_longer_than_its_bytes_on_the_wire(pty_simulator: SimulatorProcess) -> None:
    """The answers to find, select, read and the look for an appended address are 1340 bytes at 115200 baud."""
    reader = IdReader(pty_simulator.port)
    reader.open()
    times = []
    for _ in range(5):
        pty_simulator.do("insert", card="zhang")
        started = time.perf_counter()
        reader.session.read_card()
        times.append(time.perf_counter() - started)
    reader.close()
    wire = (15 + 19 + 1295 + 11) * 10 / 115200
    assert min(times) <= 1.15 * wire


@pytest.mark.hardware
def test_a_real_reader_shakes_hands_and_finds_no_card(real_port: str) -> None:
    desk = Desk(real_port)
    status = desk.until_status(ReaderReady)
    assert isinstance(status, ReaderReady)
    assert not status.sam_id.startswith("00.00-")
    desk.ask(timeout=1.0)
    assert desk.answer() == IdentityReadFailed("r", ReadFailure.NO_CARD)
    assert desk.stop()


@pytest.mark.hardware
@pytest.mark.timeout(120)
def test_a_real_card_is_read_twice_alike_and_its_removal_noticed(real_port: str) -> None:
    """Lay a test card within a minute; lift it when the second reading is done."""
    desk = Desk(real_port)
    desk.ask(timeout=60.0)
    end = time.monotonic() + 60
    while not desk.answers and time.monotonic() < end:
        time.sleep(0.05)
    first = desk.answers.pop()
    assert isinstance(first, IdentityRead)
    desk.ask()
    assert desk.answer() == first
    desk.until_told(CardRemoved())
    assert desk.stop()
