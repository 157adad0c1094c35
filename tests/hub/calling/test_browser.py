"""The calling pages in headless Chromium: a round by keyboard alone, live changes, a lost connection, every page seen
in both languages on a small screen."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.court.queueing import TicketClass
from provisioning.hub.permissions import Role
from provisioning.hub.queue.appointments import book
from provisioning.hub.queue.issue import Bearer
from provisioning.hub.queue.schema import tickets
from tests.hub.calling.office import COLLEAGUE, CallingHall
from tests.hub.chromium import Chromium, installed_chromium
from tests.hub.consoles import PASSWORD
from tests.hub.processes import wait_for
from tests.hub.test_console_browser import PICTURES, check_page

SMALL = {"width": 1366, "height": 768}

pytestmark = pytest.mark.slow


@pytest.fixture
def program() -> str:
    """Chromium."""
    return installed_chromium()


def sign_in(browser: Chromium, hall: CallingHall, name: str, *, english: bool = False) -> None:
    """Through the form."""
    browser.open(f"{hall.url}/console/sign-in")
    browser.fill("input[name=name]", name)
    browser.fill("input[name=password]", PASSWORD)
    browser.submit("button.main")
    if english:
        browser.submit(".who a[lang=en]")


def shows(browser: Chromium, text: str) -> None:
    """Wait until the page says so."""
    wait_for(lambda: text in browser.evaluate("document.body?.innerText ?? ''"))


def test_a_round_by_keyboard_alone(sqlite_hall: CallingHall, program: str) -> None:
    """Sign in, choose a window, call with the space bar, serve, finish: no mouse, and each press in its turn only."""
    first, second = sqlite_hall.come(), sqlite_hall.come()
    with Chromium(program, **SMALL) as browser:
        browser.open(f"{sqlite_hall.url}/")
        wait_for(lambda: browser.evaluate("document.activeElement.name") == "name")
        browser.insert("window")
        browser.press("Tab")
        browser.insert(PASSWORD)
        browser.press("Enter")
        shows(browser, "选择窗口")
        wait_for(lambda: browser.evaluate("document.activeElement.textContent") == "在此窗口签到")
        browser.press("Enter")
        shows(browser, "窗口空闲")
        settle(browser)
        browser.press("Space")
        shows(browser, f"{first.label} 已呼叫")
        wait_for(lambda: first.label in browser.evaluate("document.title"))
        browser.press("N")  # nobody else can be called now
        browser.press("Space")
        settle(browser)
        browser.press("R")
        shows(browser, "已叫 2 次")
        settle(browser)
        browser.press("s")
        shows(browser, "办理中")
        settle(browser)
        browser.press("H")
        shows(browser, "等待什么")
        browser.insert("copy")
        browser.press("Enter")
        shows(browser, "已暂缓")
        assert sqlite_hall.status(first) == "held"
        settle(browser)
        browser.press("N")
        shows(browser, f"{second.label} 已呼叫")
        settle(browser)
        browser.press("S")
        shows(browser, "办理中")
        settle(browser)
        browser.press("F")
        shows(browser, "已办结")
        assert sqlite_hall.status(second) == "finished"
        assert browser.evaluate("document.activeElement.id") == "act-call"
    assert sqlite_hall.called() == [first.label, second.label]


def settle(browser: Chromium) -> None:
    """Let the moment pass in which a second press counts as the first one's echo."""
    quiet = "typeof changed === 'undefined' || performance.now() - changed > QUIET"
    wait_for(lambda: browser.evaluate(f"document.readyState === 'complete' && ({quiet})"))


def test_two_quick_presses_are_one(sqlite_hall: CallingHall, program: str) -> None:
    """A double click on "call" calls one person, and does not press what then stands in its place."""
    ticket = sqlite_hall.come()
    sqlite_hall.come()
    with Chromium(program, **SMALL) as browser:
        sign_in(browser, sqlite_hall, "window")
        browser.submit(".windows form button")
        browser.click("#act-call")
        browser.click("#act-call")
        shows(browser, f"{ticket.label} 已呼叫")
        browser.click("#act-serve")
        browser.press("X")
        settle(browser)
        assert sqlite_hall.status(ticket) == "called"
    assert sqlite_hall.called() == [ticket.label]


def test_the_page_lives(sqlite_hall: CallingHall, program: str) -> None:
    """A new ticket and a person who gives up are seen without a press; with the hub gone the page says so and keeps
    saying it; back again, it goes on."""
    with Chromium(program, **SMALL) as browser:
        sign_in(browser, sqlite_hall, "window")
        browser.submit(".windows form button")
        shows(browser, "没有人在等候")
        wait_for(lambda: browser.evaluate("stream.readyState") == 1)
        ticket = sqlite_hall.come(language="ko")
        shows(browser, ticket.label)
        shows(browser, "朝鲜文")
        leader = sqlite_hall.staff("supervisor")
        assert browser.evaluate("document.getElementById('lost').hidden")
        sqlite_hall.relay.stop()
        wait_for(lambda: not browser.evaluate("document.getElementById('lost').hidden"), 30)
        leader.get("queue")
        leader.press("queue/windows/1/release")
        wait_for(lambda: "选择窗口" in browser.evaluate("document.title"), 40)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_fits_a_small_screen(sqlite_hall: CallingHall, program: str, tmp_path: Path, language: str) -> None:
    """1366 × 768, both languages: nothing wider than the window, every field labelled, contrast enough."""
    pictures = Path(os.environ.get(PICTURES, tmp_path))
    now = sqlite_hall.hub.clock.now()
    booking = {"appointed": now + timedelta(minutes=5), "bearer": Bearer(masked_name="刘*"), "by": "x", "at": now}
    sqlite_hall.do(
        lambda c: book(c, sqlite_hall.hub.hall, service="filing", ticket_class=TicketClass.ORDINARY, **booking)
    )
    for ticket_class in (TicketClass.PROFESSIONAL, TicketClass.SPECIAL, TicketClass.ORDINARY, TicketClass.ORDINARY):
        sqlite_hall.come("filing", ticket_class, language="ko", further_services=("materials", "payment"))
    held = sqlite_hall.at_window(COLLEAGUE, "2")
    held.now("call")
    held.get("window/hold")
    held.press("window/hold", note="等待当事人补身份证复印件和授权委托书")

    with Chromium(program, **SMALL) as browser:

        def see(path: str, name: str) -> None:
            if path:
                browser.open(f"{sqlite_hall.url}/console/{path}")
            check_page(browser)
            browser.picture(pictures / f"calling-{name}-{language}.png")

        sign_in(browser, sqlite_hall, Role.CLERK.value, english=language == "en")
        see("windows", "windows")
        browser.submit("form[action$='windows/3'] button")
        see("", "free")
        browser.click("#act-call")
        wait_for(lambda: browser.evaluate("!!document.getElementById('act-serve')"))
        see("", "called")
        see("window/transfer", "transfer")
        see("window/hold", "hold")
        (waiting, *_) = sqlite_hall.rows(sa.select(tickets.c.ticket_id).where(tickets.c.status == "waiting"))
        see(f"window/skip/{waiting.ticket_id}", "skip")
        see("tickets", "tickets")
        see(f"tickets/{waiting.ticket_id}", "ticket")
        browser.submit("form[action$=copy] button")
        see("", "copy")
        see("appointments", "appointments")
    with Chromium(program, **SMALL) as browser:
        sign_in(browser, sqlite_hall, Role.SUPERVISOR.value, english=language == "en")
        see("queue", "hall")
        see("queue/A/pause", "pause")
        browser.submit("button.main")
        see("", "hall-paused")
        see("queue/scores", "scores")
