"""Who sits at which window: one person per window and one window per person, for one business day.

A window is free again when its person signs out or an administrator releases it; what an earlier day left is void.
What a person at a window does next is serialised by a lock on the window's row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from kiosk.court.queueing import TicketStatus
from provisioning.hub import journal
from provisioning.hub.queue.days import close_earlier_days
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from provisioning.hub.queue.schema import tickets, windows
from provisioning.hub.queue.telling import tell_window
from provisioning.hub.queue.tickets import COLUMNS, Hall, QueuedTicket, as_ticket, is_one_of
from provisioning.hub.statements import Prepared


class Seat(NamedTuple):
    """A row of queue_windows."""

    court: str
    window: str
    business_day: date
    staff: str | None
    signed_in: datetime | None
    paused: bool
    free_since: datetime | None


@dataclass(frozen=True, slots=True)
class Desk:
    """A person of the staff at a window."""

    window: str
    staff: str
    seat: Seat | None = None  # where it was locked in this transaction


@dataclass(frozen=True, slots=True)
class WindowState:
    """One configured window today. `staff` None: nobody sits there."""

    window: str
    staff: str | None
    signed_in: datetime | None
    paused: bool
    free_since: datetime | None
    current: QueuedTicket | None

    @property
    def open(self) -> bool:
        """Whether people are called to it."""
        return self.staff is not None and not self.paused


_AT_WINDOW = is_one_of(TicketStatus.CALLED, TicketStatus.SERVING)
_ALL = sa.select(*(windows.c[name] for name in Seat._fields)).where(windows.c.court == sa.bindparam("of"))
_ROW = _ALL.where(windows.c.window == sa.bindparam("code"))
_SEAT = Prepared(_ROW.with_for_update())
_CURRENT = Prepared(
    sa.select(*COLUMNS).where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.business_day == sa.bindparam("day"),
        tickets.c.window == sa.bindparam("code"),
        _AT_WINDOW,
    )
)
_SEAT_OF = _ALL.where(windows.c.business_day == sa.bindparam("day"), windows.c.staff == sa.bindparam("name"))
_OF_STAFF = Prepared(_SEAT_OF)
_LOCKED_OF_STAFF = Prepared(_SEAT_OF.with_for_update())
_FREE = Prepared(
    sa.update(windows)
    .where(windows.c.court == sa.bindparam("of"), windows.c.window == sa.bindparam("code"))
    .values(free_since=sa.bindparam("at", type_=windows.c.free_since.type))
)


def sign_in(connection: sa.Connection, hall: Hall, desk: Desk, *, at: datetime) -> WindowState:
    """`desk.staff` takes the window; again is without effect. Raises QueueRefusedError WINDOW_TAKEN where a colleague
    sits there, STAFF_ELSEWHERE where the person sits at another window, UNKNOWN_WINDOW."""
    _require_window(hall, desk.window)
    day = business_day(at)
    row = _locked_seat(connection, hall, desk.window)
    holder = _holder(row, day)
    if holder == desk.staff:
        return window_state(connection, hall, desk.window, at=at)
    if holder is not None:
        raise QueueRefusedError(QueueProblem.WINDOW_TAKEN, f"window {desk.window} is taken by a colleague")
    if (other := window_of(connection, hall, desk.staff, at=at)) is not None:
        raise QueueRefusedError(QueueProblem.STAFF_ELSEWHERE, f"you are signed in at window {other}")
    values = {"business_day": day, "staff": desk.staff, "signed_in": at, "paused": False, "free_since": None}
    if row is None:
        connection.execute(sa.insert(windows).values(court=hall.court, window=desk.window, **values))
    else:
        _update(connection, hall, desk.window, values)
    close_earlier_days(connection, hall, day, at=at)
    _note(connection, "window_signed_in", desk.window, desk.staff, at)
    tell_window(connection, desk.window, staff=desk.staff, paused=False, at=at)
    return window_state(connection, hall, desk.window, at=at)


def sign_out(connection: sa.Connection, hall: Hall, desk: Desk, *, at: datetime) -> None:
    """The person leaves the window. Raises QueueRefusedError WINDOW_OCCUPIED while a ticket is there, NOT_SIGNED_IN."""
    at_desk(connection, hall, desk, at=at)
    if current_ticket(connection, hall, desk.window, at=at) is not None:
        raise QueueRefusedError(QueueProblem.WINDOW_OCCUPIED, "finish with the person at the window first")
    _leave(connection, hall, desk.window, action="window_signed_out", by=desk.staff, at=at)


def release(connection: sa.Connection, hall: Hall, window: str, *, by: str, at: datetime) -> None:
    """An administrator takes the window from whoever holds it. A ticket that is there stays; whoever signs in next has
    it. Raises QueueRefusedError UNKNOWN_WINDOW, NOT_SIGNED_IN where nobody sits there."""
    _require_window(hall, window)
    row = _locked_seat(connection, hall, window)
    if _holder(row, business_day(at)) is None:
        raise QueueRefusedError(QueueProblem.NOT_SIGNED_IN, f"nobody sits at window {window}")
    _leave(connection, hall, window, action="window_released", by=by, at=at)


def set_paused(connection: sa.Connection, hall: Hall, desk: Desk, *, paused: bool, at: datetime) -> None:
    """Nobody is called to a paused window, and waiting times do not count on it. Raises QueueRefusedError
    NOT_SIGNED_IN."""
    at_desk(connection, hall, desk, at=at)
    _update(connection, hall, desk.window, {"paused": paused, "free_since": None})
    _note(connection, "window_paused" if paused else "window_resumed", desk.window, desk.staff, at)
    tell_window(connection, desk.window, staff=desk.staff, paused=paused, at=at)


def at_desk(connection: sa.Connection, hall: Hall, desk: Desk, *, at: datetime) -> Seat:
    """The window's row, locked until the commit. Raises QueueRefusedError NOT_SIGNED_IN unless `desk` is signed in."""
    row = desk.seat or _locked_seat(connection, hall, desk.window)
    if row is None or _holder(row, business_day(at)) != desk.staff:
        raise QueueRefusedError(QueueProblem.NOT_SIGNED_IN, f"you are not signed in at window {desk.window}")
    return row


def mark_free(connection: sa.Connection, hall: Hall, window: str, *, at: datetime) -> None:
    """The window is done with its ticket; from now on time is the next one's."""
    _FREE.run(connection, {"of": hall.court, "code": window, "at": at})


def current_ticket(connection: sa.Connection, hall: Hall, window: str, *, at: datetime) -> QueuedTicket | None:
    """The ticket that is called to, or served at, `window`."""
    row = _CURRENT.first(connection, {"of": hall.court, "day": business_day(at), "code": window})
    return as_ticket(row) if row else None


def window_of(connection: sa.Connection, hall: Hall, staff: str, *, at: datetime) -> str | None:
    """Where this person is signed in today."""
    row = _OF_STAFF.first(connection, {"of": hall.court, "day": business_day(at), "name": staff})
    return Seat(*row).window if row else None


def desk_of(connection: sa.Connection, hall: Hall, staff: str, *, at: datetime) -> Desk | None:
    """The same as a desk, whose window is locked until the commit."""
    row = _LOCKED_OF_STAFF.first(connection, {"of": hall.court, "day": business_day(at), "name": staff})
    return Desk((seat := Seat(*row)).window, staff, seat) if row else None


def window_state(connection: sa.Connection, hall: Hall, window: str, *, at: datetime) -> WindowState:
    """One window. Raises QueueRefusedError UNKNOWN_WINDOW."""
    _require_window(hall, window)
    row = connection.execute(_ROW, {"of": hall.court, "code": window}).first()
    seat = None if row is None else Seat(*row)
    return _state(window, seat, business_day(at), current_ticket(connection, hall, window, at=at))


def window_states(connection: sa.Connection, hall: Hall, *, at: datetime) -> tuple[WindowState, ...]:
    """Every configured window, in the order of the configuration."""
    day = business_day(at)
    seats = (Seat(*row) for row in connection.execute(_ALL, {"of": hall.court}))
    rows = {seat.window: seat for seat in seats}
    query = sa.select(*COLUMNS).where(tickets.c.court == hall.court, tickets.c.business_day == day, _AT_WINDOW)
    current = {ticket.window: ticket for ticket in map(as_ticket, connection.execute(query))}
    return tuple(
        _state(window.code, rows.get(window.code), day, current.get(window.code))
        for window in hall.configuration.windows
    )


def _locked_seat(connection: sa.Connection, hall: Hall, window: str) -> Seat | None:
    row = _SEAT.first(connection, {"of": hall.court, "code": window})
    return None if row is None else Seat(*row)


def _state(window: str, row: Seat | None, day: date, current: QueuedTicket | None) -> WindowState:
    holder = _holder(row, day)
    if row is None or holder is None:
        return WindowState(window, None, None, paused=False, free_since=None, current=current)
    return WindowState(window, holder, row.signed_in, row.paused, row.free_since, current)


def _holder(row: Seat | None, day: date) -> str | None:
    return None if row is None or row.business_day != day else row.staff


def _require_window(hall: Hall, window: str) -> None:
    if window not in hall.configuration.by_window:
        raise QueueRefusedError(QueueProblem.UNKNOWN_WINDOW, f"there is no window {window}")


def _leave(connection: sa.Connection, hall: Hall, window: str, *, action: str, by: str, at: datetime) -> None:
    _update(connection, hall, window, {"staff": None, "signed_in": None, "paused": False, "free_since": None})
    _note(connection, action, window, by, at)
    tell_window(connection, window, staff=None, paused=False, at=at)


def _update(connection: sa.Connection, hall: Hall, window: str, values: dict[str, object]) -> None:
    connection.execute(
        sa.update(windows).where(windows.c.court == hall.court, windows.c.window == window).values(**values)
    )


def _note(connection: sa.Connection, action: str, window: str, by: str, at: datetime) -> None:
    journal.append(connection, chain=journal.STAFF_CHAIN, at=at, actor=by, action=action, subject=f"window:{window}")
