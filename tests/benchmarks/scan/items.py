"""Several things in one photograph, cards and receipts on every desk: how often all are found, and nothing else; and of
photographs of one page or none, how often several are claimed."""

from __future__ import annotations

import time
from collections.abc import Sequence

import cv2
import msgspec
import numpy as np

from drivers.imaging.geometry import clockwise
from drivers.imaging.items import find_items
from tests.benchmarks.scan.score import overlap, percentile, share
from tests.benchmarks.scan.truth import Photo

LEAST_IOU = 0.90


class Counted(msgspec.Struct, frozen=True):
    """One photograph: how many things lie there, how many of them were found (IoU of at least 0.90), and how many more
    were told."""

    name: str
    there: int
    found: int
    extra: int
    ms: float


class Items(msgspec.Struct, frozen=True):
    """One set. Percent and milliseconds; `exact` is the share of photographs with several things in which all were
    found and nothing else, `claimed` that of the others in which several were told."""

    photos: int
    things: int
    found: float | None
    exact: float | None
    extra: int
    claimed: float | None
    p50: float | None
    p95: float | None
    results: list[Counted]


def measure(photos: Sequence[Photo], longest: int | None, threads: int) -> Items:
    """Look at every photograph once, after one that pays for what is loaded late."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(threads)
    try:
        find_items(photos[0].picture(longest)[0])
        results = [_counted(photo, longest) for photo in photos]
    finally:
        cv2.setNumThreads(before)
    several = [one for one in results if one.there > 1]
    others = [one for one in results if one.there < 2]
    times = [one.ms for one in results]
    found = sum(one.found for one in several)
    things = sum(one.there for one in several)
    return Items(
        len(photos),
        things,
        round(100 * found / things, 1) if things else None,
        share([one.found == one.there and not one.extra for one in several]),
        sum(one.extra for one in several),
        share([one.found + one.extra > 1 for one in others]),
        percentile(times, 50),
        percentile(times, 95),
        results,
    )


def _counted(photo: Photo, longest: int | None) -> Counted:
    picture, one = photo.picture(longest)
    ratio = np.array(picture.shape[1::-1]) / np.array(photo.truth.wh)
    true = [np.asarray(item.corners) * ratio for item in photo.truth.items] or ([one] if one is not None else [])
    begin = time.perf_counter()
    found = [page.corners for page in find_items(picture)]
    ms = (time.perf_counter() - begin) * 1000
    hit = [max((overlap(quad, clockwise(place)) for quad in found), default=0.0) >= LEAST_IOU for place in true]
    right = [max((overlap(quad, clockwise(place)) for place in true), default=0.0) >= LEAST_IOU for quad in found]
    return Counted(photo.name, len(true), sum(hit), right.count(False), round(ms, 3))
