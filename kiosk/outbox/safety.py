"""What a terminal keeps until it lies in a backup of the hub: filings, ratings, reports (docs/decisions/0004).

A rating or report that the hub has is whole here as long as what was said lies in its row; that is erased once it is
safe. One that is whole when the hub was restored waits again to be sent.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kiosk.outbox import delivery
from kiosk.outbox.ratings import RatingState
from kiosk.outbox.schema import rating, unresolved_report
from kiosk.outbox.unresolved import ReportState


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of answer: its id on the wire, what was said, and its states once the hub has it and before."""

    answer_id: sa.Column[Any]
    said: sa.Column[Any]
    delivered: str
    waiting: str

    @property
    def whole(self) -> sa.ColumnElement[bool]:
        """Delivered, and not known to be safe."""
        return (self.said.table.c.state == self.delivered) & self.said.is_not(None)


_KINDS = (
    _Kind(rating.c.invitation_id, rating.c.answer, RatingState.DELIVERED.value, RatingState.ANSWERED.value),
    _Kind(
        unresolved_report.c.report_id,
        unresolved_report.c.report,
        ReportState.DELIVERED.value,
        ReportState.WAITING.value,
    ),
)


def awaiting(connection: sa.Connection, limit: int) -> list[UUID]:
    """What the hub has and no backup is known to hold; filings first, each kind with the oldest first."""
    asked = delivery.awaiting_safety(connection, limit)
    for kind in _KINDS:
        arrival = kind.said.table.c.arrival
        ids = sa.select(kind.answer_id).where(kind.whole).order_by(arrival).limit(limit - len(asked))
        asked += [UUID(one) for one in connection.scalars(ids)]
    return asked


def mark(connection: sa.Connection, safe: Collection[UUID], now: datetime) -> None:
    """Record what the hub reports safe."""
    if not safe:
        return
    delivery.mark_safe(connection, safe, now)
    ids = [str(one) for one in safe]
    for kind in _KINDS:
        erased = sa.update(kind.said.table).where(kind.whole, kind.answer_id.in_(ids))
        connection.execute(erased.values({kind.said: None}))


def enter_epoch(connection: sa.Connection, epoch: str, now: datetime) -> bool:
    """Note the hub's epoch. A changed one offers everything again that was not safe; True where it changed."""
    if not delivery.enter_epoch(connection, epoch, now):
        return False
    for kind in _KINDS:
        connection.execute(sa.update(kind.said.table).where(kind.whole).values(state=kind.waiting))
    return True
