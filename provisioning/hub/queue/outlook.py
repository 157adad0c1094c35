"""What staff see of the queue: who is next at a window, how long each queue is, what was held or missed, and numbers
that terminals hold for the time in which the hub does not answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kiosk.court.queueing import TicketStatus
from provisioning.hub.queue.choosing import line_of
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.schema import leases, tickets, visits
from provisioning.hub.queue.tickets import COLUMNS, Hall, QueuedTicket, as_ticket, is_one_of


@dataclass(frozen=True, slots=True)
class Length:
    """How many wait in a queue, and since when the one who has waited longest; None where nobody waits."""

    waiting: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Numbers that a terminal holds today, and how many tickets it has brought in from them."""

    terminal: str
    queue: str
    first: int
    last: int
    granted: datetime
    used: int


@dataclass(frozen=True, slots=True)
class PastVisit:
    """One time a ticket was at a window. `outcome` None: it still is."""

    window: str
    staff: str
    service: str
    called: datetime
    ended: datetime | None
    outcome: str | None


_LENGTHS = (
    sa.select(tickets.c.queue_now, sa.func.count(), sa.func.min(tickets.c.issued))
    .where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.business_day == sa.bindparam("day"),
        is_one_of(TicketStatus.WAITING),
    )
    .group_by(tickets.c.queue_now)
)
_HELD = (
    sa.select(*COLUMNS)
    .where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.business_day == sa.bindparam("day"),
        is_one_of(TicketStatus.HELD),
    )
    .order_by(tickets.c.called)
)
_BLOCKS = (
    sa.select(leases, sa.func.count(tickets.c.ticket_id).label("used"))
    .outerjoin(tickets, tickets.c.lease_id == leases.c.lease_id)
    .where(leases.c.court == sa.bindparam("of"), leases.c.business_day == sa.bindparam("day"))
    .group_by(*leases.c)
    .order_by(leases.c.terminal, leases.c.queue, leases.c.first)
)


def next_at(connection: sa.Connection, hall: Hall, window: str, *, at: datetime, most: int) -> list[QueuedTicket]:
    """The tickets that `window` would call next, as things stand, in its own order."""
    conditions, order = line_of(hall.configuration.by_window[window].duties, tickets)
    query = sa.select(*COLUMNS).where(*conditions).order_by(*order).limit(most)
    asked = {"of": hall.court, "day": business_day(at), "at_window": window}
    return [as_ticket(row) for row in connection.execute(query, asked)]


def lengths(connection: sa.Connection, hall: Hall, *, at: datetime) -> Mapping[str, Length]:
    """The length of every configured queue."""
    found = {row[0]: Length(row[1], row[2]) for row in connection.execute(_LENGTHS, _today(hall, at))}
    return {queue: found.get(queue, Length()) for queue in hall.configuration.by_queue}


def held_today(connection: sa.Connection, hall: Hall, *, at: datetime) -> list[QueuedTicket]:
    """Every held ticket, the longest held first."""
    return [as_ticket(row) for row in connection.execute(_HELD, _today(hall, at))]


def missed_today(connection: sa.Connection, hall: Hall, window: str, *, at: datetime, most: int) -> list[QueuedTicket]:
    """Who missed the call in the queues of `window` and has not come back, the latest first."""
    query = (
        sa.select(*COLUMNS)
        .where(
            tickets.c.court == hall.court,
            tickets.c.business_day == business_day(at),
            tickets.c.queue_now.in_([duty.queue for duty in hall.configuration.by_window[window].duties]),
            is_one_of(TicketStatus.NO_SHOW),
        )
        .order_by(tickets.c.ended.desc())
        .limit(most)
    )
    return [as_ticket(row) for row in connection.execute(query)]


def blocks_today(connection: sa.Connection, hall: Hall, *, at: datetime) -> list[Block]:
    """Every block of numbers that was handed out today."""
    return [
        Block(row.terminal, row.queue, row.first, row.last, row.granted, row.used)
        for row in connection.execute(_BLOCKS, _today(hall, at))
    ]


def visits_of(connection: sa.Connection, ticket_id: str) -> list[PastVisit]:
    """Where a ticket has been, in order."""
    query = sa.select(visits).where(visits.c.ticket_id == ticket_id).order_by(visits.c.visit)
    return [
        PastVisit(row.window, row.staff, row.service, row.called, row.ended, row.outcome)
        for row in connection.execute(query)
    ]


def latest_of_person(connection: sa.Connection, hall: Hall, person: str, *, at: datetime) -> QueuedTicket | None:
    """The ticket that the person with this keyed hash took last today, whatever has become of it."""
    query = (
        sa.select(*COLUMNS)
        .where(
            tickets.c.court == hall.court,
            tickets.c.business_day == business_day(at),
            tickets.c.person == person,
        )
        .order_by(tickets.c.issued.desc(), tickets.c.ticket_id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return as_ticket(row) if row else None


def _today(hall: Hall, at: datetime) -> dict[str, object]:
    return {"of": hall.court, "day": business_day(at)}
