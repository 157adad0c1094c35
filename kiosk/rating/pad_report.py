"""What could not be got done ("办不成事"), said at a window's pad (S2-11): what, when, in own words, call back or not,
looked over, handed in, number.

The pages are those of the terminal (kiosk/flow/unresolved.py) in fewer steps: where is this window until the person
says otherwise, and there is no printer. Nothing of it is kept before it is handed in; nothing the window's staff do
reaches it. Whoever walks away leaves nothing behind.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

from kiosk.agent.unresolved_messages import ReportUnresolved, UnresolvedRefusal
from kiosk.court.unresolved import LONGEST_ACCOUNT, UnresolvedChannel, UnresolvedPlace
from kiosk.flow.touches import Back, Continue, Finish
from kiosk.flow.unresolved_draft import LONGEST_PHONE, WINDOW, UnresolvedDraft, phone_number
from kiosk.flow.unresolved_events import (
    AnswerCallBack,
    AskOtherDay,
    ChooseDay,
    ChooseKind,
    ChoosePlace,
    ChooseWindow,
    ReportKept,
    ReportNotKept,
)
from kiosk.flow.unresolved_handing_in import TRY_AGAIN
from kiosk.rating.pad_events import AskPlace, BeginReport, Event, KeepReport, LeaveReport, MoreTime, Tick, Typed
from kiosk.rating.pad_state import Pad, PadLimits, PadStage, PadStep, onwards

_S = PadStage
_TYPING = frozenset({_S.UNRESOLVED_OTHER_DAY, _S.UNRESOLVED_WHICH})
_UNLEFT = frozenset({_S.UNRESOLVED_SENDING})
"""Handed in, and not yet known whether it is kept: nobody can leave, and nobody is asked whether they are there."""


def begin(pad: Pad, event: BeginReport, now: float, limits: PadLimits) -> PadStep:
    """From the idle page, or from the thanks for a bad grade."""
    offered = pad.stage is _S.IDLE or (pad.stage is _S.THANKS and pad.dissatisfied)
    if not offered or now - pad.entered < limits.settle:
        return PadStep(pad)
    draft = UnresolvedDraft(event.request_id, place=UnresolvedPlace.WINDOW, window=event.window)
    begun = {"report": draft, "words_fit": event.words_fit, "today": event.today}
    return PadStep(pad.at(_S.UNRESOLVED_KIND, now, **begun, question=None, saving=None, dissatisfied=False))


def transition(pad: Pad, event: Event, now: float, limits: PadLimits) -> PadStep:
    """The next state and what is to be done, on a page of a report."""
    match event:
        case Tick():
            return _tick(pad, now, limits)
        case MoreTime():
            return PadStep(replace(pad, touched=now, left=None))
        case LeaveReport() if pad.stage not in _UNLEFT:
            return onwards(pad, now)
        case ReportKept(kept) if _is_awaited(pad, kept.request):
            return PadStep(_go(pad, _S.UNRESOLVED_DONE, now, account="", phone="", call_back=None, kept=kept))
        case ReportNotKept(reason) if pad.stage is _S.UNRESOLVED_SENDING:
            return PadStep(pad.at(_S.UNRESOLVED_NOT_KEPT, now, refused=reason))
        case Typed(text) if pad.stage in _TYPING:
            return PadStep(replace(pad, typed=text, mistaken=False))
        case Typed(text) if pad.stage is _S.UNRESOLVED_ACCOUNT:
            return PadStep(_with(pad, account=text[:LONGEST_ACCOUNT], personal=True))
        case Typed(text) if pad.stage is _S.UNRESOLVED_CONTACT:
            return PadStep(_with(pad, phone=text[:LONGEST_PHONE], personal=True))
        case _ if now - pad.entered < limits.settle:
            return PadStep(pad)  # it was meant for the page before
        case Back():
            return _back(pad, now)
        case Continue():
            return _continue(pad, now)
        case Finish() if pad.stage is _S.UNRESOLVED_DONE:
            return onwards(pad, now)
        case _:
            return PadStep(_chosen(pad, event, now))


def _with(pad: Pad, *, personal: bool = False, **changes: Any) -> Pad:
    draft = replace(pad.require_report(), **changes)
    return replace(pad, report=draft, mistaken=False, personal=pad.personal or personal)


def _go(pad: Pad, stage: PadStage, now: float, **changes: Any) -> Pad:
    return _with(pad, **changes).at(stage, now)


def _is_awaited(pad: Pad, request: str) -> bool:
    return pad.stage in {_S.UNRESOLVED_SENDING, _S.UNRESOLVED_NOT_KEPT} and request == str(
        pad.require_report().request_id
    )


def _chosen(pad: Pad, event: Event, now: float) -> Pad:
    """What a touch on one of the answers of this page leads to."""
    match pad.stage, event:
        case _S.UNRESOLVED_KIND, ChooseKind(kind):
            return _go(pad, _S.UNRESOLVED_DAY, now, kind=kind)
        case _S.UNRESOLVED_DAY, ChooseDay(day):
            return _on_day(pad, day, now)
        case _S.UNRESOLVED_DAY, AskOtherDay():
            return pad.at(_S.UNRESOLVED_OTHER_DAY, now)
        case _S.UNRESOLVED_DAY, AskPlace():
            return pad.at(_S.UNRESOLVED_PLACE, now)
        case _S.UNRESOLVED_PLACE, ChoosePlace(UnresolvedPlace.WINDOW):
            return pad.at(_S.UNRESOLVED_WHICH, now)
        case _S.UNRESOLVED_PLACE, ChoosePlace(place) if place is not UnresolvedPlace.SERVICE:
            return _go(pad, _S.UNRESOLVED_DAY, now, place=place, window="")
        case _S.UNRESOLVED_PLACE, ChooseWindow(window):
            return _at_window(pad, window, now)
        case _S.UNRESOLVED_CALL_BACK, AnswerCallBack(wanted=True):
            return pad.at(_S.UNRESOLVED_CONTACT, now)
        case _S.UNRESOLVED_CALL_BACK, AnswerCallBack(wanted=False):
            return _go(pad, _S.UNRESOLVED_REVIEW, now, call_back=False, phone="")
        case _:
            return pad  # it means nothing on this page


def _on_day(pad: Pad, day: date | None, now: float) -> Pad:
    if day is None or pad.today is None or day > pad.today:
        return replace(pad, mistaken=True)
    return _go(pad, _S.UNRESOLVED_ACCOUNT if pad.words_fit else _S.UNRESOLVED_CALL_BACK, now, happened=day)


def _at_window(pad: Pad, window: str, now: float) -> Pad:
    if WINDOW.fullmatch(window) is None:
        return replace(pad, mistaken=True)
    return _go(pad, _S.UNRESOLVED_DAY, now, place=UnresolvedPlace.WINDOW, window=window)


def _date(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _back(pad: Pad, now: float) -> PadStep:
    before = {
        _S.UNRESOLVED_DAY: _S.UNRESOLVED_KIND,
        _S.UNRESOLVED_OTHER_DAY: _S.UNRESOLVED_DAY,
        _S.UNRESOLVED_PLACE: _S.UNRESOLVED_DAY,
        _S.UNRESOLVED_WHICH: _S.UNRESOLVED_PLACE,
        _S.UNRESOLVED_ACCOUNT: _S.UNRESOLVED_DAY,
        _S.UNRESOLVED_CALL_BACK: _S.UNRESOLVED_ACCOUNT if pad.words_fit else _S.UNRESOLVED_DAY,
        _S.UNRESOLVED_CONTACT: _S.UNRESOLVED_CALL_BACK,
        _S.UNRESOLVED_REVIEW: _S.UNRESOLVED_CALL_BACK,
    }
    if pad.stage is _S.UNRESOLVED_KIND:
        return onwards(pad, now)
    stage = before.get(pad.stage)
    return PadStep(pad.at(stage, now) if stage is not None else pad)


def _continue(pad: Pad, now: float) -> PadStep:
    draft = pad.require_report()
    match pad.stage:
        case _S.UNRESOLVED_OTHER_DAY:
            return PadStep(_on_day(pad, _date(pad.typed), now))
        case _S.UNRESOLVED_WHICH:
            return PadStep(_at_window(pad, pad.typed.strip().upper(), now))
        case _S.UNRESOLVED_ACCOUNT:
            return PadStep(pad.at(_S.UNRESOLVED_CALL_BACK, now))
        case _S.UNRESOLVED_CONTACT if phone_number(draft.phone):
            return PadStep(_go(pad, _S.UNRESOLVED_REVIEW, now, call_back=True))
        case _S.UNRESOLVED_CONTACT:
            return PadStep(replace(pad, mistaken=True))
        case _S.UNRESOLVED_REVIEW:
            return _hand_in(pad, now)
        case _S.UNRESOLVED_NOT_KEPT if pad.refused in TRY_AGAIN:
            return _hand_in(pad, now)
        case _:
            return PadStep(pad)


def _hand_in(pad: Pad, now: float) -> PadStep:
    return PadStep(pad.at(_S.UNRESOLVED_SENDING, now, refused=None, tried=now), (KeepReport(_message(pad)),))


def _message(pad: Pad) -> ReportUnresolved:
    """The report as the agent is told it. Nothing joins it to a ticket or to a rating that was given before."""
    draft = pad.require_report()
    if draft.kind is None or draft.place is None or draft.happened is None:
        raise RuntimeError("a report without its kind, its place or its day was handed in")
    return ReportUnresolved(
        str(draft.request_id),
        str(draft.request_id),
        draft.kind,
        draft.place,
        draft.happened.isoformat(),
        UnresolvedChannel.PAD,
        window=draft.window,
        account=draft.account.strip(),
        phone=phone_number(draft.phone) if draft.call_back else "",
        language=pad.language.value,
    )


def _tick(pad: Pad, now: float, limits: PadLimits) -> PadStep:
    quiet = now - pad.touched
    match pad.stage:
        case _S.UNRESOLVED_SENDING if now - pad.entered >= limits.give_up_report:
            return PadStep(pad.at(_S.UNRESOLVED_NOT_KEPT, now, refused=UnresolvedRefusal.AWAY))
        case _S.UNRESOLVED_SENDING:
            if now - pad.tried >= limits.retry_report:
                return PadStep(replace(pad, tried=now), (KeepReport(_message(pad)),))
            return PadStep(pad)
        case _S.UNRESOLVED_DONE:
            return onwards(pad, now) if quiet >= limits.done else PadStep(pad)
        case _:
            rest = limits.alert + limits.countdown - quiet
            if rest <= 0.0:
                return onwards(pad, now)
            left = math.ceil(rest) if rest <= limits.countdown else None
            return PadStep(replace(pad, left=left) if left != pad.left else pad)
