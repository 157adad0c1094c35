"""The way of a 13-megapixel picture: decoded, its page found and laid flat, cleaned, coded, and what it is then."""

from __future__ import annotations

import queue
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cv2
import msgspec
import numpy as np

from drivers.document_camera.picture import PAGE_QUALITY, cut_out, decode, encode
from kiosk.ocr.client import PageReader
from kiosk.ocr.model import PageRead, Reading
from kiosk.pages.client import PageWorker
from kiosk.pages.model import CleanedPage, Outcome, PageHints, PageKind, PageUnusable, StoredPage, Turn, WayStrips
from kiosk.pages.view import shown
from tests.benchmarks.scan.characters import right
from tests.benchmarks.scan.register import split, turned_by
from tests.benchmarks.scan.score import percentile, share
from tests.benchmarks.scan.truth import Photo

_DEADLINE = 60.0


class Step(msgspec.Struct, frozen=True):
    """One picture's way. Times in ms, `camera` in the camera's process, `pages` in the page worker and back, `way` for
    telling by reading which way up it is and turning it, where its lines do not tell, `read` in the reading process
    and back; `right` of `characters` were read right (a seal's own text counts as wrong)."""

    name: str
    camera_ms: float
    pages_ms: float
    way_ms: float
    read_ms: float
    read: bool
    right: int
    characters: int
    camera_cpu_ms: float
    kind: str
    bytes: int
    skew: float | None
    quarters: int | None
    by_lines: bool
    unknown: bool


class Way(msgspec.Struct, frozen=True):
    """All pictures' way. `skew` is what is left of it in degrees, absolute; `upright`, `unknown` and `wrong` are shares
    in percent of the pages that could be compared with their paper, `by_lines` those whose way up needed no reading;
    bytes are medians, `_most` the largest."""

    pictures: int
    unusable: int
    total_p50: float | None
    total_p95: float | None
    with_ocr_p50: float | None
    with_ocr_p95: float | None
    unread: int
    characters_right: float | None
    camera_p50: float | None
    pages_p50: float | None
    camera_cpu_p50: float | None
    pages_cpu_mean: float | None
    text_bytes: int | None
    text_most: int | None
    sealed_bytes: int | None
    sealed_most: int | None
    picture_bytes: int | None
    compared: int
    skew_p50: float | None
    skew_p95: float | None
    skew_most: float | None
    upright: float | None
    by_lines: float | None
    unknown: float | None
    wrong: float | None
    steps: list[Step]


class Cleaner:
    """The page worker, asked one page at a time."""

    def __init__(self) -> None:
        self.worker = PageWorker(page_seconds=_DEADLINE)
        self._done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()

    def clean(self, jpeg: bytes, *, straight: bool, seems: Turn | None = None) -> CleanedPage | None:
        """The page, or None where it is unusable."""
        self.worker.clean(jpeg, PageHints(straight=straight, seems=seems), self._done.put)
        match self._done.get(timeout=3 * _DEADLINE):
            case CleanedPage() as page:
                return page
            case PageUnusable():
                return None

    def processor_ms(self) -> float:
        """What the worker's threads have used so far (Linux, proc(5): fields 14 and 15, hundredths of a second)."""
        fields = Path(f"/proc/{self.worker.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 10.0


@contextmanager
def cleaner() -> Iterator[Cleaner]:
    """A page worker that has started."""
    one = Cleaner()
    one.worker.start()
    try:
        yield one
    finally:
        one.worker.stop()


class TextReader:
    """The reading process, asked one page at a time."""

    def __init__(self) -> None:
        self.reader = PageReader()
        self._done: queue.SimpleQueue[Reading] = queue.SimpleQueue()
        self._told: queue.SimpleQueue[Turn] = queue.SimpleQueue()

    def read(self, page: StoredPage) -> list[str] | None:
        """The lines of a page, or None where it could not be read."""
        self.reader.read(page, self._done.put)
        reading = self._done.get(timeout=3 * _DEADLINE)
        return [line.text for line in reading.text.lines] if isinstance(reading, PageRead) else None

    def tell_way(self, strips: WayStrips) -> Turn:
        """How a page lies as the words of some of its lines tell."""
        self.reader.tell_way(strips, self._told.put)
        return self._told.get(timeout=3 * _DEADLINE)


@contextmanager
def text_reader() -> Iterator[TextReader]:
    """A reading process that has started."""
    one = TextReader()
    one.reader.start()
    try:
        yield one
    finally:
        one.reader.stop()


def straight_page(jpeg: bytes) -> tuple[bytes, bool]:
    """What the camera makes of a picture: the page as JPEG, and whether one was found."""
    page = cut_out(decode(jpeg))
    return encode(page.image, PAGE_QUALITY), page.corners is not None


def stored_bytes(page: StoredPage) -> int:
    """What a page adds to the volume."""
    return len(page.ink) + len(page.background) + len(page.ink_colour)


def measure(photos: Sequence[Photo]) -> Way:
    """Send every photograph the whole way."""
    steps: list[Step] = []
    with cleaner() as pages, text_reader() as reader:
        first = straight_page(photos[0].path.read_bytes())
        warm = pages.clean(first[0], straight=first[1])
        if warm is not None:
            reader.read(warm.page)
        used = pages.processor_ms()
        for photo in photos:
            step = _step(photo, pages, reader)
            if step is not None:
                steps.append(step)
        used = (pages.processor_ms() - used) / len(photos)
    sizes = {kind: [step.bytes for step in steps if step.kind == kind] for kind in PageKind}
    skews = [abs(step.skew) for step in steps if step.skew is not None]
    compared = [step for step in steps if step.quarters is not None]
    right = [step for step in compared if not step.unknown]
    return Way(
        pictures=len(photos),
        unusable=len(photos) - len(steps),
        total_p50=percentile([step.camera_ms + step.pages_ms + step.way_ms for step in steps], 50),
        total_p95=percentile([step.camera_ms + step.pages_ms + step.way_ms for step in steps], 95),
        with_ocr_p50=percentile([step.camera_ms + step.pages_ms + step.way_ms + step.read_ms for step in steps], 50),
        with_ocr_p95=percentile([step.camera_ms + step.pages_ms + step.way_ms + step.read_ms for step in steps], 95),
        unread=sum(not step.read for step in steps),
        characters_right=_percent(sum(step.right for step in steps), sum(step.characters for step in steps)),
        camera_p50=percentile([step.camera_ms for step in steps], 50),
        pages_p50=percentile([step.pages_ms for step in steps], 50),
        camera_cpu_p50=percentile([step.camera_cpu_ms for step in steps], 50),
        pages_cpu_mean=round(used, 1),
        text_bytes=_median(sizes[PageKind.TEXT]),
        text_most=max(sizes[PageKind.TEXT], default=None),
        sealed_bytes=_median(sizes[PageKind.SEALED]),
        sealed_most=max(sizes[PageKind.SEALED], default=None),
        picture_bytes=_median(sizes[PageKind.PICTURE]),
        compared=len(compared),
        skew_p50=percentile(skews, 50),
        skew_p95=percentile(skews, 95),
        skew_most=percentile(skews, 100),
        upright=share([not step.unknown and step.quarters == 0 for step in compared]),
        by_lines=share([step.by_lines for step in compared]),
        unknown=share([step.unknown for step in compared]),
        wrong=share([step.quarters != 0 for step in right]),
        steps=steps,
    )


def _step(photo: Photo, pages: Cleaner, reader: TextReader) -> Step | None:
    jpeg = photo.path.read_bytes()
    begin, used = time.perf_counter(), time.process_time()
    straight, found = straight_page(jpeg)
    middle, used = time.perf_counter(), time.process_time() - used
    cleaned = pages.clean(straight, straight=found)
    end = time.perf_counter()
    if cleaned is None:
        return None
    by_lines = cleaned.strips is None
    if cleaned.strips is not None:
        seems = reader.tell_way(cleaned.strips)
        if seems is Turn.UPRIGHT and cleaned.page.turned is Turn.UNKNOWN:
            cleaned = msgspec.structs.replace(cleaned, page=msgspec.structs.replace(cleaned.page, turned=seems))
        elif seems not in {Turn.UNKNOWN, cleaned.page.turned}:
            cleaned = pages.clean(straight, straight=found, seems=seems) or cleaned
    upright = time.perf_counter()
    lines = reader.read(cleaned.page)
    last = time.perf_counter()
    good, wanted = right(lines or (), photo.truth.text)
    angle = None
    if found and photo.truth.reference:
        reference = cv2.imread(str(photo.path.parent / photo.truth.reference), cv2.IMREAD_GRAYSCALE)
        page = cv2.cvtColor(shown(cleaned.page, 1300), cv2.COLOR_RGB2GRAY)
        angle = turned_by(np.asarray(page, np.uint8), np.asarray(reference, np.uint8))
    quarters, left = split(angle) if angle is not None else (None, None)
    return Step(
        photo.name,
        round((middle - begin) * 1000, 1),
        round((end - middle) * 1000, 1),
        round((upright - end) * 1000, 1),
        round((last - upright) * 1000, 1),
        lines is not None,
        good,
        wanted,
        round(used * 1000, 1),
        cleaned.page.kind,
        stored_bytes(cleaned.page),
        None if left is None else round(left, 4),
        quarters,
        by_lines,
        cleaned.page.turned is Turn.UNKNOWN,
    )


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


def _median(sizes: Sequence[int]) -> int | None:
    return round(statistics.median(sizes)) if sizes else None
