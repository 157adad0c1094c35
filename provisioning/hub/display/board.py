"""The state of the waiting area's page, from which it begins and to which it comes back after a loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from provisioning.hub.display.announcements import Announcement, last_per_window, latest
from provisioning.hub.push.relay import newest_cursor
from provisioning.hub.queue.tickets import Hall
from provisioning.hub.queue.windows import WindowState, window_states

RECENT = timedelta(minutes=10)
MOST_RECENT = 40


class HallState(StrEnum):
    """Whether people are called at all."""

    OPEN = "open"
    PAUSED = "paused"  # in office hours, and no window calls
    CLOSED = "closed"  # outside office hours


def display_state(connection: sa.Connection, hall: Hall, *, at: datetime) -> Mapping[str, object]:
    """What /display shows: `cursor` to listen from, `state`, `windows` in their order with the number last called to
    each today, and `announcements` of the last minutes, oldest first."""
    cursor = newest_cursor(connection)  # first: what is read after it holds at least what it stands for
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    last = {call.window: call for call in last_per_window(connection, since=midnight)}
    states = window_states(connection, hall, at=at)
    names = hall.configuration.by_window
    return {
        "cursor": str(cursor),
        "now": at.isoformat(),
        "state": _hall_state(hall, states, at).value,
        "windows": [
            {
                "window": state.window,
                "names": names[state.window].names.model_dump(mode="json"),
                "open": state.open,
                "last": _shown(last[state.window]) if state.window in last else None,
            }
            for state in states
        ],
        "announcements": [
            _shown(announcement) for announcement in latest(connection, since=at - RECENT, limit=MOST_RECENT)
        ],
    }


def _hall_state(hall: Hall, states: tuple[WindowState, ...], at: datetime) -> HallState:
    if any(state.open for state in states):
        return HallState.OPEN
    services = hall.configuration.services
    if services and not any(hall.configuration.open_at(service, at) for service in services):
        return HallState.CLOSED
    return HallState.PAUSED


def _shown(announcement: Announcement) -> Mapping[str, object]:
    return asdict(announcement) | {"at": announcement.at.isoformat()}
