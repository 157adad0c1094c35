"""Periods (期间) and when they end: 民诉法 85, 民诉法解释 125, 民法典 200 to 204 (N9).

The day (or hour) a period starts in is not counted. A period of months or years ends on the corresponding day, or on
the last day of the month where there is none. If the last day is a holiday, the period ends on the first day after
it. Time in the post does not count: what is posted in time is in time.
"""

from __future__ import annotations

import calendar as gregorian
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import assert_never

import msgspec

from kiosk.clock import CHINA
from kiosk.i18n import Text, catalogue
from kiosk.law.editions import Edition, edition_today, latest, read_toml
from kiosk.law.workdays import ChinaCalendar, WorkCalendar, next_working_day


class Unit(StrEnum):
    """What a period is counted in."""

    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


class Actor(StrEnum):
    """Who has to act in time."""

    COURT = "court"
    PARTY = "party"


class Deadline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statutory period. `extension`: by how much (same unit) the court's president may lengthen it."""

    id: str
    unit: Unit
    count: int
    by: Actor
    source: str
    name: Text
    start: Text
    rolls: bool = True
    extension: int = 0
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """When a period ends.

    `last_day` is the last day to act, until the court closes. `moment` is set for periods in hours only.
    `nominal` is the last day before moving on from a holiday. `certain` is False where the year's holidays are not
    published yet: the day shown may then still move.
    """

    last_day: date
    nominal: date
    certain: bool
    moment: datetime | None
    steps: tuple[Text, ...]

    @property
    def moved(self) -> bool:
        """Whether a holiday moved the last day."""
        return self.last_day != self.nominal

    def missed(self, now: datetime) -> bool:
        """Whether the period is over at `now`."""
        return now > self.moment if self.moment is not None else now.astimezone(CHINA).date() > self.last_day


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    deadlines: tuple[Deadline, ...]


@cache
def deadlines(edition: Edition | None = None) -> dict[str, Deadline]:
    """Every statutory period of an edition, by id."""
    return {deadline.id: deadline for deadline in read_toml((edition or latest("deadlines")).file, _Table).deadlines}


@cache
def _default_calendar() -> WorkCalendar:
    return ChinaCalendar()


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` later, or that month's last day (民法典 202)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def _say(key: str, **values: object) -> Text:
    wording = catalogue()[f"law.deadline.{key}"]
    return Text(wording.zh.format(**values), wording.ko.format(**values), wording.en.format(**values))


def _hours(start: datetime, count: int) -> Due:
    local = start.astimezone(CHINA)
    # 解释 125: a period in hours starts with the next full hour.
    counted_from = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    end = counted_from + timedelta(hours=count)
    steps = (_say("hour_excluded", hour=f"{counted_from:%Y-%m-%d %H:%M}"), _say("ends_at", end=f"{end:%Y-%m-%d %H:%M}"))
    return Due(end.date(), end.date(), certain=True, moment=end, steps=steps)


def end_of_period(
    start: date | datetime, count: int, unit: Unit, *, rolls: bool = True, calendar: WorkCalendar | None = None
) -> Due:
    """The end of a period of `count` units after `start`.

    `start` is the day of the event (receipt, service, publication), which is not counted; texts that say "from the
    day after receipt" (次日起) mean the same. Hours need a datetime with an offset. Raises ValueError for a negative
    count or hours without a time of day.
    """
    if count < 0:
        raise ValueError("a period is not negative")
    if unit is Unit.HOURS:
        if not isinstance(start, datetime) or start.tzinfo is None:
            raise ValueError("a period in hours starts at a time of day with an offset")
        return _hours(start, count)
    first = start.astimezone(CHINA).date() if isinstance(start, datetime) else start
    match unit:
        case Unit.DAYS:
            nominal = first + timedelta(days=count)
        case Unit.MONTHS:
            nominal = add_months(first, count)
        case Unit.YEARS:
            nominal = add_months(first, 12 * count)
        case _:
            assert_never(unit)
    steps = [_say("day_excluded", day=first.isoformat()), _say("nominal", day=nominal.isoformat())]
    last, certain = next_working_day(nominal, calendar or _default_calendar()) if rolls else (nominal, True)
    if last != nominal:
        steps.append(_say("moved", day=last.isoformat()))
    if not certain:
        steps.append(_say("uncertain", year=nominal.year))
    return Due(last, nominal, certain, None, tuple(steps))


def due(
    deadline: Deadline | str, start: date | datetime, *, extended: bool = False, calendar: WorkCalendar | None = None
) -> Due:
    """When the statutory period `deadline` that started at `start` ends.

    An id is looked up in the edition in force on the day the period started. Raises KeyError, ValueError.
    """
    day = start.astimezone(CHINA).date() if isinstance(start, datetime) else start
    period = deadlines(edition_today("deadlines", day))[deadline] if isinstance(deadline, str) else deadline
    count = period.count + (period.extension if extended else 0)
    return end_of_period(start, count, period.unit, rolls=period.rolls, calendar=calendar)
