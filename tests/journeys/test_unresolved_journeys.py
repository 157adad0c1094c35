"""What could not be got done, and the leader on duty: what each touch and each silence leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from kiosk.agent.unresolved_messages import UnresolvedRefusal
from kiosk.court.queueing import TicketClass
from kiosk.court.unresolved import UnresolvedKind, UnresolvedPlace
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow import unresolved_events as un
from kiosk.flow.journey import Journey, Overlay
from kiosk.flow.stage import Outcome, Stage
from kiosk.flow.transition import transition
from kiosk.flow.unresolved_handing_in import CORRECTABLE, MAY_HAVE_IT, TRY_AGAIN
from tests.journeys.unresolved_way import ACCOUNT, DUTY, KEPT, PHONE, unresolved_journeys, with_windows
from tests.journeys.world import OFFERS, world


def at(stage: Stage) -> Journey:
    return unresolved_journeys(Journey(stage=Stage.HOME), world(), OFFERS)[stage]


def after(journey: Journey, *events: ev.Event) -> Journey:
    for event in events:
        journey = transition(journey, event, world()).journey
    return journey


TODAY = world().now.date()


def test_the_shortest_way_says_nothing_about_the_person() -> None:
    """S2-11: what, where, when; neither words nor telephone are needed, and none are sent."""
    step = transition(Journey(stage=Stage.HOME), ev.ChooseService(ev.Service.UNRESOLVED), world())
    assert set(step.effects) == {fx.FindQueues(), fx.FindDuty()}
    journey = after(
        step.journey,
        ev.ChooseService(ev.Service.UNRESOLVED),
        un.ChooseKind(UnresolvedKind.NO_ANSWER),
        un.ChoosePlace(UnresolvedPlace.PHONE),
        un.ChooseDay(TODAY),
        ev.Continue(),
        un.AnswerCallBack(wanted=False),
    )
    assert journey.stage is Stage.UNRESOLVED_REVIEW
    assert not journey.require_unresolved().is_personal
    handed_in = transition(journey, ev.Continue(), world())
    assert (handed_in.journey.stage, handed_in.effects) == (Stage.UNRESOLVED_SENDING, (fx.ReportUnresolved(),))


def test_nothing_is_chosen_beforehand() -> None:
    draft = at(Stage.UNRESOLVED).require_unresolved()
    assert (draft.kind, draft.place, draft.happened, draft.call_back) == (None, None, None, None)


@pytest.mark.parametrize("stage", CORRECTABLE)
def test_a_correction_leads_back_to_the_summary(stage: Stage) -> None:
    """Back changes nothing; a new answer changes that one only."""
    summary = at(Stage.UNRESOLVED_REVIEW)
    there = after(summary, ev.JumpTo(stage))
    assert there.stage is stage
    back = after(there, ev.Back())
    assert (back.stage, _said(back)) == (Stage.UNRESOLVED_REVIEW, _said(summary))


def test_a_place_is_changed_as_a_whole_or_not_at_all() -> None:
    """From a service to a window: no report names both, nor a window without its number."""
    there = after(at(Stage.UNRESOLVED_REVIEW), ev.JumpTo(Stage.UNRESOLVED_PLACE))
    half = after(there, un.ChoosePlace(UnresolvedPlace.WINDOW), ev.Back(), ev.Back())
    assert (half.stage, half.require_unresolved().place) == (Stage.UNRESOLVED_REVIEW, UnresolvedPlace.SERVICE)
    whole = after(there, un.ChoosePlace(UnresolvedPlace.WINDOW), un.ChooseWindow("bad!"), un.ChooseWindow("3"))
    draft = whole.require_unresolved()
    assert (whole.stage, draft.place, draft.window, draft.service) == (
        Stage.UNRESOLVED_REVIEW,
        UnresolvedPlace.WINDOW,
        "3",
        "",
    )


def test_who_does_not_remember_the_window_goes_on_all_the_same() -> None:
    asked = after(at(Stage.UNRESOLVED_PLACE), un.ChoosePlace(UnresolvedPlace.WINDOW))
    unsure = after(asked, un.ChoosePlace(UnresolvedPlace.ELSEWHERE))
    assert (unsure.stage, unsure.require_unresolved().place) == (Stage.UNRESOLVED_DAY, UnresolvedPlace.ELSEWHERE)


def test_without_a_board_no_service_can_be_named_and_every_other_place_can() -> None:
    """The hub away, nothing remembered."""
    unknown = replace(at(Stage.UNRESOLVED_PLACE), unresolved=replace(_draft(Stage.UNRESOLVED_PLACE), offers=()))
    assert after(unknown, un.ChoosePlace(UnresolvedPlace.SERVICE)) == unknown
    typed = after(unknown, un.ChoosePlace(UnresolvedPlace.WINDOW), un.ChooseWindow("12"))
    assert typed.require_unresolved().window == "12"


def test_a_day_to_come_is_no_day() -> None:
    journey = at(Stage.UNRESOLVED_DAY)
    assert after(journey, un.ChooseDay(TODAY + timedelta(days=1))) == journey


def test_a_wish_to_be_called_needs_a_number_that_can_be_called() -> None:
    """And who then says no leaves neither name nor number behind."""
    contact = after(at(Stage.UNRESOLVED_CONTACT), un.GiveContact("李示例", "12"), ev.Continue())
    assert (contact.stage, contact.findings_shown) == (Stage.UNRESOLVED_CONTACT, True)
    good = after(contact, un.GiveContact("", "(0433) 255-0001"), ev.Continue())
    assert (good.stage, good.require_unresolved().call_back) == (Stage.UNRESOLVED_REVIEW, True)
    no = after(good, ev.JumpTo(Stage.UNRESOLVED_CALL_BACK), un.AnswerCallBack(wanted=False)).require_unresolved()
    assert (no.call_back, no.name, no.phone) == (False, "", "")


def test_of_the_card_only_the_name_is_kept() -> None:
    journey = at(Stage.UNRESOLVED_CONTACT)
    assert journey.require_unresolved().name
    assert (journey.draft, journey.visit) == (None, None)


@pytest.mark.parametrize("reason", UnresolvedRefusal)
def test_a_report_that_was_not_kept_is_still_here(reason: UnresolvedRefusal) -> None:
    """Tried again it is the same report; changed, where the agent cannot hold the first one, it is another."""
    failed = after(at(Stage.UNRESOLVED_SENDING), un.ReportNotKept(reason))
    draft = failed.require_unresolved()
    assert (draft.account, draft.phone) == (ACCOUNT, PHONE)
    again = transition(failed, ev.Continue(), world())
    if reason in TRY_AGAIN:
        assert again.effects == (fx.ReportUnresolved(),)
        assert again.journey.require_unresolved().request_id == draft.request_id
    else:
        assert again.journey.overlay is Overlay.WINDOW
    back = after(failed, ev.Back())
    assert back.stage is (Stage.UNRESOLVED_SENDING if reason in MAY_HAVE_IT else Stage.UNRESOLVED_REVIEW)


def test_while_it_is_handed_in_nobody_leaves_and_nobody_is_thrown_out() -> None:
    sending = at(Stage.UNRESOLVED_SENDING)
    for event in (ev.AskLeave(), ev.AskWindow(), ev.Back(), ev.IdleWarned(), ev.IdleExpired()):
        assert after(sending, event) == sending


def test_after_it_is_kept_no_touch_hands_it_in_again() -> None:
    """ux-rule 13."""
    done = at(Stage.UNRESOLVED_DONE)
    assert transition(done, ev.Reprint(), world()).effects == (fx.PrintReport(copy=True),)
    for event in (ev.Back(), un.ChooseKind(UnresolvedKind.FEES), ev.JumpTo(Stage.UNRESOLVED_KIND)):
        step = transition(done, event, world())
        assert (step.journey.stage, step.effects) == (Stage.UNRESOLVED_DONE, ())
    assert transition(done, ev.Finish(), world()).effects == (fx.EndSession(Outcome.REPORTED),)


def test_without_paper_the_number_stays_as_long_as_somebody_needs_it() -> None:
    """F30: as the number of who waits."""
    printed = at(Stage.UNRESOLVED_DONE)
    assert after(printed, ev.IdleWarned()).overlay is Overlay.NONE
    unprinted = after(printed, ev.SlipChanged(ev.PaperState.NOT_PRINTED))
    assert after(unprinted, ev.IdleWarned()).overlay is Overlay.IDLE


def test_whoever_leaves_has_reported_nothing() -> None:
    left = transition(after(at(Stage.UNRESOLVED_REVIEW), ev.AskLeave()), ev.AnswerQuestion(yes=True), world())
    assert left.effects == (fx.EndSession(Outcome.CANCELLED),)


def test_with_words_in_it_the_first_page_is_no_longer_public() -> None:
    """Gone back to the first question from the account: idling warns first, then ends the session."""
    assert at(Stage.UNRESOLVED_KIND).is_public
    back = after(at(Stage.UNRESOLVED_REVIEW), ev.JumpTo(Stage.UNRESOLVED_KIND))
    assert not back.is_public
    assert after(back, ev.IdleWarned()).overlay is Overlay.IDLE


# -- who is on duty

RECEPTION = structs.replace(OFFERS[1], service="reception")


def at_duty(reception: object = RECEPTION) -> Journey:
    draft = replace(_draft(Stage.DUTY), offers=(reception,), duty=DUTY)
    return replace(at(Stage.DUTY), unresolved=draft)


def test_a_number_for_the_reception_skips_the_matter_page_and_leads_back_to_the_roster() -> None:
    """S2-12: the ordinary way to a number, with its own slip and its own place in the queue."""
    chosen = after(at_duty(), ev.ChooseMatter("reception"))
    assert (chosen.stage, chosen.require_visit().service) == (Stage.TICKET_HOLDER, "reception")
    taken = transition(chosen, ev.WithoutCard(), world())
    assert taken.effects == (fx.TakeTicket(),)
    assert taken.journey.require_visit().ticket_class is TicketClass.ORDINARY
    back = after(chosen, ev.Back())
    assert (back.stage, back.require_unresolved().duty) == (Stage.DUTY, DUTY)


def test_a_closed_reception_or_another_service_gives_no_number_here() -> None:
    closed = at_duty(structs.replace(RECEPTION, closed=OFFERS[2].closed))
    assert after(closed, ev.ChooseMatter("reception")).stage is Stage.DUTY
    assert after(at_duty(), ev.ChooseMatter("filing")).stage is Stage.DUTY


def test_an_unknown_roster_is_asked_for_again() -> None:
    step = transition(at_duty(), ev.Continue(), world())
    assert set(step.effects) == {fx.FindDuty(), fx.FindQueues()}
    assert step.journey.require_unresolved().duty is None


def test_the_board_may_come_at_any_page() -> None:
    """It is asked for at the beginning, and the person does not wait for it."""
    late = replace(at(Stage.UNRESOLVED_KIND), unresolved=replace(_draft(Stage.UNRESOLVED_KIND), offers=None, duty=None))
    told = after(late, ev.QueuesFound(with_windows(OFFERS)), un.DutyTold(DUTY)).require_unresolved()
    assert told.windows == ("1", "2", "3", "4")
    assert told.duty == DUTY
    away = after(late, ev.QueuesUnavailable()).require_unresolved()
    assert away.offers == ()


def _draft(stage: Stage):
    return at(stage).require_unresolved()


def _said(journey: Journey):
    return replace(journey.require_unresolved(), correcting=False, asked=None)


def test_the_way_ends_with_the_courts_number() -> None:
    assert at(Stage.UNRESOLVED_DONE).require_unresolved().kept == KEPT
