"""Codes on paper in camera frames: read with the formats that courts use, and with all that the library knows."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec
import zxingcpp

from tests.benchmarks.scan.score import percentile, share
from tests.benchmarks.scan.truth import Photo

FORMATS = {"QR and Code 128": "QRCode,Code128", "all formats": ""}


class CodesRead(msgspec.Struct, frozen=True):
    """One way of reading. `qr` and `code_128` are percent of the codes that stand on the papers, `wrong` is how many
    texts were read that stand nowhere; ms for frames with codes and for frames without."""

    way: str
    frames: int
    qr: float | None
    code_128: float | None
    wrong: int
    p50: float | None
    p95: float | None
    without_p50: float | None
    cpu_p50: float | None


def measure(photos: Sequence[Photo], longest: int | None) -> list[CodesRead]:
    """Read every frame in each way."""
    pictures = [(photo, photo.picture(longest)[0]) for photo in photos]
    rows = []
    for way, formats in FORMATS.items():
        found_qr: list[bool] = []
        found_bars: list[bool] = []
        times: list[float] = []
        without: list[float] = []
        processor: list[float] = []
        wrong = 0
        for photo, picture in pictures:
            begin, used = time.perf_counter(), time.process_time()
            if formats:
                chosen = zxingcpp.barcode_formats_from_str(formats)
                found = zxingcpp.read_barcodes(picture, formats=chosen, try_downscale=False, try_invert=False)
            else:
                found = zxingcpp.read_barcodes(picture)
            spent = (time.perf_counter() - begin) * 1000
            processor.append((time.process_time() - used) * 1000)
            (times if photo.truth.codes else without).append(spent)
            texts = {one.text for one in found}
            wrong += len(texts - set(photo.truth.codes))
            for text in photo.truth.codes:
                (found_qr if text.startswith("https:") else found_bars).append(text in texts)
        rows.append(
            CodesRead(
                way,
                len(pictures),
                share(found_qr),
                share(found_bars),
                wrong,
                percentile(times, 50),
                percentile(times, 95),
                percentile(without, 50),
                percentile(processor, 50),
            )
        )
    return rows
