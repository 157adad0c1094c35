"""What each press at a window does, in the words of the queue (provisioning/hub/queue/calling.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import sqlalchemy as sa

from kiosk.court.queueing import TicketStatus
from provisioning.hub.console.calling_press import Deed, Done, Outcome
from provisioning.hub.console.calling_view import Act
from provisioning.hub.hub import Hub
from provisioning.hub.queue import calling, windows
from provisioning.hub.queue.asking import ask_now
from provisioning.hub.queue.tickets import QueuedTicket

Step = Callable[..., QueuedTicket]


def deeds_without_words(hub: Hub) -> Mapping[Act, Deed]:
    """Everything for which a press is enough."""
    hall, office = hub.hall, hub.ratings

    def of(step: Step, done: Done) -> Deed:
        def deed(connection: sa.Connection, desk: windows.Desk, at: datetime) -> Outcome:
            return Outcome(done, step(connection, hall, desk, at=at).label)

        return deed

    def call(connection: sa.Connection, desk: windows.Desk, at: datetime) -> Outcome:
        ticket = calling.call_next(connection, hall, desk, at=at)
        return Outcome(Done.CALLED, ticket.label) if ticket else Outcome(Done.NOBODY)

    def finish(connection: sa.Connection, desk: windows.Desk, at: datetime) -> Outcome:
        finished = calling.finish(connection, hall, desk, at=at, office=office)
        return Outcome(Done.GOES_ON if finished.goes_on else Done.FINISHED, finished.ticket.label)

    def no_show(connection: sa.Connection, desk: windows.Desk, at: datetime) -> Outcome:
        ticket = calling.no_show(connection, hall, desk, at=at)
        return Outcome(Done.KEPT if ticket.status is TicketStatus.WAITING else Done.NO_SHOW, ticket.label)

    def rate(connection: sa.Connection, desk: windows.Desk, at: datetime) -> Outcome:
        ask_now(connection, hall, desk, at=at, office=office)
        return Outcome(Done.ASKED)

    def pause(paused: bool) -> Deed:
        def deed(connection: sa.Connection, desk: windows.Desk, at: datetime) -> Outcome:
            windows.set_paused(connection, hall, desk, paused=paused, at=at)
            return Outcome(Done.PAUSED if paused else Done.REOPENED)

        return deed

    def sign_off(connection: sa.Connection, desk: windows.Desk, at: datetime) -> Outcome:
        windows.sign_out(connection, hall, desk, at=at)
        return Outcome(Done.SIGNED_OFF)

    return {
        Act.CALL: call,
        Act.RECALL: of(calling.recall, Done.RECALLED),
        Act.SERVE: of(calling.serve, Done.SERVING),
        Act.FINISH: finish,
        Act.NO_SHOW: no_show,
        Act.UNDO: of(calling.undo_call, Done.UNDONE),
        Act.RATE: rate,
        Act.PAUSE: pause(True),
        Act.REOPEN: pause(False),
        Act.SIGN_OFF: sign_off,
    }
