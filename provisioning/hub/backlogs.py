"""Ratings and reports that terminals hold and could not deliver yet, as their heartbeats tell; the alarm for those held
too long.

A terminal that comes back after days offline tells of old ones and delivers them a moment later: nobody is alarmed
before it has had `GRACE` for that. One that falls silent with something on it is alarmed for all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

import sqlalchemy as sa

from kiosk.court.contract import Heartbeat
from provisioning.hub.alarms import AlarmKind, add_alarm
from provisioning.hub.schema import terminal_backlogs

GRACE = timedelta(minutes=10)


class Held(StrEnum):
    """What a terminal keeps until the hub has it, beside filings (those stand in its queue)."""

    RATINGS = "ratings"  # 评价
    REPORTS = "reports"  # 办不成事反映


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many, and when the first of them was given; None where there is none."""

    waiting: int
    oldest: datetime | None


_ALARMS: Mapping[Held, AlarmKind] = MappingProxyType(
    {Held.RATINGS: AlarmKind.RATINGS_LATE, Held.REPORTS: AlarmKind.REPORTS_LATE}
)


def note_backlogs(connection: sa.Connection, beat: Heartbeat, *, now: datetime) -> None:
    """Write down what the terminal of `beat` holds."""
    for held, backlog in (
        (Held.RATINGS, Backlog(beat.ratings_waiting, beat.oldest_rating)),
        (Held.REPORTS, Backlog(beat.reports_waiting, beat.oldest_report)),
    ):
        _note(connection, beat.terminal, held, backlog, now)


def _note(connection: sa.Connection, terminal: str, held: Held, backlog: Backlog, now: datetime) -> None:
    """`told` stays the moment at which the oldest one was first told of."""
    columns = terminal_backlogs.c
    own = (columns.terminal == terminal) & (columns.held == held)
    if backlog.oldest is None:
        connection.execute(sa.delete(terminal_backlogs).where(own))
        return
    values = {"waiting": backlog.waiting, "oldest": backlog.oldest}
    same = sa.update(terminal_backlogs).where(own, columns.oldest == backlog.oldest)
    if connection.execute(same.values(values)).rowcount:
        return
    other = sa.update(terminal_backlogs).where(own).values(**values, told=now, alarmed=None)
    if connection.execute(other).rowcount == 0:
        connection.execute(sa.insert(terminal_backlogs).values(terminal=terminal, held=held, told=now, **values))


def alarm_backlogs(connection: sa.Connection, held: Held, *, undelivered: timedelta, now: datetime) -> int:
    """Put an alarm on the list for each terminal whose oldest one is older than `undelivered`, once for that one; how
    many."""
    columns = terminal_backlogs.c
    late = connection.execute(
        sa.update(terminal_backlogs)
        .where(
            columns.held == held,
            columns.oldest < now - undelivered,
            columns.told < now - GRACE,
            columns.alarmed.is_(None),
        )
        .values(alarmed=now)
        .returning(columns.terminal, columns.waiting, columns.oldest)
    ).all()
    for row in sorted(late, key=lambda row: str(row.terminal)):
        add_alarm(
            connection,
            at=now,
            kind=_ALARMS[held],
            terminal=row.terminal,
            detail=f"{row.waiting}, {row.oldest:%Y-%m-%d %H:%M}",
        )
    return len(late)


def backlogs_of_all(connection: sa.Connection) -> dict[tuple[str, Held], Backlog]:
    """What every terminal holds, by its code and kind; nothing stands there for one that holds none."""
    columns = terminal_backlogs.c
    rows = connection.execute(sa.select(columns.terminal, columns.held, columns.waiting, columns.oldest))
    return {(row.terminal, Held(row.held)): Backlog(row.waiting, row.oldest) for row in rows}
