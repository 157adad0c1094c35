"""Backup and restore of a hub, the same for SQLite and PostgreSQL (docs/decisions/0004).

A backup is a folder that holds `blobs/` and one numbered snapshot of the tables as an SQLite file with a manifest.
Blobs are shared by all snapshots, so only new ones are copied. Secrets are never in it. A submission counts as safe
once its snapshot and its blobs have been written, fsynced and read back.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from kiosk.clock import Clock
from kiosk.court.secret_file import sync_directory
from provisioning.hub import journal
from provisioning.hub.blobs import BlobStore
from provisioning.hub.court_keys import SEALING_FILE, SIGNING_FILE
from provisioning.hub.data import INDEX_KEY, DataDirectory, DataError
from provisioning.hub.engine import Database, open_database
from provisioning.hub.queue.left_out import Restored, note_restore
from provisioning.hub.safe_answers import mark as mark_answers
from provisioning.hub.safe_answers import unmarked
from provisioning.hub.safety import begin_epoch
from provisioning.hub.schema import (
    backups,
    every_table,
    journal_heads,
    settings,
    staff_sessions,
    submission_blobs,
    submissions,
    upgrade,
)

SNAPSHOT = "snapshot.db"
MANIFEST = "manifest.json"
RESTORES = "restores"
"""One line for each time a snapshot was restored."""

NEEDED_KEYS = (SEALING_FILE, SIGNING_FILE, INDEX_KEY)
ROWS = 500
LEFT_OUT = frozenset({staff_sessions.name})


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was written."""

    number: int
    folder: Path
    submissions: int
    blobs_copied: int


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was restored. `times`: how often this backup has been, this time included; `noted`: whether the backup could
    be made to remember it."""

    number: int
    folder: Path
    submissions: int
    times: int
    noted: bool


def back_up(data: DataDirectory, database: Database, to: Path, *, clock: Clock) -> BackupReport:
    """Write a new snapshot below `to`, then mark what it holds as safe. The hub may go on serving.

    Raises DataError where a blob is missing or damaged or the disk refuses; nothing is marked then.
    """
    store = BlobStore(data.blobs, data.parts)
    try:
        (to / "blobs").mkdir(mode=0o700, parents=True, exist_ok=True)
        BlobStore(to / "blobs", to).prepare()
        number = 1 + max((int(path.name) for path in to.iterdir() if path.name.isdigit()), default=0)
        with database.reading.connect() as connection:
            number = max(number, 1 + (connection.scalar(sa.select(sa.func.max(backups.c.number))) or 0))
        folder = to / f"{number:06d}.part"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        held = _snapshot(database, folder / SNAPSHOT)
        copied = sum(_copy_blob(store, sha256, to / "blobs") for sha256 in held.blobs)
        content = {
            "number": number,
            "finished": clock.now().isoformat(),
            "submissions": len(held.submissions),
            "sha256": _file_hash(folder / SNAPSHOT),
        }
        _write(folder / MANIFEST, json.dumps(content).encode())
        _sync_file(folder / SNAPSHOT)
        sync_directory(folder)
        final = folder.with_suffix("")
        folder.rename(final)
        sync_directory(to)
    except OSError as error:
        raise DataError(f"the backup cannot be written: {error.strerror}") from error
    _mark(database, number, held, str(content["sha256"]), clock.now())
    return BackupReport(number, final, len(held.submissions), copied)


def restore(backup: Path, data: DataDirectory, url: str | None, *, clock: Clock) -> RestoreReport:
    """Fill an empty data directory (and database) from the newest snapshot of `backup`, and begin a new epoch.

    Numbers go on beyond those given since the backup when the hub is opened (`queue/left_out.py`). The court's keys are
    not in a backup: they must already lie in the data directory. Raises DataError.
    """
    folder = _newest(backup)
    content = json.loads((folder / MANIFEST).read_text())
    if _file_hash(folder / SNAPSHOT) != content["sha256"]:
        raise DataError(f"{folder.name}: the snapshot is damaged")
    if absent := [name for name in NEEDED_KEYS if not (data.keys / name).exists()]:
        raise DataError(f"put {', '.join(absent)} into {data.keys} first; a backup does not hold the court's keys")
    data.prepare()
    database = open_database(data, url)
    try:
        upgrade(database.writing)
        number = int(content["number"])
        _restore_blobs(folder / SNAPSHOT, backup / "blobs", data)
        now = clock.now()
        with database.writing.begin() as connection:
            if connection.scalar(sa.select(journal_heads.c.chain).limit(1)) is not None:
                raise DataError("the database is already in use; restore into an empty one")
            _load(connection, folder / SNAPSHOT)
            connection.execute(sa.update(submissions).values(safe_backup=number))
            mark_answers(connection, unmarked(connection), number)
            begin_epoch(connection, at=now, reason=f"restored from backup {number}")
            # Noted before the commit: counting one restore too many costs only numbers.
            times, noted = _count_restore(folder, now)
            finished = datetime.fromisoformat(content["finished"])
            note_restore(connection, Restored(number, finished, now, times))
    finally:
        database.close()
    return RestoreReport(number, folder, int(content["submissions"]), times, noted)


def _count_restore(folder: Path, now: datetime) -> tuple[int, bool]:
    """How often the snapshot in `folder` has been restored, this time included, and whether that could be written."""
    path, earlier = folder / RESTORES, 0
    with contextlib.suppress(OSError):
        earlier = len(path.read_text().splitlines())
    try:
        with path.open("a") as file:
            file.write(f"{now.isoformat()}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError:  # a backup on a medium that cannot be written is restored all the same
        return earlier + 1, False
    return earlier + 1, True


@dataclass(frozen=True, slots=True)
class _Held:
    """What a snapshot holds: ids of submissions, hashes of their blobs, answers that no backup held before."""

    submissions: list[str]
    blobs: list[str]
    answers: list[tuple[str, str]]


def _snapshot(database: Database, path: Path) -> _Held:
    """Copy every table as of one moment."""
    target = _plain_sqlite(path)
    source = database.reading
    if database.name == "postgresql":
        source = source.execution_options(isolation_level="REPEATABLE READ")
    with source.connect() as reading, target.begin() as writing:
        every_table().create_all(writing)
        _copy_tables(reading, writing)
    with target.connect() as connection:
        if connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() != "ok":
            raise DataError("the snapshot cannot be read back")
        ids = list(connection.scalars(sa.select(submissions.c.submission_id)))
        hashes = list(connection.scalars(sa.select(submission_blobs.c.sha256).distinct()))
        answers = unmarked(connection)
    target.dispose()
    return _Held(ids, hashes, answers)


def _copy_tables(reading: sa.Connection, writing: sa.Connection) -> None:
    there = set(sa.inspect(reading).get_table_names())  # a backup may be older than the newest tables
    for table in every_table().sorted_tables:
        if table.name in LEFT_OUT or table.name not in there:
            continue
        for rows in reading.execute(sa.select(table)).partitions(ROWS):
            writing.execute(sa.insert(table), [dict(row._mapping) for row in rows])


def _load(connection: sa.Connection, snapshot: Path) -> None:
    connection.execute(sa.delete(settings))
    source = _plain_sqlite(snapshot)
    with source.connect() as reading:
        _copy_tables(reading, connection)
    source.dispose()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "SELECT setval(pg_get_serial_sequence('alarms', 'alarm_id'), coalesce(max(alarm_id), 0) + 1, false) "
            "FROM alarms"
        )


def _mark(database: Database, number: int, held: _Held, sha256: str, now: datetime) -> None:
    ids = held.submissions
    with database.writing.begin() as connection:
        for begin in range(0, len(ids), ROWS):
            connection.execute(
                sa.update(submissions)
                .where(submissions.c.submission_id.in_(ids[begin : begin + ROWS]), submissions.c.safe_backup.is_(None))
                .values(safe_backup=number)
            )
        mark_answers(connection, held.answers, number)
        connection.execute(sa.insert(backups).values(number=number, finished=now, sha256=sha256, submissions=len(ids)))
        journal.append(
            connection,
            chain=journal.HUB_CHAIN,
            at=now,
            actor="hub",
            action="backup",
            subject=str(number),
            detail={"sha256": sha256, "submissions": len(ids)},
        )


def _restore_blobs(snapshot: Path, blobs: Path, data: DataDirectory) -> int:
    source = _plain_sqlite(snapshot)
    with source.connect() as connection:
        hashes = list(connection.scalars(sa.select(submission_blobs.c.sha256).distinct()))
    source.dispose()
    BlobStore(data.blobs, data.parts).prepare()
    store = BlobStore(blobs, data.parts)
    return sum(_copy_blob(store, sha256, data.blobs) for sha256 in hashes)


def _copy_blob(store: BlobStore, sha256: str, to: Path) -> bool:
    """Copy one blob durably; False where it is already there, whole."""
    target = BlobStore(to, to).path(sha256)
    try:
        content = store.read(sha256)
    except FileNotFoundError as error:
        raise DataError(f"blob {sha256} is missing") from error
    with contextlib.suppress(FileNotFoundError):
        if target.stat().st_size == len(content) and _file_hash(target) == sha256:
            return False
    _write(target, content)
    return True


def _newest(backup: Path) -> Path:
    try:
        found = [path for path in backup.iterdir() if path.name.isdigit() and (path / MANIFEST).exists()]
    except OSError as error:
        raise DataError(f"{backup}: {error.strerror}") from error
    if not found:
        raise DataError(f"{backup} holds no finished backup")
    return max(found, key=lambda path: int(path.name))


def _plain_sqlite(path: Path) -> sa.Engine:
    return sa.create_engine("sqlite://", module=dbapi2, creator=lambda: dbapi2.connect(str(path)))


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    sync_directory(path.parent)
