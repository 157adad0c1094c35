"""The life of a device under its supervisor: scripted devices and simulated time; threads where it is about them."""

from __future__ import annotations

import logging
import termios
import threading
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from drivers.api.messages import Event, IdentityReadFailed, ReadIdentity, StatusChanged
from drivers.api.records import ReadFailure
from drivers.api.status import DeviceClass, Disconnected, ReaderReady, Unknown
from drivers.device import Context, DeviceGoneError, Ticket, answer_unavailable
from drivers.supervisor import SIMULATED_REFUSED, BackOff, Supervisor
from tests.unit.drivers.lines import FakeClock

READY = ReaderReady("05.03-20160101-0001234567-0007654321")


class Outlet:
    """Keeps what was told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def broadcast(self, event: Event) -> None:
        self.events.append(event)

    @property
    def status(self) -> object:
        """The last status told."""
        return next(event.value for event in reversed(self.events) if isinstance(event, StatusChanged))


class ScriptedDevice:
    """Does in open and run what it is told, and notices misuse."""

    device_class = DeviceClass.ID_READER
    stable_id = "usb:1a86:7523:0001"

    def __init__(self) -> None:
        self.simulated = False
        self.on_open: Callable[[], None] = lambda: None
        self.on_run: Callable[[Context], None] = lambda _context: None
        self.on_close: Callable[[], None] = lambda: None
        self.is_open = False
        self.opened = 0
        self.closed = 0

    def open(self) -> None:
        assert not self.is_open, "opened twice without close"
        self.is_open = True  # a failing open may already hold something
        self.opened += 1
        self.on_open()

    def run(self, context: Context) -> None:
        assert self.is_open
        context.publish(READY)
        self.on_run(context)

    def close(self) -> None:
        self.closed += 1
        self.is_open = False
        self.on_close()

    def away(self, ticket: Ticket, context: Context) -> None:  # noqa: ARG002 - the protocol has it
        assert not self.is_open
        answer_unavailable(ticket)


def _raises(error: BaseException) -> Callable[..., None]:
    def raising(*_: object) -> None:
        raise error

    return raising


FAULTS: list[Callable[[], Exception]] = [
    lambda: DeviceGoneError("no answer"),
    lambda: OSError(5, "Input/output error"),
    lambda: termios.error(5, "Input/output error"),
    lambda: ValueError("张三 110101199001010015"),
    lambda: RuntimeError("driver bug"),
]


class SupervisedLife(RuleBasedStateMachine):
    """Any order of failing and working opens, runs and closes keeps the promises of the supervisor."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.outlet = Outlet()
        self.device = ScriptedDevice()
        self.back_off = BackOff(first=0.25, ceiling=5.0, steady=10.0)
        self.supervisor = Supervisor(
            self.device, self.outlet, back_off=self.back_off, clock=self.clock, random_unit=lambda: 0.0
        )
        self.failures = 0

    @rule(error=st.sampled_from(FAULTS))
    def open_fails(self, error: Callable[[], Exception]) -> None:
        self.device.on_open = _raises(error())
        self._cycle(steady=False)
        assert READY not in self._since_last_cycle, "connected only after a handshake"
        self.device.on_open = lambda: None

    @rule(error=st.sampled_from(FAULTS), seconds=st.sampled_from([0.0, 3.0, 9.5, 10.0, 500.0]))
    def run_fails(self, error: Callable[[], Exception], seconds: float) -> None:
        def run(_: Context) -> None:
            self.clock.now += seconds
            raise error()

        self.device.on_run = run
        self._cycle(steady=seconds >= 10.0)
        assert READY in self._since_last_cycle

    @rule()
    def run_ends_by_itself(self) -> None:
        self.device.on_run = lambda _context: None
        self._cycle(steady=False)

    @rule()
    def close_fails_too(self) -> None:
        self.device.on_close = _raises(RuntimeError("close"))
        self.device.on_run = _raises(DeviceGoneError("no answer"))
        self._cycle(steady=False)
        self.device.on_close = lambda: None

    @rule()
    def found_to_be_simulated(self) -> None:
        self.device.simulated = True
        self._cycle(steady=False)
        assert self.outlet.status == Disconnected(SIMULATED_REFUSED)
        assert READY not in self._since_last_cycle
        self.device.simulated = False

    def _cycle(self, *, steady: bool) -> None:
        before = len(self.outlet.events)
        pause = self.supervisor.cycle()
        self._since_last_cycle = [
            event.value for event in self.outlet.events[before:] if isinstance(event, StatusChanged)
        ]
        self.failures = 1 if steady else self.failures + 1
        assert pause == self.back_off.pause(self.failures, 0.0)

    @invariant()
    def closed_after_everything(self) -> None:
        assert not self.device.is_open
        assert self.device.closed >= self.device.opened

    @invariant()
    def told_once_and_honestly(self) -> None:
        told = [event for event in self.outlet.events if isinstance(event, StatusChanged)]
        assert all(a != b for a, b in pairwise(told))
        assert isinstance(self.outlet.status, Disconnected | Unknown)
        assert "张三" not in repr(told), "what an exception carries is not told"


SupervisedLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestSupervisedLife = SupervisedLife.TestCase


@pytest.mark.parametrize("unit", [0.0, 0.5, 0.999])
def test_pauses_grow_to_a_ceiling_and_are_jittered(unit: float) -> None:
    back_off = BackOff(first=0.25, ceiling=5.0)
    pauses = [back_off.pause(failures, unit) for failures in range(1, 60)]
    assert pauses == sorted(pauses)
    assert pauses[0] == pytest.approx(0.25 * (1 - unit / 2))
    assert pauses[-1] == pytest.approx(5.0 * (1 - unit / 2))


def test_a_fault_is_logged_once_with_its_place_and_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    device = ScriptedDevice()
    device.on_run = _raises(ValueError("张三 110101199001010015"))
    with caplog.at_level(logging.INFO):
        supervisor = Supervisor(device, Outlet())
        for _ in range(5):
            supervisor.cycle()
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "test_supervisor.py" in errors[0]
    assert "110101" not in caplog.text


def test_simulated_devices_are_welcome_where_they_are_allowed() -> None:
    device, outlet = ScriptedDevice(), Outlet()
    device.simulated = True
    Supervisor(device, outlet, allow_simulated=True).cycle()
    assert StatusChanged(DeviceClass.ID_READER, READY, device.stable_id, simulated=True) in outlet.events


def test_a_device_is_never_opened_once_it_is_known_to_be_simulated() -> None:
    device = ScriptedDevice()
    device.simulated = True
    Supervisor(device, Outlet()).cycle()
    assert device.opened == 0


def _ticket(answers: list[Event], answered: threading.Event) -> Ticket:
    def answer(event: Event) -> None:
        answers.append(event)
        answered.set()

    return Ticket(ReadIdentity("r1"), answer)


def test_a_request_is_answered_while_the_device_is_away() -> None:
    device, answers, answered = ScriptedDevice(), [], threading.Event()
    device.on_open = _raises(DeviceGoneError("no such port"))
    supervisor = Supervisor(device, Outlet(), back_off=BackOff(first=60, ceiling=60))
    supervisor.start()
    supervisor.submit(_ticket(answers, answered))
    assert answered.wait(5)
    assert answers == [IdentityReadFailed("r1", ReadFailure.READER_GONE)]
    assert supervisor.stop(), "a long pause does not delay the stop"


def test_a_driver_that_does_not_stop_is_closed_under_its_thread() -> None:
    device, closed, running = ScriptedDevice(), threading.Event(), threading.Event()

    def deaf(_: Context) -> None:
        running.set()
        closed.wait(10)

    device.on_run = deaf
    device.on_close = closed.set
    supervisor = Supervisor(device, Outlet())
    supervisor.start()
    assert running.wait(5)
    assert supervisor.stop(deadline=0.05)


def test_a_driver_that_hangs_for_good_is_left_behind() -> None:
    device, running, release = ScriptedDevice(), threading.Event(), threading.Event()

    def stuck(_: Context) -> None:
        running.set()
        release.wait(30)

    device.on_run = stuck
    supervisor = Supervisor(device, Outlet())
    supervisor.start()
    assert running.wait(5)
    assert not supervisor.stop(deadline=0.05)
    release.set()


def test_requests_after_the_end_are_answered() -> None:
    device, answers, answered = ScriptedDevice(), [], threading.Event()
    device.on_run = lambda context: context.wait(30) and None
    supervisor = Supervisor(device, Outlet())
    supervisor.start()
    assert supervisor.stop()
    supervisor.submit(_ticket(answers, answered))
    assert answers == [IdentityReadFailed("r1", ReadFailure.READER_GONE)]
