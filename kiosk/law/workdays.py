"""Working days and statutory holidays (法定休假日) of mainland China, and how sure we are of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Protocol

_SATURDAY = 5
# 全国年节及纪念日放假办法 (2025): the holidays that fall on the same solar date every year.
_FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True)
class DayKind:
    """Whether a day is a holiday, and whether the year's official arrangement (调休) is known."""

    holiday: bool
    certain: bool


class WorkCalendar(Protocol):
    """Tells holidays from working days."""

    def kind(self, day: date) -> DayKind:
        """What `day` is."""
        ...


class ChinaCalendar:
    """The State Council's yearly arrangement where known, else weekends and fixed holidays, said to be uncertain.

    The arrangement is published each November for the next year. `provisioned` brings years the installed table does
    not have: for each year, every day that differs from an ordinary week (True: holiday, False: working day).
    """

    def __init__(self, provisioned: Mapping[int, Mapping[date, bool]] | None = None) -> None:
        self._provisioned = dict(provisioned or {})

    def kind(self, day: date) -> DayKind:
        """What `day` is."""
        if day.year in self._provisioned:
            weekend = day.weekday() >= _SATURDAY
            return DayKind(self._provisioned[day.year].get(day, weekend), certain=True)
        if day.year in _known_years():
            import chinese_calendar  # late: only deadlines need it, and it loads tables for every year

            return DayKind(bool(chinese_calendar.is_holiday(day)), certain=True)
        fixed = (day.month, day.day) in _FIXED
        return DayKind(fixed or day.weekday() >= _SATURDAY, certain=False)


@cache
def _known_years() -> Collection[int]:
    import chinese_calendar  # late, as above

    return frozenset(day.year for day in chinese_calendar.holidays)


def next_working_day(day: date, calendar: WorkCalendar) -> tuple[date, bool]:
    """`day` itself, or the first working day after it, and whether every day looked at is known for certain."""
    certain = True
    while (kind := calendar.kind(day)).holiday:
        certain = certain and kind.certain
        day += timedelta(days=1)
    return day, certain and kind.certain


def add_working_days(day: date, count: int, calendar: WorkCalendar) -> tuple[date, bool]:
    """The `count`-th working day after `day` (which is not counted), and whether that is certain."""
    certain = True
    while count > 0:
        day += timedelta(days=1)
        kind = calendar.kind(day)
        certain = certain and kind.certain
        count -= 0 if kind.holiday else 1
    return day, certain
