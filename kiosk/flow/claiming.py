"""Court, cause of action, material list and fee: what the claim is about."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.draft import FormSlot
from kiosk.flow.events import SLOT_OF_STAGE, Back, ChooseCause, ChooseCourt, Continue, Event
from kiosk.flow.filling import last_page
from kiosk.flow.journey import Journey, Step, stay
from kiosk.flow.route import after, before
from kiosk.flow.stage import Stage
from kiosk.flow.world import World


def court(journey: Journey, event: Event, world: World) -> Step:
    """Which court is competent; the court of this terminal handles the filing in any case (跨域立案, S0-27)."""
    match event:
        case ChooseCourt(code):
            return stay(journey.with_draft(competent_court=code))
        case Continue():
            return stay(journey.at(Stage.CAUSE))
        case Back():
            return enter_backwards(journey, before(journey.require_draft(), Stage.COURT), world)
        case _:
            return stay(journey)


def cause(journey: Journey, event: Event, world: World) -> Step:
    """The cause of action; none chosen is not an obstacle, the court then names it (the general form is used)."""
    match event:
        case ChooseCause(code):
            choice = world.cause(code)
            if choice is None:
                return stay(journey)
            changed = journey.with_draft(cause=choice)
            if world.form(changed, FormSlot.CLAIM).form_id != world.form(journey, FormSlot.CLAIM).form_id:
                draft = changed.require_draft()
                kept = {slot: answers for slot, answers in draft.answers.items() if slot is not FormSlot.CLAIM}
                changed = changed.with_draft(answers=kept, decided=draft.decided_elsewhere(FormSlot.CLAIM))
            return stay(changed)
        case Continue():
            return stay(journey.at(Stage.MATERIALS))
        case Back():
            return stay(journey.at(Stage.COURT))
        case _:
            return stay(journey)


def passing(journey: Journey, event: Event, world: World) -> Step:
    """A screen that only tells something: materials, fee, options for resolving the dispute."""
    draft = journey.require_draft()
    match event:
        case Continue():
            return stay(journey.at(after(draft, journey.stage)))
        case Back():
            return enter_backwards(journey, before(draft, journey.stage), world)
        case _:
            return stay(journey)


def enter_backwards(journey: Journey, stage: Stage | None, world: World) -> Step:
    """Enter `stage` by Back: a form is entered at its last page."""
    if stage is None:
        return stay(journey)
    slot = SLOT_OF_STAGE.get(stage)
    target = journey.at(stage)
    return stay(target if slot is None else replace(target, page=last_page(target, world, slot)))
