"""How long documents take: `python tests/benchmarks/documents_bench.py` writes one JSON object.

Warm means a renderer that has set another complaint before; every run sets new text, so no result is remembered.
Aim: a two-page complaint in less than 250 ms warm.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pikepdf
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # started as a file, not as a module

from kiosk.documents.complaint import ComplaintDocument
from kiosk.documents.model import FormRow, NaturalPerson, Option, Signature
from kiosk.documents.render import Renderer
from kiosk.documents.volume import PageContent, ScannedPage, Volume, VolumeFront

RUNS = 30
COURT = "示例市示例区人民法院"
FILED = date(2026, 3, 16)


def _png(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 30).convert("L").save(out, "PNG")
    return out.getvalue()


def _jpeg(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 20).convert("RGB").save(out, "JPEG", quality=75)
    return out.getvalue()


def _complaint() -> ComplaintDocument:
    return ComplaintDocument(
        form_name="民间借贷纠纷",
        cause_of_action="民间借贷纠纷",
        plaintiffs=(NaturalPerson("张示例", "男", date(1980, 1, 1), "汉族", domicile="示例省示例市示例街1号"),),
        defendants=(NaturalPerson("李示例", "女", domicile="示例省示例市示例路22号"),),
        court=COURT,
        signatures=(Signature("张示例", _png((300, 100))),),
        filed=FILED,
        claims=(
            FormRow("本金", "截至2026年3月1日止，尚欠本金50,000.00元。"),
            FormRow("是否主张诉讼费用", options=(Option("是", True), Option("否", False))),
        ),
        elements=tuple(FormRow(f"事项{number}", "2024年5月1日在示例市签订《借条》一份。") for number in range(5)),
        facts="2024年5月1日，被告向原告借款人民币五万元，约定一年归还。" * 4,
    )


def _timed(once: Callable[[int], object]) -> dict[str, float]:
    spent = []
    for run in range(RUNS):
        begin = time.perf_counter()
        once(run)
        spent.append((time.perf_counter() - begin) * 1000)
    return {"p50_ms": round(statistics.median(spent), 1), "max_ms": round(max(spent), 1)}


def _bound(volume: Volume) -> list[bytes]:
    return [volume.bind(part).pdf for part in volume.parts]


def main() -> None:
    """Measure and report."""
    begin = time.perf_counter()
    renderer = Renderer()
    complaint = _complaint()
    first = renderer.render(complaint)
    cold = (time.perf_counter() - begin) * 1000
    with pikepdf.open(io.BytesIO(first)) as pdf:
        pages = len(pdf.pages)
    facts = "原告与被告系朋友关系，被告多次向原告借款未还。" * 870
    pictures = [_jpeg((1654, 2339)) for _ in range(20)]
    scans = [ScannedPage(number // 5, partial(PageContent, picture)) for number, picture in enumerate(pictures)]
    front = VolumeFront(COURT, "民间借贷纠纷", ("张示例",), ("李示例",), FILED)
    titles = ["借条", "转账凭证", "聊天记录", "身份证明"]
    report = {
        "complaint_pages": pages,
        "complaint_bytes": len(first),
        "complaint_cold_ms": round(cold, 1),
        "complaint_warm": _timed(
            lambda run: renderer.render(replace(complaint, facts=f"{complaint.facts}第{run}次。"))
        ),
        "complaint_20000_characters": _timed(
            lambda run: renderer.render(replace(complaint, facts=f"{facts}第{run}次。"))
        ),
        "volume_20_scans": _timed(
            lambda run: _bound(
                Volume(scans, titles, replace(front, reference=f"SLFY01-20260316-{run:05}-0"), renderer=renderer)
            )
        ),
        "volume_scan_megabytes": round(sum(map(len, pictures)) / 1e6, 1),
    }
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
