"""SQLCipher opened so that a commit that returned is on disk: what the terminal's outbox and the hub share.

* Engines before SQLite 3.51.3 are refused: they can corrupt a database in WAL mode when a checkpoint and a commit of
  two connections meet (the WAL-reset bug, fixed 2026-03-13).
* SQLCipher's page HMAC finds every flipped bit when the page is read, which plain SQLite does not.
* `mmap_size` stays 0: mapped pages bypass the HMAC and have damaged databases.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from kiosk.outbox.errors import UnsafeEngineError

SAFE_SQLITE = (3, 51, 3)
_FULL = 2


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """Versions, for the readiness report."""

    sqlite: str
    cipher: str


def is_safe(sqlite: str) -> bool:
    """Whether this version of SQLite is free of the WAL-reset bug."""
    return tuple(int(part) for part in sqlite.split(".")[:3]) >= SAFE_SQLITE


def require_safe_engine(sqlite: str, cipher: str | None) -> EngineFacts:
    """Refuse an engine that may corrupt or that does not encrypt. Raises UnsafeEngineError."""
    if not is_safe(sqlite):
        raise UnsafeEngineError(f"SQLite {sqlite} may corrupt a WAL database; 3.51.3 or newer is needed")
    if not cipher:
        raise UnsafeEngineError("this SQLite does not encrypt; SQLCipher is needed")
    return EngineFacts(sqlite, cipher)


def connect(path: Path, key: bytes, *, busy_milliseconds: int) -> tuple[Any, EngineFacts]:
    """A connection of the driver to the database at `path`, set up and read back, and what engine it is.

    Raises UnsafeEngineError; `dbapi2.DatabaseError` where the key does not fit or the file is no database.
    """
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        facts = _set_up(connection, key, busy_milliseconds)
    except BaseException:
        connection.close()
        raise
    return connection, facts


def _set_up(connection: Any, key: bytes, busy_milliseconds: int) -> EngineFacts:
    for pragma in (
        f"key = \"x'{key.hex()}'\"",
        f"busy_timeout = {busy_milliseconds}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "mmap_size = 0",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    cipher = connection.execute("PRAGMA cipher_version").fetchone()
    facts = require_safe_engine(dbapi2.sqlite_version, cipher[0] if cipher else None)
    if connection.execute("PRAGMA synchronous").fetchone() != (_FULL,):
        raise UnsafeEngineError("the engine does not keep synchronous=FULL")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        raise UnsafeEngineError("the engine does not keep journal_mode=WAL")
    return facts


def begin_with(engine: sa.Engine, statement: str) -> None:
    """Have every transaction of `engine` begin with `statement`: by itself the driver would begin late and as a
    reader, and could then fail to become a writer."""

    @sa.event.listens_for(engine, "begin")
    def _begin(opened: sa.Connection) -> None:
        opened.exec_driver_sql(statement)
