"""What a person at a window does with more than one press: pass on, hold, call out of turn; and with one press on a
named ticket: resume a held one, return a missed one to its queue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kiosk.court.queueing import TicketClass, TicketStatus
from provisioning.hub.console.calling import HOME, back, caller_page, names_of_hall, problem_key
from provisioning.hub.console.calling_press import Deed, Done, Outcome, press
from provisioning.hub.console.calling_view import Face
from provisioning.hub.console.presses import PageChangedError, new_key
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.permissions import Permission
from provisioning.hub.queue import calling, windows
from provisioning.hub.queue.calling import LONGEST_NOTE, SkipReason
from provisioning.hub.queue.config import QueueConfiguration
from provisioning.hub.queue.issue import ahead_now
from provisioning.hub.queue.problems import QueueRefusedError
from provisioning.hub.queue.tickets import find_ticket


@dataclass(frozen=True, slots=True)
class Target:
    """Where a ticket may be passed on to: a service, and one of the windows that serve it or any."""

    service: str
    window: str | None

    @property
    def value(self) -> str:
        """As a form field."""
        return f"{self.service}@{self.window or ''}"

    @classmethod
    def read(cls, text: str) -> Target:
        """The target of a form field; whether it exists is for the queue to say."""
        service, _, window = text.partition("@")
        return cls(service, window or None)


class CallingForms:
    """The pages and presses of one ticket."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Below `/window`; to be put before its other presses."""
        gate, may = self._desk.gate, Permission.SERVE_WINDOW
        skip = Permission.SKIP_AHEAD
        return [
            Route("/window/transfer", gate(may, self.transfer), methods=["GET", "POST"]),
            Route("/window/hold", gate(may, self.hold), methods=["GET", "POST"]),
            Route("/window/skip/{ticket_id:uuid}", gate(skip, self.skip), methods=["GET", "POST"]),
            Route("/window/resume/{ticket_id:uuid}", gate(may, self.resume), methods=["POST"]),
            Route("/window/put-back/{ticket_id:uuid}", gate(may, self.put_back), methods=["POST"]),
        ]

    async def transfer(self, visit: Visit) -> Response:
        """To another queue or window, with a note."""
        hall, form = self._desk.hub.hall, visit.form
        to, ticket_class = Target.read(form.get("to", "")), _class(form.get("ticket_class", ""))

        def deed(connection: sa.Connection, desk: windows.Desk, at: datetime) -> Outcome:
            ticket = calling.transfer(
                connection,
                hall,
                desk,
                service=to.service,
                window=to.window,
                note=form.get("note", ""),
                ticket_class=ticket_class,
                at=at,
            )
            return Outcome(Done.TRANSFERRED, ticket.label)

        return await self._form(visit, "caller_transfer.html", deed)

    async def hold(self, visit: Visit) -> Response:
        """Let the matter wait, with a note why."""
        hall, note = self._desk.hub.hall, visit.form.get("note", "")

        def deed(connection: sa.Connection, desk: windows.Desk, at: datetime) -> Outcome:
            return Outcome(Done.HELD, calling.hold(connection, hall, desk, note=note, at=at).label)

        return await self._form(visit, "caller_hold.html", deed)

    async def skip(self, visit: Visit) -> Response:
        """Call a named ticket out of turn, with the reason."""
        hall, ticket_id, form = self._desk.hub.hall, str(visit.request.path_params["ticket_id"]), visit.form
        reason: SkipReason | None = None
        with suppress(ValueError):
            reason = SkipReason(form.get("reason", ""))
        if visit.request.method == "POST" and reason is None:
            return await self._form(visit, "caller_skip.html", None, ticket_id, error="queue_problem.reason_missing")

        def deed(connection: sa.Connection, desk: windows.Desk, at: datetime) -> Outcome:
            ticket = calling.call_out_of_turn(
                connection,
                hall,
                desk,
                ticket_id,
                reason=reason or SkipReason.OTHER,
                note=form.get("note", ""),
                at=at,
            )
            return Outcome(Done.CALLED, ticket.label)

        return await self._form(visit, "caller_skip.html", deed, ticket_id)

    async def resume(self, visit: Visit) -> Response:
        """Call a held ticket to this window."""
        hall, ticket_id = self._desk.hub.hall, str(visit.request.path_params["ticket_id"])

        def deed(connection: sa.Connection, desk: windows.Desk, at: datetime) -> Outcome:
            return Outcome(Done.CALLED, calling.resume(connection, hall, desk, ticket_id, at=at).label)

        return await self._press(visit, deed)

    async def put_back(self, visit: Visit) -> Response:
        """Return a missed ticket to its queue."""
        hall, ticket_id = self._desk.hub.hall, str(visit.request.path_params["ticket_id"])

        def deed(connection: sa.Connection, desk: windows.Desk, at: datetime) -> Outcome:
            return Outcome(Done.PUT_BACK, calling.put_back(connection, hall, ticket_id, by=desk.staff, at=at).label)

        return await self._press(visit, deed)

    async def _press(self, visit: Visit, deed: Deed) -> Response:
        try:
            return back(await press(self._desk.hub, visit, deed))
        except (QueueRefusedError, PageChangedError) as error:
            return await caller_page(self._desk, visit, error=problem_key(error), status=409)

    async def _form(
        self, visit: Visit, template: str, deed: Deed | None, ticket_id: str | None = None, *, error: str = ""
    ) -> Response:
        """The form of a ticket, the one at the window where none is named, or what comes of sending it."""
        hub, now = self._desk.hub, self._desk.hub.clock.now()
        if visit.request.method == "POST" and deed is not None:
            try:
                return back(await press(hub, visit, deed))
            except (QueueRefusedError, PageChangedError) as refused:
                error = problem_key(refused)

        def read(connection: sa.Connection) -> tuple[Face, int | None] | None:
            window = windows.window_of(connection, hub.hall, visit.person.name, at=now)
            if window is None:
                return None
            if ticket_id is None:
                ticket = windows.current_ticket(connection, hub.hall, window, at=now)
            else:
                ticket = find_ticket(connection, hub.hall, ticket_id)
            if ticket is None or (ticket_id is not None and ticket.status is not TicketStatus.WAITING):
                return None
            return Face.of(ticket, now), ahead_now(connection, hub.hall, ticket)

        try:
            found = await self._desk.read(read)
        except QueueRefusedError:
            found = None
        if found is None:
            if error:
                return await caller_page(self._desk, visit, error=error, status=409)
            return RedirectResponse(HOME, status_code=303)
        face, ahead = found
        values = {
            "face": face,
            "ahead": ahead,
            "error": error,
            "entered": visit.form,
            "key": new_key(),
            "targets": list(_targets(hub.hall.configuration)),
            "classes": [one.value for one in TicketClass],
            "reasons": [one.value for one in SkipReason],
            "longest_note": LONGEST_NOTE,
            **names_of_hall(hub, visit),
        }
        status = 409 if error else 200
        return await self._desk.show(visit.request, template, values, person=visit.person, status=status)


def _targets(configuration: QueueConfiguration) -> Iterator[tuple[str, list[Target]]]:
    """Every service with where it is served."""
    for service in configuration.services:
        queues = {service.queue, *service.routes.values()}
        serving = [window.code for window in configuration.windows if queues & {duty.queue for duty in window.duties}]
        yield service.code, [Target(service.code, None), *(Target(service.code, code) for code in serving)]


def _class(text: str) -> TicketClass | None:
    with suppress(ValueError):
        return TicketClass(text)
    return None
