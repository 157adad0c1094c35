"""Ratings that terminals hold and could not deliver yet, as their heartbeats tell; the alarm for those held too long.

A terminal that comes back after days offline tells of old ratings and delivers them a moment later: nobody is alarmed
before it has had `GRACE` for that. One that falls silent with ratings on it is alarmed for all the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from kiosk.court.contract import Heartbeat
from provisioning.hub.alarms import AlarmKind, add_alarm
from provisioning.hub.ratings.rules import RatingRules
from provisioning.hub.ratings.schema import rating_backlogs

GRACE = timedelta(minutes=10)


def note_backlog(connection: sa.Connection, beat: Heartbeat, *, now: datetime) -> None:
    """Write down what the terminal of `beat` holds; `told` stays the moment at which its oldest rating was first told
    of."""
    columns = rating_backlogs.c
    own = columns.terminal == beat.terminal
    if beat.oldest_rating is None:
        connection.execute(sa.delete(rating_backlogs).where(own))
        return
    held = {"waiting": beat.ratings_waiting, "oldest": beat.oldest_rating}
    same = sa.update(rating_backlogs).where(own, columns.oldest == beat.oldest_rating)
    if connection.execute(same.values(held)).rowcount:
        return
    if connection.execute(sa.update(rating_backlogs).where(own).values(**held, told=now, alarmed=None)).rowcount == 0:
        connection.execute(sa.insert(rating_backlogs).values(terminal=beat.terminal, told=now, **held))


def alarm_backlogs(connection: sa.Connection, *, rules: RatingRules, now: datetime) -> int:
    """Put an alarm on the list for each terminal whose oldest rating is older than the rules allow, once for that
    rating; how many."""
    columns = rating_backlogs.c
    late = connection.execute(
        sa.update(rating_backlogs)
        .where(columns.oldest < now - rules.undelivered, columns.told < now - GRACE, columns.alarmed.is_(None))
        .values(alarmed=now)
        .returning(columns.terminal, columns.waiting, columns.oldest)
    ).all()
    for row in sorted(late, key=lambda row: str(row.terminal)):
        add_alarm(
            connection,
            at=now,
            kind=AlarmKind.RATINGS_LATE,
            terminal=row.terminal,
            detail=f"{row.waiting}, {row.oldest:%Y-%m-%d %H:%M}",
        )
    return len(late)
