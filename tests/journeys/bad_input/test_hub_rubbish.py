"""A hub that answers 500, a portal's page, half a JSON or no HTTP for hours, and then recovers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kiosk.agent.core import Agent
from kiosk.agent.messages import HubState, LocalState
from kiosk.clock import ManualClock, SystemClock
from kiosk.court.client import HubClient
from kiosk.court.contract import Manifest, Receipt
from kiosk.court.hub_errors import BlobsMissingError, HubBusyError, HubError
from kiosk.court.keys import development_device_key
from kiosk.flow.stage import Stage
from tests.journeys.bad_input.terminal import Litigant, Terminal, in_all_languages
from tests.outbox.filings import hand_in
from tests.outbox.stub_hub import Fault, StubHub

HOURS = 3 * 3600.0
WORDLESS = {Fault.PORTAL, Fault.PORTAL_JSON, Fault.REDIRECT, Fault.TRUNCATED, Fault.RUBBISH, Fault.RESET_BEFORE}


@pytest.mark.parametrize(
    "fault",
    [Fault.PORTAL, Fault.TRUNCATED, Fault.RUBBISH, Fault.ERROR_BEFORE, Fault.BUSY],
    ids=lambda fault: fault.name,
)
def test_a_person_files_all_the_same(terminal: Terminal, hub: StubHub, fault: Fault) -> None:
    """F12 to F15: the receipt does not wait for the hub; when that is well again, the complaint is there once."""
    terminal.deliver()
    hub.fault_for = lambda _method, _path: fault
    asked = len(hub.requests)
    terminal.walk(Litigant(), Stage.SIGNATURE)
    submission = terminal.receipt()
    terminal.until(lambda: len(hub.requests) > asked)
    assert hub.stored.receipts == {}
    if fault in WORDLESS:
        terminal.until(lambda: terminal.agent.status().hub is HubState.OFFLINE)
        in_all_languages("lobby.trouble.hub_offline")  # what the home screen says then
    assert terminal.journey.filed is not None
    found = terminal.agent.find_cases(receipt_no=terminal.journey.filed.receipt_no)
    assert found.offline
    assert [case.state for case in found.cases] == [LocalState.WAITING_TO_BE_SENT]
    hub.fault_for = lambda _method, _path: None
    terminal.deliver()
    assert set(hub.stored.receipts) == {submission}
    assert terminal.agent.status().hub is HubState.ONLINE


def test_hours_of_rubbish_cost_patience_and_nothing_else(tmp_path: Path) -> None:
    """N3: three hours of every kind of rubbish in turn; asked ever more rarely, then everything is there once."""
    clock = ManualClock(SystemClock().now())
    kinds = [*WORDLESS, Fault.ERROR_BEFORE, Fault.ERROR_AFTER]
    with StubHub() as hub:
        hub.now = clock.now
        agent = Agent.open(tmp_path / "data", hub.url, clock)
        hub.fault_for = lambda _method, _path: kinds[len(hub.requests) % len(kinds)]
        filed = []
        for _ in range(6):
            filed.append(hand_in(agent).submission_id)
            end = clock.monotonic() + HOURS / 6
            while clock.monotonic() < end:
                clock.advance(max(0.5, agent._worker.step()))
        assert agent.outbox.undelivered() == 6
        assert len(hub.requests) < 1000, "a hub that is ill is left alone"
        assert agent.outbox.counts().attention == 0, "nothing a clerk would have to look at"
        hub.fault_for = lambda _method, _path: None
        while agent.outbox.undelivered():
            clock.advance(max(0.01, agent._worker.step()))
        assert set(hub.stored.receipts) == set(filed)
        agent.close()


# -- replies that no hub of ours ever gave


Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def answering() -> Iterator[Callable[[Answer], HubClient]]:
    """A client whose server gives one prepared answer to everything."""
    answer: list[Answer] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, fields, content = answer[0]
            self.rfile.read(int(self.headers.get("content-length", "0")))
            self.send_response_only(status)
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    client = HubClient(f"http://127.0.0.1:{server.server_address[1]}", development_device_key(), SystemClock())

    def prepare(prepared: Answer) -> HubClient:
        answer[:] = [prepared]
        return client

    yield prepare
    client.close()
    server.shutdown()
    server.server_close()


ASKED = ("ab" * 32,)
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "answer",
    [
        (200, JSON, b'{"missing": ["abababab'),
        (200, JSON, b"[" * 100_000),
        (200, JSON, b'{"missing": [1, "all of them"]}'),
        (200, JSON, b"\xff\xfe\x00"),
        (200, JSON | {"content-encoding": "gzip"}, b"not gzip"),
        (200, {"content-type": "text/html"}, b"<html>500</html>"),
        (204, {}, b""),
        (299, JSON, b"{}"),
        (401, {"x-hub-time": "0001-01-01T00:00:00+14:00"}, b""),
        (401, {"x-hub-time": "9999-12-31T23:59:59-14:00"}, b""),
        (401, {"x-hub-time": "now"}, b""),
        (424, {"content-type": "application/problem+json"}, b"{}"),
        (503, {"retry-after": "Wed, 01 Jan 2031 00:00:00 -0000", "date": "Wed, 01 Jan 2031 00:00:00 -0000"}, b""),
        (503, {"retry-after": "Wed, 01 Jan 2031 00:00:00 GMT", "date": "Wed, 01 Jan 2031 00:00:00 -0000"}, b""),
        (503, {"retry-after": "soon"}, b""),
        (503, {"retry-after": "-1"}, b""),
    ],
)
def test_whatever_comes_back_is_one_of_the_failures_we_know(
    answering: Callable[[Answer], HubClient], answer: Answer
) -> None:
    """F14: an answer that no rule foresees must not end the messenger."""
    with pytest.raises(HubError):
        answering(answer).missing_blobs(ASKED)


def test_a_date_without_a_zone_is_universal_time(answering: Callable[[Answer], HubClient]) -> None:
    """RFC 9110, 5.6.7: what a hub asks for is honoured also where it writes its dates in the oldest way."""
    dates = {"retry-after": "Wed, 01 Jan 2031 00:01:00 GMT", "date": "Wed, 01 Jan 2031 00:00:00 -0000"}
    with pytest.raises(HubBusyError) as busy:
        answering((503, dates, b"")).missing_blobs(ASKED)
    assert busy.value.retry_after == 60.0


def test_a_hub_that_misses_what_was_never_sent(
    terminal: Terminal, hub: StubHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More names than one request may carry, none of them ours: the filing waits and then goes through."""
    client, left = terminal.agent._client, [2]
    original = client.put_submission

    def strange(manifest: Manifest) -> Receipt:
        if left[0]:
            left[0] -= 1
            raise BlobsMissingError(tuple(f"{number:064x}" for number in range(600)))
        return original(manifest)

    monkeypatch.setattr(client, "put_submission", strange)
    terminal.walk(Litigant(), Stage.SIGNATURE)
    submission = terminal.receipt()
    terminal.deliver()
    assert left == [0]
    assert set(hub.stored.receipts) == {submission}
