"""How a person moves through the pages of a form, its repeats, and back from a correction to the review."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.draft import EvidenceDraft, FormSlot
from kiosk.flow.filling import current_page
from kiosk.flow.journey import Journey
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.forms.answers import Answers, Path
from kiosk.session.scratch import ScratchKey
from tests.journeys.test_every_journey import at_stage
from tests.journeys.world import world

NAME = "defendant_name"


def after(journey: Journey, *events: ev.Event) -> Journey:
    """The journey after the events."""
    for event in events:
        journey = transition(journey, event, world()).journey
    return journey


def page_of(journey: Journey) -> str:
    """The key of the page that is shown."""
    evaluation = world().evaluate_slot(journey, ev.SLOT_OF_STAGE[journey.stage])
    return current_page(journey, evaluation).key


def names(journey: Journey) -> list[object]:
    """The defendants' names."""
    answers = journey.require_draft().answers_of(FormSlot.OTHERS)
    return [instance.get(NAME) for instance in answers.instances("defendants")]


def others(*named: str) -> Journey:
    """At the empty form for defendants, or at its summary with those named."""
    journey = at_stage(Stage.OTHERS)
    journey = journey.with_draft(answers={**journey.require_draft().answers, FormSlot.OTHERS: Answers()})
    for index, name in enumerate(named):
        journey = after(journey, ev.FieldAnswered(Path(NAME, "defendants", index), name))
    return after(journey, ev.JumpTo(Stage.OTHERS, "defendants")) if named else journey


def forward(journey: Journey) -> Journey:
    """Continue, past what is still missing."""
    once = after(journey, ev.Continue())
    return after(once, ev.Continue()) if once.findings_shown else once


def test_the_first_defendant_is_asked_for_at_once() -> None:
    assert page_of(others()) == "defendants[0]/defendant"


def test_typing_the_first_letter_does_not_move_the_person() -> None:
    """The instance becomes real with the first answer, and a repeat that has instances opens at its summary."""
    journey = others()
    typed = after(journey, ev.FieldAnswered(Path(NAME, "defendants", 0), "李"))
    assert page_of(typed) == page_of(journey)


def test_after_the_last_page_of_an_instance_comes_the_summary() -> None:
    journey = after(others("李示甲", "李示乙"), ev.JumpTo(Stage.OTHERS, "defendants[0]/defendant_contact"))
    assert page_of(forward(journey)) == "defendants"


def test_back_from_the_first_page_of_an_instance_leads_to_the_summary() -> None:
    journey = after(others("李示甲", "李示乙"), ev.JumpTo(Stage.OTHERS, "defendants[1]/defendant"))
    assert page_of(after(journey, ev.Back())) == "defendants"


def test_back_from_the_summary_leaves_the_repeat() -> None:
    assert after(others("李示甲"), ev.Back()).stage is Stage.CLAIM


def test_one_that_was_added_and_left_untouched_is_gone_again() -> None:
    journey = after(others("李示甲"), ev.AddInstance("defendants"))
    assert page_of(journey) == "defendants[1]/defendant"
    back = after(journey, ev.Back())
    assert page_of(back) == "defendants"
    assert names(back) == ["李示甲"]


def test_one_with_an_answer_stays_when_it_is_left() -> None:
    journey = after(others("李示甲"), ev.AddInstance("defendants"))
    journey = after(journey, ev.FieldAnswered(Path(NAME, "defendants", 1), "李示乙"), ev.Back())
    assert names(journey) == ["李示甲", "李示乙"]


def test_removing_the_line_that_stands_for_nobody_changes_nothing() -> None:
    journey = others()
    assert names(after(journey, ev.RemoveInstance("defendants", 0))) == []


def test_removing_the_last_one_keeps_the_person_at_the_summary() -> None:
    journey = after(others("李示甲"), ev.RemoveInstance("defendants", 0))
    assert names(journey) == []
    assert page_of(journey) == "defendants"


def test_opening_a_line_does_not_show_what_was_found_on_another_page() -> None:
    journey = replace(others("李示甲"), findings_shown=True)
    assert not after(journey, ev.JumpTo(Stage.OTHERS, "defendants[0]/defendant")).findings_shown


MOVES = st.lists(
    st.sampled_from(
        [
            ev.Continue(),
            ev.Back(),
            ev.AddInstance("defendants"),
            ev.RemoveInstance("defendants", 0),
            ev.JumpTo(Stage.OTHERS, "defendants"),
            ev.JumpTo(Stage.OTHERS, "defendants[0]/defendant"),
            ev.FieldAnswered(Path("has_third_parties"), "yes"),
            ev.FieldAnswered(Path(NAME, "defendants", 0), "李示甲"),
        ]
    ),
    max_size=12,
)


@given(MOVES)
def test_nobody_is_trapped_in_a_repeat(moves: list[ev.Event]) -> None:
    """登记立案规定 7: however one got there, Continue leads out in the end, and so does Back."""
    journey = others()
    for move in moves:
        if journey.stage is Stage.OTHERS:
            journey = after(journey, move)
    onward = backward = journey
    for _ in range(60):
        onward = after(onward, ev.Continue()) if onward.stage is Stage.OTHERS else onward
        backward = after(backward, ev.Back()) if backward.stage is Stage.OTHERS else backward
    assert onward.stage is not Stage.OTHERS
    assert backward.stage is not Stage.OTHERS


# -- from the review and back


def review() -> Journey:
    """At the review with one defendant and one piece of evidence."""
    journey = at_stage(Stage.REVIEW)
    line = EvidenceDraft(Answers({"title": "示例借条", "source": "示例", "purpose": "示例"}), (ScratchKey("a"),))
    named = Answers({"defendants": (Answers({"defendant_kind": "natural", NAME: "李示甲"}),)})
    answers = {**journey.require_draft().answers, FormSlot.OTHERS: named}
    return journey.with_draft(evidence=(line,), answers=answers)


@pytest.mark.parametrize("move", [ev.Continue(), ev.Back()], ids=["continue", "back"])
@pytest.mark.parametrize(
    "jump",
    [
        ev.JumpTo(Stage.OTHERS, "defendants[0]/defendant"),
        ev.JumpTo(Stage.OTHERS, "defendants[0]/defendant_contact"),
        ev.JumpTo(Stage.OTHERS, "defendants"),
        ev.JumpTo(Stage.ADDRESS, "address_page"),
        ev.JumpTo(Stage.COURT),
        ev.JumpTo(Stage.CAUSE),
        ev.JumpTo(Stage.EVIDENCE),
        ev.JumpTo(Stage.MEDIATION),
        ev.JumpTo(Stage.E_SERVICE),
    ],
    ids=lambda jump: f"{jump.stage.value}-{jump.page}" if isinstance(jump, ev.JumpTo) else "",
)
def test_a_correction_leads_back_to_the_review(jump: ev.JumpTo, move: ev.Event) -> None:
    journey = after(review(), jump)
    assert journey.stage is jump.stage
    done = forward(journey) if isinstance(move, ev.Continue) else after(journey, move)
    assert done.stage is Stage.REVIEW
    assert done.jump is None
    assert after(done, ev.Continue()).stage is Stage.UNDERTAKING


def test_evidence_opened_from_the_review_leads_back_there_after_its_last_page() -> None:
    journey = after(review(), ev.JumpTo(Stage.EVIDENCE_ITEM, None, 0), ev.StartScan(), ev.Continue())
    assert journey.stage is Stage.EVIDENCE_ITEM
    assert forward(forward(journey)).stage is Stage.REVIEW


def test_a_line_of_the_list_opened_from_the_review_leads_back_to_the_list_first() -> None:
    journey = after(review(), ev.JumpTo(Stage.EVIDENCE), ev.EditEvidence(0), ev.Back())
    assert journey.stage is Stage.EVIDENCE
    assert after(journey, ev.Continue()).stage is Stage.REVIEW


def test_a_defendant_edited_from_the_summary_leads_back_to_the_summary_first() -> None:
    journey = after(review(), ev.JumpTo(Stage.OTHERS, "defendants"), ev.JumpTo(Stage.OTHERS, "defendants[0]/defendant"))
    journey = after(journey, ev.Back())
    assert (journey.stage, page_of(journey)) == (Stage.OTHERS, "defendants")
    assert after(journey, ev.Continue()).stage is Stage.REVIEW


# -- the camera


def scanning() -> Journey:
    """At the camera, for a new line of the evidence list."""
    return after(at_stage(Stage.EVIDENCE), ev.AddEvidence(), ev.StartScan())


def test_a_page_that_comes_after_the_person_has_left_the_camera_is_dropped() -> None:
    """N5: nothing stays in memory that nobody can see or remove."""
    journey = after(scanning(), ev.TakePicture(), ev.Back())
    step = transition(journey, ev.PageTaken(ScratchKey("late"), found=True), world())
    assert step.effects == (fx.DropScratch(ScratchKey("late")),)
    assert step.journey == journey


def test_a_page_not_yet_decided_on_is_neither_kept_nor_lost_by_going_on() -> None:
    journey = after(scanning(), ev.TakePicture(), ev.PageTaken(ScratchKey("page"), found=True))
    step = transition(journey, ev.Continue(), world())
    assert (step.journey, step.effects) == (journey, ())
    kept = after(journey, ev.AcceptPage(), ev.Continue())
    assert kept.stage is Stage.EVIDENCE_ITEM
    assert kept.require_evidence()[1].pages == (ScratchKey("page"),)
