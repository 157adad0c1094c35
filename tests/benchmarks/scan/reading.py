"""Pages read: characters right and time a page, on papers as they are, worn, and after the whole way of a picture."""

from __future__ import annotations

import queue
import re
import time
from collections.abc import Callable, Iterator, Sequence

import cv2
import msgspec
import numpy as np
from rapidocr import RapidOCR

from drivers.imaging.geometry import Image, as_image
from drivers.scenes import cards, documents
from drivers.scenes.compose import PAPERS, Draw
from kiosk.ocr.client import PageReader
from kiosk.ocr.engine import Engine
from kiosk.ocr.model import PageClass, PageRead, Reading
from tests.benchmarks.scan.characters import plain, right
from tests.benchmarks.scan.score import percentile, share

Read = Callable[[Image], list[str]]
"""Reads a picture (BGR); lines in reading order."""

_PAPERS: tuple[tuple[str, Draw], ...] = (
    ("lease", lambda random, dpi: documents.lease(random, dpi, sealed=False)),
    ("judgment", lambda random, dpi: documents.judgment(random, dpi, sealed=False)),
    ("statement", documents.statement),
    ("fee notice", documents.fee_notice),
    ("licence", cards.licence),
    ("identity card", cards.identity_front),
)
_SMALL = ("identity card",)  # are taken more finely
_SEED = 4107


class PagesRead(msgspec.Struct, frozen=True):
    """One engine on one kind of picture: percent of characters right over all pages, ms a page."""

    engine: str
    pictures: str
    pages: int
    characters: int
    right: float
    p50: float | None
    cpu_p50: float | None


def worn(page: Image, random: np.random.Generator) -> Image:
    """A page as a poor copy shows it: soft, noisy, unevenly lit, half a degree askew, hard JPEG."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 0.5, 1.0)
    soft = cv2.GaussianBlur(cv2.warpAffine(page, turn, (width, height), borderValue=(245, 245, 245)), (0, 0), 1.1)
    light = np.linspace(1.0, 0.68, width, dtype=np.float32)[None, :, None]
    noisy = soft * light + random.standard_normal(soft.shape, dtype=np.float32) * 9
    coded = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 45])[1]
    decoded = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    if decoded is None:
        raise ValueError("a JPEG of our own that cannot be read")
    return as_image(decoded)


def pictures(dpi: float, *, degraded: bool) -> Iterator[tuple[Image, tuple[str, ...]]]:
    """The papers without seals and signatures, whose every character counts, and their lines."""
    for number, (name, draw) in enumerate(_PAPERS):
        random = np.random.default_rng([_SEED, number])
        paper = draw(random, dpi * 1.5 if name in _SMALL else dpi)
        yield (worn(paper.image, random) if degraded else paper.image), paper.lines


def rapidocr_alone() -> Read:
    """RapidOCR as its package comes, nothing before or after it."""
    engine = RapidOCR(params={"Global.log_level": "critical"})
    return lambda picture: list(getattr(engine(picture), "txts", None) or ())


def ours() -> Read:
    """The project's engine, in this process."""
    engine = Engine()
    return lambda picture: [line.text for line in engine.read(picture).lines]


def measure(engines: dict[str, Read], dpi: float) -> list[PagesRead]:
    """Every engine on clean and on worn papers."""
    rows = []
    for degraded in (False, True):
        given = list(pictures(dpi, degraded=degraded))
        for name, read in engines.items():
            rows.append(_row(name, f"{'worn' if degraded else 'clean'}, {dpi:.0f} dpi", read, given))
    return rows


def _row(name: str, kind: str, read: Read, given: Sequence[tuple[Image, tuple[str, ...]]]) -> PagesRead:
    good = wanted = 0
    clock: list[float] = []
    processor: list[float] = []
    for picture, lines in given:
        begin, used = time.perf_counter(), time.process_time()
        text = read(picture)
        clock.append((time.perf_counter() - begin) * 1000)
        processor.append((time.process_time() - used) * 1000)
        one, all_of_it = right(text, lines)
        good += one
        wanted += all_of_it
    return PagesRead(
        name, kind, len(given), wanted, round(100 * good / wanted, 2), percentile(clock, 50), percentile(processor, 50)
    )


class FieldsRead(msgspec.Struct, frozen=True):
    """Fields of identity cards and licences that were proposed exactly as they stand there, and proposals that stand
    nowhere on the paper; `right_kind` is percent of the papers whose kind was told."""

    pictures: str
    papers: int
    fields: int
    exact: float | None
    checked_but_wrong: int
    right_kind: float | None


_KINDS = {
    "identity_front": PageClass.IDENTITY_CARD,
    "identity_back": PageClass.IDENTITY_CARD,
    "licence": PageClass.BUSINESS_LICENCE,
}


def fields(count: int, dpi: float = 300) -> list[FieldsRead]:
    """Read `count` of each paper, clean and worn."""
    rows = []
    done: queue.SimpleQueue[Reading] = queue.SimpleQueue()
    reader = PageReader()
    reader.start()
    try:
        for degraded in (False, True):
            exact: list[bool] = []
            kinds: list[bool] = []
            wrong = 0
            for name, kind in _KINDS.items():
                for number in range(count):
                    random = np.random.default_rng([_SEED, 100 + number])
                    paper = PAPERS[name](random, dpi)
                    picture = worn(paper.image, random) if degraded else paper.image
                    reader.read(cv2.imencode(".png", picture)[1].tobytes(), done.put)
                    reading = done.get(timeout=120)
                    proposals = reading.proposals if isinstance(reading, PageRead) else ()
                    kinds.append(isinstance(reading, PageRead) and reading.paper.kind is kind)
                    proposed = {normal(one.value) for one in proposals}
                    exact += [normal(value) in proposed for value in paper.fields.values()]
                    true = {normal(value) for value in paper.fields.values()}
                    wrong += sum(one.checked and normal(one.value) not in true for one in proposals)
            label = f"{'worn' if degraded else 'clean'}, {dpi:.0f} dpi"
            rows.append(FieldsRead(label, len(kinds), len(exact), share(exact), wrong, share(kinds)))
    finally:
        reader.stop()
    return rows


def normal(value: str) -> str:
    """A value without what papers write differently: width of characters, spaces, commas in sums, days."""
    text = plain([value]).replace(",", "")
    day = _DAY.fullmatch(text)
    return f"{int(day[1]):04}-{int(day[2]):02}-{int(day[3]):02}" if day else text


_DAY = re.compile("([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
