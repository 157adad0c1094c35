"""Going on elsewhere (S0-32): a filing begun elsewhere is taken up by its code, and one begun here is kept under one.

Nothing of another person's draft is ever shown, and a filing without any of this goes its way undisturbed: one quiet
offer after the identity, and one choice where a begun filing is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.court.draft_codes import normalise_draft_code
from kiosk.flow import codes
from kiosk.flow.consents import Purpose, record
from kiosk.flow.draft import Draft, FormSlot
from kiosk.flow.draft_document import first_open, restored
from kiosk.flow.draft_events import AskErase, DraftCame, DraftErased, DraftStays, DraftWasKept, GiveDraftCode
from kiosk.flow.draft_state import Keeping
from kiosk.flow.effects import DropScratch, Effect, EndSession, EraseDraft, FetchDraft, KeepDraft, PrintDraftSlip
from kiosk.flow.events import (
    AnswerConsent,
    AnswerQuestion,
    Back,
    Continue,
    Event,
    Finish,
    PaperState,
    PersonEvent,
    Reprint,
    SlipChanged,
)
from kiosk.flow.journey import Journey, Overlay, Remark, Step, stay
from kiosk.flow.meanwhile import at_rest
from kiosk.flow.stage import DONE_STAGES, Outcome, Stage
from kiosk.flow.world import World

_OWN_PAGES = frozenset({Stage.DRAFT_CODE, Stage.DRAFT_FOUND, Stage.DRAFT_KEEPING})


def may_take_up(journey: Journey) -> bool:
    """Whether the offer stands: who is here is known by a number, and has said nothing yet that it would replace."""
    draft = journey.draft
    if draft is None or journey.jump is not None or draft.cause is not None or draft.evidence:
        return False
    return draft.identity is not None and bool(draft.identity.number)


def may_keep(journey: Journey) -> bool:
    """Whether there is something to keep, and a number by which its owner is known again."""
    draft = journey.draft
    if draft is None or draft.identity is None or not draft.identity.number or journey.stage in _OWN_PAGES:
        return False
    said = draft.cause is not None or bool(draft.evidence) or any(slot is not FormSlot.PERSON for slot in draft.answers)
    return said and journey.stage not in DONE_STAGES


# -- taking up


def code(journey: Journey, event: Event, world: World) -> Step:
    """The field for the code."""
    match event:
        case GiveDraftCode() if journey.querying:
            return stay(journey)
        case GiveDraftCode(typed) if (given := normalise_draft_code(typed)) is not None:
            return stay(replace(journey, querying=True, notice=None), FetchDraft(given))
        case GiveDraftCode(typed):
            other = codes.another_paper(journey, typed, world)
            return stay(replace(journey, notice=other or Remark.DRAFT_CODE_WRONG))
        case DraftCame(kept, lookup, until):
            found = restored(kept, lookup, until, journey, world)
            return stay(journey.at(Stage.DRAFT_FOUND, taken_up=found, querying=False))
        case DraftStays(reason):
            return stay(replace(journey, querying=False, notice=reason))
        case Back() | Continue():
            return stay(journey.at(Stage.CAPACITY, querying=False))
        case _:
            return stay(journey)


def found(journey: Journey, event: Event, world: World) -> Step:
    """What was begun elsewhere, in short; nothing of it counts here until the person goes on."""
    here = journey.require_taken_up()
    match event:
        case _ if journey.querying and isinstance(event, PersonEvent):
            return stay(journey)
        case Continue():
            return stay(first_open(replace(journey, draft=here.draft, taken_up=None), world))
        case AskErase():
            return stay(replace(journey, overlay=Overlay.ERASE_DRAFT))
        case DraftErased():
            erased = journey.at(Stage.CAPACITY, taken_up=None, querying=False)
            return stay(replace(erased, notice=Remark.DRAFT_ERASED))
        case DraftStays(reason):
            return stay(replace(journey, querying=False, notice=reason))
        case Back():
            return stay(journey.at(Stage.CAPACITY, taken_up=None))
        case _:
            return stay(journey)


def answer_erasing(journey: Journey, event: PersonEvent) -> Step:
    """Yes or no to the question whether the draft from elsewhere is to be erased."""
    here, back = journey.require_taken_up(), replace(journey, overlay=Overlay.NONE)
    match event:
        case AnswerQuestion(True) if here.draft.origin is not None:
            return stay(replace(back, querying=True, notice=None), EraseDraft(here.draft.origin.kept_draft))
        case AnswerQuestion(False):
            return stay(back)
        case _:
            return stay(journey)


# -- keeping


def begin_keeping(journey: Journey, leaving: tuple[Effect, ...]) -> Step:
    """From the question whether to leave; `leaving` stops what the present screen has running."""
    rest = at_rest(journey)
    keeping = Keeping(rest.stage, rest.page, rest.open_evidence, rest.jump)
    return Step(rest.at(Stage.DRAFT_KEEPING, keeping=keeping, jump=None), leaving)


def keeping(journey: Journey, event: Event, world: World) -> Step:
    """A free yes or no to keeping; no leads back to where the person was, with everything still there."""
    state = journey.require_keeping()
    match event:
        case _ if journey.querying and isinstance(event, PersonEvent):
            return stay(journey)
        case AnswerConsent(True):
            consent = record(Purpose.KEEP_DRAFT, True, journey.language, world.now)
            asked = replace(journey, keeping=replace(state, consent=consent), querying=True, notice=None)
            return stay(asked, KeepDraft())
        case DraftWasKept(given, until):
            kept = replace(state, consent=None, code=given, until=until, slip=PaperState.WAITING)
            done = journey.at(Stage.DRAFT_KEPT, keeping=kept, draft=None, open_evidence=None, querying=False)
            return Step(done, (*_wiped(journey.require_draft()), PrintDraftSlip(copy=False)))
        case DraftStays(reason):
            return stay(replace(journey, keeping=replace(state, consent=None), querying=False, notice=reason))
        case AnswerConsent(False) | Back():
            place = {"page": state.page, "open_evidence": state.open_evidence, "jump": state.jump}
            return stay(journey.at(state.stage, keeping=None, **place))
        case _:
            return stay(journey)


def _wiped(draft: Draft) -> tuple[Effect, ...]:
    """What was drawn and scanned is overwritten at once, not only when the session ends."""
    pages = [key for line in draft.evidence for key in line.pages]
    return tuple(DropScratch(key) for key in (*pages, draft.signature) if key is not None)


def kept(journey: Journey, event: Event, _: World) -> Step:
    """The code, on the screen and as a slip; nothing of the draft is here any more."""
    state = journey.require_keeping()
    match event:
        case SlipChanged(slip):
            return stay(replace(journey, keeping=replace(state, slip=slip)))
        case Reprint() if state.slip is not PaperState.WAITING:
            again = replace(journey, keeping=replace(state, slip=PaperState.WAITING))
            return stay(again, PrintDraftSlip(copy=True))
        case Back():
            return stay(replace(journey, notice=Remark.ALREADY_SUBMITTED))
        case Finish() | Continue():
            return stay(journey, EndSession(Outcome.KEPT))
        case _:
            return stay(journey)


HANDLERS: dict[Stage, Callable[[Journey, Event, World], Step]] = {
    Stage.DRAFT_CODE: code,
    Stage.DRAFT_FOUND: found,
    Stage.DRAFT_KEEPING: keeping,
    Stage.DRAFT_KEPT: kept,
}
