"""kill -9 of a filing terminal at any moment: what it said "received" to is there, whole, once, and gets delivered."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kiosk.agent.core import Agent
from kiosk.audit.journal import check_chain, entries
from kiosk.court.sealing import unseal
from kiosk.outbox.schema import submission
from tests.outbox.filings import NUMBER
from tests.outbox.stub_hub import Fault, StubHub

ROUNDS = int(os.environ.get("OUTBOX_KILLS", "12"))
DRAINED_WITHIN = 300.0
"""Seconds after the last fault; a busy machine must not look like a stuck outbox."""

SEED = int(os.environ.get("OUTBOX_KILL_SEED", "1"))


def killed_after(data: Path, hub: StubHub, lines: int, seconds: float) -> list[str]:
    """Run a committer, SIGKILL it `seconds` after its line number `lines`; the whole lines it had written."""
    command = [sys.executable, "-m", "tests.faults.committer", str(data), hub.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        first = [child.stdout.readline() for _ in range(lines)]
        child_end = time.monotonic() + seconds
        while time.monotonic() < child_end:
            os.sched_yield()
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read()
    said = b"".join(first) + rest
    return said.decode().split("\n")[:-1]


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    """N3, F3, F12 to F15: kills, and a line that fails in every way before and after the hub has stored something."""
    rng = random.Random(SEED)
    strikes = [fault for fault in Fault if fault is not Fault.DRIP]
    said: list[str] = []
    with StubHub() as hub:
        Agent.open(tmp_path, hub.url).close()
        hub.fault_for = lambda _method, _path: rng.choice(strikes) if rng.random() < 0.1 else None
        for _ in range(ROUNDS):
            said += killed_after(tmp_path, hub, rng.randrange(0, 4), rng.uniform(0.0, 0.4))
        hub.fault_for = lambda _method, _path: None
        agent = Agent.open(tmp_path, hub.url)
        assert agent.deliver(DRAINED_WITHIN) == 0, f"seed {SEED}: something is stuck"
        acknowledged = {line.split()[0]: line.split()[1:] for line in said}
        assert len(acknowledged) == len(said) >= ROUNDS // 2
        rows = agent.outbox.run(lambda c: c.execute(submission.select().order_by(submission.c.sequence)).all())
        here = {row.submission_id: [row.receipt_no, row.manifest_sha256] for row in rows}
        assert acknowledged.items() <= here.items(), f"seed {SEED}: an acknowledged filing is gone or changed"
        assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
        assert {str(key): [r.receipt_no, r.manifest_sha256] for key, r in hub.stored.receipts.items()} == here
        for manifest in hub.stored.manifests.values():
            for blob in manifest.blobs:
                assert NUMBER.encode() in unseal(hub.stored.blobs[blob.sha256], hub.sealing)
        agent.outbox.run(lambda c: check_chain(entries(c)))
        agent.close()
