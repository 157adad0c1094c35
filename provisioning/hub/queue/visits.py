"""Visits: one row per time a ticket is at a window. They are the record of who served whom, and the measure of how long
a service takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from provisioning.hub.queue.schema import visits
from provisioning.hub.queue.tickets import Hall, QueuedTicket
from provisioning.hub.statements import Prepared

TURN = timedelta(minutes=5)
"""A window that was free for longer was not on its way to the next person."""


class Outcome(StrEnum):
    """How a visit ended."""

    FINISHED = "finished"
    TRANSFERRED = "transferred"
    HELD = "held"
    NO_SHOW = "no_show"
    PUT_BACK = "put_back"  # called by mistake
    CANCELLED = "cancelled"


_BEGIN = Prepared(
    sa.insert(visits),
    columns=[column.name for column in visits.c if column.name not in ("ended", "outcome")],
)
_END = Prepared(
    sa.update(visits)
    .where(visits.c.ticket_id == sa.bindparam("id"), visits.c.visit == sa.bindparam("number"))
    .values(
        ended=sa.bindparam("at", type_=visits.c.ended.type), outcome=sa.bindparam("how", type_=visits.c.outcome.type)
    )
)


def begin_visit(
    connection: sa.Connection, hall: Hall, ticket: QueuedTicket, *, free_since: datetime | None, at: datetime
) -> None:
    """`ticket` was called to its window, which has been free since `free_since`. Where the person was already waiting
    then, the window's time since counts for this ticket: whoever waits next waits for it too."""
    turned = free_since is not None and ticket.joined <= free_since and at - free_since <= TURN
    _BEGIN.run(
        connection,
        {
            "ticket_id": ticket.ticket_id,
            "visit": ticket.visits,
            "court": hall.court,
            "business_day": ticket.business_day,
            "queue": ticket.queue_now,
            "service": ticket.service,
            "window": ticket.window,
            "staff": ticket.staff,
            "joined": ticket.joined,
            "called": at,
            "occupied_from": free_since if turned else at,
        },
    )


def end_visit(connection: sa.Connection, ticket: QueuedTicket, outcome: Outcome, *, at: datetime) -> None:
    """The ticket left the window."""
    _END.run(connection, {"id": ticket.ticket_id, "number": ticket.visits, "at": at, "how": outcome.value})
