"""Check-in for an appointment from a terminal's desk, against the real hub: the number, its time, and every refusal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.agent.core import Agent
from kiosk.agent.ticket_messages import TicketRefusal, TicketView
from kiosk.agent.tickets import Arrival, NoTicketError
from kiosk.clock import SystemClock
from kiosk.court.queueing import TicketClass
from kiosk.court.uuid7 import uuid7
from provisioning.hub.queue import appointments
from provisioning.hub.queue.appointments import Appointment
from provisioning.hub.queue.issue import Bearer
from tests.hub.calling.office import CallingHall

PERSON = "110101199001010015"


class Midday(SystemClock):
    """The machine's clock moved to noon, so that an hour earlier and half a minute later are of the same day."""

    def __init__(self) -> None:
        now = super().now()
        self._moved = now.replace(hour=12, minute=0) - now

    def now(self) -> datetime:
        return super().now() + self._moved


class Reception:
    """A hall with bookings, and the terminal at which people check in. `book` makes a booking as if `ago` had passed
    since."""

    def __init__(self, folder: Path) -> None:
        self.clock = Midday()
        self.hall = CallingHall(folder / "hub", clock=self.clock)
        self._agent = Agent.open(folder / "data", self.hall.url, self.clock)

    def book(self, appointed: datetime, *, made: datetime | None = None) -> Appointment:
        hub = self.hall.hub
        bearer = Bearer(hub.personal.mac(PERSON), "张*")
        return self.hall.do(
            lambda c: appointments.book(
                c,
                hub.hall,
                service="materials",
                ticket_class=TicketClass.ORDINARY,
                appointed=appointed,
                bearer=bearer,
                by="test",
                at=made or self.clock.now(),
            )
        )

    def check_in(self, code: str = "", *, card: str = "") -> TicketView:
        now = self.clock.now()
        return self._agent.tickets.check_in(Arrival(uuid7(now), "ko", code, card, "张示例" if card else ""))

    def stop(self) -> None:
        self._agent.close()
        self.hall.stop()


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    made = Reception(tmp_path)
    yield made
    made.stop()


def refused(reception: Reception, code: str) -> TicketRefusal:
    with pytest.raises(NoTicketError) as found:
        reception.check_in(code)
    return found.value.reason


def test_the_number_says_for_which_time_and_comes_again_to_who_lost_it(reception: Reception) -> None:
    """By the code or by the card; the booked service goes before whatever else."""
    now = reception.clock.now()
    booked = reception.book(now + timedelta(seconds=30))
    ticket = reception.check_in(booked.code)
    assert (ticket.service, datetime.fromisoformat(ticket.appointed), ticket.late) == ("materials", booked.at, False)
    for again in (reception.check_in(booked.code), reception.check_in(card=PERSON)):
        assert (again.ticket_id, again.already, again.appointed) == (ticket.ticket_id, True, ticket.appointed)


def test_who_comes_late_is_told_so(reception: Reception) -> None:
    """After the grace period the place counts from now."""
    now = reception.clock.now()
    booked = reception.book(now - timedelta(hours=1), made=now - timedelta(hours=2))
    assert reception.check_in(booked.code).late


def test_each_refusal_says_what_is_the_matter(reception: Reception) -> None:
    """Unknown, another day, cancelled, used up, and a hub that does not answer."""
    now, hall = reception.clock.now(), reception.hall
    tomorrow = reception.book(now + timedelta(days=1))
    yesterday = reception.book(now - timedelta(days=1), made=now - timedelta(days=2))
    cancelled, used = reception.book(now + timedelta(seconds=30)), reception.book(now + timedelta(seconds=40))
    taken = {one.code for one in (tomorrow, yesterday, cancelled, used)}
    unknown = next(code for code in (f"{n:06d}" for n in range(9)) if code not in taken)
    hall.do(lambda c: appointments.cancel_appointment(c, hall.hub.hall, cancelled.appointment_id, by="test", at=now))
    reception.check_in(used.code)
    clerk = hall.at_window("window", "4")
    for deed in ("call", "serve", "finish"):
        clerk.now(deed)
    assert refused(reception, unknown) is TicketRefusal.APPOINTMENT_UNKNOWN
    assert refused(reception, tomorrow.code) is TicketRefusal.APPOINTMENT_EARLY
    assert refused(reception, yesterday.code) is TicketRefusal.APPOINTMENT_OVER
    assert refused(reception, cancelled.code) is TicketRefusal.APPOINTMENT_CANCELLED
    assert refused(reception, used.code) is TicketRefusal.APPOINTMENT_USED
    hall.stop()
    assert refused(reception, used.code) is TicketRefusal.APPOINTMENT_AWAY
