"""Issuing a ticket (取号), exactly once per request and at most one active ticket per person.

A ticket's own row is its record; it is not written into the journal as well, which holds what departs from the
ordinary course (skipping ahead, passing on, no-show, taking over).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from kiosk.court.queueing import TicketClass, TicketRequest, TicketStatus
from kiosk.court.uuid7 import uuid7
from provisioning.hub.queue.config import Service
from provisioning.hub.queue.days import close_earlier_days
from provisioning.hub.queue.left_out import cap_of
from provisioning.hub.queue.numbers import Placing, store_numbered
from provisioning.hub.queue.policy import business_day, class_credit, rank_of
from provisioning.hub.queue.prediction import Prediction
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from provisioning.hub.queue.situation import situation_of
from provisioning.hub.queue.telling import tell_issued
from provisioning.hub.queue.tickets import (
    Hall,
    QueuedTicket,
    ahead_of,
    find_ticket,
)
from provisioning.hub.queue.wait import Forecast


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who takes a number, as far as the hub knows: keyed hash of the identity number, masked name, licence number
    encrypted for the ticket."""

    person: str | None = None
    masked_name: str | None = None
    proof: bytes | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A ticket that was given, now or earlier. `already`: the person had it before and gets no second one."""

    ticket: QueuedTicket
    ahead: int
    prediction: Prediction | None
    already: bool


def ticket_id_for(at: datetime) -> UUID:
    """A fresh id, ordered by time and not to be guessed: whoever knows it may follow the ticket."""
    return uuid7(at)


def issue(
    connection: sa.Connection,
    hall: Hall,
    request: TicketRequest,
    bearer: Bearer,
    *,
    at: datetime,
    ticket_id: UUID | None = None,
    forecast: Forecast | None = None,
    place: tuple[datetime, int] | None = None,
) -> Issued:
    """Give a ticket for `request` in the caller's transaction. `place`, of an appointment, is the
    moment it counts from and its rank.

    Raises QueueRefusedError for what is not offered, closed, or at its cap.
    """
    day, policy = business_day(at), hall.configuration.policy
    rank = place[1] if place else rank_of(policy, request.ticket_class, at)
    asked_for = hall.configuration.by_service.get(request.service)
    queue = asked_for.queue_for(request.ticket_class) if asked_for else ""
    found = situation_of(
        connection,
        hall,
        request_id=str(request.request_id),
        person=bearer.person,
        day=day,
        queue=queue,
        rank=rank,
    )
    if held := found.known or found.active:
        return given_again(connection, hall, find_ticket(connection, hall, held), forecast, already=found.known is None)
    require_offered(hall, request, at=at)
    if place is None and found.paused:  # a booking is kept
        raise QueueRefusedError(QueueProblem.CLOSED, f"queue {queue} is paused")
    ahead = found.ahead
    new_id = str(ticket_id or ticket_id_for(at))
    prediction = forecast.predict(queue, ahead, request.ticket_class) if forecast else None
    values = new_row(
        hall,
        request,
        bearer,
        ticket_id=new_id,
        queue=queue,
        queue_now=queue,
        day=day,
        issued=at,
        prediction=prediction,
    )
    placing = Placing(class_credit(policy, request.ticket_class) // timedelta(microseconds=1), place)
    cap = cap_of(connection, hall, hall.configuration.by_queue[queue], day=day)
    ticket = store_numbered(connection, values, placing, at=at, cap=cap)
    if ticket is None:
        raise QueueRefusedError(QueueProblem.CAP_REACHED, f"queue {queue} gives no more numbers today")
    if ticket.number == 1:
        close_earlier_days(connection, hall, day, at=at)
    tell_issued(connection, ticket, at=at)
    return Issued(ticket, ahead, prediction, already=False)


def require_offered(hall: Hall, request: TicketRequest, *, at: datetime) -> Service:
    """The service asked for. Raises QueueRefusedError where it, its class, or one to follow is not to be had."""
    configuration = hall.configuration
    for code in (request.service, *request.further_services):
        found = configuration.by_service.get(code)
        if found is None or not found.offered:
            raise QueueRefusedError(QueueProblem.UNKNOWN_SERVICE, f"there is no service {code}")
    service = configuration.by_service[request.service]
    if request.ticket_class not in service.classes:
        raise QueueRefusedError(
            QueueProblem.CLASS_NOT_OFFERED, f"{service.code} has no tickets of class {request.ticket_class.value}"
        )
    if request.ticket_class is TicketClass.PROFESSIONAL and not request.proof:
        raise QueueRefusedError(QueueProblem.PROOF_MISSING, "a professional's ticket needs the number of the licence")
    if not configuration.open_at(service, at):
        raise QueueRefusedError(QueueProblem.CLOSED, f"{service.code} gives no numbers now")
    return service


def new_row(
    hall: Hall,
    request: TicketRequest,
    bearer: Bearer,
    *,
    ticket_id: str,
    queue: str,
    queue_now: str,
    day: date,
    issued: datetime,
    prediction: Prediction | None = None,
    status: TicketStatus = TicketStatus.WAITING,
    lease_id: str | None = None,
    offline_order: int | None = None,
) -> dict[str, object]:
    """Every column of a new ticket but number, rank and counts_from."""
    return {
        "ticket_id": ticket_id,
        "request_id": str(request.request_id),
        "court": hall.court,
        "business_day": day,
        "queue": queue,
        "queue_now": queue_now,
        "service": request.service,
        "further_services": services_text(request.further_services),
        "matter": 1,
        "ticket_class": request.ticket_class.value,
        "status": status.value,
        "language": request.language,
        "terminal": request.terminal,
        "person": bearer.person,
        "masked_name": bearer.masked_name,
        "proof": bearer.proof,
        "filing_while_waiting": request.filing_while_waiting,
        "issued": issued,
        "joined": issued,
        "called": None,
        "ended": None,
        "times_called": 0,
        "times_missed": 0,
        "visits": 0,
        "window": None,
        "wanted_window": None,
        "staff": None,
        "note": "",
        "lease_id": lease_id,
        "offline_order": offline_order,
        "prediction": prediction.as_json() if prediction else None,
    }


def services_text(services: Sequence[str]) -> str:
    """Services still to come, as the table holds them."""
    return json.dumps(list(services))


def given_again(
    connection: sa.Connection, hall: Hall, ticket: QueuedTicket, forecast: Forecast | None, *, already: bool
) -> Issued:
    """A ticket that was given earlier, as it stands now."""
    ahead = ahead_now(connection, hall, ticket)
    prediction = (
        forecast.predict(ticket.queue_now, ahead, ticket.ticket_class) if forecast and ahead is not None else None
    )
    return Issued(ticket, ahead or 0, prediction, already=already)


def ahead_now(connection: sa.Connection, hall: Hall, ticket: QueuedTicket) -> int | None:
    """How many are called before a waiting ticket; None where it does not wait."""
    if ticket.status is not TicketStatus.WAITING:
        return None
    return ahead_of(
        connection,
        hall,
        day=ticket.business_day,
        queue=ticket.queue_now,
        rank=ticket.rank,
        ticket_id=ticket.ticket_id,
    )
