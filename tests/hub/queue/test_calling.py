"""Windows and calling, on SQLite and PostgreSQL."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from kiosk.court.queueing import TicketClass, TicketStatus
from provisioning.hub.journal import faults
from provisioning.hub.push.schema import events
from provisioning.hub.queue import calling, windows
from provisioning.hub.queue.calling import SkipReason
from provisioning.hub.queue.policy import rank_of
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from provisioning.hub.queue.schema import visits
from provisioning.hub.queue.tickets import find_ticket
from provisioning.hub.queue.windows import Desk
from provisioning.hub.schema import journal
from tests.hub.queue.hall import TestHall


def refusal(problem: QueueProblem) -> pytest.RaisesExc[QueueRefusedError]:
    """Expect exactly this refusal."""
    return pytest.RaisesExc(QueueRefusedError, check=lambda error: error.problem is problem)


def journalled(hall: TestHall, action: str) -> list[dict[str, object]]:
    """Details of the journal entries of this action."""
    rows = hall.read(sa.select(journal.c.detail).where(journal.c.action == action))
    return [json.loads(row.detail) for row in rows]


def test_people_are_called_in_the_order_they_came(hall: TestHall) -> None:
    """First come, first served, each once, and then nobody."""
    desk = hall.sign_in("1")
    for _ in range(3):
        hall.issue()
        hall.clock.advance(60)
    assert [hall.serve_next(desk) for _ in range(4)] == ["A001", "A002", "A003", None]


def test_a_class_with_credit_passes_only_those_within_it(hall: TestHall) -> None:
    """A special ticket passes who came less than 15 minutes before it, and nobody else (S2-6, no starvation)."""
    desk = hall.sign_in("1")
    hall.issue()
    hall.clock.advance(10 * 60)
    hall.issue()
    hall.clock.advance(6 * 60)
    hall.special()
    assert [hall.serve_next(desk) for _ in range(3)] == ["A001", "A003", "A002"]


def test_a_window_prefers_its_own_queue_within_its_credit(hall: TestHall) -> None:
    """Window 3 counts people of B as ten minutes earlier; window 2 does not."""
    hall.issue("filing")
    hall.clock.advance(5 * 60)
    hall.issue("enquiry")
    three = hall.sign_in("3")
    assert hall.serve_next(three) == "B001"
    hall.clock.advance(60)
    hall.issue("enquiry")
    assert hall.serve_next(hall.sign_in("2")) == "A001"


def test_a_window_has_one_person_and_a_person_one_window(hall: TestHall) -> None:
    """Exclusive check-out of windows (the failing of others: one counter used by two)."""
    hall.sign_in("1", "li")
    hall.sign_in("1", "li")
    with refusal(QueueProblem.WINDOW_TAKEN):
        hall.sign_in("1", "wang")
    with refusal(QueueProblem.STAFF_ELSEWHERE):
        hall.sign_in("2", "li")
    with refusal(QueueProblem.NOT_SIGNED_IN):
        hall.next(Desk("1", "wang"))
    hall.run(windows.sign_out, Desk("1", "li"))
    hall.sign_in("1", "wang")
    hall.run(windows.release, "1", by="admin")
    with refusal(QueueProblem.NOT_SIGNED_IN):
        hall.next(Desk("1", "wang"))
    hall.sign_in("2", "li")
    assert [state.staff for state in hall.run(windows.window_states)] == [None, "li", None]


def test_a_released_window_hands_its_ticket_on(hall: TestHall) -> None:
    """Whoever takes over has the person who was there; nobody is forgotten at a window."""
    hall.issue()
    desk = hall.sign_in("1", "li")
    hall.next(desk)
    with refusal(QueueProblem.WINDOW_OCCUPIED):
        hall.run(windows.sign_out, desk)
    hall.run(windows.release, "1", by="admin")
    after = hall.sign_in("1", "wang")
    assert hall.run(calling.finish, after).ticket.label == "A001"
    assert journalled(hall, "window_released")


def test_one_ticket_at_a_window_and_none_while_paused(hall: TestHall) -> None:
    """A second press calls nobody away from the first; a paused window calls nobody."""
    hall.issue()
    hall.issue()
    desk = hall.sign_in("1")
    hall.next(desk)
    with refusal(QueueProblem.WINDOW_OCCUPIED):
        hall.next(desk)
    hall.run(calling.finish, desk)
    hall.run(windows.set_paused, desk, paused=True)
    with refusal(QueueProblem.WINDOW_PAUSED):
        hall.next(desk)
    hall.run(windows.set_paused, desk, paused=False)
    assert hall.serve_next(desk) == "A002"


def test_who_missed_the_call_comes_back_behind_three(hall: TestHall) -> None:
    """过号顺延: back in line behind the next three, ahead of everyone else."""
    desk = hall.sign_in("1")
    first = hall.issue().ticket
    for _ in range(5):
        hall.clock.advance(60)
        hall.issue()
    hall.next(desk)
    hall.run(calling.recall, desk)
    missed = hall.run(calling.no_show, desk)
    assert (missed.status, missed.times_called, missed.times_missed) == (TicketStatus.NO_SHOW, 2, 1)
    hall.run(calling.put_back, first.ticket_id, by="guide")
    order = [hall.serve_next(desk) for _ in range(6)]
    assert order == ["A002", "A003", "A004", "A001", "A005", "A006"]


def test_filing_while_waiting_keeps_the_place(hall: TestHall) -> None:
    """A call to someone who is still filing does not take their place; after two missed calls it is like any other."""
    desk = hall.sign_in("1")
    hall.issue(filing_while_waiting=True)
    missed = [hall.next(desk) and hall.run(calling.no_show, desk).status for _ in range(3)]
    assert missed == [TicketStatus.WAITING, TicketStatus.WAITING, TicketStatus.NO_SHOW]


def test_transfer_keeps_the_time_waited_and_brings_a_note(hall: TestHall) -> None:
    """Passed on with a note and in the place of the first arrival (parent chain of others: one ticket here)."""
    one, two = hall.sign_in("1"), hall.sign_in("2")
    hall.issue("filing")
    hall.clock.advance(60)
    hall.issue("enquiry")
    hall.next(one)
    passed = hall.run(calling.transfer, one, service="enquiry", note=" 需查案号 ")
    assert (passed.status, passed.queue_now, passed.label) == (TicketStatus.WAITING, "B", "A001")
    called = hall.next(two)
    assert called is not None
    assert (called.label, called.note) == ("A001", "需查案号")


def test_transfer_to_one_window_is_called_there_only(hall: TestHall) -> None:
    """A person passed on to a colleague waits for that colleague."""
    one, two, three = hall.sign_in("1"), hall.sign_in("2"), hall.sign_in("3")
    hall.issue("filing")
    hall.next(one)
    with refusal(QueueProblem.UNKNOWN_WINDOW):
        hall.run(calling.transfer, one, service="enquiry", note="", window="1")
    hall.run(calling.transfer, one, service="enquiry", note="", window="3")
    assert hall.next(two) is None
    called = hall.next(three)
    assert called is not None
    assert called.wanted_window is None


def test_a_class_taken_without_right_is_put_right(hall: TestHall) -> None:
    """Misuse of the lawyers' lane falls back to the ordinary queue (S1-24)."""
    one = hall.sign_in("1")
    hall.issue(ticket_class=TicketClass.PROFESSIONAL, proof="12201201910000000")
    hall.next(one)
    put = hall.run(calling.transfer, one, service="filing", note="", ticket_class=TicketClass.ORDINARY)
    assert put.ticket_class is TicketClass.ORDINARY
    assert put.rank == rank_of(hall.hall.configuration.policy, TicketClass.ORDINARY, put.counts_from)
    assert journalled(hall, "transferred")[0]["ticket_class"] == "ordinary"


def test_hold_frees_the_window_and_resume_calls_back(hall: TestHall) -> None:
    """暂缓: others are served meanwhile; the same person is called back to any free window."""
    one, two = hall.sign_in("1"), hall.sign_in("2")
    hall.issue()
    hall.issue()
    first = hall.next(one)
    assert first is not None
    hall.run(calling.serve, one)
    hall.run(calling.hold, one, note="复印")
    assert hall.serve_next(one) == "A002"
    back = hall.run(calling.resume, two, first.ticket_id)
    assert (back.status, back.window, back.note) == (TicketStatus.CALLED, "2", "复印")
    with refusal(QueueProblem.WRONG_STATUS):
        hall.run(calling.resume, one, first.ticket_id)


def test_several_services_in_one_visit(hall: TestHall) -> None:
    """After the first service the person waits for the next, counting from when they came; each is a matter (S2-16)."""
    one, two = hall.sign_in("1"), hall.sign_in("2")
    hall.issue("filing", further_services=("enquiry",))
    hall.clock.advance(60)
    hall.issue("enquiry")
    hall.next(one)
    done = hall.run(calling.finish, one)
    assert done.goes_on
    assert done.ticket.service == "enquiry"
    assert hall.next(two) == hall.run(find_ticket_at, done.ticket.ticket_id)
    last = hall.run(calling.finish, two)
    assert not last.goes_on
    assert last.matter == f"{done.matter}:2"


def find_ticket_at(connection: sa.Connection, hall: object, ticket_id: str, *, at: object) -> object:
    """`find_ticket` in the form of a job."""
    return find_ticket(connection, hall, ticket_id)  # type: ignore[arg-type]


def test_skipping_ahead_needs_a_reason_and_is_written_down(hall: TestHall) -> None:
    """Called out of turn: who, why and how many were passed stands in the hash-chained journal."""
    desk = hall.sign_in("1")
    for _ in range(3):
        last = hall.issue().ticket
    with refusal(QueueProblem.REASON_MISSING):
        hall.run(calling.call_out_of_turn, desk, last.ticket_id, reason=SkipReason.OTHER, note=" ")
    hall.run(calling.call_out_of_turn, desk, last.ticket_id, reason=SkipReason.HEARING_SOON, note="")
    (entry,) = journalled(hall, "called_out_of_turn")
    assert (entry["reason"], entry["passed"], entry["window"]) == ("hearing_soon", 2, "1")
    with hall.database.reading.connect() as connection:
        assert faults(connection) == []


def test_a_call_by_mistake_is_undone(hall: TestHall) -> None:
    """The ticket has its old place again."""
    desk = hall.sign_in("1")
    hall.issue()
    hall.clock.advance(60)
    hall.issue()
    hall.next(desk)
    hall.run(calling.undo_call, desk)
    assert hall.serve_next(desk) == "A001"


def test_cancelling_frees_the_window(hall: TestHall) -> None:
    """A person who goes away is not called, and not served twice."""
    desk = hall.sign_in("1")
    ticket = hall.issue().ticket
    hall.next(desk)
    cancelled = hall.run(calling.cancel, ticket.ticket_id, by="DEV01")
    assert cancelled.status is TicketStatus.CANCELLED
    assert hall.run(calling.cancel, ticket.ticket_id, by="DEV01") == cancelled
    served = hall.issue().ticket
    hall.next(desk)
    hall.run(calling.serve, desk)
    with refusal(QueueProblem.WRONG_STATUS):
        hall.run(calling.cancel, served.ticket_id, by="DEV01")


def test_displays_learn_no_name_and_no_id(hall: TestHall) -> None:
    """The waiting area is told number, window and masked name (S1-25); the ticket's own page its id."""
    desk = hall.sign_in("1")
    ticket = hall.issue().ticket
    hall.next(desk)
    rows = hall.read(sa.select(events.c.kind, events.c.audience, events.c.data))
    called = {row.audience for row in rows if row.kind == "ticket_called"}
    assert called == {"queue", "window:1", f"ticket:{ticket.ticket_id}"}
    (display,) = [json.loads(row.data) for row in rows if row.kind == "announcement"]
    assert (display["number"], display["window"]) == ("A001", "1")
    assert not any(ticket.ticket_id in row.data for row in rows if row.audience == "display")


def test_a_visit_counts_the_time_the_window_was_its_own(hall: TestHall) -> None:
    """The turn to the next person is part of what the next one costs, an idle hour is not."""
    desk = hall.sign_in("1")
    hall.issue()
    hall.next(desk)
    hall.issue()
    hall.clock.advance(300)
    hall.run(calling.finish, desk)
    hall.clock.advance(20)
    hall.serve_next(desk)
    hall.clock.advance(3600)
    hall.issue()
    hall.serve_next(desk)
    rows = hall.read(sa.select(visits.c.called, visits.c.occupied_from, visits.c.ended).order_by(visits.c.called))
    assert [round((row.ended - row.occupied_from).total_seconds()) for row in rows] == [300, 20, 0]
