"""Filing while waiting: a call interrupts it, and it costs nobody a place; on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest

from kiosk.court.queueing import TicketStatus, WhileFiling
from provisioning.hub.queue import calling
from provisioning.hub.queue.filing import note_filing
from provisioning.hub.queue.problems import QueueProblem, QueueRefusedError
from provisioning.hub.queue.tickets import QueuedTicket, find_ticket
from tests.hub.queue.hall import TestHall


def tell(hall: TestHall, ticket_id: str, doing: WhileFiling) -> QueuedTicket:
    return hall.run(
        lambda connection, of, *, at: note_filing(connection, of, ticket_id, doing, by="DEV01", at=at),
    )


def stands(hall: TestHall, ticket_id: str) -> QueuedTicket:
    return hall.run(lambda connection, of, **_: find_ticket(connection, of, ticket_id))


def test_who_finishes_first_is_called_among_the_next(hall: TestHall) -> None:
    """The window serves others meanwhile; the old rank stands when the filing has ended."""
    one = hall.sign_in("1")
    filing = hall.issue().ticket.ticket_id
    hall.issue()
    hall.issue()
    tell(hall, filing, WhileFiling.BEGAN)
    called = hall.next(one)
    assert called is not None
    assert called.ticket_id == filing
    held = tell(hall, filing, WhileFiling.NOT_YET)
    assert (held.status, held.window) == (TicketStatus.HELD, None)
    assert tell(hall, filing, WhileFiling.NOT_YET).times_missed == 1
    assert hall.serve_next(one) == "A002"
    ended = tell(hall, filing, WhileFiling.ENDED)
    assert (ended.status, ended.rank, ended.filing_while_waiting) == (TicketStatus.WAITING, called.rank, False)
    assert [hall.serve_next(one) for _ in range(2)] == ["A001", "A003"]


def test_a_place_is_kept_as_often_as_the_policy_says(hall: TestHall) -> None:
    """`filing_returns` of this hall is two: the third call has to be followed."""
    one = hall.sign_in("1")
    filing = hall.issue().ticket.ticket_id
    for _ in range(2):
        tell(hall, filing, WhileFiling.BEGAN)
        assert hall.next(one) is not None
        tell(hall, filing, WhileFiling.NOT_YET)
        tell(hall, filing, WhileFiling.ENDED)
    tell(hall, filing, WhileFiling.BEGAN)
    assert hall.next(one) is not None
    with pytest.raises(QueueRefusedError) as refused:
        tell(hall, filing, WhileFiling.NOT_YET)
    assert refused.value.problem is QueueProblem.WRONG_STATUS
    assert stands(hall, filing).status is TicketStatus.CALLED


def test_only_who_files_may_let_a_call_pass(hall: TestHall) -> None:
    one = hall.sign_in("1")
    ticket = hall.issue().ticket.ticket_id
    assert hall.next(one) is not None
    for doing in (WhileFiling.NOT_YET, WhileFiling.BEGAN):
        with pytest.raises(QueueRefusedError):
            tell(hall, ticket, doing)


def test_what_staff_hold_stays_held(hall: TestHall) -> None:
    """The terminal's last word comes late: the person has long been at the window, and the matter waits there."""
    one = hall.sign_in("1")
    ticket = hall.issue().ticket.ticket_id
    tell(hall, ticket, WhileFiling.BEGAN)
    assert hall.next(one) is not None
    hall.run(calling.serve, one)
    hall.run(calling.hold, one, note="复印件")
    ended = tell(hall, ticket, WhileFiling.ENDED)
    assert (ended.status, ended.filing_while_waiting) == (TicketStatus.HELD, False)
    hall.run(calling.resume, one, ticket)
    hall.run(calling.finish, one)
    assert tell(hall, ticket, WhileFiling.ENDED).status is TicketStatus.FINISHED
