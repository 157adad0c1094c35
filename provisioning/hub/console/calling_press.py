"""One press at a window: whose window it is, whether the form was sent before, and whether the person at the window is
still the one that the page showed. Only then the deed, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from provisioning.hub.console.presses import PageChangedError, once
from provisioning.hub.console.visit import Visit
from provisioning.hub.hub import Hub
from provisioning.hub.queue import windows
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError


class Done(StrEnum):
    """What has come of a press."""

    ALREADY = "already"
    CALLED = "called"
    NOBODY = "nobody"
    RECALLED = "recalled"
    SERVING = "serving"
    FINISHED = "finished"
    GOES_ON = "goes_on"
    NO_SHOW = "no_show"
    KEPT = "kept"
    HELD = "held"
    TRANSFERRED = "transferred"
    UNDONE = "undone"
    ASKED = "asked"
    PAUSED = "paused"
    REOPENED = "reopened"
    PUT_BACK = "put_back"
    SIGNED_ON = "signed_on"
    SIGNED_OFF = "signed_off"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, and to which number."""

    done: Done
    number: str = ""


Deed = Callable[[sa.Connection, windows.Desk, datetime], Outcome]


async def press(hub: Hub, visit: Visit, deed: Deed) -> Outcome:
    """Do `deed` for the window of the person who pressed, once per form. The form may name the ticket it is about.

    Raises QueueRefusedError, and PageChangedError where another ticket is at the window.
    """
    expected, name = visit.form.get("ticket"), visit.person.name
    now, hall = hub.clock.now(), hub.hall

    def job(connection: sa.Connection) -> Outcome:
        desk = windows.desk_of(connection, hall, name, at=now)
        if desk is None:
            raise QueueRefusedError(QueueProblem.NOT_SIGNED_IN, "sign in at a window first")
        if expected is not None:
            current = windows.current_ticket(connection, hall, desk.window, at=now)
            if current is None or current.ticket_id != expected:
                raise PageChangedError
        return deed(connection, desk, now)

    return await once(hub, visit, job) or Outcome(Done.ALREADY)
