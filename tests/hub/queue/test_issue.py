"""Issuing, leases, appointments, the turn of the day and the board, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from kiosk.court.queueing import (
    LeaseRequest,
    OfflineAccepted,
    OfflineTicket,
    OfflineTickets,
    TicketClass,
    TicketStatus,
)
from provisioning.hub.data import DataError
from provisioning.hub.personal import PersonalIndex, SummaryDamagedError
from provisioning.hub.queue import appointments, board, calling, leases
from provisioning.hub.queue.api import masked
from provisioning.hub.queue.appointments import AppointmentStatus
from provisioning.hub.queue.config import default_queues, parse_queues
from provisioning.hub.queue.issue import Bearer, Issued, issue
from provisioning.hub.queue.problems import QueueProblem
from provisioning.hub.queue.schema import tickets, visits
from provisioning.hub.queue.tickets import proof_of
from provisioning.hub.schema import alarms, read_setting, upgrade, write_setting
from tests.hub.queue.hall import SMALL, TestHall, request_for
from tests.hub.queue.test_calling import refusal

PERSON = "a" * 64


# Issuing


def test_the_same_request_gives_the_same_ticket(hall: TestHall) -> None:
    """A terminal that heard no answer asks again and gets what it was given (N3)."""
    request = request_for()
    first = hall.run(issue, request, Bearer())
    again = [hall.run(issue, request, Bearer()) for _ in range(3)]
    assert {one.ticket for one in again} == {first.ticket}
    assert not any(one.already for one in again)
    assert hall.numbers("A") == [1]


def test_a_person_has_one_active_ticket_a_day(hall: TestHall) -> None:
    """Taking a number a second time gives the first one; after being served, or another day, a new one."""
    first = hall.issue(person=PERSON)
    second = hall.issue("enquiry", person=PERSON)
    assert (second.ticket.label, second.already) == (first.ticket.label, True)
    desk = hall.sign_in("1")
    hall.serve_next(desk)
    assert hall.issue(person=PERSON).ticket.label == "A002"
    hall.clock.advance(24 * 3600)
    assert hall.issue(person=PERSON).ticket.label == "A001"


def test_what_is_not_offered_is_refused_and_takes_no_number(hall: TestHall) -> None:
    """Unknown services, classes that are not to be had, a lawyer without a licence number (S1-24)."""
    with refusal(QueueProblem.UNKNOWN_SERVICE):
        hall.issue("unknown")
    with refusal(QueueProblem.UNKNOWN_SERVICE):
        hall.issue("filing", further_services=("unknown",))
    with refusal(QueueProblem.CLASS_NOT_OFFERED):
        hall.issue("filing", ticket_class=TicketClass.ENTERPRISE)
    with refusal(QueueProblem.PROOF_MISSING):
        hall.issue("filing", ticket_class=TicketClass.PROFESSIONAL)
    assert hall.issue("filing").ticket.label == "A001"


def test_a_capped_queue_ends_at_its_cap_without_a_gap(hall: TestHall) -> None:
    """The fourth number of a queue for three is refused, and the counter stands at three."""
    for _ in range(3):
        hall.issue("tour")
    for _ in range(2):
        with refusal(QueueProblem.CAP_REACHED):
            hall.issue("tour")
    with refusal(QueueProblem.CAP_REACHED):
        hall.run(leases.lease, LeaseRequest(request_id=uuid4(), terminal="DEV01", queue="C", size=1))
    assert hall.numbers("C") == [1, 2, 3]


@pytest.mark.parametrize("place", ['queue = "A"', 'queue = "C"\nclasses = ["ordinary"]\nroutes = { ordinary = "A" }'])
def test_a_filing_queue_may_have_no_cap(place: str) -> None:
    """限号立案 is banned: a daily cap on a queue with a filing service is refused at load (N8)."""
    capped = SMALL.replace('code = "A"', 'code = "A"\ndaily_cap = 50')
    with pytest.raises(DataError, match="daily_cap"):
        parse_queues(
            capped.replace('queue = "A"\nclasses = ["ordinary", "special", "professional"]', place), "queues.toml"
        )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('queue = "B"\nclasses', 'queue = "D"\nclasses', "there is no queue D"),
        ('code = "B"', 'code = "A"', "queue A stands there twice"),
        ('{ queue = "A" }, { queue = "C" }', '{ queue = "A" }', "no window serves queue C"),
        ("places_back = 3", "places_back = -1", "policy.places_back"),
        ("filing = true", "filing = 1 1", "queues.toml"),
        ('code = "tour"', 'code = "tour"\nunknown = 1', "services.2.unknown"),
        ('classes = ["ordinary", "special"]', 'classes = ["ordinary"]\nroutes = { special = "A" }', "routes special"),
    ],
)
def test_a_wrong_configuration_names_its_place(old: str, new: str, said: str) -> None:
    """Whoever writes queues.toml is told where it is wrong, before anybody takes a number."""
    assert old in SMALL
    with pytest.raises(DataError, match=said):
        parse_queues(SMALL.replace(old, new), "queues.toml")


def test_the_development_court_has_six_windows() -> None:
    """Every class of the two opinions has its place: special, enterprise, advice, expedited, professionals (S2-6,
    S2-25, S2-29, S1-24), and 办不成事 and the leader's reception have a queue (S2-11, S2-12)."""
    queues = default_queues()
    assert len(queues.windows) == 6
    assert {kind for service in queues.services for kind in service.classes} == set(TicketClass)
    assert {"unresolved", "reception"} <= set(queues.by_service)


# The turn of the day


def test_a_new_day_begins_at_one_and_ends_the_old(hall: TestHall) -> None:
    """Numbers begin anew, windows are free, nobody of yesterday is called; a visit nobody ended measures nothing."""
    desk = hall.sign_in("1")
    hall.issue(person=PERSON)
    hall.issue()
    hall.next(desk)
    hall.clock.advance(15 * 3600 + 1)
    with refusal(QueueProblem.NOT_SIGNED_IN):
        hall.next(desk)
    assert hall.issue().ticket.label == "A001"
    desk = hall.sign_in("1", "somebody else")
    assert hall.serve_next(desk) == "A001"
    assert hall.serve_next(desk) is None
    rows = hall.read(sa.select(tickets.c.status, sa.func.count()).group_by(tickets.c.status))
    assert {row.status: row[1] for row in rows} == {"cancelled": 2, "finished": 1}
    assert {row.outcome for row in hall.read(sa.select(visits.c.outcome))} == {"day_ended", "finished"}


def test_midnight_is_china_midnight(hall: TestHall) -> None:
    """The business day is the court's, whatever zone the clock speaks."""
    hall.clock.advance(15 * 3600 - 1)
    late = hall.issue().ticket
    hall.clock.advance(2)
    early = hall.issue().ticket
    assert early.business_day - late.business_day == timedelta(days=1)
    assert (late.label, early.label) == ("A001", "A001")


# Leases


def take_lease(hall: TestHall, size: int = 3, terminal: str = "DEV01") -> leases.Lease:
    """A block of A."""
    return hall.run(leases.lease, LeaseRequest(request_id=uuid4(), terminal=terminal, queue="A", size=size))


def offline(hall: TestHall, held: leases.Lease, number: int, order: int, **more: object) -> OfflineTicket:
    """A ticket that a terminal issued from `held` now."""
    fields: dict[str, object] = {
        "ticket_id": uuid4(),
        "lease_id": held.lease_id,
        "number": number,
        "order": order,
        "issued": hall.clock.now(),
        "request": request_for(),
    }
    return OfflineTicket.model_validate(fields | more)


def bring_in(
    hall: TestHall, *given: OfflineTicket, terminal: str = "DEV01", person: str | None = None
) -> OfflineAccepted:
    """Sync."""
    bearers: dict[UUID, Bearer] = {ticket.ticket_id: Bearer(person=person) for ticket in given}
    return hall.run(leases.accept_offline, OfflineTickets(terminal=terminal, tickets=given), bearers)


def test_leases_and_tickets_never_share_a_number(hall: TestHall) -> None:
    """Blocks and single numbers come from one counter; the same request gives the same block."""
    hall.issue()
    request = LeaseRequest(request_id=uuid4(), terminal="DEV01", queue="A", size=5)
    first, again = hall.run(leases.lease, request), hall.run(leases.lease, request)
    assert first == again
    other = take_lease(hall, 2, "DEV02")
    assert (first.first, first.last, other.first, other.last) == (2, 6, 7, 8)
    assert hall.issue().ticket.label == "A009"


def test_offline_tickets_come_in_once_and_keep_their_place(hall: TestHall) -> None:
    """Sent twice they are there once; they count from when they were taken, not from when the network came back."""
    held = take_lease(hall)
    hall.clock.advance(60)
    first, second = offline(hall, held, 1, 1), offline(hall, held, 2, 2)
    hall.clock.advance(60)
    hall.issue()
    hall.clock.advance(600)
    for _ in range(2):
        accepted = bring_in(hall, second, first)
        assert accepted.accepted == (first.ticket_id, second.ticket_id)
    desk = hall.sign_in("1")
    assert [hall.serve_next(desk) for _ in range(4)] == ["A001", "A002", "A004", None]


def test_a_copied_disk_is_refused_and_staff_are_alarmed(hall: TestHall) -> None:
    """Numbers outside the terminal's lease, given twice, or a place in the order given twice do not come in."""
    held = take_lease(hall)
    good = offline(hall, held, 1, 1)
    assert bring_in(hall, good).accepted == (good.ticket_id,)
    for wrong in (
        offline(hall, held, 4, 2),
        offline(hall, held, 1, 2),
        offline(hall, held, 2, 1),
        offline(hall, held, 2, 2, lease_id=uuid4()),
        offline(hall, held, 2, 2, request=good.request),
        good.model_copy(update={"number": 2}),
    ):
        assert bring_in(hall, wrong).refused == (wrong.ticket_id,)
    foreign = offline(hall, held, 2, 2)
    assert bring_in(hall, foreign, terminal="DEV02").refused == (foreign.ticket_id,)
    assert hall.numbers("A") == [1]
    assert {row.terminal for row in hall.read(sa.select(alarms.c.terminal))} == {"DEV01", "DEV02"}


def test_a_terminal_cannot_reach_back_in_time(hall: TestHall) -> None:
    """A wrong clock gains nothing: a ticket counts at the earliest from its lease and at the latest from now."""
    hall.issue()
    hall.clock.advance(60)
    held = take_lease(hall)
    past = offline(hall, held, held.first, 1, issued=hall.clock.now() - timedelta(days=3))
    future = offline(hall, held, held.first + 1, 2, issued=hall.clock.now() + timedelta(days=3))
    bring_in(hall, past, future)
    issued = [row.issued for row in hall.read(sa.select(tickets.c.issued).order_by(tickets.c.number))]
    assert issued == sorted(issued)
    assert issued[-1] == hall.clock.now()


def test_offline_tickets_of_yesterday_are_on_record_only(hall: TestHall) -> None:
    """A terminal that comes back the next day disturbs nobody's order."""
    held = take_lease(hall)
    late = offline(hall, held, 1, 1)
    hall.clock.advance(24 * 3600)
    assert bring_in(hall, late).accepted == (late.ticket_id,)
    (row,) = hall.read(sa.select(tickets.c.status, tickets.c.business_day))
    assert (row.status, row.business_day) == (TicketStatus.CANCELLED.value, held.business_day)
    assert hall.issue().ticket.label == "A001"


def test_a_second_number_taken_offline_does_not_stand(hall: TestHall) -> None:
    """One active ticket per person, also where one of them was taken while the hub did not answer."""
    hall.issue(person=PERSON)
    held = take_lease(hall)
    second = offline(hall, held, held.first, 1)
    assert bring_in(hall, second, person=PERSON).accepted == (second.ticket_id,)
    desk = hall.sign_in("1")
    assert [hall.serve_next(desk) for _ in range(2)] == ["A001", None]


# Appointments


def booked(hall: TestHall, minutes: int, person: str | None = None) -> appointments.Appointment:
    """An appointment for filing in so many minutes."""
    return hall.run(
        appointments.book,
        service="filing",
        ticket_class=TicketClass.ORDINARY,
        appointed=hall.clock.now() + timedelta(minutes=minutes),
        bearer=Bearer(person=person, masked_name="张*"),
        by="12368",
    )


def check_in(hall: TestHall, *, code: str | None = None, person: str | None = None) -> Issued:
    """Arrive."""
    request = request_for("booked")
    return hall.run(appointments.check_in, request, Bearer(person=person), code=code)


def test_an_appointment_counts_from_the_appointed_time(hall: TestHall) -> None:
    """Coming early gains nothing, coming in time passes those within the credit; the booking gives one number, told
    again to whoever lost the slip, and used up once it was called and served."""
    appointment = booked(hall, 30)
    desk = hall.sign_in("1")
    given = check_in(hall, code=appointment.code)
    assert given.ticket.masked_name == "张*"
    again = check_in(hall, code=appointment.code)
    assert (again.ticket, again.already) == (given.ticket, True)
    hall.clock.advance(15 * 60)
    hall.issue()
    hall.clock.advance(10 * 60)
    hall.issue()
    assert [hall.serve_next(desk) for _ in range(3)] == ["A002", "A001", "A003"]
    with refusal(QueueProblem.APPOINTMENT_USED):
        check_in(hall, code=appointment.code)
    (row,) = hall.run(lambda c, h, at: appointments.appointments_on(c, h, at.date()))
    assert (row.status, row.ticket_id) == (AppointmentStatus.CHECKED_IN, given.ticket.ticket_id)


def test_who_comes_late_counts_from_when_they_came(hall: TestHall) -> None:
    """After the grace period an appointment gives no place before those who were there."""
    booked(hall, 1, PERSON)
    hall.clock.advance(30 * 60)
    hall.issue()
    hall.clock.advance(60)
    late = check_in(hall, person=PERSON)
    assert (late.ahead, late.ticket.counts_from) == (1, hall.clock.now())


def test_a_cancelled_or_unknown_booking_gives_no_ticket(hall: TestHall) -> None:
    """Neither does one of another day, nor one in the past; each is told apart."""
    appointment = booked(hall, 30)
    hall.run(appointments.cancel_appointment, appointment.appointment_id, by="12368")
    with refusal(QueueProblem.APPOINTMENT_CANCELLED):
        check_in(hall, code=appointment.code)
    missed = booked(hall, 30, PERSON)
    hall.clock.advance(24 * 3600)
    tomorrow = booked(hall, 24 * 60)
    unknown = next(f"{n:06d}" for n in range(9) if f"{n:06d}" not in {appointment.code, missed.code, tomorrow.code})
    with refusal(QueueProblem.APPOINTMENT_OVER):
        check_in(hall, person=PERSON)
    with refusal(QueueProblem.APPOINTMENT_EARLY):
        check_in(hall, code=tomorrow.code)
    for code in (unknown, None):
        with refusal(QueueProblem.UNKNOWN_APPOINTMENT):
            check_in(hall, code=code)
    with refusal(QueueProblem.APPOINTMENT_NOT_TODAY):
        booked(hall, 0)


def test_a_repeated_check_in_gives_the_same_ticket(hall: TestHall) -> None:
    """A terminal that heard no answer asks again (N3)."""
    appointment = booked(hall, 5)
    request = request_for("booked")
    first, again = (hall.run(appointments.check_in, request, Bearer(), code=appointment.code) for _ in range(2))
    assert first.ticket == again.ticket


# What is read


def test_a_ticket_tells_how_many_are_before_it(hall: TestHall) -> None:
    """People ahead follow calls, passing classes and cancellations."""
    first, second = hall.issue(), hall.issue()
    third = hall.issue()
    assert (first.ahead, second.ahead, third.ahead) == (0, 1, 2)

    def ahead(given: Issued) -> int | None:
        with hall.database.reading.connect() as connection:
            return board.ticket_state(connection, hall.hall, given.ticket.ticket_id, None).ahead

    hall.special()
    assert ahead(third) == 3
    hall.run(calling.cancel, second.ticket.ticket_id, by="DEV01")
    assert ahead(third) == 2
    hall.next(hall.sign_in("1"))
    assert ahead(third) == 1
    assert hall.run(board.ticket_by_number, queue="A", number=3) == third.ticket


# The database


def test_a_database_of_version_1_gets_the_queue(hall: TestHall) -> None:
    """A hub that was filing before the queue came keeps its data and can issue numbers after the upgrade."""
    with hall.database.writing.begin() as connection:
        for table in (visits, tickets):
            table.drop(connection)
        write_setting(connection, "schema_version", "1")
        write_setting(connection, "kept", "yes")
    upgrade(hall.database.writing)
    assert hall.issue().ticket.label == "A001"
    with hall.database.reading.connect() as connection:
        assert read_setting(connection, "kept") == "yes"


def test_a_licence_number_is_unreadable_without_the_key(hall: TestHall) -> None:
    """What is stored of a lawyer's licence opens only with the hub's key, at the window (S1-24)."""
    personal = PersonalIndex(b"k" * 32)
    request = request_for(ticket_class=TicketClass.PROFESSIONAL, proof="12201201910000000")
    sealed = personal.seal_text("12201201910000000", str(request.request_id))
    assert b"122012" not in sealed
    given = hall.run(issue, request, Bearer(proof=sealed)).ticket
    without = hall.issue().ticket
    with hall.database.reading.connect() as connection:
        assert proof_of(connection, hall.hall, given.ticket_id, personal) == "12201201910000000"
        assert proof_of(connection, hall.hall, without.ticket_id, personal) is None
        with pytest.raises(SummaryDamagedError):
            proof_of(connection, hall.hall, given.ticket_id, PersonalIndex(b"x" * 32))


@pytest.mark.parametrize(("given", "shown"), [("张*", "张*"), ("张三丰", "张**"), ("", None), (None, None)])
def test_an_unmasked_name_is_masked_by_the_hub(given: str | None, shown: str | None) -> None:
    """A terminal that forgot to mask shows nobody's name in the waiting area (S1-25)."""
    assert masked(given) == shown
