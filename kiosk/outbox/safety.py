"""What a terminal keeps until it lies in a backup of the hub: filings, ratings, reports (docs/decisions/0004)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from kiosk.outbox import delivery, ratings, unresolved


def awaiting(connection: sa.Connection, limit: int) -> list[UUID]:
    """What the hub has and no backup is known to hold; filings first, each kind with the oldest first."""
    asked: list[UUID] = []
    for kind in (delivery, ratings, unresolved):
        asked += kind.awaiting_safety(connection, limit - len(asked))
    return asked


def mark(connection: sa.Connection, safe: Collection[UUID], now: datetime) -> None:
    """Record what the hub reports safe."""
    delivery.mark_safe(connection, safe, now)
    ratings.mark_safe(connection, safe)
    unresolved.mark_safe(connection, safe)


def enter_epoch(connection: sa.Connection, epoch: str, now: datetime) -> bool:
    """Note the hub's epoch. A changed one offers everything again that was not safe; True where it changed."""
    if not delivery.enter_epoch(connection, epoch, now):
        return False
    ratings.offer_again(connection)
    unresolved.offer_again(connection)
    return True
