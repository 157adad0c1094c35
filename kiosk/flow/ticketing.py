"""Taking a number (取号): which matter, for whom where that makes a difference, with the card or without, the number.

A card is never needed. Where one is used the person is told what for on the page that offers it, and the page offers
the way without it as large (PIPL 14, 17); nothing of it is asked for first.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.agent.ticket_messages import TicketRefusal
from kiosk.court.queueing import TicketClass, TicketStatus
from kiosk.flow import check_in, meanwhile
from kiosk.flow.effects import (
    CancelTicket,
    CheckIn,
    EndSession,
    FindQueues,
    PrintTicket,
    ReadCard,
    StopReading,
    TakeTicket,
    WatchTicket,
)
from kiosk.flow.events import (
    Back,
    CardRead,
    CardReadFailed,
    ChooseIdentityMethod,
    ChooseMatter,
    ChooseService,
    ChooseSeveral,
    ChooseTicketClass,
    Continue,
    Event,
    Finish,
    GiveProof,
    HaveAppointment,
    IdentityMethod,
    PaperState,
    QueuesFound,
    QueuesUnavailable,
    Reprint,
    Service,
    SlipChanged,
    TicketNotTaken,
    TicketTaken,
    WithoutAppointment,
    WithoutCard,
)
from kiosk.flow.journey import Journey, Overlay, Remark, Step, stay
from kiosk.flow.prefill import identity_of_card
from kiosk.flow.stage import Outcome, Stage
from kiosk.flow.visit import Visit
from kiosk.flow.world import World

MOST_MATTERS = 6
"""Of one visit, the first among them (kiosk/court/queueing.py, TicketRequest)."""

LONGEST_PROOF = 40
"""Characters of a licence number (kiosk/court/queueing.py, TicketRequest)."""

ASK_BOARD_AGAIN = frozenset({TicketRefusal.CLOSED, TicketRefusal.CAP_REACHED, TicketRefusal.NOT_OFFERED})
"""After these the same wish will not be granted: the board has changed."""


ASK_CODE_AGAIN = frozenset(
    {
        TicketRefusal.APPOINTMENT_UNKNOWN,
        TicketRefusal.APPOINTMENT_EARLY,
        TicketRefusal.APPOINTMENT_OVER,
        TicketRefusal.APPOINTMENT_USED,
        TicketRefusal.APPOINTMENT_CANCELLED,
    }
)
"""After these another code may be right, and the same one is not."""


def begin(journey: Journey, world: World) -> Step:
    """From the home screen to the matters."""
    return stay(journey.at(Stage.TICKET_MATTER, visit=Visit(world.fresh_id)), FindQueues())


def matter(journey: Journey, event: Event, world: World) -> Step:
    """What the person comes for."""
    visit = journey.require_visit()
    match event:
        case QueuesFound(offers, offline):
            return stay(replace(journey, visit=replace(visit, offers=offers, offline=offline), notice=None))
        case QueuesUnavailable():
            return stay(replace(journey, notice=Remark.QUEUES_UNAVAILABLE))
        case Continue() if journey.notice is Remark.QUEUES_UNAVAILABLE:
            return stay(replace(journey, notice=None), FindQueues())
        case ChooseSeveral():
            return stay(replace(journey, visit=replace(visit, several=True, service="", further=())))
        case ChooseMatter(service) if visit.several:
            return stay(replace(journey, visit=_with_or_without(visit, service)))
        case ChooseMatter(service):
            return _chosen(journey, replace(visit, service=service, further=()), world)
        case Continue() if visit.several and visit.service:
            return _chosen(journey, visit, world)
        case HaveAppointment():
            return check_in.begin(journey)
        case Back() if visit.several:
            return stay(replace(journey, visit=replace(visit, several=False, service="", further=())))
        case Back():
            return stay(journey.at(Stage.HOME, service=None, visit=None))
        case _:
            return stay(journey)


def _chosen(journey: Journey, visit: Visit, world: World) -> Step:
    chosen = replace(visit, request_id=world.fresh_id, ticket_class=None, proof="", appointment=None)
    offer = chosen.offer
    if offer is None or offer.closed is not None:
        return stay(journey)
    if len(offer.classes) > 1:
        return stay(journey.at(Stage.TICKET_CLASS, visit=chosen))
    return _of_class(journey, chosen, offer.classes[0])


def _with_or_without(visit: Visit, service: str) -> Visit:
    """The choice of several with this matter, if it is offered and there is room for one more, or without it."""
    offered = any(offer.service == service and offer.closed is None for offer in visit.offers or ())
    changed = visit.with_or_without(service)
    return changed if offered and len(changed.matters) <= MOST_MATTERS else visit


def ticket_class(journey: Journey, event: Event, world: World) -> Step:
    """For whom the number is (S1-24, S2-6, S2-25, S2-29); only where the matter makes a difference."""
    visit = journey.require_visit()
    match event:
        case ChooseTicketClass(chosen) if visit.offer is not None and chosen in visit.offer.classes:
            return _of_class(journey, replace(visit, request_id=world.fresh_id), chosen)
        case Back():
            return stay(journey.at(visit.chosen_at))
        case _:
            return stay(journey)


def _of_class(journey: Journey, visit: Visit, chosen: TicketClass) -> Step:
    stage = Stage.TICKET_PROOF if chosen is TicketClass.PROFESSIONAL else Stage.TICKET_HOLDER
    return stay(journey.at(stage, visit=replace(visit, ticket_class=chosen)))


def proof(journey: Journey, event: Event, _: World) -> Step:
    """The number of the licence (S1-24); the window looks at the licence itself."""
    visit = journey.require_visit()
    match event:
        case GiveProof(text) if text.strip():
            return stay(journey.at(Stage.TICKET_HOLDER, visit=replace(visit, proof=text.strip()[:LONGEST_PROOF])))
        case Back():
            return stay(journey.at(_before_proof(visit)))
        case _:
            return stay(journey)


def _before_proof(visit: Visit) -> Stage:
    several = visit.offer is not None and len(visit.offer.classes) > 1
    return Stage.TICKET_CLASS if several else visit.chosen_at


def holder(journey: Journey, event: Event, _: World) -> Step:
    """With the identity card or without."""
    visit = journey.require_visit()
    match event:
        case ChooseIdentityMethod(IdentityMethod.CARD):
            return stay(journey.at(Stage.TICKET_CARD), ReadCard())
        case WithoutCard():
            return _ask(journey, replace(visit, identity=None))
        case Back():
            with_proof = visit.ticket_class is TicketClass.PROFESSIONAL
            return stay(journey.at(Stage.TICKET_PROOF if with_proof else _before_proof(visit)))
        case _:
            return stay(journey)


def card(journey: Journey, event: Event, _: World) -> Step:
    """Waiting for the card; whoever has it not at hand goes on without."""
    visit = journey.require_visit()
    match event:
        case CardRead(found):
            return _ask(journey, replace(visit, identity=identity_of_card(found)))
        case CardReadFailed(failure):
            return stay(replace(journey, notice=failure))
        case Continue() if journey.notice is not None:
            return stay(replace(journey, notice=None), ReadCard())
        case WithoutCard():
            asked = _ask(journey, replace(visit, identity=None))
            return Step(asked.journey, (StopReading(), *asked.effects))
        case Back():
            return stay(journey.at(Stage.TICKET_HOLDER), StopReading())
        case _:
            return stay(journey)


def _ask(journey: Journey, visit: Visit) -> Step:
    return stay(journey.at(Stage.TICKET_TAKING, visit=visit), TakeTicket())


def taking(journey: Journey, event: Event, world: World) -> Step:
    """The number is on its way; it comes within seconds, from the court or from this terminal's own."""
    visit = journey.require_visit()
    match event:
        case TicketTaken(ticket):
            # Whoever has a number already has its slip too, and asks for a copy where it was lost.
            slip = None if ticket.already else PaperState.WAITING
            taken = journey.at(Stage.TICKET, visit=replace(visit, ticket=ticket, slip=slip))
            printing = () if ticket.already else (PrintTicket(copy=False),)
            return Step(taken, (*printing, WatchTicket(ticket.ticket_id)))
        case TicketNotTaken(reason):
            return stay(replace(journey, notice=reason))
        case WithoutAppointment() if journey.notice is not None:
            return begin(journey, world)
        case Continue() if journey.notice in ASK_BOARD_AGAIN:
            return begin(journey, world)
        case Continue() if journey.notice in ASK_CODE_AGAIN:
            return check_in.begin(journey)
        case Continue() if journey.notice is not None:
            again = TakeTicket() if visit.appointment is None else CheckIn()
            return stay(replace(journey, notice=None), again)
        case Back() if journey.notice is not None:
            return stay(journey.at(Stage.TICKET_HOLDER if visit.appointment is None else Stage.CHECK_IN))
        case _:
            return stay(journey)


def ticket(journey: Journey, event: Event, world: World) -> Step:
    """The number, until the person goes; the last screen."""
    visit = journey.require_visit()
    match event:
        case SlipChanged(state):
            return stay(replace(journey, visit=replace(visit, slip=state)))
        case Reprint() if visit.slip is not PaperState.WAITING:
            return stay(replace(journey, visit=replace(visit, slip=PaperState.WAITING)), PrintTicket(copy=True))
        case ChooseService(Service.FILE_CASE) if visit.status is TicketStatus.WAITING:
            return meanwhile.begin(journey, world)
        case Back():
            return stay(replace(journey, notice=Remark.ALREADY_SUBMITTED))
        case Finish() | Continue():
            return stay(journey, EndSession(Outcome.TICKET))
        case _:
            return stay(journey)


def given_to_nobody(journey: Journey, taken: TicketTaken) -> Step:
    """A number that came after the person had left the page: it goes back, unless it was theirs before. That of an
    appointment stays: it comes again by the same code."""
    held = journey.visit.ticket if journey.visit is not None else None
    known = held is not None and held.ticket_id == taken.ticket.ticket_id
    if known or taken.ticket.already or taken.ticket.appointed:
        return stay(journey)
    return stay(journey, CancelTicket(taken.ticket.ticket_id))


def give_up(journey: Journey) -> Step:
    """The person does not want to wait any longer, and has said so twice."""
    held = journey.require_visit().ticket
    if held is None:
        raise LookupError("no number to give up")
    ended = replace(journey, overlay=Overlay.NONE, outcome=Outcome.CANCELLED)
    return stay(ended, CancelTicket(held.ticket_id), EndSession(Outcome.CANCELLED))
