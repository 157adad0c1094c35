"""Periods: first day excluded, corresponding day, holidays, hours (N9: 民诉法 85, 解释 125, 民法典 202)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock import CHINA
from kiosk.law.deadlines import Unit, add_months, deadlines, due, end_of_period
from kiosk.law.editions import editions
from kiosk.law.workdays import ChinaCalendar, DayKind, add_working_days, next_working_day


class Plain:
    """A calendar without holidays."""

    def kind(self, _day: date) -> DayKind:
        return DayKind(holiday=False, certain=True)


def test_all_33_statutory_periods_are_there():
    assert len(deadlines()) == 33
    for deadline in deadlines().values():
        assert all((deadline.source, deadline.name.zh, deadline.name.ko, deadline.name.en, deadline.start.zh))


@pytest.mark.parametrize(
    ("id_", "start", "last"),
    [
        ("registration-decision", date(2026, 3, 2), date(2026, 3, 9)),
        ("registration-on-the-spot", date(2026, 3, 7), date(2026, 3, 7)),
        ("appeal-judgment", date(2026, 3, 2), date(2026, 3, 17)),
        ("appeal-ruling", date(2026, 3, 3), date(2026, 3, 13)),
        ("fee-prepayment", date(2026, 3, 3), date(2026, 3, 10)),
        ("retrial-application", date(2026, 1, 15), date(2026, 7, 15)),
        ("enforcement-application", date(2024, 2, 29), date(2026, 2, 28)),
        ("limitation", date(2023, 6, 1), date(2026, 6, 1)),
        ("summary-trial", date(2026, 1, 30), date(2026, 4, 30)),
    ],
)
def test_periods_by_hand(id_: str, start: date, last: date):
    found = due(id_, start, calendar=Plain())
    assert found.last_day == last
    assert not found.moved


@pytest.mark.parametrize(
    ("start", "nominal", "last"),
    [
        (date(2025, 9, 17), date(2025, 10, 2), date(2025, 10, 9)),  # National Day and Mid-Autumn: 1 to 8 October
        (date(2026, 2, 1), date(2026, 2, 16), date(2026, 2, 24)),  # Spring Festival: 15 to 23 February
        (date(2025, 9, 13), date(2025, 9, 28), date(2025, 9, 28)),  # a Sunday made a working day
        (date(2026, 2, 27), date(2026, 3, 14), date(2026, 3, 16)),  # a Saturday
    ],
)
def test_a_holiday_at_the_end_moves_the_last_day(start: date, nominal: date, last: date):
    """民诉法 85(3); a weekend made a working day (调休) counts as one."""
    found = due("appeal-judgment", start)
    assert (found.nominal, found.last_day, found.certain) == (nominal, last, True)
    assert found.moved is (nominal != last)


def test_a_holiday_inside_the_period_counts():
    assert due("appeal-judgment", date(2025, 9, 30)).last_day == date(2025, 10, 15)


def test_years_not_yet_published_are_said_to_be_uncertain():
    found = due("appeal-judgment", date(2031, 3, 1))
    assert not found.certain
    assert "2031" in found.steps[-1].en
    assert due("appeal-judgment", date(2031, 9, 16)).last_day == date(2031, 10, 6)  # 1 to 3 October, then a weekend


def test_a_provisioned_year_is_certain():
    """The table of a year the package does not know comes with the court's pack."""
    calendar = ChinaCalendar({2031: {date(2031, 3, 17): True, date(2031, 3, 16): False}})
    assert due("appeal-judgment", date(2031, 3, 2), calendar=calendar).last_day == date(2031, 3, 18)
    assert due("appeal-judgment", date(2031, 3, 1), calendar=calendar).last_day == date(2031, 3, 16)
    assert due("appeal-judgment", date(2031, 3, 1), calendar=calendar).certain


def test_hours_begin_with_the_next_full_hour_and_do_not_move():
    """解释 125: 以时起算的期间从次时起算; urgent preservation runs through holidays."""
    found = due("pre-action-preservation-ruling", datetime(2026, 2, 14, 10, 20, tzinfo=CHINA))
    assert found.moment == datetime(2026, 2, 16, 11, 0, tzinfo=CHINA)
    assert not found.missed(datetime(2026, 2, 16, 11, 0, tzinfo=CHINA))
    assert found.missed(datetime(2026, 2, 16, 11, 1, tzinfo=CHINA))
    with pytest.raises(ValueError, match="time of day"):
        due("pre-action-preservation-ruling", date(2026, 2, 14))


def test_days_are_chinese_days():
    """An evening in UTC is already the next day in China."""
    assert due("appeal-ruling", datetime(2026, 3, 2, 17, 0, tzinfo=UTC)).nominal == date(2026, 3, 13)


def test_the_last_day_is_whole():
    found = due("appeal-ruling", date(2026, 3, 3))
    assert not found.missed(datetime(2026, 3, 13, 23, 59, tzinfo=CHINA))
    assert found.missed(datetime(2026, 3, 14, 0, 0, tzinfo=CHINA))


def test_extension_by_the_courts_president():
    assert due("small-claim-trial", date(2026, 1, 5), extended=True, calendar=Plain()).last_day == date(2026, 4, 5)
    assert due("confirmation-review", date(2026, 1, 5), extended=True, calendar=Plain()).last_day == date(2026, 1, 30)


def test_an_unknown_period_or_a_negative_count_is_refused():
    with pytest.raises(KeyError):
        due("no-such-period", date(2026, 1, 1))
    with pytest.raises(ValueError, match="negative"):
        end_of_period(date(2026, 1, 1), -1, Unit.DAYS)


DAYS = st.dates(date(2004, 1, 1), date(2040, 12, 31))


@given(DAYS, st.integers(0, 120))
def test_months_keep_the_day_or_take_the_months_last(day: date, months: int):
    """民法典 202."""
    end = add_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@given(DAYS, st.integers(0, 400))
def test_a_period_never_ends_on_a_holiday_or_too_early(start: date, count: int):
    calendar = ChinaCalendar()
    found = end_of_period(start, count, Unit.DAYS, calendar=calendar)
    assert not calendar.kind(found.last_day).holiday
    assert found.last_day >= found.nominal == start + timedelta(days=count)
    assert all(
        calendar.kind(found.nominal + timedelta(days=n)).holiday for n in range((found.last_day - found.nominal).days)
    )


@given(DAYS, st.integers(1, 30))
def test_working_days_are_counted_one_by_one(start: date, count: int):
    calendar = ChinaCalendar()
    end, _ = add_working_days(start, count, calendar)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(not calendar.kind(day).holiday for day in between) == count
    assert next_working_day(end, calendar)[0] == end


def test_a_period_keeps_the_edition_of_the_day_it_started(monkeypatch: pytest.MonkeyPatch):
    """A revision that lengthens a period does not reach back to what was served before it."""
    shipped = editions("deadlines")[0]
    old = msgspec.structs.replace(shipped, effective_to=date(2026, 6, 30))
    new = msgspec.structs.replace(shipped, version="2026-07-01", effective_from=date(2026, 7, 1), file="longer.toml")
    period = msgspec.structs.replace(deadlines()["appeal-judgment"], count=30)
    tables = {old: deadlines(), new: {period.id: period}}
    monkeypatch.setattr("kiosk.law.editions.editions", lambda _table: (old, new))
    monkeypatch.setattr("kiosk.law.deadlines.deadlines", lambda edition: tables[edition])
    assert due("appeal-judgment", date(2026, 6, 30), calendar=Plain()).nominal == date(2026, 7, 15)
    assert due("appeal-judgment", date(2026, 7, 1), calendar=Plain()).nominal == date(2026, 7, 31)
    at_night = datetime(2026, 6, 30, 17, 0, tzinfo=UTC)  # already 1 July at the court
    assert due("appeal-judgment", at_night, calendar=Plain()).nominal == date(2026, 7, 31)
