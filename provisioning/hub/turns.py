"""Taking turns on PostgreSQL, where several hub processes write: advisory locks that end with their transaction.

SQLite has one writer, which is alone anyway.
"""

from __future__ import annotations

from enum import IntEnum

import sqlalchemy as sa


class Turn(IntEnum):
    """What only one transaction at a time may do; the numbers are those of the locks, in the whole database."""

    SCHEMA = 7_126_008
    BLOBS = 7_126_009
    RATINGS = 7_126_010
    UNRESOLVED_NUMBERS = 7_126_011
    LEFT_OUT_NUMBERS = 7_126_012


def take_turn(connection: sa.Connection, turn: Turn, *, shared: bool = False) -> None:
    """Wait until nobody else has this turn, and keep it until the transaction ends; a `shared` one is had by many at
    once, but not beside one that is not."""
    if connection.dialect.name == "postgresql":
        kind = "_shared" if shared else ""
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{kind}({turn.value})")
