"""Filing at a terminal while waiting (边等边填): a call interrupts the filing, and the filing does not cost the place.

Who begins keeps the place (BEGAN). Is the number called and they want to finish first (NOT_YET), the ticket is held and
the window free for others; when the filing has ended, however it did (ENDED), the ticket waits again with its old rank
and is called among the next. As often as the court's policy says (`filing_returns`).
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

import sqlalchemy as sa

from kiosk.court.queueing import TicketStatus, WhileFiling
from provisioning.hub.queue.changes import IN_LINE, change, leave, write_down, wrong_status
from provisioning.hub.queue.telling import tell_status
from provisioning.hub.queue.tickets import Hall, QueuedTicket, lock_ticket
from provisioning.hub.queue.visits import Outcome

_STILL_THERE = frozenset({TicketStatus.WAITING, TicketStatus.CALLED, TicketStatus.SERVING, TicketStatus.HELD})


def note_filing(
    connection: sa.Connection, hall: Hall, ticket_id: str, doing: WhileFiling, *, by: str, at: datetime
) -> QueuedTicket:
    """Carry out what the terminal `by` tells of the person's filing; told again it is without effect. Raises
    QueueRefusedError UNKNOWN_TICKET, and WRONG_STATUS for what does not fit: then the person has to go now."""
    before = lock_ticket(connection, hall, ticket_id)
    match doing:
        case WhileFiling.BEGAN:
            if before.status is not TicketStatus.WAITING:
                raise wrong_status(before)
            return change(connection, before, filing_while_waiting=True)
        case WhileFiling.NOT_YET:
            return _not_yet(connection, hall, before, by=by, at=at)
        case WhileFiling.ENDED:
            return _ended(connection, before, at=at)
        case _:
            assert_never(doing)


def _not_yet(connection: sa.Connection, hall: Hall, before: QueuedTicket, *, by: str, at: datetime) -> QueuedTicket:
    if _held_for_filing(before):
        return before
    missed = before.times_missed + 1
    allowed = before.filing_while_waiting and missed <= hall.configuration.policy.filing_returns
    if before.status is not TicketStatus.CALLED or not allowed:
        raise wrong_status(before)
    held = IN_LINE | {"status": TicketStatus.HELD.value, "times_missed": missed}
    ticket = leave(connection, hall, before, Outcome.HELD, at=at, **held)
    write_down(connection, "still_filing", ticket, by=by, at=at, window=before.window or "")
    return ticket


def _ended(connection: sa.Connection, before: QueuedTicket, *, at: datetime) -> QueuedTicket:
    if _held_for_filing(before):
        ticket = change(connection, before, **IN_LINE, filing_while_waiting=False)
        tell_status(connection, ticket, left=None, at=at)
        return ticket
    if before.filing_while_waiting and before.status in _STILL_THERE:
        return change(connection, before, filing_while_waiting=False)
    return before


def _held_for_filing(ticket: QueuedTicket) -> bool:
    """Held by the terminal: what staff hold at a window keeps its window."""
    return ticket.status is TicketStatus.HELD and ticket.filing_while_waiting and ticket.window is None
