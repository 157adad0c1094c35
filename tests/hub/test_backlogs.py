"""Ratings and reports that a terminal holds and cannot deliver: told by its heartbeat, alarmed once when too old."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.clock import CHINA, ManualClock
from kiosk.court.contract import Heartbeat
from kiosk.court.heartbeats import fresh_nonce
from provisioning.hub import alarms
from provisioning.hub.backlogs import GRACE, Backlog, Held, alarm_backlogs, note_backlogs
from provisioning.hub.backup import MANIFEST, SNAPSHOT, back_up, restore
from provisioning.hub.court_keys import load_court_keys
from provisioning.hub.data import INDEX_KEY, DataDirectory, DataError
from provisioning.hub.engine import Database
from provisioning.hub.hub import prepare_data
from provisioning.hub.permissions import Role
from provisioning.hub.ratings.rules import RatingRules
from provisioning.hub.ratings.rules import load_rules as rating_rules
from provisioning.hub.schema import terminal_backlogs
from provisioning.hub.staff import accounts, add_account
from provisioning.hub.unresolved.rules import UnresolvedRules
from provisioning.hub.unresolved.rules import load_rules as unresolved_rules
from tests.hub.consoles import Open
from tests.hub.filings import WireTerminal
from tests.hub.processes import HubProcess

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
ALLOWED = timedelta(hours=24)
LATE = {Held.RATINGS: alarms.AlarmKind.RATINGS_LATE, Held.REPORTS: alarms.AlarmKind.REPORTS_LATE}
NOTHING = Backlog(0, None)


def beat(held: Held, backlog: Backlog, terminal: str = "DEV01") -> Heartbeat:
    """What a terminal tells that holds `backlog` and nothing else."""
    ratings, reports = (backlog, NOTHING) if held is Held.RATINGS else (NOTHING, backlog)
    return Heartbeat(
        nonce=fresh_nonce(),
        terminal=terminal,
        epoch=None,
        max_sequence=0,
        awaiting_safety=(),
        software="test 1",
        queue_depth=0,
        ratings_waiting=ratings.waiting,
        oldest_rating=ratings.oldest,
        reports_waiting=reports.waiting,
        oldest_report=reports.oldest,
    )


@dataclass
class Court:
    """A hub's database that hears of one kind of thing, and its alarm list."""

    database: Database
    held: Held
    clock: ManualClock

    def tell(self, waiting: int, oldest: datetime | None, terminal: str = "DEV01") -> None:
        """A heartbeat."""
        with self.database.writing.begin() as connection:
            note_backlogs(connection, beat(self.held, Backlog(waiting, oldest), terminal), now=self.clock.now())

    def look(self) -> list[alarms.Alarm]:
        """What waits on the alarm list after the hub has looked for this kind."""
        with self.database.writing.begin() as connection:
            alarm_backlogs(connection, self.held, undelivered=ALLOWED, now=self.clock.now())
            return [one for one in alarms.waiting(connection) if one.kind is LATE[self.held]]

    def acknowledge(self, alarm: alarms.Alarm) -> None:
        """Somebody has seen it."""
        with self.database.writing.begin() as connection:
            alarms.acknowledge(connection, alarm.alarm_id, staff="x", at=self.clock.now())

    def wait(self, span: timedelta) -> None:
        """Time passes."""
        self.clock.advance(span.total_seconds())


@pytest.fixture(params=list(Held))
def court(request: pytest.FixtureRequest, database: Database) -> Court:
    """One for each kind of thing that a terminal holds."""
    return Court(database, request.param, ManualClock(NOW))


def test_one_held_too_long_is_told_once(court: Court) -> None:
    """N3: not before it is too old, once for the same one whoever looks however often, again for a later one."""
    court.tell(1, NOW)
    court.wait(ALLOWED)
    assert court.look() == [], "not yet too old"
    court.wait(timedelta(minutes=1))
    court.tell(3, NOW)
    (alarm,) = court.look()
    assert (alarm.terminal, alarm.detail) == ("DEV01", "3, 2026-11-23 09:30")
    assert court.look() == [alarm]
    court.acknowledge(alarm)
    court.tell(3, NOW)
    assert court.look() == [], "the same one"
    court.tell(1, court.clock.now())
    court.wait(ALLOWED + GRACE)
    assert [one.terminal for one in court.look()] == ["DEV01"]


def test_whoever_comes_back_is_given_the_time_to_deliver(court: Court) -> None:
    """Days offline are no alarm if everything arrives as soon as the hub is reached."""
    court.wait(timedelta(days=5))
    court.tell(40, NOW)
    assert court.look() == []
    court.wait(timedelta(minutes=1))
    court.tell(0, None)
    court.wait(GRACE)
    assert court.look() == []


def test_a_terminal_that_falls_silent_is_alarmed_for(court: Court) -> None:
    """And so is each of two; one that holds nothing is not."""
    court.tell(2, NOW)
    court.tell(1, NOW + timedelta(hours=1), "DEV02")
    court.tell(0, None, "DEV03")
    court.wait(timedelta(days=2))
    assert [one.terminal for one in court.look()] == ["DEV02", "DEV01"]


@pytest.mark.parametrize(("held", "heading"), [(Held.RATINGS, "未送达评价"), (Held.REPORTS, "未送达反映")])
def test_the_console_shows_it(as_role: Open, console: HubProcess, held: Held, heading: str) -> None:
    """Sent as a terminal sends it; on the list of terminals."""
    since = datetime.fromisoformat("2026-11-20T08:15:00+08:00")
    told = beat(held, Backlog(2, since)).model_dump_json().encode()
    with WireTerminal(console.url) as terminal:
        assert terminal.send("POST", "/v1/heartbeat", told).status_code == 200
    administrator = as_role(Role.ADMINISTRATOR)
    administrator.get("terminals")
    assert heading in administrator.text
    assert "2, 最早 2026-11-20 08:15" in administrator.text


@pytest.mark.parametrize(("file", "load"), [("ratings.toml", rating_rules), ("unresolved.toml", unresolved_rules)])
def test_the_time_is_the_courts_to_choose(
    tmp_path: Path, file: str, load: Callable[[Path], RatingRules | UnresolvedRules]
) -> None:
    (tmp_path / file).write_text("undelivered_hours = 0.5\n")
    assert load(tmp_path).undelivered == timedelta(minutes=30)
    (tmp_path / file).write_text("undelivered_hours = 0\n")
    with pytest.raises(DataError):
        load(tmp_path)


def test_a_backup_from_before_is_restored(tmp_path: Path) -> None:
    """One that a program without this table made: the hub takes the rest, and serves."""
    clock = ManualClock(NOW)
    data, copy = DataDirectory(tmp_path / "hub"), DataDirectory(tmp_path / "copy")
    database = prepare_data(data, None, clock)
    with database.writing.begin() as connection:
        add_account(connection, name="示例书记员", role=Role.CLERK, password_hash="-", at=NOW, by="test")
    for held in (data, copy):
        held.prepare()
        load_court_keys(held, create=True)
        held.secret(INDEX_KEY)
    folder = back_up(data, database, tmp_path / "backup", clock=clock).folder
    database.close()
    with closing(sqlite3.connect(folder / SNAPSHOT)) as snapshot:
        snapshot.execute(f"DROP TABLE {terminal_backlogs.name}")
        snapshot.commit()
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["sha256"] = hashlib.sha256((folder / SNAPSHOT).read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest))
    restore(tmp_path / "backup", copy, None, clock=clock)
    restored = prepare_data(copy, None, clock)
    with restored.writing.begin() as connection:
        assert [one.name for one in accounts(connection)] == ["示例书记员"]
        note_backlogs(connection, beat(Held.RATINGS, Backlog(1, NOW)), now=NOW)
    restored.close()
