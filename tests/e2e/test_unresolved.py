"""Somebody could not get something done and says so at the terminal by touch alone; the leader finds it at the hub."""

from __future__ import annotations

import os
import re
import signal
import subprocess

import httpx
import pytest

from tests.e2e.stack import BIN, Stack, temporary_stack
from tests.e2e.test_numbers import code_on
from tests.e2e.test_processes import AGENT, processes, wait
from tests.hub.consoles import PASSWORD, Browser

pytestmark = [pytest.mark.window, pytest.mark.timeout(240)]

PHONE = "13900000001"
NUMBER = re.compile(r"\bB\d{8}-\d{3,6}\b")


def report(stack: Stack, *, phone: str = "") -> None:
    """From the idle picture to the number: sent back again and again, at window 3, yesterday."""
    hand = stack.hand
    hand.at("attract")
    hand.touch("attract")
    hand.touch("home.unresolved")
    hand.touch("unresolved.report")
    hand.touch("unresolved_kind.sent_back")
    hand.touch("unresolved_place.window")
    hand.touch("unresolved_which.3")
    hand.touch("unresolved_day.1")
    hand.at("unresolved_account")
    hand.touch("nav.continue")
    hand.at("unresolved_call_back")
    if phone:
        hand.touch("unresolved_call_back.yes")
        hand.touch("unresolved_contact.phone")
        for digit in phone:
            hand.touch(f"key.{digit}")
        hand.touch("key.done")
        hand.touch("nav.continue")
    else:
        hand.touch("unresolved_call_back.no")
    hand.at("unresolved_review")
    hand.touch("nav.continue")
    hand.at("unresolved_done")
    hand.wait("the slip", lambda view: view.find("unresolved_done.reprint") is not None)


class Leader(Browser):
    """Who deals with reports, at the console."""

    def __init__(self, stack: Stack) -> None:
        data = stack.folder / "hub"
        add = ("user", "add", "--data", str(data), "--name", "leader", "--role", "supervisor", "--password-stdin")
        subprocess.run([str(BIN / "court-hub"), *add], input=PASSWORD, text=True, check=True, capture_output=True)
        super().__init__(stack.hub_url)
        assert self.sign_in("leader").is_success

    def numbers(self, wanted: str = "") -> list[str]:
        """The numbers of the reports that are listed, each once; none while the hub is just starting."""
        try:
            self.get(f"unresolved?show=all&number={wanted}")
        except httpx.ConnectError:
            return []
        return sorted(set(NUMBER.findall(self.text)))

    def open(self, number: str) -> str:
        """The page of one report."""
        self.get(f"unresolved?show=all&number={number}")
        found = re.search(r"/console/unresolved/([0-9a-f-]{36})", self.text)
        assert found is not None
        self.get(f"unresolved/{found[1]}")
        return self.text


def test_a_report_reaches_the_court_and_the_slip_says_its_number() -> None:
    """S2-11: by eleven touches and a telephone number; the leader reads where it was and whom to call."""
    with temporary_stack() as stack:
        report(stack, phone=PHONE)
        leader = Leader(stack)
        (number,) = leader.numbers()
        (slip,) = stack.slips
        assert code_on(slip) == number
        page = leader.open(number)
        assert PHONE in page
        assert "3 号窗口" in page
        stack.hand.touch("nav.continue")
        stack.hand.at("attract")
        assert PHONE not in stack.log("terminal").read_text(errors="replace")


def test_without_the_hub_and_with_the_agent_killed_it_is_there_once() -> None:
    """N3, F5: taken in while the hub is away, under the terminal's own reference; nothing is lost by SIGKILL."""
    with temporary_stack() as stack:
        leader = Leader(stack)
        port = int(stack.hub_url.rsplit(":", 1)[1])
        wait("the board", lambda: board_known(stack))
        stack.end("hub")
        report(stack)
        (slip,) = stack.slips
        reference = code_on(slip)
        assert re.fullmatch(r"T-[0-9A-F]{8}", reference)
        (victim,) = processes(stack, AGENT)
        os.kill(victim, signal.SIGKILL)
        wait("another agent", lambda: processes(stack, AGENT) not in ([], [victim]))
        stack.start_hub(port)
        wait("the report", lambda: leader.numbers(reference), 90.0)
        assert len(leader.numbers()) == 1
        assert reference in leader.open(leader.numbers()[0])


def board_known(stack: Stack) -> bool:
    """Whether the terminal has heard once which numbers the court gives."""
    view = stack.hand.look()
    if view is None:
        return False
    if view.stage == "attract":
        stack.hand.touch("attract")
    elif view.stage == "home" and view.find("home.ticket") is not None:
        stack.hand.touch("nav.back")
        stack.hand.at("attract")
        return True
    return False
