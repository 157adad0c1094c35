"""kill -9 of the hub in the middle of its work: whatever was acknowledged is there once, and everything drains."""

from __future__ import annotations

import json
import random
import threading
import time
from itertools import count

import httpx
import pytest

from kiosk.court.canonical import manifest_sha256
from kiosk.court.contract import BlobRole, CourtInfo, Receipt
from tests.hub.conftest import StartHub
from tests.hub.filings import Filing, WireTerminal, make_filing
from tests.hub.processes import HubProcess, hub_command

KILLS = 4
TERMINALS = 3


class Sender(threading.Thread):
    """A terminal that makes filings and delivers each until it holds a receipt, whatever happens to the hub."""

    def __init__(self, hub: HubProcess, court: CourtInfo, number: int, calm: threading.Event) -> None:
        super().__init__(daemon=True)
        self._hub = hub
        self._court = court
        self._code = f"DEV{number:02d}"
        self._calm = calm
        self._random = random.Random(number)
        self.receipts: dict[str, Receipt] = {}
        self.hashes: dict[str, str] = {}
        self.error: BaseException | None = None

    def run(self) -> None:
        """Until the faults are over; the filing under way is still delivered."""
        try:
            for sequence in count(1):
                if self._calm.is_set():
                    return
                scan = self._random.randbytes(self._random.randrange(1, 300_000))
                papers = {BlobRole.VOLUME: (scan, "application/pdf")}
                filing = make_filing(self._court, terminal=self._code, sequence=sequence, papers=papers)
                submission_id = str(filing.manifest.submission_id)
                self.hashes[submission_id] = manifest_sha256(filing.manifest)
                self.receipts[submission_id] = self._deliver(filing)
        except BaseException as error:  # noqa: BLE001 - it is raised again in the test
            self.error = error

    def _deliver(self, filing: Filing) -> Receipt:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with WireTerminal(self._hub.url) as wire:
                    for sha256, content in filing.blobs.items():
                        self._upload(wire, sha256, content)
                    reply = wire.put(filing.manifest)
                    if reply.status_code == 200:
                        return Receipt.model_validate_json(reply.content)
                    assert reply.status_code in (424, 503), reply.text
            except (httpx.TransportError, ConnectionError):
                time.sleep(0.02)  # the hub is being started again
        raise AssertionError("a filing is stuck")

    def _upload(self, wire: WireTerminal, sha256: str, content: bytes) -> None:
        state = wire.send("HEAD", f"/v1/blobs/{sha256}")
        offset = int(state.headers.get("upload-offset", 0))
        while state.headers.get("upload-complete") != "?1":
            size = self._random.choice((4_000, 40_000, 400_000))
            chunk = content[offset : offset + size]
            state = wire.patch(sha256, offset, chunk, last=offset + len(chunk) == len(content))
            offset = int(state.headers.get("upload-offset", 0))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_nothing_is_lost_or_doubled_while_the_hub_is_killed(
    start_hub: StartHub, database_options: tuple[str, ...]
) -> None:
    """Every acknowledged filing is stored once, bit for bit; none is stuck once the faults stop (F2, F3, F13, F21)."""
    hub = start_hub(*database_options)
    calm = threading.Event()
    with WireTerminal(hub.url) as first:
        court = first.court()
    senders = [Sender(hub, court, number, calm) for number in range(1, TERMINALS + 1)]
    for sender in senders:
        sender.start()
    chance = random.Random(7)
    port = hub.url.rsplit(":", 1)[1]
    hub.options = (*hub.options, "--port", port)  # the same address after each restart
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.1, 0.9))  # not a wait for anything: the moment of the fault
        hub.kill()
        hub.start()
    calm.set()
    for sender in senders:
        sender.join(90)
        assert sender.error is None, sender.error

    done = hub_command("submissions", "--data", str(hub.data), *database_options, "--json")
    stored = {row["submission_id"]: row for row in json.loads(done.stdout)}
    acknowledged = {key: value for sender in senders for key, value in sender.receipts.items()}
    hashes = {key: value for sender in senders for key, value in sender.hashes.items()}
    assert len(acknowledged) >= TERMINALS
    assert set(stored) == set(acknowledged)
    assert len(json.loads(done.stdout)) == len(stored)
    for submission_id, receipt in acknowledged.items():
        assert receipt.manifest_sha256 == stored[submission_id]["sha256"] == hashes[submission_id]
    out = hub.data.parent / "out"
    for submission_id in list(acknowledged)[:5]:
        exported = hub_command(
            "export", "--data", str(hub.data), *database_options, "--submission", submission_id, "--out", str(out)
        )
        assert exported.returncode == 0, exported.stderr
    assert hub_command("journal", "--data", str(hub.data), *database_options).returncode == 0
