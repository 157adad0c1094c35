"""Which way up pages are, by their lines and by their words: many papers of many kinds, turned every way, without the
rest of their cleaning."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import msgspec
import numpy as np

from drivers.imaging.geometry import Image, as_image
from drivers.scenes.compose import PAPERS
from drivers.scenes.sheet import Paper, Random
from kiosk.ocr.engine import Engine
from kiosk.ocr.upright import which_way
from kiosk.pages.clean import laid
from kiosk.pages.model import PageHints, Turn
from tests.benchmarks.scan import report
from tests.benchmarks.scan.score import percentile, share
from tests.benchmarks.scan.sparse import SPARSE

KINDS = {name: draw for name, draw in PAPERS.items() if name != "blank"} | SPARSE
TURNS = (Turn.UPRIGHT, Turn.LEFT, Turn.UPSIDE_DOWN, Turn.RIGHT)
"""By quarter turns counterclockwise."""

_SEED = 6120
_DPI, _CARD_DPI = 150.0, 320.0


class UprightPages(msgspec.Struct, frozen=True):
    """Pages of one kind, of all kinds last: percent told right by their lines, by lines or words, not told, and told
    wrongly; milliseconds of the processor to read the lines of a page that had to be read."""

    paper: str
    pages: int
    by_lines: float | None
    right: float | None
    untold: float | None
    wrong: int
    reading_p50: float | None
    reading_p95: float | None


@dataclass(frozen=True)
class _Told:
    paper: str
    number: int
    true: Turn
    by_lines: Turn
    told: Turn
    ms: float | None


def seen(paper: Paper, random: Random, quarters: int) -> Image:
    """A paper that lies turned and a little askew, sharp or soft, evenly lit or not, as camera or scanner see it."""
    page = as_image(np.ascontiguousarray(np.rot90(paper.image, quarters)))
    height, width = page.shape[:2]
    askew = cv2.getRotationMatrix2D((width / 2, height / 2), float(random.normal(0, 0.6)), 1.0)
    soft = cv2.warpAffine(page, askew, (width, height), borderMode=cv2.BORDER_REPLICATE)
    soft = cv2.GaussianBlur(soft, (0, 0), random.uniform(0.4, 1.3)).astype(np.float32)
    lamp = np.linspace(1.0, random.uniform(0.6, 1.0), width, dtype=np.float32)[None, :, None]
    noisy = soft * lamp + random.standard_normal((height, width, 1), dtype=np.float32) * random.uniform(1, 8)
    quality = int(random.integers(50, 92))
    coded = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    decoded = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    if decoded is None:
        raise ValueError("a JPEG of our own that cannot be read")
    return as_image(decoded)


def pages(count: int, kinds: Sequence[str] = tuple(KINDS)) -> Iterator[tuple[str, int, int, Image]]:
    """So many pages: their kind, number, quarter turns, and how they are seen."""
    for number in range(count):
        name, quarters = kinds[number % len(kinds)], number // len(kinds) % 4
        random = np.random.default_rng([_SEED, number])
        paper = KINDS[name](random, _CARD_DPI if name.startswith("identity") else _DPI)
        yield name, number, quarters, seen(paper, random, quarters)


def measure(count: int) -> list[UprightPages]:
    """Tell which way up `count` pages lie; which are told wrongly is said at once."""
    cv2.setNumThreads(1)
    engine = Engine()
    engine.warm()
    told = []
    for page in pages(count):
        one = _tell(engine, *page)
        told.append(one)
        if one.told not in (one.true, Turn.UNKNOWN):
            report.say(f"{one.paper} {one.number} lies {one.true}: told {one.told}, by its lines {one.by_lines}")
    rows = [_row(name, [one for one in told if one.paper == name]) for name in KINDS]
    return [*rows, _row("all", told)]


def _tell(engine: Engine, name: str, number: int, quarters: int, picture: Image) -> _Told:
    page = laid(picture, PageHints())
    by_lines, strips = page.judged.turn, page.strips()
    turn, spent = by_lines, None
    if strips is not None:
        begin = time.process_time()
        seems = which_way(strips, engine.read_lines)
        turn = by_lines if seems is Turn.UNKNOWN else seems
        spent = (time.process_time() - begin) * 1000
    return _Told(name, number, TURNS[quarters], by_lines, turn, spent)


def _row(name: str, told: Sequence[_Told]) -> UprightPages:
    times = [one.ms for one in told if one.ms is not None]
    return UprightPages(
        name,
        len(told),
        share([one.ms is None and one.by_lines is one.true for one in told]),
        share([one.told is one.true for one in told]),
        share([one.told is Turn.UNKNOWN for one in told]),
        sum(one.told not in (one.true, Turn.UNKNOWN) for one in told),
        percentile(times, 50),
        percentile(times, 95),
    )
