"""The page on which a person follows the own ticket by phone: /t/<ticket_id>, as printed on the slip as a QR code.

Public for whoever knows the id, which nobody can guess (74 random bits); it shows no name. Without its script it renews
itself every 30 seconds; with it, it also listens to `ticket:<id>`.
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from kiosk.clock import CHINA
from kiosk.court.queueing import TicketState
from kiosk.i18n import Language
from provisioning.hub.display.render import HEADERS, render, static_file
from provisioning.hub.html import LANGUAGE_NAMES
from provisioning.hub.hub import Hub
from provisioning.hub.queue.board import state_of
from provisioning.hub.queue.problems import QueueRefusedError
from provisioning.hub.queue.tickets import QueuedTicket, find_ticket


class FollowPage:
    """The page and the part of it that changes."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def routes(self) -> list[Route]:
        """Everything below /t."""
        return [
            Route("/t/follow.css", static_file, methods=["GET"]),
            Route("/t/follow.js", static_file, methods=["GET"]),
            Route("/t/{ticket_id}", self.page, methods=["GET"]),
            Route("/t/{ticket_id}/state", self.part, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        """The whole page."""
        return await self._show(request, "follow.html")

    async def part(self, request: Request) -> Response:
        """What changes."""
        return await self._show(request, "follow_state.html")

    async def _show(self, request: Request, template: str) -> Response:
        found = await to_thread.run_sync(self._find, request.path_params["ticket_id"])
        ticket, state = found or (None, None)
        language = _language(request, ticket)
        content = render(
            template,
            language,
            court_name=self._hub.court.name_in(language),
            state=state,
            service=self._service(ticket, language),
            languages={code.value: name for code, name in LANGUAGE_NAMES.items()},
            path=request.url.path,
            time=self._hub.clock.now().astimezone(CHINA).strftime("%H:%M:%S"),
        )
        return HTMLResponse(content, status_code=200 if state else 404, headers=HEADERS)

    def _find(self, given: str) -> tuple[QueuedTicket, TicketState] | None:
        try:
            ticket_id = str(UUID(given))
        except ValueError:
            return None
        forecast = self._hub.forecaster.current()
        today, hall = self._hub.clock.now().astimezone(CHINA).date(), self._hub.hall

        def query(connection: sa.Connection) -> tuple[QueuedTicket, TicketState] | None:
            ticket = find_ticket(connection, hall, ticket_id)
            return (ticket, state_of(connection, hall, ticket, forecast)) if ticket.business_day == today else None

        try:
            return self._hub.database.read(query)
        except QueueRefusedError:
            return None

    def _service(self, ticket: QueuedTicket | None, language: Language) -> str:
        service = self._hub.hall.configuration.by_service.get(ticket.service) if ticket else None
        return str(getattr(service.names, language.value)) if service else ""


def _language(request: Request, ticket: QueuedTicket | None) -> Language:
    """As chosen, else as at the terminal, else Chinese."""
    for given in (request.query_params.get("lang"), ticket.language if ticket else None):
        if given in {language.value for language in Language}:
            return Language(given)
    return Language.ZH
