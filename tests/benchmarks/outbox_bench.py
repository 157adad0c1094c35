"""How long a person waits between the last touch and "received": sealing and committing a filing of 6 MB.

    python -m tests.benchmarks.outbox_bench [FOLDER]

FOLDER is on the disk to be measured (default: a temporary folder).
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from kiosk.agent.core import Agent
from kiosk.court.sealing import CourtPrivateKey, seal, unseal
from tests.outbox.filings import Documents, filing, fresh_id
from tests.outbox.stub_hub import StubHub

ROUNDS = 100
SIZE = 6_000_000


def quantiles(seconds: list[float]) -> dict[str, float]:
    """p50 and p99 in milliseconds."""
    ordered = sorted(seconds)
    return {
        "p50_ms": round(statistics.median(ordered) * 1e3, 2),
        "p99_ms": round(ordered[int(len(ordered) * 0.99) - 1] * 1e3, 2),
    }


def main() -> None:
    """Print one JSON document."""
    key, document, seals, opens = CourtPrivateKey.generate(), os.urandom(SIZE), [], []
    for _ in range(30):
        begin = time.perf_counter()
        sealed = seal(document, key.public)
        middle = time.perf_counter()
        unseal(sealed, key)
        seals.append(middle - begin)
        opens.append(time.perf_counter() - middle)
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder, StubHub() as hub:
        agent = Agent.open(Path(folder), hub.url)
        reserves, seals_all, commits, both = [], [], [], []
        for _ in range(ROUNDS):
            one = filing(agent, fresh_id(), Documents(volume=SIZE - 300_000, complaint=300_000))
            begin = time.perf_counter()
            agent.reserve_receipt(one.submission_id)
            reserved = time.perf_counter()
            assembly = agent.assembly(one.submission_id)
            for part in one.parts:
                assembly.put(part)
            parts_done = time.perf_counter()
            agent.commit_sealed(assembly.sealed(one.slip, one.slip_copy))
            commits.append(time.perf_counter() - parts_done)
            both.append(time.perf_counter() - reserved)
            seals_all.append(parts_done - reserved)
            reserves.append(reserved - begin)
        fsync = agent.outbox.fsync_seconds
        begin = time.perf_counter()
        left = agent.deliver(300.0)
        taken = time.perf_counter() - begin
        agent.close()
    result = {
        "document_bytes": SIZE,
        "seal": quantiles(seals),
        "unseal": quantiles(opens),
        "fsync_ms": round(fsync * 1e3, 3),
        "reserve_number": quantiles(reserves),
        "seal_and_hash_parts": quantiles(seals_all),
        "commit": quantiles(commits),
        "seal_and_commit": quantiles(both),
        "deliver_per_second": round((ROUNDS - left) / taken, 1),
        "deliver_megabytes_per_second": round(ROUNDS * SIZE / 1e6 / taken, 1),
    }
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
