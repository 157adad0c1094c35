"""The console as one ASGI application below /console."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from urllib.parse import quote

import sqlalchemy as sa
from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from provisioning.hub import staff
from provisioning.hub.console.calling import CallingPages
from provisioning.hub.console.calling_forms import CallingForms
from provisioning.hub.console.inbox import Inbox
from provisioning.hub.console.matter import MatterPages
from provisioning.hub.console.operations import Operations
from provisioning.hub.console.queue_appointments import AppointmentPages
from provisioning.hub.console.queue_overview import QueueOverview
from provisioning.hub.console.queue_tickets import TicketPages
from provisioning.hub.console.rating_followups import RatingFollowups
from provisioning.hub.console.rating_paper import PaperRatings
from provisioning.hub.console.rating_reports import RatingReports
from provisioning.hub.console.render import LANGUAGE_COOKIE, language_of
from provisioning.hub.console.roster import RosterPage
from provisioning.hub.console.unresolved import UnresolvedPages
from provisioning.hub.console.unresolved_entry import UnresolvedEntry
from provisioning.hub.console.visit import SESSION_COOKIE, Desk, Visit, read_form, same_origin
from provisioning.hub.console.words import ConsoleLanguage, say, words
from provisioning.hub.hub import Hub
from provisioning.hub.permissions import Permission, may

HOME = "/console/"
STATIC = {"console.css": "text/css", "calling.css": "text/css", "calling.js": "text/javascript"}


class Console:
    """Sign-in, language and static files here; the rest in the other modules."""

    def __init__(self, hub: Hub, changed: Callable[[], None]) -> None:
        words()  # a missing wording must stop the hub at its start, not a clerk in the middle
        self._hub = hub
        self._desk = Desk(hub)
        self._changed = changed

    def application(self) -> Starlette:
        """The routes."""
        desk = self._desk
        return Starlette(
            routes=[
                # Routes are tried one after the other: first what is pressed and read all day.
                *CallingForms(desk).routes(),
                *CallingPages(desk).routes(),
                Route("/sign-in", self.show_sign_in, methods=["GET"]),
                Route("/sign-in", self.sign_in, methods=["POST"]),
                Route("/sign-out", desk.gate(None, self.sign_out), methods=["POST"]),
                Route("/language", self.set_language, methods=["GET"]),
                *(Route(f"/{name}", self.static, methods=["GET"]) for name in STATIC),
                Route("/", desk.gate(None, self.home), methods=["GET"]),
                *Inbox(desk).routes(),
                *MatterPages(desk, self._changed).routes(),
                *Operations(desk).routes(),
                *QueueOverview(desk).routes(),
                *TicketPages(desk).routes(),
                *AppointmentPages(desk).routes(),
                *RatingReports(desk).routes(),
                *RatingFollowups(desk).routes(),
                *PaperRatings(desk).routes(),
                *UnresolvedEntry(desk).routes(),
                *UnresolvedPages(desk).routes(),
                *RosterPage(desk).routes(),
            ],
            exception_handlers={404: self.not_found, 500: self.failed},
        )

    async def home(self, visit: Visit) -> Response:
        """Everybody's first page: the first of these that they may see."""
        pages = {
            "inbox": Permission.LIST_MATTERS,
            "window": Permission.SERVE_WINDOW,
            "followups": Permission.HANDLE_FOLLOWUPS,
            "terminals": Permission.SEE_TERMINALS,
        }
        first = next((name for name, permission in pages.items() if may(visit.person.role, permission)), "password")
        return RedirectResponse(f"/console/{first}", status_code=303)

    async def static(self, request: Request) -> Response:
        """A style sheet or the script."""
        name = request.url.path.rpartition("/")[2]
        headers = {"Cache-Control": "max-age=300", "X-Content-Type-Options": "nosniff"}
        return Response(_static(name), media_type=STATIC[name], headers=headers)

    async def set_language(self, request: Request) -> Response:
        """Change the language and go back."""
        response = RedirectResponse(_local(request.query_params.get("next", HOME)), status_code=303)
        chosen = request.query_params.get("to", "")
        if chosen in set(ConsoleLanguage):
            response.set_cookie(
                LANGUAGE_COOKIE, chosen, max_age=365 * 86_400, path="/console", samesite="strict", httponly=True
            )
        return response

    async def show_sign_in(self, request: Request) -> Response:
        """The sign-in page."""
        target = _local(request.query_params.get("next", HOME))
        message = say("sign_in.ended", language_of(request)) if "ended" in request.query_params else ""
        return await self._desk.show(request, "sign_in.html", {"next": target, "error": "", "message": message})

    async def sign_in(self, request: Request) -> Response:
        """Check name and password."""
        form = await read_form(request)
        name, password, target = form.get("name", ""), form.get("password", ""), _local(form.get("next", HOME))
        if not same_origin(request):
            return await self._desk.refuse(request, "error.stale", 403)
        now = self._hub.clock.now()
        credentials = await self._desk.read(lambda connection: staff.credentials_of(connection, name, now=now))
        if not await to_thread.run_sync(staff.password_fits, credentials, password):
            await self._hub.writer.run(lambda connection: staff.note_failure(connection, name, now=now))
            error = say("sign_in.failed", language_of(request))
            values = {"next": target, "error": error, "message": ""}
            return await self._desk.show(request, "sign_in.html", values, status=403)

        def job(connection: sa.Connection) -> str:
            return staff.sign_in(connection, name, now=now)

        token = await self._hub.writer.run(job)
        response = RedirectResponse(target, status_code=303)
        response.set_cookie(
            SESSION_COOKIE,
            token,
            path="/console",
            httponly=True,
            samesite="strict",
            secure=self._hub.options.production,
        )
        return response

    async def sign_out(self, visit: Visit) -> Response:
        """End the session."""
        now = self._hub.clock.now()
        await self._hub.writer.run(lambda connection: staff.sign_out(connection, visit.person, now=now))
        self._desk.sessions.forget()
        response = RedirectResponse("/console/sign-in?ended=1", status_code=303)
        response.delete_cookie(SESSION_COOKIE, path="/console")
        return response

    async def not_found(self, request: Request, error: Exception) -> Response:
        """A page that is not there."""
        del error
        return await self._desk.refuse(request, "error.not_found", 404, await self._desk.person(request))

    async def failed(self, request: Request, error: Exception) -> Response:
        """A fault of ours; the error itself is in the log. Without the person, whose session may be what failed."""
        del error
        return await self._desk.refuse(request, "error.failed", 500)


@cache
def _static(name: str) -> bytes:
    return files(__package__).joinpath("static", name).read_bytes()


def _local(target: str) -> str:
    """Only ever go on within the console: an address from outside must not be followed."""
    if not target.startswith(HOME) or "\\" in target or "//" in target:
        return HOME
    return quote(target, safe="/?&=%-_.~")
