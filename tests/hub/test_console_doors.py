"""The doors of the clerks' console: sign-in, permissions, and what an attacker would try."""

from __future__ import annotations

import re

import httpx
import pytest

from kiosk.court.contract import (
    SubmissionState,
)
from provisioning.hub.permissions import PERMISSIONS, Permission, Role
from tests.hub.consoles import CSRF, PASSWORD, Browser, Open, page_of, status_of
from tests.hub.filings import PLAINTIFF, Filing
from tests.hub.processes import HubProcess, hub_command


def test_nothing_without_signing_in(console: HubProcess, filing: Filing) -> None:
    """Every page and paper leads to the sign-in page; every form as well."""
    with httpx.Client(base_url=console.url, trust_env=False) as http:
        for path in ("inbox", page_of(filing), f"{page_of(filing)}/papers/1", "calls", "staff", "journal", "alarms"):
            reply = http.get(f"/console/{path}")
            assert (reply.status_code, reply.headers["location"].split("?")[0]) == (303, "/console/sign-in")
        reply = http.post(f"/console/{page_of(filing)}/accept", data={"case_number": "（2026）吉2401民初1号"})
        assert reply.status_code == 303
    assert status_of(console, filing).state is SubmissionState.RECEIVED


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


def test_nothing_personal_lies_about(console: HubProcess, filing: Filing) -> None:
    """Neither names nor identity numbers are in the data directory in clear."""
    for path in console.data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert PLAINTIFF.encode() not in content, path
            assert b"11010519491231002X" not in content, path
