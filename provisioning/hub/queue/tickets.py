"""A ticket as the hub holds it, and how tickets are read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from kiosk.court.queueing import ACTIVE, TicketClass, TicketStatus, ticket_label
from provisioning.hub.personal import PersonalIndex
from provisioning.hub.queue.config import QueueConfiguration
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from provisioning.hub.queue.schema import tickets
from provisioning.hub.statements import Prepared

AT_WINDOW = frozenset({TicketStatus.CALLED, TicketStatus.SERVING})


def is_one_of(*statuses: TicketStatus) -> sa.ColumnElement[bool]:
    """The condition on a ticket's status, in the words of the partial indexes, so that the engines use them."""
    values = sorted(status.value for status in statuses)
    if len(values) == 1:
        return tickets.c.status == sa.literal_column(f"'{values[0]}'")
    return tickets.c.status.in_([sa.literal_column(f"'{value}'") for value in values])


@dataclass(frozen=True, slots=True)
class Hall:
    """The hall whose queue it is: the court's code and what is configured there (诉讼服务大厅)."""

    court: str
    configuration: QueueConfiguration


@dataclass(frozen=True, slots=True)
class QueuedTicket:
    """One ticket. `queue` and `number` are what the slip says; it waits in `queue_now`."""

    ticket_id: str
    business_day: date
    queue: str
    number: int
    queue_now: str
    service: str
    further_services: tuple[str, ...]
    matter: int
    ticket_class: TicketClass
    status: TicketStatus
    rank: int
    language: str
    terminal: str
    masked_name: str | None
    filing_while_waiting: bool
    issued: datetime
    joined: datetime
    counts_from: datetime
    called: datetime | None
    ended: datetime | None
    times_called: int
    times_missed: int
    visits: int
    window: str | None
    wanted_window: str | None
    staff: str | None
    note: str

    @property
    def label(self) -> str:
        """What is shown and spoken: A012."""
        return ticket_label(self.queue, self.number)

    @property
    def matter_id(self) -> str:
        """What is rated (一事一评): the ticket, and from the second service of a visit on also which."""
        return matter_id(self.ticket_id, self.matter)


def matter_id(ticket_id: str, matter: int) -> str:
    """The name under which the `matter`-th service of a ticket's visit is rated."""
    return f"ticket:{ticket_id}" + (f":{matter}" if matter > 1 else "")


COLUMNS = tuple(
    tickets.c[name]
    for name in QueuedTicket.__slots__  # the table has a column of the same name for each
)


_SERVICES, _CLASS, _STATUS = map(QueuedTicket.__slots__.index, ("further_services", "ticket_class", "status"))


def as_ticket(row: Sequence[Any]) -> QueuedTicket:
    """A row of COLUMNS."""
    values = list(row)
    values[_SERVICES] = tuple(json.loads(values[_SERVICES]))
    values[_CLASS] = TicketClass(values[_CLASS])
    values[_STATUS] = TicketStatus(values[_STATUS])
    return QueuedTicket(*values)


_BY_ID = sa.select(*COLUMNS).where(tickets.c.ticket_id == sa.bindparam("id"), tickets.c.court == sa.bindparam("of"))
_LOCKED = Prepared(_BY_ID.with_for_update())
_FOUND = Prepared(_BY_ID)
_BY_REQUEST = sa.select(*COLUMNS).where(
    tickets.c.request_id == sa.bindparam("id"), tickets.c.court == sa.bindparam("of")
)
_OF_PERSON = sa.select(*COLUMNS).where(
    tickets.c.court == sa.bindparam("of"),
    tickets.c.business_day == sa.bindparam("day"),
    tickets.c.person == sa.bindparam("person"),
    is_one_of(*ACTIVE),
)
_AHEAD = (
    sa.select(sa.func.count())
    .select_from(tickets)
    .where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.business_day == sa.bindparam("day"),
        tickets.c.queue_now == sa.bindparam("queue"),
        is_one_of(TicketStatus.WAITING),
        sa.or_(
            tickets.c.rank < sa.bindparam("place"),
            sa.and_(tickets.c.rank == sa.bindparam("place"), tickets.c.ticket_id < sa.bindparam("id")),
        ),
    )
)


def find_ticket(connection: sa.Connection, hall: Hall, ticket_id: str) -> QueuedTicket:
    """The ticket `ticket_id`. Raises QueueRefusedError UNKNOWN_TICKET."""
    return _required(_FOUND.first(connection, {"id": ticket_id, "of": hall.court}))


def lock_ticket(connection: sa.Connection, hall: Hall, ticket_id: str) -> QueuedTicket:
    """The same, and nobody else changes it until the commit. Raises QueueRefusedError UNKNOWN_TICKET."""
    return _required(_LOCKED.first(connection, {"id": ticket_id, "of": hall.court}))


def ticket_of_request(connection: sa.Connection, hall: Hall, request_id: str) -> QueuedTicket | None:
    """What an earlier request with this id was given."""
    row = connection.execute(_BY_REQUEST, {"id": request_id, "of": hall.court}).first()
    return as_ticket(row) if row else None


def active_ticket_of(connection: sa.Connection, hall: Hall, person: str, day: date) -> QueuedTicket | None:
    """The active ticket of the person with this keyed hash on `day`."""
    row = connection.execute(_OF_PERSON, {"of": hall.court, "day": day, "person": person}).first()
    return as_ticket(row) if row else None


def ahead_of(connection: sa.Connection, hall: Hall, *, day: date, queue: str, rank: int, ticket_id: str) -> int:
    """How many of `queue` are called before a ticket of this rank, as things stand."""
    values = {"of": hall.court, "day": day, "queue": queue, "place": rank, "id": ticket_id}
    return connection.execute(_AHEAD, values).scalar_one()


def proof_of(connection: sa.Connection, hall: Hall, ticket_id: str, personal: PersonalIndex) -> str | None:
    """The licence number that a professional gave, to be checked at the window (S1-24). Raises SummaryDamagedError."""
    row = connection.execute(
        sa.select(tickets.c.proof, tickets.c.request_id).where(
            tickets.c.ticket_id == ticket_id, tickets.c.court == hall.court
        )
    ).first()
    return personal.open_text(row.proof, row.request_id) if row and row.proof else None


def _required(row: Sequence[Any] | None) -> QueuedTicket:
    if row is None:
        raise QueueRefusedError(QueueProblem.UNKNOWN_TICKET, "there is no such ticket")
    return as_ticket(row)
