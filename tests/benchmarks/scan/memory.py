"""Memory over a long run: pages cleaned and read one after another in the same two processes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.benchmarks.scan.truth import Photo
from tests.benchmarks.scan.way import cleaner, straight_page, text_reader


class Memory(msgspec.Struct, frozen=True):
    """MiB of the page worker and of the reading process after the first tenth of the pages, after all, and at most."""

    pages: int
    worker_tenth: float
    worker_all: float
    worker_most: float
    reader_tenth: float
    reader_all: float
    reader_most: float


def measure(photos: Sequence[Photo], count: int) -> Memory:
    """Clean and read `count` pages, the same ones over and over, in one worker and one reading process."""
    straight = [straight_page(photo.path.read_bytes()) for photo in photos[:12]]
    worker, reading = list[float](), list[float]()
    with cleaner() as pages, text_reader() as reader:
        for number in range(count):
            jpeg, found = straight[number % len(straight)]
            cleaned = pages.clean(jpeg, straight=found)
            if cleaned is not None:
                if cleaned.strips is not None:
                    reader.tell_way(cleaned.strips)
                reader.read(cleaned.page)
            worker.append(_resident(pages.worker.pid))
            reading.append(_resident(reader.reader.pid))
    tenth = max(1, count // 10) - 1
    sizes = [(sizes[tenth], sizes[-1], max(sizes)) for sizes in (worker, reading)]
    return Memory(count, *(round(size, 1) for those in sizes for size in those))


def _resident(pid: int | None) -> float:
    """MiB of a process in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 2**20
