"""The caller's page over real HTTP, without a script: one window, one person at a time, every press once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from kiosk.court.queueing import TicketClass
from provisioning.hub.console import sessions
from provisioning.hub.console.presses import presses, sweep_presses
from provisioning.hub.push.schema import events
from provisioning.hub.queue.schema import tickets, windows
from provisioning.hub.schema import staff_sessions
from tests.hub.calling.office import COLLEAGUE, CallingHall
from tests.hub.consoles import CSRF

WAITING = {"call", "pause", "sign-off"}
CALLED = {"serve", "recall", "no-show", "finish", "hold", "transfer", "undo"}
SERVING = {"finish", "hold", "transfer", "rate"}


def test_one_round(hall: CallingHall) -> None:
    """Sign on, call, call again, serve, finish: only what is possible can be pressed, and the pad is asked to rate."""
    first, second = hall.come(), hall.come()
    clerk = hall.at_window("window", "1")
    assert "1号窗口" in clerk.text
    assert clerk.acts() == WAITING
    clerk.now("call")
    assert clerk.acts() == CALLED
    for shown in (first.label, "立案登记", "金**", "已叫 1 次"):
        assert shown in clerk.text
    clerk.now("recall")
    assert "已叫 2 次" in clerk.text
    clerk.now("serve")
    assert clerk.acts() == SERVING
    clerk.now("finish")
    assert clerk.acts() == WAITING
    assert f"{first.label} 待评价" in clerk.text
    assert (hall.status(first), hall.status(second)) == ("finished", "waiting")
    (told,) = hall.rows(sa.select(events).where(events.c.kind == "rating_invited"))
    assert told.audience == "window:1"


def test_a_form_acts_once(hall: CallingHall) -> None:
    """Sent twice, twenty times at once, or again after the round is over: one person is called (TheQ 20, 34)."""
    for _ in range(5):
        hall.come()
    clerk = hall.at_window("window", "1")
    form = clerk.forms()["window/call"]
    with ThreadPoolExecutor(20) as pool:
        send = lambda _: clerk.http.post("/console/window/call", data=form).status_code  # noqa: E731 - for map
        assert set(pool.map(send, range(20))) == {200}
    assert hall.called() == ["A001"]
    clerk.now("finish")
    late = clerk.post("window/call", **form)
    assert "这一步已经办过" in late.text
    assert hall.called() == ["A001"]
    later = hall.hub.clock.now() + timedelta(days=2)
    assert hall.do(lambda c: sweep_presses(c, now=later)) == 2


def test_a_form_without_a_key_does_nothing(hall: CallingHall) -> None:
    hall.come()
    clerk = hall.at_window("window", "1")
    assert clerk.post("window/call", key="").status_code == 409
    assert clerk.post("window/call", key="x" * 22, ticket="another").status_code == 409
    assert hall.called() == []


def test_a_stale_page_touches_nobody_else(hall: CallingHall) -> None:
    """A page that still shows the person before cannot send the present one away."""
    hall.come()
    second = hall.come()
    clerk, other_tab = hall.at_window("window", "1"), hall.staff("window")
    clerk.now("call")
    stale = clerk.forms()["window/no-show"]
    other_tab.now("finish")
    other_tab.now("call")
    refused = clerk.post("window/no-show", **stale)
    assert refused.status_code == 409
    assert "未作任何更改" in refused.text
    assert second.label in refused.text
    assert hall.status(second) == "called"


def test_a_refused_press_may_be_pressed_again(hall: CallingHall) -> None:
    """What was refused has used up nothing."""
    hall.come()
    clerk = hall.at_window("window", "1")
    call = clerk.forms()["window/call"]
    clerk.now("pause")
    assert clerk.post("window/call", **call).status_code == 409
    clerk.now("reopen")
    assert clerk.post("window/call", **call).status_code == 200
    assert hall.called() == ["A001"]


def test_a_window_is_one_persons(hall: CallingHall) -> None:
    """A colleague is refused and sees who has it; freed by the leader on duty, it is the colleague's (Novosga 214)."""
    clerk, colleague = hall.at_window("window", "2"), hall.staff(COLLEAGUE)
    colleague.get("windows")
    assert "window 正在使用" in colleague.text
    assert "windows/2" not in colleague.forms()
    assert colleague.post("windows/2").status_code == 409
    leader = hall.staff("supervisor")
    leader.get("queue")
    assert leader.press("queue/windows/2/release").status_code == 200
    (line,) = hall.noted("window_released")
    assert (line.actor, line.subject) == ("supervisor", "window:2")
    assert clerk.get("window").url.path == "/console/windows"
    colleague.get("windows")
    assert colleague.post("windows/2").url.path == "/console/window"
    colleague.now("sign-off")
    assert colleague.text.count("在此窗口签到") == 6


def test_nobody_leaves_a_person_standing(hall: CallingHall) -> None:
    """Signing off is refused while somebody is at the window."""
    hall.come()
    clerk = hall.at_window("window", "1")
    off = clerk.forms()["window/sign-off"]
    clerk.now("call")
    assert clerk.post("window/sign-off", **off).status_code == 409
    (row,) = hall.rows(sa.select(windows.c.staff).where(windows.c.window == "1"))
    assert row.staff == "window"


def test_pass_on_with_a_note(hall: CallingHall) -> None:
    """To one window of another service: that window alone has it next, with the note; the class is put right
    (S1-24)."""
    ticket = hall.come("filing", TicketClass.PROFESSIONAL)
    clerk = hall.at_window("window", "3")
    clerk.now("call")
    clerk.get("window/transfer")
    wrong = clerk.press("window/transfer", to="materials@1", note="材料在此", ticket_class="")
    assert wrong.status_code == 409
    assert "该窗口不办理这项业务" in clerk.text
    assert "材料在此" in clerk.text
    clerk.press("window/transfer", to="materials@5", note="材料在此", ticket_class="ordinary")
    assert f"{ticket.label} 已转办" in clerk.text.replace('<b class="number">', "").replace("</b>", "")
    (row,) = hall.rows(sa.select(tickets))
    assert (row.status, row.queue_now, row.wanted_window, row.ticket_class) == ("waiting", "B", "5", "ordinary")
    colleague = hall.at_window(COLLEAGUE, "5")
    assert "指定5号窗口" in colleague.text
    colleague.now("call")
    assert "材料在此" in colleague.text


def test_hold_and_resume(hall: CallingHall) -> None:
    """The window is free for the next; the held one is resumed at another window."""
    held, following = hall.come(), hall.come()
    clerk = hall.at_window("window", "1")
    clerk.now("call")
    clerk.get("window/hold")
    clerk.press("window/hold", note="等复印件")
    clerk.now("call")
    assert (hall.status(held), hall.status(following)) == ("held", "called")
    assert f"window/resume/{held.ticket_id}" not in clerk.forms()
    colleague = hall.at_window(COLLEAGUE, "2")
    assert "等复印件" in colleague.text
    colleague.press(f"window/resume/{held.ticket_id}")
    assert hall.status(held) == "called"
    assert "serve" in colleague.acts()


def test_missed_and_back(hall: CallingHall) -> None:
    """Who missed the call is on the list and goes back into the queue by one press."""
    missed = hall.come()
    clerk = hall.at_window("window", "1")
    clerk.now("call")
    clerk.now("no-show")
    clerk.press(f"window/put-back/{missed.ticket_id}")
    assert hall.status(missed) == "waiting"
    clerk.now("call")
    clerk.now("undo")
    assert hall.status(missed) == "waiting"


def test_out_of_turn_only_with_a_reason(hall: CallingHall) -> None:
    """Who may not is refused; without a reason nothing happens; with one it is in the journal."""
    hall.come()
    hurried = hall.come()
    path = f"window/skip/{hurried.ticket_id}"
    assert hall.at_window("window", "2").get(path).status_code == 403
    clerk = hall.at_window("clerk", "1")
    assert path in clerk.text
    clerk.get(path)
    assert clerk.press(path).status_code == 409
    clerk.get(path)
    assert clerk.press(path, reason="other", note=" ").status_code == 409
    assert hall.called() == []
    clerk.get(path)
    clerk.press(path, reason="other", note="陪同急诊")
    assert hall.called() == [hurried.label]
    (line,) = hall.noted("called_out_of_turn")
    assert line.actor == "clerk"
    for said in ('"other"', "陪同急诊", '"passed":1'):
        assert said in line.detail.replace(": ", ":"), line.detail


def test_rate_now(hall: CallingHall) -> None:
    """On demand while the person is there, and once more after the end: one invitation."""
    ticket = hall.come()
    clerk = hall.at_window("window", "1")
    clerk.now("call")
    clerk.now("serve")
    clerk.now("rate")
    assert f"{ticket.label} 待评价" in clerk.text
    clerk.now("finish")
    told = hall.rows(sa.select(events.c.data).where(events.c.kind == "rating_invited"))
    assert len({row.data for row in told}) == 1


def test_a_page_by_itself_keeps_nobody_signed_in(hall: CallingHall, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the script fetches does not put off the idle limit; what a person does puts it off."""
    monkeypatch.setattr(sessions, "REFRESH_SECONDS", 0.0)  # the row is changed behind the hub's back
    clerk = hall.at_window("window", "1")
    earlier = hall.hub.clock.now() - timedelta(minutes=10)
    hall.do(lambda c: c.execute(sa.update(staff_sessions).values(last_seen=earlier)))
    assert clerk.http.get("/console/window", headers={"x-live": "1"}).status_code == 200
    assert {row.last_seen for row in hall.rows(sa.select(staff_sessions.c.last_seen))} == {earlier}
    clerk.get("window")
    assert {row.last_seen for row in hall.rows(sa.select(staff_sessions.c.last_seen))} != {earlier}


def test_keys_can_be_turned_off(sqlite_hall: CallingHall) -> None:
    """WCAG 2.1.4: no single-key shortcut that cannot be switched off."""
    clerk = sqlite_hall.at_window("window", "1")
    assert 'data-key="N"' in clerk.text
    clerk.press("window/keys")
    assert "data-key" not in clerk.text
    assert "accesskey" not in clerk.text


def test_the_script_is_ours_and_alone(sqlite_hall: CallingHall) -> None:
    """The only script is the console's own file; nothing is inline (S36)."""
    clerk = sqlite_hall.at_window("window", "1")
    reply = clerk.get("window")
    policy = reply.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert clerk.text.count("<script") == clerk.text.count('<script src="/console/calling.js" defer></script>') == 1
    assert " style=" not in clerk.text
    assert clerk.http.get("/console/calling.js").headers["content-type"].startswith("text/javascript")
    assert CSRF.search(clerk.text) is not None
    assert sqlite_hall.rows(sa.select(presses)) == []
