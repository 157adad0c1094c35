"""The agent's socket, with a device daemon on the other side: numbers, slips, crashes of the window."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from drivers.api import messages as devices
from drivers.api.liveness import Ping, Pong
from drivers.api.records import JobState
from drivers.api.wire import Channel, Listener, connect
from kiosk.agent import messages as m
from kiosk.agent.core import Agent
from kiosk.agent.service import Service
from kiosk.clock import ManualClock
from kiosk.court.contract import AssistanceReason, BlobRole
from kiosk.outbox import slips
from tests.outbox.conftest import START
from tests.outbox.filings import NUMBER, SLIP, SLIP_COPY, envelope, fresh_id
from tests.outbox.stub_hub import Fault, StubHub

DEADLINE = 10.0
T = TypeVar("T")


class Window:
    """A session window: a socket and what came over it."""

    def __init__(self, path: Path) -> None:
        self._channel: Channel[Any, Any] = connect(path, m.Event)
        self._events: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while (event := self._channel.receive()) is not None:
                self._events.put(event)
        except OSError:
            return

    def send(self, request: m.Request) -> None:
        self._channel.send(request)

    def expect(self, kind: type[T]) -> T:
        """The next event of `kind`; others are passed over."""
        while True:
            event = self._events.get(timeout=DEADLINE)
            if isinstance(event, kind):
                return event

    def nothing_but(self, *allowed: type[object]) -> None:
        """Nothing else has come up to an answer that is asked for now."""
        self.send(m.GetConfig("last"))
        while not isinstance(event := self._events.get(timeout=DEADLINE), m.Config):
            assert isinstance(event, allowed)

    def die(self) -> None:
        self._channel.close()


class Daemon:
    """A device daemon that prints what the test tells it to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.asked: queue.Queue[Any] = queue.Queue()
        self._channel: Channel[Any, Any] | None = None
        self._listener = Listener(path, devices.Request, self._serve)
        self._listener.start()

    def _serve(self, channel: Channel[Any, Any]) -> None:
        self._channel = channel
        try:
            while (request := channel.receive()) is not None:
                self.asked.put(request)
        except OSError:
            return

    def tell(self, job: str, state: JobState, detail: str = "") -> None:
        assert self._channel is not None
        self._channel.send(devices.PrintJobChanged(job, state, detail))

    def stop(self) -> None:
        self._listener.stop()
        if self._channel is not None:
            self._channel.close()


class Bench:
    """Agent, its socket and a daemon, all of which can be stopped and started."""

    def __init__(self, folder: Path, hub: StubHub) -> None:
        self.folder = folder
        self.hub = hub
        self.clock = ManualClock(START)
        self.devices = folder / "devices.sock"
        self.path = folder / "agent.sock"
        self.start()

    def start(self) -> None:
        self.agent = Agent.open(self.folder / "data", self.hub.url, self.clock)
        self.service = Service(self.agent, self.path, self.devices, self.clock)
        self.service.start()

    def stop(self) -> None:
        self.service.stop()
        self.agent.close()


@pytest.fixture
def bench(hub: StubHub, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, hub)
    yield made
    made.stop()


@pytest.fixture
def daemon(bench: Bench) -> Iterator[Daemon]:
    made = Daemon(bench.devices)
    yield made
    made.stop()


def file_one(window: Window, bench: Bench) -> m.Committed:
    """The whole conversation of one filing."""
    submission_id = fresh_id()
    key = str(submission_id)
    window.send(m.StartFiling("1", key))
    assert window.expect(m.FilingStarted).submission_id == key
    window.send(m.PutPart(key, BlobRole.VOLUME, "application/pdf", b"%PDF " + NUMBER.encode() + bytes(300_000)))
    window.send(m.ReserveReceipt("2", key))
    held = window.expect(m.ReceiptReserved)
    inside = envelope(submission_id, held.receipt_no, bench.clock.now())
    window.send(m.PutPart(key, BlobRole.ENVELOPE, "application/json", inside.model_dump_json().encode()))
    window.send(m.CommitFiling("3", key, SLIP, SLIP_COPY))
    committed = window.expect(m.Committed)
    assert (committed.request, committed.receipt_no, committed.received_at) == ("3", held.receipt_no, held.received_at)
    return committed


def test_a_filing_over_the_socket(bench: Bench, daemon: Daemon) -> None:
    """Committed, printed under its durable job number, acknowledged by the court."""
    window = Window(bench.path)
    assert window.expect(m.AgentStatus).accepting
    committed = file_one(window, bench)
    printing = daemon.asked.get(timeout=DEADLINE)
    assert printing == devices.PrintSlip(f"{committed.receipt_no}-1", SLIP)
    for state in (JobState.SENDING, JobState.SETTLED):
        daemon.tell(printing.job, state)
        assert window.expect(m.SlipState).state is state
    assert bench.agent.outbox.run(slips.unsettled) == []
    assert bench.agent.deliver(DEADLINE) == 0
    assert window.expect(m.Acknowledged).submission_id == committed.submission_id
    window.send(m.CommitFiling("4", committed.submission_id))
    again = window.expect(m.Committed)
    assert again.already
    assert again.sha256 == committed.sha256
    window.die()


def test_a_window_that_dies_before_showing_the_number(bench: Bench, daemon: Daemon) -> None:
    """F4: the warm spare is told "already received, no. …" and prints a copy; once shown it is never offered again."""
    window, spare = Window(bench.path), Window(bench.path)
    committed = file_one(window, bench)
    spare.nothing_but(m.AgentStatus, m.SlipState)
    window.die()
    pending = spare.expect(m.PendingReceipt)
    assert (pending.receipt_no, pending.slip_copy) == (committed.receipt_no, SLIP_COPY)
    assert spare.expect(m.SlipState).job == f"{committed.receipt_no}-1"
    assert daemon.asked.get(timeout=DEADLINE).job == f"{committed.receipt_no}-1"
    spare.send(m.ReprintSlip("5", committed.submission_id))
    copy = daemon.asked.get(timeout=DEADLINE)
    assert copy == devices.PrintSlip(f"{committed.receipt_no}-2", SLIP_COPY)
    assert spare.expect(m.SlipState).copy
    spare.send(m.ReceiptShown(committed.submission_id))
    spare.nothing_but(m.AgentStatus, m.SlipState)
    Window(bench.path).nothing_but(m.AgentStatus, m.SlipState)


def test_a_window_that_is_shown_later_asks_for_what_nobody_has_seen(bench: Bench) -> None:
    """F4: the spare connected long before the commit and was hidden when the number was offered."""
    spare, window = Window(bench.path), Window(bench.path)
    committed = file_one(window, bench)
    spare.send(m.AskPendingReceipts())
    spare.nothing_but(m.AgentStatus, m.SlipState)
    window.die()
    assert spare.expect(m.PendingReceipt).submission_id == committed.submission_id
    spare.send(m.AskPendingReceipts())
    assert spare.expect(m.PendingReceipt).submission_id == committed.submission_id
    spare.send(m.ReceiptShown(committed.submission_id))
    spare.send(m.AskPendingReceipts())
    spare.nothing_but(m.AgentStatus, m.SlipState)


def test_an_agent_that_dies_offers_the_number_for_ten_minutes(bench: Bench) -> None:
    """F4: after a restart of the whole terminal; later the person has gone, and nobody else is shown the number."""
    committed = file_one(Window(bench.path), bench)
    bench.stop()
    bench.start()
    assert Window(bench.path).expect(m.PendingReceipt).submission_id == committed.submission_id
    bench.clock.advance(11 * 60)
    Window(bench.path).nothing_but(m.AgentStatus, m.SlipState)


def test_a_slip_is_not_sent_twice_over_a_restart(bench: Bench, daemon: Daemon) -> None:
    """A slip whose end is unknown is asked after, never printed blindly again."""
    committed = file_one(Window(bench.path), bench)
    job = daemon.asked.get(timeout=DEADLINE).job
    daemon.tell(job, JobState.SENDING)
    watcher = Window(bench.path)
    watcher.send(m.ReprintSlip("x", str(fresh_id())))
    assert watcher.expect(m.Refused).reason is m.RefusalReason.UNKNOWN_SUBMISSION
    deadline = threading.Event()
    while bench.agent.outbox.run(lambda c: slips.find_job(c, job)).state is not JobState.SENDING:  # type: ignore[union-attr]
        assert not deadline.wait(0.01)
    bench.stop()
    bench.start()
    assert daemon.asked.get(timeout=DEADLINE) == devices.AskJob(job)
    daemon.tell(job, JobState.UNKNOWN, "not remembered")
    window = Window(bench.path)
    window.send(m.ReprintSlip("6", committed.submission_id, SLIP_COPY))
    assert daemon.asked.get(timeout=DEADLINE).job == f"{committed.receipt_no}-2"


def test_a_slip_no_printer_took_in_time_is_given_up(bench: Bench) -> None:
    """A printer that comes back must not print one person's receipt in front of the next."""
    window = Window(bench.path)
    file_one(window, bench)
    bench.clock.advance(130)
    bench.service._printer.notify()
    slip = window.expect(m.SlipState)
    assert slip.state is JobState.FAILED
    late = Daemon(bench.devices)
    bench.service._printer.notify()
    window.nothing_but(m.AgentStatus)
    assert late.asked.empty()
    late.stop()


def test_a_window_that_dies_early_leaves_nothing_behind(bench: Bench) -> None:
    """F35: unsealed means nothing was filed; the number is a gap with a reason."""
    window = Window(bench.path)
    key = str(fresh_id())
    window.send(m.StartFiling("1", key))
    window.send(m.PutPart(key, BlobRole.VOLUME, "application/pdf", bytes(1000)))
    window.send(m.ReserveReceipt("2", key))
    lost = window.expect(m.ReceiptReserved).receipt_no
    window.die()
    other = Window(bench.path)
    other.send(m.StartFiling("3", key))
    other.expect(m.FilingStarted)
    other.send(m.CommitFiling("4", key))
    assert other.expect(m.Refused).reason is m.RefusalReason.INCOMPLETE
    assert file_one(other, bench).receipt_no != lost
    assert len(list((bench.agent.outbox.directory / "blobs").iterdir())) == 2


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (m.CommitFiling("1", "not an id"), m.RefusalReason.UNKNOWN_SUBMISSION),
        (m.CommitFiling("1", "01900000-0000-7000-8000-000000000001"), m.RefusalReason.UNKNOWN_SUBMISSION),
        (
            m.PutPart("01900000-0000-7000-8000-000000000001", BlobRole.VOLUME, "x", b""),
            m.RefusalReason.UNKNOWN_SUBMISSION,
        ),
        (m.ReprintSlip("1", "01900000-0000-7000-8000-000000000001"), m.RefusalReason.UNKNOWN_SUBMISSION),
        (m.ReceiptShown("01900000-0000-7000-8000-000000000001"), m.RefusalReason.UNKNOWN_SUBMISSION),
    ],
)
def test_requests_about_nothing_are_refused(bench: Bench, request_: m.Request, reason: m.RefusalReason) -> None:
    window = Window(bench.path)
    window.send(request_)
    assert window.expect(m.Refused).reason is reason


class Launcher(Window):
    """A connection that has pinged once."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.ping()

    def ping(self) -> None:
        self.send(Ping())
        self.expect(Pong)


def test_a_ping_is_answered_while_the_store_and_a_window_are_busy(bench: Bench, hub: StubHub) -> None:
    """Sealing and committing a large filing, or a hub that takes its time, is no hang."""
    launcher, window = Launcher(bench.path), Window(bench.path)
    window.expect(m.AgentStatus)
    busy, done = threading.Event(), threading.Event()

    def work(_: object) -> None:
        busy.set()
        assert done.wait(DEADLINE)

    commit = threading.Thread(target=bench.agent.outbox.run, args=(work,))
    commit.start()
    try:
        assert busy.wait(DEADLINE)
        window.send(m.GetHealth("waits for the store"))
        launcher.ping()
    finally:
        done.set()
        commit.join()
    assert window.expect(m.Health)
    hub.faults.append(Fault.DRIP)
    window.send(m.FindCases("waits for the hub", identity_number=NUMBER))
    waited = threading.Event()
    while hub.faults:  # the hub has not been asked yet
        assert not waited.wait(0.01)
    launcher.ping()
    window.die()


def test_who_pings_is_offered_no_receipt(bench: Bench) -> None:
    """Slips are for windows; the launcher lives longer than any person's session."""
    launcher, window, spare = Launcher(bench.path), Window(bench.path), Window(bench.path)
    file_one(window, bench)
    window.die()
    spare.expect(m.PendingReceipt)
    launcher.nothing_but(m.AgentStatus)


def test_configuration_health_queries_and_calls(bench: Bench, hub: StubHub) -> None:
    window = Window(bench.path)
    window.send(m.GetConfig("1"))
    config = window.expect(m.Config)
    assert (config.court_code, config.development) == ("吉0102", True)
    assert config.court_name.ko == "시범시 시범구인민법원"
    committed = file_one(window, bench)
    window.send(m.GetHealth("2"))
    health = window.expect(m.Health)
    assert (health.queue_depth, health.unshown_receipts, health.unsettled_slips) == (1, 1, 1)
    assert health.accepting
    window.send(m.FindCases("3", receipt_no=committed.receipt_no.lower()))
    assert [case.state for case in window.expect(m.CasesFound).cases] == [m.LocalState.WAITING_TO_BE_SENT]
    window.send(m.FindCases("4", receipt_no="nonsense"))
    assert window.expect(m.CasesFound).misread
    window.send(m.CallStaff("5", AssistanceReason.HELP, "home"))
    assert window.expect(m.StaffCalled).delivered
    hub.stop()
    window.send(m.CallStaff("6", AssistanceReason.HELP, "home"))
    assert not window.expect(m.StaffCalled).delivered
