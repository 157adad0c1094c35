"""Rating on a phone, and reports and follow-ups, in a real browser."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from provisioning.hub.ratings.invitations import Issued
from tests.hub.chromium import Chromium, installed_chromium
from tests.hub.conftest import StartHub
from tests.hub.consoles import PASSWORD
from tests.hub.processes import HubProcess
from tests.hub.ratings.hall import COMMENT, Hall, rated
from tests.hub.test_console_browser import PICTURES, check_page

GRADES = "[...document.querySelectorAll('.grade span')].map(e => e.getBoundingClientRect())"


@pytest.fixture
def program() -> str:
    """The browser."""
    return installed_chromium()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go."""
    return Path(os.environ.get(PICTURES, tmp_path))


@pytest.mark.slow
def test_rating_on_a_phone(
    program: str, pictures: Path, hall: Hall, open_invitation: Issued, served: HubProcess
) -> None:
    """On a phone of 360 points: equal grades, none chosen, reasons only after a bad one, and one rating (S2-15)."""
    hub, issued = served, open_invitation
    with Chromium(program, width=360, height=780) as phone:
        phone.open(f"{hub.url}/r/{issued.code}?lang=ko")
        check_page(phone)
        phone.picture(pictures / "rating-phone-ko.png", whole=True)
        heard = phone.heard()
        assert phone.evaluate("document.documentElement.lang") == "ko"
        assert ("group", phone.evaluate("document.querySelector('h1').innerText")) in heard, (
            "the question names the grades"
        )
        assert [role for role, _ in heard].count("radio") == 5
        assert ("navigation", "언어") in heard
        phone.submit("nav a[lang=zh-CN]")
        sizes = phone.evaluate(f"{GRADES}.map(r => [r.width, r.height])")
        assert len(sizes) == 5
        assert all(size == sizes[0] and size[1] >= 60 for size in sizes), "one grade is larger than another"
        assert phone.evaluate("document.querySelectorAll('input:checked').length") == 0
        why = "document.querySelector('.why').offsetParent !== null"
        phone.click("input[value='5']")
        assert phone.evaluate(why) is False
        phone.click("input[value='2']")
        assert phone.evaluate(why) is True
        phone.click("input[name=reason_waited_long]")
        phone.fill("textarea", "上午等了两个小时")
        check_page(phone)
        phone.picture(pictures / "rating-phone.png", whole=True)
        phone.submit("button")
        assert "谢谢" in phone.evaluate("document.querySelector('h1').innerText")
        phone.picture(pictures / "rating-phone-done.png")
        phone.open(f"{hub.url}/r/{issued.token}")
        assert phone.evaluate("document.querySelectorAll('form').length") == 0
    assert rated(hall, issued) == [(2, "phone")]


@pytest.mark.slow
def test_a_supervisor_at_the_console(
    program: str, pictures: Path, hall: Hall, open_invitation: Issued, start_hub: StartHub
) -> None:
    """Follow-ups, one opened, reports and a paper form: nothing wider than the window, every field labelled, every
    contrast at least 4.5:1, in both languages."""
    with hall.database.writing.begin() as connection:
        hall.rate(connection, open_invitation, 2, named=True)
        other = hall.invite(connection, hall.now - timedelta(minutes=1), window="2")
    hall.database.close()
    hub = start_hub(data=hall.data.root)
    with Chromium(program) as desk:
        desk.open(f"{hub.url}/")
        desk.fill("input[name=name]", "示例主任")
        desk.fill("input[name=password]", PASSWORD)
        desk.submit("button.main")
        assert "差评处理" in desk.evaluate("document.title"), "the first page of whoever answers for the hall"
        check_page(desk)
        desk.picture(pictures / "console-followups.png")
        rows = "[...document.querySelectorAll('tbody a')].map(a => a.href)"
        desk.open(desk.evaluate(rows)[-1])
        assert COMMENT in desk.evaluate("document.body.innerText")
        check_page(desk)
        desk.picture(pictures / "console-followup.png")
        desk.open(f"{hub.url}/console/reports?kind=week")
        assert desk.evaluate("document.querySelectorAll('.trend .dot').length") >= 3
        check_page(desk)
        desk.picture(pictures / "console-reports.png", whole=True)
        desk.submit(".who a[lang=en]")
        check_page(desk)
        desk.open(f"{hub.url}/console/paper-rating?code={other.code}")
        check_page(desk)
        desk.picture(pictures / "console-paper-rating-en.png", whole=True)
