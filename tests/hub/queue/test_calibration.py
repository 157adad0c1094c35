"""The upper end of told ranges learns from what came of earlier ones, and only from what is known by then."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from provisioning.hub.queue import calling
from provisioning.hub.queue.calibration import FEWEST_RANGES, stretch_before, stretch_now
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.prediction import Prediction
from provisioning.hub.queue.schema import tickets
from tests.hub.queue.hall import TestHall

MANY = 10


def told(hall: TestHall, minutes: int) -> str:
    """A ticket whose bearer was told `minutes` as the upper end, unstretched."""
    ticket_id = hall.issue().ticket.ticket_id
    foretold = Prediction(5, minutes, 240.0, 60.0 * minutes, 1, 1, {}).as_json()

    def tell(connection: sa.Connection, *more: object, at: object) -> None:
        connection.execute(sa.update(tickets).where(tickets.c.ticket_id == ticket_id).values(prediction=foretold))

    hall.run(tell)
    return ticket_id


def now(hall: TestHall, before: float = 1.0) -> float:
    """The stretch at this moment."""
    with hall.database.reading.connect() as connection:
        return stretch_now(connection, hall.hall, before, at=hall.clock.now())


def test_who_waits_beyond_the_end_widens_what_is_told_next(hall: TestHall) -> None:
    """Nobody was called by the end that was told; it counts from that end on, whether called by now or not."""
    for _ in range(MANY):
        told(hall, 20)
    assert now(hall) == 1.0
    hall.clock.advance(19 * 60)
    assert now(hall) == 1.0
    hall.clock.advance(2 * 60)
    assert now(hall) == pytest.approx(1.144, abs=0.002)


def test_who_is_called_in_time_narrows_it_a_little_but_not_before_the_end(hall: TestHall) -> None:
    """A call that came early is not counted before those that may still come late: that would be a lucky choice."""
    desk = hall.sign_in("1")
    for _ in range(MANY):
        told(hall, 20)
    for _ in range(MANY):
        hall.serve_next(desk)
    assert now(hall) == 1.0
    hall.clock.advance(21 * 60)
    assert 0.98 < now(hall) < 1.0


def test_who_gives_up_is_not_counted(hall: TestHall) -> None:
    """A ticket that was cancelled before the end says nothing about the range."""
    ticket_id = told(hall, 20)
    hall.run(calling.cancel, ticket_id, by="DEV01")
    hall.clock.advance(21 * 60)
    assert now(hall) == 1.0


def test_one_bad_day_cannot_make_the_range_useless(hall: TestHall) -> None:
    """The stretch stays within its limits."""
    told(hall, 20)
    hall.clock.advance(21 * 60)
    assert now(hall, 2.0) == pytest.approx(2.0)


def test_a_day_begins_with_what_the_days_before_would_have_needed(hall: TestHall) -> None:
    """Everybody was called after a quarter of the told time: the next day begins narrower, but one day is believed only
    in part; what happens on the day itself is left to the day."""
    desk = hall.sign_in("1")
    for _ in range(FEWEST_RANGES):
        told(hall, 40)
    hall.clock.advance(10 * 60)
    for _ in range(FEWEST_RANGES):
        hall.serve_next(desk)

    def before(days: int) -> float:
        at = hall.clock.now() + timedelta(days=days)
        with hall.database.reading.connect() as connection:
            return stretch_before(connection, hall.hall, business_day(at), at=at)

    assert before(0) == 1.0
    assert 0.6 < before(1) < 0.95
    assert before(40) == 1.0
