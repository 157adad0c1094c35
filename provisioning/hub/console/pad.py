"""The touchpad of a window as the person who serves there may know it: whether it listens, and whether the matter last
put to it still waits for an answer. What the answer was, or whether there was one, is not the rated person's (N10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.rating import Invitation
from provisioning.hub.push.pads import LISTENING, last_listened
from provisioning.hub.queue.problems import QueueRefusedError
from provisioning.hub.queue.tickets import Hall, find_ticket
from provisioning.hub.ratings.answers import state_of
from provisioning.hub.ratings.invitations import latest_at


class PadState(StrEnum):
    """Whether the pad is there."""

    LISTENING = "listening"
    GONE = "gone"
    NEVER = "never"  # no pad has ever listened for this window


@dataclass(frozen=True, slots=True)
class Pad:
    """`seen` is when a pad last listened; `asked` the number last put to it today, `open` while no answer came."""

    state: PadState
    seen: datetime | None
    asked: str | None
    open: bool


def pad_at(connection: sa.Connection, hall: Hall, window: str, *, at: datetime) -> Pad:
    """The pad of `window` at `at`."""
    seen = last_listened(connection, window)
    state = PadState.NEVER if seen is None else PadState.LISTENING if at - seen <= LISTENING else PadState.GONE
    midnight = at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    invitation = latest_at(connection, window, since=midnight)
    asked = _number(connection, hall, invitation) if invitation else None
    waiting = invitation is not None and state_of(connection, invitation) is None
    return Pad(state, seen, asked, asked is not None and waiting)


def _number(connection: sa.Connection, hall: Hall, invitation: Invitation) -> str | None:
    kind, _, rest = invitation.matter.partition(":")
    if kind != "ticket":
        return None
    try:
        return find_ticket(connection, hall, rest.partition(":")[0]).label
    except QueueRefusedError:
        return None
