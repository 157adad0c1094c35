"""Several matters, an appointment and a rating on the screen, by real touches in a real window."""

from __future__ import annotations

import pytest

from kiosk.agent.rating_messages import Findings
from kiosk.agent.ticket_messages import TicketRefusal
from kiosk.flow import events as ev
from kiosk.flow import rating_events as rated
from kiosk.flow.stage import Outcome, Stage
from kiosk.i18n import catalogue
from tests.journeys.visits_way import CODE, MATTERS, RATING_CODE
from tests.screens.lobby.bench import OFFERS, Bench

pytestmark = pytest.mark.window


def at_the_matters(window) -> Bench:
    bench = Bench(window, live=True)
    bench.at(Stage.HOME)
    window.tap("home.ticket")
    bench.happen(ev.QueuesFound(OFFERS))
    return bench


def test_several_matters_carry_their_place(kiosk_window) -> None:
    """What was touched first stands first, with its number; whoever goes back finds the page of everybody."""
    bench = at_the_matters(kiosk_window)
    kiosk_window.tap("ticket_matter.several")
    assert "nav.continue" not in kiosk_window.names()
    kiosk_window.tap("ticket_matter.advice")
    kiosk_window.tap("ticket_matter.filing")
    assert {f"1. {OFFERS[4].names.zh}", f"2. {OFFERS[0].names.zh}"} <= set(kiosk_window.texts())
    kiosk_window.tap("nav.back")
    assert "ticket_matter.several" in kiosk_window.names()
    kiosk_window.tap("nav.back")
    assert bench.session.journey.stage is Stage.HOME


def test_the_code_of_an_appointment_by_its_keys(kiosk_window) -> None:
    """The keys are in sight without touching a field; a digit can be taken back, and too few lead nowhere."""
    bench = at_the_matters(kiosk_window)
    kiosk_window.tap("ticket_matter.appointment")
    for key in (*CODE[:5], "back", CODE[4]):
        kiosk_window.tap(f"keypad.{key}")
    kiosk_window.tap("nav.continue")
    assert bench.session.journey.stage is Stage.CHECK_IN
    kiosk_window.tap(f"keypad.{CODE[5]}")
    kiosk_window.tap("nav.continue")
    assert bench.session.journey.require_visit().appointment == CODE
    bench.happen(ev.TicketNotTaken(TicketRefusal.APPOINTMENT_AWAY))
    kiosk_window.tap("nav.continue")  # an ordinary number is the first thing offered
    assert bench.session.journey.stage is Stage.TICKET_MATTER


def test_a_rating_by_its_code_with_reasons_and_words(kiosk_window) -> None:
    """S2-15: no grade is chosen beforehand; after a bad one the reasons go with it, and nothing of it stays."""
    bench = Bench(kiosk_window, live=True)
    bench.at(Stage.HOME)
    kiosk_window.tap("home.rating")
    kiosk_window.tap("rating.code")
    kiosk_window.type_keys(*RATING_CODE.replace("-", ""), "done")
    bench.happen(rated.RatingsFound(MATTERS[:1]))
    kiosk_window.tap("grade.1")
    kiosk_window.tap("reason.rude")
    kiosk_window.tap("nav.continue")
    sent = bench.session.journey.require_rating()
    assert (sent.grade, sent.more) == (1, rated.GiveReasons(("rude",)))
    bench.happen(rated.RatingKept(done=True))
    assert catalogue()["touchpad.thanks.rated"].zh in kiosk_window.texts()
    kiosk_window.tap("nav.continue")
    assert bench.session.journey.outcome is Outcome.ANSWERED


def test_what_cannot_be_rated_says_why_and_keeps_what_was_typed(kiosk_window) -> None:
    bench = Bench(kiosk_window, live=True)
    bench.at(Stage.RATING)
    kiosk_window.tap("rating.code")
    kiosk_window.type_keys(*RATING_CODE.replace("-", ""), "done")
    assert bench.session.journey.querying
    bench.happen(rated.RatingsNotFound(Findings.UNKNOWN))
    assert catalogue()["lobby.rating.found.unknown"].zh in kiosk_window.texts()
    bench.events.clear()
    kiosk_window.tap("nav.continue")
    assert bench.events == [rated.AskRating(RATING_CODE.replace("-", ""))]
