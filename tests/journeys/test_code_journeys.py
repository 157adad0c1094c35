"""The field that waits for a code on paper: what it takes, what it says to another paper, what no other place takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.court.paper_codes import PaperUse
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow import rating_events as rated
from kiosk.flow.code_events import CodeGiven, CodeLies, CodeUnreadable, UseLyingCode
from kiosk.flow.codes import FIELDS, waits
from kiosk.flow.draft_events import AskDraftCode
from kiosk.flow.journey import Journey, Overlay, Remark, Step
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.services.synthetic import SyntheticPerson
from tests.journeys.drafts_way import DRAFT_CODE
from tests.journeys.visits_way import CODE, RATING_CODE
from tests.journeys.world import NUMBERS, OFFERS, RATINGS, at_number_stage, at_rating_stage, world

RECEIPT = "T01-20261123-00001-X"
PAPERS = {
    PaperUse.RECEIPT: RECEIPT,
    PaperUse.APPOINTMENT: CODE,
    PaperUse.RATING: f"https://court.example/r/{RATING_CODE}",
    PaperUse.TICKET: "https://court.example/t/01a206bb-66d4-7bcf-a945-751c67d52384",
    PaperUse.DRAFT: f"https://court.example/zh/d#{DRAFT_CODE}",
    PaperUse.FEE_NOTICE: "https://court.example/fees/SLFY01-20250305-00012",
    PaperUse.UNKNOWN: "https://example.org/",
}
ANSWERS = {
    Stage.MY_CASE: (fx.FindCases(RECEIPT), fx.StopCodes()),
    Stage.CHECK_IN: (fx.CheckIn(), fx.StopCodes()),
    Stage.RATING: (fx.FindRatings(RATING_CODE), fx.StopCodes()),
    Stage.DRAFT_CODE: (fx.FetchDraft(DRAFT_CODE), fx.StopCodes()),
}


def walk(*events: ev.Event, journey: Journey | None = None) -> Step:
    """The last step of these events, from the home screen."""
    step = Step(journey or Journey(stage=Stage.HOME))
    for event in events:
        step = transition(step.journey, event, world())
    return step


WAYS: dict[Stage, tuple[ev.Event, ...]] = {
    Stage.MY_CASE: (ev.ChooseService(ev.Service.MY_CASE),),
    Stage.CHECK_IN: (ev.ChooseService(ev.Service.TICKET), ev.QueuesFound(OFFERS), ev.HaveAppointment()),
    Stage.RATING: (ev.ChooseService(ev.Service.RATING),),
    Stage.DRAFT_CODE: (
        ev.ChooseService(ev.Service.FILE_CASE),
        ev.Continue(),
        ev.AnswerConsent(granted=True),
        ev.ChooseIdentityMethod(ev.IdentityMethod.CARD),
        ev.CardRead(SyntheticPerson(3).card),
        ev.Continue(),
        AskDraftCode(),
    ),
}


def at(stage: Stage) -> Journey:
    return walk(*WAYS[stage]).journey


@pytest.mark.parametrize("stage", FIELDS)
def test_camera_and_scanner_listen_while_the_field_waits(stage: Stage) -> None:
    """From its opening until it is left, and not while a question lies over it."""
    opened = walk(*WAYS[stage])
    assert opened.effects[-1] == fx.ReadCodes()
    by_card = () if stage is Stage.DRAFT_CODE else (ev.ChooseIdentityMethod(ev.IdentityMethod.CARD),)
    for leaving in (ev.Back(), *by_card, ev.IdleWarned(), ev.AskWindow()):
        left = transition(opened.journey, leaving, world())
        assert left.effects.count(fx.StopCodes()) == 1, leaving
        assert not waits(left.journey)
    warned = transition(opened.journey, ev.IdleWarned(), world()).journey
    assert transition(warned, ev.NeedTime(), world()).effects == (fx.ExtendTime(), fx.ReadCodes())


@pytest.mark.parametrize("stage", FIELDS)
def test_a_code_of_the_right_paper_is_as_good_as_typed(stage: Stage) -> None:
    wanted, typed = FIELDS[stage]
    read = transition(at(stage), CodeGiven((PAPERS[wanted],)), world())
    assert read.effects == ANSWERS[stage]
    values = {PaperUse.RECEIPT: RECEIPT, PaperUse.APPOINTMENT: CODE, PaperUse.RATING: RATING_CODE}
    by_hand = transition(at(stage), typed((values | {PaperUse.DRAFT: DRAFT_CODE})[wanted]), world())
    assert (read.journey, read.effects) == (by_hand.journey, by_hand.effects)


@pytest.mark.parametrize("stage", FIELDS)
@pytest.mark.parametrize("use", PaperUse)
def test_another_paper_is_named_and_nothing_is_asked(stage: Stage, use: PaperUse) -> None:
    """The field goes on waiting; the sentence says what the paper is."""
    if use is FIELDS[stage][0]:
        return
    read = transition(at(stage), CodeGiven((PAPERS[use],)), world())
    assert (read.journey.notice, read.effects) == (use, ())
    assert transition(read.journey, CodeGiven((PAPERS[FIELDS[stage][0]],)), world()).effects == ANSWERS[stage]


def test_of_several_codes_on_a_paper_the_one_that_fits_is_taken() -> None:
    several = (PAPERS[PaperUse.UNKNOWN], PAPERS[PaperUse.FEE_NOTICE], RECEIPT)
    assert transition(at(Stage.MY_CASE), CodeGiven(several), world()).effects == ANSWERS[Stage.MY_CASE]
    named = transition(at(Stage.CHECK_IN), CodeGiven(several[:2]), world())
    assert named.journey.notice is PaperUse.FEE_NOTICE


def test_a_typed_code_of_another_paper_is_named_too() -> None:
    """The typed field and the read code go through the same check."""
    wrong = transition(at(Stage.MY_CASE), ev.AskMyCase(RATING_CODE), world())
    assert (wrong.journey.notice, wrong.effects) == (PaperUse.RATING, ())
    wrong = transition(at(Stage.RATING), rated.AskRating(RECEIPT.lower()), world())
    assert (wrong.journey.notice, wrong.effects) == (PaperUse.RECEIPT, ())
    assert transition(at(Stage.MY_CASE), ev.AskMyCase("T01-2026"), world()).effects[0] == fx.FindCases("T01-2026")


@pytest.mark.parametrize("stage", FIELDS)
def test_a_paper_that_lay_there_is_taken_only_when_the_person_says_so(stage: Stage) -> None:
    """N4: whoever was here before may have left it."""
    lies = transition(at(stage), CodeLies((PAPERS[FIELDS[stage][0]],)), world())
    assert lies.effects == ()
    assert transition(lies.journey, UseLyingCode(), world()).effects == ANSWERS[stage]
    gone = transition(lies.journey, CodeLies(()), world()).journey
    assert transition(gone, UseLyingCode(), world()) == Step(gone)
    assert transition(lies.journey, ev.Back(), world()).journey.lying_codes == ()


def test_what_cannot_be_read_is_said() -> None:
    unread = transition(at(Stage.RATING), CodeUnreadable(), world())
    assert (unread.journey.notice, unread.effects) == (Remark.CODE_UNREADABLE, ())


@pytest.mark.parametrize("journey", [Journey(), Journey(stage=Stage.HOME)], ids=["attract", "home"])
@pytest.mark.parametrize("event", [CodeGiven((RECEIPT,)), CodeLies((RECEIPT,)), CodeUnreadable(), UseLyingCode()])
def test_where_no_field_waits_a_code_changes_nothing(journey: Journey, event: ev.Event) -> None:
    assert transition(journey, event, world()) == Step(journey)


@pytest.mark.parametrize("stage", [*NUMBERS, *RATINGS])
def test_no_other_place_takes_a_code(stage: Stage) -> None:
    journey = at_number_stage(stage) if stage in NUMBERS else at_rating_stage(stage)
    if stage in FIELDS:
        return
    assert transition(journey, CodeGiven(tuple(PAPERS.values())), world()) == Step(journey)


def test_while_the_court_is_asked_or_a_question_is_open_no_code_is_taken() -> None:
    here = at(Stage.MY_CASE)
    for busy in (replace(here, querying=True), replace(here, overlay=Overlay.WINDOW)):
        assert transition(busy, CodeGiven((RECEIPT,)), world()) == Step(busy)
