"""What a confidence is worth: of the pages told with one, how many are right?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec

from tests.benchmarks.scan.corners import Options
from tests.benchmarks.scan.corners import measure as found
from tests.benchmarks.scan.methods import OURS
from tests.benchmarks.scan.score import share
from tests.benchmarks.scan.truth import Photo

BANDS = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)
SIZES = (1920, 960, 480)
"""Pixels of the longer side: small copies bring uncertain pages."""

RIGHT = 0.90
"""Overlap (IoU) with the paper from which on a page is right."""


class Band(msgspec.Struct, frozen=True):
    """Pages told with a confidence from `least` on, below the next band's: how many, with which confidence in the mean,
    and how many of them are right (both in percent). A page where there is none, or one that is cut off, is wrong."""

    least: float
    pages: int
    confidence: float | None
    right: float | None


def measure(command: list[str], sets: Mapping[str, Sequence[Photo]]) -> list[Band]:
    """Look at every photograph of every set in every size."""
    told: list[tuple[float, bool]] = []
    for photos in sets.values():
        for size in SIZES:
            results = found(OURS, command, photos, Options(longest=size)).results
            for photo, one in zip(photos, results, strict=True):
                if one.confidence is not None:
                    told.append((one.confidence, not photo.truth.clipped and (one.iou or 0.0) >= RIGHT))
    return bands(told)


def bands(told: Sequence[tuple[float, bool]]) -> list[Band]:
    """The reliability table of confidences and whether each was right; empty bands are left out."""
    rows = []
    for least, below in pairwise(BANDS):
        here = [(sure, right) for sure, right in told if least <= sure < below]
        if here:
            mean = round(100 * sum(sure for sure, _ in here) / len(here), 1)
            rows.append(Band(least, len(here), mean, share([right for _, right in here])))
    return rows
