"""The duty roster of the court's leaders (带班院领导): put in, told for a day, and its gaps (S2-12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from kiosk.court.queueing import Names
from kiosk.court.unresolved import RECEPTION_SERVICE, DutyLeader, DutyRoster, LeaderPost
from kiosk.law.workdays import ChinaCalendar, WorkCalendar
from provisioning.hub import journal
from provisioning.hub.queue.config import QueueConfiguration
from provisioning.hub.queue.policy import business_day
from provisioning.hub.unresolved.roster_file import Turn
from provisioning.hub.unresolved.schema import duty_roster


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: days that now stand as in the table, and days of the past, which stay as they were."""

    days: int
    past: int


def put_in(connection: sa.Connection, turns: Sequence[Turn], *, by: str, now: datetime) -> Imported:
    """Replace each day of `turns` from today on. Days that the table does not name stay."""
    today = business_day(now)
    coming = [turn for turn in turns if turn.day >= today]
    days = {turn.day for turn in coming}
    if coming:
        connection.execute(sa.delete(duty_roster).where(duty_roster.c.day.in_(sorted(days))))
        connection.execute(
            sa.insert(duty_roster),
            [
                {
                    "day": turn.day,
                    "opens": turn.opens,
                    "closes": turn.closes,
                    "name": turn.name,
                    "post": turn.post.value,
                    "place_zh": turn.place_zh,
                    "place_ko": turn.place_ko,
                    "place_en": turn.place_en,
                }
                for turn in coming
            ],
        )
    imported = Imported(len(days), len({turn.day for turn in turns} - days))
    journal.append(
        connection,
        chain=journal.STAFF_CHAIN,
        at=now,
        actor=by,
        action="roster_imported",
        subject=f"{min(days)} {max(days)}" if days else "",
        detail={"days": imported.days, "past": imported.past},
    )
    return imported


def turns_between(connection: sa.Connection, first: date, last: date) -> list[Turn]:
    """What the roster holds from `first` to `last`, by day and hour."""
    query = (
        sa.select(duty_roster)
        .where(duty_roster.c.day.between(first, last))
        .order_by(duty_roster.c.day, duty_roster.c.opens)
    )
    return [
        Turn(
            day=row.day,
            name=row.name,
            post=LeaderPost(row.post),
            opens=row.opens,
            closes=row.closes,
            place_zh=row.place_zh,
            place_ko=row.place_ko,
            place_en=row.place_en,
        )
        for row in connection.execute(query)
    ]


def gaps(turns: Sequence[Turn], first: date, last: date, calendar: WorkCalendar | None = None) -> list[date]:
    """Working days from `first` to `last` on which `turns` has nobody."""
    working, filled = calendar or ChinaCalendar(), {turn.day for turn in turns}
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day not in filled and not working.kind(day).holiday]


def on_duty(connection: sa.Connection, configuration: QueueConfiguration, *, now: datetime) -> DutyRoster:
    """Who is on duty today, and whether a number for the reception can be taken."""
    today = business_day(now)
    service = configuration.by_service.get(RECEPTION_SERVICE)
    return DutyRoster(
        day=today,
        on_duty=tuple(
            DutyLeader(
                name=turn.name,
                post=turn.post,
                opens=turn.opens,
                closes=turn.closes,
                place=Names(zh=turn.place_zh, ko=turn.place_ko, en=turn.place_en),
            )
            for turn in turns_between(connection, today, today)
        ),
        reception_service=service.code if service and service.offered else None,
    )
