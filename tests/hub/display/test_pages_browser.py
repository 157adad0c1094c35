"""The waiting area's page and the phone's page in a real browser."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from provisioning.hub.display.announcements import announce
from tests.hub.chromium import Chromium, installed_chromium
from tests.hub.display.hall import LiveHall
from tests.hub.processes import wait_for

SPEAKS = ("--autoplay-policy=no-user-gesture-required",)
PICTURES = "HUB_PICTURES"

# Everything the page shows and plays, with times, written down inside the page.
WATCH = """
window.seen = [];
window.playing = [];
new MutationObserver(() => {
  const now = document.getElementById('number').textContent + '>' + document.getElementById('where_zh').textContent
    + (document.getElementById('again').hidden ? '' : '!');
  seen.push([performance.now(), now]);
}).observe(document.getElementById('number'), {childList: true, characterData: true, subtree: true});
new MutationObserver(() => playing.push([performance.now(), document.body.dataset.playing]))
  .observe(document.body, {attributes: true, attributeFilter: ['data-playing']});
"""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go: the documentation's folder, if somebody renews them."""
    return Path(os.environ.get(PICTURES, tmp_path))


@pytest.fixture
def screen() -> Iterator[Chromium]:
    """The display of the waiting area."""
    with Chromium(installed_chromium(), width=1920, height=1080, flags=SPEAKS) as browser:
        yield browser


@pytest.fixture
def phone() -> Iterator[Chromium]:
    """Somebody's phone."""
    with Chromium(installed_chromium(), width=390, height=844, mobile=True) as browser:
        yield browser


def show(screen: Chromium, hall: LiveHall, options: str) -> None:
    screen.open(f"{hall.url}/display?{options}")
    wait_for(lambda: screen.evaluate("document.body.dataset.state") != "starting")
    wait_for(lambda: hall.relay.clients == 1)
    screen.evaluate(WATCH)


def text(browser: Chromium, selector: str) -> str:
    return str(browser.evaluate(f"document.querySelector({selector!r}).innerText"))


def shown(screen: Chromium) -> list[tuple[float, str]]:
    return [(moment, call) for moment, call in screen.evaluate("seen")]


def fits(browser: Chromium) -> bool:
    """Nothing is wider than the window."""
    return bool(browser.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def edges(browser: Chromium, selector: str) -> tuple[float, float]:
    """Top and bottom of an element."""
    box = browser.evaluate(f"(r => [r.top, r.bottom])(document.querySelector({selector!r}).getBoundingClientRect())")
    return box[0], box[1]


@pytest.mark.slow
def test_the_waiting_area_sees_and_hears_every_call(hall: LiveHall, screen: Chromium, pictures: Path) -> None:
    """Three windows call at the same moment: each call is shown for its time and spoken in Chinese, then Korean, no two
    at once and none dropped; a recall is announced again; the board names the last number of each window (S1-25)."""
    hall.open("1", "2", "3", "4", "5")
    for _ in range(3):
        hall.take()
    show(screen, hall, "dwell=1")
    called = [hall.call(window) for window in ("1", "2", "3")]
    hall.recall("2")
    wait_for(lambda: len(shown(screen)) >= 4, seconds=60)
    screen.picture(pictures / "display.png")
    expected = [f"{ticket.label}>{ticket.window}号窗口" for ticket in called] + [f"{called[1].label}>2号窗口!"]
    assert [call for _, call in shown(screen)] == expected
    wait_for(lambda: screen.evaluate("document.body.dataset.queued") == "0", seconds=30)

    sounds = [(moment, sound) for moment, sound in screen.evaluate("playing")]
    assert len([sound for _, sound in sounds if sound]) == 4 * 3, "chime, Chinese and Korean for each call"
    assert all(bool(sound) != bool(after) for (_, sound), (_, after) in pairwise(sounds)), (
        "a sound begins only after the one before has ended"
    )
    spoken = [end - begin for (begin, sound), (end, _) in pairwise(sounds) if "chime" not in sound]
    assert max(spoken) > 3000, "they are played to their end"
    assert text(screen, "#name") == "张*"
    rows = screen.evaluate("[...document.querySelectorAll('#windows li')].map(r => r.innerText.split('\\n').at(-1))")
    assert rows[:3] == [ticket.label for ticket in called]
    assert "暂停" in rows[5], "window 6 is closed"
    assert fits(screen)
    assert screen.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert edges(screen, "#now h1")[1] <= edges(screen, "#number")[0]
    assert edges(screen, "#again")[1] <= edges(screen, "#now")[1]
    assert edges(screen, "#windows")[1] <= edges(screen, "footer")[0]


@pytest.mark.slow
def test_calls_keep_their_time_without_sound(hall: LiveHall, screen: Chromium) -> None:
    """Each call stays for its minimum dwell, however fast the next ones come."""
    show(screen, hall, "voices=&dwell=1.5")
    at = hall.hub.clock.now()
    for number in range(1, 5):
        hall.do(
            lambda c, number=number: announce(  # type: ignore[misc]
                c, ticket_id="t", number=f"A{number:03d}", window="1", masked_name=None, recalled=False, at=at
            )
        )
    wait_for(lambda: len(shown(screen)) == 4, seconds=20)
    calls = shown(screen)
    assert [call for _, call in calls] == [f"A00{number}>1号窗口" for number in range(1, 5)]
    assert min(after - before for (before, _), (after, _) in pairwise(calls)) >= 1400, (
        "a busy machine notes some milliseconds late"
    )


@pytest.mark.slow
def test_a_reload_in_the_middle_drops_no_call(hall: LiveHall, screen: Chromium) -> None:
    """The browser is restarted while calls wait: those that were not yet shown come afterwards, those that were do not
    come again; a display that is new does not repeat the morning."""
    hall.open("1", "2", "3")
    first = [hall.take() for _ in range(3)]
    show(screen, hall, "voices=&dwell=2")
    for window in ("1", "2", "3"):
        hall.call(window)
    wait_for(lambda: screen.evaluate("document.body.dataset.queued") == "2", seconds=20)
    show(screen, hall, "voices=&dwell=2")
    wait_for(lambda: text(screen, "#number") == first[2].label, seconds=20)
    later = [call for _, call in shown(screen)]
    assert first[0].label not in "".join(later)
    screen.evaluate("localStorage.clear()")
    show(screen, hall, "voices=&dwell=2")
    assert text(screen, "#number") == first[2].label, "a new display shows the last call …"
    assert screen.evaluate("document.body.dataset.queued") is None, "… and announces nothing"


@pytest.mark.slow
def test_the_display_comes_back_by_itself(hall: LiveHall, screen: Chromium) -> None:
    """Its streams are cut; what was called meanwhile is announced when it is back."""
    hall.open("1")
    ticket = hall.take()
    show(screen, hall, "voices=&dwell=1")
    for client in list(hall.relay._clients):
        client.end()
    hall.call("1")
    wait_for(lambda: [call for _, call in shown(screen)] == [f"{ticket.label}>1号窗口"], seconds=20)
    assert screen.evaluate("document.getElementById('offline').hidden")


def test_the_display_says_when_nobody_calls(hall: LiveHall, screen: Chromium, pictures: Path) -> None:
    """All windows paused: a message in both languages, which goes when one opens."""
    hall.open("1")
    hall.pause("1")
    show(screen, hall, "voices=")
    assert "暂停办理" in text(screen, "#message")
    assert "멈추었습니다" in text(screen, "#message")
    screen.picture(pictures / "display-paused.png")
    hall.pause("1", paused=False)
    wait_for(lambda: screen.evaluate("document.getElementById('message').hidden"))


@pytest.mark.slow
def test_a_phone_follows_its_ticket(hall: LiveHall, phone: Chromium, pictures: Path) -> None:
    """People ahead, then where to go, within moments of the call, in the language of the ticket; no name anywhere."""
    hall.open("1")
    first, mine = hall.take(), hall.take(language="ko")
    phone.open(f"{hall.url}/t/{mine.ticket_id}")
    assert mine.label in text(phone, ".number")
    assert text(phone, ".main") == "앞에 1명이 있습니다"
    phone.picture(pictures / "phone-waiting.png")
    hall.call("1")
    hall.serve("1")
    hall.finish("1")
    wait_for(lambda: hall.relay.clients == 1)
    begin = time.monotonic()
    hall.call("1")
    wait_for(lambda: text(phone, ".main") == "지금 1호창구로 가십시오")
    assert time.monotonic() - begin < 5
    phone.picture(pictures / "phone-called.png")
    phone.open(f"{hall.url}/t/{mine.ticket_id}?lang=zh")
    assert text(phone, ".main") == "请您现在到 1 号窗口"
    phone.picture(pictures / "phone-called-zh.png")
    assert "张" not in phone.evaluate("document.documentElement.outerHTML")
    assert fits(phone)
    phone.open(f"{hall.url}/t/{first.ticket_id}?lang=en")
    assert text(phone, ".main") == "Finished"
    phone.picture(pictures / "phone-finished.png")
