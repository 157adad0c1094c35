"""One round of the hall: a number by touch, the clerk's press, display and voice, ratings at the pad, the report.

Who takes part: the terminal's screen and the pad by real touches, the clerk and the leader on duty at the console over
HTTP, and the pages as headless Chromium shows them, where it is installed.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx

from kiosk.clock import SystemClock
from kiosk.court.queueing import TicketRequest
from kiosk.court.uuid7 import uuid7
from tests.e2e.hand import Hand
from tests.e2e.stack import BIN, Stack
from tests.hub.calling.office import Clerk
from tests.hub.chromium import Chromium, chromium_program
from tests.hub.consoles import PASSWORD
from tests.hub.filings import WireTerminal

Picture = Callable[[str], None]

WINDOW = "1"
GRADES = (5, 4, 5, 2, 5, 4)
"""Six people, since a report holds back figures of fewer than five."""
BAD = (1, 2)
"""Grades after which the pad asks why."""


class HallRound:
    """Plays the round over a running stack; what it shows goes to `output`."""

    def __init__(self, stack: Stack, picture: Picture, output: Path) -> None:
        self._stack = stack
        self._picture = picture
        self._output = output

    def take_number(self) -> None:
        """A person takes a number with the card; the slip is printed."""
        hand = self._stack.hand
        hand.at("attract")
        hand.touch("attract")
        hand.touch("home.ticket")
        hand.at("ticket_matter")
        self._picture("ticket-matter")
        hand.touch("ticket_matter.filing")
        hand.touch("ticket_class.ordinary")
        hand.at("ticket_holder")
        hand.touch("ticket_holder.card")
        hand.at("ticket_card")
        self._stack.dock("insert", "zhang")
        hand.at("ticket")
        self._stack.dock("remove")
        hand.wait("the slip", lambda view: view.find("ticket.reprint") is not None, 60)
        self._picture("ticket")
        hand.touch("nav.continue")
        hand.at("attract", deadline=60)

    def call_and_rate(self, pictures_of: Callable[[Hand], Picture]) -> None:
        """The clerk calls, the hall hears it, each person rates once; then what the report says. The terminal's screen
        is given to the pad; `pictures_of` takes pictures of a hand's window."""
        pad = self._stack.start_touchpad(window=WINDOW)
        picture = pictures_of(pad)
        pad.at("idle")
        self._more_people(len(GRADES) - 1)
        clerk, leader = self._signed_in("window", "window"), self._signed_in("leader", "supervisor")
        clerk.get("windows")
        clerk.post(f"windows/{WINDOW}")
        for number, grade in enumerate(GRADES):
            clerk.now("call")
            if number == 0:
                self._call_seen_and_heard(clerk)
            clerk.now("serve")
            clerk.now("finish")
            if number == 0:
                pad.at("invited")
                picture("please-rate")
            pad.leave("invited", f"grade.{grade}")
            if grade in BAD:
                pad.leave("reasons", "submit")
            if number == 0:
                pad.at("thanks")
                picture("thanks")
            pad.at("idle")
        self._page("report", "/console/reports", leader)

    def _more_people(self, count: int) -> None:
        """Others take numbers at another terminal."""
        with WireTerminal(self._stack.hub_url) as terminal:
            for _ in range(count):
                asked = TicketRequest(request_id=uuid7(SystemClock().now()), terminal="DEV07", service="filing")
                headers = {"content-type": "application/json"}
                reply = terminal.send("POST", "/v1/tickets", asked.model_dump_json().encode(), headers)
                reply.raise_for_status()

    def _signed_in(self, name: str, role: str) -> Clerk:
        add = ("user", "add", "--data", str(self._stack.folder / "hub"), "--name", name, "--role", role)
        command = [str(BIN / "court-hub"), *add, "--password-stdin"]
        subprocess.run(command, input=PASSWORD, text=True, check=True, capture_output=True)
        clerk = Clerk(self._stack.hub_url)
        clerk.sign_in(name)
        return clerk

    def _call_seen_and_heard(self, clerk: Clerk) -> None:
        """Display and caller's page as pictures, the announcement as sound."""
        self._page("caller", "/console/window", clerk)
        self._page("display", "/display", None)
        with httpx.Client(base_url=self._stack.hub_url, trust_env=False) as http:
            (announced, *_) = http.get("/display/state.json").json()["announcements"]
            for language in ("zh", "ko"):
                sound = http.get(f"/display/voice/{announced[f'voice_{language}']}.wav")
                if sound.is_success:  # espeak-ng belongs to the set-up; a display without it stays silent
                    (self._output / f"announcement-{language}.wav").write_bytes(sound.content)

    def _page(self, name: str, path: str, person: Clerk | None) -> None:
        program = chromium_program()
        if program is None:
            return
        with Chromium(program, width=1920, height=1080) as browser:
            if person is not None:
                browser.keep_cookies(self._stack.hub_url + "/console/", dict(person.http.cookies))
            browser.open(self._stack.hub_url + path)
            browser.picture(self._output / f"{name}.png")
