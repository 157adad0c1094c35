"""Reports and the duty roster over real HTTP: a terminal's signed requests, and the staff's pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from kiosk.clock import CHINA, SystemClock
from kiosk.court.client import HubClient
from kiosk.court.keys import development_device_key
from kiosk.court.queueing import Ticket, TicketRequest
from kiosk.court.sealing import CourtPublicKey
from kiosk.court.unresolved import DutyRoster, UnresolvedChannel, UnresolvedReport, UnresolvedTaken
from kiosk.court.uuid7 import uuid7
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import prepare_data
from provisioning.hub.permissions import PERMISSIONS, Permission, Role
from provisioning.hub.staff import add_account
from provisioning.hub.unresolved.rules import UnresolvedRules
from provisioning.hub.unresolved.taking import take
from tests.hub.conftest import StartHub
from tests.hub.consoles import CSRF, PASSWORD_HASH, Browser, Open
from tests.hub.filings import WireTerminal
from tests.hub.processes import HubProcess, wait_for
from tests.hub.unresolved.office import ACCOUNT, CALL_BACK, make_report

ADDRESS = re.compile(r'href="/console/(unresolved/[0-9a-f-]{36})"')


def send(terminal: WireTerminal, report: UnresolvedReport) -> httpx.Response:
    """Hand in a report as a terminal does."""
    return terminal.send("POST", "/v1/unresolved", report.model_dump_json().encode())


def upload(browser: Browser, content: bytes) -> httpx.Response:
    """Choose a file on the roster page and send it."""
    browser.get("roster")
    token = CSRF.search(browser.text)
    assert token
    reply = browser.http.post(
        "/console/roster", data={"csrf": token[1]}, files={"file": ("roster.csv", content, "text/csv")}
    )
    browser.text = reply.text
    return reply


@pytest.fixture
def speaking(console: HubProcess) -> Iterator[WireTerminal]:
    """A development terminal of the hub that has accounts."""
    with WireTerminal(console.url) as terminal:
        yield terminal


def test_a_terminal_reports_exactly_once(hub: HubProcess, terminal: WireTerminal) -> None:
    """S2-11: signed, for itself, in its own channels; a repetition gets the same number, on each database."""
    clock = SystemClock()
    client, now = HubClient(hub.url, development_device_key(), clock), clock.now()
    report = make_report(CourtPublicKey.from_text(client.court_info().sealing_key), now)
    taken = client.report_unresolved(report)
    assert taken.number.endswith("-001")
    assert client.report_unresolved(report) == taken
    assert client.duty_roster(20).on_duty == ()
    client.close()
    assert send(terminal, report.model_copy(update={"terminal": "DEV02"})).status_code == 409, (
        "one request, one terminal"
    )
    assert send(terminal, report.model_copy(update={"terminal": "LB0101"})).status_code == 403
    paper = report.model_copy(update={"channel": UnresolvedChannel.PAPER, "request_id": uuid7(now)})
    assert send(terminal, paper).status_code == 422
    assert terminal.send("POST", "/v1/unresolved", b"{}").status_code == 422
    with httpx.Client(base_url=hub.url, trust_env=False) as unsigned:
        assert unsigned.post("/v1/unresolved", content=report.model_dump_json()).status_code == 401
        assert unsigned.get("/v1/duty").status_code == 401


@pytest.mark.parametrize("role", list(Role))
def test_permissions_hold_at_every_door(as_role: Open, speaking: WireTerminal, role: Role) -> None:
    """S0-31: list, report, notice, entry and roster open only to those who have the permission."""
    report = make_report(None, datetime.now(CHINA))
    assert send(speaking, report).status_code == 200
    browser, allowed = as_role(role), PERMISSIONS[role]
    pages = {
        "unresolved": Permission.HANDLE_UNRESOLVED,
        f"unresolved/{report.request_id}": Permission.HANDLE_UNRESOLVED,
        f"unresolved/{report.request_id}/notice": Permission.HANDLE_UNRESOLVED,
        "unresolved/new": Permission.TAKE_UNRESOLVED,
        "roster": Permission.MANAGE_ROSTER,
    }
    for path, permission in pages.items():
        assert browser.get(path).status_code == (200 if permission in allowed else 403), path
    if Permission.HANDLE_UNRESOLVED not in allowed:
        browser.get("password")
        step = browser.post(f"unresolved/{report.request_id}", to="answered_at_once", note="x", revision="1")
        assert step.status_code == 403


def test_from_the_report_to_the_kept_promise(as_role: Open, speaking: WireTerminal) -> None:
    """S2-11: read, refused without a date, promised, printed, done; each once, with what was typed not lost."""
    now = datetime.now(CHINA)
    key = CourtPublicKey.from_text(speaking.court().sealing_key)
    number = UnresolvedTaken.model_validate_json(send(speaking, make_report(key, now)).content).number
    leader = as_role(Role.SUPERVISOR)
    leader.get("unresolved")
    assert number in leader.text
    (address,) = ADDRESS.findall(leader.text)
    leader.get(address)
    assert ACCOUNT in leader.text
    assert CALL_BACK in leader.text
    stale = leader.text
    today, yesterday = now.date(), now.date() - timedelta(days=1)
    for promised in ("", "soon", yesterday.isoformat()):
        reply = leader.post(address, to="promised", note="需向档案室调卷", promised=promised)
        assert reply.status_code == 422
        assert "需向档案室调卷" in leader.text, "what was typed is not lost"
    assert leader.post(address, to="closed", note="x").status_code == 422
    due = (today + timedelta(days=5)).isoformat()
    assert leader.post(address, to="promised", note="需向档案室调卷", promised=due).status_code == 200
    leader.text = stale
    assert leader.post(address, to="answered_at_once", note="好了").status_code == 409
    leader.get(f"{address}/notice")
    for wanted in (number, ACCOUNT, "需向档案室调卷", due):
        assert wanted in leader.text
    assert CALL_BACK not in leader.text
    leader.get(address)
    assert leader.post(address, to="done", note="已送达").status_code == 200
    assert "本件已办结" in leader.text
    leader.get("unresolved")
    assert number not in leader.text
    leader.get("unresolved?show=all&kind=sent_back")
    assert number in leader.text
    leader.get("unresolved?show=nonsense&kind=nonsense")
    assert leader.get("unresolved/00000000-0000-0000-0000-000000000000").status_code == 404


def test_entered_at_the_window(as_role: Open) -> None:
    """Someone who says it in person gets the same: one number however often the form is sent, and the notice."""
    clerk, today = as_role(Role.CLERK), datetime.now(CHINA).date().isoformat()
    clerk.get("unresolved/new")
    key = re.search(r'name="request_id" value="([^"]+)"', clerk.text)
    assert key
    form = {"request_id": key[1], "kind": "fees", "place": "service", "service": "payment", "happened": today}
    form |= {"account": "退费等了两个月", "call_back": CALL_BACK, "language": "ko", "matter": "（2026）吉2401民初12号"}
    wrong = clerk.post("unresolved/new", **(form | {"place": "window"}))
    assert wrong.status_code == 422
    assert "退费等了两个月" in clerk.text
    pages = []
    for _ in range(2):
        assert clerk.post("unresolved/new", **form).status_code == 200
        pages.append(clerk.text)
        assert "비용납부와 환불" in clerk.text
        assert "退费等了两个月" in clerk.text
        clerk.get("unresolved/new")
    numbers = {found for page in pages for found in re.findall(r"B\d{8}-\d{3}", page)}
    assert len(numbers) == 1
    leader = as_role(Role.SUPERVISOR)
    leader.get("unresolved")
    (address,) = ADDRESS.findall(leader.text)
    leader.get(address)
    for wanted in ("退费等了两个月", CALL_BACK, "吉2401民初12号"):
        assert wanted in leader.text


def test_the_overdue_alarm_reaches_the_console(tmp_path: Path, start_hub: StartHub) -> None:
    """S2-11: a hub that finds a missed deadline puts it on the alarm list and counts it on every page of whoever deals
    with it."""
    data, clock = DataDirectory(tmp_path / "late"), SystemClock()
    database = prepare_data(data, None, clock)
    long_ago = clock.now() - timedelta(days=30)
    report = make_report(None, long_ago)
    with database.writing.begin() as connection:
        for role in (Role.CLERK, Role.SUPERVISOR):
            add_account(connection, name=role.value, role=role, password_hash=PASSWORD_HASH, at=clock.now(), by="test")
        taken = take(connection, UnresolvedRules(), report, by=report.terminal, now=long_ago)
    database.close()
    hub = start_hub(data=data.root)
    clerk, leader = Browser(hub.url), Browser(hub.url)
    clerk.sign_in(Role.CLERK.value)
    wait_for(lambda: taken.number in clerk.get("alarms").text)
    assert "“办不成事”反映超期" in clerk.text
    leader.sign_in(Role.SUPERVISOR.value)
    leader.get("calls")
    assert '<span class="count" title="已超期">1</span>' in leader.text
    leader.get("unresolved?show=overdue")
    assert taken.number in leader.text
    for browser in (clerk, leader):
        browser.http.close()


def test_the_roster_from_file_to_terminal(as_role: Open, speaking: WireTerminal) -> None:
    """S2-12: put in from a spreadsheet's file, told to terminals the same moment; a table with a fault is refused with
    its lines, and nothing of it is taken; the reception ticket is a ticket."""

    def duty() -> DutyRoster:
        return DutyRoster.model_validate_json(speaking.send("GET", "/v1/duty").content)

    leader, today = as_role(Role.SUPERVISOR), datetime.now(CHINA).date()
    leader.get("roster")
    assert "今天没有安排带班院领导" in leader.text
    assert "以下工作日没有人带班" in leader.text
    assert duty().on_duty == ()
    table = f"日期,姓名,职务,开始,结束,地点\n{today},张示例,副院长,8:30,17:00,一楼接待室\n"
    wrong = upload(leader, (table + f"{today},李示例,科长,25:00,17:00,一楼接待室\n").encode("gb18030"))
    assert wrong.status_code == 422
    assert "第 3 行" in leader.text
    assert "不认识的职务：科长" in leader.text
    assert duty().on_duty == ()
    assert upload(leader, b"").status_code == 422
    assert upload(leader, table.encode("gb18030")).status_code == 200
    assert "已导入 1 天" in leader.text
    assert "副院长" in leader.text
    (one,) = duty().on_duty
    assert (one.name, one.post.value, one.place.zh) == ("张示例", "vice_president", "一楼接待室")
    service = duty().reception_service
    assert service is not None
    request = TicketRequest(request_id=uuid7(datetime.now(CHINA)), terminal="DEV01", service=service)
    reply = speaking.send("POST", "/v1/tickets", request.model_dump_json().encode())
    assert Ticket.model_validate_json(reply.content).service == "reception"
    no_token = leader.http.post("/console/roster", files={"file": ("r.csv", table.encode(), "text/csv")})
    assert no_token.status_code == 403
