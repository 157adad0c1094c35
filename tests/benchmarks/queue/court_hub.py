"""The court's own hub: tickets by requests that a device signs, calls by staff who are signed in at the console."""

from __future__ import annotations

import itertools
import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from kiosk.clock import Clock, SystemClock
from kiosk.court import signing
from kiosk.court.keys import development_device_key
from kiosk.court.queueing import TicketClass, TicketRequest
from kiosk.court.uuid7 import uuid7
from provisioning.hub.permissions import Role
from tests.benchmarks.queue.adapter import AdapterError, Slip
from tests.benchmarks.queue.wire import Line, Reply, Request
from tests.hub.consoles import CSRF, PASSWORD

TERMINALS = 20
CLASSES = (*(TicketClass.ORDINARY,) * 17, *(TicketClass.SPECIAL,) * 2, TicketClass.EXPEDITED)
"""One ticket in twenty each; credits of 15 and 10 minutes, longer than a run, so that the order is known."""
PLACE_OF_CLASS = {TicketClass.SPECIAL: 0, TicketClass.EXPEDITED: 1, TicketClass.ORDINARY: 2}
_HERE = re.compile(r'name="ticket" value="([^"]+)"')
_SHOWN = re.compile(r"[A-Z]{1,2}\d{3,}")


def clerk_name(window: int) -> str:
    """The account of whoever sits at `window`."""
    return f"clerk{window + 1:03d}"


CLERK_ROLE = Role.CLERK


@dataclass(slots=True)
class Session:
    """A signed-in browser at one window."""

    cookie: str
    csrf: str


class CourtHub:
    """One queue (A, 立案) of a development hub whose windows were made by `serving.prepare`."""

    name = "court-hub"

    def __init__(self, url: str, windows: int, clock: Clock | None = None) -> None:
        self.url = url
        self.clock = clock or SystemClock()
        self._windows = windows
        self._sessions: list[Session] = []
        self._count = itertools.count()
        self._key = development_device_key()

    def open(self) -> None:
        """Sign in and sit down, at every window."""
        self._sessions = [self._sit_down(window) for window in range(self._windows)]

    def close(self) -> None:
        """Nothing is held."""

    def ticket(self) -> Request:
        """`POST /v1/tickets` of one of TERMINALS terminals."""
        return self.asking_for(self.person())

    def person(self) -> TicketRequest:
        """What the next person asks for; sent again it must give the same ticket."""
        number = next(self._count)
        return TicketRequest(
            request_id=uuid7(self.clock.now()),
            terminal=f"DEV{number % TERMINALS:02d}",
            service="filing",
            ticket_class=CLASSES[number % len(CLASSES)],
        )

    def asking_for(self, asked: TicketRequest) -> Request:
        """`asked`, signed now."""
        return self.signed("POST", "/v1/tickets", asked.model_dump_json().encode())

    def signed(self, method: str, path: str, body: bytes, created: datetime | None = None) -> Request:
        """A request as a terminal sends it."""
        headers = {"content-type": "application/json"}
        added = signing.sign(
            method,
            path,
            headers,
            body,
            key=self._key,
            created=created or self.clock.now(),
            nonce=secrets.token_urlsafe(12),
        )
        return Request(method, path, headers | added, body)

    def slip(self, reply: Reply) -> Slip:
        """Of a Ticket."""
        if reply.status != 200:
            raise AdapterError(f"{reply.status} {reply.body[:200]!r}")
        given = json.loads(reply.body)
        number = int(given["number"].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        return Slip(number, given["number"], (PLACE_OF_CLASS[TicketClass(given["ticket_class"])], number))

    async def call(self, line: Line, window: int) -> str | None:
        """The form of the caller's page."""
        return await self.call_once(line, window, secrets.token_urlsafe(16))

    async def call_once(self, line: Line, window: int, key: str) -> str | None:
        """The same with the key of a form, which acts once however often it is sent."""
        done, number = await self.press(line, window, "call", key)
        if done == "already":
            # The first answer was lost; the page shows whom it called.
            return await self.present(line, window)
        if done not in ("called", "nobody"):
            raise AdapterError(f"a call came to {done}")
        return number if done == "called" else None

    async def finish(self, line: Line, window: int) -> None:
        """The same, for the end."""
        await self.finish_once(line, window, secrets.token_urlsafe(16))

    async def finish_once(self, line: Line, window: int, key: str) -> None:
        """The same with the key of a form."""
        done, _ = await self.press(line, window, "finish", key)
        if done not in ("finished", "already"):
            raise AdapterError(f"an end came to {done}")

    async def press(self, line: Line, window: int, act: str, key: str) -> tuple[str, str]:
        """One press at `window`: what the page says was done, and to which number."""
        session = self._sessions[window]
        form = urlencode({"csrf": session.csrf, "key": key}).encode()
        headers = {"content-type": "application/x-www-form-urlencoded", "cookie": session.cookie}
        reply = await line.ask(Request("POST", f"/console/window/{act}", headers, form))
        if reply.status != 303:
            raise AdapterError(f"{act} at window {window + 1}: {reply.status}")
        told = parse_qs(urlsplit(reply.headers["location"]).query)
        return told.get("done", [""])[0], told.get("number", [""])[0]

    async def present(self, line: Line, window: int) -> str | None:
        """The number at `window`, as its page shows it."""
        reply = await line.ask(Request("GET", "/console/window", {"cookie": self._sessions[window].cookie}))
        page = reply.body.decode()
        title = page.partition("<title>")[2].partition("</title>")[0]
        if reply.status != 200:
            raise AdapterError(f"the page of window {window + 1}: {reply.status}")
        shown = _SHOWN.match(title.strip())
        return shown[0] if shown and _HERE.search(page) else None

    def _sit_down(self, window: int) -> Session:
        with httpx.Client(base_url=self.url, trust_env=False, timeout=60) as http:
            sent = {"name": clerk_name(window), "password": PASSWORD, "next": ""}
            http.post("/console/sign-in", data=sent)
            page = http.get("/console/windows")
            token = CSRF.search(page.text)
            if token is None:
                raise AdapterError(f"{clerk_name(window)} cannot sign in: {page.status_code}")
            reply = http.post(f"/console/windows/{window + 1}", data={"csrf": token[1]})
            if reply.status_code != 303:
                raise AdapterError(f"{clerk_name(window)} cannot have window {window + 1}: {reply.status_code}")
            cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        return Session(cookie, token[1])
