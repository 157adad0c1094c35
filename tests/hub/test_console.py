"""The clerks' console over real HTTP: reading, deciding, conflicts, the journal of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from kiosk.clock import CHINA
from kiosk.court.contract import (
    BlobRole,
    SubmissionState,
)
from kiosk.court.envelope import VolumePart
from provisioning.hub.permissions import Role
from tests.hub.consoles import Open, file_one, page_of, status_of
from tests.hub.filings import DEFENDANT, PLAINTIFF, Filing, WireTerminal, make_filing, small_pdf
from tests.hub.processes import HubProcess, hub_command, wait_for


def test_the_clerk_sees_the_whole_matter(as_role: Open, console: HubProcess, filing: Filing) -> None:
    """Inbox line, answers with the form's own wording, findings, and the papers byte for byte."""
    clerk = as_role(Role.CLERK)
    clerk.get("inbox")
    assert f"{PLAINTIFF}" in clerk.text
    assert DEFENDANT in clerk.text
    assert filing.manifest.receipt_no in clerk.text
    clerk.get(page_of(filing))
    amounts = ("50,000.00 元", "1,050.00 元")
    for wanted in (*amounts, "还欠本金多少元？", "未写明被告住址", "借条", "吉林省延吉市示例路1号", "还有 "):
        assert wanted in clerk.text, wanted
    complaint = clerk.get(f"{page_of(filing)}/papers/2")
    assert complaint.content == filing.plain[BlobRole.COMPLAINT]
    assert complaint.headers["content-type"] == "application/pdf"
    assert complaint.headers["cache-control"] == "no-store"
    hostile = clerk.get(f"{page_of(filing)}/papers/4")
    assert hostile.headers["content-type"] == "application/octet-stream"
    assert hostile.headers["content-disposition"].startswith("attachment")
    assert clerk.get(f"{page_of(filing)}/papers/9").status_code == 404
    clerk.get("language?to=en&next=/console/inbox")
    assert "Awaiting decision" in clerk.text
    clerk.get(page_of(filing))
    assert "How much principal is still owed, in yuan?" in clerk.text
    for amount in ("¥50,000.00", "¥1,050.00"):
        assert amount in clerk.text
    assert "50000.00" not in clerk.text


def test_without_scans_another_paper_stands_beside_the_complaint(as_role: Open, console: HubProcess) -> None:
    """Half a screen is never left empty while there is a paper to read."""
    with WireTerminal(console.url) as terminal:
        papers = {
            BlobRole.COMPLAINT: (small_pdf(), "application/pdf"),
            BlobRole.ADDRESS_CONFIRMATION: (small_pdf(2), "application/pdf"),
        }
        made = make_filing(terminal.court(), papers=papers)
        assert terminal.deliver(made).status_code == 200
    clerk = as_role(Role.CLERK)
    clerk.get(page_of(made))
    assert re.findall(r'<iframe [^>]*title="([^"]+)"', clerk.text) == ["民事起诉状", "送达地址确认书"]


def test_every_part_of_a_long_volume_is_shown_and_exported(as_role: Open, console: HubProcess, tmp_path: Path) -> None:
    """S1-32: a volume that the backend's size limit divided is whole for clerk and export, in its order."""
    parts = [small_pdf(2), small_pdf(3), small_pdf(4)]
    ranges = [VolumePart(first_page=first, last_page=last) for first, last in ((1, 2), (3, 5), (6, 9))]
    with WireTerminal(console.url) as terminal:
        made = make_filing(terminal.court(), volume=list(zip(parts, ranges, strict=True)))
        assert terminal.deliver(made).status_code == 200
        wait_for(lambda: status_of(console, made).cause_name == "民间借贷纠纷")
    clerk = as_role(Role.CLERK)
    clerk.get(page_of(made))
    for number, part in enumerate(parts, start=1):
        assert f">证据卷 {number}/3</a>" in clerk.text
        assert clerk.get(f"{page_of(made)}/papers/{number + 2}").content == part
        clerk.get(page_of(made))
    assert "第1, 2, 3册" in clerk.text
    out = tmp_path / "out"
    done = hub_command(
        "export", "--data", str(console.data), "--submission", str(made.manifest.submission_id), "--out", str(out)
    )
    assert done.returncode == 0, done.stderr
    assert [file.read_bytes() for file in sorted(out.glob("*-volume.pdf"))] == parts


def test_registering_a_matter(as_role: Open, console: HubProcess, filing: Filing) -> None:
    """The number is checked and normalised, given once, and the person sees it at the terminal (S0-23)."""
    clerk = as_role(Role.CLERK)
    clerk.get(page_of(filing))
    refused = clerk.post(f"{page_of(filing)}/accept", case_number="不是案号", note="请携带原件")
    assert refused.status_code == 422
    assert "请携带原件" in clerk.text
    assert clerk.post(f"{page_of(filing)}/accept", case_number="(2026)吉2401民初1234", note="好").status_code == 200
    status = status_of(console, filing)
    assert (status.state, status.case_number, status.note) == (
        SubmissionState.ACCEPTED,
        "（2026）吉2401民初1234号",
        "好",
    )
    other = file_one(console, sequence=2)
    clerk.get(page_of(other))
    taken = clerk.post(f"{page_of(other)}/accept", case_number="（2026）吉2401民初1234号")
    assert taken.status_code == 422
    assert status_of(console, other).state is SubmissionState.RECEIVED


def test_one_correction_list_and_the_clock(as_role: Open, console: HubProcess, filing: Filing) -> None:
    """One list only; the clock stops, and begins anew when the corrections come (登记立案规定 7)."""
    clerk = as_role(Role.CLERK)
    clerk.get(page_of(filing))
    assert clerk.post(f"{page_of(filing)}/corrections", corrections=" \n ").status_code == 422
    clerk.get(page_of(filing))
    clerk.post(f"{page_of(filing)}/corrections", corrections="补充被告住址\n\n提交借条原件", note="十五日内")
    status = status_of(console, filing)
    assert status.state is SubmissionState.CORRECTION_REQUESTED
    assert status.corrections == ("补充被告住址", "提交借条原件")
    assert "等待补正" in clerk.text

    scanner = as_role(Role.SCANNER)
    scanner.get(page_of(filing))
    tomorrow = (datetime.now(CHINA) + timedelta(days=1)).date().isoformat()
    assert scanner.post(f"{page_of(filing)}/returned", day=tomorrow).status_code == 422
    scanner.get(page_of(filing))
    today = datetime.now(CHINA).date()
    assert scanner.post(f"{page_of(filing)}/returned", day=today.isoformat()).status_code == 200
    status = status_of(console, filing)
    assert status.state is SubmissionState.RECEIVED
    assert (status.decision_due.date() - today).days >= 7

    clerk.get(page_of(filing))
    assert "不得再次要求补正" in clerk.text
    assert clerk.post(f"{page_of(filing)}/corrections", corrections="再补一项").status_code == 422
    assert status_of(console, filing).corrections == ("补充被告住址", "提交借条原件")


def test_transfer(as_role: Open, console: HubProcess) -> None:
    """A cross-region filing goes to the court that has jurisdiction; both courts stay visible (S0-27)."""
    filing = file_one(console, competent_court="吉0102")
    clerk = as_role(Role.CLERK)
    clerk.get("inbox?court=吉0102")
    assert "跨域立案" in clerk.text
    clerk.get(page_of(filing))
    assert clerk.post(f"{page_of(filing)}/transfer", court="nowhere", reason="x").status_code == 422
    assert clerk.post(f"{page_of(filing)}/transfer", court="吉2401", reason="x").status_code == 422
    assert clerk.post(f"{page_of(filing)}/transfer", court="吉0102", reason="").status_code == 422
    assert clerk.post(f"{page_of(filing)}/transfer", court="吉0102", reason="被告住所地在南关区").status_code == 200
    status = status_of(console, filing)
    assert (status.state, status.competent_court, status.handling_court) == (
        SubmissionState.TRANSFERRED,
        "吉0102",
        "吉2401",
    )
    assert clerk.post(f"{page_of(filing)}/accept", case_number="（2026）吉2401民初9号").status_code == 409


def test_two_clerks_at_once(as_role: Open, console: HubProcess, filing: Filing) -> None:
    """The second is told, sees how it stands, and has changed nothing."""
    first, second = as_role(Role.CLERK), as_role(Role.CLERK)
    first.get(page_of(filing))
    second.get(page_of(filing))
    assert first.post(f"{page_of(filing)}/corrections", corrections="补充住址").status_code == 200
    late = second.post(f"{page_of(filing)}/accept", case_number="（2026）吉2401民初1号")
    assert late.status_code == 409
    assert "同事已对本件作出处理" in second.text
    assert "补充住址" in second.text
    assert status_of(console, filing).case_number is None


def test_triage_officer_sets_the_track(as_role: Open, console: HubProcess, filing: Filing) -> None:
    """程序分流员 proposes a procedure and may change it; the clerk can filter by it (S1-14)."""
    officer = as_role(Role.TRIAGE)
    for track in ("mediation", "summary"):
        officer.get(page_of(filing))
        assert officer.post(f"{page_of(filing)}/track", track=track).status_code == 200
    clerk = as_role(Role.CLERK)
    clerk.get("inbox?track=summary")
    assert filing.manifest.receipt_no in clerk.text
    clerk.get("inbox?track=mediation")
    assert filing.manifest.receipt_no not in clerk.text


def test_inbox_filters(as_role: Open, console: HubProcess, filing: Filing) -> None:
    """Each filter finds it and loses it; odd input filters nothing and breaks nothing."""
    clerk = as_role(Role.CLERK)
    number = filing.manifest.receipt_no
    today = datetime.now(CHINA).date()
    yesterday = today - timedelta(days=1)
    hits = (f"text={number.lower()}", "state=received", "court=吉2401", "cause=借贷", "cause=10301", f"since={today}")
    misses = ("text=%25", "state=accepted", "due=overdue", "cause=离婚", f"until={yesterday}", "needs_person=1")
    for query in hits:
        clerk.get(f"inbox?{query}")
        assert number in clerk.text, query
    for query in misses:
        clerk.get(f"inbox?{query}")
        assert f">{number}<" not in clerk.text, query
    for odd in (
        "state=x&due=y&since=32&page=-1",
        "page=99999999999999999999",
        "text=" + "x" * 500,
        "page=%F0%9F%98%80",
    ):
        assert clerk.get(f"inbox?{odd}").status_code == 200, odd


def test_looking_is_written_down(as_role: Open, console: HubProcess, filing: Filing) -> None:
    """Who opened whose papers is in the journal, and the journal is whole (全留痕, N2)."""
    clerk = as_role(Role.CLERK)
    clerk.get(page_of(filing))
    clerk.get(f"{page_of(filing)}/papers/2")
    administrator = as_role(Role.ADMINISTRATOR)
    administrator.get("journal")
    assert "日志链完整" in administrator.text
    assert "read_paper" in administrator.text
    exported = hub_command("journal", "--data", str(console.data), "--export")
    assert exported.returncode == 0
    assert PLAINTIFF not in exported.stdout
    assert str(filing.manifest.submission_id) in exported.stdout


def test_export_writes_the_opened_papers(console: HubProcess, filing: Filing) -> None:
    """`court-hub export` gives what the person handed in, byte for byte; a wrong id is one clear line."""
    out = console.data.parent / "out"
    chosen = ("export", "--data", str(console.data), "--submission")
    done = hub_command(*chosen, str(filing.manifest.submission_id), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert {path.read_bytes() for path in out.iterdir()} == set(filing.plain.values())
    refused = hub_command(*chosen, str(uuid4()), "--out", str(out))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert hub_command("export", "--data", str(console.data)).returncode == 2
    assert hub_command("submissions", "--data", str(out)).returncode == 1
