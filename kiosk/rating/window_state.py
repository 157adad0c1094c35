"""What the pad knows of its window: who sits there and what they are doing, worked out from the hub's events.

What was not told is UNKNOWN, and so is what was told on an earlier day: nobody sits at a window over night.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec


class Activity(StrEnum):
    """What a window is doing."""

    UNKNOWN = "unknown"
    CLOSED = "closed"  # nobody has signed in
    PAUSED = "paused"
    FREE = "free"
    CALLING = "calling"
    SERVING = "serving"


class WindowState(msgspec.Struct, frozen=True):
    """One window. `staff` is the account name of whoever sits there; `number` the ticket that is called or served."""

    activity: Activity = Activity.UNKNOWN
    staff: str = ""
    number: str = ""
    day: date | None = None

    def on(self, today: date) -> WindowState:
        """What of it still holds `today`."""
        return self if self.day == today else WindowState()


class Told(msgspec.Struct, frozen=True):
    """What an event of topic `window:<code>` tells, as far as it matters here."""

    window: str | None = None
    open: bool | None = None
    paused: bool = False
    staff: str | None = None
    ticket_id: str = ""
    number: str = ""
    status: str = ""


def after(state: WindowState, kind: str, told: Told, today: date) -> WindowState:
    """The window after an event of `kind`."""
    state = state.on(today)
    match kind, told.status:
        case "window_changed", _:
            if told.staff is None:
                return WindowState(Activity.CLOSED, day=today)
            busy = state.activity if state.activity in {Activity.CALLING, Activity.SERVING} else Activity.FREE
            activity = Activity.PAUSED if told.paused else busy
            number = state.number if activity in {Activity.CALLING, Activity.SERVING} else ""
            return WindowState(activity, told.staff, number, today)
        case "ticket_called" | "ticket_recalled", _:
            return WindowState(Activity.CALLING, state.staff, told.number, today)
        case "ticket_status", "serving":
            return WindowState(Activity.SERVING, state.staff, told.number, today)
        case "ticket_status", "called":
            return WindowState(Activity.CALLING, state.staff, told.number, today)
        case "ticket_status", _ if told.number == state.number:
            return WindowState(Activity.FREE, state.staff, "", today)
        case _:
            return state
