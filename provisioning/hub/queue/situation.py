"""What must be known before a number is given, in one statement: on PostgreSQL each would be a round trip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from kiosk.court.queueing import ACTIVE, TicketStatus
from provisioning.hub.queue.schema import pauses, tickets
from provisioning.hub.queue.tickets import Hall, is_one_of
from provisioning.hub.statements import Prepared


@dataclass(frozen=True, slots=True)
class Situation:
    """`known`: the ticket that this very request was given; `active`: one that the person has today; `paused`: the
    queue gives no numbers now; `ahead`: how many of it are called before the place asked for."""

    known: str | None
    active: str | None
    paused: bool
    ahead: int


_TODAY = (tickets.c.court == sa.bindparam("of"), tickets.c.business_day == sa.bindparam("day"))
_SITUATION = Prepared(
    sa.select(
        sa.select(tickets.c.ticket_id)
        .where(tickets.c.request_id == sa.bindparam("request"), tickets.c.court == sa.bindparam("of"))
        .scalar_subquery()
        .label("known"),
        sa.select(tickets.c.ticket_id)
        .where(*_TODAY, tickets.c.person == sa.bindparam("person"), is_one_of(*ACTIVE))
        .scalar_subquery()
        .label("active"),
        sa.exists()
        .where(
            pauses.c.court == sa.bindparam("of"),
            pauses.c.business_day == sa.bindparam("day"),
            pauses.c.queue == sa.bindparam("queue"),
        )
        .label("paused"),
        sa.select(sa.func.count())
        .select_from(tickets)
        .where(
            *_TODAY,
            tickets.c.queue_now == sa.bindparam("queue"),
            is_one_of(TicketStatus.WAITING),
            tickets.c.rank <= sa.bindparam("place"),
        )
        .scalar_subquery()
        .label("ahead"),
    )
)


def situation_of(
    connection: sa.Connection, hall: Hall, *, request_id: str, person: str | None, day: date, queue: str, rank: int
) -> Situation:
    """The situation of whoever asks for a place of this rank in `queue`, behind all who have the same."""
    asked = {"of": hall.court, "day": day, "request": request_id, "person": person, "queue": queue, "place": rank}
    ((known, active, paused, ahead),) = _SITUATION.all(connection, asked)
    return Situation(known, active, bool(paused), ahead)
