"""The ways of who comes for an appointment, and of who rates at the terminal, for walking them without a window."""

from __future__ import annotations

from msgspec import structs

from kiosk.agent.rating_answers import names_of
from kiosk.agent.rating_messages import MatterToRate, PadGrade, PadReason, RatingInvited
from kiosk.agent.ticket_messages import OfferView, TicketView
from kiosk.config.model import Names
from kiosk.court.rating import RatingKind
from kiosk.flow import events as ev
from kiosk.flow import rating_events as rated
from kiosk.flow.journey import Journey
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.flow.world import World
from kiosk.rating.scales import published, scales
from kiosk.services.synthetic import SyntheticPerson

APPOINTED_AT = "2026-03-05T09:30:00+08:00"
CODE = "204816"
RATING_CODE = "ABCD-2345-WXYZ"


def a_matter(number: int = 1, *, kind: RatingKind = RatingKind.FIRST, names: Names | None = None) -> MatterToRate:
    """A matter to rate on the court's default scale."""
    shipped = published(scales(), scales().default)
    scale = next(one for one in shipped.scales if one.id == shipped.default)
    grades = tuple(PadGrade(one.value, one.bad, names_of(one.names)) for one in scale.grades)
    reasons = tuple(PadReason(one.code, names_of(one.names)) for one in shipped.reasons)
    question = RatingInvited(f"01a206bb-0000-7000-8000-{number:012d}", kind, "filing", grades, reasons)
    names = names or Names(zh="立案登记", ko="립안등록", en="File a case")
    return MatterToRate(question, "3", "2026-03-05", names)


MATTERS = (a_matter(), a_matter(2, names=Names(zh="缴费、退费", ko="비용납부와 환불", en="Pay or get back fees")))

RATING_WAY: tuple[ev.Event, ...] = (
    ev.ChooseService(ev.Service.RATING),
    ev.ChooseIdentityMethod(ev.IdentityMethod.CARD),
    ev.CardRead(SyntheticPerson(3).card),
    rated.RatingsFound(MATTERS),
    rated.ChooseGrade(2),
    rated.GiveReasons(),
    rated.RatingKept(done=True),
)


def check_in_way(offers: tuple[OfferView, ...], ticket: TicketView) -> tuple[ev.Event, ...]:
    """By the card, to the number of an appointment."""
    return (
        ev.ChooseService(ev.Service.TICKET),
        ev.QueuesFound(offers),
        ev.HaveAppointment(),
        ev.ChooseIdentityMethod(ev.IdentityMethod.CARD),
        ev.CardRead(SyntheticPerson(3).card),
        ev.TicketTaken(structs.replace(ticket, appointed=APPOINTED_AT)),
    )


def walked(home: Journey, way: tuple[ev.Event, ...], world: World) -> dict[Stage, Journey]:
    """The journey as it first stood at each stage of `way`."""
    seen: dict[Stage, Journey] = {}
    for event in way:
        home = transition(home, event, world).journey
        seen.setdefault(home.stage, home)
    return seen


def visit_journeys(
    home: Journey, world: World, offers: tuple[OfferView, ...], ticket: TicketView
) -> dict[Stage, Journey]:
    """Every page of check-in and rating."""
    booked = walked(home, check_in_way(offers, ticket), world)
    return {
        **{stage: booked[stage] for stage in (Stage.CHECK_IN, Stage.CHECK_IN_CARD)},
        **walked(home, RATING_WAY, world),
    }
