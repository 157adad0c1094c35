"""The hub's database: SQLite in the data directory, or PostgreSQL by URL, behind the same SQLAlchemy Core.

SQLite comes from sqlcipher3, which bundles a recent engine and gives every page an HMAC, so that bit rot is found
when it is read. An engine below 3.51.3 is refused: it can corrupt a database in WAL mode when a checkpoint and a
commit of two connections meet ("WAL-reset bug", fixed 2026-03-13).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from kiosk.outbox.engine import require_safe_engine
from kiosk.outbox.errors import UnsafeEngineError
from provisioning.hub.data import DATABASE_KEY, DataDirectory, DataError

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
    try:
        with database.writing.begin() as connection:
            connection.exec_driver_sql("SELECT 1")
    except sa.exc.DBAPIError as error:
        reason = str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__
        raise DataError(f"the database cannot be opened: {reason}") from error
    return database


def _sqlite(path: object, key: bytes, *, begin: str, size: int) -> sa.Engine:
    def connect() -> Any:
        connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")
        cipher = cursor.execute("PRAGMA cipher_version").fetchone()
        try:
            require_safe_engine(dbapi2.sqlite_version, cipher[0] if cipher else None)
        except UnsafeEngineError as error:
            raise DataError(str(error)) from error
        if cursor.execute("PRAGMA synchronous").fetchone() != (2,):
            raise DataError("SQLite refuses synchronous=FULL")
        cursor.close()
        return connection

    engine = sa.create_engine(
        "sqlite://", module=dbapi2, creator=connect, poolclass=QueuePool, pool_size=size, max_overflow=0
    )

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # The driver would open a transaction late and as a reader; a writer must hold the lock from the start.
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: str) -> Database:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise DataError("the database URL cannot be read") from error
    if parsed.get_backend_name() != "postgresql":
        raise DataError(f"{parsed.get_backend_name()} is not supported: SQLite by default, PostgreSQL by URL")
    parsed = parsed.set(drivername="postgresql+psycopg")
    reading = sa.create_engine(parsed, pool_size=READERS, max_overflow=0, pool_pre_ping=True)
    writing = sa.create_engine(parsed, pool_size=1, max_overflow=1, pool_pre_ping=True)
    return Database(writing, reading)
