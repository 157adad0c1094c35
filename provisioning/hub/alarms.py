"""Things a person must look at. None of them ever stops a complaint from being received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from provisioning.hub.schema import alarms


class AlarmKind(StrEnum):
    """What happened."""

    OTHER_CONTENT = "other_content"  # the id of a stored submission came again with another content
    RECEIPT_NO_TWICE = "receipt_no_twice"  # two submissions carry one receipt number
    SEQUENCE_REPEATED = "sequence_repeated"  # a terminal's numbering went back: its disk was restored or copied
    UNREADABLE = "unreadable"  # a received envelope cannot be opened or understood
    TERMINAL_AHEAD = "terminal_ahead"  # a terminal counts submissions this hub never saw and no longer offers
    CLOCK_WRONG = "clock_wrong"  # a filing came at a time that cannot be; its days count from a later one
    OFFLINE_TICKET_REFUSED = "offline_ticket_refused"  # a number was given out that its terminal had no right to
    NUMBERS_LEFT_OUT = "numbers_left_out"  # after a restore: people may hold numbers the hub does not know
    RATING_FORGED = "rating_forged"  # somebody sends rating invitations that this court did not make
    RATINGS_LATE = "ratings_late"  # a terminal holds ratings for longer than this court allows
    REPORTS_LATE = "reports_late"  # 办不成事: a terminal holds reports for longer than this court allows
    UNRESOLVED_OVERDUE = "unresolved_overdue"  # 办不成事: not answered in time, or a promise was not kept


@dataclass(frozen=True, slots=True)
class Alarm:
    """One line of the console's list."""

    alarm_id: int
    at: datetime
    kind: AlarmKind
    terminal: str | None
    submission_id: str | None
    detail: str


def raise_alarm(
    connection: sa.Connection,
    *,
    at: datetime,
    kind: AlarmKind,
    detail: str,
    terminal: str | None = None,
    submission_id: str | None = None,
) -> bool:
    """Put an alarm on the list, unless the same one is already waiting there; whether it is a new one."""
    same = sa.select(alarms.c.alarm_id).where(
        alarms.c.kind == kind.value,
        alarms.c.terminal.is_not_distinct_from(terminal),
        alarms.c.submission_id.is_not_distinct_from(submission_id),
        alarms.c.acknowledged.is_(None),
    )
    if connection.scalar(same) is not None:
        return False
    add_alarm(connection, at=at, kind=kind, detail=detail, terminal=terminal, submission_id=submission_id)
    return True


def add_alarm(
    connection: sa.Connection,
    *,
    at: datetime,
    kind: AlarmKind,
    detail: str,
    terminal: str | None = None,
    submission_id: str | None = None,
) -> None:
    """Put an alarm on the list beside whatever waits there; the caller sees to it that each thing is told once."""
    connection.execute(
        sa.insert(alarms).values(at=at, kind=kind.value, terminal=terminal, submission_id=submission_id, detail=detail)
    )


def waiting(connection: sa.Connection) -> list[Alarm]:
    """Alarms nobody has acknowledged, newest first."""
    rows = connection.execute(
        sa.select(
            alarms.c.alarm_id,
            alarms.c.at,
            alarms.c.kind,
            alarms.c.terminal,
            alarms.c.submission_id,
            alarms.c.detail,
        )
        .where(alarms.c.acknowledged.is_(None))
        .order_by(alarms.c.at.desc(), alarms.c.alarm_id.desc())
    )
    return [
        Alarm(row.alarm_id, row.at, AlarmKind(row.kind), row.terminal, row.submission_id, row.detail) for row in rows
    ]


def acknowledge(connection: sa.Connection, alarm_id: int, *, staff: str, at: datetime) -> bool:
    """Take an alarm off the list; False where somebody has already done so."""
    changed = connection.execute(
        sa.update(alarms)
        .where(alarms.c.alarm_id == alarm_id, alarms.c.acknowledged.is_(None))
        .values(acknowledged=at, acknowledged_by=staff)
    )
    return changed.rowcount == 1
