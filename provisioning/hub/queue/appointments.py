"""Appointments (预约) and check-in. A booking is a place at a time; the ticket is given when the person has come.

Whoever comes before the appointed time, or within the grace period after it, counts from the appointed time with the
credit of appointments; later, from when they came (provisioning/hub/queue/policy.py).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from kiosk.court.paper_codes import APPOINTMENT_DIGITS
from kiosk.court.queueing import ACTIVE, TicketClass, TicketRequest
from kiosk.court.uuid7 import uuid7
from provisioning.hub import journal
from provisioning.hub.queue.issue import Bearer, Issued, given_again, issue, ticket_id_for
from provisioning.hub.queue.policy import appointed_place, business_day
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from provisioning.hub.queue.schema import appointments
from provisioning.hub.queue.tickets import Hall, find_ticket, ticket_of_request
from provisioning.hub.queue.wait import Forecast


class AppointmentStatus(StrEnum):
    """Where a booking stands."""

    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One booking. `code` is what the person keys in on arrival, with no card at hand."""

    appointment_id: str
    at: datetime
    service: str
    ticket_class: TicketClass
    code: str
    masked_name: str | None
    status: AppointmentStatus
    ticket_id: str | None


def book(
    connection: sa.Connection,
    hall: Hall,
    *,
    service: str,
    ticket_class: TicketClass,
    appointed: datetime,
    bearer: Bearer,
    by: str,
    at: datetime,
) -> Appointment:
    """Book a place. Raises QueueRefusedError UNKNOWN_SERVICE, CLASS_NOT_OFFERED, CLOSED, and APPOINTMENT_NOT_TODAY for
    a time that is over."""
    offered = hall.configuration.by_service.get(service)
    if offered is None:
        raise QueueRefusedError(QueueProblem.UNKNOWN_SERVICE, f"there is no service {service}")
    if ticket_class not in offered.classes:
        raise QueueRefusedError(QueueProblem.CLASS_NOT_OFFERED, f"{service} has no class {ticket_class.value}")
    if appointed <= at:
        raise QueueRefusedError(QueueProblem.APPOINTMENT_NOT_TODAY, "the appointed time is over")
    if not hall.configuration.open_at(offered, appointed):
        raise QueueRefusedError(QueueProblem.CLOSED, f"{service} is closed at that time")
    booked = Appointment(
        appointment_id=str(uuid7(at)),
        at=appointed,
        service=service,
        ticket_class=ticket_class,
        code=_free_code(connection, hall, business_day(appointed)),
        masked_name=bearer.masked_name,
        status=AppointmentStatus.BOOKED,
        ticket_id=None,
    )
    connection.execute(
        sa.insert(appointments).values(
            appointment_id=booked.appointment_id,
            court=hall.court,
            business_day=business_day(appointed),
            at=appointed,
            service=service,
            ticket_class=ticket_class.value,
            code=booked.code,
            person=bearer.person,
            masked_name=bearer.masked_name,
            status=booked.status.value,
            booked_by=by,
        )
    )
    _note(connection, "appointment_booked", booked.appointment_id, by=by, at=at)
    return booked


def check_in(
    connection: sa.Connection,
    hall: Hall,
    request: TicketRequest,
    bearer: Bearer,
    *,
    code: str | None,
    at: datetime,
    forecast: Forecast | None = None,
) -> Issued:
    """The person of a booking has come: the ticket, with the place of the appointed time. Found by `code` or by the
    person's card; `request` says who asks, from where and in which language, and its service gives way to the booked
    one. Whoever asks again while the ticket is valid gets that ticket. Raises QueueRefusedError UNKNOWN_APPOINTMENT,
    and for a booking that gives none APPOINTMENT_EARLY or _OVER (it is for another day), _USED, _CANCELLED."""
    if known := ticket_of_request(connection, hall, str(request.request_id)):
        return issue(connection, hall, request, bearer, at=at, forecast=forecast, place=(known.counts_from, known.rank))
    row = _booking(connection, hall, business_day(at), code, bearer)
    if row.ticket_id is not None:
        held = find_ticket(connection, hall, row.ticket_id)
        if held.status not in ACTIVE:
            raise QueueRefusedError(QueueProblem.APPOINTMENT_USED, "the number of this booking is used up")
        return given_again(connection, hall, held, forecast, already=True)
    ticket_class = TicketClass(row.ticket_class)
    wanted = request.model_copy(update={"service": row.service, "ticket_class": ticket_class})
    whose = Bearer(bearer.person or row.person, bearer.masked_name or row.masked_name, bearer.proof)
    place = appointed_place(hall.configuration.policy, ticket_class, appointed=row.at, came=at)
    new_id = ticket_id_for(at)
    given = issue(connection, hall, wanted, whose, at=at, ticket_id=new_id, forecast=forecast, place=place)
    connection.execute(
        sa.update(appointments)
        .where(appointments.c.appointment_id == row.appointment_id)
        .values(status=AppointmentStatus.CHECKED_IN.value, ticket_id=given.ticket.ticket_id)
    )
    return given


def appointed_for(connection: sa.Connection, hall: Hall, ticket_id: str) -> datetime | None:
    """The time of the appointment that a ticket was given for; None where it was not."""
    return connection.scalar(
        sa.select(appointments.c.at).where(appointments.c.court == hall.court, appointments.c.ticket_id == ticket_id)
    )


def cancel_appointment(connection: sa.Connection, hall: Hall, appointment_id: str, *, by: str, at: datetime) -> None:
    """Give a booking up. Raises QueueRefusedError UNKNOWN_APPOINTMENT where it is not (or no longer) booked."""
    changed = connection.execute(
        sa.update(appointments)
        .where(
            appointments.c.appointment_id == appointment_id,
            appointments.c.court == hall.court,
            appointments.c.status == AppointmentStatus.BOOKED.value,
        )
        .values(status=AppointmentStatus.CANCELLED.value)
    )
    if changed.rowcount == 0:
        raise QueueRefusedError(QueueProblem.UNKNOWN_APPOINTMENT, "this is not booked")
    _note(connection, "appointment_cancelled", appointment_id, by=by, at=at)


def appointments_on(connection: sa.Connection, hall: Hall, day: date) -> list[Appointment]:
    """The bookings of `day`, by time."""
    rows = connection.execute(
        sa.select(appointments)
        .where(appointments.c.court == hall.court, appointments.c.business_day == day)
        .order_by(appointments.c.at, appointments.c.appointment_id)
    )
    return [
        Appointment(
            row.appointment_id,
            row.at,
            row.service,
            TicketClass(row.ticket_class),
            row.code,
            row.masked_name,
            AppointmentStatus(row.status),
            row.ticket_id,
        )
        for row in rows
    ]


_SAID_FIRST = (AppointmentStatus.BOOKED, AppointmentStatus.CHECKED_IN, AppointmentStatus.CANCELLED)
"""Of several bookings of one person."""


def _booking(connection: sa.Connection, hall: Hall, day: date, code: str | None, bearer: Bearer) -> sa.Row[Any]:
    """Today's booking that is meant: one whose ticket is still to be given before one whose ticket is out. Raises
    QueueRefusedError where there is none, or it was cancelled."""
    if code is not None:
        whose = appointments.c.code == code
    elif bearer.person is not None:
        whose = appointments.c.person == bearer.person
    else:
        raise QueueRefusedError(QueueProblem.UNKNOWN_APPOINTMENT, "neither a code nor a person")
    found = connection.execute(
        sa.select(appointments)
        .where(appointments.c.court == hall.court, appointments.c.business_day == day, whose)
        .order_by(appointments.c.at)
        .with_for_update()
    ).all()
    if not found:
        raise _not_today(connection, hall, day, whose)
    row = min(found, key=lambda one: _SAID_FIRST.index(AppointmentStatus(one.status)))
    if row.status == AppointmentStatus.CANCELLED.value:
        raise QueueRefusedError(QueueProblem.APPOINTMENT_CANCELLED, "this booking was cancelled")
    return row


def _not_today(connection: sa.Connection, hall: Hall, day: date, whose: sa.ColumnElement[bool]) -> QueueRefusedError:
    """Why there is nothing today: it is booked for a later day, was for an earlier one, or not at all."""
    booked_for = connection.scalar(
        sa.select(sa.func.max(appointments.c.business_day)).where(
            appointments.c.court == hall.court, appointments.c.status == AppointmentStatus.BOOKED.value, whose
        )
    )
    if booked_for is None:
        return QueueRefusedError(QueueProblem.UNKNOWN_APPOINTMENT, "nothing is booked under this")
    if booked_for > day:
        return QueueRefusedError(QueueProblem.APPOINTMENT_EARLY, "this is booked for a later day")
    return QueueRefusedError(QueueProblem.APPOINTMENT_OVER, "the day of this booking is over")


def _free_code(connection: sa.Connection, hall: Hall, day: date) -> str:
    taken = set(
        connection.scalars(
            sa.select(appointments.c.code).where(appointments.c.court == hall.court, appointments.c.business_day == day)
        )
    )
    while (code := f"{secrets.randbelow(10**APPOINTMENT_DIGITS):0{APPOINTMENT_DIGITS}d}") in taken:
        pass
    return code


def _note(connection: sa.Connection, action: str, subject: str, *, by: str, at: datetime) -> None:
    journal.append(connection, chain=journal.STAFF_CHAIN, at=at, actor=by, action=action, subject=subject)
