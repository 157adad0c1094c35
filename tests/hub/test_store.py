"""Database, writer, journal, staff and backup of the hub, without HTTP; the database tests run on both engines."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock import CHINA, ManualClock
from kiosk.court.contract import AssistanceReason, BlobRole, Channel, SubmissionState
from kiosk.court.envelope import IdentitySource, MediationWish
from kiosk.flow.consents import Purpose
from kiosk.flow.stage import Stage
from kiosk.i18n import Language
from kiosk.outbox.engine import require_safe_engine
from provisioning.hub import journal, staff
from provisioning.hub.alarms import AlarmKind
from provisioning.hub.console.words import ConsoleLanguage, say, words
from provisioning.hub.data import DataDirectory, DataError
from provisioning.hub.deadlines import days_left, decision_due
from provisioning.hub.decisions import CaseEventKind, Refusal, Track
from provisioning.hub.engine import Database, open_database
from provisioning.hub.hub import HubOptions, prepare_data
from provisioning.hub.papers import PaperProblem
from provisioning.hub.permissions import PERMISSIONS, Permission, Role, may
from provisioning.hub.personal import PersonalIndex, Summary, SummaryDamagedError
from provisioning.hub.schema import Moment, journal_heads, settings, upgrade, write_setting
from provisioning.hub.schema import journal as journal_table
from provisioning.hub.terminals import NonceWindow
from provisioning.hub.writer import Writer, WriterClosedError
from tests.hub.conftest import StartHub
from tests.hub.filings import WireTerminal, make_filing
from tests.hub.processes import hub_command, wait_for

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)


@pytest.fixture
def database(tmp_path: Path, database_options: tuple[str, ...]) -> Iterator[Database]:
    """An empty hub database."""
    url = database_options[1] if database_options else None
    opened = prepare_data(DataDirectory(tmp_path), url, ManualClock(NOW))
    yield opened
    opened.close()


# The database


def test_the_engine_is_durable_and_encrypted(tmp_path: Path) -> None:
    """WAL, synchronous FULL and page HMAC; the file is unreadable without its key (findings 1 and 2, F10)."""
    data = DataDirectory(tmp_path)
    database = prepare_data(data, None, ManualClock(NOW))
    with database.writing.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA mmap_size").scalar() in (0, None)
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
        assert require_safe_engine(version, "4").sqlite == version
    database.close()
    assert not data.database.read_bytes().startswith(b"SQLite format 3")
    (data.keys / "database.key").write_bytes(b"\0" * 32)
    with pytest.raises(DataError, match="cannot be opened"):
        open_database(data, None)


def test_keys_that_others_could_read_are_refused(tmp_path: Path) -> None:
    """A secret with wide permissions is a secret no longer."""
    data = DataDirectory(tmp_path)
    data.prepare()
    data.secret("index.key")
    (data.keys / "index.key").chmod(0o644)
    with pytest.raises(DataError, match="0600"):
        data.secret("index.key")


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "postgresql://hub@127.0.0.1:1/none"])
def test_a_wrong_database_is_one_clear_line(tmp_path: Path, url: str) -> None:
    """An unusable URL is refused with exit 1 and one line that holds no password."""
    done = hub_command("user", "list", "--data", str(tmp_path), "--database", url)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_a_newer_database_is_left_alone(database: Database) -> None:
    """A program must not write into a database it does not understand (F26)."""
    upgrade(database.writing)
    with database.writing.begin() as connection:
        write_setting(connection, "schema_version", "99")
    with pytest.raises(DataError, match="version 99"):
        upgrade(database.writing)


def test_moments_keep_every_microsecond(database: Database) -> None:
    """Times come back exactly, whatever the engine."""
    table = sa.Table("moments", sa.MetaData(), sa.Column("at", Moment))
    values = [NOW.replace(microsecond=1), datetime(1969, 12, 31, 23, 59, 59, 999_999, CHINA), NOW + timedelta(days=9e4)]
    with database.writing.begin() as connection:
        table.create(connection)
        connection.execute(sa.insert(table), [{"at": value} for value in values])
        assert list(connection.scalars(sa.select(table.c.at).order_by(table.c.at))) == sorted(values)


# The writer


def test_the_writer_commits_many_and_fails_one(database: Database) -> None:
    """A failing job takes nothing of its neighbours with it and leaves nothing behind."""
    writer = Writer(database.writing)
    gate = threading.Event()

    def wait(connection: sa.Connection) -> None:
        assert gate.wait(10)

    def put(number: int, *, fail: bool) -> None:
        def job(connection: sa.Connection) -> int:
            write_setting(connection, f"job {number}", "done")
            if fail:
                raise ZeroDivisionError
            return number

        futures.append(writer.submit(job))

    futures: list[object] = []
    writer.start()
    first = writer.submit(wait)
    for number in range(100):
        put(number, fail=number % 10 == 3)
    gate.set()
    first.result(10)
    for number, future in enumerate(futures):
        if number % 10 == 3:
            with pytest.raises(ZeroDivisionError):
                future.result(10)  # type: ignore[attr-defined]
        else:
            assert future.result(10) == number  # type: ignore[attr-defined]
    writer.close()
    with database.reading.connect() as connection:
        stored = connection.scalar(sa.select(sa.func.count()).where(settings.c.key.startswith("job ")))
    assert stored == 90
    with pytest.raises(WriterClosedError):
        writer.submit(wait)


def test_two_writers_do_not_lose_journal_entries(tmp_path: Path, database_options: tuple[str, ...]) -> None:
    """Two hub processes over one database: every entry is there and the chain holds."""
    url = database_options[1] if database_options else None
    data, clock = DataDirectory(tmp_path), ManualClock(NOW)
    databases = [prepare_data(data, url, clock) for _ in range(2)]
    writers = [Writer(database.writing) for database in databases]
    for writer in writers:
        writer.start()

    def entry(number: int) -> object:
        def job(connection: sa.Connection) -> None:
            journal.append(connection, chain="staff", at=NOW, actor="t", action="test", subject=str(number))

        return writers[number % 2].submit(job)

    for future in [entry(number) for number in range(120)]:
        future.result(60)  # type: ignore[attr-defined]
    for writer in writers:
        writer.close()
    with databases[0].reading.connect() as connection:
        assert journal.faults(connection) == []
        subjects = {e.subject for e in journal.entries(connection) if e.chain == "staff"}
    assert subjects == {str(number) for number in range(120)}
    for database in databases:
        database.close()


# The journal


def _filled(database: Database) -> None:
    with database.writing.begin() as connection:
        for number in range(6):
            journal.append(
                connection,
                chain="staff",
                at=NOW,
                actor="clerk",
                action="test",
                subject=str(number),
                detail={"n": number},
            )


def test_the_database_refuses_to_change_the_journal(database: Database) -> None:
    """Append-only is held by the database itself (N2)."""
    _filled(database)
    for statement in (sa.update(journal_table).values(actor="x"), sa.delete(journal_table)):
        with pytest.raises(sa.exc.DBAPIError, match="append only"), database.writing.begin() as connection:
            connection.execute(statement)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE journal SET subject = '9' WHERE chain = 'staff' AND number = 3",
        "UPDATE journal SET at = at + 1 WHERE chain = 'staff' AND number = 3",
        "DELETE FROM journal WHERE chain = 'staff' AND number = 3",
        "DELETE FROM journal WHERE chain = 'staff' AND number >= 5",
        "DELETE FROM journal WHERE chain = 'staff'",
        "UPDATE journal SET number = number + 1 WHERE chain = 'staff' AND number = 6",
    ],
)
def test_whoever_goes_round_the_database_is_found(tmp_path: Path, damage: str) -> None:
    """Edited, removed, cut off, renumbered: each shows (N2, S20)."""
    database = prepare_data(DataDirectory(tmp_path), None, ManualClock(NOW))
    _filled(database)
    with database.reading.connect() as connection:
        assert journal.faults(connection) == []
    with database.writing.begin() as connection:
        for name in ("journal_no_update", "journal_no_delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(damage)
    with database.reading.connect() as connection:
        assert journal.faults(connection)
    database.close()
    done = hub_command("journal", "--data", str(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


# Staff


def test_the_permission_matrix() -> None:
    """Who may do what, written out so that a change is a decision (S0-31, S1-14)."""
    rows = {
        Permission.LIST_MATTERS: "clerk triage scanner",
        Permission.SEE_NAMES: "clerk triage",
        Permission.READ_PAPERS: "clerk triage",
        Permission.DECIDE: "clerk",
        Permission.RECORD_CORRECTIONS: "clerk scanner",
        Permission.TRIAGE: "clerk triage",
        Permission.ANSWER_CALLS: "clerk triage administrator",
        Permission.SEE_TERMINALS: "administrator",
        Permission.HANDLE_ALARMS: "clerk administrator",
        Permission.READ_JOURNAL: "administrator",
        Permission.MANAGE_STAFF: "administrator",
    }
    assert set(rows) == set(Permission)
    assert set(PERMISSIONS) == set(Role)
    for permission, roles in rows.items():
        assert {role.value for role in Role if may(role, permission)} == set(roles.split())


def test_wrong_passwords_lock_and_the_lock_ends(database: Database) -> None:
    """Five failures lock for a minute, the next for two; trying on while locked does not prolong it."""
    with database.writing.begin() as connection:
        password_hash = staff.hash_password("correct horse")
        staff.add_account(connection, name="ming", role=Role.CLERK, password_hash=password_hash, at=NOW, by="test")
        for _ in range(staff.FREE_FAILURES):
            staff.note_failure(connection, "ming", now=NOW)
        for _ in range(50):
            staff.note_failure(connection, "ming", now=NOW + timedelta(seconds=30))

        def usable(seconds: int) -> bool:
            found = staff.credentials_of(connection, "ming", now=NOW + timedelta(seconds=seconds))
            return staff.password_fits(found, "correct horse")

        assert not usable(59)
        assert usable(60)
        staff.note_failure(connection, "ming", now=NOW + timedelta(seconds=60))
        assert not usable(60 + 119)
        assert usable(60 + 120)
        assert not staff.password_fits(None, "anything at all")


def test_sessions_end(database: Database) -> None:
    """Idle for 30 minutes, ten hours old, account closed, password changed: signed out."""
    with database.writing.begin() as connection:
        password_hash = staff.hash_password("correct horse")
        staff.add_account(connection, name="ming", role=Role.CLERK, password_hash=password_hash, at=NOW, by="test")
        token = staff.sign_in(connection, "ming", now=NOW)
        assert staff.who(connection, token, now=NOW + staff.IDLE_LIMIT)
        assert not staff.who(connection, token, now=NOW + staff.IDLE_LIMIT + timedelta(seconds=1))
        assert not staff.who(connection, token + "x", now=NOW)
        person = staff.who(connection, token, now=NOW)
        assert person is not None
        late = NOW + staff.ABSOLUTE_LIMIT
        staff.touch(connection, person.token_hash, now=late)
        assert staff.who(connection, token, now=late)
        assert not staff.who(connection, token, now=late + timedelta(seconds=1))
        staff.set_active(connection, name="ming", active=False, at=NOW, by="test")
        assert not staff.who(connection, token, now=NOW)


# Personal data, time limits, small rules


def test_names_and_numbers_are_unreadable_without_the_key() -> None:
    """An identity number is found however it was typed; a summary opens only for its own submission and key."""
    index, other = PersonalIndex(b"1" * 32), PersonalIndex(b"2" * 32)
    assert index.mac("11010519491231002x") == index.mac(" １１０１０５19491231002X") != other.mac("11010519491231002X")
    summary = Summary(
        plaintiffs=("李示例",), defendants=(), language="zh", mediation=None, amount=None, findings=0, pages=0
    )
    sealed = index.seal(summary, "one")
    assert "李示例".encode() not in sealed
    assert index.open(sealed, "one") == summary
    for box, subject in ((other, "one"), (index, "two")):
        with pytest.raises(SummaryDamagedError):
            box.open(sealed, subject)


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=CHINA), "2026-03-09"),  # an ordinary week
        (datetime(2026, 9, 25, 9, tzinfo=CHINA), "2026-10-08"),  # the National Day holiday lies over the last day
        (datetime(2026, 3, 2, 17, tzinfo=CHINA) + timedelta(hours=7), "2026-03-10"),  # after midnight: the next day
    ],
)
def test_the_seven_days(received: datetime, last: str) -> None:
    """Day of receipt not counted, holidays roll over (民事诉讼法 85, 126; S0-23)."""
    due = decision_due(received)
    assert due.date().isoformat() == last
    assert days_left(due, due) == 0
    assert days_left(due, due + timedelta(seconds=1)) == -1


def test_production_does_not_bend() -> None:
    """A hub in production takes no development terminal and calls nothing safe but a backup."""
    for terminals, after in ((True, None), (False, timedelta(seconds=60))):
        with pytest.raises(DataError):
            HubOptions(production=True, development_terminals=terminals, safe_after=after)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 40)), max_size=60))
def test_a_nonce_is_good_once_within_its_window(events: list[tuple[str, float]]) -> None:
    """Against a model: seen within the window means refused, seen longer ago means forgotten (S24)."""
    window, now = NonceWindow(30), 0.0
    seen: dict[str, float] = {}
    for nonce, pause in events:
        now += pause
        fresh = window.first_time("key", nonce, now)
        assert fresh == (nonce not in seen or now >= seen[nonce] + 30)
        if fresh:
            seen[nonce] = now


def test_every_enumeration_has_its_words() -> None:
    """No page can fail for want of a word; both languages are filled."""
    assert all(text.strip() for wording in words().values() for text in wording.values())
    for state in SubmissionState:
        assert say(f"state.{state.value}", ConsoleLanguage.ZH) != say(f"state.{state.value}", ConsoleLanguage.EN)
    sections: dict[str, type[StrEnum]] = {
        "consent": Purpose,
        "step": Stage,
        "role": Role,
        "alarms": AlarmKind,
        "problem": PaperProblem,
        "refusal": Refusal,
        "event": CaseEventKind,
        "track": Track,
        "channel": Channel,
        "paper": BlobRole,
        "reason": AssistanceReason,
        "mediation": MediationWish,
        "identity": IdentitySource,
        "language": Language,
    }
    for section, kind in sections.items():
        for value in kind:
            assert f"{section}.{value.value}" in words(), (section, value)


# Backup and restore


def test_restore_begins_a_new_epoch_and_everything_is_there(
    start_hub: StartHub, database_options: tuple[str, ...], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Backup while serving, restore into the other engine; what came later is offered again and stored once (F23)."""
    hub = start_hub(*database_options)
    backup, copy = tmp_path / "backup", tmp_path / "copy"
    with WireTerminal(hub.url) as terminal:
        before = terminal.court()
        early, late = make_filing(before), make_filing(before, sequence=2)
        receipt = terminal.deliver(early).content
        wait_for(lambda: _rows(hub.data, *database_options)[0]["index_state"] == "indexed")
        done = hub_command("backup", "--data", str(hub.data), *database_options, "--to", str(backup), "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["submissions"] == 1
        assert terminal.deliver(late).status_code == 200
    hub.stop()
    assert "李示例".encode() not in (backup / "000001" / "snapshot.db").read_bytes()
    assert not list(backup.rglob("*.key"))

    refused = hub_command("restore", "--from", str(backup), "--data", str(copy))
    assert refused.returncode == 1
    assert "keys" in refused.stderr
    (copy / "keys").mkdir(parents=True, mode=0o700, exist_ok=True)
    for path in (hub.data / "keys").iterdir():
        if path.name != "database.key":
            (copy / "keys" / path.name).write_bytes(path.read_bytes())
            (copy / "keys" / path.name).chmod(0o600)
    other: tuple[str, ...] = ()
    if not database_options:
        other = ("--database", request.getfixturevalue("postgres").database())
    restored = hub_command("restore", "--from", str(backup), "--data", str(copy), *other)
    assert restored.returncode == 0, restored.stderr
    again = hub_command("restore", "--from", str(backup), "--data", str(copy), *other)
    assert again.returncode == 1

    second = start_hub(*other, data=copy)
    with WireTerminal(second.url) as terminal:
        after = terminal.court()
        assert after.epoch != before.epoch
        assert after.sealing_key == before.sealing_key
        assert terminal.put(early.manifest).content == receipt
        assert terminal.put(late.manifest).status_code == 424
        assert terminal.deliver(late).status_code == 200
    assert len(_rows(copy, *other)) == 2
    assert hub_command("journal", "--data", str(copy), *other).returncode == 0


def test_a_backup_with_a_missing_paper_marks_nothing(start_hub: StartHub, tmp_path: Path) -> None:
    """A backup that could not be restored must not let terminals forget."""
    hub = start_hub()
    with WireTerminal(hub.url) as terminal:
        filing = make_filing(terminal.court())
        terminal.deliver(filing)
    name = next(iter(filing.blobs))
    (hub.data / "blobs" / name[:2] / name).unlink()
    done = hub_command("backup", "--data", str(hub.data), "--to", str(tmp_path / "b"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    data = DataDirectory(hub.data)
    database = open_database(data, None)
    with database.reading.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM submissions WHERE safe_backup IS NULL").scalar() == 1
        assert connection.scalar(sa.select(sa.func.count()).select_from(journal_heads)) is not None
    database.close()


def _rows(data: Path, *options: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(
        hub_command("submissions", "--data", str(data), *options, "--json").stdout
    )
    return found
