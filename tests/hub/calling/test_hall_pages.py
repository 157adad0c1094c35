"""The pages around calling: the hall at a glance, finding a ticket, appointments; who may see which."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import cv2
import numpy
import pytest
import sqlalchemy as sa

from kiosk.court.queueing import LeaseRequest, QueueBoard, TicketRequest
from kiosk.court.rating import RatingAnswer, RatingChannel, RatingOutcome
from provisioning.hub.permissions import PERMISSIONS, Permission, Role
from provisioning.hub.push.pads import note_listening
from provisioning.hub.push.schema import events
from provisioning.hub.queue.leases import lease
from provisioning.hub.queue.schema import appointments, tickets
from provisioning.hub.ratings.answers import Source, answer
from provisioning.hub.schema import journal
from tests.hub.calling.office import CallingHall
from tests.hub.filings import IDENTITY_NUMBER, WireTerminal
from tests.hub.push.live import Listener

DRILL = "正在进行应急演练"


@pytest.mark.parametrize("role", list(Role))
def test_permissions_hold(sqlite_hall: CallingHall, role: Role) -> None:
    """Each page and form has its permission (S0-31, S1-14)."""
    person, allowed = sqlite_hall.staff(role.value), PERMISSIONS[role]
    ticket = sqlite_hall.come()
    pages = {
        "windows": Permission.SERVE_WINDOW,
        "window": Permission.SERVE_WINDOW,
        "queue": Permission.MANAGE_QUEUE,
        "queue/scores": Permission.MANAGE_QUEUE,
        "queue/A/pause": Permission.MANAGE_QUEUE,
        "tickets": Permission.FIND_TICKETS,
        f"tickets/{ticket.ticket_id}": Permission.FIND_TICKETS,
        "appointments": Permission.BOOK_APPOINTMENTS,
    }
    for path, permission in pages.items():
        assert person.get(path).status_code == (200 if permission in allowed else 403), path
    forms = {
        "windows/1": Permission.SERVE_WINDOW,
        "window/call": Permission.SERVE_WINDOW,
        f"window/skip/{ticket.ticket_id}": Permission.SKIP_AHEAD,
        "queue/A/pause": Permission.MANAGE_QUEUE,
        "queue/windows/1/release": Permission.MANAGE_QUEUE,
        "tickets": Permission.FIND_TICKETS,
        f"tickets/{ticket.ticket_id}/cancel": Permission.FIND_TICKETS,
        "appointments": Permission.BOOK_APPOINTMENTS,
    }
    for path, permission in forms.items():
        if permission not in allowed:
            person.get("password")
            assert person.post(path).status_code == 403, path
    assert sqlite_hall.status(ticket) == "waiting"


def test_a_paused_queue_gives_no_number(hall: CallingHall) -> None:
    """The terminal is told why in its language; who waits is still called; opened again it gives numbers."""
    hall.come()
    leader = hall.staff("supervisor")
    leader.get("queue/A/pause")
    assert "不得以暂停变相限号立案" in leader.text
    leader.press("queue/A/pause", ready="drill")
    assert DRILL in leader.text
    board = _board(hall)
    closed = next(offer.closed for offer in board.services if offer.service == "filing")
    assert closed is not None
    assert DRILL in closed.zh
    assert "비상훈련" in closed.ko
    assert _ask(hall) == 409
    hall.at_window("window", "1").now("call")
    assert hall.called() == ["A001"]
    leader.get("queue")
    leader.press("queue/A/open")
    assert _ask(hall) == 200
    assert [line.actor for line in hall.noted("queue_paused") + hall.noted("queue_opened")] == ["supervisor"] * 2


def test_an_own_message_needs_three_languages(sqlite_hall: CallingHall) -> None:
    leader = sqlite_hall.staff("supervisor")
    leader.get("queue/A/pause")
    assert leader.press("queue/A/pause", ready="own", zh="停水", ko="", en="No water").status_code == 422
    assert "停水" in leader.text
    leader.press("queue/A/pause", ready="own", zh="停水", ko="단수", en="No water")
    assert "停水" in leader.text
    assert _ask(sqlite_hall) == 409


def test_a_pause_ends_with_the_day(sqlite_hall: CallingHall) -> None:
    """Nobody has to remember to open the queue in the morning."""
    leader = sqlite_hall.staff("supervisor")
    leader.get("queue/A/pause")
    leader.press("queue/A/pause", ready="system")
    yesterday = sqlite_hall.hub.clock.now().date() - timedelta(days=1)
    sqlite_hall.do(lambda c: c.execute(sa.text("UPDATE queue_pauses SET business_day = :d"), {"d": str(yesterday)}))
    assert _ask(sqlite_hall) == 200


def test_the_hall_at_a_glance(hall: CallingHall) -> None:
    """Queues with lengths, windows with who is there, numbers held by terminals, a queue that nobody calls."""
    hall.come()
    hall.come("mediation")
    asked = LeaseRequest(request_id=uuid4(), terminal="DEV07", queue="A", size=5)
    now = hall.hub.clock.now()
    hall.do(lambda c: lease(c, hall.hub.hall, asked, at=now))
    hall.at_window("window", "1").now("call")
    leader = hall.staff("administrator")
    leader.get("queue")
    for shown in ("A001", "已叫号", "DEV07", "A002–006", "无窗口叫号", "window"):
        assert shown in leader.text, shown


def test_find_by_number_or_card(hall: CallingHall) -> None:
    """Any way of writing the number; the identity number is in no address, table or journal, but the search is."""
    person = hall.hub.personal.mac(IDENTITY_NUMBER)
    ticket = hall.come(person=person)
    clerk = hall.staff("window")
    for written in ("A001", "a1", " A 001 "):
        clerk.get("tickets")
        assert clerk.post("tickets", text=written).url.path == f"/console/tickets/{ticket.ticket_id}"
    assert hall.noted("ticket_looked_up") == []
    clerk.get("tickets")
    found = clerk.post("tickets", text=IDENTITY_NUMBER.lower())
    assert found.url.path == f"/console/tickets/{ticket.ticket_id}"
    (line,) = hall.noted("ticket_looked_up")
    assert (line.actor, line.subject) == ("window", ticket.ticket_id)
    everything = hall.rows(sa.select(journal)) + hall.rows(sa.select(tickets))
    assert IDENTITY_NUMBER not in str(everything)
    clerk.get("tickets")
    assert clerk.post("tickets", text="A999").status_code == 404
    assert clerk.post("tickets", text="?").status_code == 422


def test_what_can_be_done_with_a_ticket(hall: CallingHall) -> None:
    """A copy is marked and journalled; a cancelled ticket is gone from the line; another's history is shown."""
    ticket = hall.come()
    clerk = hall.staff("window")
    clerk.get(f"tickets/{ticket.ticket_id}")
    clerk.press(f"tickets/{ticket.ticket_id}/copy")
    assert "补打" in clerk.text
    assert "립안등록" in clerk.text
    assert len(hall.noted("ticket_copied")) == 1
    clerk.get(f"tickets/{ticket.ticket_id}")
    clerk.press(f"tickets/{ticket.ticket_id}/cancel")
    assert hall.status(ticket) == "cancelled"
    assert f"tickets/{ticket.ticket_id}/cancel" not in clerk.forms()


def test_a_copy_has_no_code_that_leads_nowhere(sqlite_hall: CallingHall) -> None:
    """Where the court has not said how phones reach the hub."""
    ticket = sqlite_hall.come()
    clerk = sqlite_hall.staff("window")
    clerk.get(f"tickets/{ticket.ticket_id}")
    clerk.press(f"tickets/{ticket.ticket_id}/copy")
    assert "<svg" not in clerk.text


def test_a_copy_has_the_code_of_the_phone_page(tmp_path: Path) -> None:
    """As the slip has it, in the languages of the hall and the person's own."""
    court = ['code = "吉2401"', 'name_zh = "示例法院"', 'name_ko = "례시법원"', 'name_en = "Example Court"']
    address = 'public_url = "https://hub.court.example/"'
    (tmp_path / "court.toml").write_text("\n".join([*court, address]), encoding="utf-8")
    hall = CallingHall(tmp_path)
    try:
        ticket = hall.come(language="en")
        clerk = hall.staff("window")
        clerk.get(f"tickets/{ticket.ticket_id}")
        clerk.press(f"tickets/{ticket.ticket_id}/copy")
        assert "스캔하여 확인" in clerk.text
        assert "Scan to follow" in clerk.text
        assert _code_on(clerk.text) == f"https://hub.court.example/t/{ticket.ticket_id}"
    finally:
        hall.stop()


def _code_on(page: str) -> str:
    """What a phone reads from the QR code of a page."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', page)[1])  # type: ignore[index]
    picture = numpy.full((side, side), 255, numpy.uint8)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", page):
        picture[int(y), int(x) : int(x) + int(width)] = 0
    return str(cv2.QRCodeDetector().detectAndDecode(picture.repeat(8, 0).repeat(8, 1))[0])


def test_book_and_check_in(hall: CallingHall) -> None:
    """A booking keeps no name; check-in gives one ticket however often it is pressed; a late change is refused."""
    soon = hall.hub.clock.now() + timedelta(minutes=5)
    clerk = hall.staff("window")
    clerk.get("appointments")
    form = {
        "service": "filing",
        "ticket_class": "ordinary",
        "day": soon.date().isoformat(),
        "time": soon.strftime("%H:%M"),
    }
    clerk.press("appointments", **form, name="金示例", identity=IDENTITY_NUMBER)
    (booked,) = hall.rows(sa.select(appointments))
    assert booked.code in clerk.text
    assert _code_on(clerk.text) == booked.code, "the terminal scans it (kiosk/court/paper_codes.py)"
    assert "金示例" not in str(booked)
    assert IDENTITY_NUMBER not in str(booked)
    clerk.get(f"appointments?day={soon.date()}")
    assert "<svg" not in clerk.text
    check_in = clerk.forms()["appointments/check-in"]
    assert "/console/tickets/" in clerk.post("appointments/check-in", **check_in).url.path
    clerk.post("appointments/check-in", **check_in)
    (ticket,) = hall.rows(sa.select(tickets))
    assert ticket.counts_from == booked.at
    clerk.get(f"appointments?day={soon.date()}")
    assert "appointments/check-in" not in clerk.forms()
    assert "已签到" in clerk.text


def test_a_time_that_is_over_is_refused(sqlite_hall: CallingHall) -> None:
    clerk = sqlite_hall.staff("window")
    clerk.get("appointments")
    form = {"service": "filing", "ticket_class": "ordinary", "time": "09:00"}
    assert clerk.press("appointments", **form, day="2020-01-02").status_code == 409
    assert clerk.press("appointments", **form, day="2999-01-02").status_code == 422
    assert clerk.press("appointments", **form, day="yesterday").status_code == 422
    assert sqlite_hall.rows(sa.select(appointments)) == []


def test_the_pads_presence(hall: CallingHall) -> None:
    """A pad that listens with its signature is shown as present, one that has gone with the time, none as none."""
    clerk = hall.at_window("window", "3")
    assert "未接评价屏" in clerk.text
    with WireTerminal(hall.url) as terminal:
        headers = terminal.signed("GET", "/v1/events?topics=window:3")
    with Listener(hall.url, "window:3", headers=headers) as pad:
        assert pad.status == 200
        clerk.get("window")
        assert "评价屏在线" in clerk.text
    earlier = hall.hub.clock.now() - timedelta(minutes=5)
    hall.do(lambda c: note_listening(c, ["3"], at=earlier))
    clerk.get("window")
    assert re.search(r"评价屏离线（\d\d:\d\d 起）", clerk.text)


def test_how_somebody_rated_is_not_seen_at_the_window(hall: CallingHall) -> None:
    """The page says that the invitation is closed, the same for the best grade, the worst and a refusal (N10)."""
    clerk = hall.at_window("window", "1")
    said = []
    for outcome, grade in ((RatingOutcome.RATED, 5), (RatingOutcome.RATED, 1), (RatingOutcome.DECLINED, None)):
        ticket = hall.come()
        clerk.now("call")
        clerk.now("finish")
        assert f"{ticket.label} 待评价" in clerk.text
        _answer(hall, outcome, grade)
        clerk.get("window")
        assert f"{ticket.label} 评价已结束" in clerk.text
        said.append(re.sub(r'value="[^"]*"|data-cursor="\d+"', "", clerk.text).replace(ticket.label, ""))
    assert len(set(said)) == 1


def _answer(hall: CallingHall, outcome: RatingOutcome, grade: int | None) -> None:
    (*_, told) = hall.rows(sa.select(events.c.data).where(events.c.kind == "rating_invited").order_by(events.c.cursor))
    now, office = hall.hub.clock.now(), hall.hub.ratings
    given = RatingAnswer(
        token=json.loads(told.data)["token"],
        outcome=outcome,
        grade=grade,
        channel=RatingChannel.PAD,
        answered=now,
        device="DEV01",
        form_version=office.scales.version,
    )
    hall.do(lambda c: answer(c, given, Source.terminal("DEV01"), office=office, now=now))


def _board(hall: CallingHall) -> QueueBoard:
    with WireTerminal(hall.url) as terminal:
        return QueueBoard.model_validate_json(terminal.send("GET", "/v1/queues").content)


def _ask(hall: CallingHall) -> int:
    request = TicketRequest(request_id=uuid4(), terminal="DEV01", service="filing")
    body = request.model_dump_json().encode()
    with WireTerminal(hall.url) as terminal:
        return terminal.send("POST", "/v1/tickets", body, {"content-type": "application/json"}).status_code
