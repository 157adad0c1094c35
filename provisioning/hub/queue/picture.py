"""The hall at one moment, as the forecast of waiting times needs it: a few small queries, no person in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import sqlalchemy as sa

from kiosk.court.queueing import TicketClass, TicketStatus
from provisioning.hub.queue.config import Duty
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.schema import tickets, visits, windows
from provisioning.hub.queue.tickets import Hall, is_one_of

RECENT = timedelta(hours=1)
SHORTEST_LOOK = timedelta(minutes=5)
CALLS_REMEMBERED = 40


@dataclass(frozen=True, slots=True)
class Busy:
    """A window's ticket: its service, and for how long the window has been its own."""

    service: str
    seconds: float


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A window to which people are called now."""

    code: str
    duties: tuple[Duty, ...]
    busy: Busy | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One waiting ticket; `rank` in microseconds."""

    queue: str
    service: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """`waiting` in order of rank; `arrivals` per second by queue and class over the last hour; `call_gaps` seconds
    between successive calls from each queue today, oldest first."""

    at: datetime
    windows: tuple[OpenWindow, ...]
    waiting: tuple[Waiting, ...]
    arrivals: Mapping[tuple[str, TicketClass], float]
    call_gaps: Mapping[str, tuple[float, ...]]


_WINDOWS = sa.select(windows.c.window).where(
    windows.c.court == sa.bindparam("of"),
    windows.c.business_day == sa.bindparam("day"),
    windows.c.staff.is_not(None),
    sa.not_(windows.c.paused),
)
_BUSY = (
    sa.select(tickets.c.window, tickets.c.service, visits.c.occupied_from)
    .join(visits, sa.and_(visits.c.ticket_id == tickets.c.ticket_id, visits.c.visit == tickets.c.visits))
    .where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.business_day == sa.bindparam("day"),
        is_one_of(TicketStatus.CALLED, TicketStatus.SERVING),
    )
)
_WAITING = (
    sa.select(tickets.c.queue_now, tickets.c.service, tickets.c.rank)
    .where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.business_day == sa.bindparam("day"),
        is_one_of(TicketStatus.WAITING),
    )
    .order_by(tickets.c.rank, tickets.c.ticket_id)
    .limit(sa.bindparam("most"))
)
_ARRIVALS = (
    sa.select(tickets.c.queue, tickets.c.ticket_class, sa.func.count(), sa.func.min(tickets.c.issued))
    .where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.business_day == sa.bindparam("day"),
        tickets.c.issued >= sa.bindparam("since", type_=tickets.c.issued.type),
    )
    .group_by(tickets.c.queue, tickets.c.ticket_class)
)
_CALLS = (
    sa.select(visits.c.queue, visits.c.called)
    .where(
        visits.c.court == sa.bindparam("of"),
        visits.c.called >= sa.bindparam("since", type_=visits.c.called.type),
    )
    .order_by(visits.c.called)
)


def take_picture(connection: sa.Connection, hall: Hall, *, at: datetime, most: int) -> Picture:
    """The hall at `at`, with at most `most` waiting tickets."""
    today = {"of": hall.court, "day": business_day(at)}
    busy = {
        row.window: Busy(row.service, max(0.0, (at - row.occupied_from).total_seconds()))
        for row in connection.execute(_BUSY, today)
    }
    configured = hall.configuration.by_window
    opened = tuple(
        OpenWindow(code, configured[code].duties, busy.get(code))
        for code in connection.scalars(_WINDOWS, today)
        if code in configured
    )
    waiting = tuple(Waiting(*row) for row in connection.execute(_WAITING, today | {"most": most}))
    since = at - RECENT
    arrivals: dict[tuple[str, TicketClass], float] = {}
    rows = connection.execute(_ARRIVALS, today | {"since": since}).all()
    # Early in the day the hall has been open for less than an hour.
    first = min((row[3] for row in rows), default=at)
    looked = max(at - first, SHORTEST_LOOK).total_seconds()
    for queue, ticket_class, count, _ in rows:
        arrivals[queue, TicketClass(ticket_class)] = count / looked
    return Picture(at, opened, waiting, arrivals, _call_gaps(connection, hall, at))


def _call_gaps(connection: sa.Connection, hall: Hall, at: datetime) -> Mapping[str, tuple[float, ...]]:
    calls: dict[str, list[datetime]] = {}
    for queue, called in connection.execute(_CALLS, {"of": hall.court, "since": at - RECENT}):
        calls.setdefault(queue, []).append(called)
    gaps: dict[str, tuple[float, ...]] = {}
    for queue, moments in calls.items():
        last = moments[-CALLS_REMEMBERED:]
        gaps[queue] = tuple((later - earlier).total_seconds() for earlier, later in pairwise(last))
    return gaps
