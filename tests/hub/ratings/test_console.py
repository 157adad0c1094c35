"""Reports, follow-ups, paper forms and export in the console, and rating on a phone, over real HTTP."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.rating import RatingAnswer, RatingChannel, RatingOutcome, RatingReceipt, RatingScales
from provisioning.hub import journal
from provisioning.hub.hub import prepare_data
from provisioning.hub.permissions import PERMISSIONS, Permission, Role
from provisioning.hub.ratings.followups import Act, FollowupState, advance
from provisioning.hub.ratings.invitations import Issued
from provisioning.hub.ratings.schema import rating_followups
from tests.hub.conftest import StartHub
from tests.hub.consoles import Browser
from tests.hub.filings import WireTerminal
from tests.hub.processes import HubProcess
from tests.hub.ratings.hall import COMMENT, CONTACT, Hall, OpenAs, rated


@pytest.mark.parametrize("role", list(Role))
def test_permissions_hold_at_every_door(as_person: OpenAs, role: Role) -> None:
    """N10, S0-31: reports, follow-ups, paper forms and export open only to those who have the permission."""
    browser, allowed = as_person(role.value), PERMISSIONS[role]
    pages = {
        "reports": Permission.SEE_REPORTS,
        "followups": Permission.HANDLE_FOLLOWUPS,
        "paper-rating": Permission.ENTER_PAPER_RATING,
    }
    for path, permission in pages.items():
        assert browser.get(path).status_code == (200 if permission in allowed else 403), path
    browser.get("password")
    if Permission.EXPORT_RATINGS not in allowed:
        assert browser.post("reports/export", first="2026-01-01", last="2026-01-31", style="csv").status_code == 403
        browser.get("password")
    if Permission.HANDLE_FOLLOWUPS not in allowed:
        assert browser.get("followups/00000000-0000-0000-0000-000000000000").status_code == 403
    assert browser.get("").status_code == 200, "everybody has a first page"


def test_reports_hold_small_figures_back(as_person: OpenAs) -> None:
    """The clerk sees shares with their interval, never the one rating of window 4, nor anything of today."""
    clerk = as_person(Role.CLERK.value)
    clerk.get("reports?kind=month")
    assert "满意率" in clerk.text
    assert "95% 区间" in clerk.text
    assert "今日" not in clerk.text
    assert "当日数字次日公布" in clerk.text
    for kind in ("day", "week", "month"):
        clerk.get(f"reports?kind={kind}")
        for row in re.findall(r'<tr><th scope="row">4</th>.*?</tr>', clerk.text, re.S):
            assert "不公布" in row
    assert "示例调解员" not in clerk.text
    clerk.get("reports?kind=nonsense&day=9999-99-99")
    assert "服务评价统计" in clerk.text
    leader = as_person("示例主任")
    leader.get("reports?kind=month")
    assert "当日数字次日公布" not in leader.text


def test_a_follow_up_from_first_look_to_closing(as_person: OpenAs, hall: Hall) -> None:
    """The handler reads the comment, takes each step once, and the named person's contact is there; the anonymous
    one's matter is nowhere on the page (N10)."""
    leader = as_person("示例主任")
    leader.get("followups")
    assert "已超期" in leader.text
    addresses = re.findall(r'href="/console/(followups/[0-9a-f-]{36})"', leader.text)
    named = anonymous = ""
    for address in addresses:
        leader.get(address)
        assert COMMENT in leader.text
        named, anonymous = (address, anonymous) if CONTACT in leader.text else (named, address)
    leader.get(anonymous)
    assert "匿名" in leader.text
    assert "ticket:" not in leader.text
    leader.get(named)
    assert "ticket:" in leader.text
    assert leader.post(named, to="closed").status_code == 422
    stale = leader.text
    assert leader.post(named, to="verified", note="").status_code == 200
    for to, more in (
        ("assigned", {"assignee": "supervisor"}),
        ("remedied", {"note": "增开窗口"}),
        ("called_back", {"note": "已致电"}),
    ):
        assert leader.post(named, to=to, **more).status_code == 200, to
    leader.text = stale
    assert leader.post(named, to="closed").status_code == 409
    assert leader.post(named, to="closed").status_code == 200
    assert "本件已办结" in leader.text


def test_the_rated_person_sees_none_of_theirs(hall: Hall, start_hub: StartHub) -> None:
    """N10: a head of the centre who sat at the window finds their own bad ratings neither listed nor by address."""
    with hall.database.writing.begin() as connection:
        own = hall.invite(
            connection, hall.now - timedelta(hours=1), staff="示例主任", window="2", service="own_service"
        )
        hall.rate(connection, own, 1)
        followup_id = connection.scalar(
            sa.text("SELECT followup_id FROM rating_followups WHERE service = 'own_service'")
        )
    hall.database.close()
    hub = start_hub(data=hall.data.root)
    rated_one, colleague = Browser(hub.url), Browser(hub.url)
    rated_one.sign_in("示例主任")
    colleague.sign_in("supervisor")
    for browser, seen in ((rated_one, False), (colleague, True)):
        browser.get("followups")
        assert ("own_service" in browser.text) is seen
        assert browser.get(f"followups/{followup_id}").status_code == (200 if seen else 404)
    rated_one.get("password")
    assert rated_one.post(f"followups/{followup_id}", to="malicious", note="x", revision="1").status_code == 404
    for browser in (rated_one, colleague):
        browser.http.close()


def test_a_paper_form(open_invitation: Issued, as_person: OpenAs, hall: Hall) -> None:
    """Entered against the invitation's code, once, with the day on the form; nothing is ticked beforehand."""
    leader, code = as_person("示例主任"), open_invitation.code
    assert leader.get("paper-rating?code=AAAA-AAAA-AAAA").status_code == 404
    assert leader.get(f"paper-rating?code={code.lower()}").status_code == 200
    assert " checked" not in leader.text
    today = hall.now.astimezone(CHINA).date()
    assert leader.post("paper-rating", code=code, day=today.isoformat()).status_code == 422, "no default grade (S2-15)"
    yesterday = (today - timedelta(days=2)).isoformat()
    assert leader.post("paper-rating", code=code, grade="2", day=yesterday).status_code == 422
    form = {"code": code, "grade": "2", "reason_slow": "1", "comment": "太慢", "day": today.isoformat()}
    assert "已录入" in leader.post("paper-rating", **form).text
    leader.get(f"paper-rating?code={code}")
    assert "以第一次为准" in leader.post("paper-rating", **(form | {"grade": "5"})).text
    assert rated(hall, open_invitation) == [(2, "paper")]


def test_the_export_joins_matters_and_ratings(as_person: OpenAs, hall: Hall) -> None:
    """S2-14: the download is the versioned schema, as JSON and CSV with the same records; the journal knows of it."""
    leader = as_person("示例主任")
    leader.get("reports")
    first, last = (hall.now.date() - timedelta(days=30)).isoformat(), hall.now.date().isoformat()
    plain = leader.post("reports/export", first=first, last=last, style="json")
    assert "attachment" in plain.headers["content-disposition"]
    records = json.loads(plain.content)["records"]
    leader.get("reports")
    table = leader.post("reports/export", first=first, last=last, style="csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == len(records) == 28 * 9 + 1
    assert [row["matter"] for row in rows] == [record["matter"] for record in records]
    assert {row["schema"] for row in rows} == {"court-rating-export/1"}
    assert "ticket:" in plain.text, "named matters are named"
    assert CONTACT[:3] not in plain.text
    leader.get("reports")
    assert leader.post("reports/export", first=last, last=first, style="csv").status_code == 200
    assert "服务评价统计" in leader.text, "a wrong range leads back to the page"
    database = prepare_data(hall.data, None, hall.clock)
    with database.reading.connect() as connection:
        made = [entry.actor for entry in journal.entries(connection) if entry.action == "ratings_exported"]
    database.close()
    assert made == ["示例主任"] * 2


def test_rating_on_a_phone(open_invitation: Issued, served: HubProcess, hall: Hall) -> None:
    """S2-15: public, in three languages, nothing chosen beforehand, no script; exactly one answer however often it is
    sent, and the page never tells which."""
    with httpx.Client(base_url=served.url, trust_env=False, follow_redirects=True) as http:
        for address in (f"/r/{open_invitation.token}", f"/r/{open_invitation.code.lower()}"):
            page = http.get(address, headers={"Accept-Language": "ko-KR,ko;q=0.9"})
            assert page.status_code == 200
            assert "아주 만족" in page.text
            assert "checked" not in page.text
            assert "<script" not in page.text
            assert page.headers["referrer-policy"] == "no-referrer"
            assert "script" not in page.headers["content-security-policy"]
        assert "Very satisfied" in http.get(f"{address}?lang=en").text
        empty = http.post(f"/r/{open_invitation.token}?lang=zh", data={"comment": "没选"})
        assert empty.status_code == 422
        assert "请先选择一项" in empty.text
        assert "没选" in empty.text, "what was typed is not lost"
        assert rated(hall, open_invitation) == []
        for grade in ("2", "5", "2"):
            done = http.post(address, data={"grade": grade, "reason_slow": "1", "comment": "等太久"})
            assert done.status_code == 200
            assert "已收到" in done.text
            assert "不满意" not in done.text
        assert rated(hall, open_invitation) == [(2, "phone")]
        forged = open_invitation.token[:-4] + "AAAA"
        assert http.get(f"/r/{forged}").status_code == 404
        assert http.post(f"/r/{forged}", data={"grade": "5"}).status_code == 404
        assert http.get("/r/AAAA-BBBB-CCCC").status_code == 404


def test_the_same_link_asks_once_more_after_a_remedy(open_invitation: Issued, hall: Hall, start_hub: StartHub) -> None:
    """追评: whoever holds the slip rates again, once, without having left a name; the first rating stays (S2-16)."""
    way = (FollowupState.VERIFIED, FollowupState.ASSIGNED, FollowupState.REMEDIED)
    with hall.database.writing.begin() as connection:
        hall.rate(connection, open_invitation, 1)
        query = sa.select(rating_followups.c.followup_id).where(
            rating_followups.c.matter == open_invitation.invitation.matter
        )
        followup_id = UUID(connection.scalar(query))
        for revision, to in enumerate(way, 1):
            act = Act(followup_id, revision, "示例主任", hall.now)
            advance(connection, hall.office, act, to, note="增开窗口", assignee="supervisor")
    hall.database.close()
    hub = start_hub(data=hall.data.root)
    with httpx.Client(base_url=hub.url, trust_env=False, follow_redirects=True) as http:
        for address in (f"/r/{open_invitation.code}", f"/r/{open_invitation.token}"):
            assert "再次评价" in http.get(address).text
        assert "已收到" in http.post(address, data={"grade": "5"}).text
        assert "已收到" in http.post(address, data={"grade": "2"}).text
    assert sorted(rated(hall, open_invitation)) == [(1, "pad"), (5, "phone")]


def test_a_terminal_rates_over_the_contract(open_invitation: Issued, served: HubProcess, hall: Hall) -> None:
    """Signed, for itself, on its own channel; the scales are served; forged 403 with an alarm, expired 410."""
    with WireTerminal(served.url) as terminal:
        scales = RatingScales.model_validate_json(terminal.send("GET", "/v1/ratings/scales").content)
        assert [grade.names.zh for grade in scales.scales[0].grades][-1] == "非常不满意"

        def send(**changes: object) -> httpx.Response:
            values: dict[str, object] = {
                "token": open_invitation.token,
                "outcome": RatingOutcome.RATED,
                "grade": 3,
                "channel": RatingChannel.PAD,
                "answered": hall.clock.now(),
                "device": "DEV07",
                "form_version": scales.version,
            }
            body = RatingAnswer.model_validate(values | changes).model_dump_json().encode()
            return terminal.send("POST", "/v1/ratings", body)

        assert send(device="LB0101").status_code == 403
        assert send(channel=RatingChannel.PAPER).status_code == 422
        assert send(token=open_invitation.token[:-4] + "AAAA").status_code == 403
        assert send(answered=hall.clock.now() + timedelta(hours=1)).status_code == 409
        assert send(answered=hall.clock.now() + timedelta(days=-1)).headers.get("x-hub-time")
        receipt = RatingReceipt.model_validate_json(send().content)
        assert (receipt.first, receipt.grade) == (True, 3)
        assert not RatingReceipt.model_validate_json(send(grade=5).content).first
        assert terminal.send("POST", "/v1/ratings", b"{}").status_code == 422
    clerk = Browser(served.url)
    clerk.sign_in(Role.CLERK.value)
    clerk.get("alarms")
    assert "伪造的评价邀请" in clerk.text
    clerk.http.close()
