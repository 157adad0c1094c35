"""What becomes of an offer: the person takes it or leaves it, and is not asked again."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.events import SLOT_OF_STAGE
from kiosk.flow.filling import on_its_page, with_answers
from kiosk.flow.journey import Journey
from kiosk.flow.offers.find import offered
from kiosk.flow.offers.model import Offer
from kiosk.flow.offers.touches import LeaveReading, OfferTouch, TakeReading
from kiosk.flow.stage import Stage
from kiosk.flow.world import World
from kiosk.forms.answers import set_value

_ANY_SLOT = frozenset({Stage.EVIDENCE, Stage.REVIEW})
"""Where answers of every form are compared with the papers."""


def decide(journey: Journey, event: OfferTouch, world: World) -> Journey:
    """The journey after a touch. Only what is offered at this moment can be taken or left."""
    offers = _offers(journey, event, world)
    if not any(one.value == event.value for one in offers):
        return journey
    match event:
        case TakeReading(slot, path, value):
            here = on_its_page(journey, slot, world) if SLOT_OF_STAGE.get(journey.stage) is slot else journey
            draft = here.require_draft()
            taken = with_answers(draft, slot, set_value(draft.answers_of(slot), path, value))
            # Whoever chose one of several has decided on the others too.
            decided = draft.decided | {(slot, path, one.value) for one in offers}
            return replace(here, draft=replace(taken, decided=decided))
        case LeaveReading(slot, path, value):
            return journey.with_draft(decided=journey.require_draft().decided | {(slot, path, value)})


def _offers(journey: Journey, event: OfferTouch, world: World) -> tuple[Offer, ...]:
    if journey.draft is None or not (journey.stage in _ANY_SLOT or SLOT_OF_STAGE.get(journey.stage) is event.slot):
        return ()
    for page in world.evaluate_slot(journey, event.slot).pages:
        for view in page.questions:
            if view.path == event.path:
                return offered(journey, world, event.slot, view)
    return ()
