"""Submissions per second into the hub: `python tests/benchmarks/hub_bench.py [COUNT]` writes one JSON object.

The hub is its own process and everything is real: signatures are verified, manifests checked against stored blobs,
and each reply follows a commit that was fsynced. Requests are signed before the clock starts, so that the client
does not take the processor from the hub. PostgreSQL is left out where it is not installed.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # started as a file, not as a module

from kiosk.court.canonical import canonical_json
from kiosk.court.contract import Manifest
from kiosk.court.receipt_numbers import make
from kiosk.court.uuid7 import uuid7
from tests.hub.filings import WireTerminal, make_filing
from tests.hub.processes import HubProcess, PostgresCluster, postgres_programs

COUNT = 2_000
CONNECTIONS = 32
TERMINALS = 20


def _requests(wire: WireTerminal, manifest: Manifest, count: int) -> list[bytes]:
    """Signed PUT requests of `count` submissions by TERMINALS terminals, as they go over the wire."""
    made: list[bytes] = []
    for number in range(count):
        terminal = f"DEV{number % TERMINALS:02d}"
        sequence = number // TERMINALS + 1
        own = manifest.model_copy(
            update={
                "submission_id": uuid7(manifest.created),
                "terminal": terminal,
                "sequence": sequence,
                "receipt_no": make(terminal, manifest.created.date(), sequence),
            }
        )
        path, body = f"/v1/submissions/{own.submission_id}", canonical_json(own)
        given = {"content-type": "application/json", "idempotency-key": str(own.submission_id)}
        headers = wire.signed("PUT", path, body, given, nonce=secrets.token_urlsafe(12))
        lines = [f"PUT {path} HTTP/1.1", "host: hub", f"content-length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        made.append("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    return made


async def _send(host: str, port: int, requests: list[bytes]) -> list[float]:
    """Send all over CONNECTIONS connections; the seconds each took."""
    waiting, times = list(reversed(requests)), list[float]()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        while waiting:
            begin = time.perf_counter()
            writer.write(waiting.pop())
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode("latin-1"))
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await reader.readexactly(int(length.split(b":")[1]))
            times.append(time.perf_counter() - begin)
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return times


def _fsync_milliseconds(folder: Path) -> float:
    times = []
    with (folder / "probe").open("wb", buffering=0) as file:
        for _ in range(50):
            file.write(bytes(2048))
            begin = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1000


def _measure(folder: Path, count: int, *options: str) -> dict[str, float]:
    hub = HubProcess(folder, *options)
    try:
        with WireTerminal(hub.url) as wire:
            filing = make_filing(wire.court())
            wire.upload(filing)
            requests = _requests(wire, filing.manifest, count)
        address = urlsplit(hub.url)
        begin = time.perf_counter()
        times = sorted(asyncio.run(_send(str(address.hostname), int(address.port or 0), requests)))
        seconds = time.perf_counter() - begin
    finally:
        hub.stop()
    return {
        "per_second": round(count / seconds, 1),
        "p50_ms": round(times[len(times) // 2] * 1000, 2),
        "p99_ms": round(times[len(times) * 99 // 100] * 1000, 2),
        "max_ms": round(times[-1] * 1000, 2),
    }


def main() -> None:
    """Measure each database once."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    result: dict[str, object] = {"submissions": count, "connections": CONNECTIONS, "terminals": TERMINALS}
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as name:
        folder = Path(name)
        result["fsync_p50_ms"] = round(_fsync_milliseconds(folder), 3)
        result["sqlite"] = _measure(folder / "sqlite", count)
        if programs := postgres_programs():
            # A folder of its own, which the user that runs the cluster may enter.
            with tempfile.TemporaryDirectory(prefix="hub-pg-") as cluster_folder:
                cluster = PostgresCluster(programs, Path(cluster_folder))
                try:
                    result["postgresql"] = _measure(folder / "pg", count, "--database", cluster.database())
                finally:
                    cluster.stop()
    print(json.dumps(result))  # noqa: T201 - the result


if __name__ == "__main__":
    main()
