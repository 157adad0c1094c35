"""What could not be got done (“办不成事”反映): what, where, when, in own words, call back or not, handed in, number.

Nothing is chosen beforehand, only the first three are asked of everybody, and nobody has to say who they are. Until it
is handed in nothing of it is kept; once it is, it is on disk before anything says so (S2-11).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk.clock import CHINA
from kiosk.court.unresolved import LONGEST_ACCOUNT, UnresolvedPlace
from kiosk.flow import unresolved_handing_in as handing_in
from kiosk.flow.effects import FindDuty, FindQueues, ReadCard, StopReading
from kiosk.flow.events import (
    Back,
    CardRead,
    CardReadFailed,
    ChooseIdentityMethod,
    ChooseMatter,
    ChooseService,
    Continue,
    Event,
    IdentityMethod,
    QueuesFound,
    QueuesUnavailable,
    Service,
)
from kiosk.flow.journey import Journey, Step, stay
from kiosk.flow.prefill import identity_of_card
from kiosk.flow.stage import Stage
from kiosk.flow.unresolved_draft import LONGEST_NAME, LONGEST_PHONE, WINDOW, UnresolvedDraft, phone_number
from kiosk.flow.unresolved_events import (
    AnswerCallBack,
    AskOtherDay,
    ChooseDay,
    ChooseKind,
    ChoosePlace,
    ChooseWindow,
    DutyTold,
    GiveContact,
    WriteAccount,
)
from kiosk.flow.world import World

Handler = Callable[[Journey, Event, World], Step]

_P = UnresolvedPlace


def begin(journey: Journey, world: World) -> Step:
    """From the home screen to the choice between a report and the leader on duty; both are looked up at once."""
    draft = UnresolvedDraft(world.fresh_id)
    chosen = journey.at(Stage.UNRESOLVED, service=Service.UNRESOLVED, unresolved=draft)
    return stay(chosen, FindQueues(), FindDuty())


def heard(journey: Journey, event: Event) -> Journey | None:
    """The journey with what was looked up for it; None for any other event."""
    draft = journey.unresolved
    if draft is None:
        return None
    match event:
        case QueuesFound(offers, offline):
            return journey.with_unresolved(offers=offers, offline=offline)
        case QueuesUnavailable():
            return journey.with_unresolved(offers=draft.offers or ())
        case DutyTold(duty):
            return journey.with_unresolved(duty=duty)
        case _:
            return None


def listening(handler: Handler) -> Handler:
    """`handler`, on whose page what was looked up may come in."""

    def handle(journey: Journey, event: Event, world: World) -> Step:
        told = heard(journey, event)
        return stay(told) if told is not None else handler(journey, event, world)

    return handle


def _go(journey: Journey, stage: Stage, **changes: Any) -> Step:
    return stay(journey.with_unresolved(**changes).at(stage))


def _onward(journey: Journey, following: Stage, **changes: Any) -> Step:
    """To the next page, or back to the summary for whoever came from there."""
    correcting = journey.require_unresolved().correcting
    return _go(journey, Stage.UNRESOLVED_REVIEW if correcting else following, **changes)


def _backward(journey: Journey, before: Stage) -> Step:
    correcting = journey.require_unresolved().correcting
    return _go(journey, Stage.UNRESOLVED_REVIEW if correcting else before)


def start(journey: Journey, event: Event, _: World) -> Step:
    """A report, or the leader on duty."""
    match event:
        case ChooseService(Service.UNRESOLVED):
            return stay(journey.at(Stage.UNRESOLVED_KIND))
        case ChooseService(Service.DUTY):
            return stay(journey.at(Stage.DUTY))
        case Back():
            return stay(journey.at(Stage.HOME, service=None, unresolved=None))
        case _:
            return stay(journey)


def kind(journey: Journey, event: Event, _: World) -> Step:
    """What could not be got done."""
    match event:
        case ChooseKind(chosen):
            return _onward(journey, Stage.UNRESOLVED_PLACE, kind=chosen)
        case Back():
            return _backward(journey, Stage.UNRESOLVED)
        case _:
            return stay(journey)


def place(journey: Journey, event: Event, _: World) -> Step:
    """Where; a service can be named only where the board is known."""
    match event:
        case ChoosePlace(_P.SERVICE) if not journey.require_unresolved().offers:
            return stay(journey)
        case ChoosePlace(_P.WINDOW | _P.SERVICE as chosen):
            return _go(journey, Stage.UNRESOLVED_WHICH, asked=chosen)
        case ChoosePlace(chosen):
            return _onward(journey, Stage.UNRESOLVED_DAY, place=chosen, asked=chosen, window="", service="")
        case Back():
            return _backward(journey, Stage.UNRESOLVED_KIND)
        case _:
            return stay(journey)


def which(journey: Journey, event: Event, _: World) -> Step:
    """Which window, or which service; who does not remember goes on all the same."""
    draft = journey.require_unresolved()
    match event:
        case ChooseWindow(window) if draft.asked is _P.WINDOW and WINDOW.fullmatch(window):
            return _onward(journey, Stage.UNRESOLVED_DAY, place=_P.WINDOW, window=window, service="")
        case ChooseMatter(service) if draft.asked is _P.SERVICE and service in _services(draft):
            return _onward(journey, Stage.UNRESOLVED_DAY, place=_P.SERVICE, window="", service=service)
        case ChoosePlace(_P.ELSEWHERE):
            return _onward(journey, Stage.UNRESOLVED_DAY, place=_P.ELSEWHERE, window="", service="")
        case Back():
            return stay(journey.at(Stage.UNRESOLVED_PLACE))
        case _:
            return stay(journey)


def _services(draft: UnresolvedDraft) -> frozenset[str]:
    return frozenset(offer.service for offer in draft.offers or ())


def day(journey: Journey, event: Event, world: World) -> Step:
    """When, among the last days."""
    match event:
        case AskOtherDay():
            return stay(journey.at(Stage.UNRESOLVED_OTHER_DAY))
        case Back():
            draft = journey.require_unresolved()
            asked = draft.asked in {_P.WINDOW, _P.SERVICE}
            return _backward(journey, Stage.UNRESOLVED_WHICH if asked else Stage.UNRESOLVED_PLACE)
        case _:
            return _on_day(journey, event, world)


def other_day(journey: Journey, event: Event, world: World) -> Step:
    """When, by its date."""
    if isinstance(event, Back):
        return stay(journey.at(Stage.UNRESOLVED_DAY))
    return _on_day(journey, event, world)


def _on_day(journey: Journey, event: Event, world: World) -> Step:
    match event:
        case ChooseDay(chosen) if chosen <= world.now.astimezone(CHINA).date():
            return _onward(journey, Stage.UNRESOLVED_ACCOUNT, happened=chosen)
        case _:
            return stay(journey)


def account(journey: Journey, event: Event, _: World) -> Step:
    """In the person's own words; nobody has to write."""
    match event:
        case WriteAccount(text):
            return stay(journey.with_unresolved(account=text[:LONGEST_ACCOUNT]))
        case Continue():
            return _onward(journey, Stage.UNRESOLVED_CALL_BACK)
        case Back():
            return _backward(journey, Stage.UNRESOLVED_DAY)
        case _:
            return stay(journey)


def call_back(journey: Journey, event: Event, _: World) -> Step:
    """Whether the court may call; "no" is as good an answer."""
    match event:
        case AnswerCallBack(wanted=True):
            return stay(journey.at(Stage.UNRESOLVED_CONTACT))
        case AnswerCallBack(wanted=False):
            return _go(journey, Stage.UNRESOLVED_REVIEW, call_back=False, name="", phone="")
        case Back():
            return _backward(journey, Stage.UNRESOLVED_ACCOUNT)
        case _:
            return stay(journey)


def contact(journey: Journey, event: Event, _: World) -> Step:
    """Whom to call and where: typed, the name also from the card."""
    draft = journey.require_unresolved()
    match event:
        case GiveContact(name, phone):
            typed = replace(journey, findings_shown=False)
            return stay(typed.with_unresolved(name=name[:LONGEST_NAME], phone=phone[:LONGEST_PHONE]))
        case ChooseIdentityMethod(IdentityMethod.CARD):
            return stay(journey.at(Stage.UNRESOLVED_CARD), ReadCard())
        case Continue() if phone_number(draft.phone):
            return _go(journey, Stage.UNRESOLVED_REVIEW, call_back=True)
        case Continue():
            return stay(replace(journey, findings_shown=True))
        case Back():
            still = draft.call_back if phone_number(draft.phone) else None
            return _go(journey, Stage.UNRESOLVED_CALL_BACK, call_back=still)
        case _:
            return stay(journey)


def card(journey: Journey, event: Event, _: World) -> Step:
    """Waiting for the card, of which the name alone is kept."""
    match event:
        case CardRead(found):
            return _go(journey, Stage.UNRESOLVED_CONTACT, name=identity_of_card(found).name[:LONGEST_NAME])
        case CardReadFailed(failure):
            return stay(replace(journey, notice=failure))
        case Continue() if journey.notice is not None:
            return stay(replace(journey, notice=None), ReadCard())
        case ChooseIdentityMethod(IdentityMethod.TYPED) | Back():
            return stay(journey.at(Stage.UNRESOLVED_CONTACT), StopReading())
        case _:
            return stay(journey)


HANDLERS = {
    stage: listening(handler)
    for stage, handler in {
        Stage.UNRESOLVED: start,
        Stage.UNRESOLVED_KIND: kind,
        Stage.UNRESOLVED_PLACE: place,
        Stage.UNRESOLVED_WHICH: which,
        Stage.UNRESOLVED_DAY: day,
        Stage.UNRESOLVED_OTHER_DAY: other_day,
        Stage.UNRESOLVED_ACCOUNT: account,
        Stage.UNRESOLVED_CALL_BACK: call_back,
        Stage.UNRESOLVED_CONTACT: contact,
        Stage.UNRESOLVED_CARD: card,
        Stage.UNRESOLVED_REVIEW: handing_in.review,
        Stage.UNRESOLVED_SENDING: handing_in.sending,
        Stage.UNRESOLVED_DONE: handing_in.done,
    }.items()
}
"""What each page does."""
