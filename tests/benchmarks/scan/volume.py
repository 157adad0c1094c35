"""A long feeder run: the pages that the window would keep, handed to a process that keeps them and makes the volume."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence

import msgspec
import numpy as np
from PIL import Image

from drivers.scenes import documents
from drivers.scenes.sheet import Paper
from kiosk.ocr.model import PageText, TextLine
from kiosk.pages.model import PageKind, StoredPage
from tests.benchmarks.scan.volume_process import Held, Order, Sample
from tests.benchmarks.scan.way import Cleaner, cleaner, stored_bytes

_DPI = 300
_DRAWN = (documents.lease, documents.judgment, documents.statement, documents.iou, documents.transfer)
_DEADLINE = 900.0


class VolumeRun(msgspec.Struct, frozen=True):
    """One run: means of what a page takes by its kind, and what the process that held them all says of itself."""

    text_bytes: int | None
    sealed_bytes: int | None
    held: Held


def measure(count: int, limit: int) -> VolumeRun:
    """`count` pages of evidence with their text, in parts of at most `limit` bytes.

    The pages go through the page worker once; the run repeats them as often as it takes. Raises ValueError where one
    becomes no page.
    """
    with cleaner() as pages:
        samples = [_sample(pages, draw(np.random.default_rng(seed), _DPI)) for seed, draw in enumerate(_DRAWN * 2)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.scan.volume_process"],
        input=msgspec.msgpack.encode(Order(count, limit, tuple(samples))),
        stdout=subprocess.PIPE,
        timeout=_DEADLINE,
        check=True,
    )
    return VolumeRun(
        _mean(samples, PageKind.TEXT), _mean(samples, PageKind.SEALED), msgspec.json.decode(done.stdout, type=Held)
    )


def _sample(pages: Cleaner, paper: Paper) -> Sample:
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(paper.image[..., ::-1])).save(out, "JPEG", quality=90)
    cleaned = pages.clean(out.getvalue(), straight=True)
    if cleaned is None:
        raise ValueError(f"{paper.name} became no page")
    return Sample(cleaned.page, _as_read(paper, cleaned.page))


def _as_read(paper: Paper, page: StoredPage) -> PageText:
    """The paper's lines evenly down the page: as much text as would be read."""
    height = page.height * 0.9 / max(1, len(paper.lines))
    left, right = page.width * 0.1, page.width * 0.9
    lines = []
    for number, line in enumerate(paper.lines):
        top = page.height * 0.05 + number * height
        quad = ((left, top), (right, top), (right, top + height * 0.7), (left, top + height * 0.7))
        lines.append(TextLine(line, quad, 0.99))
    return PageText(page.width, page.height, tuple(lines))


def _mean(samples: Sequence[Sample], kind: PageKind) -> int | None:
    sizes = [stored_bytes(sample.page) for sample in samples if sample.page.kind is kind]
    return sum(sizes) // len(sizes) if sizes else None
