"""Numbers for the time in which the hub does not answer: a terminal holds a block of them and issues from it.

A lease takes its numbers from the queue's counter like any ticket, so they can never be given twice; those that are
not used stay unused. The tickets come in later, in the order in which the terminal gave them, each once. What cannot be
right (a number outside the terminal's lease, a number or a place in the order for the second time) is refused and staff
are alarmed: a terminal's disk was copied or put back. A lease that is unknown because the hub was restored from an
older backup is taken up again (`left_out.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kiosk.court.queueing import (
    Lease,
    LeaseRequest,
    OfflineAccepted,
    OfflineTicket,
    OfflineTickets,
    TicketStatus,
)
from kiosk.court.uuid7 import uuid7
from provisioning.hub import journal
from provisioning.hub.alarms import AlarmKind, raise_alarm
from provisioning.hub.queue.calling import cancel
from provisioning.hub.queue.days import close_earlier_days
from provisioning.hub.queue.issue import Bearer, new_row
from provisioning.hub.queue.left_out import cap_of, left_out_around
from provisioning.hub.queue.numbers import take_numbers
from provisioning.hub.queue.policy import business_day, rank_of
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from provisioning.hub.queue.schema import leases, tickets
from provisioning.hub.queue.telling import tell_issued
from provisioning.hub.queue.tickets import Hall, active_ticket_of, find_ticket, ticket_of_request

_NOBODY_CAME = frozenset({TicketStatus.WAITING, TicketStatus.CALLED, TicketStatus.NO_SHOW})

_PLACE_BEFORE = (
    sa.select(tickets.c.counts_from)
    .where(
        tickets.c.terminal == sa.bindparam("code"),
        tickets.c.business_day == sa.bindparam("day"),
        tickets.c.offline_order < sa.bindparam("place"),
    )
    .order_by(tickets.c.offline_order.desc())
    .limit(1)
)


def lease(connection: sa.Connection, hall: Hall, request: LeaseRequest, *, at: datetime) -> Lease:
    """A block of numbers; the same request again gives the same block. Raises QueueRefusedError UNKNOWN_QUEUE,
    CAP_REACHED."""
    known = connection.execute(sa.select(leases).where(leases.c.request_id == str(request.request_id))).first()
    if known is not None:
        return _as_lease(known)
    queue = hall.configuration.by_queue.get(request.queue)
    if queue is None:
        raise QueueRefusedError(QueueProblem.UNKNOWN_QUEUE, f"there is no queue {request.queue}")
    day = business_day(at)
    cap = cap_of(connection, hall, queue, day=day)
    last = take_numbers(connection, court=hall.court, day=day, queue=queue.code, size=request.size, at=at, cap=cap)
    if last is None:
        raise QueueRefusedError(QueueProblem.CAP_REACHED, f"queue {queue.code} has not so many numbers left today")
    first = last - request.size + 1
    if first == 1:
        close_earlier_days(connection, hall, day, at=at)
    granted = Lease(
        lease_id=uuid7(at), terminal=request.terminal, queue=queue.code, business_day=day, first=first, last=last
    )
    connection.execute(
        sa.insert(leases).values(
            lease_id=str(granted.lease_id),
            request_id=str(request.request_id),
            court=hall.court,
            terminal=request.terminal,
            queue=queue.code,
            business_day=day,
            first=first,
            last=last,
            granted=at,
        )
    )
    _note(connection, request.terminal, "numbers_leased", str(granted.lease_id), at=at, queue=queue.code, last=last)
    return granted


def accept_offline(
    connection: sa.Connection, hall: Hall, sent: OfflineTickets, bearers: Mapping[UUID, Bearer], *, at: datetime
) -> OfflineAccepted:
    """Take in what `sent.terminal` issued from its leases; `bearers` by ticket id. Sent again, a ticket is accepted
    again without effect."""
    accepted: list[UUID] = []
    refused: list[UUID] = []
    for ticket in sorted(sent.tickets, key=lambda ticket: ticket.order):
        taken = _accept(connection, hall, sent.terminal, ticket, bearers[ticket.ticket_id], at=at)
        (accepted if taken else refused).append(ticket.ticket_id)
    return OfflineAccepted(accepted=tuple(accepted), refused=tuple(refused))


def _accept(
    connection: sa.Connection,
    hall: Hall,
    terminal: str,
    sent: OfflineTicket,
    bearer: Bearer,
    *,
    at: datetime,
) -> bool:
    held = _lease_of(connection, hall, terminal, sent, at=at)
    if held is None:
        return _refuse(connection, terminal, sent, "not of its leases", at=at)
    same = connection.execute(
        sa.select(tickets.c.ticket_id, tickets.c.lease_id, tickets.c.number, tickets.c.offline_order).where(
            tickets.c.ticket_id == str(sent.ticket_id)
        )
    ).first()
    if same is not None:
        if (same.lease_id, same.number, same.offline_order) == (str(sent.lease_id), sent.number, sent.order):
            return True
        return _refuse(connection, terminal, sent, "known with another number", at=at)
    if sent.unanswered is not None:
        _give_back(connection, hall, terminal, sent.unanswered, at=at)
    if _is_taken(connection, hall, held, sent):
        return _refuse(connection, terminal, sent, f"number {sent.number} or place {sent.order} is taken", at=at)
    _store(connection, hall, held, sent, bearer, at=at)
    return True


def _lease_of(
    connection: sa.Connection, hall: Hall, terminal: str, sent: OfflineTicket, *, at: datetime
) -> sa.Row[Any] | None:
    """The lease that `sent` was issued from, if it holds that number."""
    of_terminal = sa.select(leases).where(
        leases.c.lease_id == str(sent.lease_id), leases.c.terminal == terminal, leases.c.court == hall.court
    )
    held = connection.execute(of_terminal).first()
    if held is None or held.request_id == held.lease_id:
        _take_up(connection, hall, terminal, sent, held, at=at)
        held = connection.execute(of_terminal).first()
    return held if held is not None and held.first <= sent.number <= held.last else None


def _take_up(
    connection: sa.Connection,
    hall: Hall,
    terminal: str,
    sent: OfflineTicket,
    known: sa.Row[Any] | None,
    *,
    at: datetime,
) -> None:
    """A lease that was granted after the backup from which this hub was restored: taken up again as far as its numbers
    are heard of, where the hub left them out. Such a lease has its own id in place of the lost request's."""
    service = hall.configuration.by_service.get(sent.request.service)
    if service is None:
        return
    day = min(business_day(sent.issued), business_day(at))
    # Terminals lease by the queue on the board; a class with a queue of its own waits there with a number of this one.
    gap = left_out_around(connection, hall, service.queue, sent.number, day=day)
    if gap is None or (known is not None and (known.queue, known.business_day) != (service.queue, day)):
        return
    if known is not None:
        held = {"first": min(known.first, sent.number), "last": max(known.last, sent.number)}
        connection.execute(sa.update(leases).where(leases.c.lease_id == known.lease_id).values(**held))
        return
    connection.execute(
        sa.insert(leases).values(
            lease_id=str(sent.lease_id),
            request_id=str(sent.lease_id),
            court=hall.court,
            terminal=terminal,
            queue=service.queue,
            business_day=day,
            first=sent.number,
            last=sent.number,
            granted=gap.backup,
        )
    )
    _note(connection, terminal, "lease_taken_up", str(sent.lease_id), at=at, queue=service.queue, left_out=gap.label)


def _give_back(connection: sa.Connection, hall: Hall, terminal: str, request: UUID, *, at: datetime) -> None:
    """Cancel what was given for a request whose reply never reached the terminal."""
    given = ticket_of_request(connection, hall, str(request))
    if given is not None and given.terminal == terminal and given.status in _NOBODY_CAME:
        cancel(connection, hall, given.ticket_id, by=terminal, at=at)


def _is_taken(connection: sa.Connection, hall: Hall, held: sa.Row[Any], sent: OfflineTicket) -> bool:
    number = sa.and_(
        tickets.c.court == hall.court,
        tickets.c.business_day == held.business_day,
        tickets.c.queue == held.queue,
        tickets.c.number == sent.number,
    )
    place = sa.and_(
        tickets.c.terminal == held.terminal,
        tickets.c.business_day == held.business_day,
        tickets.c.offline_order == sent.order,
    )
    request = tickets.c.request_id == str(sent.request.request_id)
    return any(
        connection.scalar(sa.select(tickets.c.ticket_id).where(wall).limit(1)) is not None
        for wall in (number, place, request)
    )


def _store(
    connection: sa.Connection, hall: Hall, held: sa.Row[Any], sent: OfflineTicket, bearer: Bearer, *, at: datetime
) -> None:
    terminal: str = held.terminal
    service = hall.configuration.by_service.get(sent.request.service)
    # The terminal's clock is not trusted further than the lease allows.
    issued = min(max(sent.issued, held.granted), at)
    before = connection.scalar(_PLACE_BEFORE, {"code": terminal, "day": held.business_day, "place": sent.order})
    counts_from = issued if before is None else max(issued, before + timedelta(microseconds=1))
    status = TicketStatus.WAITING
    if held.business_day != business_day(at):
        status = TicketStatus.CANCELLED  # the day is over; the number is on record
    elif bearer.person and active_ticket_of(connection, hall, bearer.person, held.business_day):
        status = TicketStatus.CANCELLED  # the person had a number already, which stands
    row = new_row(
        hall,
        sent.request,
        bearer,
        ticket_id=str(sent.ticket_id),
        queue=held.queue,
        queue_now=service.queue_for(sent.request.ticket_class) if service else held.queue,
        day=held.business_day,
        issued=issued,
        status=status,
        lease_id=str(sent.lease_id),
        offline_order=sent.order,
    )
    row |= {
        "terminal": terminal,
        "number": sent.number,
        "counts_from": counts_from,
        "rank": rank_of(hall.configuration.policy, sent.request.ticket_class, counts_from),
    }
    connection.execute(sa.insert(tickets).values(**row))
    ticket = find_ticket(connection, hall, str(sent.ticket_id))
    detail = {"number": ticket.label, "order": sent.order, "status": status.value}
    _note(connection, terminal, "offline_ticket", ticket.ticket_id, at=at, **detail)
    if status is TicketStatus.WAITING:
        tell_issued(connection, ticket, at=at)


def _refuse(connection: sa.Connection, terminal: str, sent: OfflineTicket, why: str, *, at: datetime) -> bool:
    raise_alarm(
        connection,
        at=at,
        kind=AlarmKind.OFFLINE_TICKET_REFUSED,
        terminal=terminal,
        detail=f"ticket {sent.ticket_id}: {why}",
    )
    return False


def _as_lease(row: sa.Row[Any]) -> Lease:
    return Lease(
        lease_id=row.lease_id,
        terminal=row.terminal,
        queue=row.queue,
        business_day=row.business_day,
        first=row.first,
        last=row.last,
    )


def _note(
    connection: sa.Connection, terminal: str, action: str, subject: str, *, at: datetime, **detail: object
) -> None:
    journal.append(
        connection,
        chain=journal.terminal_chain(terminal),
        at=at,
        actor=terminal,
        action=action,
        subject=subject,
        detail=detail,
    )
