"""Filing while waiting (边等边填): the number is kept, and a call interrupts the filing without losing any of it.

Called to a window, the person chooses: go now and keep what is written, go now and be done here, or finish first. Who
keeps it gets a code of four digits; until they come back the screen holds nothing of it (`Journey.kept` is drawn by no
screen), and after KEPT_FOR, or as many wrong codes as TRIES, it is wiped.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from msgspec import structs

from kiosk.court.queueing import TicketStatus, WhileFiling
from kiosk.flow.effects import Effect, EndSession, ExtendTime, FileMeanwhile, HoldPlace, PrintWindowTicket
from kiosk.flow.events import EnterCode, Event, PaperState, PersonEvent, TicketNews
from kiosk.flow.journey import Journey, Overlay, Remark, Step, stay
from kiosk.flow.stage import DONE_STAGES, Outcome, Stage
from kiosk.flow.taking import left as behind_scan
from kiosk.flow.touches import AnswerQuestion, GoNow, Service
from kiosk.flow.world import World
from kiosk.session.idle import AWAY_SECONDS

KEPT_FOR = timedelta(seconds=AWAY_SECONDS)
TRIES = 5
CODE_LENGTH = 4

_RESTING_PLACE = {
    Stage.CARD: Stage.IDENTITY,
    Stage.SUBMITTING: Stage.SIGNATURE,
}
"""Where the person comes back to from a page on which a device was at work."""


def begin(journey: Journey, world: World) -> Step:
    """From the number to the filing; the court keeps the place."""
    held = journey.require_visit().ticket
    if held is None:
        raise LookupError("no number to wait with")
    filing = journey.at(Stage.LANGUAGE, service=Service.FILE_CASE, draft=world.draft())
    return stay(filing, FileMeanwhile(held.ticket_id, WhileFiling.BEGAN))


def back_to_number(journey: Journey) -> Step:
    """The person does not file after all, and still waits."""
    held = journey.require_visit().ticket
    effects = (FileMeanwhile(held.ticket_id, WhileFiling.ENDED),) if held is not None else ()
    return stay(journey.at(Stage.TICKET, service=Service.TICKET, draft=None), *effects)


def heard_of_ticket(journey: Journey, news: TicketNews, world: World) -> Journey:
    """The journey of whoever holds a number that has moved on."""
    visit = journey.visit
    if visit is None or visit.ticket is None or visit.ticket.ticket_id != news.ticket_id:
        return journey
    shown = visit.ticket
    if news.ahead is not None:
        shown = structs.replace(shown, ahead=news.ahead, wait=news.wait)
    fresh_call = news.status is TicketStatus.CALLED and visit.status is not TicketStatus.CALLED
    called = (fresh_call or visit.called) and news.status is TicketStatus.CALLED and journey.draft is not None
    code = f"{world.fresh_id.int % 10**CODE_LENGTH:0{CODE_LENGTH}d}" if fresh_call else visit.code
    changed = replace(visit, ticket=shown, status=news.status, window=news.window, called=called, code=code)
    closed = Overlay.NONE if journey.overlay is Overlay.CALLED and not called else journey.overlay
    return replace(journey, visit=changed, overlay=closed)


def with_call(journey: Journey) -> Journey:
    """`journey` with the call over it that waits for an answer, where nothing more urgent is: a hand-in under way, or
    another question."""
    waits = journey.visit is not None and journey.visit.called and journey.outcome is None
    handing_in = journey.stage is Stage.SUBMITTING and journey.notice is None
    if waits and not handing_in and journey.overlay is Overlay.NONE:
        return replace(journey, overlay=Overlay.CALLED)
    return journey


def answer_call(journey: Journey, event: PersonEvent, world: World, leaving: tuple[Effect, ...]) -> Step:
    """What the person does about the call; `leaving` stops what the present screen has running."""
    visit = journey.require_visit()
    answered = replace(journey, overlay=Overlay.NONE, visit=replace(visit, called=False))
    if visit.ticket is None:
        raise LookupError("no number was called")
    match event:
        case AnswerQuestion() | GoNow() if journey.stage in DONE_STAGES:
            return stay(answered)
        case AnswerQuestion(False):
            later = replace(visit, called=False, status=TicketStatus.HELD, window="")
            return stay(replace(answered, visit=later), FileMeanwhile(visit.ticket.ticket_id, WhileFiling.NOT_YET))
        case GoNow(keep=True):
            return Step(_away(answered, world), (*leaving, HoldPlace(), _ended(visit.ticket.ticket_id)))
        case GoNow(keep=False):
            target = answered.at(Stage.WINDOW_TICKET, taken=None, capturing=False, ticket=PaperState.WAITING)
            return Step(target, (*leaving, PrintWindowTicket(), _ended(visit.ticket.ticket_id)))
        case _:
            return stay(journey)


def _ended(ticket_id: str) -> Effect:
    return FileMeanwhile(ticket_id, WhileFiling.ENDED)


def at_rest(journey: Journey) -> Journey:
    """The journey where the person comes back to: not at a page on which a device is at work."""
    if journey.stage is Stage.SCAN:
        return behind_scan(journey)
    resting = _RESTING_PLACE.get(journey.stage)
    return journey.at(resting) if resting is not None else journey


def _away(journey: Journey, world: World) -> Journey:
    kept = at_rest(journey)
    until = (world.now + KEPT_FOR).isoformat()
    return Journey(
        stage=Stage.AWAY,
        language=journey.language,
        service=journey.service,
        visit=replace(journey.require_visit(), identity=None, tries=0, kept_until=until),
        kept=kept,
    )


def away(journey: Journey, event: Event, _: World) -> Step:
    """Nobody is here; whoever knows the code goes on where they were."""
    visit, kept = journey.require_visit(), journey.kept
    if kept is None:
        raise LookupError("nothing is kept")
    match event:
        case EnterCode(code) if code.strip() == visit.code:
            holder = replace(visit, identity=kept.require_visit().identity, called=False)
            return stay(replace(kept, visit=holder, language=journey.language), ExtendTime())
        case EnterCode() if visit.tries + 1 >= TRIES:
            return stay(replace(journey, kept=None), EndSession(Outcome.WALKED_AWAY))
        case EnterCode():
            return stay(replace(journey, visit=replace(visit, tries=visit.tries + 1), notice=Remark.CODE_WRONG))
        case _:
            return stay(journey)
