"""The hall of a test with its staff: browsers that keep the forms they were given, and a look at what was stored."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import sqlalchemy as sa

from kiosk.clock import Clock
from kiosk.court.queueing import TicketClass, TicketRequest
from provisioning.hub.permissions import Role
from provisioning.hub.queue.issue import Bearer, issue
from provisioning.hub.queue.schema import tickets
from provisioning.hub.queue.tickets import QueuedTicket
from provisioning.hub.schema import journal
from provisioning.hub.staff import add_account
from tests.hub.consoles import PASSWORD_HASH, Browser
from tests.hub.display.hall import LiveHall

FORM = re.compile(r'<form(?=[^>]*method="post")[^>]*action="/console/([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
COLLEAGUE = "colleague"


class CallingHall(LiveHall):
    """The hall with one account per role and a second window clerk."""

    def __init__(self, data: Path, url: str | None = None, clock: Clock | None = None) -> None:
        super().__init__(data, url, clock)
        for name, role in [(role.value, role) for role in Role] + [(COLLEAGUE, Role.WINDOW)]:
            self.add_staff(name, role)

    def add_staff(self, name: str, role: Role) -> None:
        """An account whose password the tests know."""
        now = self.hub.clock.now()
        self.do(lambda c: add_account(c, name=name, role=role, password_hash=PASSWORD_HASH, at=now, by="test"))

    def staff(self, name: str) -> Clerk:
        """Somebody signs in to the console."""
        clerk = Clerk(self.url)
        assert clerk.sign_in(name).status_code == 200
        return clerk

    def at_window(self, name: str, window: str) -> Clerk:
        """The same, and at a window."""
        clerk = self.staff(name)
        clerk.get("windows")
        assert clerk.post(f"windows/{window}").status_code == 200
        return clerk

    def come(
        self,
        service: str = "filing",
        ticket_class: TicketClass = TicketClass.ORDINARY,
        *,
        person: str | None = None,
        **more: Any,
    ) -> QueuedTicket:
        """Somebody takes a number."""
        at = self.hub.clock.now()
        request = TicketRequest(
            request_id=uuid4(), terminal="DEV01", service=service, ticket_class=ticket_class, proof="A1", **more
        )
        bearer = Bearer(person=person, masked_name="金**")
        return self.do(lambda c: issue(c, self.hub.hall, request, bearer, at=at)).ticket

    def status(self, ticket: QueuedTicket) -> str:
        """What has become of it."""
        (row,) = self.rows(sa.select(tickets.c.status).where(tickets.c.ticket_id == ticket.ticket_id))
        return str(row.status)

    def called(self) -> list[str]:
        """The numbers that were ever called."""
        rows = self.rows(sa.select(tickets).where(tickets.c.visits > 0).order_by(tickets.c.number))
        return [f"{row.queue}{row.number:03d}" for row in rows]

    def noted(self, action: str) -> list[Any]:
        """The journal's lines of one action."""
        return self.rows(sa.select(journal).where(journal.c.action == action))

    def rows(self, query: sa.Executable) -> list[Any]:
        """Rows of a query."""
        with self.hub.database.reading.connect() as connection:
            return list(connection.execute(query))


class Clerk(Browser):
    """A browser without a script: it sends the forms of the page it sees."""

    def forms(self) -> dict[str, dict[str, str]]:
        """The forms of the page by what they do, with their hidden fields."""
        return {action: dict(FIELD.findall(inside)) for action, inside in FORM.findall(self.text)}

    def acts(self) -> set[str]:
        """What can be pressed on the caller's page now."""
        links = re.findall(r'id="act-([a-z-]+)"', self.text)
        return set(links)

    def press(self, action: str, **fields: str) -> httpx.Response:
        """Send the form of this page that does `action`; it must be there."""
        return self.post(action, **(self.forms()[action] | fields))

    def now(self, act: str) -> httpx.Response:
        """Open the caller's page and press one thing."""
        self.get("window")
        return self.press(f"window/{act}")
