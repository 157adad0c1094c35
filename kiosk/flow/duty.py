"""The leader on duty (带班院领导): who receives people today, and a number for the reception (院领导接待)."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import ticketing
from kiosk.flow.effects import FindDuty, FindQueues
from kiosk.flow.events import Back, ChooseMatter, Continue, Event, Service
from kiosk.flow.journey import Journey, Step, stay
from kiosk.flow.stage import Stage
from kiosk.flow.visit import Visit
from kiosk.flow.world import World


def duty(journey: Journey, event: Event, world: World) -> Step:
    """Who is on duty; a number for the reception is taken like any other."""
    draft = journey.require_unresolved()
    match event:
        case ChooseMatter(service) if draft.reception is not None and draft.reception.service == service:
            visit = Visit(world.fresh_id, draft.offers, draft.offline, chosen_at=Stage.DUTY)
            return ticketing.matter(replace(journey, service=Service.TICKET, visit=visit), event, world)
        case Continue() if draft.duty is not None:
            again = replace(draft, duty=None, offers=None)
            return stay(replace(journey, unresolved=again), FindDuty(), FindQueues())
        case Back():
            return stay(journey.at(Stage.UNRESOLVED, visit=None, service=Service.UNRESOLVED))
        case _:
            return stay(journey)
