"""The one function that decides what happens next, and the table of which screen decides what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from kiosk.court.contract import AssistanceReason
from kiosk.flow import (
    check_in,
    claiming,
    closing,
    codes,
    drafts,
    duty,
    evidence,
    meanwhile,
    my_case,
    opening,
    rating,
    several,
    taking,
    ticketing,
    unresolved,
)
from kiosk.flow.code_events import CodeGiven, CodeLies, CodeUnreadable, UseLyingCode
from kiosk.flow.draft import FormSlot
from kiosk.flow.draft_events import AskKeep
from kiosk.flow.effects import (
    CallStaff,
    DropScratch,
    Effect,
    EndSession,
    ExtendTime,
    PrintWindowTicket,
    StopReading,
)
from kiosk.flow.events import (
    SLOT_OF_STAGE,
    AddInstance,
    AnswerConsent,
    AnswerQuestion,
    AskGiveUp,
    AskLeave,
    AskWindow,
    Back,
    CallPerson,
    ChooseLanguage,
    Continue,
    Event,
    FieldAnswered,
    Finish,
    HelpChanged,
    HelpState,
    IdleExpired,
    IdleWarned,
    JumpTo,
    NeedTime,
    PageTaken,
    PaperState,
    PersonEvent,
    RemoveInstance,
    SlipChanged,
    TicketNews,
    TicketTaken,
)
from kiosk.flow.filling import edit_slot, on_its_page, open_last_instance, turn_page, without_untouched_instance
from kiosk.flow.journey import Journey, Overlay, Remark, Step, stay
from kiosk.flow.offers.decide import decide
from kiosk.flow.offers.touches import LeaveReading, TakeReading
from kiosk.flow.page_events import PageCleaned, PageSpoiled, PageUnderstood, ScanFirst, SheetScanned
from kiosk.flow.route import after, before
from kiosk.flow.several_events import SeveralTaken
from kiosk.flow.stage import DONE_STAGES, Outcome, Stage
from kiosk.flow.world import World

Handler = Callable[[Journey, Event, World], Step]


def transition(journey: Journey, event: Event, world: World) -> Step:
    """The next journey and what is to be done. Events that mean nothing at this place change nothing."""
    if journey.outcome is not None:
        return stay(journey)
    step = _transition(journey, event, world)
    return codes.listening(journey, replace(step, journey=meanwhile.with_call(step.journey)))


def _transition(journey: Journey, event: Event, world: World) -> Step:
    match event:
        case IdleWarned():
            return stay(journey if _needs_no_warning(journey) else replace(journey, overlay=Overlay.IDLE))
        case IdleExpired():
            return _idle_expired(journey)
        case HelpChanged(state):
            return stay(replace(journey, help=state))
        case PageTaken(key) | SheetScanned(key) if journey.stage is not Stage.SCAN:
            return stay(journey, DropScratch(key))  # the person has left the camera before the picture came
        case SeveralTaken(several) if journey.stage is not Stage.SCAN:
            return stay(journey, *(DropScratch(key) for key in several.keys))
        case PageCleaned() | PageSpoiled() | PageUnderstood():
            return stay(taking.heard_of_page(journey, event))
        case TicketTaken() if journey.stage is not Stage.TICKET_TAKING:
            return ticketing.given_to_nobody(journey, event)
        case TicketNews():
            return stay(meanwhile.heard_of_ticket(journey, event, world))
        case _ if isinstance(event, PersonEvent) and journey.overlay is not Overlay.NONE:
            return _on_overlay(journey, event, world)
        case ChooseLanguage(language):
            return stay(replace(journey, language=language))
        case NeedTime() if journey.stage is not Stage.AWAY:
            return stay(journey, ExtendTime())
        case CallPerson():
            reason = AssistanceReason.HELP if journey.notice is None else AssistanceReason.DEVICE
            longer = () if journey.stage is Stage.AWAY else (ExtendTime(),)
            return stay(replace(journey, help=HelpState.CALLING), CallStaff(reason, journey.stage), *longer)
        case AskWindow() if may_leave(journey):
            return stay(replace(journey, overlay=Overlay.WINDOW))
        case AskLeave() if may_leave(journey):
            return stay(replace(journey, overlay=Overlay.LEAVE))
        case TakeReading() | LeaveReading():
            return stay(decide(journey, event, world))
        case ScanFirst():
            return taking.scan_first(journey) if taking.may_scan_first(journey) else stay(journey)
        case AskGiveUp() if journey.stage is Stage.TICKET:
            return stay(replace(journey, overlay=Overlay.GIVE_UP))
        case CodeGiven() | CodeUnreadable() | UseLyingCode() | CodeLies():
            found = codes.heard(journey, event, world)
            return stay(found) if isinstance(found, Journey) else _HANDLERS[journey.stage](journey, found, world)
        case _:
            return _finish(_HANDLERS[journey.stage](journey, event, world), journey, event)


def _finish(step: Step, before_it: Journey, event: Event) -> Step:
    """After a correction reached from the review page, Continue and Back lead back to it."""
    journey = step.journey
    for effect in step.effects:
        if isinstance(effect, EndSession):
            return replace(step, journey=replace(journey, outcome=effect.outcome))
    if journey.jump is None:
        return step
    if journey.stage is Stage.REVIEW or (
        isinstance(event, Continue | Back | AnswerConsent) and _ends_jump(before_it, journey, journey.jump)
    ):
        return replace(step, journey=journey.at(Stage.REVIEW, jump=None, open_evidence=None))
    return step


def _ends_jump(before_it: Journey, journey: Journey, jump: JumpTo) -> bool:
    """Whether this step leaves what the jump was for: the page it named, or else the whole stage. Going on into the
    parts of a stage (an evidence line, the camera, one defendant of several) does not."""
    if before_it.stage is Stage.DRAFT_KEEPING:
        return False  # back where the person was, on the way that the review had sent them
    if journey.stage is before_it.stage:
        return before_it.page is not None and before_it.page == jump.page != journey.page
    if jump.stage is Stage.IDENTITY:
        return journey.stage not in _IDENTIFYING
    within = {Stage.SCAN} if jump.stage is Stage.EVIDENCE_ITEM else {Stage.SCAN, Stage.EVIDENCE_ITEM}
    return before_it.stage not in within


_IDENTIFYING = {Stage.IDENTITY, Stage.CARD, Stage.PERSON, Stage.IDENTITY_CONFIRM}
"""Who the person is, from the question how to show it to the answer to "is this you?"."""


def may_leave(journey: Journey) -> bool:
    """Whether the journey can be left here for the window or for good: not while something is handed in, nor after."""
    if journey.stage in _HANDING_IN:
        return journey.notice is not None
    return journey.stage not in _NOTHING_TO_LEAVE


_HANDING_IN = {Stage.SUBMITTING, Stage.UNRESOLVED_SENDING}
_NOTHING_TO_LEAVE = {Stage.AWAY, Stage.ENDED, *DONE_STAGES} - {Stage.MY_CASE_RESULT}


def _is_handing_in(journey: Journey) -> bool:
    return journey.stage in _HANDING_IN and journey.notice is None


def _needs_no_warning(journey: Journey) -> bool:
    done = journey.stage in DONE_STAGES and not _only_on_screen(journey)
    return journey.is_public or done or _is_handing_in(journey) or journey.stage is Stage.AWAY


def _only_on_screen(journey: Journey) -> bool:
    """Whether the number stands nowhere but on this screen: whoever writes it down may ask for more time."""
    match journey.stage:
        case Stage.TICKET:
            return journey.require_visit().slip is PaperState.NOT_PRINTED
        case Stage.UNRESOLVED_DONE:
            return journey.require_unresolved().slip is PaperState.NOT_PRINTED
        case Stage.DRAFT_KEPT:
            return journey.require_keeping().slip is PaperState.NOT_PRINTED
        case _:
            return False


def _idle_expired(journey: Journey) -> Step:
    if _is_handing_in(journey):
        return stay(journey)
    if journey.is_public:
        return stay(Journey())
    match journey.stage:
        case Stage.RECEIPT:
            outcome = Outcome.RECEIPT
        case Stage.WINDOW_TICKET | Stage.TICKET:
            outcome = Outcome.TICKET
        case Stage.MY_CASE_RESULT | Stage.RATING_DONE:
            outcome = Outcome.ANSWERED
        case Stage.UNRESOLVED_DONE:
            outcome = Outcome.REPORTED
        case Stage.DRAFT_KEPT:
            outcome = Outcome.KEPT
        case _:
            outcome = Outcome.WALKED_AWAY
    return _end(journey, outcome)


def _end(journey: Journey, outcome: Outcome) -> Step:
    return Step(replace(journey, outcome=outcome, overlay=Overlay.NONE), (*_leaving(journey), EndSession(outcome)))


_READING = {Stage.CARD, Stage.MY_CASE_CARD, Stage.TICKET_CARD, Stage.CHECK_IN_CARD, Stage.RATING_CARD}
_READING |= {Stage.UNRESOLVED_CARD}


def _leaving(journey: Journey) -> tuple[Effect, ...]:
    """What must be stopped when this screen is left for good."""
    match journey.stage:
        case stage if stage in _READING:
            return (StopReading(),)
        case Stage.SCAN:
            return taking.leaving(journey)
        case _:
            return ()


def _on_overlay(journey: Journey, event: PersonEvent, world: World) -> Step:
    """While a question lies over the screen only its own buttons work, so that one touch never hits two screens."""
    back = replace(journey, overlay=Overlay.NONE)
    match journey.overlay:
        case Overlay.IDLE:
            match event:
                case NeedTime() | AnswerQuestion(True):
                    return stay(back, ExtendTime())
                case AnswerQuestion(False):
                    return _end(journey, Outcome.CANCELLED)
                case _:
                    return stay(journey)
        case Overlay.LEAVE:
            match event:
                case AnswerQuestion(True):
                    return _end(journey, Outcome.CANCELLED)
                case AnswerQuestion(False):
                    return stay(back)
                case AskKeep() if drafts.may_keep(journey):
                    return drafts.begin_keeping(back, _leaving(journey))
                case _:
                    return stay(journey)
        case Overlay.ERASE_DRAFT:
            return drafts.answer_erasing(journey, event)
        case Overlay.CALLED:
            return meanwhile.answer_call(journey, event, world, _leaving(journey))
        case Overlay.GIVE_UP:
            match event:
                case AnswerQuestion(True):
                    return ticketing.give_up(journey)
                case AnswerQuestion(False):
                    return stay(back)
                case _:
                    return stay(journey)
        case Overlay.WINDOW:
            match event:
                case AnswerQuestion(True):
                    target = back.at(Stage.WINDOW_TICKET, taken=None, capturing=False, ticket=PaperState.WAITING)
                    return Step(target, (*_leaving(journey), PrintWindowTicket()))
                case AnswerQuestion(False):
                    return stay(back)
                case AskKeep() if drafts.may_keep(journey):
                    return drafts.begin_keeping(back, _leaving(journey))
                case _:
                    return stay(journey)
        case Overlay.NONE:
            return stay(journey)
        case _:
            assert_never(journey.overlay)


def _form(slot: FormSlot) -> Handler:
    """The handler of a stage that is filled from a form."""

    def handle(journey: Journey, event: Event, world: World) -> Step:
        match event:
            case FieldAnswered() | RemoveInstance():
                return stay(edit_slot(on_its_page(journey, slot, world), slot, event))
            case AddInstance(repeat):
                added = edit_slot(journey, slot, event)
                return stay(open_last_instance(added, world.evaluate_slot(added, slot), repeat))
            case JumpTo(page=page) if page is not None:
                return stay(replace(journey, page=page, findings_shown=False, notice=None))
            case Continue():
                turned = turn_page(journey, world.evaluate_slot(journey, slot), event)
                return stay(turned if turned is not None else _leave_form(journey))
            case Back():
                turned = turn_page(journey, world.evaluate_slot(journey, slot), event)
                if turned is not None:
                    return stay(without_untouched_instance(turned, slot, journey.page))
                return claiming.enter_backwards(journey, before(journey.require_draft(), journey.stage), world)
            case _:
                return stay(journey)

    return handle


def _leave_form(journey: Journey) -> Journey:
    if journey.stage is Stage.PERSON:
        return opening.typed_identity(journey)
    return journey.at(after(journey.require_draft(), journey.stage))


def _window_ticket(journey: Journey, event: Event, _: World) -> Step:
    match event:
        case SlipChanged(state):
            return stay(replace(journey, ticket=state))
        case Back():
            return stay(replace(journey, notice=Remark.ALREADY_SUBMITTED))
        case Finish() | Continue():
            return stay(journey, EndSession(Outcome.TICKET))
        case _:
            return stay(journey)


def _ended(journey: Journey, _event: Event, _world: World) -> Step:
    return stay(journey)


_HANDLERS: dict[Stage, Handler] = {
    Stage.ATTRACT: opening.attract,
    Stage.HOME: opening.home,
    Stage.LANGUAGE: opening.language,
    Stage.PRIVACY: opening.privacy,
    Stage.IDENTITY: opening.identity,
    Stage.CARD: opening.card,
    Stage.IDENTITY_CONFIRM: opening.identity_confirm,
    Stage.CAPACITY: opening.capacity,
    Stage.COURT: claiming.court,
    Stage.CAUSE: claiming.cause,
    Stage.MATERIALS: claiming.passing,
    Stage.FEE: claiming.passing,
    Stage.OPTIONS: claiming.passing,
    Stage.EVIDENCE: evidence.evidence,
    Stage.EVIDENCE_ITEM: evidence.evidence_item,
    Stage.SCAN: several.scan,
    Stage.MEDIATION: closing.mediation,
    Stage.E_SERVICE: closing.e_service,
    Stage.REVIEW: closing.review,
    Stage.UNDERTAKING: closing.undertaking,
    Stage.SIGNATURE: closing.signature,
    Stage.SUBMITTING: closing.submitting,
    Stage.RECEIPT: closing.receipt,
    Stage.MY_CASE: my_case.my_case,
    Stage.MY_CASE_CARD: my_case.my_case_card,
    Stage.MY_CASE_RESULT: my_case.my_case_result,
    Stage.TICKET_MATTER: ticketing.matter,
    Stage.TICKET_CLASS: ticketing.ticket_class,
    Stage.TICKET_PROOF: ticketing.proof,
    Stage.TICKET_HOLDER: ticketing.holder,
    Stage.TICKET_CARD: ticketing.card,
    Stage.TICKET_TAKING: ticketing.taking,
    Stage.TICKET: ticketing.ticket,
    Stage.AWAY: meanwhile.away,
    **check_in.HANDLERS,
    **rating.HANDLERS,
    **drafts.HANDLERS,
    **unresolved.HANDLERS,
    Stage.DUTY: unresolved.listening(duty.duty),
    Stage.WINDOW_TICKET: _window_ticket,
    Stage.ENDED: _ended,
    **{stage: _form(slot) for stage, slot in SLOT_OF_STAGE.items()},
}
