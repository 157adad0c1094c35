"""The database engine: SQLCipher through SQLAlchemy, opened so that a commit that returned is on disk.

* Engines before SQLite 3.51.3 are refused: they can corrupt a database in WAL mode when a checkpoint and a commit of
  two connections meet (the WAL-reset bug).
* SQLCipher's page HMAC finds every flipped bit when the page is read, which plain SQLite does not.
* `mmap_size` stays 0: mapped pages bypass the HMAC and have damaged databases.
* The checks at start-up follow a full checkpoint, since `cipher_integrity_check` misreads a live WAL as damage.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from kiosk.audit import journal
from kiosk.outbox import schema
from kiosk.outbox.errors import OutboxDamagedError, UnsafeEngineError

SAFE_SQLITE = (3, 51, 3)
_FULL = 2


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """Versions, for the readiness report."""

    sqlite: str
    cipher: str


def require_safe_engine(sqlite: str, cipher: str | None) -> EngineFacts:
    """Refuse an engine that may corrupt or that does not encrypt. Raises UnsafeEngineError."""
    if tuple(int(part) for part in sqlite.split(".")[:3]) < SAFE_SQLITE:
        raise UnsafeEngineError(f"SQLite {sqlite} may corrupt a WAL database; 3.51.3 or newer is needed")
    if not cipher:
        raise UnsafeEngineError("this SQLite does not encrypt; SQLCipher is needed")
    return EngineFacts(sqlite, cipher)


def _connect(path: Path, key: bytes) -> Any:
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
    for pragma in (
        f"key = \"x'{key.hex()}'\"",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "busy_timeout = 5000",
        "mmap_size = 0",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def open_engine(path: Path, key: bytes) -> tuple[sa.Engine, EngineFacts]:
    """One connection to the database at `path`, checked and with its tables in place; transactions begin IMMEDIATE.

    Raises UnsafeEngineError, OutboxDamagedError.
    """
    try:
        connection = _connect(path, key)
        cipher = connection.execute("PRAGMA cipher_version").fetchone()
        facts = require_safe_engine(dbapi2.sqlite_version, cipher[0] if cipher else None)
        _self_test(connection)
    except dbapi2.DatabaseError as error:
        raise OutboxDamagedError(f"{path.name} does not open: {error}") from error
    engine = sa.create_engine("sqlite://", module=dbapi2, creator=lambda: connection, poolclass=StaticPool)

    @sa.event.listens_for(engine, "begin")
    def _begin(opened: sa.Connection) -> None:
        # The driver would begin late and as a reader, and could then fail to become a writer.
        opened.exec_driver_sql("BEGIN IMMEDIATE")

    _create(engine)
    return engine, facts


def _self_test(connection: Any) -> None:
    if connection.execute("PRAGMA synchronous").fetchone() != (_FULL,):
        raise UnsafeEngineError("the engine does not keep synchronous=FULL")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        raise UnsafeEngineError("the engine does not keep journal_mode=WAL")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if faults := connection.execute("PRAGMA cipher_integrity_check").fetchall():
        raise OutboxDamagedError(f"{len(faults)} pages of the database were changed outside it")
    if (found := connection.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
        raise OutboxDamagedError(f"the database fails its integrity check in {len(found)} places")


def _create(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version > schema.SCHEMA_VERSION:
            raise OutboxDamagedError(f"the database was written by a newer version (schema {version})")
        schema.metadata.create_all(connection)
        journal.metadata.create_all(connection)
        for statement in journal.APPEND_ONLY:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA user_version = {schema.SCHEMA_VERSION}")
