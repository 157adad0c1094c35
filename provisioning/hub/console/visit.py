"""One request of a signed-in person: session, permission and CSRF are checked here and nowhere else."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl, quote, urlsplit

import sqlalchemy as sa
from anyio import to_thread
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from provisioning.hub import staff
from provisioning.hub.assistance import open_calls
from provisioning.hub.console.render import language_of, page
from provisioning.hub.console.sessions import Sessions
from provisioning.hub.console.words import ConsoleLanguage, say
from provisioning.hub.hub import Hub
from provisioning.hub.permissions import Permission, may
from provisioning.hub.staff import SignedIn
from provisioning.hub.unresolved.reports import Viewer, count_overdue

T = TypeVar("T")
Endpoint = Callable[[Request], Awaitable[Response]]

SESSION_COOKIE = "hub_session"
LONGEST_FORM = 256 * 1024
MOST_FIELDS = 200
URL_ENCODED = "application/x-www-form-urlencoded"
LONGEST_UPLOAD = 2 * 1024 * 1024
LIVE = "x-live"
"""The header of a request that a page makes by itself; it does not count as somebody being there."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for what; `form` is empty for a GET, `upload` where no file was sent."""

    request: Request
    person: SignedIn
    form: Mapping[str, str]
    upload: bytes = b""

    @property
    def language(self) -> ConsoleLanguage:
        """The language to answer in."""
        return language_of(self.request)

    def may(self, permission: Permission) -> bool:
        """Whether this person has `permission`."""
        return may(self.person.role, permission)


Handler = Callable[[Visit], Awaitable[Response]]


class Desk:
    """What every page of the console uses: the hub, and the gate before each handler."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.sessions = Sessions(hub)
        names = {ConsoleLanguage.ZH: hub.court.name_zh, ConsoleLanguage.EN: hub.court.name_en}
        self._court_name: Mapping[ConsoleLanguage, str] = names

    async def read(self, query: Callable[[sa.Connection], T]) -> T:
        """Run `query` on a reading connection, in a thread."""
        return await to_thread.run_sync(self.hub.database.read, query)

    async def show(
        self,
        request: Request,
        template: str,
        values: Mapping[str, object] | None = None,
        *,
        person: SignedIn | None = None,
        status: int = 200,
        live: bool = False,
    ) -> Response:
        """A page; a `live` one has a script of ours that keeps it up to date."""
        calls = len(await self.read(open_calls)) if person else 0
        overdue = await self._overdue(person) if person and may(person.role, Permission.HANDLE_UNRESOLVED) else 0
        return page(
            request,
            template,
            values or {},
            person=person,
            here=self._court_name,
            development=not self.hub.options.production,
            calls=calls,
            overdue=overdue,
            status=status,
            live=live,
        )

    async def _overdue(self, person: SignedIn) -> int:
        viewer, now = Viewer(person.name, self.hub.court.code), self.hub.clock.now()
        return await self.read(lambda connection: count_overdue(connection, viewer, now=now))

    async def refuse(self, request: Request, key: str, status: int, person: SignedIn | None = None) -> Response:
        """A page that says why nothing was done."""
        message = say(key, language_of(request))
        return await self.show(request, "message.html", {"message": message}, person=person, status=status)

    async def person(self, request: Request) -> SignedIn | None:
        """Whoever the session cookie belongs to."""
        token = request.cookies.get(SESSION_COOKIE)
        if not token:
            return None
        now = self.hub.clock.now()
        found = await self.sessions.who(token)
        if found and now - found.last_seen >= staff.TOUCH_EVERY and LIVE not in request.headers:
            await self.hub.writer.run(lambda connection: staff.touch(connection, found.token_hash, now=now))
            self.sessions.forget()
        return found

    def gate(self, permission: Permission | None, handler: Handler, *, upload: bool = False) -> Endpoint:
        """`handler` behind session, permission and, for a POST, origin and CSRF token; with `upload` the form may bring
        one file."""

        async def endpoint(request: Request) -> Response:
            person = await self.person(request)
            if person is None:
                target = request.url.path if request.method == "GET" else "/console/"
                return RedirectResponse(f"/console/sign-in?next={quote(target)}", status_code=303)
            if permission is not None and not may(person.role, permission):
                return await self.refuse(request, "error.forbidden", 403, person)
            form: Mapping[str, str] = {}
            content = b""
            if request.method == "POST":
                form, content = await read_upload(request) if upload else (await read_form(request), b"")
                token = form.get("csrf", "")
                if not same_origin(request) or not hmac.compare_digest(token.encode(), person.csrf.encode()):
                    return await self.refuse(request, "error.stale", 403, person)
            return await handler(Visit(request, person, form, content))

        return endpoint


async def read_form(request: Request) -> Mapping[str, str]:
    """The text fields of a form; a body that is too large or no form counts as empty."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LONGEST_FORM:
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == URL_ENCODED:
        with suppress(ValueError):  # too many fields, or no text
            return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
        return {}
    form: FormData = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def read_upload(request: Request) -> tuple[Mapping[str, str], bytes]:
    """The text fields of a form, and its file; both empty where the body is too large or no form."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LONGEST_UPLOAD:
        return {}, b""
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        files = [value for value in form.values() if isinstance(value, UploadFile)]
        return fields, await files[0].read() if files else b""


def same_origin(request: Request) -> bool:
    """Whether a form was sent from a page of this console (Fetch metadata, else the Origin field)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
