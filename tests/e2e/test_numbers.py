"""A person takes a number by touch alone: with the card, printed, found again; and without the hub."""

from __future__ import annotations

import re
import subprocess
import urllib.request
from datetime import timedelta
from pathlib import Path

import cv2
import pytest

from kiosk.clock import SystemClock
from kiosk.flow.meanwhile import CODE_LENGTH, TRIES
from tests.e2e.hand import View
from tests.e2e.stack import BIN, Stack, temporary_stack
from tests.hub.calling.office import Clerk
from tests.hub.consoles import PASSWORD

pytestmark = [pytest.mark.window, pytest.mark.timeout(180)]


def to_the_matters(stack: Stack) -> None:
    """From the idle picture to what numbers are given for."""
    hand = stack.hand
    hand.at("attract")
    hand.touch("attract")
    hand.touch("home.ticket")
    hand.at("ticket_matter")


def to_the_holder(stack: Stack) -> None:
    """From the idle picture to the question whether to use the card."""
    to_the_matters(stack)
    hand = stack.hand
    hand.touch("ticket_matter.filing")
    hand.touch("ticket_class.ordinary")
    hand.at("ticket_holder")


def with_the_card(stack: Stack) -> None:
    to_the_holder(stack)
    stack.hand.touch("ticket_holder.card")
    stack.hand.at("ticket_card")
    stack.dock("insert", "zhang")
    stack.hand.at("ticket")
    stack.dock("remove")


def code_on(slip: Path) -> str:
    """What the code on the slip says."""
    picture = cv2.imread(str(slip), cv2.IMREAD_GRAYSCALE)
    framed = cv2.copyMakeBorder(picture, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255)
    return str(cv2.QRCodeDetector().detectAndDecode(framed)[0])


def test_a_number_by_card_printed_and_to_follow_by_phone() -> None:
    """S2-6: five touches and a card; the slip's code leads to the hub's page for this number."""
    with temporary_stack() as stack:
        with_the_card(stack)
        stack.hand.wait("the slip", slip_settled)
        (slip,) = stack.slips
        page = code_on(slip)
        assert page.startswith(f"{stack.hub_url}/t/")
        with urllib.request.urlopen(page, timeout=10) as reply:  # noqa: S310 - the hub's own page
            assert "A0" in reply.read().decode()


@pytest.mark.exhaustive
def test_a_lost_slip_comes_again_and_a_silent_hub_stops_nobody() -> None:
    """S2-6, F30, F38: one person one number, its second slip a copy; without the hub the number is the terminal's."""
    with temporary_stack() as stack:
        hand = stack.hand
        with_the_card(stack)
        hand.wait("the slip", slip_settled)
        hand.touch("nav.continue")

        with_the_card(stack)
        assert len(stack.slips) == 1
        hand.touch("ticket.reprint")
        hand.wait("the copy", lambda view: slip_settled(view) and len(stack.slips) == 2)
        assert code_on(stack.slips[1]) == code_on(stack.slips[0])
        hand.touch("nav.continue")

        stack.end("hub")
        to_the_holder(stack)
        hand.touch("ticket_holder.without")
        hand.at("ticket")
        hand.wait("the slip", slip_settled)
        assert code_on(stack.slips[2]) not in {"", code_on(stack.slips[0])}
        hand.touch("nav.continue")
        hand.at("attract")


def slip_settled(view: View) -> bool:
    """Whether the terminal knows what became of the slip."""
    return view.find("ticket.reprint") is not None


@pytest.mark.exhaustive
def test_called_in_the_middle_of_a_filing_nobody_else_sees_it() -> None:
    """The clerk presses once, the terminal interrupts; whoever tries codes meanwhile finds an empty terminal."""
    with temporary_stack() as stack:
        hand = stack.hand
        to_the_holder(stack)
        hand.touch("ticket_holder.without")
        hand.at("ticket")
        hand.touch("ticket.file")
        hand.at("language")
        hand.touch("nav.continue")
        hand.at("privacy")
        hand.touch("nav.continue")
        hand.at("identity")
        clerk_at(stack, "1").now("call")
        hand.wait("the call", lambda view: view.overlay == "called")
        window = hand.shown_pid()
        hand.touch("called.keep")
        hand.at("away")
        for _ in range(TRIES):
            hand.touch("away.code")
            for _ in range(CODE_LENGTH):
                hand.touch("key.0")
            hand.touch("key.done")
        hand.at("attract")
        assert hand.shown_pid() != window


def clerk_at(stack: Stack, window: str, *, name: str = "clerk") -> Clerk:
    """A clerk who has just signed in at `window`."""
    account = ("user", "add", "--data", str(stack.folder / "hub"), "--name", name, "--role", "window")
    command = [str(BIN / "court-hub"), *account, "--password-stdin"]
    subprocess.run(command, input=PASSWORD, text=True, check=True, capture_output=True)
    clerk = Clerk(stack.hub_url)
    clerk.sign_in(name)
    clerk.get("windows")
    clerk.post(f"windows/{window}")
    return clerk


def an_appointment(clerk: Clerk) -> str:
    """The code that the console gives for a few minutes from now, still of today."""
    now = SystemClock().now()
    soon = min(now + timedelta(minutes=5), now.replace(hour=23, minute=59))
    clerk.get("appointments")
    when = {"day": soon.date().isoformat(), "time": soon.strftime("%H:%M")}
    clerk.press("appointments", service="materials", ticket_class="ordinary", **when)
    code: str = re.findall(r"\b\d{6}\b", re.sub(r"<[^>]*>", " ", clerk.text))[0]
    return code
