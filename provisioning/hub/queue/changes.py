"""The steps that calling is made of: whose window, which ticket, what changes, and what is written down of it."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import sqlalchemy as sa

from kiosk.court.queueing import TicketClass, TicketStatus
from provisioning.hub import journal
from provisioning.hub.queue.choosing import take_this
from provisioning.hub.queue.config import Service
from provisioning.hub.queue.policy import business_day, rank_of
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from provisioning.hub.queue.schema import tickets
from provisioning.hub.queue.telling import tell_called, tell_status
from provisioning.hub.queue.tickets import COLUMNS, Hall, QueuedTicket, as_ticket, find_ticket, is_one_of
from provisioning.hub.queue.visits import Outcome, begin_visit, end_visit
from provisioning.hub.queue.windows import Desk, at_desk, current_ticket, mark_free
from provisioning.hub.statements import Prepared

IN_LINE: dict[str, object] = {
    "status": TicketStatus.WAITING.value,
    "window": None,
    "staff": None,
    "called": None,
    "times_called": 0,
}
"""A ticket that waits has been called by nobody."""


def write_down(
    connection: sa.Connection, action: str, ticket: QueuedTicket, *, by: str, at: datetime, **detail: object
) -> None:
    """Write what was done to `ticket` into the staff's journal."""
    told = {"number": ticket.label, "day": ticket.business_day.isoformat(), **detail}
    journal.append(
        connection, chain=journal.STAFF_CHAIN, at=at, actor=by, action=action, subject=ticket.ticket_id, detail=told
    )


def write_down_at(
    connection: sa.Connection, action: str, ticket: QueuedTicket, desk: Desk, *, at: datetime, **detail: object
) -> None:
    """The same, with the window."""
    write_down(connection, action, ticket, by=desk.staff, at=at, window=desk.window, **detail)


def require_free(connection: sa.Connection, hall: Hall, desk: Desk, *, at: datetime) -> datetime | None:
    """Since when the window has been free. Raises QueueRefusedError WINDOW_PAUSED, WINDOW_OCCUPIED."""
    row = at_desk(connection, hall, desk, at=at)
    if row.paused:
        raise QueueRefusedError(QueueProblem.WINDOW_PAUSED, f"window {desk.window} is paused")
    if (current := current_ticket(connection, hall, desk.window, at=at)) is not None:
        raise QueueRefusedError(QueueProblem.WINDOW_OCCUPIED, f"{current.label} is at window {desk.window}")
    return row.free_since


def take(
    connection: sa.Connection, hall: Hall, desk: Desk, ticket_id: str, *, status: TicketStatus, at: datetime
) -> QueuedTicket:
    """Call this ticket, which has this status, to the free window. Raises QueueRefusedError."""
    free_since = require_free(connection, hall, desk, at=at)
    ticket = take_this(connection, hall, desk, ticket_id, status=status, day=business_day(at), at=at)
    if ticket is None:
        raise wrong_status(find_ticket(connection, hall, ticket_id))
    begin_visit(connection, hall, ticket, free_since=free_since, at=at)
    tell_called(connection, ticket, at=at)
    return ticket


def at_this(connection: sa.Connection, hall: Hall, desk: Desk, *statuses: TicketStatus, at: datetime) -> QueuedTicket:
    """The ticket at the window, which has one of these statuses. Raises QueueRefusedError WRONG_STATUS."""
    at_desk(connection, hall, desk, at=at)
    ticket = current_ticket(connection, hall, desk.window, at=at)
    if ticket is None:
        raise QueueRefusedError(QueueProblem.WRONG_STATUS, f"nobody is at window {desk.window}")
    if ticket.status not in statuses:
        raise wrong_status(ticket)
    return ticket


def leave(
    connection: sa.Connection,
    hall: Hall,
    before: QueuedTicket,
    outcome: Outcome,
    *,
    at: datetime,
    **values: object,
) -> QueuedTicket:
    """End the visit and free the window; `values` are what the ticket becomes."""
    end_visit(connection, before, outcome, at=at)
    ticket = change(connection, before, **values)
    if before.window is not None:
        mark_free(connection, hall, before.window, at=at)
    tell_status(connection, ticket, left=before.window, at=at)
    return ticket


def change(connection: sa.Connection, before: QueuedTicket, **values: object) -> QueuedTicket:
    """Change a ticket, if its status is still what it was when it was read."""
    given = {f"v_{name}": value for name, value in values.items()}
    given |= {"id": before.ticket_id, "was": before.status.value}
    row = _changing(tuple(sorted(values))).first(connection, given)
    if row is None:
        raise wrong_status(before)
    return as_ticket(row)


@cache
def _changing(names: tuple[str, ...]) -> Prepared:
    """Built once per set of columns: building a statement costs more than running it."""
    return Prepared(
        sa.update(tickets)
        .where(tickets.c.ticket_id == sa.bindparam("id"), tickets.c.status == sa.bindparam("was"))
        .values({name: sa.bindparam(f"v_{name}", type_=tickets.c[name].type) for name in names})
        .returning(*COLUMNS)
    )


def joining(
    hall: Hall, ticket: QueuedTicket, to: Service, ticket_class: TicketClass, *, at: datetime
) -> dict[str, object]:
    """What a ticket becomes that goes on to another service; the time already waited counts."""
    return IN_LINE | {
        "service": to.code,
        "queue_now": to.queue_for(ticket_class),
        "ticket_class": ticket_class.value,
        "rank": rank_of(hall.configuration.policy, ticket_class, ticket.counts_from),
        "joined": at,
        "times_missed": 0,
    }


_NEXT_RANKS = (
    sa.select(tickets.c.rank)
    .where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.business_day == sa.bindparam("day"),
        tickets.c.queue_now == sa.bindparam("queue"),
        is_one_of(TicketStatus.WAITING),
    )
    .order_by(tickets.c.rank, tickets.c.ticket_id)
    .limit(sa.bindparam("most"))
)


def rank_behind(connection: sa.Connection, hall: Hall, ticket: QueuedTicket) -> int:
    """Just behind the next `places_back` people of its queue."""
    most = hall.configuration.policy.places_back
    asked = {"of": hall.court, "day": ticket.business_day, "queue": ticket.queue_now, "most": most}
    ranks: list[int] = [rank + 1 for rank in connection.scalars(_NEXT_RANKS, asked)]
    return max([ticket.rank, *ranks])


def wrong_status(ticket: QueuedTicket) -> QueueRefusedError:
    """Refusal of what a ticket's status does not allow."""
    return QueueRefusedError(QueueProblem.WRONG_STATUS, f"{ticket.label} is {ticket.status.value}")
