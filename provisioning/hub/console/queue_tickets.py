"""Finding a ticket by its number or by the person's identity number, and what can be done with it without a window."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kiosk.court.queueing import FOLLOW_PATH, TicketStatus
from kiosk.i18n import Language, tr
from provisioning.hub import journal
from provisioning.hub.console.addresses import symbol_of
from provisioning.hub.console.calling import names_of_hall
from provisioning.hub.console.calling_view import Face
from provisioning.hub.console.presses import PageChangedError, new_key, once
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.html import HTML_LANGUAGES
from provisioning.hub.permissions import Permission
from provisioning.hub.queue import calling, windows
from provisioning.hub.queue.board import ticket_by_number
from provisioning.hub.queue.changes import write_down
from provisioning.hub.queue.issue import ahead_now
from provisioning.hub.queue.left_out import LeftOut, left_out_around
from provisioning.hub.queue.outlook import PastVisit, latest_of_person, visits_of
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.problems import QueueRefusedError
from provisioning.hub.queue.tickets import QueuedTicket, find_ticket

_NUMBER = re.compile(r"\s*([A-Za-z]{1,2})\s*0*([0-9]{1,6})\s*")
SHORTEST_IDENTITY, LONGEST_IDENTITY = 6, 40

CANCELLABLE = frozenset({TicketStatus.WAITING, TicketStatus.CALLED, TicketStatus.HELD, TicketStatus.NO_SHOW})

Step = Callable[[sa.Connection, QueuedTicket, datetime], None]


class TicketPages:
    """The look-up, one ticket, and its copy."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Everything below `/tickets`."""
        gate, may = self._desk.gate, Permission.FIND_TICKETS
        return [
            Route("/tickets", gate(may, self.ask), methods=["GET"]),
            Route("/tickets", gate(may, self.find), methods=["POST"]),
            Route("/tickets/{ticket_id:uuid}", gate(may, self.show), methods=["GET"]),
            Route("/tickets/{ticket_id:uuid}/put-back", gate(may, self.put_back), methods=["POST"]),
            Route("/tickets/{ticket_id:uuid}/cancel", gate(may, self.cancel), methods=["POST"]),
            Route("/tickets/{ticket_id:uuid}/copy", gate(may, self.copy), methods=["POST"]),
        ]

    async def ask(self, visit: Visit) -> Response:
        """The form."""
        return await self._form(visit)

    async def find(self, visit: Visit) -> Response:
        """By number or identity number, whichever was given. The latter goes no further than its keyed hash, and the
        journal says who looked."""
        hub, now, text = self._desk.hub, self._desk.hub.clock.now(), visit.form.get("text", "")
        if match := _NUMBER.fullmatch(text):
            queue, number = match[1].upper(), int(match[2])
            found = await self._desk.read(lambda c: ticket_by_number(c, hub.hall, queue=queue, number=number, at=now))
        elif SHORTEST_IDENTITY <= len(text.strip()) <= LONGEST_IDENTITY:
            found = await self._of_person(visit, hub.personal.mac(text))
        else:
            return await self._form(visit, error="tickets.unreadable", status=422)
        if found is None:
            gap = await self._desk.read(lambda c: self._left_out(c, match, now)) if match else None
            return await self._form(visit, error="tickets.none", left_out=gap, status=404)
        return RedirectResponse(f"/console/tickets/{found.ticket_id}", status_code=303)

    async def show(self, visit: Visit) -> Response:
        """One ticket with its way through the hall."""
        return await self._ticket(visit, "ticket.html")

    async def put_back(self, visit: Visit) -> Response:
        """Return a missed ticket to its queue."""
        hall, by = self._desk.hub.hall, visit.person.name

        def step(connection: sa.Connection, ticket: QueuedTicket, at: datetime) -> None:
            calling.put_back(connection, hall, ticket.ticket_id, by=by, at=at)

        return await self._step(visit, step)

    async def cancel(self, visit: Visit) -> Response:
        """The person goes home."""
        hall, by = self._desk.hub.hall, visit.person.name

        def step(connection: sa.Connection, ticket: QueuedTicket, at: datetime) -> None:
            calling.cancel(connection, hall, ticket.ticket_id, by=by, at=at)

        return await self._step(visit, step)

    async def copy(self, visit: Visit) -> Response:
        """A slip to print for whoever has lost theirs, marked as a copy; the journal counts them."""
        by = visit.person.name

        def step(connection: sa.Connection, ticket: QueuedTicket, at: datetime) -> None:
            write_down(connection, "ticket_copied", ticket, by=by, at=at)

        refused = await self._once(visit, step)
        if refused:
            return await self._ticket(visit, "ticket.html", error=refused, status=409)
        return await self._ticket(visit, "ticket_copy.html")

    def _left_out(self, connection: sa.Connection, match: re.Match[str], at: datetime) -> LeftOut | None:
        day, hall = business_day(at), self._desk.hub.hall
        return left_out_around(connection, hall, match[1].upper(), int(match[2]), day=day)

    async def _of_person(self, visit: Visit, person: str) -> QueuedTicket | None:
        hub, now = self._desk.hub, self._desk.hub.clock.now()

        def job(connection: sa.Connection) -> QueuedTicket | None:
            found = latest_of_person(connection, hub.hall, person, at=now)
            journal.append(
                connection,
                chain=journal.STAFF_CHAIN,
                at=now,
                actor=visit.person.name,
                action="ticket_looked_up",
                subject=found.ticket_id if found else "none",
            )
            return found

        return await hub.writer.run(job)

    async def _step(self, visit: Visit, step: Step) -> Response:
        if refused := await self._once(visit, step):
            return await self._ticket(visit, "ticket.html", error=refused, status=409)
        return RedirectResponse(f"/console/tickets/{visit.request.path_params['ticket_id']}", status_code=303)

    async def _once(self, visit: Visit, step: Step) -> str:
        """Take `step` once per form; the wording of a refusal, or nothing."""
        hub, now = self._desk.hub, self._desk.hub.clock.now()
        ticket_id = str(visit.request.path_params["ticket_id"])
        try:
            await once(hub, visit, lambda c: step(c, find_ticket(c, hub.hall, ticket_id), now))
        except PageChangedError:
            return "queue_problem.changed"
        except QueueRefusedError as refused:
            return f"queue_problem.{refused.problem.value}"
        return ""

    async def _ticket(self, visit: Visit, template: str, *, error: str = "", status: int = 200) -> Response:
        hub, now = self._desk.hub, self._desk.hub.clock.now()
        ticket_id = str(visit.request.path_params["ticket_id"])

        def read(connection: sa.Connection) -> tuple[Face, int | None, list[PastVisit], str | None]:
            ticket = find_ticket(connection, hub.hall, ticket_id)
            mine = windows.window_of(connection, hub.hall, visit.person.name, at=now)
            ahead = ahead_now(connection, hub.hall, ticket)
            return Face.of(ticket, now), ahead, visits_of(connection, ticket_id), mine

        try:
            face, ahead, past, mine = await self._desk.read(read)
        except QueueRefusedError:
            return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
        follow = hub.court.address(FOLLOW_PATH.format(ticket_id=ticket_id))
        values = {
            "face": face,
            "ahead": ahead,
            "past": past,
            "may_call": mine is not None and visit.may(Permission.SKIP_AHEAD),
            "may_cancel": face.ticket.status in CANCELLABLE,
            "now": now,
            "follow": symbol_of(follow) if follow else None,
            "court_zh": hub.court.name_zh,
            "printed": lambda key, **more: _printed(face.ticket, key, **more),
            "error": error,
            "new_key": new_key,
            **names_of_hall(hub, visit),
        }
        return await self._desk.show(visit.request, template, values, person=visit.person, status=status)

    async def _form(
        self, visit: Visit, *, error: str = "", left_out: LeftOut | None = None, status: int = 200
    ) -> Response:
        values = {"error": error, "left_out": left_out}
        return await self._desk.show(visit.request, "tickets.html", values, person=visit.person, status=status)


def _printed(ticket: QueuedTicket, key: str, **values: object) -> list[tuple[str, str]]:
    """A line of the slip with the language of each wording: Chinese and Korean, and English where that was chosen."""
    chosen = [Language.ZH, Language.KO] + [Language.EN] * (ticket.language == Language.EN.value)
    return [(HTML_LANGUAGES[language], tr(key, language, **values)) for language in chosen]
