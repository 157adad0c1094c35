"""What could not be got done, on the terminal's own disk and on its way: durable before thanks, once at the hub."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from kiosk.agent import health
from kiosk.agent import unresolved_messages as u
from kiosk.agent.core import Agent
from kiosk.agent.service import Service
from kiosk.agent.unresolved_desk import BadReportError, UnresolvedDesk
from kiosk.agent.unresolved_messenger import UnresolvedMessenger
from kiosk.audit.journal import check_chain, entries
from kiosk.clock import CHINA, ManualClock, SystemClock
from kiosk.court.queueing import Names
from kiosk.court.sealing import unseal_text
from kiosk.court.unresolved import (
    LONGEST_ACCOUNT,
    DutyLeader,
    DutyRoster,
    LeaderPost,
    UnresolvedKind,
    UnresolvedPlace,
    report_reference,
)
from kiosk.diagnosis import running as diagnosis
from kiosk.outbox import safety, unresolved
from kiosk.outbox.unresolved import ReportState
from tests.hub.processes import wait_for
from tests.outbox.messenger import beat
from tests.outbox.reporter import ACCOUNT, NAME, PHONE, told
from tests.outbox.stub_hub import Fault, StubHub
from tests.outbox.test_service import Window


class Office:
    """A terminal's agent without its threads."""

    def __init__(self, data: Path, hub: StubHub, clock: ManualClock) -> None:
        self.data, self.hub, self.clock = data, hub, clock
        self._open()

    def _open(self) -> None:
        self.agent = Agent.open(self.data, self.hub.url, self.clock)
        self.desk = UnresolvedDesk(self.agent.outbox, self.agent.terminal, self.clock, self.agent.new_client())

    def keep(self, **changes: str) -> UUID:
        """One report."""
        return self.desk.keep(told(self.clock, **changes)).report_id

    def deliver(self, seconds: float = 0.0) -> None:
        """Everything a messenger can do within `seconds` of the manual clock."""
        messenger = UnresolvedMessenger(self.agent.outbox, self.agent.new_client(), self.clock)
        end = self.clock.monotonic() + seconds
        for _ in range(2000):
            pause = messenger.step()
            if pause and self.clock.monotonic() + pause > end:
                break
            self.clock.advance(pause)
        messenger.stop()

    def state(self, report_id: UUID) -> ReportState | None:
        held = self.desk.held(report_id)
        return held.state if held is not None else None

    def restart(self) -> None:
        """As after a power failure."""
        self.close()
        self._open()

    def close(self) -> None:
        self.desk.close()
        self.agent.close()


@pytest.fixture
def office(hub: StubHub, clock: ManualClock, tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data", hub, clock)
    yield made
    made.close()


def test_words_and_telephone_leave_the_memory_sealed_only(office: Office, tmp_path: Path) -> None:
    """N10: neither in the files nor in the journal; the court opens them, and after delivery nothing is left here."""
    office.hub.stop()
    report_id = office.keep()
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    (kept,) = office.agent.outbox.run(lambda c: unresolved.waiting(c, 9))
    for secret in (ACCOUNT, NAME, PHONE):
        assert secret.encode() not in stored
        assert secret not in kept.report.model_dump_json()
    office.hub.start()
    office.deliver()
    (sent,) = office.hub.report_posts
    assert unseal_text(sent.account_sealed or "", office.hub.sealing) == ACCOUNT
    assert unseal_text(sent.call_back_sealed or "", office.hub.sealing) == f"{NAME} {PHONE}"
    assert office.agent.outbox.run(lambda c: unresolved.waiting(c, 9)) == []
    held = office.desk.held(report_id)
    assert held is not None
    taken = office.hub.reports[report_id]
    assert (held.number, held.answer_by) == (taken.number, taken.answer_by)


def test_the_same_report_twice_is_one(office: Office) -> None:
    """A window that asks again after the agent died gets the same report, with the number it has by then."""
    asked = told(office.clock)
    first = office.desk.keep(asked)
    office.deliver()
    office.restart()
    again = office.desk.keep(asked)
    assert (again.report_id, again.state) == (first.report_id, ReportState.DELIVERED)
    assert again.number == office.hub.reports[first.report_id].number
    office.deliver()
    assert len(office.hub.report_posts) == 1


def test_a_hub_that_is_away_for_days_gets_everything_later_and_once(office: Office) -> None:
    """Every fault of the line, a restart in between: each report once, with the number the hub gave at first."""
    office.hub.stop()
    kept = [office.keep() for _ in range(12)]
    office.deliver(seconds=3 * 24 * 3600.0)
    assert {office.state(one) for one in kept} == {ReportState.WAITING}
    office.restart()
    office.hub.start()
    office.hub.faults = [fault for fault in Fault if fault is not Fault.DRIP] * 3
    office.deliver(seconds=24 * 3600.0)
    assert set(office.hub.reports) == set(kept)
    assert {office.state(one) for one in kept} == {ReportState.DELIVERED}
    journal = office.agent.outbox.run(lambda c: list(entries(c)))
    check_chain(journal)
    kinds = [entry.kind for entry in journal]
    assert (kinds.count("unresolved_kept"), kinds.count("unresolved_delivered")) == (12, 12)


def test_one_report_the_hub_will_not_have_holds_up_no_other(office: Office) -> None:
    """Refused for good: kept for a person. Failing: tried again, after the others."""
    office.hub.never, office.hub.failing = {"fees"}, {"system"}
    refused = office.keep(kind=UnresolvedKind.FEES)
    failing = office.keep(kind=UnresolvedKind.SYSTEM)
    fine = office.keep()
    office.deliver()
    assert [office.state(one) for one in (refused, failing, fine)] == [
        ReportState.REFUSED,
        ReportState.WAITING,
        ReportState.DELIVERED,
    ]
    told_now = health.report("", office.agent, office.clock)
    assert (told_now.unresolved_waiting, told_now.unresolved_refused) == (1, 1)
    check = diagnosis.unresolved(told_now)
    assert (check.ok, check.detail) == (False, "1 waiting for the hub, the oldest for 0.0 h, 1 refused by it")
    beat(office.agent, office.clock)
    told_hub = office.hub.beats[-1]
    assert told_hub.reports_waiting == 1
    assert told_hub.oldest_report is not None
    office.hub.failing.clear()
    office.clock.advance(1800)
    assert health.report("", office.agent, office.clock).oldest_unresolved_seconds >= 1800
    office.deliver(seconds=600)
    assert office.state(failing) is ReportState.DELIVERED


@pytest.mark.parametrize(
    "wrong",
    [
        {"request_id": "no id"},
        {"window": ""},
        {"window": "not a window"},
        {"place": UnresolvedPlace.PHONE},
        {"happened": "2026-09-02"},
        {"happened": "yesterday"},
    ],
)
def test_what_is_no_report_is_not_kept(office: Office, wrong: dict[str, str]) -> None:
    """And what was written is not repeated by the error."""
    with pytest.raises(BadReportError) as caught:
        office.keep(**wrong)
    assert ACCOUNT not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert office.agent.outbox.run(unresolved.backlog).waiting == 0


def test_too_many_words_are_cut_and_none_are_none(office: Office) -> None:
    office.keep(account="长" * (LONGEST_ACCOUNT + 5), name="", phone="")
    office.keep(account="  \n")
    office.deliver()
    long, empty = office.hub.report_posts
    assert len(unseal_text(long.account_sealed or "", office.hub.sealing)) == LONGEST_ACCOUNT
    assert long.call_back_sealed is None
    assert empty.account_sealed is None


def test_numbers_are_forgotten_after_a_day(office: Office) -> None:
    delivered, not_safe = office.keep(), office.keep()
    office.deliver()
    office.agent.outbox.run(lambda c: safety.mark(c, [delivered], office.clock.now()))
    office.hub.failing = {"sent_back"}
    waiting = office.keep()
    office.clock.advance(25 * 3600)
    office.keep()
    assert office.state(delivered) is None
    assert office.state(waiting) is ReportState.WAITING, "what was not delivered stays"
    assert office.state(not_safe) is ReportState.DELIVERED, "no backup holds it: the hub may ask for it again"


# -- who is on duty


def roster(day: date) -> DutyRoster:
    return DutyRoster(
        day=day,
        on_duty=(
            DutyLeader(
                name="示例甲",
                post=LeaderPost.PRESIDENT,
                opens="08:30",
                closes="11:30",
                place=Names(zh="接待室", ko="접견실", en="Room"),
            ),
        ),
        reception_service="reception",
    )


def test_the_roster_of_today_stands_while_the_hub_is_away_and_no_longer(office: Office) -> None:
    """S2-12: what the hub said today is told for the rest of the day; tomorrow nobody knows, and nobody guesses."""
    office.hub.roster = roster(office.clock.now().date())
    fresh = office.desk.duty("1")
    assert (fresh.known, fresh.on_duty[0].name, fresh.on_duty[0].opens, fresh.reception) == (
        True,
        "示例甲",
        "08:30",
        "reception",
    )
    office.hub.stop()
    office.restart()
    assert office.desk.duty("1") == fresh
    office.clock.advance(24 * 3600)
    assert office.desk.duty("2") == u.DutyFound("2", known=False)


# -- over the agent's socket


class Running:
    """An agent with its socket and its threads."""

    def __init__(self, folder: Path, hub: StubHub) -> None:
        clock = SystemClock()
        self.agent = Agent.open(folder / "data", hub.url, clock)
        self.path = folder / "agent.sock"
        self._service = Service(self.agent, self.path, folder / "devices.sock", clock)
        self._service.start()

    def stop(self) -> None:
        self._service.stop()
        self.agent.close()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Running, StubHub]]:
    with StubHub() as hub:
        made = Running(tmp_path, hub)
        yield made, hub
        made.stop()


def test_a_person_gets_the_number_or_the_reference(running: tuple[Running, StubHub]) -> None:
    """S2-11: the court's number within a moment; without the hub the terminal's own, at once, and it is kept."""
    terminal, hub = running
    window, clock = Window(terminal.path), SystemClock()
    asked = told(clock)
    window.send(asked)
    kept = window.expect(u.UnresolvedKept)
    taken = hub.reports[UUID(asked.request_id)]
    assert (kept.number, kept.answer_by) == (taken.number, taken.answer_by.isoformat())
    assert kept.reference == report_reference(taken.request_id)
    hub.stop()
    later = told(clock)
    window.send(later)
    alone = window.expect(u.UnresolvedKept)
    assert (alone.number, alone.answer_by) == ("", "")
    assert alone.reference == report_reference(UUID(later.request_id))
    hub.start()
    window.send(later)
    assert window.expect(u.UnresolvedKept).number == hub.reports[UUID(later.request_id)].number
    assert len(hub.reports) == 2
    window.send(u.GetDuty("d"))
    assert window.expect(u.DutyFound) == u.DutyFound("d", known=False)
    window.die()


def test_what_cannot_be_kept_is_refused_by_its_reason(running: tuple[Running, StubHub]) -> None:
    terminal, hub = running
    hub.never = {"fees"}
    window, clock = Window(terminal.path), SystemClock()
    window.send(told(clock, window=""))
    assert window.expect(u.UnresolvedRefused) == u.UnresolvedRefused("r", u.UnresolvedRefusal.NOT_A_REPORT)
    window.send(told(clock, kind=UnresolvedKind.FEES))
    assert window.expect(u.UnresolvedRefused) == u.UnresolvedRefused("r", u.UnresolvedRefusal.NOT_TAKEN)
    window.die()


# -- kills


def killed_after(reports: int, data: Path, hub: StubHub) -> list[UUID]:
    """What a process said it has kept until it was killed, having said so at least `reports` times."""
    command = [sys.executable, "-m", "tests.outbox.reporter", str(data), hub.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(reports)]
        process.send_signal(signal.SIGKILL)
        said += process.stdout.readlines()
    return [UUID(line.strip()) for line in said if line.endswith("\n")]


def test_whatever_was_acknowledged_reaches_the_hub_once_whenever_the_process_dies(tmp_path: Path) -> None:
    """F5: killed again and again in the middle of keeping and delivering, the hub away in between."""
    dice = random.Random(11)
    said: list[UUID] = []
    with StubHub() as hub:
        Agent.open(tmp_path / "data", hub.url).close()
        for turn in range(4):
            if turn % 2:
                hub.stop()
            said += killed_after(dice.randint(1, 20), tmp_path / "data", hub)
            if turn % 2:
                hub.start()
        agent = Agent.open(tmp_path / "data", hub.url)
        messenger = UnresolvedMessenger(agent.outbox, agent.new_client(), SystemClock())
        messenger.start()
        wait_for(lambda: agent.outbox.run(unresolved.backlog).waiting == 0)
        messenger.stop()
        agent.outbox.run(lambda c: check_chain(entries(c)))
        agent.close()
        assert len(said) == len(set(said))
        assert set(said) <= set(hub.reports)
        assert len({taken.number for taken in hub.reports.values()}) == len(hub.reports)


def test_reports_are_dated_by_the_day_in_china(office: Office) -> None:
    """At one in the morning in Beijing it is still yesterday by UTC; today can be reported all the same."""
    office.clock.advance((timedelta(hours=16)).total_seconds())
    assert office.clock.now().astimezone(UTC).date() < office.clock.now().astimezone(CHINA).date()
    assert office.state(office.keep()) is ReportState.WAITING
