"""Numbers that are left out after a restore, so that none is given twice on that day (docs/decisions/0004).

A backup does not know the numbers that were given after it: they are on slips in people's hands, in leases at
terminals, and perhaps in an earlier life of the same backup. So when a hub is first opened after a restore, every queue
goes on beyond all of them, both terms being rounded up to full hundreds:

    last + times · (margin + minutes)

`last` is the last number of that day which the backup knows; `margin` is `policy.left_out_after_restore`; `minutes` are
those between the backup, or the opening of the hall where that was later, and now (for hours on end no hall gives more
than one number of a queue a minute); `times` is how often this backup has been restored. What was left out stays on
record: it tells staff why A058 is unknown, lifts a daily cap by as much, and lets a terminal bring in what it issued
from a lease of the lost hours.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.queueing import ticket_label
from provisioning.hub import journal
from provisioning.hub.alarms import AlarmKind, add_alarm
from provisioning.hub.queue.config import Queue, QueueConfiguration
from provisioning.hub.queue.days import close_earlier_days
from provisioning.hub.queue.policy import business_day, microseconds
from provisioning.hub.queue.schema import counters, numbers_left_out
from provisioning.hub.queue.tickets import Hall
from provisioning.hub.schema import read_setting, write_setting
from provisioning.hub.statements import INSERT
from provisioning.hub.turns import Turn, take_turn

SETTING = "restored"
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Restored:
    """A restore: the backup's number and when it was finished; `times` it was restored, this one included."""

    backup: int
    finished: datetime
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Numbers `first` to `last` of `queue`, which the hub gave to nobody since it was restored."""

    queue: str
    first: int
    last: int
    restored: datetime
    backup: datetime

    @property
    def label(self) -> str:
        """As on slips: A058–A300."""
        return f"{ticket_label(self.queue, self.first)}–{ticket_label(self.queue, self.last)}"


def note_restore(connection: sa.Connection, restored: Restored) -> None:
    """Keep for the next opening that this database comes from a backup."""
    content = {
        "backup": restored.backup,
        "finished": restored.finished.isoformat(),
        "at": restored.at.isoformat(),
        "times": restored.times,
    }
    write_setting(connection, SETTING, json.dumps(content))


def restored_from(connection: sa.Connection) -> Restored | None:
    """The restore that this database comes from; None where it was never restored."""
    text = read_setting(connection, SETTING)
    if text is None:
        return None
    content = json.loads(text)
    moments = {name: datetime.fromisoformat(content[name]) for name in ("finished", "at")}
    return Restored(content["backup"], **moments, times=content["times"])


def leave_out(connection: sa.Connection, hall: Hall, *, at: datetime) -> list[LeftOut]:
    """Let every queue go on beyond what may have been given since the backup; what was left out now. Does nothing
    where the database was not restored, was opened on an earlier day since, or the queue has done so already."""
    take_turn(connection, Turn.LEFT_OUT_NUMBERS)
    restored = restored_from(connection)
    if restored is None:
        return []
    day, table = business_day(at), numbers_left_out.c
    known = connection.execute(
        sa.select(table.business_day, table.queue).where(table.court == hall.court, table.restored == restored.at)
    ).all()
    if any(row.business_day != day for row in known):
        return []
    done = {row.queue for row in known}
    if not done:
        close_earlier_days(connection, hall, day, at=at)
    gaps = [
        _leave_out(connection, hall, queue, restored, day=day, at=at)
        for queue in hall.configuration.queues
        if queue.code not in done
    ]
    if gaps:
        add_alarm(connection, at=at, kind=AlarmKind.NUMBERS_LEFT_OUT, detail=", ".join(gap.label for gap in gaps))
    return gaps


def left_out_today(connection: sa.Connection, hall: Hall, *, at: datetime) -> list[LeftOut]:
    """What was left out today, in order."""
    query = sa.select(numbers_left_out).where(
        numbers_left_out.c.court == hall.court, numbers_left_out.c.business_day == business_day(at)
    )
    rows = connection.execute(query.order_by(numbers_left_out.c.queue, numbers_left_out.c.first))
    return [LeftOut(row.queue, row.first, row.last, row.restored, row.backup) for row in rows]


def left_out_around(connection: sa.Connection, hall: Hall, queue: str, number: int, *, day: date) -> LeftOut | None:
    """What `number` was left out with, if it was."""
    table = numbers_left_out.c
    row = connection.execute(
        sa.select(numbers_left_out).where(
            table.court == hall.court,
            table.business_day == day,
            table.queue == queue,
            table.first <= number,
            table.last >= number,
        )
    ).first()
    return LeftOut(row.queue, row.first, row.last, row.restored, row.backup) if row else None


def cap_of(connection: sa.Connection, hall: Hall, queue: Queue, *, day: date) -> int | None:
    """The last number that `queue` may give on `day`: its cap, and as many more as were left out; None if without."""
    if queue.daily_cap is None:
        return None
    table = numbers_left_out.c
    more = connection.scalar(
        sa.select(sa.func.sum(table.last - table.first + 1)).where(
            table.court == hall.court, table.business_day == day, table.queue == queue.code
        )
    )
    return queue.daily_cap + int(more or 0)


def goes_on_after(last: int, restored: Restored, configuration: QueueConfiguration, *, at: datetime) -> int:
    """The number after which a queue goes on whose last known number is `last`."""
    today = at.astimezone(CHINA)
    opening = datetime.combine(today.date(), _opens(configuration), tzinfo=CHINA)
    minutes = -(int((at - max(restored.finished, opening)).total_seconds()) // -60)
    beyond = configuration.policy.left_out_after_restore + max(0, minutes)
    return _hundreds(last) + restored.times * _hundreds(beyond)


def _hundreds(number: int) -> int:
    return -(number // -_HUNDRED) * _HUNDRED


def _leave_out(
    connection: sa.Connection, hall: Hall, queue: Queue, restored: Restored, *, day: date, at: datetime
) -> LeftOut:
    place = (counters.c.court == hall.court, counters.c.business_day == day, counters.c.queue == queue.code)
    last = connection.scalar(sa.select(counters.c.last).where(*place)) or 0
    gap = LeftOut(
        queue.code, last + 1, goes_on_after(last, restored, hall.configuration, at=at), restored.at, restored.finished
    )
    counter = INSERT[connection.dialect.name](counters).values(
        court=hall.court, business_day=day, queue=queue.code, last=gap.last, moment=microseconds(at)
    )
    connection.execute(
        counter.on_conflict_do_update(
            index_elements=["court", "business_day", "queue"], set_={"last": counter.excluded.last}
        )
    )
    connection.execute(
        sa.insert(numbers_left_out).values(
            court=hall.court,
            business_day=day,
            queue=gap.queue,
            restored=gap.restored,
            backup=gap.backup,
            first=gap.first,
            last=gap.last,
        )
    )
    journal.append(
        connection,
        chain=journal.HUB_CHAIN,
        at=at,
        actor="hub",
        action="numbers_left_out",
        subject=gap.label,
        detail={"backup": restored.backup, "times_restored": restored.times},
    )
    return gap


def _opens(configuration: QueueConfiguration) -> time:
    """When the hall begins to give numbers; midnight where it always does."""
    services = configuration.services
    if not configuration.hours and any(service.hours is None for service in services):
        return time.min
    periods = [*configuration.hours, *(period for service in services for period in service.hours or ())]
    return min((period.opens for period in periods), default=time.min)
