"""Holds pages in a scratch and makes a volume of them, as the window does, and measures itself.

`python -m tests.benchmarks.scan.volume_process` reads an Order (msgpack) and writes a Held (JSON).
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

import msgspec

from kiosk.documents.volume import PageContent, ScannedPage, Volume, VolumeFront
from kiosk.ocr.model import PageText
from kiosk.pages.model import StoredPage
from kiosk.session.pages import keep_page, keep_text, kept_page, kept_text
from kiosk.session.scratch import Scratch, ScratchKey

_PAGES_AN_ITEM = 25


class Sample(msgspec.Struct, frozen=True):
    """A page and what was read on it."""

    page: StoredPage
    text: PageText


class Order(msgspec.Struct, frozen=True):
    """Keep `count` pages, the samples over and over, and make a volume in parts of at most `limit` bytes."""

    count: int
    limit: int
    samples: tuple[Sample, ...]


class Held(msgspec.Struct, frozen=True):
    """What it took. Memory is MiB: the pages in the scratch, and the whole process with its first page, with a tenth of
    the pages, with all, at most while the parts were made, and after the scratch was wiped. Seconds are of processor
    time: to look at all pages, and to make all parts."""

    pages: int
    parts: int
    bytes_a_page: int
    largest_part: int
    look_seconds: float
    bind_seconds: float
    scratch: float
    first_page: float
    after_tenth: float
    after_all: float
    most: float
    after_end: float


def hold(order: Order) -> Held:
    """Carry it out."""
    samples = [(msgspec.msgpack.encode(sample.page), sample.text) for sample in order.samples]
    scratch, keys, held = Scratch(), list[ScratchKey](), 0
    resident: list[float] = []
    for number in range(order.count):
        page, text = samples[number % len(samples)]
        keys.append(keep_page(scratch, msgspec.msgpack.decode(page, type=StoredPage)))
        keep_text(scratch, keys[-1], text)
        held += len(page)
        resident.append(_status("VmRSS"))
    began = time.process_time()
    volume = _volume(scratch, keys, order.limit)
    looked = time.process_time()
    sizes = [len(volume.bind(part).pdf) for part in volume.parts]
    bound = time.process_time()
    most = _status("VmHWM")
    scratch.wipe()
    gc.collect()
    return Held(
        pages=order.count,
        parts=len(sizes),
        bytes_a_page=sum(sizes) // order.count,
        largest_part=max(sizes),
        look_seconds=round(looked - began, 2),
        bind_seconds=round(bound - looked, 2),
        scratch=round(held / 2**20, 1),
        first_page=resident[0],
        after_tenth=resident[max(1, order.count // 10) - 1],
        after_all=resident[-1],
        most=most,
        after_end=_status("VmRSS"),
    )


def _volume(scratch: Scratch, keys: Sequence[ScratchKey], limit: int) -> Volume:
    def load(key: ScratchKey) -> PageContent:
        return PageContent(kept_page(scratch, key), kept_text(scratch, key))

    titles = [f"证据{number}" for number in range(1, (len(keys) - 1) // _PAGES_AN_ITEM + 2)]
    front = VolumeFront("示例市示例区人民法院", "民间借贷纠纷", ("张示例",), ("李示例",), date(2026, 3, 16), "T01")
    pages = [ScannedPage(number // _PAGES_AN_ITEM, partial(load, key)) for number, key in enumerate(keys)]
    return Volume(pages, titles, front, limit=limit)


def _status(field: str) -> float:
    """MiB, from proc(5)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return round(int(next(line for line in lines if line.startswith(field)).split()[1]) / 1024, 1)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(hold(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order))))
