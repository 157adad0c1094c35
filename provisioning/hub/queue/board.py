"""What is read of the queue: the board of services for terminals, a ticket's state, and the lists of the console."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from kiosk.court.queueing import (
    FOLLOW_PATH,
    Names,
    QueueBoard,
    ServiceOffer,
    Ticket,
    TicketState,
    TicketStatus,
)
from provisioning.hub.queue.config import Service
from provisioning.hub.queue.issue import Issued, ahead_now
from provisioning.hub.queue.left_out import cap_of
from provisioning.hub.queue.pauses import paused_queues
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.prediction import Prediction
from provisioning.hub.queue.schema import counters, tickets
from provisioning.hub.queue.tickets import AT_WINDOW, COLUMNS, Hall, QueuedTicket, as_ticket, find_ticket, is_one_of
from provisioning.hub.queue.wait import Forecast

CLOSED = Names(
    zh="现在不在取号时间内", ko="지금은 번호표를 뽑는 시간이 아닙니다", en="No numbers are given at this time"
)
CAP_REACHED = Names(zh="今日号码已取完", ko="오늘 번호표가 다 나갔습니다", en="No numbers are left for today")

_WAITING = (
    sa.select(tickets.c.queue_now, sa.func.count())
    .where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.business_day == sa.bindparam("day"),
        is_one_of(TicketStatus.WAITING),
    )
    .group_by(tickets.c.queue_now)
)
_LAST = sa.select(counters.c.queue, counters.c.last).where(
    counters.c.court == sa.bindparam("of"), counters.c.business_day == sa.bindparam("day")
)


def queue_board(connection: sa.Connection, hall: Hall, forecast: Forecast, *, at: datetime) -> QueueBoard:
    """Every service a person can take a number for."""
    day = business_day(at)
    today = {"of": hall.court, "day": day}
    waiting: dict[str, int] = {row[0]: row[1] for row in connection.execute(_WAITING, today)}
    paused = paused_queues(connection, hall, at=at)
    last: dict[str, int] = {row.queue: row.last for row in connection.execute(_LAST, today)}

    caps = {queue.code: cap_of(connection, hall, queue, day=day) for queue in hall.configuration.queues}

    def offer(service: Service) -> ServiceOffer:
        queue = hall.configuration.by_queue[service.queue]
        closed = None if hall.configuration.open_at(service, at) else CLOSED
        if queue.code in paused:
            closed = paused[queue.code].message
        elif closed is None and (cap := caps[queue.code]) is not None and last.get(queue.code, 0) >= cap:
            closed = CAP_REACHED
        ahead = waiting.get(queue.code, 0)
        foretold = forecast.predict(queue.code, ahead)
        return ServiceOffer(
            service=service.code,
            queue=queue.code,
            names=service.names,
            classes=service.classes,
            waiting=ahead,
            windows_open=forecast.windows_open(queue.code),
            windows=hall.configuration.windows_of(queue.code),
            wait=foretold.range if foretold else None,
            closed=closed,
        )

    services = tuple(offer(service) for service in hall.configuration.services if service.offered)
    return QueueBoard(court=hall.court, business_day=day, services=services)


def slip_of(hall: Hall, issued: Issued, appointed: datetime | None = None) -> Ticket:
    """What the person is told of a ticket; `appointed` where it was given for an appointment."""
    ticket = issued.ticket
    return Ticket(
        ticket_id=UUID(ticket.ticket_id),
        number=ticket.label,
        queue=ticket.queue,
        service=ticket.service,
        further_services=ticket.further_services,
        ticket_class=ticket.ticket_class,
        business_day=ticket.business_day,
        issued=ticket.issued,
        appointed=appointed,
        late=appointed is not None and ticket.counts_from > appointed,
        ahead=issued.ahead,
        wait=issued.prediction.range if issued.prediction else None,
        follow_path=FOLLOW_PATH.format(ticket_id=ticket.ticket_id),
        windows=hall.configuration.windows_of(ticket.queue_now),
        already=issued.already,
    )


def ticket_state(connection: sa.Connection, hall: Hall, ticket_id: str, forecast: Forecast | None) -> TicketState:
    """Where a ticket stands now. Raises QueueRefusedError UNKNOWN_TICKET."""
    return state_of(connection, hall, find_ticket(connection, hall, ticket_id), forecast)


def state_of(connection: sa.Connection, hall: Hall, ticket: QueuedTicket, forecast: Forecast | None) -> TicketState:
    """The same for a ticket that was read."""
    ahead = ahead_now(connection, hall, ticket)
    foretold: Prediction | None = None
    if forecast is not None and ahead is not None:
        foretold = forecast.predict(ticket.queue_now, ahead, ticket.ticket_class)
    return TicketState(
        ticket_id=UUID(ticket.ticket_id),
        number=ticket.label,
        status=ticket.status,
        window=ticket.window if ticket.status in AT_WINDOW else None,
        ahead=ahead,
        wait=foretold.range if foretold else None,
    )


def tickets_today(
    connection: sa.Connection, hall: Hall, *statuses: TicketStatus, at: datetime, most: int = 500
) -> list[QueuedTicket]:
    """Today's tickets of these statuses (all without any), by rank."""
    query = sa.select(*COLUMNS).where(tickets.c.court == hall.court, tickets.c.business_day == business_day(at))
    if statuses:
        query = query.where(is_one_of(*statuses))
    query = query.order_by(tickets.c.rank, tickets.c.ticket_id).limit(most)
    return [as_ticket(row) for row in connection.execute(query)]


def ticket_by_number(
    connection: sa.Connection, hall: Hall, *, queue: str, number: int, at: datetime
) -> QueuedTicket | None:
    """Today's ticket with this number on its slip."""
    query = sa.select(*COLUMNS).where(
        tickets.c.court == hall.court,
        tickets.c.business_day == business_day(at),
        tickets.c.queue == queue,
        tickets.c.number == number,
    )
    row = connection.execute(query).first()
    return as_ticket(row) if row else None
