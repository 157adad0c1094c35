"""The gates: how often each flaw is told where it is, and where it is not, live and on the page as taken."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import cv2
import msgspec
import numpy as np

from drivers.api.records import FlawKind
from drivers.imaging import quality
from drivers.imaging.geometry import Image, Quad, as_image, warp
from tests.benchmarks.scan.flaw_scenes import RAISING, Scene, again, good
from tests.benchmarks.scan.score import percentile, share

PREVIEW = 960
FIRST_SEED = 50_000
"""Thresholds were chosen on other seeds."""

_CORNERS_OFF = 1.0  # pixels at 1080p: as found corners are


class FlawRow(msgspec.Struct, frozen=True):
    """One flaw. Percent of the pictures that show it in which it is told, live and of the page as taken, and of the
    good pictures in which it is told falsely; `others` is percent of its pictures in which another flaw is told, too
    (live)."""

    flaw: str
    pictures: int
    told_live: float | None
    told_on_page: float | None
    false_live: float | None
    false_on_page: float | None
    others: float | None


class GateTimes(msgspec.Struct, frozen=True):
    """Processor milliseconds of all gates together."""

    live_p50: float | None
    live_p95: float | None
    page_p50: float | None
    page_p95: float | None


class _Told(msgspec.Struct):
    live: list[frozenset[FlawKind]] = msgspec.field(default_factory=list)
    page: list[frozenset[FlawKind]] = msgspec.field(default_factory=list)


def measure(count: int) -> tuple[list[FlawRow], GateTimes]:
    """`count` pictures of each flaw and three times as many good ones. Raises PapersError."""
    times: dict[str, list[float]] = {"live": [], "page": []}
    fine = _tell(good, range(3 * count), times)
    rows = []
    for kind, draw in RAISING.items():
        told = _tell(draw, range(count), times)
        rows.append(_row(kind, told, fine))
    rows.append(_same(count // 2, times))
    return rows, GateTimes(*(percentile(times[where], percent) for where in times for percent in (50, 95)))


def _row(kind: FlawKind, told: _Told, fine: _Told) -> FlawRow:
    return FlawRow(
        kind.value,
        len(told.live),
        share([kind in kinds for kinds in told.live]),
        share([kind in kinds for kinds in told.page]),
        share([kind in kinds for kinds in fine.live]),
        share([kind in kinds for kinds in fine.page]),
        share([bool(kinds - {kind}) for kinds in told.live]),
    )


def _tell(draw: Callable[[np.random.Generator], Scene], seeds: Sequence[int], times: dict[str, list[float]]) -> _Told:
    told = _Told()
    for seed in seeds:
        scene = draw(np.random.default_rng([FIRST_SEED, seed]))
        live, page = _judged(scene, times, ())
        told.live.append(frozenset(flaw.kind for flaw in live.flaws))
        told.page.append(frozenset(flaw.kind for flaw in page.flaws))
    return told


def _same(pairs: int, times: dict[str, list[float]]) -> FlawRow:
    """Every paper photographed twice, against itself and against all the others."""
    firsts = [good(np.random.default_rng([FIRST_SEED + 1, seed])) for seed in range(pairs)]
    hashes = tuple(_judged(scene, times, ())[0].hashes[0] for scene in firsts)
    said = dict.fromkeys(("same live", "same page", "false live", "false page"), 0)
    for seed, first in enumerate(firsts):
        second = again(np.random.default_rng([FIRST_SEED + 2, seed]), first)
        others = hashes[:seed] + hashes[seed + 1 :]
        for earlier, which in ((hashes[seed : seed + 1], "same"), (others, "false")):
            for where, judged in zip(("live", "page"), _judged(second, times, earlier), strict=True):
                said[f"{which} {where}"] += FlawKind.SAME in {flaw.kind for flaw in judged.flaws}
    percent = {name: round(100 * count / max(1, pairs), 1) for name, count in said.items()}
    return FlawRow(
        FlawKind.SAME.value,
        pairs,
        percent["same live"],
        percent["same page"],
        percent["false live"],
        percent["false page"],
        None,
    )


def _judged(
    scene: Scene, times: dict[str, list[float]], earlier: tuple[bytes, ...]
) -> tuple[quality.Judged, quality.Judged]:
    scale = PREVIEW / scene.picture.shape[1]
    small = as_image(cv2.resize(scene.picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    quad: Quad = scene.corners + np.random.default_rng(7).normal(scale=_CORNERS_OFF, size=(4, 2))
    begin = time.process_time()
    live = quality.look_at_frame(small, quad * scale, finer=1 / scale, earlier=earlier)
    times["live"].append((time.process_time() - begin) * 1000)
    flat: Image = warp(scene.picture, quad)
    begin = time.process_time()
    page = quality.look_at_page(scene.picture, quad, flat, earlier=earlier)
    times["page"].append((time.process_time() - begin) * 1000)
    return live, page
