"""Appointments (预约): the bookings of a day, booking one, check-in at the desk, and giving one up."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kiosk.clock import CHINA
from kiosk.court.paper_codes import is_appointment_code
from kiosk.court.queueing import TicketClass, TicketRequest
from kiosk.court.uuid7 import uuid7
from kiosk.identity import mask_name
from provisioning.hub.console.addresses import symbol_of
from provisioning.hub.console.calling import names_of_hall, problem_key
from provisioning.hub.console.presses import PageChangedError, new_key, once
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.permissions import Permission
from provisioning.hub.queue import appointments
from provisioning.hub.queue.issue import Bearer
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError

HOME = "/console/appointments"
DESK_TERMINAL = "DESK"
"""What a ticket names as its terminal that was given at the desk."""
LONGEST_NAME = 40
FURTHEST = timedelta(days=60)


class AppointmentPages:
    """The page and its forms."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Everything below `/appointments`."""
        gate, may = self._desk.gate, Permission.BOOK_APPOINTMENTS
        return [
            Route("/appointments", gate(may, self.show), methods=["GET"]),
            Route("/appointments", gate(may, self.book), methods=["POST"]),
            Route("/appointments/check-in", gate(may, self.check_in), methods=["POST"]),
            Route("/appointments/{appointment_id:uuid}/cancel", gate(may, self.cancel), methods=["POST"]),
        ]

    async def show(self, visit: Visit) -> Response:
        """The bookings of a day."""
        return await self._page(visit)

    async def book(self, visit: Visit) -> Response:
        """A new booking. Name and number are kept as a masked name and a keyed hash."""
        hub, form, now = self._desk.hub, visit.form, self._desk.hub.clock.now()
        appointed = _moment(form.get("day", ""), form.get("time", ""))
        ticket_class = _class(form.get("ticket_class", ""))
        if appointed is None or ticket_class is None or appointed - now > FURTHEST:
            return await self._page(visit, error="appointments.unreadable", status=422)
        name, number = form.get("name", "").strip()[:LONGEST_NAME], form.get("identity", "").strip()
        bearer = Bearer(
            person=hub.personal.mac(number) if number else None, masked_name=mask_name(name) if name else None
        )

        def job(connection: sa.Connection) -> appointments.Appointment:
            return appointments.book(
                connection,
                hub.hall,
                service=form.get("service", ""),
                ticket_class=ticket_class,
                appointed=appointed,
                bearer=bearer,
                by=visit.person.name,
                at=now,
            )

        try:
            made = await once(hub, visit, job)
        except (QueueRefusedError, PageChangedError) as error:
            return await self._refused(visit, error)
        code = f"&code={made.code}" if made else ""
        return RedirectResponse(f"{HOME}?day={business_day(appointed).isoformat()}{code}", status_code=303)

    async def check_in(self, visit: Visit) -> Response:
        """The person has come: the ticket, at the place of the appointed time."""
        hub, code, now = self._desk.hub, visit.form.get("code", ""), self._desk.hub.clock.now()
        if not is_appointment_code(code):
            return await self._page(visit, error="queue_problem.unknown_appointment", status=404)
        request = TicketRequest(request_id=uuid7(now), terminal=DESK_TERMINAL, service="booked")

        def job(connection: sa.Connection) -> str:
            return appointments.check_in(connection, hub.hall, request, Bearer(), code=code, at=now).ticket.ticket_id

        try:
            ticket_id = await once(hub, visit, job)
        except (QueueRefusedError, PageChangedError) as error:
            return await self._refused(visit, error)
        return RedirectResponse(f"/console/tickets/{ticket_id}" if ticket_id else HOME, status_code=303)

    async def cancel(self, visit: Visit) -> Response:
        """Give a booking up."""
        hub, now = self._desk.hub, self._desk.hub.clock.now()
        appointment_id = str(visit.request.path_params["appointment_id"])

        def job(connection: sa.Connection) -> None:
            appointments.cancel_appointment(connection, hub.hall, appointment_id, by=visit.person.name, at=now)

        try:
            await once(hub, visit, job)
        except (QueueRefusedError, PageChangedError) as error:
            return await self._refused(visit, error)
        return RedirectResponse(HOME, status_code=303)

    async def _refused(self, visit: Visit, error: QueueRefusedError | PageChangedError) -> Response:
        unknown = isinstance(error, QueueRefusedError) and error.problem is QueueProblem.UNKNOWN_APPOINTMENT
        return await self._page(visit, error=problem_key(error), status=404 if unknown else 409)

    async def _page(self, visit: Visit, *, error: str = "", status: int = 200) -> Response:
        hub, now = self._desk.hub, self._desk.hub.clock.now()
        asked = visit.request.query_params
        today = business_day(now)
        day = _day(asked.get("day", "") or visit.form.get("day", "")) or today
        booked = await self._desk.read(lambda c: appointments.appointments_on(c, hub.hall, day))
        code = asked.get("code", "")
        new_code = code if any(one.code == code for one in booked) else ""
        values = {
            "day": day,
            "today": today,
            "now": now,
            "booked": booked,
            "new_code": new_code,
            "symbol": symbol_of(new_code) if new_code else None,
            "classes": [one.value for one in TicketClass],
            "entered": visit.form,
            "error": error,
            "new_key": new_key,
            **names_of_hall(hub, visit),
        }
        return await self._desk.show(visit.request, "appointments.html", values, person=visit.person, status=status)


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _moment(day: str, clock: str) -> datetime | None:
    with suppress(ValueError):
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), CHINA)
    return None


def _class(text: str) -> TicketClass | None:
    with suppress(ValueError):
        return TicketClass(text)
    return None
