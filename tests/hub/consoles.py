"""The clerks' console over real HTTP: a browser that keeps cookies and tokens, and complaints to look at."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import httpx

from kiosk.court.contract import (
    BlobRole,
    CaseList,
    CaseQuery,
    CaseStatus,
)
from provisioning.hub.staff import hash_password
from tests.hub.filings import Filing, WireTerminal, make_filing, small_pdf
from tests.hub.processes import HubProcess, wait_for

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
