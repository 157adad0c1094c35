"""The clerks' console in real HTTP: sign-in, permissions, decisions, conflicts, and what an attacker would try."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from kiosk.clock import CHINA, SystemClock
from kiosk.court.contract import (
    AssistanceCall,
    AssistanceReason,
    BlobRole,
    CaseList,
    CaseQuery,
    CaseStatus,
    Heartbeat,
    SubmissionState,
)
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import prepare_data
from provisioning.hub.permissions import PERMISSIONS, Permission, Role
from provisioning.hub.staff import add_account, hash_password
from tests.hub.conftest import StartHub
from tests.hub.filings import DEFENDANT, PLAINTIFF, Filing, WireTerminal, make_filing, small_pdf
from tests.hub.processes import HubProcess, hub_command, wait_for

PASSWORD = "long enough 长"
PASSWORD_HASH = hash_password(PASSWORD)
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
REVISION = re.compile(r'name="revision" value="(\d+)"')


class Browser:
    """Keeps cookies and tokens as a browser and a person would."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, trust_env=False, follow_redirects=True, timeout=30)
        self.text = ""

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        """Fill in the sign-in form."""
        return self._keep(self.http.post("/console/sign-in", data={"name": name, "password": password, "next": ""}))

    def get(self, path: str) -> httpx.Response:
        """Open a page below /console."""
        return self._keep(self.http.get(f"/console/{path}"))

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the page last seen."""
        token = CSRF.search(self.text)
        revision = REVISION.search(self.text)
        hidden = {"csrf": token[1] if token else ""} | ({"revision": revision[1]} if revision else {})
        return self._keep(self.http.post(f"/console/{path}", data=hidden | fields))

    def _keep(self, reply: httpx.Response) -> httpx.Response:
        if reply.headers.get("content-type", "").startswith("text/html"):
            self.text = unescape(reply.text)
        return reply


Open = Callable[..., Browser]


@pytest.fixture
def console(start_hub: StartHub, tmp_path: Path) -> HubProcess:
    """A hub with one account of every role."""
    data, clock = DataDirectory(tmp_path / "hub"), SystemClock()
    database = prepare_data(data, None, clock)
    with database.writing.begin() as connection:
        for role in Role:
            add_account(connection, name=role.value, role=role, password_hash=PASSWORD_HASH, at=clock.now(), by="test")
    database.close()
    return start_hub(data=data.root)


@pytest.fixture
def as_role(console: HubProcess) -> Iterator[Open]:
    """Opens a signed-in browser."""
    opened: list[Browser] = []

    def open_as(role: Role) -> Browser:
        browser = Browser(console.url)
        assert browser.sign_in(role.value).status_code == 200
        opened.append(browser)
        return browser

    yield open_as
    for browser in opened:
        browser.http.close()


@pytest.fixture
def filing(console: HubProcess) -> Filing:
    """One received and indexed complaint."""
    return file_one(console)


def file_one(hub: HubProcess, **options: object) -> Filing:
    """Deliver a complaint and wait until it is indexed."""
    with WireTerminal(hub.url) as terminal:
        papers = {
            BlobRole.COMPLAINT: (small_pdf(), "application/pdf"),
            BlobRole.VOLUME: (small_pdf(3), "application/pdf"),
            BlobRole.SIGNATURE: (b"<script>alert(1)</script>", "text/html"),
        }
        made = make_filing(terminal.court(), papers=papers, **options)  # type: ignore[arg-type]
        assert terminal.deliver(made).status_code == 200
        wait_for(lambda: status_of(hub, made).cause_name == "民间借贷纠纷")
    return made


def status_of(hub: HubProcess, filing: Filing) -> CaseStatus:
    """What the terminal's query screen would show."""
    with WireTerminal(hub.url) as terminal:
        query = CaseQuery(receipt_no=filing.manifest.receipt_no).model_dump_json().encode()
        reply = terminal.send("POST", "/v1/cases/query", query)
    return CaseList.model_validate_json(reply.content).cases[0]


def page_of(filing: Filing) -> str:
    """Where its page is."""
    return f"submissions/{filing.manifest.submission_id}"


def test_nothing_without_signing_in(console: HubProcess, filing: Filing) -> None:
    """Every page and paper leads to the sign-in page; every form as well."""
    with httpx.Client(base_url=console.url, trust_env=False) as http:
        for path in ("inbox", page_of(filing), f"{page_of(filing)}/papers/1", "calls", "staff", "journal", "alarms"):
            reply = http.get(f"/console/{path}")
            assert (reply.status_code, reply.headers["location"].split("?")[0]) == (303, "/console/sign-in")
        reply = http.post(f"/console/{page_of(filing)}/accept", data={"case_number": "（2026）吉2401民初1号"})
        assert reply.status_code == 303
    assert status_of(console, filing).state is SubmissionState.RECEIVED


def test_the_clerk_sees_the_whole_matter(as_role: Open, console: HubProcess, filing: Filing) -> None:
    """Inbox line, answers with the form's own wording, findings, and the papers byte for byte."""
    clerk = as_role(Role.CLERK)
    clerk.get("inbox")
    assert f"{PLAINTIFF}" in clerk.text
    assert DEFENDANT in clerk.text
    assert filing.manifest.receipt_no in clerk.text
    clerk.get(page_of(filing))
    for wanted in ("还欠本金多少元？", "50000.00", "未写明被告住址", "借条", "吉林省延吉市示例路1号", "还有 "):
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


@pytest.mark.parametrize("role", list(Role))
def test_permissions_hold_at_every_door(as_role: Open, console: HubProcess, filing: Filing, role: Role) -> None:
    """The matrix is enforced by the pages, not only written down (S0-31, S1-14, S19)."""
    browser = as_role(role)
    allowed = PERMISSIONS[role]
    pages = {
        "inbox": Permission.LIST_MATTERS,
        page_of(filing): Permission.LIST_MATTERS,
        f"{page_of(filing)}/papers/2": Permission.READ_PAPERS,
        "calls": Permission.ANSWER_CALLS,
        "alarms": Permission.HANDLE_ALARMS,
        "terminals": Permission.SEE_TERMINALS,
        "staff": Permission.MANAGE_STAFF,
        "journal": Permission.READ_JOURNAL,
    }
    for path, permission in pages.items():
        assert browser.get(path).status_code == (200 if permission in allowed else 403), path
    browser.get("password")
    forms = {
        f"{page_of(filing)}/accept": Permission.DECIDE,
        f"{page_of(filing)}/corrections": Permission.DECIDE,
        f"{page_of(filing)}/transfer": Permission.DECIDE,
        f"{page_of(filing)}/returned": Permission.RECORD_CORRECTIONS,
        f"{page_of(filing)}/track": Permission.TRIAGE,
        f"{page_of(filing)}/read-again": Permission.HANDLE_ALARMS,
        "staff": Permission.MANAGE_STAFF,
    }
    for path, permission in forms.items():
        if permission not in allowed:
            assert browser.post(path).status_code == 403, path
            browser.get("password")
    if Permission.SEE_NAMES not in allowed and Permission.LIST_MATTERS in allowed:
        for path in ("inbox", page_of(filing)):
            browser.get(path)
            assert PLAINTIFF not in browser.text
            assert "示例路" not in browser.text


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


def test_forms_from_elsewhere_do_nothing(as_role: Open, console: HubProcess, filing: Filing) -> None:
    """No token, another's token, another origin: 403, and the matter stays as it was (S36)."""
    clerk, other = as_role(Role.CLERK), as_role(Role.TRIAGE)
    clerk.get(page_of(filing))
    other.get(page_of(filing))
    form = {"revision": "1", "case_number": "（2026）吉2401民初1号"}
    path = f"/console/{page_of(filing)}/accept"
    stolen = CSRF.search(other.text)
    mine = CSRF.search(clerk.text)
    assert stolen is not None
    assert mine is not None
    tries: list[tuple[dict[str, str], dict[str, str]]] = [
        (form, {}),
        (form | {"csrf": stolen[1]}, {}),
        (form | {"csrf": mine[1]}, {"origin": "https://elsewhere.example"}),
        (form | {"csrf": mine[1]}, {"sec-fetch-site": "cross-site"}),
    ]
    for fields, headers in tries:
        assert clerk.http.post(path, data=fields, headers=headers).status_code == 403
    assert status_of(console, filing).state is SubmissionState.RECEIVED


def test_headers_keep_foreign_content_out(as_role: Open, filing: Filing) -> None:
    """CSP without script, no framing by others, cookies that scripts cannot read (S36)."""
    clerk = as_role(Role.CLERK)
    headers = clerk.get(page_of(filing)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "<script" not in clerk.text
    (cookie,) = [c for c in clerk.http.cookies.jar if c.name == "hub_session"]
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert "://" not in re.sub(r'xmlns="[^"]*"', "", clerk.text)


def test_sign_in_goes_only_where_it_should(console: HubProcess) -> None:
    """The way back after sign-in never leads out of the console."""
    for target in (
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/console//elsewhere.example",
        "/v1/court",
        "\\x",
    ):
        with httpx.Client(base_url=console.url, trust_env=False) as http:
            form = {"name": "clerk", "password": PASSWORD, "next": target}
            assert http.post("/console/sign-in", data=form).headers["location"] == "/console/"


def test_guessing_is_slowed_down(console: HubProcess) -> None:
    """Five wrong passwords lock even the right one out for a while, and the words do not tell which."""
    browser = Browser(console.url)
    wrong = {browser.sign_in("clerk", f"wrong {n} wrong").text for n in range(5)}
    locked = browser.sign_in("clerk")
    assert locked.status_code == 403
    assert wrong == {locked.text}
    assert browser.sign_in("nobody").text == locked.text
    done = hub_command(
        "user",
        "password",
        "--data",
        str(console.data),
        "--name",
        "clerk",
        "--password-stdin",
        password=PASSWORD + "!\n",
    )
    assert done.returncode == 0
    assert browser.sign_in("clerk", PASSWORD + "!").status_code == 200


def test_signing_out_and_closing_accounts_end_the_session(as_role: Open, console: HubProcess) -> None:
    """A cookie kept elsewhere is worth nothing afterwards."""
    clerk, administrator = as_role(Role.CLERK), as_role(Role.ADMINISTRATOR)
    kept = dict(clerk.http.cookies)
    clerk.get("inbox")
    clerk.post("sign-out")
    with httpx.Client(base_url=console.url, trust_env=False, cookies=kept) as http:
        assert http.get("/console/inbox").status_code == 303
    triage = as_role(Role.TRIAGE)
    administrator.get("staff")
    assert administrator.post("staff/triage/close").status_code == 200
    assert "sign-in" in str(triage.get("inbox").url)
    assert administrator.post("staff/administrator/close").status_code == 403
    added = administrator.post("staff", name="新书记员", role="clerk", password="a good password")
    assert added.status_code == 200
    assert "新书记员" in administrator.text
    assert administrator.post("staff", name="新书记员", role="clerk", password="a good password").status_code == 422
    assert administrator.post("staff", name="x y", role="king", password="short").status_code == 422


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
            terminal="DEV01", epoch=epoch, max_sequence=9, awaiting_safety=(), software="x 1", queue_depth=0
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


def test_nothing_personal_lies_about(console: HubProcess, filing: Filing) -> None:
    """Neither names nor identity numbers are in the data directory in clear."""
    for path in console.data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert PLAINTIFF.encode() not in content, path
            assert b"11010519491231002X" not in content, path


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
