"""Calling the next ticket: one statement, so that no ticket is called twice and the order is the policy's.

PostgreSQL locks the row it takes and passes by rows that another call is taking in this moment; on SQLite the one
writer is alone. Credits of the window are part of the order, so a statement is built once per set of duties.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from kiosk.court.queueing import TicketStatus
from provisioning.hub.queue.config import Duty
from provisioning.hub.queue.schema import tickets
from provisioning.hub.queue.tickets import COLUMNS, Hall, QueuedTicket, as_ticket
from provisioning.hub.queue.windows import Desk
from provisioning.hub.statements import Prepared

MICROSECONDS_PER_MINUTE = 60_000_000

_CALLED = {
    "status": TicketStatus.CALLED.value,
    "window": sa.bindparam("at_window", type_=tickets.c.window.type),
    "staff": sa.bindparam("by", type_=tickets.c.staff.type),
    "called": sa.bindparam("now", type_=tickets.c.called.type),
    "times_called": 1,
    "visits": tickets.c.visits + 1,
    "wanted_window": None,
}
_CALL_ONE = Prepared(
    sa.update(tickets)
    .where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.ticket_id == sa.bindparam("id"),
        tickets.c.business_day == sa.bindparam("day"),
        tickets.c.status == sa.bindparam("from_status"),
    )
    .values(**_CALLED)
    .returning(*COLUMNS)
)


def take_next(connection: sa.Connection, hall: Hall, desk: Desk, *, day: date, at: datetime) -> QueuedTicket | None:
    """The waiting ticket of lowest rank in the queues of the window becomes its own; None where nobody waits."""
    duties = hall.configuration.by_window[desk.window].duties
    row = _call_next(duties).first(connection, _values(hall, desk, day, at))
    return as_ticket(row) if row else None


def take_this(
    connection: sa.Connection,
    hall: Hall,
    desk: Desk,
    ticket_id: str,
    *,
    status: TicketStatus,
    day: date,
    at: datetime,
) -> QueuedTicket | None:
    """The ticket `ticket_id` becomes the window's own, if it has this status still."""
    values = _values(hall, desk, day, at) | {"id": ticket_id, "from_status": status.value}
    row = _CALL_ONE.first(connection, values)
    return as_ticket(row) if row else None


def _values(hall: Hall, desk: Desk, day: date, at: datetime) -> dict[str, object]:
    return {"of": hall.court, "day": day, "at_window": desk.window, "by": desk.staff, "now": at}


def line_of(
    duties: tuple[Duty, ...], waiting: sa.FromClause
) -> tuple[list[sa.ColumnElement[bool]], list[sa.ColumnElement[Any]]]:
    """Which tickets of `waiting` (the table or an alias) a window with these duties calls, and in which order; `of`,
    `day` and `at_window` are to be bound."""
    credit_of = {duty.queue: duty.credit_minutes * MICROSECONDS_PER_MINUTE for duty in duties}
    order: sa.ColumnElement[int] = waiting.c.rank
    if len(set(credit_of.values())) > 1:
        order = waiting.c.rank - sa.case(
            {queue: sa.literal_column(str(credit)) for queue, credit in credit_of.items()},
            value=waiting.c.queue_now,
        )
    conditions = [
        waiting.c.court == sa.bindparam("of"),
        waiting.c.business_day == sa.bindparam("day"),
        waiting.c.queue_now.in_([sa.literal_column(f"'{queue}'") for queue in sorted(credit_of)]),
        waiting.c.status == sa.literal_column(f"'{TicketStatus.WAITING.value}'"),
        sa.or_(waiting.c.wanted_window.is_(None), waiting.c.wanted_window == sa.bindparam("at_window")),
    ]
    return conditions, [order, waiting.c.ticket_id]


@lru_cache(maxsize=256)
def _call_next(duties: tuple[Duty, ...]) -> Prepared:
    waiting = tickets.alias("waiting")
    conditions, order = line_of(duties, waiting)
    lowest = (
        sa.select(waiting.c.ticket_id)
        .where(*conditions)
        .order_by(*order)
        .limit(sa.literal_column("1"))
        .with_for_update(skip_locked=True)
    )
    return Prepared(
        sa.update(tickets).where(tickets.c.ticket_id == lowest.scalar_subquery()).values(**_CALLED).returning(*COLUMNS)
    )
