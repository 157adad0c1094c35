"""The alarm for what the court owes and has not done in time: once per missed deadline (S2-11)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from provisioning.hub.alarms import AlarmKind, add_alarm
from provisioning.hub.unresolved.schema import unresolved_reports


def alarm_overdue(connection: sa.Connection, *, now: datetime) -> int:
    """Put an alarm on the list for each report whose deadline has passed since the last look; how many. A new promise
    has a new deadline, and with it a new alarm."""
    columns = unresolved_reports.c
    missed = connection.execute(
        sa.update(unresolved_reports)
        .where(columns.due < now, columns.alarmed.is_(None))
        .values(alarmed=now)
        .returning(columns.number, columns.terminal)
    ).all()
    for row in sorted(missed, key=lambda row: str(row.number)):
        add_alarm(connection, at=now, kind=AlarmKind.UNRESOLVED_OVERDUE, terminal=row.terminal, detail=row.number)
    return len(missed)
