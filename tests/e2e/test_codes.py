"""Codes on papers at the terminal: by the handheld scanner and under the camera, through every program."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from kiosk.i18n import Language, tr
from tests.e2e.hand import View
from tests.e2e.stack import BIN, Stack, temporary_stack
from tests.e2e.test_numbers import an_appointment, clerk_at, slip_settled, to_the_matters

pytestmark = [pytest.mark.window, pytest.mark.timeout(240)]


def says(key: str):  # type: ignore[no-untyped-def]  # a predicate of a view
    """A view with this banner."""
    said = tr(key, Language.ZH)
    return lambda view: said in view.notices


def a_receipt(stack: Stack, folder: Path) -> str:
    """The number of a complaint that another terminal has filed."""
    done = subprocess.run(
        [BIN / "court-kiosk", "simulate", "--hub", stack.hub_url, "--data", folder, "--count", "1"],
        check=True,
        capture_output=True,
        text=True,
    )
    number: str = json.loads(done.stdout.splitlines()[-1])["receipt_no"]
    return number


def test_a_receipt_is_scanned_and_its_case_is_there(tmp_path: Path) -> None:
    """What is scanned while no field waits reaches nothing; then one scan takes the place of twenty keys."""
    with temporary_stack() as stack:
        hand, number = stack.hand, a_receipt(stack, tmp_path / "filer")
        hand.at("attract")
        stack.dock("scan-code", number)
        hand.touch("attract")
        hand.at("home")
        stack.dock("scan-code", number)
        hand.touch("home.my_case")
        hand.at("my_case")
        stack.dock("scan-code", "https://court.example/fees/1")
        hand.wait("what a fee notice is", says("lobby.code.is.fee_notice"))
        stack.dock("scan-code", number)
        hand.at("my_case_result")
        hand.wait("what the court says of it", says("lobby.my_case.state.received"))
        assert stack.log("terminal").read_text(errors="replace").count(number) == 0, "no log names it"


@pytest.mark.exhaustive
def test_check_in_by_scan_and_a_fee_notice_under_the_camera() -> None:
    """The camera reads what is laid under it while the field waits; the printed number is named where it is no use."""
    with temporary_stack() as stack:
        hand, code = stack.hand, an_appointment(clerk_at(stack, "4"))
        stack.dock("photo", "empty-desk")
        to_the_matters(stack)
        hand.touch("ticket_matter.appointment")
        hand.at("check_in")
        stack.dock("photo", "fee-notice")
        told = hand.wait("what the paper is, or that it lay there", _noticed)
        if told.find("code.use") is not None:  # it was there before the camera had looked for long enough
            hand.touch("code.use")
        hand.wait("what the paper is", says("lobby.code.is.fee_notice"))
        stack.dock("scan-code", code)
        hand.at("ticket")
        hand.wait("the slip", slip_settled)
        hand.touch("nav.continue")
        hand.at("attract", deadline=60)
        hand.touch("attract")
        hand.touch("home.rating")
        hand.at("rating")
        stack.dock("scan-slip")
        hand.wait("what the slip is", says("lobby.code.is.ticket"))


def _noticed(view: View) -> bool:
    return says("lobby.code.is.fee_notice")(view) or view.find("code.use") is not None
