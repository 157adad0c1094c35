"""Reports: the right counts, honest intervals, and nothing from which one person's answer could be worked out."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.court.rating import RatingOutcome
from provisioning.hub.ratings.concealment import conceal
from provisioning.hub.ratings.periods import Period, PeriodKind, period_of
from provisioning.hub.ratings.reports import By, Line, Report, report, wilson
from tests.hub.ratings.conftest import NOW, Court

TODAY = NOW.date()


def week(court: Court, day: date = TODAY) -> Report:
    """The report of the week of `day`."""
    period, until = period_of(PeriodKind.WEEK, day), court.clock.now().date()
    return court.read(lambda c: report(c, court.office, period, until=until))


def by_name(found: Report, by: By) -> dict[str, Line]:
    """The lines of a break-down."""
    return {line.name: line for line in found.lines[by]}


def test_a_report_counts_what_was_invited_and_answered(court: Court) -> None:
    """Response rate over invitations, good share over grades; time-outs and refusals are not rated and never good."""
    for grade in (5, 5, 4, 4, 5, 3, 2, 1):
        court.rate(grade, window="1", service="filing")
    for outcome in (RatingOutcome.TIMED_OUT, RatingOutcome.DECLINED):
        court.answer(court.form(court.invite(window="1").token, None, outcome=outcome))
    court.invite(window="1")
    found = week(court)
    figures = found.total.figures
    assert figures is not None
    assert (figures.invited, figures.rated, figures.declined, figures.timed_out) == (11, 8, 1, 1)
    assert (figures.good, figures.middle, figures.bad) == (5, 1, 2)
    assert figures.response is not None
    assert figures.satisfaction is not None
    assert isclose(figures.response.share, 8 / 11)
    assert isclose(figures.satisfaction.share, 5 / 8)
    assert by_name(found, By.WINDOW)["1"].figures == figures
    assert found.trend[-1][1] == found.total


def test_mediators_have_their_own_lines(court: Court) -> None:
    """S4-11: matters of mediation by mediator, under a pseudonym; other matters stand in no such line."""
    for _ in range(6):
        court.rate(5, mediator="示例调解员")
        court.rate(4)
    lines = by_name(week(court), By.MEDIATOR)
    assert set(lines) == {court.office.pseudonyms.of_staff("示例调解员")}
    assert [line.figures.good for line in lines.values() if line.figures] == [6]


def test_small_figures_and_what_would_give_them_away(court: Court) -> None:
    """Three ratings at window 2 are held back, and so is the next smallest line, or total less the others tells."""
    for window, count in (("1", 12), ("2", 3), ("3", 7)):
        for _ in range(count):
            court.rate(5, window=window)
    lines = by_name(week(court), By.WINDOW)
    assert {name for name, line in lines.items() if line.figures is None} == {"2", "3"}
    assert lines["2"].invited == 3
    assert week(court).total.figures is not None


def test_a_single_day_is_not_the_week_less_its_other_days(court: Court) -> None:
    """The same figure is held back in the day's report and cannot be had from the week's."""
    court.clock.advance(-2 * 86_400)  # Saturday, when the week begins
    for count in (8, 9, 2, 10):
        for _ in range(count):
            court.rate(4)
        court.clock.advance(86_400)
    until = court.clock.now().date()
    days = [TODAY + timedelta(days=number) for number in (-2, -1, 0, 1)]
    lines = [
        court.read(lambda c, d=day: report(c, court.office, period_of(PeriodKind.DAY, d), until=until)).total  # type: ignore[misc]
        for day in days
    ]
    assert [line.figures is None for line in lines] == [True, False, True, False]
    assert week(court).total.figures is not None


def test_what_is_still_today_can_be_left_out(court: Court) -> None:
    """A report up to yesterday does not move while people rate."""
    for _ in range(6):
        court.rate(5)
    yesterday = TODAY - timedelta(days=1)
    period = period_of(PeriodKind.WEEK, TODAY)
    assert court.read(lambda c: report(c, court.office, period, until=yesterday)).total.invited == 0


def test_re_ratings_are_counted_apart(court: Court) -> None:
    """The first ratings' share does not change when a remedied one is rated anew."""
    from provisioning.hub.ratings.invitations import invite_again

    for _ in range(6):
        first = court.rate(2)
        again = court.run(
            lambda c, one=first.invitation: invite_again(c, court.office, one, now=court.clock.now())  # type: ignore[misc]
        )
        court.answer(court.form(again.token, 5))
    found = week(court)
    assert found.total.figures is not None
    assert (found.total.figures.invited, found.total.figures.good, found.total.figures.bad) == (6, 0, 6)
    assert found.again.figures is not None
    assert found.again.figures.good == 6


@pytest.mark.parametrize(
    ("good", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (8, 10, 0.4902, 0.9433), (90, 100, 0.8256, 0.9448)],
)
def test_wilson_against_published_values(good: int, n: int, low: float, high: float) -> None:
    """Agresti and Coull's formula (1998, eq. 4) worked out by hand to four places."""
    interval = wilson(good, n)
    assert interval is not None
    assert isclose(interval.low, low, abs_tol=5e-4)
    assert isclose(interval.high, high, abs_tol=5e-4)


def test_nobody_answered_is_no_share() -> None:
    """Not nought, not a hundred: nothing."""
    assert wilson(0, 0) is None


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_weeks_end_on_friday(day: date) -> None:
    """Seven days, Saturday to Friday; periods of a kind follow each other without gap or overlap."""
    found = period_of(PeriodKind.WEEK, day)
    assert found.last.weekday() == 4
    assert len(found.days) == 7
    for kind in PeriodKind:
        period = period_of(kind, day)
        assert day in period.days
        assert period.shifted(1).first == period.last + timedelta(days=1)
        assert period.shifted(1).shifted(-1) == period


cells = st.dictionaries(st.integers(0, 11), st.integers(0, 12), min_size=2, max_size=12)


@settings(max_examples=400)
@given(cells, cells)
def test_nothing_can_be_worked_out_by_subtraction(first: dict[int, int], second: dict[int, int]) -> None:
    """Two break-downs and their totals: no sequence of subtractions yields a figure that was held back, no hidden
    group under a published total is smaller than five, and nothing below five is shown."""
    figures: dict[object, int] = {("day 1", key): value for key, value in first.items()}
    figures |= {("day 2", key): value for key, value in second.items()}
    equations: list[tuple[object, tuple[object, ...]]] = []
    for day in ("day 1", "day 2"):
        parts = tuple(cell for cell in figures if isinstance(cell, tuple) and cell[0] == day)
        figures[day] = sum(figures[part] for part in parts)
        equations.append((day, parts))
    for key in first.keys() & second.keys():
        both = (("day 1", key), ("day 2", key))
        figures["both", key] = sum(figures[part] for part in both)
        equations.append((("both", key), both))
    hidden = conceal(figures, equations, 5)
    assert all(figures[cell] >= 5 or figures[cell] == 0 for cell in figures if cell not in hidden)
    assert not any(figures[cell] == 0 for cell in hidden)
    known = {cell for cell in figures if cell not in hidden}
    for total, parts in equations:
        unknown = [cell for cell in (total, *parts) if cell not in known]
        assert len(unknown) != 1, "an equation with one unknown gives it away"
        if total in known:
            group = [figures[part] for part in parts if part in hidden]
            assert not group or sum(group) >= 5


def test_the_order_of_the_figures_does_not_matter() -> None:
    """The same figures are held back however they are listed, or two reports would differ and tell."""
    figures = {"total": 30, "a": 3, "b": 7, "c": 7, "d": 13}
    parts = ("a", "b", "c", "d")
    results = {
        conceal(figures, [("total", (*chosen, *(part for part in parts if part not in chosen)))], 5)
        for chosen in combinations(parts, 2)
    }
    assert results == {frozenset({"a", "b"})}


def test_a_month_holds_its_whole_weeks() -> None:
    """November 2026 begins on a Sunday: six days, three whole weeks, three days, as `report` adds them up."""
    from provisioning.hub.ratings.reports import _weeks_and_days

    parts = _weeks_and_days(Period(PeriodKind.MONTH, date(2026, 11, 1), date(2026, 11, 30)))
    assert [part.kind for part in parts].count(PeriodKind.WEEK) == 3
    assert sum(len(part.days) for part in parts) == 30
