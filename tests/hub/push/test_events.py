"""The outbox: events are stored with their change or not at all, and cursors become visible in their order."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.clock import CHINA, ManualClock
from provisioning.hub.data import DataDirectory
from provisioning.hub.engine import Database, open_database
from provisioning.hub.hub import prepare_data
from provisioning.hub.push.events import KEPT, EventKind, record, sweep_events
from provisioning.hub.push.schema import events
from provisioning.hub.writer import Writer

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
WRITERS, TRANSACTIONS = 3, 120

WRITE = """
import sys, random
from datetime import datetime
from pathlib import Path
from kiosk.clock import CHINA
from provisioning.hub.data import DataDirectory
from provisioning.hub.engine import open_database
from provisioning.hub.push.events import EventKind, record
name, data, url, transactions = sys.argv[1:]
database = open_database(DataDirectory(Path(data)), url or None)
random.seed(name)
for number in range(int(transactions)):
    with database.writing.begin() as connection:
        for part in range(random.randint(1, 4)):
            record(connection, kind=EventKind.TICKET_STATUS, audience="display",
                   data={"from": name, "number": number, "part": part}, at=datetime.now(CHINA))
"""


@pytest.fixture
def database(tmp_path: Path, database_options: tuple[str, ...]) -> Iterator[Database]:
    """An empty hub database."""
    url = database_options[1] if database_options else None
    opened = prepare_data(DataDirectory(tmp_path), url, ManualClock(NOW))
    yield opened
    opened.close()


def tell(connection: sa.Connection, number: int, at: datetime = NOW) -> None:
    record(connection, kind=EventKind.TICKET_STATUS, audience="display", data={"number": number}, at=at)


def stored(database: Database, after: int = 0) -> list[tuple[int, str]]:
    with database.reading.connect() as connection:
        query = sa.select(events.c.cursor, events.c.data).where(events.c.cursor > after).order_by(events.c.cursor)
        return [(row.cursor, row.data) for row in connection.execute(query)]


def test_an_event_shares_the_fate_of_its_change(database: Database) -> None:
    """Of many jobs in one commit, those that fail tell nothing, nor does a savepoint that was undone inside one."""

    def fails(connection: sa.Connection) -> None:
        tell(connection, 99)
        raise ValueError

    def undoes_a_part(connection: sa.Connection) -> None:
        tell(connection, 2)
        part = connection.begin_nested()
        tell(connection, 98)
        part.rollback()
        with connection.begin_nested():
            tell(connection, 3)

    writer = Writer(database.writing)
    futures = [writer.submit(job) for job in (lambda c: tell(c, 1), fails, undoes_a_part, fails, lambda c: tell(c, 4))]
    writer.start()
    writer.close()
    assert [future.exception() is None for future in futures] == [True, False, True, False, True]
    assert [data for _, data in stored(database)] == [f'{{"number":{number}}}' for number in (1, 2, 3, 4)]
    with database.writing.connect() as connection:
        connection.begin()
        tell(connection, 97)
        connection.rollback()
    assert len(stored(database)) == 4


def test_an_event_that_would_be_lost_is_an_error(database: Database) -> None:
    """Only a transaction of the writing engine stores events; elsewhere `record` says so."""
    with database.reading.connect() as connection, pytest.raises(RuntimeError, match="writing engine"):
        tell(connection, 1)
    with database.writing.connect() as connection, pytest.raises(RuntimeError, match="writing engine"):
        tell(connection, 1)


def test_cursors_rise_whatever_the_clock_does(database: Database) -> None:
    """A cursor is at least its moment in microseconds, so those after a restore lie above those lost with the disk;
    when the clock is set back they go on from where they were."""
    for number, at in enumerate((NOW, NOW - timedelta(hours=1), NOW, NOW + timedelta(seconds=1))):
        with database.writing.begin() as connection:
            tell(connection, number, at)
            tell(connection, number, at)
    cursors = [cursor for cursor, _ in stored(database)]
    first = int(NOW.timestamp()) * 1_000_000
    assert cursors == [*range(first, first + 6), first + 1_000_000, first + 1_000_001]


def test_the_sweep_takes_what_is_old_and_leaves_the_newest(database: Database) -> None:
    """Two days are kept; the newest event stays however old it is, because snapshots name its cursor."""
    for number, age in enumerate((KEPT * 2, KEPT + timedelta(seconds=1), KEPT)):
        with database.writing.begin() as connection:
            tell(connection, number, NOW - age)
    with database.writing.begin() as connection:
        assert sweep_events(connection, now=NOW) == 2
    assert [data for _, data in stored(database)] == ['{"number":2}']
    with database.writing.begin() as connection:
        assert sweep_events(connection, now=NOW + KEPT * 9) == 0


def test_a_commit_under_way_holds_back_later_cursors(database: Database) -> None:
    """While one hub process is between drawing its cursor and being visible, another one's event waits; so a reader
    never sees the later cursor first. (Events recorded long before their commit hold nobody back.)"""
    url = database.writing.url
    if database.name == "sqlite":
        pytest.skip("SQLite has one writer at a time, with or without this")
    other = open_database(DataDirectory(Path("/nonexistent")), url.render_as_string(hide_password=False))
    drawn, go_on = threading.Event(), threading.Event()

    def hold(connection: sa.Connection) -> None:
        drawn.set()
        assert go_on.wait(20)

    slow = database.writing.connect()
    transaction = slow.begin()
    tell(slow, 1)
    with other.writing.begin() as connection:
        tell(connection, 2)
    assert [data for _, data in stored(database)] == ['{"number":2}'], "recording alone takes no lock"

    sa.event.listen(database.writing, "commit", hold)  # runs after the cursor is drawn
    committing = threading.Thread(target=transaction.commit)
    committing.start()
    assert drawn.wait(20)

    def commit_third() -> None:
        with other.writing.begin() as connection:
            tell(connection, 3)

    third = threading.Thread(target=commit_third)
    third.start()
    deadline = time.monotonic() + 20
    waiting = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = :name")
    while True:
        with database.reading.connect() as connection:
            if connection.scalar(waiting, {"name": url.database}):
                break
        assert time.monotonic() < deadline, "the third event does not wait"
    assert [data for _, data in stored(database)] == ['{"number":2}']
    go_on.set()
    committing.join()
    third.join()
    assert [data for _, data in stored(database)] == ['{"number":2}', '{"number":1}', '{"number":3}']
    slow.close()
    other.close()


def test_a_reader_skips_nothing_while_several_processes_write(
    database: Database, database_options: tuple[str, ...], tmp_path: Path
) -> None:
    """Three processes commit at once; whoever always asks for what lies above the last cursor gets every event, each
    once, and those of one transaction together."""
    url = database_options[1] if database_options else ""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE, f"writer{n}", str(tmp_path), url, str(TRANSACTIONS)])
        for n in range(WRITERS)
    ]
    seen: list[tuple[int, str]] = []
    while True:
        running = any(writer.poll() is None for writer in writers)
        seen += stored(database, after=seen[-1][0] if seen else 0)
        if not running:
            break
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    assert seen == stored(database)
    assert len({data for _, data in seen}) == len(seen) >= WRITERS * TRANSACTIONS
    for name in range(WRITERS):
        own = [data for _, data in seen if f'"writer{name}"' in data]
        numbers = [int(data.split('"number":')[1].split(",")[0]) for data in own]
        assert numbers == sorted(numbers)
