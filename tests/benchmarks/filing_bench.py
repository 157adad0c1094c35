"""How long all papers of one filing take: `python tests/benchmarks/filing_bench.py` writes one JSON object.

A complaint with three scans of 3 MB: envelope, complaint, address confirmation, evidence list, undertaking, volume,
slip and its copy, home papers. Every run has another statement and number, so no result is remembered.
Aim: 400 ms warm.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import time
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # started as a file, not as a module

from kiosk.flow.draft import EvidenceDraft, FormSlot
from tests.unit.services.filings import NOW, evidence, filing, service

RUNS = 20


def _scan() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((2480, 3508), 20).convert("L").save(out, "JPEG", quality=80)
    return out.getvalue()


def main() -> None:
    """Measure and print."""
    made = filing("general", scans=0)
    put = made.session.scratch.put
    made.changed(evidence=tuple(EvidenceDraft(evidence(f"证据{n}").answers, (put(_scan()),)) for n in range(3)))
    making = service()
    times = []
    size = 0
    for run in range(RUNS + 1):
        made.answering(FormSlot.CLAIM, facts=f"双方签订了示例合同，对方没有履行。{run}" * 20)
        begun = time.perf_counter()
        done = making.make(made.session, f"T01-20261123-{run + 1:05d}-5", NOW.isoformat())
        times.append((time.perf_counter() - begun) * 1000)
        size = sum(len(part.data) for part in done.parts)
    warm = sorted(times[1:])
    figures = {
        "cold_ms": round(times[0]),
        "warm_p50_ms": round(statistics.median(warm)),
        "warm_max_ms": round(warm[-1]),
        "parts_bytes": size,
    }
    print(json.dumps(figures))  # noqa: T201 - its output


if __name__ == "__main__":
    main()
