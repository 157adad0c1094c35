"""After a restore no number is given twice on that day, whatever was given since the backup (reliability; N8, S2-6)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock import CHINA
from kiosk.court.queueing import Lease, LeaseRequest, OfflineAccepted, OfflineTicket, OfflineTickets
from provisioning.hub.alarms import AlarmKind, waiting
from provisioning.hub.journal import faults
from provisioning.hub.queue.board import queue_board
from provisioning.hub.queue.config import QueueConfiguration, parse_queues
from provisioning.hub.queue.forecaster import Forecaster
from provisioning.hub.queue.issue import Bearer
from provisioning.hub.queue.leases import accept_offline, lease
from provisioning.hub.queue.left_out import (
    Restored,
    goes_on_after,
    leave_out,
    left_out_around,
    left_out_today,
    note_restore,
)
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from tests.hub.queue.hall import SMALL, START, TestHall, request_for, small_configuration

MARGIN = 100


def _restore(hall: TestHall, *, minutes_ago: int = 0, times: int = 1) -> None:
    now = hall.clock.now()
    restored = Restored(7, now - timedelta(minutes=minutes_ago), now, times)
    hall.writer.submit(lambda connection: note_restore(connection, restored)).result(30)


def _offline(lease_id: UUID, number: int, order: int, at: datetime) -> OfflineTicket:
    return OfflineTicket(
        ticket_id=uuid4(), lease_id=lease_id, number=number, order=order, issued=at, request=request_for()
    )


def _bring(hall: TestHall, *tickets: OfflineTicket) -> OfflineAccepted:
    sent = OfflineTickets(terminal="DEV01", tickets=tickets)
    return hall.run(accept_offline, sent, {ticket.ticket_id: Bearer() for ticket in tickets})


def test_a_restored_hub_goes_on_beyond_what_it_cannot_know(hall: TestHall) -> None:
    """Next full hundred, then margin and minutes; on record for staff, the journal and the list of alarms."""
    assert [hall.issue().ticket.label for _ in range(3)] == ["A001", "A002", "A003"]
    _restore(hall, minutes_ago=30)
    assert {gap.label for gap in hall.run(leave_out)} == {"A004–A300", "B001–B200", "C001–C200"}
    assert hall.run(leave_out) == []
    assert (hall.issue().ticket.label, hall.issue("enquiry").ticket.label) == ("A301", "B201")
    with hall.database.reading.connect() as connection:
        alarm = next(one for one in waiting(connection) if one.kind is AlarmKind.NUMBERS_LEFT_OUT)
        assert alarm.detail == "A004–A300, B001–B200, C001–C200"
        shown = left_out_today(connection, hall.hall, at=hall.clock.now())
        assert [gap.queue for gap in shown] == ["A", "B", "C"]
        day = START.date()
        for number, left_out in ((3, False), (4, True), (300, True), (301, False)):
            assert (left_out_around(connection, hall.hall, "A", number, day=day) is not None) is left_out
        assert faults(connection) == []


def test_a_hub_that_was_never_restored_leaves_nothing_out(hall: TestHall) -> None:
    """The ordinary opening."""
    assert hall.run(leave_out) == []
    assert hall.issue().ticket.label == "A001"


def test_the_next_day_begins_at_one(hall: TestHall) -> None:
    """Only the day of the first opening is concerned, however often the hub is opened later."""
    _restore(hall)
    hall.run(leave_out)
    hall.clock.advance(24 * 3600)
    assert hall.run(leave_out) == []
    assert hall.issue().ticket.label == "A001"


def test_a_queue_that_is_new_on_that_day_is_treated_alike(hall: TestHall) -> None:
    """A court that corrects queues.toml after the restore."""
    whole = hall.hall
    without_b = SMALL.replace('code = "B"\n', 'code = "D"\n').replace('"B"', '"D"')
    _restore(hall)
    now = hall.clock.now()
    smaller = TestHall(hall.database, parse_queues(without_b, "test"))
    smaller.run(leave_out)
    smaller.close()
    found = hall.writer.submit(lambda c: leave_out(c, whole, at=now)).result(30)
    assert [gap.queue for gap in found] == ["B"]


def test_a_daily_cap_is_lifted_by_what_was_left_out(hall: TestHall) -> None:
    """The restore costs nobody a number: queue C gives three a day, before or after."""
    _restore(hall)
    hall.run(leave_out)
    board = hall.writer.submit(
        lambda c: queue_board(
            c,
            hall.hall,
            Forecaster(hall.hall, hall.database.reading, hall.clock).current(),
            at=hall.clock.now(),
        )
    ).result(30)
    assert next(offer for offer in board.services if offer.service == "tour").closed is None
    assert [hall.issue("tour").ticket.number for _ in range(3)] == [101, 102, 103]
    with pytest.raises(QueueRefusedError) as refused:
        hall.issue("tour")
    assert refused.value.problem is QueueProblem.CAP_REACHED


def test_a_lease_of_the_lost_hours_is_taken_up_again(hall: TestHall) -> None:
    """A terminal issued from a lease that the backup does not know: its people keep their numbers, each once."""
    lost = uuid4()
    given_at = hall.clock.now()
    hall.clock.advance(60)
    _restore(hall, minutes_ago=5)
    hall.run(leave_out)
    first, second = _offline(lost, 12, 1, given_at), _offline(lost, 11, 2, given_at)
    assert _bring(hall, first, second).refused == ()
    assert _bring(hall, first, second).refused == ()
    twice = _offline(lost, 12, 3, given_at)
    assert _bring(hall, twice).refused == (twice.ticket_id,)
    assert hall.issue().ticket.number > 100


@pytest.mark.parametrize("number", [2, 5, 401])
def test_an_unknown_lease_outside_what_was_left_out_is_refused(hall: TestHall, number: int) -> None:
    """A copied disk gains nothing from a restore: not a number of the backup, not one given after it."""
    for _ in range(5):
        hall.issue()
    _restore(hall)
    hall.run(leave_out)
    foreign = _offline(uuid4(), number, 1, hall.clock.now())
    assert _bring(hall, foreign).refused == (foreign.ticket_id,)


def test_a_new_lease_lies_beyond_too(hall: TestHall) -> None:
    """Leases take their numbers from the same counter."""
    _restore(hall)
    hall.run(leave_out)
    block: Lease = hall.run(lease, LeaseRequest(request_id=uuid4(), terminal="DEV01", queue="A", size=20))
    assert (block.first, block.last) == (101, 120)


def test_what_an_earlier_day_left_open_is_ended(hall: TestHall) -> None:
    """The day's first number is not 1 then, which ordinarily ends the days before."""
    hall.issue()
    hall.clock.advance(24 * 3600)
    _restore(hall)
    hall.run(leave_out)
    with hall.database.reading.connect() as connection:
        open_ones = sa.text("SELECT count(*) FROM queue_tickets WHERE status = 'waiting'")
        assert connection.scalar(open_ones) == 0


def _with_hours() -> QueueConfiguration:
    return parse_queues('hours = [{ opens = "09:00:00", closes = "17:00:00" }]\n' + SMALL, "test")


def test_minutes_count_from_the_opening_of_the_hall() -> None:
    """A backup of the night and a restore at 10:00: one hour of numbers, not eight."""
    at = datetime.combine(START.date(), time(10), tzinfo=CHINA)
    restored = Restored(1, at - timedelta(hours=8), at, 1)
    assert goes_on_after(0, restored, _with_hours(), at=at) == 200
    assert goes_on_after(0, restored, small_configuration(), at=at) == 600
    early = at - timedelta(hours=2)
    assert goes_on_after(0, restored, _with_hours(), at=early) == 100


@given(
    last=st.integers(0, 400),
    lives=st.lists(st.tuples(st.integers(0, 300), st.floats(0, 1)), min_size=1, max_size=5),
)
def test_no_life_of_a_backup_reaches_into_the_next(last: int, lives: list[tuple[int, float]]) -> None:
    """However often one backup is restored on a day: what each life gives, up to the margin at once and one number a
    minute, is never given again."""
    configuration = small_configuration()
    finished = datetime.combine(START.date(), time(0, 1), tzinfo=CHINA)
    at, reached = finished, last
    for times, (minutes, share) in enumerate([(5, 1.0), *lives]):
        if times:
            begin = goes_on_after(last, Restored(1, finished, at, times), configuration, at=at)
            assert begin >= reached
            reached = begin
        at += timedelta(minutes=minutes)
        reached += int(share * (MARGIN + minutes))
