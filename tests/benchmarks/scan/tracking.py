"""Sequences: is the page followed, let go of when it is taken away, and what does a followed frame cost?"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from tests.benchmarks.scan.corners import memory
from tests.benchmarks.scan.methods import OURS, Method, raw_picture
from tests.benchmarks.scan.score import Scored, median_error, percentile, scored, share
from tests.benchmarks.scan.truth import Photo


class Followed(msgspec.Struct, frozen=True):
    """Frames of sequences at a preview's width. Shares in percent: of frames with a whole page `iou90`, of frames
    without one `false`; times over all frames and over those right after a frame in which the page was found too."""

    frames: int
    iou90: float | None
    error: float | None
    false: float | None
    p50: float | None
    p95: float | None
    tracked_p50: float | None
    tracked_p95: float | None
    tracked_cpu_p50: float | None


def follow(command: list[str], photos: Sequence[Photo], *, width: int) -> Followed:
    """Show every sequence, frame after frame, to a fresh process."""
    whole: list[Scored] = []
    none: list[Scored] = []
    times: list[float] = []
    tracked: list[float] = []
    processor: list[float] = []
    for _, frames in groupby(photos, key=lambda photo: photo.name.partition("/")[0]):
        before = False
        with tempfile.TemporaryDirectory(dir=memory()) as scratch, Method(OURS, command) as running:
            for photo in frames:
                picture, true = photo.picture(width)
                with raw_picture(picture, Path(scratch)) as task:
                    answer = running.ask(msgspec.structs.replace(task, track=True, threads=1))
                one = scored(photo.name, answer, true, (picture.shape[1], picture.shape[0]))
                (whole if true is not None and not photo.truth.clipped else none).append(one)
                times.append(one.ms)
                if before and one.found:
                    tracked.append(one.ms)
                    processor.append(one.cpu_ms)
                before = one.found
    return Followed(
        len(times),
        share([(one.iou or 0.0) >= 0.90 for one in whole]),
        median_error(whole),
        share([one.found for one in none]),
        percentile(times, 50),
        percentile(times, 95),
        percentile(tracked, 50),
        percentile(tracked, 95),
        percentile(processor, 50),
    )
