"""The hub's database: SQLite in the data directory, or PostgreSQL by URL, behind the same SQLAlchemy Core.

SQLite is opened as the terminal's outbox opens its own (`kiosk.outbox.sqlcipher`); here one connection writes and
several read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from kiosk.outbox.errors import UnsafeEngineError
from kiosk.outbox.sqlcipher import begin_with, connect
from provisioning.hub.data import DATABASE_KEY, DataDirectory, DataError
from provisioning.hub.push.events import store_at_commit

T = TypeVar("T")

READERS = 8
BUSY_MILLISECONDS = 10_000


@dataclass(frozen=True, slots=True)
class Database:
    """One database: `writing` for the one writer, `reading` for everyone else."""

    writing: sa.Engine
    reading: sa.Engine

    @property
    def name(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.writing.dialect.name

    def read(self, query: Callable[[sa.Connection], T]) -> T:
        """What `query` finds, on a reading connection of its own. Blocks, so it belongs in a thread."""
        with self.reading.connect() as connection:
            return query(connection)

    def close(self) -> None:
        """Close every connection that is not in use."""
        self.reading.dispose()
        self.writing.dispose()


def open_database(data: DataDirectory, url: str | None) -> Database:
    """The database of `data`, or the PostgreSQL at `url`. Raises DataError with the reason where it does not open."""
    if url is None:
        key = data.secret(DATABASE_KEY)
        database = Database(
            _sqlite(data.database, key, begin="BEGIN IMMEDIATE", size=1),
            _sqlite(data.database, key, begin="BEGIN", size=READERS),
        )
    else:
        database = _postgresql(url)
    store_at_commit(database.writing)
    try:
        with database.writing.begin() as connection:
            connection.exec_driver_sql("SELECT 1")
    except sa.exc.DBAPIError as error:
        reason = str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__
        raise DataError(f"the database cannot be opened: {reason}") from error
    return database


def _sqlite(path: Path, key: bytes, *, begin: str, size: int) -> sa.Engine:
    def open_one() -> Any:
        try:
            return connect(path, key, busy_milliseconds=BUSY_MILLISECONDS)[0]
        except UnsafeEngineError as error:
            raise DataError(str(error)) from error

    engine = sa.create_engine(
        "sqlite://", module=dbapi2, creator=open_one, poolclass=QueuePool, pool_size=size, max_overflow=0
    )
    begin_with(engine, begin)
    return engine


def _postgresql(url: str) -> Database:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise DataError("the database URL cannot be read") from error
    if parsed.get_backend_name() != "postgresql":
        raise DataError(f"{parsed.get_backend_name()} is not supported: SQLite by default, PostgreSQL by URL")
    parsed = parsed.set(drivername="postgresql+psycopg")
    # A statement sees what is committed when it begins, with or without a transaction around it (READ COMMITTED);
    # without one, a read is one round trip instead of three.
    reading = sa.create_engine(
        parsed,
        pool_size=READERS,
        max_overflow=0,
        pool_pre_ping=True,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
    )
    # Not asked beforehand whether it lives: the writer runs a job again that a lost connection failed.
    writing = sa.create_engine(parsed, pool_size=1, max_overflow=1)
    return Database(writing, reading)
