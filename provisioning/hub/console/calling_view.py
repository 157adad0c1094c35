"""What the calling pages show: a ticket as the person at the window sees it, and what may be pressed now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

import sqlalchemy as sa

from kiosk.court.queueing import Names, TicketStatus
from provisioning.hub.console.pad import Pad, pad_at
from provisioning.hub.console.presses import new_key
from provisioning.hub.console.words import ConsoleLanguage
from provisioning.hub.push.relay import newest_cursor
from provisioning.hub.queue.outlook import Length, held_today, lengths, missed_today, next_at
from provisioning.hub.queue.tickets import Hall, QueuedTicket
from provisioning.hub.queue.windows import WindowState, window_state

NEXT_SHOWN = 5
MISSED_SHOWN = 6
HELD_SHOWN = 8


class Act(StrEnum):
    """One press on the caller's page."""

    CALL = "call"
    RECALL = "recall"
    SERVE = "serve"
    FINISH = "finish"
    HOLD = "hold"
    NO_SHOW = "no-show"
    TRANSFER = "transfer"
    UNDO = "undo"
    RATE = "rate"
    PAUSE = "pause"
    REOPEN = "reopen"
    SIGN_OFF = "sign-off"
    RESUME = "resume"
    PUT_BACK = "put-back"
    SKIP = "skip"


KEYS = {
    Act.CALL: "N",
    Act.RECALL: "R",
    Act.SERVE: "S",
    Act.FINISH: "F",
    Act.HOLD: "H",
    Act.NO_SHOW: "X",
    Act.TRANSFER: "T",
    Act.UNDO: "U",
    Act.RATE: "E",
    Act.PAUSE: "P",
    Act.REOPEN: "P",
}
"""The key of each press; the space bar calls as well."""

FORMS = frozenset({Act.HOLD, Act.TRANSFER, Act.SKIP})
"""What needs something written first and so has a page of its own."""


@dataclass(frozen=True, slots=True)
class Face:
    """A ticket with the minutes that matter: how long the person has waited, and how long they have been here."""

    ticket: QueuedTicket
    waited: int
    here: int | None

    @classmethod
    def of(cls, ticket: QueuedTicket, now: datetime) -> Face:
        """`ticket` as it stands at `now`."""
        here = minutes(now, ticket.called) if ticket.called is not None else None
        return cls(ticket, minutes(ticket.called or now, ticket.issued), here)


@dataclass(frozen=True, slots=True)
class Line:
    """One queue of the window."""

    queue: str
    names: Names
    length: Length
    oldest: int | None
    own: bool


@dataclass(frozen=True, slots=True)
class Button:
    """One press that is possible now. `key` is its form's."""

    act: Act
    main: bool
    key: str


@dataclass(frozen=True, slots=True)
class CallerView:
    """Everything on the caller's page, as of `cursor`."""

    cursor: int
    state: WindowState
    names: Names
    present: Face | None
    buttons: tuple[Button, ...]
    coming: tuple[Face, ...]
    lines: tuple[Line, ...]
    held: tuple[Face, ...]
    missed: tuple[Face, ...]
    pad: Pad

    @property
    def free(self) -> bool:
        """Whether somebody may be called to the window now."""
        return self.present is None and not self.state.paused


def look(connection: sa.Connection, hall: Hall, window: str, *, at: datetime) -> CallerView:
    """The caller's page of `window` at `at`. Raises QueueRefusedError UNKNOWN_WINDOW."""
    cursor = newest_cursor(connection)  # first: what is read after it holds at least what it stands for
    state = window_state(connection, hall, window, at=at)
    configured = hall.configuration.by_window[window]
    own = [duty.queue for duty in configured.duties]
    waiting = lengths(connection, hall, at=at)
    others = [code for code in waiting if code not in own]

    def line(code: str) -> Line:
        oldest = waiting[code].oldest
        names = hall.configuration.by_queue[code].names
        return Line(code, names, waiting[code], None if oldest is None else minutes(at, oldest), code in own)

    held = sorted(held_today(connection, hall, at=at), key=lambda ticket: ticket.window != window)
    return CallerView(
        cursor=cursor,
        state=state,
        names=configured.names,
        present=Face.of(state.current, at) if state.current else None,
        buttons=tuple(possible(state)),
        coming=tuple(Face.of(one, at) for one in next_at(connection, hall, window, at=at, most=NEXT_SHOWN)),
        lines=tuple(line(code) for code in (*own, *others)),
        held=tuple(Face.of(one, at) for one in held[:HELD_SHOWN]),
        missed=tuple(Face.of(one, at) for one in missed_today(connection, hall, window, at=at, most=MISSED_SHOWN)),
        pad=pad_at(connection, hall, window, at=at),
    )


def possible(state: WindowState) -> list[Button]:
    """What may be pressed at a window, the ordinary next step first."""
    if state.current is None:
        acts = [Act.REOPEN, Act.SIGN_OFF] if state.paused else [Act.CALL, Act.PAUSE, Act.SIGN_OFF]
    else:
        acts = _with_ticket(state.current.status)
    return [Button(act, number == 0, new_key()) for number, act in enumerate(acts)]


def _with_ticket(status: TicketStatus) -> list[Act]:
    match status:
        case TicketStatus.CALLED:
            return [Act.SERVE, Act.RECALL, Act.NO_SHOW, Act.FINISH, Act.HOLD, Act.TRANSFER, Act.UNDO]
        case TicketStatus.SERVING:
            return [Act.FINISH, Act.HOLD, Act.TRANSFER, Act.RATE]
        case (
            TicketStatus.WAITING
            | TicketStatus.HELD
            | TicketStatus.FINISHED
            | TicketStatus.NO_SHOW
            | TicketStatus.CANCELLED
        ):
            return []  # such a ticket is at no window
        case _:
            assert_never(status)


def minutes(later: datetime, earlier: datetime) -> int:
    """Whole minutes between two moments, never below zero."""
    return max(0, int((later - earlier).total_seconds() // 60))


def in_language(language: ConsoleLanguage) -> Callable[[Names], str]:
    """How a template says configured names."""
    return lambda names: names.zh if language is ConsoleLanguage.ZH else names.en
