"""Days, weeks that end on Friday, and months, as ratings are reported."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

_FRIDAY = 4
_WEEK = 7


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"  # Saturday to Friday
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """One period, both days included."""

    kind: PeriodKind
    first: date
    last: date

    @property
    def days(self) -> tuple[date, ...]:
        """Its days in order."""
        return tuple(self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))

    def shifted(self, count: int) -> Period:
        """The period `count` later, or earlier where negative."""
        moved = self
        for _ in range(abs(count)):
            edge = moved.last + timedelta(days=1) if count > 0 else moved.first - timedelta(days=1)
            moved = period_of(self.kind, edge)
        return moved


def period_of(kind: PeriodKind, day: date) -> Period:
    """The period that `day` belongs to."""
    match kind:
        case PeriodKind.DAY:
            return Period(kind, day, day)
        case PeriodKind.WEEK:
            last = day + timedelta(days=(_FRIDAY - day.weekday()) % _WEEK)
            return Period(kind, last - timedelta(days=_WEEK - 1), last)
        case PeriodKind.MONTH:
            length = calendar.monthrange(day.year, day.month)[1]
            return Period(kind, day.replace(day=1), day.replace(day=length))
    assert_never(kind)


def reporting_year(day: date) -> Period:
    """The days that are looked at together when small figures are held back: the year of `day`, from the Saturday on
    or before its first day to the Friday on or after its last. Spelled as a month only in that it has no name."""
    first = period_of(PeriodKind.WEEK, date(day.year, 1, 1)).first
    last = period_of(PeriodKind.WEEK, date(day.year, 12, 31)).last
    return Period(PeriodKind.MONTH, first, last)
