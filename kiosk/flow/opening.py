"""From the idle picture to who the person is: home, language, privacy notice, identity, capacity."""

from __future__ import annotations

from dataclasses import replace

from kiosk.court.envelope import IdentitySource
from kiosk.flow import drafts, meanwhile, rating, ticketing, unresolved
from kiosk.flow.consents import Purpose, record
from kiosk.flow.draft import FormSlot
from kiosk.flow.draft_events import AskDraftCode
from kiosk.flow.effects import ReadCard, StopReading
from kiosk.flow.events import (
    AnswerConsent,
    Back,
    CardRead,
    CardReadFailed,
    ChooseIdentityMethod,
    ChooseRepresented,
    ChooseService,
    Continue,
    Event,
    Finish,
    IdentityMethod,
    ReceiptPending,
    Service,
    Touched,
)
from kiosk.flow.journey import Filed, Journey, Overlay, Remark, Step, stay
from kiosk.flow.prefill import identity_of_answers, identity_of_card, prefill, prefill_address, with_identity
from kiosk.flow.route import after
from kiosk.flow.stage import Stage
from kiosk.flow.world import World


def attract(journey: Journey, event: Event, _: World) -> Step:
    """The idle picture: any touch opens the home screen. A receipt that was never shown is shown first (F4)."""
    match event:
        case ReceiptPending(submission_id, receipt_no, received_at):
            filed = Filed(submission_id, receipt_no, received_at)
            return stay(replace(journey.at(Stage.RECEIPT, filed=filed), notice=Remark.RECEIVED_BEFORE))
        case Touched() | Continue():
            return stay(journey.at(Stage.HOME))
        case _:
            return stay(journey)


def home(journey: Journey, event: Event, world: World) -> Step:
    """The home screen."""
    match event:
        case ChooseService(Service.FILE_CASE):
            return stay(journey.at(Stage.LANGUAGE, service=Service.FILE_CASE, draft=world.draft()))
        case ChooseService(Service.MY_CASE):
            return stay(journey.at(Stage.MY_CASE, service=Service.MY_CASE))
        case ChooseService(Service.TICKET):
            return ticketing.begin(replace(journey, service=Service.TICKET), world)
        case ChooseService(Service.RATING):
            return rating.begin(journey)
        case ChooseService(Service.UNRESOLVED):
            return unresolved.begin(journey, world)
        case Back() | Finish():
            return stay(Journey())  # whoever comes next begins anew, in the first language
        case _:
            return stay(journey)


def language(journey: Journey, event: Event, _: World) -> Step:
    """The language question; the choice itself is handled on every screen."""
    match event:
        case Continue():
            return stay(journey.at(Stage.PRIVACY))
        case Back() if journey.visit is not None:
            return meanwhile.back_to_number(journey)
        case Back():
            return stay(journey.at(Stage.HOME, draft=None, service=None))
        case _:
            return stay(journey)


def privacy(journey: Journey, event: Event, world: World) -> Step:
    """The privacy notice (PIPL 17). Refusing it leads to the window, where nothing is read by a machine."""
    match event:
        case AnswerConsent(granted):
            draft = journey.require_draft()
            entry = record(Purpose.PRIVACY_NOTICE, granted, journey.language, world.now)
            told = journey.with_draft(consents=(*draft.consents, entry))
            return stay(_after_notice(told) if granted else replace(told, overlay=Overlay.WINDOW))
        case Back():
            return stay(journey.at(Stage.LANGUAGE))
        case _:
            return stay(journey)


def _after_notice(journey: Journey) -> Journey:
    """Whoever took a number with the card is known already."""
    known = journey.visit.identity if journey.visit is not None else None
    if known is None:
        return journey.at(Stage.IDENTITY)
    return replace(journey, draft=with_identity(journey.require_draft(), known)).at(Stage.IDENTITY_CONFIRM)


def identity(journey: Journey, event: Event, _: World) -> Step:
    """Card or typed: a card is never the only way."""
    match event:
        case ChooseIdentityMethod(IdentityMethod.CARD):
            return stay(journey.at(Stage.CARD), ReadCard())
        case ChooseIdentityMethod(IdentityMethod.TYPED):
            return stay(journey.at(Stage.PERSON))
        case Back():
            return stay(journey.at(Stage.PRIVACY))
        case _:
            return stay(journey)


def card(journey: Journey, event: Event, _: World) -> Step:
    """Waiting for the card; after a failure the person may try again or type."""
    match event:
        case CardRead(found):
            draft = with_identity(journey.require_draft(), identity_of_card(found))
            return stay(replace(journey, draft=draft).at(Stage.IDENTITY_CONFIRM))
        case CardReadFailed(failure):
            return stay(replace(journey, notice=failure))
        case Continue() if journey.notice is not None:
            return stay(replace(journey, notice=None), ReadCard())
        case ChooseIdentityMethod(IdentityMethod.TYPED):
            return stay(journey.at(Stage.PERSON), StopReading())
        case Back():
            return stay(journey.at(Stage.IDENTITY), StopReading())
        case _:
            return stay(journey)


def identity_confirm(journey: Journey, event: Event, _: World) -> Step:
    """ "Is this you?" """
    match event:
        case Continue():
            if journey.jump is not None:
                # Corrected from the review page: the forms that were begun from the former identity are begun anew.
                journey = replace(journey, draft=prefill_address(prefill(journey.require_draft())))
            return stay(journey.at(Stage.CAPACITY))
        case Back():
            typed = _identity_source(journey) is IdentitySource.TYPED
            return stay(journey.at(Stage.PERSON if typed else Stage.IDENTITY))
        case _:
            return stay(journey)


def _identity_source(journey: Journey) -> IdentitySource | None:
    known = journey.require_draft().identity
    return known.source if known else None


def typed_identity(journey: Journey) -> Journey:
    """The journey after the typed identity form: the person as they described themselves."""
    draft = journey.require_draft()
    person = identity_of_answers(draft.answers_of(FormSlot.PERSON))
    return replace(journey, draft=with_identity(draft, person)).at(Stage.IDENTITY_CONFIRM)


def capacity(journey: Journey, event: Event, _: World) -> Step:
    """For whom the case is filed."""
    match event:
        case ChooseRepresented(represented):
            return stay(journey.with_draft(represented=represented))
        case AskDraftCode() if drafts.may_take_up(journey):
            return stay(journey.at(Stage.DRAFT_CODE))
        case Continue():
            draft = prefill(journey.require_draft())
            return stay(replace(journey, draft=draft).at(after(draft, Stage.CAPACITY)))
        case Back():
            return stay(journey.at(Stage.IDENTITY_CONFIRM))
        case _:
            return stay(journey)
