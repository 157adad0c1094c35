"""The queue against a simple model: whatever windows do, numbers have no double and no gap, nobody is called twice, the
lowest rank is called, and nobody is passed by someone who came later than the policy's credit allows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kiosk.clock import ManualClock
from kiosk.court.queueing import TicketClass, TicketStatus
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import prepare_data
from provisioning.hub.queue import calling
from provisioning.hub.queue.board import tickets_today
from provisioning.hub.queue.policy import largest_credit
from provisioning.hub.queue.tickets import QueuedTicket
from tests.hub.queue.hall import START, TestHall

DUTIES = {"1": {"A": 0}, "2": {"A": 0, "B": 0}, "3": {"B": 10, "A": 0, "C": 0}}
CREDIT = {TicketClass.ORDINARY: 0, TicketClass.SPECIAL: 15}


@dataclass
class Modelled:
    """What the model knows of a ticket: where it waits, since when it counts, whether it was put back."""

    ticket_id: str
    queue: str
    counts_from: datetime
    ticket_class: TicketClass
    status: TicketStatus = TicketStatus.WAITING
    window: str | None = None
    filing: bool = False
    missed: int = 0
    was_put_back: bool = False


class QueueMachine(RuleBasedStateMachine):
    """Rules are presses; the model is a list."""

    make_hall: Callable[[], TestHall]

    @initialize()
    def open(self) -> None:
        """A fresh hall with a person at each window."""
        self.hall = type(self).make_hall()
        self.desks = {window: self.hall.sign_in(window) for window in DUTIES}
        self.tickets: dict[str, Modelled] = {}
        self.issued = {"A": 0, "B": 0}
        self.finished: list[str] = []

    def teardown(self) -> None:
        """Close the hall."""
        if hasattr(self, "hall"):
            self.hall.close()
            self.hall.database.close()

    def at(self, window: str) -> Modelled | None:
        """Who is at a window."""
        return next((one for one in self.tickets.values() if one.window == window), None)

    @rule(seconds=st.sampled_from([1, 60, 600]))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.hall.clock.advance(seconds)

    @rule(
        service=st.sampled_from(["filing", "enquiry"]),
        ticket_class=st.sampled_from(list(CREDIT)),
        filing=st.booleans(),
    )
    def issue(self, service: str, ticket_class: TicketClass, filing: bool) -> None:
        """Somebody takes a number: the next one."""
        given = self.hall.issue(service, ticket_class=ticket_class, filing_while_waiting=filing).ticket
        self.issued[given.queue] += 1
        assert given.number == self.issued[given.queue]
        assert given.ticket_id not in self.tickets
        self.tickets[given.ticket_id] = Modelled(
            given.ticket_id, given.queue, given.counts_from, ticket_class, filing=filing
        )

    @rule(window=st.sampled_from(list(DUTIES)))
    def call_next(self, window: str) -> None:
        """One press: the first of the queues of this window by stated policy, and nobody who is called already."""
        if self.at(window) is not None:
            with pytest.raises(calling.QueueRefusedError):
                self.hall.next(self.desks[window])
            return
        called = self.hall.next(self.desks[window])
        candidates = [
            one for one in self.tickets.values() if one.status is TicketStatus.WAITING and one.queue in DUTIES[window]
        ]
        if called is None:
            assert not candidates
            return
        chosen = self.tickets[called.ticket_id]
        assert chosen in candidates

        def effective(one: Modelled) -> datetime:
            return one.counts_from - timedelta(minutes=CREDIT[one.ticket_class] + DUTIES[window][one.queue])

        regular = [one for one in candidates if not one.was_put_back]
        if not chosen.was_put_back:
            assert effective(chosen) == min(map(effective, regular))
        allowed = largest_credit(self.hall.hall.configuration)
        assert all(chosen.counts_from - one.counts_from <= allowed for one in regular)
        chosen.status, chosen.window = TicketStatus.CALLED, window

    def press(self, window: str, act: Callable[..., object], **named: object) -> QueuedTicket:
        """A press about the ticket at `window`."""
        result = self.hall.run(act, self.desks[window], **named)
        ticket = result.ticket if isinstance(result, calling.Finished) else result
        assert isinstance(ticket, QueuedTicket)
        one = self.tickets[ticket.ticket_id]
        assert one is self.at(window)
        one.status = ticket.status
        if ticket.status not in (TicketStatus.CALLED, TicketStatus.SERVING):
            one.window = None
        return ticket

    @precondition(lambda self: any(self.at(window) for window in DUTIES))
    @rule(data=st.data())
    def act_at_a_window(self, data: st.DataObject) -> None:
        """Whatever may be done with the person at a window."""
        window = data.draw(st.sampled_from([window for window in DUTIES if self.at(window)]))
        one = self.at(window)
        assert one is not None
        acts = ["finish", "transfer", "hold"]
        if one.status is TicketStatus.CALLED:
            acts += ["recall", "serve", "no_show", "undo"]
        match data.draw(st.sampled_from(acts)):
            case "finish":
                self.press(window, calling.finish)
                self.finished.append(one.ticket_id)
            case "transfer":
                service = data.draw(st.sampled_from(["filing", "enquiry"]))
                one.queue = self.press(window, calling.transfer, service=service, note="").queue_now
                one.was_put_back = False
            case "hold":
                self.press(window, calling.hold, note="")
            case "recall":
                self.press(window, calling.recall)
            case "serve":
                self.press(window, calling.serve)
            case "undo":
                self.press(window, calling.undo_call)
            case "no_show":
                one.missed += 1
                after = self.press(window, calling.no_show)
                kept = one.filing and one.missed <= 2
                assert after.status is (TicketStatus.WAITING if kept else TicketStatus.NO_SHOW)
                one.was_put_back = True

    @precondition(lambda self: any(one.status is TicketStatus.NO_SHOW for one in self.tickets.values()))
    @rule(data=st.data())
    def put_back(self, data: st.DataObject) -> None:
        """Someone who missed the call asks: behind at most three, never before who came first."""
        missed = [one for one in self.tickets.values() if one.status is TicketStatus.NO_SHOW]
        one = data.draw(st.sampled_from(missed))
        self.hall.run(calling.put_back, one.ticket_id, by="guide")
        one.status = TicketStatus.WAITING
        waiting = self.hall.run(tickets_today, TicketStatus.WAITING)
        line = [ticket.ticket_id for ticket in waiting if ticket.queue_now == one.queue]
        before = line[: line.index(one.ticket_id)]
        later = [other for other in before if self.tickets[other].counts_from > one.counts_from]
        assert len(later) <= 3

    @precondition(lambda self: any(one.status is TicketStatus.HELD for one in self.tickets.values()))
    @rule(data=st.data(), window=st.sampled_from(list(DUTIES)))
    def resume(self, data: st.DataObject, window: str) -> None:
        """A held person is called back to a free window."""
        if self.at(window) is not None:
            return
        one = data.draw(st.sampled_from([one for one in self.tickets.values() if one.status is TicketStatus.HELD]))
        self.hall.run(calling.resume, self.desks[window], one.ticket_id)
        one.status, one.window = TicketStatus.CALLED, window

    @invariant()
    def agrees(self) -> None:
        """The hub holds exactly what the model holds: no double, no gap, nobody lost."""
        if not hasattr(self, "hall"):
            return
        held = {ticket.ticket_id: ticket for ticket in self.hall.run(tickets_today)}
        assert held.keys() == self.tickets.keys()
        for ticket_id, one in self.tickets.items():
            ticket = held[ticket_id]
            where = ticket.window if ticket.status in (TicketStatus.CALLED, TicketStatus.SERVING) else None
            assert (ticket.status, ticket.queue_now, where) == (one.status, one.queue, one.window)
        for queue, count in self.issued.items():
            assert self.hall.numbers(queue) == list(range(1, count + 1))
        assert len(set(self.finished)) == len(self.finished)


@pytest.mark.parametrize(("engine", "examples"), [("sqlite", 40), ("postgresql", 12)])
def test_the_queue_keeps_its_policy(request: pytest.FixtureRequest, engine: str, examples: int) -> None:
    """State machine over issue, call, recall, no-show, put back, transfer, hold, resume and finish (S2-6, N3)."""
    with tempfile.TemporaryDirectory(prefix="hall-") as folder:
        count = iter(range(10_000))

        def make_hall() -> TestHall:
            url = request.getfixturevalue("postgres").database() if engine == "postgresql" else None
            data = DataDirectory(Path(folder) / str(next(count)))
            return TestHall(prepare_data(data, url, ManualClock(START)))

        machine = type("Machine", (QueueMachine,), {"make_hall": staticmethod(make_hall)})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
