"""Waiting times: told as a range from what was measured, hidden where it cannot be known, and scored."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from kiosk.clock import ManualClock
from kiosk.court.queueing import TicketClass
from provisioning.hub.queue import calling
from provisioning.hub.queue.board import queue_board
from provisioning.hub.queue.config import Duty
from provisioning.hub.queue.forecaster import Forecaster
from provisioning.hub.queue.formulas import Formula, FormulaInputs, expertflow, shoretel, vertical_wave
from provisioning.hub.queue.issue import Bearer, issue
from provisioning.hub.queue.picture import Busy, OpenWindow, Picture, Waiting
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.prediction import Prediction
from provisioning.hub.queue.samples import ServiceTimes
from provisioning.hub.queue.scoring import Told, score, score_of_day
from provisioning.hub.queue.tickets import Hall
from provisioning.hub.queue.wait import Forecast
from tests.hub.queue.hall import COURT, START, TestHall, request_for, small_configuration

HALL = Hall(COURT, small_configuration())
ON_A = (Duty(queue="A"),)


def times(seconds: list[float], service: str = "filing") -> ServiceTimes:
    """Samples, all of this weekday and hour."""
    return ServiceTimes((service, START, value) for value in seconds)


def picture(windows: int, waiting: int, busy: Busy | None = None, **more: object) -> Picture:
    """Some windows for A, and people who wait for filing."""
    fields: dict[str, object] = {
        "at": START,
        "windows": tuple(OpenWindow(str(index), ON_A, busy) for index in range(windows)),
        "waiting": (Waiting("A", "filing"),) * waiting,
        "arrivals": {},
        "call_gaps": {},
    }
    return Picture(**(fields | more))  # type: ignore[arg-type]


def test_constant_service_times_are_exact() -> None:
    """Two free windows, ten minutes each: nobody, then pairs, wait 0, 10, 20 … minutes."""
    forecast = Forecast(HALL, picture(2, 6), times([600.0] * 20))
    found = [forecast.predict("A", ahead) for ahead in range(7)]
    assert [one.median_seconds for one in found if one] == [0, 0, 600, 600, 1200, 1200, 1800]
    assert [one.high_minutes for one in found if one] == [5, 5, 10, 10, 20, 20, 30]


def test_time_already_spent_counts() -> None:
    """A window that has been at a ten-minute service for four minutes is free in six: told as ten."""
    forecast = Forecast(HALL, picture(1, 0, Busy("filing", 240.0)), times([600.0] * 20))
    found = forecast.predict("A", 0)
    assert found is not None
    assert (found.median_seconds, found.low_minutes, found.high_minutes) == (360.0, 10, 10)


def test_the_range_is_hidden_where_it_cannot_be_known() -> None:
    """No window open, or fewer than ten measured services: nothing is told rather than a guess."""
    assert Forecast(HALL, picture(0, 3), times([600.0] * 20)).predict("A", 3) is None
    assert Forecast(HALL, picture(2, 3), times([600.0] * 9)).predict("A", 3) is None
    assert Forecast(HALL, picture(2, 3), times([600.0] * 20)).predict("B", 0) is None
    assert Forecast(HALL, picture(1, 0), times([36_000.0] * 20)).predict("A", 2) is None


def test_samples_of_the_same_hour_count_where_there_are_twenty() -> None:
    """Monday morning is not Friday afternoon; with too few of them every hour counts."""
    others = [("filing", START - timedelta(days=3, hours=5), 60.0)] * 50

    def median(same: int) -> float:
        measured = ServiceTimes([*others, *[("filing", START - timedelta(days=7), 600.0)] * same])
        found = measured.of("filing", START)
        assert found is not None
        return float(np.median(found))

    assert (median(20), median(19)) == (600.0, 60.0)


def test_those_who_may_pass_are_counted() -> None:
    """Where special tickets keep coming, an ordinary person's range is longer, a special one's is not."""
    coming = {("A", TicketClass.SPECIAL): 1 / 120}
    forecast = Forecast(HALL, picture(1, 10, arrivals=coming), times([300.0] * 20))
    ordinary, special = forecast.predict("A", 10), forecast.predict("A", 10, TicketClass.SPECIAL)
    assert ordinary is not None
    assert special is not None
    assert special.median_seconds == 3000
    assert ordinary.median_seconds > 3600


def test_the_published_formulas() -> None:
    """As their makers state them (peers.md 1.3)."""
    given = FormulaInputs(position=4, windows=2, mean_seconds=300, shortest_seconds=60, call_gaps=(100, 200))
    assert expertflow(given) == 600
    assert vertical_wave(given) == 6 + 60 + 300 * 3 / 2
    assert shoretel(given) == 4 * (9 * 100 + 200) / 10
    nobody = FormulaInputs(position=1, windows=0, mean_seconds=300, shortest_seconds=60, call_gaps=())
    assert (expertflow(nobody), shoretel(nobody)) == (None, None)


def test_a_prediction_is_stored_with_its_ticket_and_scored(hall: TestHall) -> None:
    """From measured visits to a told range to the day's score, through the database."""
    desk = hall.sign_in("1")
    for _ in range(12):
        hall.issue()
        hall.next(desk)
        hall.clock.advance(280)
        hall.run(calling.finish, desk)
    forecaster = Forecaster(hall.hall, hall.database.reading, hall.clock)
    for _ in range(4):
        hall.clock.advance(1)
        given = hall.run(issue, request_for(), Bearer(), forecast=forecaster.current())
        assert given.prediction is not None
    with hall.database.reading.connect() as connection:
        offers = queue_board(connection, hall.hall, forecaster.current(), at=hall.clock.now()).services
    by_code = {offer.service: offer for offer in offers}
    assert (by_code["filing"].waiting, by_code["filing"].windows_open) == (4, 1)
    assert by_code["filing"].wait is not None
    assert by_code["enquiry"].wait is None
    for _ in range(4):
        hall.next(desk)
        hall.clock.advance(280)
        hall.run(calling.finish, desk)
    with hall.database.reading.connect() as connection:
        result = score_of_day(connection, hall.hall, business_day(hall.clock.now()))
    assert (result.tickets, result.coverage, result.compared) == (4, 1.0, 4)
    assert result.error is not None
    assert result.error < min(result.formula_errors.values())


def test_the_score_of_nobody_is_no_figure() -> None:
    """A day without ranges has no coverage, not a perfect one."""
    empty = score([])
    assert (empty.tickets, empty.coverage, empty.error, empty.formula_errors) == (0, None, None, {})


def test_the_score_counts_who_waited_longer_than_told() -> None:
    """Coverage is the share called by the upper end, and errors are over the same people."""
    formulas = dict.fromkeys(Formula, 100.0)
    told = [Told(Prediction(5, 10, 300, 500, 1, 1, formulas), waited) for waited in (200.0, 500.0, 600.0, 601.0)]
    told.append(Told(Prediction(5, 10, 300, 500, 1, 1, {}), 0.0))
    result = score(told)
    assert (result.tickets, result.coverage, result.early, result.compared) == (5, 0.8, 0.4, 4)
    assert result.error == pytest.approx((100 + 200 + 300 + 301) / 4)
    assert result.formula_errors[Formula.SHORETEL] == pytest.approx((100 + 400 + 500 + 501) / 4)


def test_a_forecast_is_read_once_a_second(hall: TestHall) -> None:
    """Requests of the same second share one forecast; the next second sees what has changed."""
    clock = ManualClock(START)
    forecaster = Forecaster(hall.hall, hall.database.reading, clock)
    first = forecaster.current()
    assert forecaster.current() is first
    hall.sign_in("1")
    clock.advance(1)
    assert forecaster.fresh is None
    assert (first.windows_open("A"), forecaster.current().windows_open("A")) == (0, 1)
