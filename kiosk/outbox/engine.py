"""The outbox's database: opened as `sqlcipher` does, checked from end to end, with its tables in place.

The checks follow a full checkpoint, since `cipher_integrity_check` misreads a live WAL as damage.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from kiosk.audit import journal
from kiosk.outbox import schema
from kiosk.outbox.errors import OutboxDamagedError
from kiosk.outbox.sqlcipher import EngineFacts, begin_with, connect

BUSY_MILLISECONDS = 5_000


def open_engine(path: Path, key: bytes) -> tuple[sa.Engine, EngineFacts]:
    """One connection to the database at `path`, checked and with its tables in place; transactions begin IMMEDIATE.

    Raises UnsafeEngineError, OutboxDamagedError.
    """
    try:
        connection, facts = connect(path, key, busy_milliseconds=BUSY_MILLISECONDS)
        _self_test(connection)
    except dbapi2.DatabaseError as error:
        raise OutboxDamagedError(f"{path.name} does not open: {error}") from error
    engine = sa.create_engine("sqlite://", module=dbapi2, creator=lambda: connection, poolclass=StaticPool)
    begin_with(engine, "BEGIN IMMEDIATE")
    _create(engine)
    return engine, facts


def _self_test(connection: Any) -> None:
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
