"""Several matters in one visit, an appointment, and a rating: what each touch and each answer leads to."""

from __future__ import annotations

import pytest
from msgspec import structs

from kiosk.agent.rating_messages import Findings
from kiosk.agent.ticket_messages import TicketRefusal
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow import rating_events as rated
from kiosk.flow.journey import Journey, Overlay, Remark
from kiosk.flow.stage import Outcome, Stage
from kiosk.flow.ticketing import ASK_CODE_AGAIN, MOST_MATTERS
from kiosk.flow.transition import transition
from tests.journeys.visits_way import APPOINTED_AT, CODE, MATTERS, RATING_CODE
from tests.journeys.world import A_TICKET, OFFERS, at_number_stage, at_rating_stage, world


def after(journey: Journey, *events: ev.Event) -> Journey:
    for event in events:
        journey = transition(journey, event, world()).journey
    return journey


def at_the_matters() -> Journey:
    return after(at_number_stage(Stage.TICKET_MATTER), ev.QueuesFound(OFFERS))


# -- several matters


def test_several_matters_are_one_number_in_the_order_they_were_touched() -> None:
    """S2-6: one ticket for all of them; a second touch takes a matter out again."""
    journey = after(
        at_the_matters(),
        ev.ChooseSeveral(),
        *(ev.ChooseMatter(one) for one in ("filing", "enquiry", "payment", "filing", "filing")),
        ev.Continue(),
    )
    visit = journey.require_visit()
    assert (journey.stage, visit.service, visit.further) == (Stage.TICKET_HOLDER, "enquiry", ("filing",))


def test_the_ordinary_person_is_asked_nothing_more() -> None:
    """One matter is one touch, also for whoever looked at several and went back."""
    journey = after(at_the_matters(), ev.ChooseSeveral(), ev.ChooseMatter("enquiry"), ev.Back())
    assert (journey.stage, journey.require_visit().matters) == (Stage.TICKET_MATTER, ())
    assert after(journey, ev.ChooseMatter("enquiry")).stage is Stage.TICKET_HOLDER


def test_no_more_matters_than_one_ticket_carries() -> None:
    """The contract takes five further services; a seventh touch changes nothing."""
    many = tuple(structs.replace(OFFERS[1], service=f"matter_{n}") for n in range(MOST_MATTERS + 1))
    journey = after(at_number_stage(Stage.TICKET_MATTER), ev.QueuesFound(many), ev.ChooseSeveral())
    journey = after(journey, *(ev.ChooseMatter(one.service) for one in many))
    assert len(journey.require_visit().matters) == MOST_MATTERS


# -- appointments


def test_an_appointment_by_its_code() -> None:
    asked = transition(after(at_the_matters(), ev.HaveAppointment()), ev.GiveAppointmentCode(CODE), world())
    assert (asked.journey.stage, asked.effects) == (Stage.TICKET_TAKING, (fx.CheckIn(), fx.StopCodes()))
    assert asked.journey.require_visit().appointment == CODE
    assert after(at_the_matters(), ev.HaveAppointment(), ev.GiveAppointmentCode("12345")).stage is Stage.CHECK_IN


@pytest.mark.parametrize("reason", sorted(ASK_CODE_AGAIN))
def test_what_is_no_appointment_leads_on(reason: TicketRefusal) -> None:
    """Another code, or an ordinary number: no refusal is a dead end (S2-5)."""
    refused = after(
        at_the_matters(), ev.HaveAppointment(), ev.GiveAppointmentCode(CODE), ev.TicketNotTaken(TicketRefusal(reason))
    )
    assert after(refused, ev.Continue()).stage is Stage.CHECK_IN
    ordinary = transition(refused, ev.WithoutAppointment(), world())
    assert (ordinary.journey.stage, ordinary.effects) == (Stage.TICKET_MATTER, (fx.FindQueues(),))
    assert ordinary.journey.require_visit().appointment is None


def test_a_silent_court_is_asked_again_for_the_same_appointment() -> None:
    asked = after(at_the_matters(), ev.HaveAppointment(), ev.GiveAppointmentCode(CODE))
    again = transition(after(asked, ev.TicketNotTaken(TicketRefusal.APPOINTMENT_AWAY)), ev.Continue(), world())
    assert again.effects == (fx.CheckIn(),)
    assert again.journey.require_visit().request_id == asked.require_visit().request_id


def test_the_number_of_an_appointment_is_not_given_back_for_who_left_the_page() -> None:
    """Its booking would be used up; the same code brings it back."""
    left = after(
        at_the_matters(),
        ev.HaveAppointment(),
        ev.GiveAppointmentCode(CODE),
        ev.AskWindow(),
        ev.AnswerQuestion(yes=True),
    )
    step = transition(left, ev.TicketTaken(structs.replace(A_TICKET, appointed=APPOINTED_AT)), world())
    assert step.effects == ()


# -- ratings


def test_a_good_grade_is_one_touch_and_thanked_for_once_it_is_kept() -> None:
    """S2-16: nothing is chosen beforehand, the first touch stands, and nobody is thanked before it is on disk."""
    journey = at_rating_stage(Stage.RATING_GRADE)
    assert journey.require_rating().grade is None
    touched = transition(journey, rated.ChooseGrade(5), world())
    assert touched.effects == (fx.KeepRating(done=True),)
    assert after(touched.journey, rated.ChooseGrade(1), ev.Back()) == touched.journey
    thanked = after(touched.journey, rated.RatingKept(done=True))
    assert (thanked.stage, thanked.require_rating().grade) == (Stage.RATING_DONE, None)
    assert transition(thanked, ev.Finish(), world()).journey.outcome is Outcome.ANSWERED


def test_a_bad_grade_is_kept_before_it_is_asked_why() -> None:
    """Whoever walks away then has rated all the same; reasons are free to be left out."""
    touched = transition(at_rating_stage(Stage.RATING_GRADE), rated.ChooseGrade(1), world())
    assert (touched.journey.stage, touched.effects) == (Stage.RATING_REASONS, (fx.KeepRating(done=False),))
    assert after(touched.journey, rated.RatingKept(done=False)).stage is Stage.RATING_REASONS
    sent = transition(touched.journey, rated.GiveReasons(), world())
    assert sent.effects == (fx.KeepRating(done=True),)
    assert transition(sent.journey, rated.GiveReasons(), world()).effects == ()
    assert after(sent.journey, rated.RatingKept(done=True)).stage is Stage.RATING_DONE


def test_what_could_not_be_kept_is_said_and_tried_again_with_the_same_grade() -> None:
    failed = after(at_rating_stage(Stage.RATING_GRADE), rated.ChooseGrade(4), rated.RatingNotKept())
    assert failed.notice is Remark.RATING_NOT_KEPT
    again = transition(failed, ev.Continue(), world())
    assert (again.journey.require_rating().grade, again.effects) == (4, (fx.KeepRating(done=True),))


def test_who_leaves_before_a_grade_has_said_nothing() -> None:
    """S2-15: a time-out is not rated, never satisfied."""
    journey = at_rating_stage(Stage.RATING_GRADE)
    warned = transition(journey, ev.IdleWarned(), world()).journey
    assert warned.overlay is Overlay.IDLE
    for event in (ev.IdleExpired(), ev.Back()):
        assert not any(isinstance(one, fx.KeepRating) for one in transition(journey, event, world()).effects)


def test_each_matter_of_a_visit_is_rated_by_itself() -> None:
    """一事一评: after the thanks the next may be rated, and none of it is taken over from the first."""
    first = after(at_rating_stage(Stage.RATING_GRADE), rated.ChooseGrade(5), rated.RatingKept(done=True))
    second = after(first, rated.RateNext())
    assert (second.stage, second.require_rating().matter) == (Stage.RATING_GRADE, MATTERS[1])
    assert second.require_rating().grade is None
    done = after(second, rated.ChooseGrade(3), rated.RatingKept(done=True))
    assert after(done, rated.RateNext()) == done


def test_a_code_is_looked_at_before_the_court_is_asked() -> None:
    journey = at_rating_stage(Stage.RATING)
    wrong = transition(journey, rated.AskRating("ABCD-2345"), world())
    assert (wrong.journey.notice, wrong.effects) == (Remark.RATING_CODE_WRONG, ())
    asked = transition(wrong.journey, rated.AskRating(RATING_CODE.lower().replace("-", " ")), world())
    assert asked.effects == (fx.FindRatings(RATING_CODE), fx.StopCodes())
    done = after(asked.journey, rated.RatingsNotFound(Findings.DONE))
    assert (done.stage, done.notice, done.querying) == (Stage.RATING, Findings.DONE, False)


def test_what_was_read_of_the_card_is_gone_before_the_question() -> None:
    """N4, N10: the number serves to find the matter and for nothing else."""
    reading = at_rating_stage(Stage.RATING_CARD)
    assert at_rating_stage(Stage.RATING_GRADE).require_rating().identity is None
    late = after(reading, ev.Back(), rated.RatingsFound(MATTERS))
    assert late.stage is Stage.RATING
