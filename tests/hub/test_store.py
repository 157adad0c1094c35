"""Database and writer of the hub, without HTTP, on both engines."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.clock import CHINA, ManualClock
from kiosk.outbox.sqlcipher import require_safe_engine
from provisioning.hub import journal
from provisioning.hub.data import DataDirectory, DataError
from provisioning.hub.engine import Database, open_database
from provisioning.hub.hub import prepare_data
from provisioning.hub.schema import Moment, read_setting, settings, upgrade, write_setting
from provisioning.hub.writer import Writer, WriterClosedError
from tests.hub.conftest import NOW
from tests.hub.processes import hub_command


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


def test_whoever_goes_away_does_not_stop_the_writer(database: Database) -> None:
    """A request that is cut off while its job waits: the job is done all the same, and so are those after it."""
    writer = Writer(database.writing)
    gate = threading.Event()

    def wait(connection: sa.Connection) -> None:
        assert gate.wait(10)
        write_setting(connection, "job", "done")

    async def cut_off() -> str | None:
        waiting = asyncio.create_task(writer.run(wait))
        await asyncio.sleep(0)  # so that it was handed in
        waiting.cancel()
        gate.set()
        async with asyncio.timeout(10):
            return await writer.run(lambda connection: read_setting(connection, "job"))

    writer.start()
    assert asyncio.run(cut_off()) == "done"
    writer.close()


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
