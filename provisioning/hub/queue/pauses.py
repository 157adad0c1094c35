"""Pausing a queue (暂停取号): no new numbers until it is opened again, with the reason in three languages for people at
the terminals. Who already waits is called as before. A pause ends with the business day, so that nobody forgets it.

**N8.** A pause is for what happens in the hall (a drill, a power cut), never a ration of filing numbers (限号立案); who
paused a queue, when and why stands in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kiosk.court.queueing import Names
from provisioning.hub import journal
from provisioning.hub.push.events import QUEUE, EventKind, record
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from provisioning.hub.queue.schema import pauses
from provisioning.hub.queue.tickets import Hall


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a queue gives no numbers now, by whom and since when."""

    message: Names
    by: str
    since: datetime


_TODAY = sa.select(pauses).where(
    pauses.c.court == sa.bindparam("of"), pauses.c.business_day == sa.bindparam("day", type_=pauses.c.business_day.type)
)


def paused_queues(connection: sa.Connection, hall: Hall, *, at: datetime) -> Mapping[str, Pause]:
    """The pauses of today, by queue."""
    rows = connection.execute(_TODAY, {"of": hall.court, "day": business_day(at)})
    return {row.queue: _as_pause(row) for row in rows}


def pause_queue(connection: sa.Connection, hall: Hall, queue: str, message: Names, *, by: str, at: datetime) -> None:
    """Give no more numbers of `queue` today, or change the message. Raises QueueRefusedError UNKNOWN_QUEUE."""
    _require_queue(hall, queue)
    _remove(connection, hall, queue)
    connection.execute(
        sa.insert(pauses).values(
            court=hall.court,
            queue=queue,
            business_day=business_day(at),
            zh=message.zh,
            ko=message.ko,
            en=message.en,
            paused_by=by,
            since=at,
        )
    )
    _tell(connection, "queue_paused", queue, by=by, at=at, message=message.zh)


def open_queue(connection: sa.Connection, hall: Hall, queue: str, *, by: str, at: datetime) -> None:
    """Give numbers again; without effect on a queue that is open. Raises QueueRefusedError UNKNOWN_QUEUE."""
    _require_queue(hall, queue)
    if _remove(connection, hall, queue):
        _tell(connection, "queue_opened", queue, by=by, at=at)


def _remove(connection: sa.Connection, hall: Hall, queue: str) -> bool:
    done = connection.execute(sa.delete(pauses).where(pauses.c.court == hall.court, pauses.c.queue == queue))
    return done.rowcount > 0


def _require_queue(hall: Hall, queue: str) -> None:
    if queue not in hall.configuration.by_queue:
        raise QueueRefusedError(QueueProblem.UNKNOWN_QUEUE, f"there is no queue {queue}")


def _tell(connection: sa.Connection, action: str, queue: str, *, by: str, at: datetime, **detail: object) -> None:
    journal.append(
        connection,
        chain=journal.STAFF_CHAIN,
        at=at,
        actor=by,
        action=action,
        subject=f"queue:{queue}",
        detail=detail,
    )
    record(connection, kind=EventKind.QUEUE_CHANGED, audience=QUEUE, data={"queue": queue}, at=at)


def _as_pause(row: sa.Row[Any]) -> Pause:
    return Pause(Names(zh=row.zh, ko=row.ko, en=row.en), row.paused_by, row.since)
