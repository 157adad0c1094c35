"""Reports: response rate, and share of good grades with its 95 % interval, by day, week and month.

Figures are made from `rating_counts` only. They stand for the invitations issued in the period; an answer that comes
later is added to the day of its invitation. How a matter was rated counts, whatever its follow-up found; re-ratings
(追评) are counted apart. Figures of fewer people than the court's threshold are held back (see `concealment`), the same
ones in the day's, the week's and the month's report.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa

from kiosk.court.rating import RatingKind
from provisioning.hub.ratings.concealment import Equation, conceal
from provisioning.hub.ratings.counts import Counted
from provisioning.hub.ratings.office import RatingOffice
from provisioning.hub.ratings.periods import Period, PeriodKind, period_of, reporting_year
from provisioning.hub.ratings.schema import rating_counts

Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""


class By(StrEnum):
    """What a report is broken down by."""

    COURT = "court"
    AGAIN = "again"  # re-ratings (追评) of the whole court
    WINDOW = "window"
    SERVICE = "service"
    MEDIATOR = "mediator"  # matters of mediation only (S4-11)


@dataclass(frozen=True, slots=True)
class Interval:
    """A share and its 95 % confidence interval, 0 to 1."""

    share: float
    low: float
    high: float


def wilson(good: int, n: int) -> Interval | None:
    """The share good / n with its Wilson score interval (E. B. Wilson 1927); None where nobody answered."""
    if n == 0:
        return None
    share, square = good / n, Z95 * Z95
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = Z95 / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half))


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one line."""

    invited: int = 0
    declined: int = 0
    timed_out: int = 0
    good: int = 0
    middle: int = 0
    bad: int = 0

    @property
    def rated(self) -> int:
        """Who gave a grade."""
        return self.good + self.middle + self.bad

    @property
    def response(self) -> Interval | None:
        """Of those invited, the share that gave a grade. None where nobody was invited."""
        return wilson(self.rated, self.invited)

    @property
    def satisfaction(self) -> Interval | None:
        """Of those that gave a grade, the share of good ones."""
        return wilson(self.good, self.rated)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            invited=self.invited + other.invited,
            declined=self.declined + other.declined,
            timed_out=self.timed_out + other.timed_out,
            good=self.good + other.good,
            middle=self.middle + other.middle,
            bad=self.bad + other.bad,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report. `figures` is None where they are held back; `invited` is always told."""

    name: str
    invited: int
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class Report:
    """One period, its break-downs, and how it compares with the periods before (oldest first, itself last)."""

    period: Period
    total: Line
    again: Line
    lines: Mapping[By, tuple[Line, ...]]
    trend: tuple[tuple[Period, Line], ...]


_Cell = tuple[By, str, Period]


@dataclass(slots=True)
class _Year:
    """Everything counted in one reporting year, and what of it may be shown."""

    cells: dict[_Cell, Figures] = field(default_factory=dict)
    hidden: frozenset[_Cell] = frozenset()

    def line(self, by: By, name: str, period: Period) -> Line:
        cell = (by, name, period)
        figures = self.cells.get(cell, Figures())
        return Line(name, figures.invited, None if cell in self.hidden else figures)

    def names(self, by: By, period: Period) -> list[str]:
        return sorted(name for kind, name, when in self.cells if kind is by and when == period and name)


TREND = {PeriodKind.DAY: 14, PeriodKind.WEEK: 12, PeriodKind.MONTH: 12}
"""How many periods the trend shows."""


def report(connection: sa.Connection, office: RatingOffice, period: Period, *, until: date) -> Report:
    """The report of `period` over the days up to `until`."""
    before = [period.shifted(-number) for number in range(TREND[period.kind] - 1, -1, -1)]
    years: dict[date, _Year] = {}

    def year_of(asked: Period) -> _Year:
        span = reporting_year(asked.last)
        if span.first not in years:
            years[span.first] = _read(connection, office, span, until)
        return years[span.first]

    year = year_of(period)
    return Report(
        period=period,
        total=year.line(By.COURT, "", period),
        again=year.line(By.AGAIN, "", period),
        lines={
            by: tuple(year.line(by, name, period) for name in year.names(by, period))
            for by in (By.WINDOW, By.SERVICE, By.MEDIATOR)
        },
        trend=tuple((one, year_of(one).line(By.COURT, "", one)) for one in before),
    )


def _read(connection: sa.Connection, office: RatingOffice, span: Period, until: date) -> _Year:
    table = rating_counts.c
    rows = connection.execute(
        sa.select(rating_counts).where(
            table.day >= span.first.isoformat(), table.day <= min(span.last, until).isoformat()
        )
    )
    verdicts = {
        (scale.id, grade.value): grade.verdict.value for scale in office.scales.scales for grade in scale.grades
    }
    # Plain numbers by day first: a year may have tens of thousands of counters.
    daily: defaultdict[tuple[By, str, str], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        count: int = row._mapping["count"]  # `row.count` is a method
        name = verdicts[row.scale, row.grade] if row.outcome == Counted.RATED else row.outcome
        if row.kind == RatingKind.AGAIN:
            daily[By.AGAIN, "", row.day][name] += count
            continue
        for place in ((By.COURT, ""), (By.WINDOW, row.window), (By.SERVICE, row.service), (By.MEDIATOR, row.mediator)):
            daily[*place, row.day][name] += count
    cells: defaultdict[_Cell, Figures] = defaultdict(Figures)
    for (by, name, day), counts in daily.items():
        figures = Figures(**counts)
        for kind in PeriodKind:
            cells[by, name, period_of(kind, date.fromisoformat(day))] += figures
    rated = {cell: figures.rated for cell, figures in cells.items()}
    hidden = conceal(rated, _equations(cells), office.rules.suppress_below)
    return _Year(dict(cells), hidden)


def _equations(cells: Iterable[_Cell]) -> list[Equation[_Cell]]:
    """Every sum that a reader of all reports can form: the break-downs of each period, and the days of each week and
    month, and the whole weeks and remaining days of each month."""
    names: defaultdict[tuple[By, Period], list[_Cell]] = defaultdict(list)
    months: set[tuple[By, str, Period]] = set()
    weeks: set[tuple[By, str, Period]] = set()
    for by, name, period in cells:
        if by not in (By.COURT, By.AGAIN):
            names[by, period].append((by, name, period))
        if period.kind is PeriodKind.MONTH:
            months.add((by, name, period))
        elif period.kind is PeriodKind.WEEK:
            weeks.add((by, name, period))
    found: list[Equation[_Cell]] = [
        ((By.COURT, "", period), tuple(sorted(parts, key=lambda cell: cell[1]))) for (_, period), parts in names.items()
    ]
    for by, name, period in sorted(weeks | months, key=lambda cell: (cell[0], cell[1], cell[2].first, cell[2].kind)):
        found.append(((by, name, period), tuple((by, name, period_of(PeriodKind.DAY, day)) for day in period.days)))
        if period.kind is PeriodKind.MONTH:
            found.append(((by, name, period), tuple((by, name, part) for part in _weeks_and_days(period))))
    return found


def _weeks_and_days(month: Period) -> list[Period]:
    parts: list[Period] = []
    day = month.first
    while day <= month.last:
        week = period_of(PeriodKind.WEEK, day)
        whole = week.first == day and week.last <= month.last
        part = week if whole else period_of(PeriodKind.DAY, day)
        parts.append(part)
        day = part.last + timedelta(days=1)
    return parts
