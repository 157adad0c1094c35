"""What the queue tells others, in the transaction of the change (provisioning/hub/push/events.py).

Displays are told number, window and masked name, and never a ticket's id: whoever knows it may follow the ticket.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from kiosk.court.queueing import TicketStatus
from provisioning.hub.display.announcements import announce
from provisioning.hub.push.events import DISPLAY, QUEUE, EventKind, JsonValue, record, ticket_topic, window_topic
from provisioning.hub.queue.tickets import AT_WINDOW, QueuedTicket


def tell_issued(connection: sa.Connection, ticket: QueuedTicket, *, at: datetime) -> None:
    """A ticket joined a queue for the first time."""
    record(connection, kind=EventKind.TICKET_ISSUED, audience=QUEUE, data=_for_staff(ticket), at=at)


def tell_called(connection: sa.Connection, ticket: QueuedTicket, *, at: datetime) -> None:
    """A ticket is called to a window, for the first time or again: seen and heard in the waiting area."""
    window = ticket.window or ""
    recalled = ticket.times_called > 1
    _tell(connection, EventKind.TICKET_RECALLED if recalled else EventKind.TICKET_CALLED, ticket, window, at=at)
    announce(
        connection,
        ticket_id=ticket.ticket_id,
        number=ticket.label,
        window=window,
        masked_name=ticket.masked_name,
        recalled=recalled,
        at=at,
    )


def tell_status(connection: sa.Connection, ticket: QueuedTicket, *, left: str | None, at: datetime) -> None:
    """A ticket's status changed; `left` is the window it was at, if it was at one."""
    window = ticket.window if ticket.status in AT_WINDOW else left
    _tell(connection, EventKind.TICKET_STATUS, ticket, window, at=at)
    if window is not None:
        told: dict[str, JsonValue] = {"number": ticket.label, "window": window, "status": ticket.status.value}
        record(connection, kind=EventKind.TICKET_STATUS, audience=DISPLAY, data=told, at=at)


def tell_window(connection: sa.Connection, window: str, *, staff: str | None, paused: bool, at: datetime) -> None:
    """A window opened, closed, paused or changed hands. Displays are not told who sits there."""
    told: dict[str, JsonValue] = {"window": window, "open": staff is not None and not paused, "paused": paused}
    record(connection, kind=EventKind.WINDOW_CHANGED, audience=DISPLAY, data=told, at=at)
    for audience in (QUEUE, window_topic(window)):
        record(connection, kind=EventKind.WINDOW_CHANGED, audience=audience, data={**told, "staff": staff}, at=at)


def _tell(
    connection: sa.Connection, kind: EventKind, ticket: QueuedTicket, window: str | None, *, at: datetime
) -> None:
    full = _for_staff(ticket)
    record(connection, kind=kind, audience=QUEUE, data=full, at=at)
    record(connection, kind=kind, audience=ticket_topic(ticket.ticket_id), data=full, at=at)
    if window is not None:
        record(connection, kind=kind, audience=window_topic(window), data=full, at=at)


def _for_staff(ticket: QueuedTicket) -> dict[str, JsonValue]:
    return {
        "ticket_id": ticket.ticket_id,
        "number": ticket.label,
        "queue": ticket.queue_now,
        "service": ticket.service,
        "ticket_class": ticket.ticket_class.value,
        "status": ticket.status.value,
        "window": ticket.window if ticket.status in AT_WINDOW or ticket.status is TicketStatus.FINISHED else None,
        "masked_name": ticket.masked_name,
        "language": ticket.language,
        "times_called": ticket.times_called,
        "filing_while_waiting": ticket.filing_while_waiting,
    }
