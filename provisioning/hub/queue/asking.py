"""Asking for a rating at the window (一事一评, S2-15): after the service is done, or before on demand."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from kiosk.court.queueing import TicketStatus
from provisioning.hub.push.events import EventKind, record, window_topic
from provisioning.hub.queue.changes import at_this
from provisioning.hub.queue.tickets import Hall, QueuedTicket
from provisioning.hub.queue.windows import Desk
from provisioning.hub.ratings.answers import has_rating
from provisioning.hub.ratings.invitations import Issued, invite
from provisioning.hub.ratings.office import RatingOffice


def ask(
    connection: sa.Connection, hall: Hall, office: RatingOffice, desk: Desk, ticket: QueuedTicket, *, at: datetime
) -> Issued:
    """The invitation to rate what `ticket` is at this window for, shown on the pad unless the rating is there."""
    service = hall.configuration.by_service.get(ticket.service)
    invited = invite(
        connection,
        office,
        matter=ticket.matter_id,
        window=desk.window,
        staff=desk.staff,
        service=ticket.service,
        mediator=desk.staff if service is not None and service.mediation else None,
        now=at,
    )
    if not has_rating(connection, invited.invitation):
        told = {
            "matter": ticket.matter_id,
            "token": invited.token,
            "code": invited.code,
            "service": ticket.service,
            "language": ticket.language,
        }
        record(connection, kind=EventKind.RATING_INVITED, audience=window_topic(desk.window), data=told, at=at)
    return invited


def ask_now(connection: sa.Connection, hall: Hall, desk: Desk, *, at: datetime, office: RatingOffice) -> Issued:
    """Ask the person who is being served. Raises QueueRefusedError WRONG_STATUS, NOT_SIGNED_IN."""
    ticket = at_this(connection, hall, desk, TicketStatus.SERVING, at=at)
    return ask(connection, hall, office, desk, ticket, at=at)
