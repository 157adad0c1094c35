"""The phone page of a ticket as it is heard: with a screen reader, in Korean and English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hub.chromium import Chromium, installed_chromium
from tests.hub.display.hall import LiveHall
from tests.hub.processes import wait_for
from tests.hub.test_console_browser import check_page

# Every change of the part that is read.
WATCH = """
window.changes = 0;
new MutationObserver(() => { changes += 1; })
  .observe(document.querySelector('.ticket'), {childList: true, characterData: true, subtree: true});
"""
COME_BACK = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def phone() -> Iterator[Chromium]:
    """Somebody's phone."""
    with Chromium(installed_chromium(), width=360, height=780, mobile=True) as browser:
        yield browser


def inner(phone: Chromium, selector: str) -> str:
    return str(phone.evaluate(f"document.querySelector({selector!r}).textContent"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ko", ("내 번호 A002", "언어", "A002, 지금 1호창구로 가십시오")),
        ("en", ("My number A002", "Language", "A002, Please go to window 1 now")),
    ],
)
def test_a_ticket_is_heard_in_its_language(
    hall: LiveHall, phone: Chromium, language: str, words: tuple[str, str, str]
) -> None:
    """Structure and names are there; nothing is said again while nothing changes; a call interrupts, with number and
    window; each language's link is spoken in that language."""
    heading, menu, called = words
    hall.open("1")
    hall.take()
    mine = hall.take(language=language)
    phone.open(f"{hall.url}/t/{mine.ticket_id}")
    check_page(phone)
    assert phone.evaluate("document.documentElement.lang") == language
    assert phone.evaluate("[...document.querySelectorAll('nav a')].map(a => a.lang)") == ["zh-CN", "ko", "en"]
    heard = phone.heard()
    for part in (("heading", heading), ("navigation", menu), ("main", ""), ("link", "조선말")):
        assert part in heard, part
    wait_for(lambda: hall.relay.clients == 1)
    phone.evaluate(WATCH)
    before = inner(phone, "#updated")
    wait_for(lambda: phone.evaluate(COME_BACK) and inner(phone, "#updated") != before)
    assert phone.evaluate("changes") == 0
    assert (inner(phone, "#told"), inner(phone, "#urgent")) == ("", "")
    hall.call("1")
    wait_for(lambda: phone.evaluate(COME_BACK) and inner(phone, "#told") != "")
    hall.serve("1")
    hall.finish("1")
    hall.call("1")
    wait_for(lambda: inner(phone, "#urgent") == called)
    assert inner(phone, "#told") == ""
    check_page(phone)


def test_an_unknown_number_has_a_heading_too(hall: LiveHall, phone: Chromium) -> None:
    """An old slip: the page says so, in whichever language."""
    phone.open(f"{hall.url}/t/0189f0c0-0000-7000-8000-000000000000?lang=ko")
    check_page(phone)
    assert ("heading", "이런 번호가 없거나 지난 번호입니다") in phone.heard()
