"""Several matters in one visit, an appointment, and a rating, each by touch alone at the terminal."""

from __future__ import annotations

import re
import urllib.request

import pytest

from kiosk.court.rating import RatingQuery, RatingsFound, RatingStanding
from kiosk.court.sealing import CourtPublicKey, seal_text
from tests.e2e.stack import Stack, temporary_stack
from tests.e2e.test_numbers import an_appointment, clerk_at, code_on, slip_settled, to_the_matters, with_the_card
from tests.hub.calling.office import Clerk
from tests.hub.filings import WireTerminal

ZHANG = "110101199001010015"
"""The number of the simulated card."""

pytestmark = [pytest.mark.window, pytest.mark.timeout(240)]


def number_on_the_slip(stack: Stack) -> str:
    """As the page says to which its code leads."""
    (slip,) = stack.slips
    with urllib.request.urlopen(code_on(slip), timeout=10) as reply:  # noqa: S310 - the hub's own page
        found = re.search(r"[A-Z]\d{3}", reply.read().decode())
    assert found is not None
    return found.group()


def serve(clerk: Clerk, *, until: str = "finish") -> None:
    """Whoever is next is called, has come, and is done."""
    for deed in ("call", "serve", "finish"):
        clerk.now(deed)
        if deed == until:
            return


def test_two_matters_in_one_visit() -> None:
    """S2-6: one number and one slip; the second window calls the same number when the first is done with it."""
    with temporary_stack() as stack:
        hand = stack.hand
        to_the_matters(stack)
        hand.touch("ticket_matter.several")
        hand.touch("ticket_matter.filing")
        hand.touch("ticket_matter.materials")
        hand.touch("nav.continue")
        hand.touch("ticket_class.ordinary")
        hand.touch("ticket_holder.without")
        hand.at("ticket")
        hand.wait("the slip", slip_settled)
        assert len(stack.slips) == 1
        first = clerk_at(stack, "1")
        serve(first)
        second = clerk_at(stack, "4", name="second")
        serve(second, until="call")
        assert number_on_the_slip(stack) in second.text


@pytest.mark.exhaustive
def test_check_in_by_the_code() -> None:
    """Six digits on keys that are in sight; a wrong code says so, the right one gives the number with its time."""
    with temporary_stack() as stack:
        hand, clerk = stack.hand, clerk_at(stack, "4")
        code = an_appointment(clerk)
        to_the_matters(stack)
        hand.touch("ticket_matter.appointment")
        hand.at("check_in")
        key_in(stack, "000001" if code != "000001" else "000002")
        hand.at("ticket_taking")
        hand.touch("nav.continue")
        hand.at("check_in")
        key_in(stack, code)
        hand.at("ticket")
        hand.wait("the slip", slip_settled)
        hand.touch("nav.continue")
        serve(clerk, until="call")
        assert number_on_the_slip(stack) in clerk.text


def key_in(stack: Stack, code: str) -> None:
    for digit in code:
        stack.hand.touch(f"keypad.{digit}")
    stack.hand.touch("nav.continue")


@pytest.mark.exhaustive
def test_a_rating_at_the_terminal() -> None:
    """S2-15, S2-16: after the visit, by the card with which the number was taken; the hub has it, and only once."""
    with temporary_stack() as stack:
        hand = stack.hand
        with_the_card(stack)
        hand.wait("the slip", slip_settled)
        hand.touch("nav.continue")
        serve(clerk_at(stack, "1"))
        hand.at("attract", deadline=60)
        rate_by_card(stack)
        hand.at("rating_grade")
        hand.touch("grade.4")
        hand.at("rating_done")
        hand.touch("nav.continue")
        hand.at("attract", deadline=60)
        rate_by_card(stack)
        hand.wait("that it is rated", lambda view: view.find("rating_card.again") is not None)
        assert standing(stack) is RatingStanding.DONE


def rate_by_card(stack: Stack) -> None:
    """From the idle picture to what the card leads to."""
    hand = stack.hand
    hand.touch("attract")
    hand.touch("home.rating")
    hand.at("rating")
    hand.touch("rating.card")
    hand.at("rating_card")
    stack.dock("insert", "zhang")
    hand.wait("an answer", lambda view: view.stage == "rating_grade" or view.find("rating_card.again") is not None)
    stack.dock("remove")


def standing(stack: Stack) -> RatingStanding:
    """What the hub says of the matter of the card."""
    with WireTerminal(stack.hub_url) as terminal:
        sealed = seal_text(ZHANG, CourtPublicKey.from_text(terminal.court().sealing_key))
        query = RatingQuery(terminal="DEV01", identity_sealed=sealed)
        headers = {"content-type": "application/json"}
        reply = terminal.send("POST", "/v1/ratings/invitation", query.model_dump_json().encode(), headers)
        return RatingsFound.model_validate_json(reply.content).standing
