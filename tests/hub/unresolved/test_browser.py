"""Reports, notice, entry and roster in a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.clock import SystemClock
from kiosk.court.sealing import CourtPublicKey
from kiosk.court.unresolved import UnresolvedKind, UnresolvedPlace
from provisioning.hub.court_keys import load_court_keys
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import prepare_data
from provisioning.hub.permissions import Role
from provisioning.hub.staff import add_account
from provisioning.hub.unresolved import roster
from provisioning.hub.unresolved.roster_file import read_roster
from provisioning.hub.unresolved.rules import UnresolvedRules
from provisioning.hub.unresolved.taking import take
from tests.hub.chromium import Chromium, installed_chromium
from tests.hub.conftest import StartHub
from tests.hub.consoles import PASSWORD, PASSWORD_HASH
from tests.hub.processes import HubProcess
from tests.hub.test_console_browser import PICTURES, check_page
from tests.hub.unresolved.office import ACCOUNT, make_report

LEADER = "示例主任"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go."""
    return Path(os.environ.get(PICTURES, tmp_path))


@pytest.fixture
def served(tmp_path: Path, start_hub: StartHub) -> HubProcess:
    """A hub with reports of several days, one overdue, and a roster with gaps."""
    data, clock = DataDirectory(tmp_path / "hub"), SystemClock()
    database, now = prepare_data(data, None, clock), clock.now()
    key: CourtPublicKey = load_court_keys(data, create=True).sealing.public
    made: tuple[tuple[timedelta, dict[str, object]], ...] = (
        (timedelta(days=9), {}),
        (timedelta(hours=2), {"kind": UnresolvedKind.FEES, "place": UnresolvedPlace.PHONE, "window": None}),
        (
            timedelta(hours=1),
            {
                "kind": UnresolvedKind.NOT_TOLD,
                "place": UnresolvedPlace.SERVICE,
                "window": None,
                "service": "filing",
                "language": "ko",
            },
        ),
    )
    table = "日期,姓名,职务,开始,结束,地点,地点英文\n" + "".join(
        f"{now.date() + timedelta(days=day)},{name}示例,{post},8:30,17:00,一楼接待室,Floor 1\n"
        for day, name, post in ((0, "张", "副院长"), (1, "李", "审委会专职委员"), (2, "王", "院长"))
    )
    with database.writing.begin() as connection:
        add_account(connection, name=LEADER, role=Role.SUPERVISOR, password_hash=PASSWORD_HASH, at=now, by="test")
        for before, changes in made:
            report = make_report(key, now - before, **changes)
            take(connection, UnresolvedRules(), report, by=report.terminal, now=now - before)
        roster.put_in(connection, read_roster(table.encode()), by=LEADER, now=now)
    database.close()
    return start_hub(data=data.root)


@pytest.fixture
def desk(served: HubProcess) -> Iterator[Chromium]:
    """A browser in which the leader has just signed in on the way to the list."""
    with Chromium(installed_chromium()) as browser:
        browser.open(f"{served.url}/console/unresolved")
        browser.fill("input[name=name]", LEADER)
        browser.fill("input[name=password]", PASSWORD)
        browser.submit("button.main")
        yield browser


@pytest.mark.slow
def test_a_report_and_its_promise(desk: Chromium, pictures: Path) -> None:
    """List, report, promise, notice: nothing wider than the window, every field labelled, every contrast at least
    4.5:1; a promise without a date does not leave the browser (S2-11)."""
    check_page(desk)
    assert "已超期" in desk.evaluate("document.querySelector('tbody tr').innerText"), "overdue first"
    assert desk.evaluate("document.querySelector('nav a[aria-current] .count').innerText") == "1"
    desk.picture(pictures / "console-unresolved.png")
    desk.submit("tbody tr:last-child a.button")
    assert ACCOUNT in desk.evaluate("document.body.innerText")
    check_page(desk)
    desk.picture(pictures / "console-unresolved-report.png", whole=True)
    form = "form[data-step=promised]"
    desk.fill(f"{form} textarea", "需向档案室调卷")
    desk.click(f"{form} button")
    assert desk.evaluate(f"document.querySelector('{form} input[name=promised]').validity.valueMissing")
    assert desk.evaluate("document.querySelectorAll('.history li').length") == 1
    desk.evaluate(f"(e => {{ e.value = e.max; }})(document.querySelector('{form} input[name=promised]'))")
    desk.submit(f"{form} button")
    assert desk.evaluate("document.querySelectorAll('.history li').length") == 2
    check_page(desk)
    desk.picture(pictures / "console-unresolved-promised.png", whole=True)
    desk.submit(".heading a.button")
    check_page(desk)
    said = desk.evaluate("document.querySelector('.slip').innerText")
    assert "약속한 해결기한" in said
    assert "需向档案室调卷" in said
    desk.picture(pictures / "console-unresolved-notice.png")


@pytest.mark.slow
def test_entry_and_roster(desk: Chromium, served: HubProcess, pictures: Path) -> None:
    """The form asks for window or service as the place needs, the roster shows today's leader; both languages
    (S2-12)."""
    desk.open(f"{served.url}/console/unresolved/new")
    shown = "document.querySelector('.for-{}').offsetParent !== null"
    for chosen, other in (("window", "service"), ("service", "window")):
        desk.evaluate(f"document.querySelector('[name=place]').value = '{chosen}'")
        assert desk.evaluate(shown.format(chosen))
        assert not desk.evaluate(shown.format(other))
    check_page(desk)
    desk.picture(pictures / "console-unresolved-new.png", whole=True)
    desk.open(f"{served.url}/console/roster")
    assert "张示例" in desk.evaluate("document.querySelector('tr.today').innerText")
    check_page(desk)
    desk.picture(pictures / "console-roster.png", whole=True)
    desk.submit(".who a[lang=en]")
    check_page(desk)
    desk.picture(pictures / "console-roster-en.png", whole=True)
    desk.open(f"{served.url}/console/unresolved?show=all")
    check_page(desk)
    desk.picture(pictures / "console-unresolved-en.png")
