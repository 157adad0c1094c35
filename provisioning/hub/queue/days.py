"""The turn of the business day: what an earlier day left open is ended, so that it stands in nobody's way."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from kiosk.court.queueing import ACTIVE, TicketStatus
from provisioning.hub import journal
from provisioning.hub.queue.schema import tickets, visits
from provisioning.hub.queue.tickets import Hall, is_one_of

DAY_ENDED = "day_ended"
"""The outcome of a visit that nobody ended; it is no measure of how long a service takes."""

_CLOSE = (
    sa.update(tickets)
    .where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.business_day < sa.bindparam("day"),
        is_one_of(*ACTIVE),
    )
    .values(status=TicketStatus.CANCELLED.value, ended=sa.bindparam("at", type_=tickets.c.ended.type))
    .returning(tickets.c.ticket_id)
)
_CLOSE_VISITS = (
    sa.update(visits)
    .where(visits.c.ticket_id == sa.bindparam("id"), visits.c.ended.is_(None))
    .values(ended=sa.bindparam("at", type_=visits.c.ended.type), outcome=DAY_ENDED)
)


def close_earlier_days(connection: sa.Connection, hall: Hall, today: date, *, at: datetime) -> int:
    """Cancel what is still active from before `today`; returns how many."""
    closed = list(connection.scalars(_CLOSE, {"of": hall.court, "day": today, "at": at}))
    if closed:
        connection.execute(_CLOSE_VISITS, [{"id": ticket_id, "at": at} for ticket_id in closed])
        journal.append(
            connection,
            chain=journal.HUB_CHAIN,
            at=at,
            actor="hub",
            action="queue_day_closed",
            subject=today.isoformat(),
            detail={"tickets": len(closed)},
        )
    return len(closed)
