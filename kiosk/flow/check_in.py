"""Check-in for an appointment (预约签到): by the code of six digits that was told with it, or by the card.

Only the court knows its appointments. Where it does not answer, or knows of none, an ordinary number is offered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.court.paper_codes import is_appointment_code
from kiosk.flow.effects import CheckIn, ReadCard, StopReading
from kiosk.flow.events import (
    Back,
    CardRead,
    CardReadFailed,
    ChooseIdentityMethod,
    Continue,
    Event,
    GiveAppointmentCode,
    IdentityMethod,
)
from kiosk.flow.journey import Journey, Step, stay
from kiosk.flow.prefill import identity_of_card
from kiosk.flow.stage import Stage
from kiosk.flow.visit import Visit
from kiosk.flow.world import World


def begin(journey: Journey) -> Step:
    """From the matters, or back from a code that gave no number."""
    return stay(journey.at(Stage.CHECK_IN, visit=replace(journey.require_visit(), appointment="", identity=None)))


def code(journey: Journey, event: Event, world: World) -> Step:
    """The code, with the card as the other way."""
    visit = journey.require_visit()
    match event:
        case GiveAppointmentCode(typed) if is_appointment_code(typed):
            return _ask(journey, replace(visit, appointment=typed, identity=None), world)
        case ChooseIdentityMethod(IdentityMethod.CARD):
            return stay(journey.at(Stage.CHECK_IN_CARD), ReadCard())
        case Back():
            return stay(journey.at(Stage.TICKET_MATTER, visit=replace(visit, appointment=None)))
        case _:
            return stay(journey)


def card(journey: Journey, event: Event, world: World) -> Step:
    """Waiting for the card with which the appointment was made."""
    visit = journey.require_visit()
    match event:
        case CardRead(found):
            return _ask(journey, replace(visit, appointment="", identity=identity_of_card(found)), world)
        case CardReadFailed(failure):
            return stay(replace(journey, notice=failure))
        case Continue() if journey.notice is not None:
            return stay(replace(journey, notice=None), ReadCard())
        case Back():
            return stay(journey.at(Stage.CHECK_IN), StopReading())
        case _:
            return stay(journey)


def _ask(journey: Journey, visit: Visit, world: World) -> Step:
    return stay(journey.at(Stage.TICKET_TAKING, visit=replace(visit, request_id=world.fresh_id)), CheckIn())


HANDLERS: dict[Stage, Callable[[Journey, Event, World], Step]] = {Stage.CHECK_IN: code, Stage.CHECK_IN_CARD: card}
