"""The rating pad's flow as one pure function (一事一评; GB/T 39734-2020 4.1: nobody is pressed to rate, or to praise).

    IDLE -> INVITED -> SAVING -> THANKS -> IDLE
     |         |          ^         |
     |         +-> REASONS (after a bad grade; COMMENT and CALL_BACK open from it)
     |                              |
     +-> UNRESOLVED_KIND ... <------+ after a bad grade (kiosk/rating/pad_report.py)

* A grade exists only where a person touched it. A time-out before that is "not rated" (S2-15); a time-out on the later
  pages adds nothing: the grade that was touched stands without reasons, as every good grade does at once.
* The first touch counts. Until SAVING has ended in Kept nobody is thanked.
* What was typed leaves this state only by Submit, or by handing a report in.
* An invitation that comes while somebody is busy waits until they are done.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.agent.rating_messages import AnswerRating, RatingInvited
from kiosk.court.rating import RatingOutcome
from kiosk.flow.touches import Finish
from kiosk.rating import pad_report
from kiosk.rating.pad_events import (
    AskCallBack,
    BeginReport,
    ChooseGrade,
    ChooseLanguage,
    ChooseReasons,
    Decline,
    DoneTyping,
    DropTyped,
    Ended,
    Event,
    Invited,
    Keep,
    Kept,
    NotKept,
    PersonEvent,
    Submit,
    Tick,
    Touched,
    Typed,
    WriteComment,
)
from kiosk.rating.pad_state import (
    ANSWERING,
    LONGEST_CALL_BACK,
    LONGEST_COMMENT,
    REPORTING,
    Pad,
    PadLimits,
    PadStage,
    PadStep,
    onwards,
)


def transition(pad: Pad, event: Event, now: float, limits: PadLimits) -> PadStep:
    """The next state and what is to be done. Events that mean nothing on this page change nothing."""
    # Whoever is asked whether they are there says so with the button; a touch beside it says nothing.
    if isinstance(event, PersonEvent) and pad.stage in ANSWERING | REPORTING and pad.left is None:
        pad = replace(pad, touched=now)
    match event:
        case Invited(question):
            return _invited(pad, question, now)
        case Ended(invitation_id, answered):
            return _ended(pad, invitation_id, answered, now)
        case ChooseLanguage(language):
            return PadStep(pad if pad.stage is PadStage.IDLE else replace(pad, language=language))
        case Touched():
            return PadStep(pad)
        case BeginReport():
            return pad_report.begin(pad, event, now, limits)
        case _ if pad.stage in REPORTING:
            return pad_report.transition(pad, event, now, limits)
        case Kept(request):
            return _kept(pad, request, now)
        case NotKept(request):
            failed = pad.saving is not None and pad.saving.request == request
            return _give_up(pad, now) if failed else PadStep(pad)
        case Tick():
            return _tick(pad, now, limits)
        case _:
            return _touched(pad, event, now, limits)


def _touched(pad: Pad, event: Event, now: float, limits: PadLimits) -> PadStep:
    typing = pad.stage in {PadStage.COMMENT, PadStage.CALL_BACK}
    settled = now - pad.entered >= limits.settle
    match event:
        case ChooseGrade(value) if pad.stage is PadStage.INVITED and settled:
            return _graded(pad, value, now, limits)
        case Decline() if pad.stage is PadStage.INVITED and settled and now - pad.answered >= limits.debounce:
            return _save(replace(pad, answered=now), RatingOutcome.DECLINED, now)
        case ChooseReasons(codes) if pad.stage is PadStage.REASONS:
            return PadStep(replace(pad, reasons=codes))
        case WriteComment() if pad.stage is PadStage.REASONS and settled:
            return PadStep(pad.at(PadStage.COMMENT, now))
        case AskCallBack() if pad.stage is PadStage.REASONS and settled:
            return PadStep(pad.at(PadStage.CALL_BACK, now))
        case Typed(text) if pad.stage is PadStage.COMMENT:
            return PadStep(replace(pad, comment=text[:LONGEST_COMMENT], personal=True))
        case Typed(text) if pad.stage is PadStage.CALL_BACK:
            return PadStep(replace(pad, call_back=text[:LONGEST_CALL_BACK], personal=True))
        case DoneTyping() if typing:
            return PadStep(pad.at(PadStage.REASONS, now))
        case DropTyped() if pad.stage is PadStage.COMMENT:
            return PadStep(pad.at(PadStage.REASONS, now, comment=""))
        case DropTyped() if pad.stage is PadStage.CALL_BACK:
            return PadStep(pad.at(PadStage.REASONS, now, call_back=""))
        case Finish() if pad.stage is PadStage.THANKS and settled:
            return onwards(pad, now)
        case Submit() if pad.stage is PadStage.REASONS and settled:
            return _save(pad, RatingOutcome.RATED, now)
        case _:
            return PadStep(pad)  # it means nothing on this page


def _invited(pad: Pad, question: RatingInvited, now: float) -> PadStep:
    if pad.knows(question.invitation_id):
        return PadStep(pad)
    waiting = replace(pad, following=(*pad.following, question))
    match pad.stage:
        case PadStage.IDLE:
            return onwards(waiting, now)
        case PadStage.INVITED:
            # The next matter is over already: whoever was asked about the one before has not answered.
            return _save(waiting, RatingOutcome.TIMED_OUT, now)
        case _:
            return PadStep(waiting)


def _ended(pad: Pad, invitation_id: str, answered: bool, now: float) -> PadStep:
    pad = replace(pad, following=tuple(one for one in pad.following if one.invitation_id != invitation_id))
    if pad.stage is not PadStage.INVITED or pad.answering != invitation_id:
        return PadStep(pad)
    return onwards(pad, now) if answered else _save(pad, RatingOutcome.TIMED_OUT, now)


def _graded(pad: Pad, value: int, now: float, limits: PadLimits) -> PadStep:
    grades = pad.question.grades if pad.question is not None else ()
    grade = next((one for one in grades if one.value == value), None)
    if grade is None or now - pad.answered < limits.debounce:
        return PadStep(pad)
    pad = replace(pad, grade=value, answered=now)
    if not grade.bad:
        return _save(pad, RatingOutcome.RATED, now)
    return PadStep(pad.at(PadStage.REASONS, now), (Keep(_answer(pad, RatingOutcome.RATED, done=False)),))


def _save(pad: Pad, outcome: RatingOutcome, now: float) -> PadStep:
    """Make the answer durable; it is final from here on."""
    answer = _answer(pad, outcome, done=True)
    return PadStep(pad.at(PadStage.SAVING, now, saving=answer, tried=now), (Keep(answer),))


def _answer(pad: Pad, outcome: RatingOutcome, *, done: bool) -> AnswerRating:
    rated = outcome is RatingOutcome.RATED
    return AnswerRating(
        request=f"{pad.answering}/{'done' if done else 'grade'}",
        invitation_id=pad.answering,
        outcome=outcome,
        grade=pad.grade if rated else None,
        reasons=pad.reasons if rated and done else (),
        comment=pad.comment if rated and done else "",
        call_back=pad.call_back if rated and done else "",
        language=pad.language.value,
        done=done,
    )


def _kept(pad: Pad, request: str, now: float) -> PadStep:
    if pad.stage is not PadStage.SAVING or pad.saving is None or pad.saving.request != request:
        return PadStep(pad)
    if pad.saving.outcome is RatingOutcome.TIMED_OUT:
        return onwards(pad, now)
    question, given = pad.question, pad.saving.grade
    bad = question is not None and any(one.bad and one.value == given for one in question.grades)
    return PadStep(_wiped(pad).at(PadStage.THANKS, now, dissatisfied=bad))


def _give_up(pad: Pad, now: float) -> PadStep:
    """It cannot be kept, and whoever rated is told so; nobody is told of a silence that was not written down."""
    if pad.stage is PadStage.SAVING and pad.saving is not None and pad.saving.outcome is RatingOutcome.RATED:
        return PadStep(_wiped(pad).at(PadStage.NOT_SAVED, now))
    return onwards(pad, now) if pad.stage is PadStage.SAVING else PadStep(pad)


def _wiped(pad: Pad) -> Pad:
    """Nothing that was entered stays; of the answer, only how it ended."""
    saving = pad.saving
    if saving is not None:
        saving = AnswerRating(saving.request, saving.invitation_id, saving.outcome)
    return replace(pad, grade=None, reasons=(), comment="", call_back="", saving=saving)


def _tick(pad: Pad, now: float, limits: PadLimits) -> PadStep:
    gone = now - pad.touched >= limits.timeout
    here = now - pad.entered
    match pad.stage:
        case PadStage.INVITED:
            return _save(pad, RatingOutcome.TIMED_OUT, now) if gone else PadStep(pad)
        case PadStage.REASONS | PadStage.COMMENT | PadStage.CALL_BACK:
            # What was added and never submitted is not sent.
            unsent = replace(pad, reasons=(), comment="", call_back="")
            return _save(unsent, RatingOutcome.RATED, now) if gone else PadStep(pad)
        case PadStage.SAVING:
            if here >= limits.give_up:
                return _give_up(pad, now)
            if now - pad.tried >= limits.retry and pad.saving is not None:
                return PadStep(replace(pad, tried=now), (Keep(pad.saving),))
            return PadStep(pad)
        case PadStage.THANKS:
            # What it offers has to be read, too.
            long = max(limits.thanks, limits.thanks_offer) if pad.dissatisfied else limits.thanks
            return onwards(pad, now) if here >= long else PadStep(pad)
        case PadStage.NOT_SAVED:
            return onwards(pad, now) if here >= limits.not_saved else PadStep(pad)
        case _:
            return PadStep(pad)
