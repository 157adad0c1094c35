"""What the lobby's terminals bring to the console: calls, unreadable complaints, alarms."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

from kiosk.court.contract import (
    AssistanceCall,
    AssistanceReason,
    Heartbeat,
)
from kiosk.court.heartbeats import fresh_nonce
from provisioning.hub.permissions import Role
from tests.hub.consoles import Open, file_one, page_of
from tests.hub.filings import Filing, WireTerminal, make_filing
from tests.hub.processes import HubProcess, wait_for


def test_calls_reach_the_staff_and_are_taken_once(as_role: Open, console: HubProcess) -> None:
    """A call is on the list at once; the second who takes it is told (S0-24)."""
    call = AssistanceCall(call_id=uuid4(), terminal="DEV07", reason=AssistanceReason.HELP, step="evidence")
    with WireTerminal(console.url) as terminal:
        assert terminal.send("POST", "/v1/assistance", call.model_dump_json().encode()).status_code == 200
    clerk, officer = as_role(Role.CLERK), as_role(Role.TRIAGE)
    clerk.get("calls")
    officer.get("calls")
    assert "DEV07" in clerk.text
    assert "clerk 已前往" in unescape(clerk.post(f"calls/{call.call_id}/take").text)
    assert "同事已处理" in unescape(officer.post(f"calls/{call.call_id}/take").text)
    clerk.post(f"calls/{call.call_id}/close")
    assert "DEV07" not in clerk.text


def test_an_unreadable_envelope_is_an_alarm_and_can_be_read_again(as_role: Open, console: HubProcess) -> None:
    """The page says what is wrong, keeps the clock running, and the matter can still be decided."""
    with WireTerminal(console.url) as terminal:
        filing = make_filing(terminal.court(), envelope=b"{}")
        assert terminal.deliver(filing).status_code == 200
    clerk = as_role(Role.CLERK)
    wait_for(
        lambda: "需人工处理" in clerk.get("inbox?needs_person=1").text and filing.manifest.receipt_no in clerk.text
    )
    clerk.get("alarms")
    assert "收到的答卷无法打开" in clerk.text
    clerk.get(page_of(filing))
    assert "七日期限照常计算" in clerk.text
    assert clerk.post(f"{page_of(filing)}/read-again").status_code == 200
    wait_for(lambda: "再读一次" in unescape(clerk.get(page_of(filing)).text))
    clerk.get(page_of(filing))
    assert clerk.post(f"{page_of(filing)}/accept", case_number="（2026）吉2401民初77号").status_code == 200


def test_a_copied_terminal_disk_raises_alarms_and_loses_nothing(
    as_role: Open, console: HubProcess, filing: Filing
) -> None:
    """Repeated receipt numbers and sequences: both complaints stand, and a person is told (F24)."""
    twin = file_one(console)
    assert twin.manifest.receipt_no == filing.manifest.receipt_no
    with WireTerminal(console.url) as terminal:
        changed = filing.manifest.model_copy(update={"software": "changed"})
        assert terminal.put(changed).status_code == 422
        epoch = terminal.court().epoch
        beat = Heartbeat(
            nonce=fresh_nonce(),
            terminal="DEV01",
            epoch=epoch,
            max_sequence=9,
            awaiting_safety=(),
            software="x 1",
            queue_depth=0,
        )
        assert terminal.send("POST", "/v1/heartbeat", beat.model_dump_json().encode()).status_code == 200
    administrator = as_role(Role.ADMINISTRATOR)
    administrator.get("alarms")
    for words in ("收据编号相同", "终端序号重复", "内容不同", "终端的提交数多于本系统所收"):
        assert words in administrator.text, words
    administrator.get("terminals")
    assert "x 1" in administrator.text
    administrator.get("alarms")
    number = re.search(r"/console/(alarms/\d+)", administrator.text)
    assert number is not None
    before = administrator.text.count("已处理")
    administrator.post(number[1])
    assert administrator.text.count("已处理") == before - 1
    clerk = as_role(Role.CLERK)
    clerk.get(f"inbox?text={filing.manifest.receipt_no}")
    assert "共 2 件" in clerk.text
