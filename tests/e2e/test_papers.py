"""Papers that are scanned first: what stands on them is offered at the questions, and taken only by touch."""

from __future__ import annotations

import contextlib

import pytest

from kiosk.i18n import catalogue
from tests.e2e.hand import Hand, NotOnScreenError, View
from tests.e2e.journey import Citizen
from tests.e2e.stack import Stack, temporary_stack

pytestmark = [pytest.mark.window, pytest.mark.slow, pytest.mark.timeout(600)]

AMOUNT = "agreed_amount"

TAKEN_WITHIN = 90.0
"""Seconds. Nobody touches "take": until the paper is seen, that would be a picture of what lay there before."""


def test_a_loan_note_fills_the_amount_by_one_touch() -> None:
    """S0-18, S1-32: from the camera through cleaning and reading to the field; what is not touched is not taken."""
    with temporary_stack() as stack:
        hand = stack.hand
        Citizen(stack).reach_materials()
        hand.touch("scan_first")
        hand.at("scan")
        stack.dock("photo", "iou")
        hand.touch("scan.accept", deadline=TAKEN_WITHIN)
        card_on_one_page(stack)
        hand.touch("nav.continue")
        hand.at("materials")
        hand.touch("nav.continue")
        offered = turn_pages(hand, f"{AMOUNT}.offer.0.use")
        field = offered.find(AMOUNT)
        assert field is not None
        assert "还没有填写" in field.text
        hand.touch(f"{AMOUNT}.offer.0.use")
        taken = hand.wait("the offer taken", lambda view: view.find(f"{AMOUNT}.offer.0.use") is None).find(AMOUNT)
        assert taken is not None
        assert "59" in taken.text, taken.text


def card_on_one_page(stack: Stack) -> None:
    """Both sides of an identity card lie side by side; they go on one page in true size."""
    hand = stack.hand
    stack.dock("photo", "identity-card")
    hand.touch("several.together", deadline=TAKEN_WITHIN)
    hand.touch("scan.accept", deadline=60)
    kept = catalogue()["lobby.evidence.pages"].zh.format(count=2)
    hand.wait("two pages", lambda view: kept in view.notices)


def turn_pages(hand: Hand, name: str) -> View:
    """Continue through the form until `name` can be touched."""
    view = hand.at("claim")
    for _ in range(30):
        with contextlib.suppress(NotOnScreenError):
            return hand.wait(name, lambda view: view.find(name) is not None, 1.0 if view.page != "loan_amount" else 60)
        before = view
        hand.touch("nav.continue")
        view = hand.wait("another page", lambda view, before=before: view.page != before.page)  # type: ignore[misc]
    raise NotOnScreenError(f"no page has {name}")
