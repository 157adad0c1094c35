"""Pages found by every method on every set: share found, corner errors, false pages, times."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.benchmarks.scan.methods import Method, raw_picture
from tests.benchmarks.scan.score import Scored, median_error, percentile, scored, share
from tests.benchmarks.scan.truth import Photo

LONGEST = 1920
"""Photographs are shrunk to a camera's frame; the set `large` is measured as it is."""


class Row(msgspec.Struct, frozen=True):
    """One method on one set. Percent, except `error` (percent of the diagonal, median over pages found) and times.

    `iou90` and `iou98` are shares of the photographs that show one whole page, `false` of those that show none,
    `silent` the share of clipped pages for which no whole page is claimed, `told` those of which it is said.
    """

    method: str
    photos: int
    iou90: float | None
    iou98: float | None
    error: float | None
    false: float | None
    silent: float | None
    told: float | None
    p50: float | None
    p95: float | None
    cpu_p50: float | None
    results: list[Scored]


class Options(msgspec.Struct, frozen=True):
    """How often each photograph is looked at, how large (None: as it is), and with how many of OpenCV's threads."""

    repeat: int = 1
    longest: int | None = LONGEST
    threads: int = 2


def measure(method: str, command: list[str], photos: Sequence[Photo], options: Options) -> Row:
    """Run one method over one set."""
    results: list[Scored] = []
    with tempfile.TemporaryDirectory(dir=memory()) as scratch, Method(method, command) as running:
        for number, photo in enumerate(photos):
            picture, true = photo.picture(options.longest)
            with raw_picture(picture, Path(scratch)) as task:
                asked = msgspec.structs.replace(task, repeat=options.repeat, threads=options.threads)
                if number == 0:
                    running.ask(asked)  # the first picture of a process pays for what is loaded late
                answer = running.ask(asked)
            size = (picture.shape[1], picture.shape[0])
            results.append(scored(photo.name, answer, true, size))
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{method} {number + 1}/{len(photos)} ")
    return row_of(method, photos, results)


def memory() -> Path | None:
    """A folder in memory for the pictures on their way, where there is one."""
    shared = Path("/dev/shm")  # noqa: S108 - a private folder is made below it
    return shared if shared.is_dir() else None


def row_of(method: str, photos: Sequence[Photo], results: Sequence[Scored]) -> Row:
    """The shares and times of a method's results."""
    pairs = list(zip(photos, results, strict=True))
    whole = [one for photo, one in pairs if photo.truth.corners is not None and not photo.truth.clipped]
    empty = [one for photo, one in pairs if photo.truth.corners is None and not photo.truth.items]
    cut = [one for photo, one in pairs if photo.truth.clipped]
    times = [one.ms for one in results]
    return Row(
        method,
        len(photos),
        share([(one.iou or 0.0) >= 0.90 for one in whole]),
        share([(one.iou or 0.0) >= 0.98 for one in whole]),
        median_error(whole),
        share([one.found for one in empty]),
        share([not one.found for one in cut]),
        share([one.clipped for one in cut]),
        percentile(times, 50),
        percentile(times, 95),
        percentile([one.cpu_ms for one in results], 50),
        list(results),
    )
