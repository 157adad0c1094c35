"""My case (案件查询): by receipt number or identity card; the court's answer, or plainly that there is none now."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import codes
from kiosk.flow.effects import EndSession, FindCases, ReadCard, StopReading
from kiosk.flow.events import (
    AskMyCase,
    Back,
    CardRead,
    CardReadFailed,
    CasesFound,
    CasesUnavailable,
    ChooseIdentityMethod,
    Continue,
    Event,
    Finish,
    IdentityMethod,
)
from kiosk.flow.journey import Journey, Remark, Step, stay
from kiosk.flow.prefill import identity_of_card
from kiosk.flow.stage import Outcome, Stage
from kiosk.flow.world import World


def my_case(journey: Journey, event: Event, world: World) -> Step:
    """How to look: receipt number or card."""
    match event:
        case AskMyCase(typed) if (other := codes.another_paper(journey, typed, world)) is not None:
            return stay(replace(journey, notice=other))
        case AskMyCase(typed):
            return stay(replace(journey, querying=True, notice=None), FindCases(typed))
        case ChooseIdentityMethod(IdentityMethod.CARD):
            return stay(journey.at(Stage.MY_CASE_CARD), ReadCard())
        case CasesFound() | CasesUnavailable():
            return _answered(journey, event)
        case Back():
            return stay(journey.at(Stage.HOME, service=None, draft=None, querying=False))
        case _:
            return stay(journey)


def my_case_card(journey: Journey, event: Event, world: World) -> Step:
    """Waiting for the card of a query."""
    match event:
        case CardRead(card):
            draft = world.draft(identity_of_card(card))
            return stay(replace(journey, draft=draft, querying=True, notice=None), FindCases(None))
        case CardReadFailed(failure):
            return stay(replace(journey, notice=failure))
        case CasesFound() | CasesUnavailable():
            return _answered(journey, event)
        case Continue() if journey.notice is Remark.QUERY_UNAVAILABLE and journey.draft is not None:
            return stay(replace(journey, querying=True, notice=None), FindCases(None))
        case Continue() if journey.notice is not None:
            return stay(replace(journey, notice=None), ReadCard())
        case Back():
            return stay(journey.at(Stage.MY_CASE, draft=None, querying=False), StopReading())
        case _:
            return stay(journey)


def my_case_result(journey: Journey, event: Event, _: World) -> Step:
    """What the court said; the last screen of a query."""
    match event:
        case Back():
            return stay(journey.at(Stage.MY_CASE, cases=None, draft=None))
        case Finish() | Continue():
            return stay(journey, EndSession(Outcome.ANSWERED))
        case _:
            return stay(journey)


def _answered(journey: Journey, event: CasesFound | CasesUnavailable) -> Step:
    match event:
        case CasesFound(misread=True):
            return stay(replace(journey, querying=False, notice=Remark.RECEIPT_NUMBER_WRONG))
        case CasesFound(cases, offline):
            return stay(journey.at(Stage.MY_CASE_RESULT, cases=cases, cases_offline=offline, querying=False))
        case CasesUnavailable():
            return stay(replace(journey, querying=False, notice=Remark.QUERY_UNAVAILABLE))
