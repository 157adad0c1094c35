"""Numbers that the terminal gives out by itself: its leases, and the tickets it issued from them.

A lease is on disk before anything is issued from it, and a ticket before anybody is told its number. The number is
taken from the lease and the ticket is written in one transaction of the one writer, so that no number is given twice,
whatever dies when; the UNIQUE constraints are the last wall. A lease is good on its business day only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from kiosk.audit.journal import AuditKind, append
from kiosk.court.queueing import Lease, OfflineTicket, TicketRequest, ticket_label
from kiosk.outbox.schema import number_lease, offline_ticket


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """A ticket that was issued here. `brought_in`: the hub has answered for it."""

    queue: str
    business_day: date
    ticket: OfflineTicket
    brought_in: bool

    @property
    def label(self) -> str:
        """The number as the slip says it."""
        return ticket_label(self.queue, self.ticket.number)


def keep_lease(connection: sa.Connection, lease: Lease, now: datetime) -> None:
    """Remember a lease; one that is known is left as it is, since numbers of it may have been given."""
    key = str(lease.lease_id)
    if connection.execute(sa.select(number_lease.c.queue).where(number_lease.c.lease_id == key)).first() is not None:
        return
    connection.execute(
        number_lease.insert().values(
            lease_id=key,
            business_day=lease.business_day.isoformat(),
            queue=lease.queue,
            following=lease.first,
            last=lease.last,
        )
    )
    told: dict[str, str | int] = {"lease": key, "queue": lease.queue, "first": lease.first, "last": lease.last}
    append(connection, now, AuditKind.NUMBERS_LEASED, told)


def numbers_left(connection: sa.Connection, day: date) -> dict[str, int]:
    """How many numbers can still be given on `day`, by queue."""
    left = sa.func.sum(number_lease.c.last - number_lease.c.following + 1)
    rows = connection.execute(
        sa.select(number_lease.c.queue, left)
        .where(number_lease.c.business_day == day.isoformat(), number_lease.c.following <= number_lease.c.last)
        .group_by(number_lease.c.queue)
    )
    return {queue: int(count) for queue, count in rows}


def give_number(
    connection: sa.Connection,
    request: TicketRequest,
    *,
    queue: str,
    day: date,
    asked: UUID,
    ticket_id: UUID,
    unanswered: bool,
    now: datetime,
) -> GivenNumber | None:
    """The next number of `queue` for `request`; None where no lease of `day` has one left.

    `asked` is what the window's request was called: the same again is answered with the same ticket. `unanswered` says
    that the hub was asked under it and may have issued a number that never arrived.
    """
    known = given_for(connection, asked)
    if known is not None:
        return known
    row = connection.execute(
        sa.select(number_lease)
        .where(
            number_lease.c.business_day == day.isoformat(),
            number_lease.c.queue == queue,
            number_lease.c.following <= number_lease.c.last,
        )
        .order_by(number_lease.c.following)
        .limit(1)
    ).first()
    if row is None:
        return None
    connection.execute(
        number_lease.update().where(number_lease.c.lease_id == row.lease_id).values(following=row.following + 1)
    )
    today = offline_ticket.c.business_day == day.isoformat()
    place = (connection.execute(sa.select(sa.func.max(offline_ticket.c.place)).where(today)).scalar() or 0) + 1
    ticket = OfflineTicket(
        ticket_id=ticket_id,
        lease_id=UUID(row.lease_id),
        number=row.following,
        order=place,
        issued=now,
        request=request,
        unanswered=asked if unanswered else None,
    )
    connection.execute(
        offline_ticket.insert().values(
            ticket_id=str(ticket_id),
            lease_id=row.lease_id,
            business_day=day.isoformat(),
            queue=queue,
            number=ticket.number,
            place=place,
            asked=str(asked),
            ticket=ticket.model_dump_json().encode(),
            brought_in=False,
        )
    )
    given = GivenNumber(queue, day, ticket, brought_in=False)
    append(connection, now, AuditKind.NUMBER_GIVEN, {"ticket": str(ticket_id), "number": given.label, "order": place})
    return given


def given_for(connection: sa.Connection, asked: UUID) -> GivenNumber | None:
    """What the window's request `asked` was given here."""
    return _first(connection, offline_ticket.c.asked == str(asked))


def given_as(connection: sa.Connection, ticket_id: UUID) -> GivenNumber | None:
    """The ticket of that id, if it was issued here."""
    return _first(connection, offline_ticket.c.ticket_id == str(ticket_id))


def to_bring_in(connection: sa.Connection, limit: int) -> list[GivenNumber]:
    """Tickets the hub has not answered for, in the order they were given."""
    rows = connection.execute(
        sa.select(offline_ticket)
        .where(offline_ticket.c.brought_in.is_(sa.false()))
        .order_by(offline_ticket.c.business_day, offline_ticket.c.place)
        .limit(limit)
    )
    return [_given(row) for row in rows]


def brought_in(connection: sa.Connection, accepted: Collection[UUID], refused: Collection[UUID], now: datetime) -> None:
    """The hub has answered for these. What it refuses it will refuse for ever, and has told its staff."""
    keys = [str(ticket_id) for ticket_id in (*accepted, *refused)]
    if not keys:
        return
    connection.execute(offline_ticket.update().where(offline_ticket.c.ticket_id.in_(keys)).values(brought_in=True))
    told: dict[str, str | int] = {
        "accepted": len(accepted),
        "refused": ", ".join(sorted(str(ticket_id) for ticket_id in refused)),
    }
    append(connection, now, AuditKind.NUMBERS_BROUGHT_IN, told)


def forget_other_days(connection: sa.Connection, today: date) -> None:
    """Erase leases that are void, and tickets of other days that the hub has answered for."""
    other = number_lease.c.business_day != today.isoformat()
    connection.execute(number_lease.delete().where(other))
    connection.execute(
        offline_ticket.delete().where(
            offline_ticket.c.business_day != today.isoformat(), offline_ticket.c.brought_in.is_(sa.true())
        )
    )


def _first(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> GivenNumber | None:
    row = connection.execute(sa.select(offline_ticket).where(condition)).first()
    return _given(row) if row is not None else None


def _given(row: sa.Row[tuple[object, ...]]) -> GivenNumber:
    return GivenNumber(
        row.queue,
        date.fromisoformat(row.business_day),
        OfflineTicket.model_validate_json(row.ticket),
        bool(row.brought_in),
    )
