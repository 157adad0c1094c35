"""Generated journeys: whatever a person touches, they can still reach a receipt, a ticket or a chosen cancellation."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.agent.draft_messages import DraftRefusal
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow import rating_events as rated
from kiosk.flow.draft import Represented
from kiosk.flow.draft_events import DraftStays
from kiosk.flow.journey import Journey, Overlay
from kiosk.flow.route import route
from kiosk.flow.stage import DONE_STAGES, Outcome, Stage
from kiosk.flow.transition import transition
from kiosk.flow.unresolved_events import ReportKept
from kiosk.services.synthetic import SyntheticPerson
from kiosk.session.scratch import Scratch
from tests.journeys.drafts_way import DRAFTS, draft_journeys
from tests.journeys.unresolved_way import KEPT, UNRESOLVED, unresolved_journeys
from tests.journeys.world import (
    A_TICKET,
    NUMBERS,
    OFFERS,
    RATINGS,
    a_filing,
    answers_to,
    at_number_stage,
    at_rating_stage,
    possible_touches,
    world,
)

QUERY = (Stage.MY_CASE, Stage.MY_CASE_CARD, Stage.MY_CASE_RESULT)
CHECK_IN = (Stage.CHECK_IN, Stage.CHECK_IN_CARD)
HANDING_IN = (Stage.SUBMITTING, Stage.UNRESOLVED_SENDING)
STARTS = (Stage.ATTRACT, Stage.IDENTITY, Stage.CAPACITY, Stage.CAUSE, Stage.CLAIM, Stage.OTHERS, Stage.EVIDENCE)
STARTS += (*UNRESOLVED, *NUMBERS, *RATINGS, *DRAFTS)
STARTS += (Stage.MEDIATION, Stage.ADDRESS, Stage.REVIEW, Stage.SIGNATURE, Stage.SUBMITTING)


def wander(start: Stage, choices: Iterable[int], seed: int) -> Journey:
    """The journey after senseless touches, begun at `start`; effects are answered as the outside world might."""
    dice = random.Random(seed)
    journey = at_stage(start)
    waiting: list[ev.Event] = []
    for choice in choices:
        touches = possible_touches(journey)
        waiting.append(touches[choice % len(touches)])
        while waiting:
            step = transition(journey, waiting.pop(0), world())
            journey = step.journey
            waiting += [event for effect in step.effects if (event := answers_to(effect, dice)) is not None]
    return journey


def sensible(journey: Journey, seed: int = 3) -> Journey:
    """The journey after a sensible person has taken over."""
    person, scratch = SyntheticPerson(seed), Scratch()
    for _ in range(400):
        if journey.outcome is not None or journey.stage is Stage.RECEIPT:
            return journey
        if journey.overlay is not Overlay.NONE:
            # "I am still here", and "no" to leaving.
            event = ev.NeedTime() if journey.overlay is Overlay.IDLE else ev.AnswerQuestion(yes=False)
            journey = transition(journey, event, world()).journey
            continue
        if journey.stage is Stage.SUBMITTING:
            journey = transition(
                journey, ev.Committed("T01-20261123-00001-5", "2026-11-23T09:30:00+08:00"), world()
            ).journey
            continue
        if journey.stage is Stage.UNRESOLVED_SENDING:
            journey = transition(journey, ReportKept(KEPT), world()).journey
            continue
        if journey.stage is Stage.UNRESOLVED_DONE:
            journey = transition(journey, ev.Finish(), world()).journey
            continue
        if journey.stage is Stage.AWAY:
            journey = transition(journey, ev.EnterCode(journey.require_visit().code), world()).journey
            continue
        if journey.stage is Stage.TICKET:
            journey = transition(journey, ev.Finish(), world()).journey
            continue
        if journey.stage in RATINGS:
            journey = transition(journey, _rates(journey), world()).journey
            continue
        if journey.stage is Stage.TICKET_TAKING and journey.notice is None:
            journey = transition(journey, ev.TicketTaken(A_TICKET), world()).journey
            continue
        if journey.stage in DRAFTS:
            journey = transition(journey, _without_draft(journey), world()).journey
            continue
        if journey.stage in {*QUERY, *UNRESOLVED, *CHECK_IN, *NUMBERS}:
            journey = transition(journey, ev.Back(), world()).journey
            continue
        for event in person.touches(journey, world(), scratch):
            before = journey
            journey = transition(journey, event, world()).journey
            if journey.stage is not before.stage or journey.outcome is not None:
                break
    return journey


def _rates(journey: Journey) -> ev.Event:
    """What somebody does who came to rate and now wants to be done with it."""
    if journey.require_rating().saving:
        return rated.RatingKept(done=True)
    match journey.stage:
        case Stage.RATING_REASONS:
            return rated.GiveReasons()
        case Stage.RATING_GRADE if journey.notice is not None:
            return ev.Continue()
        case Stage.RATING_DONE:
            return ev.Finish()
        case _:
            return ev.Back()


def _without_draft(journey: Journey) -> ev.Event:
    """What somebody does who wants neither a draft from elsewhere nor one kept, or has it kept already."""
    if journey.stage is Stage.DRAFT_KEPT:
        return ev.Finish()
    if not journey.querying:
        return ev.Back()
    return DraftStays(DraftRefusal.OFFLINE)


BEGINNINGS = st.sampled_from(STARTS)
WANDERINGS = st.lists(st.integers(min_value=0, max_value=10_000), max_size=60)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BEGINNINGS, WANDERINGS, st.integers(min_value=0, max_value=1000))
def test_from_everywhere_a_sensible_person_gets_a_receipt(start: Stage, choices: list[int], seed: int) -> None:
    """N1, S2-5: no state in which a person is left without a way to the receipt."""
    journey = sensible(wander(start, choices, seed))
    elsewhere = {Outcome.TICKET, Outcome.CANCELLED, Outcome.ANSWERED, Outcome.REPORTED, Outcome.KEPT}
    if journey.stage is Stage.WINDOW_TICKET or journey.outcome in elsewhere:
        return
    assert journey.stage is Stage.RECEIPT or journey.outcome is Outcome.RECEIPT


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BEGINNINGS, WANDERINGS, st.integers(min_value=0, max_value=1000))
def test_from_everywhere_the_window_is_two_touches_away(start: Stage, choices: list[int], seed: int) -> None:
    """S0-25: from every screen a slip for the window in at most two touches, unless the complaint is handed in."""
    journey = wander(start, choices, seed)
    if journey.outcome is not None or journey.stage in {*DONE_STAGES, Stage.AWAY} - {Stage.MY_CASE_RESULT}:
        return
    if journey.stage in HANDING_IN and journey.notice is None:
        return
    if journey.overlay is not Overlay.NONE:
        journey = transition(journey, ev.AnswerQuestion(yes=False), world()).journey
        if journey.outcome is not None:
            return
    asked = transition(journey, ev.AskWindow(), world()).journey
    step = transition(asked, ev.AnswerQuestion(yes=True), world())
    assert step.journey.stage is Stage.WINDOW_TICKET
    assert any(isinstance(effect, fx.PrintWindowTicket) for effect in step.effects)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BEGINNINGS, WANDERINGS, st.integers(min_value=0, max_value=1000))
def test_who_walks_away_leaves_nothing_behind(start: Stage, choices: list[int], seed: int) -> None:
    """F35, N5: idling ends every session, or returns to the idle picture where nothing personal was entered."""
    journey = wander(start, choices, seed)
    step = transition(journey, ev.IdleExpired(), world())
    if journey.outcome is not None or (journey.stage in HANDING_IN and journey.notice is None):
        assert step.journey == journey
    elif journey.is_public:
        assert step.journey == Journey()
    else:
        assert any(isinstance(effect, fx.EndSession) for effect in step.effects)
        assert step.journey.outcome is not None


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BEGINNINGS, WANDERINGS, st.integers(min_value=0, max_value=1000))
def test_a_complaint_is_handed_in_once(start: Stage, choices: list[int], seed: int) -> None:
    """F36, ux-rule 13: after the receipt no touch can hand the same complaint in again."""
    journey = sensible(wander(start, choices, seed))
    if journey.stage is not Stage.RECEIPT:
        return
    for touch in possible_touches(journey):
        step = transition(journey, touch, world())
        assert not any(isinstance(effect, fx.Submit) for effect in step.effects)


@pytest.mark.parametrize("represented", list(Represented))
def test_every_capacity_has_a_way_to_the_receipt(represented: Represented) -> None:
    journey = transition(Journey(), ev.Touched(), world()).journey
    for event in (ev.ChooseService(ev.Service.FILE_CASE), ev.Continue(), ev.AnswerConsent(granted=True)):
        journey = transition(journey, event, world()).journey
    journey = transition(journey, ev.ChooseIdentityMethod(ev.IdentityMethod.CARD), world()).journey
    journey = transition(journey, ev.CardRead(SyntheticPerson(1).card), world()).journey
    journey = transition(journey, ev.Continue(), world()).journey
    journey = transition(journey, ev.ChooseRepresented(represented), world()).journey
    journey = transition(journey, ev.Continue(), world()).journey
    expected = Stage.ORGANISATION if represented.is_organisation else Stage.PLAINTIFF
    assert journey.stage is expected
    assert (Stage.AGENT in route(journey.require_draft())) is represented.is_agent
    assert sensible(journey).stage is Stage.RECEIPT


def test_refusing_the_privacy_notice_leads_to_the_window_and_not_to_a_dead_end() -> None:
    journey = Journey(stage=Stage.HOME)
    journey = transition(journey, ev.ChooseService(ev.Service.FILE_CASE), world()).journey
    journey = transition(journey, ev.Continue(), world()).journey
    journey = transition(journey, ev.AnswerConsent(granted=False), world()).journey
    assert journey.overlay is Overlay.WINDOW
    assert not journey.require_draft().granted("privacy_notice")
    back = transition(journey, ev.AnswerQuestion(yes=False), world()).journey
    assert back.stage is Stage.PRIVACY


def test_refusing_mediation_leads_straight_on_with_everything_kept() -> None:
    """S3-3: refusal leads on in the same session with the same data."""
    from kiosk.court.envelope import MediationWish

    journey = at_stage(Stage.MEDIATION)
    before = journey.require_draft().answers
    journey = transition(journey, ev.AnswerMediation(MediationWish.NO), world()).journey
    journey = transition(journey, ev.Continue(), world()).journey
    assert journey.stage is Stage.ADDRESS
    kept = journey.require_draft().answers
    assert all(kept[slot] == answers for slot, answers in before.items())


def test_a_page_with_findings_is_shown_once_and_then_passed() -> None:
    """登记立案规定 2, 7: nothing blocks; what is missing is told once and stands on the correction list."""
    journey = at_stage(Stage.CLAIM)
    first = transition(journey, ev.Continue(), world()).journey
    seen = first
    if first.findings_shown:
        assert (first.stage, first.draft) == (journey.stage, journey.draft)
        seen = transition(first, ev.Continue(), world()).journey
    assert (seen.stage, seen.page) != (journey.stage, journey.page)


@cache
def at_stage(stage: Stage) -> Journey:
    """The journey of a sensible person who has just come to `stage`."""
    if stage in NUMBERS:
        return at_number_stage(stage)
    if stage in RATINGS:
        return at_rating_stage(stage)
    if stage in UNRESOLVED:
        return unresolved_journeys(Journey(stage=Stage.HOME), world(), OFFERS)[stage]
    if stage in DRAFTS:
        return draft_journeys(a_filing(Stage.CAPACITY), a_filing(), world())[stage]
    return a_filing(stage)


def test_synthetic_companies_do_not_divorce():
    """The complaints of load tests are ones that a court could get."""
    at_cause = at_stage(Stage.CAUSE)
    divorce = world().causes.named("离婚纠纷").code

    def chosen(represented: Represented, seed: int) -> str:
        journey = replace(at_cause, draft=replace(at_cause.require_draft(), represented=represented))
        touches = SyntheticPerson(seed).touches(journey, world(), Scratch())
        return next(event.code for event in touches if isinstance(event, ev.ChooseCause))

    assert divorce in {chosen(Represented.SELF, seed) for seed in range(60)}
    for represented in Represented:
        if represented.is_organisation:
            assert divorce not in {chosen(represented, seed) for seed in range(60)}
