"""Ratings that a terminal holds and cannot deliver: told by its heartbeat, alarmed once when they are too old."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.clock import ManualClock
from kiosk.court.contract import Heartbeat
from kiosk.court.heartbeats import fresh_nonce
from provisioning.hub import alarms
from provisioning.hub.backup import MANIFEST, SNAPSHOT, back_up, restore
from provisioning.hub.court_keys import load_court_keys
from provisioning.hub.data import INDEX_KEY, DataDirectory, DataError
from provisioning.hub.hub import prepare_data
from provisioning.hub.permissions import Role
from provisioning.hub.ratings.backlogs import GRACE, alarm_backlogs, note_backlog
from provisioning.hub.ratings.rules import RatingRules, load_rules
from provisioning.hub.ratings.schema import rating_backlogs
from provisioning.hub.staff import accounts, add_account
from tests.hub.consoles import Open
from tests.hub.filings import WireTerminal
from tests.hub.processes import HubProcess
from tests.hub.ratings.conftest import CLERK, NOW, Court

RULES = RatingRules(undelivered_hours=24)


def beat(waiting: int, oldest: datetime | None, terminal: str = "DEV01") -> Heartbeat:
    """What a terminal tells that holds `waiting` ratings."""
    return Heartbeat(
        nonce=fresh_nonce(),
        terminal=terminal,
        epoch=None,
        max_sequence=0,
        awaiting_safety=(),
        software="test 1",
        queue_depth=0,
        ratings_waiting=waiting,
        oldest_rating=oldest,
    )


def tell(court: Court, waiting: int, oldest: datetime | None, terminal: str = "DEV01") -> None:
    court.run(lambda c: note_backlog(c, beat(waiting, oldest, terminal), now=court.clock.now()))


def look(court: Court) -> list[tuple[str | None, str]]:
    """What the alarm list says after the hub has looked."""
    court.run(lambda c: alarm_backlogs(c, rules=RULES, now=court.clock.now()))
    held = court.read(alarms.waiting)
    return [(one.terminal, one.detail) for one in held if one.kind is alarms.AlarmKind.RATINGS_LATE]


def wait(court: Court, span: timedelta) -> None:
    court.clock.advance(span.total_seconds())


def test_a_rating_held_too_long_is_told_once(court: Court) -> None:
    """N3: not before it is too old, once for the same rating whoever looks however often, again for a later one."""
    tell(court, 1, NOW)
    wait(court, RULES.undelivered)
    assert look(court) == [], "not yet too old"
    wait(court, timedelta(minutes=1))
    tell(court, 3, NOW)
    told = [("DEV01", "3, 2026-11-23 09:30")]
    assert look(court) == told
    assert look(court) == told
    (alarm,) = court.read(alarms.waiting)
    court.run(lambda c: alarms.acknowledge(c, alarm.alarm_id, staff="x", at=court.clock.now()))
    tell(court, 3, NOW)
    assert look(court) == [], "the same rating"
    later = court.clock.now()
    tell(court, 1, later)
    wait(court, RULES.undelivered + GRACE)
    assert [terminal for terminal, _ in look(court)] == ["DEV01"]


def test_whoever_comes_back_is_given_the_time_to_deliver(court: Court) -> None:
    """Days offline are no alarm if everything arrives as soon as the hub is reached."""
    wait(court, timedelta(days=5))
    tell(court, 40, NOW)
    assert look(court) == []
    wait(court, timedelta(minutes=1))
    tell(court, 0, None)
    wait(court, GRACE)
    assert look(court) == []


def test_a_terminal_that_falls_silent_with_ratings_is_alarmed_for(court: Court) -> None:
    """And so is each of two; one that holds nothing is not."""
    tell(court, 2, NOW)
    tell(court, 1, NOW + timedelta(hours=1), "DEV02")
    tell(court, 0, None, "DEV03")
    wait(court, timedelta(days=2))
    assert [terminal for terminal, _ in look(court)] == ["DEV02", "DEV01"]


def test_the_console_shows_it(as_role: Open, console: HubProcess) -> None:
    """Sent as a terminal sends it; on the list of terminals."""
    told = beat(2, datetime.fromisoformat("2026-11-20T08:15:00+08:00")).model_dump_json().encode()
    with WireTerminal(console.url) as terminal:
        assert terminal.send("POST", "/v1/heartbeat", told).status_code == 200
    administrator = as_role(Role.ADMINISTRATOR)
    administrator.get("terminals")
    assert "未送达评价" in administrator.text
    assert "2, 最早 2026-11-20 08:15" in administrator.text


def test_the_time_is_the_courts_to_choose(tmp_path: Path) -> None:
    (tmp_path / "ratings.toml").write_text("undelivered_hours = 0.5\n")
    assert load_rules(tmp_path).undelivered == timedelta(minutes=30)
    (tmp_path / "ratings.toml").write_text("undelivered_hours = 0\n")
    with pytest.raises(DataError):
        load_rules(tmp_path)


def test_a_backup_from_before_is_restored(tmp_path: Path) -> None:
    """One that a program without this table made: the hub takes the rest, and serves."""
    clock = ManualClock(NOW)
    data, copy = DataDirectory(tmp_path / "hub"), DataDirectory(tmp_path / "copy")
    database = prepare_data(data, None, clock)
    with database.writing.begin() as connection:
        add_account(connection, name=CLERK, role=Role.CLERK, password_hash="-", at=NOW, by="test")
    for held in (data, copy):
        held.prepare()
        load_court_keys(held, create=True)
        held.secret(INDEX_KEY)
    folder = back_up(data, database, tmp_path / "backup", clock=clock).folder
    database.close()
    with closing(sqlite3.connect(folder / SNAPSHOT)) as snapshot:
        snapshot.execute(f"DROP TABLE {rating_backlogs.name}")
        snapshot.commit()
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["sha256"] = hashlib.sha256((folder / SNAPSHOT).read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest))
    restore(tmp_path / "backup", copy, None, clock=clock)
    restored = prepare_data(copy, None, clock)
    with restored.writing.begin() as connection:
        assert [one.name for one in accounts(connection)] == [CLERK]
        note_backlog(connection, beat(1, NOW), now=NOW)
    restored.close()
