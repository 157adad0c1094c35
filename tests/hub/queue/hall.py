"""A hall on a real database, with a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa

from kiosk.clock import CHINA, ManualClock
from kiosk.court.queueing import TicketClass, TicketRequest
from provisioning.hub.engine import Database
from provisioning.hub.queue import calling, windows
from provisioning.hub.queue.config import QueueConfiguration, parse_queues
from provisioning.hub.queue.issue import Bearer, Issued, issue
from provisioning.hub.queue.schema import tickets
from provisioning.hub.queue.tickets import Hall, QueuedTicket
from provisioning.hub.queue.windows import Desk
from provisioning.hub.writer import Writer

T = TypeVar("T")

START = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)
COURT = "吉2401"

SMALL = """
[policy]
credit_minutes = { special = 15, professional = 5 }
appointment_credit_minutes = 10
places_back = 3
filing_returns = 2

[[queues]]
code = "A"
names = { zh = "立案", ko = "립안", en = "Filing" }

[[queues]]
code = "B"
names = { zh = "诉讼服务", ko = "소송봉사", en = "Services" }

[[queues]]
code = "C"
names = { zh = "参观", ko = "참관", en = "Tour" }
daily_cap = 3

[[services]]
code = "filing"
names = { zh = "立案", ko = "립안", en = "File a case" }
queue = "A"
classes = ["ordinary", "special", "professional"]
filing = true

[[services]]
code = "enquiry"
names = { zh = "查询", ko = "조회", en = "Ask" }
queue = "B"
classes = ["ordinary", "special"]

[[services]]
code = "tour"
names = { zh = "参观", ko = "참관", en = "Tour" }
queue = "C"

[[windows]]
code = "1"
names = { zh = "1号", ko = "1호", en = "One" }
duties = [{ queue = "A" }]

[[windows]]
code = "2"
names = { zh = "2号", ko = "2호", en = "Two" }
duties = [{ queue = "A" }, { queue = "B" }]

[[windows]]
code = "3"
names = { zh = "3号", ko = "3호", en = "Three" }
duties = [{ queue = "B", credit_minutes = 10 }, { queue = "A" }, { queue = "C" }]
"""


def small_configuration() -> QueueConfiguration:
    """Three queues and three windows."""
    return parse_queues(SMALL, "test")


def request_for(service: str = "filing", **more: Any) -> TicketRequest:
    """A request of terminal DEV01."""
    return TicketRequest(**{"request_id": uuid4(), "terminal": "DEV01", "service": service, **more})


class TestHall:
    """Runs jobs on a writer, at the moment of its clock."""

    __test__ = False

    def __init__(self, database: Database, configuration: QueueConfiguration | None = None) -> None:
        self.database = database
        self.clock = ManualClock(START)
        self.hall = Hall(COURT, configuration or small_configuration())
        self.writer = Writer(database.writing)
        self.writer.start()

    def close(self) -> None:
        """End the writer."""
        self.writer.close()

    def submit(self, function: Callable[..., T], *arguments: Any, **named: Any) -> Future[T]:
        """Hand in `function(connection, hall, …, at=now)`."""
        now = self.clock.now()
        return self.writer.submit(lambda connection: function(connection, self.hall, *arguments, at=now, **named))

    def run(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """The same, and wait."""
        return self.submit(function, *arguments, **named).result(30)

    def issue(self, service: str = "filing", *, person: str | None = None, **more: Any) -> Issued:
        """One ticket; no two come in the same instant."""
        self.clock.advance(0.001)
        return self.run(issue, request_for(service, **more), Bearer(person=person))

    def special(self, service: str = "filing") -> Issued:
        """One ticket of the class that has 15 minutes of credit."""
        return self.issue(service, ticket_class=TicketClass.SPECIAL)

    def sign_in(self, window: str, staff: str | None = None) -> Desk:
        """Someone sits down."""
        desk = Desk(window, staff or f"clerk{window}")
        self.run(windows.sign_in, desk)
        return desk

    def next(self, desk: Desk) -> QueuedTicket | None:
        """Call next."""
        return self.run(calling.call_next, desk)

    def serve_next(self, desk: Desk) -> str | None:
        """Call next and finish at once; the number."""
        ticket = self.next(desk)
        if ticket is not None:
            self.run(calling.finish, desk)
        return ticket.label if ticket else None

    def read(self, query: sa.Executable) -> list[Any]:
        """Rows of a query."""
        with self.database.reading.connect() as connection:
            return list(connection.execute(query))

    def numbers(self, queue: str) -> list[int]:
        """Every number of `queue` that a ticket has, today."""
        rows = self.read(sa.select(tickets.c.number).where(tickets.c.queue == queue).order_by(tickets.c.number))
        return [row.number for row in rows]
