"""Taking a number, and filing while it waits: what each touch, each silence and each call leads to."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from kiosk.agent.ticket_messages import TicketRefusal
from kiosk.court.queueing import TicketStatus, WhileFiling
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow import meanwhile
from kiosk.flow.journey import Journey, Overlay
from kiosk.flow.stage import Outcome, Stage
from kiosk.flow.transition import transition
from tests.journeys.test_every_journey import at_stage
from tests.journeys.world import A_TICKET, OFFERS, at_number_stage, world


def test_a_matter_without_classes_asks_for_no_class() -> None:
    """S2-6: the class is asked only where it makes a difference."""
    journey = at_number_stage(Stage.TICKET_MATTER)
    journey = transition(journey, ev.QueuesFound(OFFERS), world()).journey
    journey = transition(journey, ev.ChooseMatter("enquiry"), world()).journey
    assert journey.stage is Stage.TICKET_HOLDER
    step = transition(journey, ev.WithoutCard(), world())
    assert (step.journey.stage, step.effects) == (Stage.TICKET_TAKING, (fx.TakeTicket(),))
    assert step.journey.require_visit().identity is None


def test_a_closed_matter_gives_no_number() -> None:
    journey = transition(at_number_stage(Stage.TICKET_MATTER), ev.QueuesFound(OFFERS), world()).journey
    assert transition(journey, ev.ChooseMatter("payment"), world()).journey == journey


def test_asking_again_after_silence_asks_for_the_same_number() -> None:
    """One touch too many, or a lost reply, never takes two numbers."""
    journey = at_number_stage(Stage.TICKET_TAKING)
    refused = transition(journey, ev.TicketNotTaken(TicketRefusal.AWAY), world()).journey
    again = transition(refused, ev.Continue(), world())
    assert again.effects == (fx.TakeTicket(),)
    assert again.journey.require_visit().request_id == journey.require_visit().request_id


def test_a_number_that_comes_too_late_is_given_back() -> None:
    """Who went to a window instead holds no place that nobody fills; a number they had before stays theirs."""
    gone = replace(at_number_stage(Stage.TICKET_TAKING), overlay=Overlay.WINDOW)
    gone = transition(gone, ev.AnswerQuestion(yes=True), world()).journey
    assert transition(gone, ev.TicketTaken(A_TICKET), world()).effects == (fx.CancelTicket(A_TICKET.ticket_id),)
    theirs = structs.replace(A_TICKET, already=True)
    assert transition(gone, ev.TicketTaken(theirs), world()).effects == ()


def test_who_has_a_number_is_shown_it_and_prints_only_copies() -> None:
    """S2-6: one active ticket per person; a second slip is marked as a copy."""
    journey = at_number_stage(Stage.TICKET_TAKING)
    first = transition(journey, ev.TicketTaken(A_TICKET), world())
    assert fx.PrintTicket(copy=False) in first.effects
    had = transition(journey, ev.TicketTaken(structs.replace(A_TICKET, already=True)), world())
    assert not any(isinstance(effect, fx.PrintTicket) for effect in had.effects)
    copied = transition(had.journey, ev.Reprint(), world())
    assert copied.effects == (fx.PrintTicket(copy=True),)
    assert transition(copied.journey, ev.Reprint(), world()).effects == ()  # one is on its way


def test_without_paper_the_number_stays_as_long_as_somebody_needs_it() -> None:
    """F30: the number on the screen is all they have; the others need no warning before the screen is cleared."""
    journey = at_number_stage(Stage.TICKET)
    printed = transition(journey, ev.SlipChanged(ev.PaperState.PRINTED), world()).journey
    assert transition(printed, ev.IdleWarned(), world()).journey.overlay is Overlay.NONE
    unprinted = transition(journey, ev.SlipChanged(ev.PaperState.NOT_PRINTED), world()).journey
    warned = transition(unprinted, ev.IdleWarned(), world()).journey
    assert warned.overlay is Overlay.IDLE
    kept = transition(warned, ev.NeedTime(), world())
    assert (kept.journey, kept.effects) == (unprinted, (fx.ExtendTime(),))


def test_giving_the_number_up_is_asked_about_first() -> None:
    asked = transition(at_number_stage(Stage.TICKET), ev.AskGiveUp(), world())
    assert asked.effects == ()
    assert transition(asked.journey, ev.AnswerQuestion(yes=False), world()).journey.overlay is Overlay.NONE
    given_up = transition(asked.journey, ev.AnswerQuestion(yes=True), world())
    assert fx.CancelTicket(A_TICKET.ticket_id) in given_up.effects
    assert given_up.journey.outcome is Outcome.CANCELLED


def filing_meanwhile(stage: Stage) -> Journey:
    """Somebody with a number who has come to `stage` of a filing."""
    visit = at_number_stage(Stage.TICKET).visit
    return replace(at_stage(stage), visit=visit)


def test_who_waits_can_file_and_is_not_asked_again_who_they_are() -> None:
    """The court keeps the place; the card that was read for the number is read once, after the notice was given."""
    begun = transition(at_number_stage(Stage.TICKET), ev.ChooseService(ev.Service.FILE_CASE), world())
    assert begun.effects == (fx.FileMeanwhile(A_TICKET.ticket_id, WhileFiling.BEGAN),)
    notice = transition(begun.journey, ev.Continue(), world()).journey
    assert notice.require_draft().identity is None
    assert transition(notice, ev.AnswerConsent(granted=True), world()).journey.stage is Stage.IDENTITY_CONFIRM
    back = transition(begun.journey, ev.Back(), world())
    assert back.journey.stage is Stage.TICKET
    assert back.journey.draft is None
    assert back.effects == (fx.FileMeanwhile(A_TICKET.ticket_id, WhileFiling.ENDED),)


CALL = ev.TicketNews(A_TICKET.ticket_id, TicketStatus.CALLED, "3")


def test_a_call_interrupts_and_loses_nothing() -> None:
    """Gone to the window, back with the code: the same page, the same answers; in between the screen holds none."""
    before = filing_meanwhile(Stage.CLAIM)
    called = transition(before, CALL, world()).journey
    assert called.overlay is Overlay.CALLED
    gone = transition(called, ev.GoNow(keep=True), world())
    assert (gone.journey.stage, gone.journey.draft) == (Stage.AWAY, None)
    assert fx.HoldPlace() in gone.effects
    wrong = transition(gone.journey, ev.EnterCode("xxxx"), world()).journey
    assert wrong.stage is Stage.AWAY
    back = transition(wrong, ev.EnterCode(called.require_visit().code), world())
    assert (back.journey.stage, back.journey.page, back.journey.draft) == (before.stage, before.page, before.draft)
    assert fx.ExtendTime() in back.effects


def test_finishing_first_gives_the_window_free_and_a_later_call_comes_again() -> None:
    called = transition(filing_meanwhile(Stage.CLAIM), CALL, world()).journey
    later = transition(called, ev.AnswerQuestion(yes=False), world())
    assert later.effects == (fx.FileMeanwhile(A_TICKET.ticket_id, WhileFiling.NOT_YET),)
    assert later.journey.overlay is Overlay.NONE
    assert transition(later.journey, CALL, world()).journey.overlay is Overlay.CALLED


def test_who_goes_and_does_not_come_back_takes_a_slip_and_leaves_nothing() -> None:
    called = transition(filing_meanwhile(Stage.SCAN), CALL, world()).journey
    gone = transition(called, ev.GoNow(keep=False), world())
    assert gone.journey.stage is Stage.WINDOW_TICKET
    assert fx.StopPreview() in gone.effects
    assert fx.PrintWindowTicket() in gone.effects


def test_a_call_waits_for_a_hand_in_and_for_other_questions() -> None:
    """F36: a call in the middle of the hand-in is told on the receipt; one under another question after it."""
    called = transition(filing_meanwhile(Stage.SUBMITTING), CALL, world()).journey
    assert called.overlay is Overlay.NONE
    done = transition(called, ev.Committed("T01-20261123-00001-5", "2026-11-23T09:30:00+08:00"), world()).journey
    assert (done.stage, done.overlay) == (Stage.RECEIPT, Overlay.CALLED)
    assert transition(done, ev.AnswerQuestion(yes=True), world()).journey.overlay is Overlay.NONE
    asked = transition(filing_meanwhile(Stage.CLAIM), ev.AskLeave(), world()).journey
    under = transition(asked, CALL, world()).journey
    assert under.overlay is Overlay.LEAVE
    assert transition(under, ev.AnswerQuestion(yes=False), world()).journey.overlay is Overlay.CALLED


def test_a_call_that_was_undone_asks_no_longer() -> None:
    called = transition(filing_meanwhile(Stage.CLAIM), CALL, world()).journey
    undone = transition(called, ev.TicketNews(A_TICKET.ticket_id, TicketStatus.WAITING, ahead=0), world()).journey
    assert undone.overlay is Overlay.NONE


def test_wrong_codes_and_time_wipe_what_was_kept() -> None:
    """F35: nobody tries all codes, and nobody blocks the terminal for longer than the time that was told."""
    away = at_number_stage(Stage.AWAY)
    expired = transition(away, ev.IdleExpired(), world())
    assert fx.EndSession(Outcome.WALKED_AWAY) in expired.effects
    for _ in range(meanwhile.TRIES - 1):
        away = transition(away, ev.EnterCode("xxxx"), world()).journey
        assert away.kept is not None
    last = transition(away, ev.EnterCode("xxxx"), world())
    assert fx.EndSession(Outcome.WALKED_AWAY) in last.effects
    assert last.journey.kept is None
