"""How well corners that were found fit the corners that are."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import cv2
import msgspec
import numpy as np

from drivers.imaging.geometry import Quad, area, clockwise


def overlap(found: Quad, true: Quad) -> float:
    """Intersection over union of two quadrilaterals, 0 to 1."""
    one, other = clockwise(found), clockwise(true)
    shared = cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))[0]
    whole = area(one) + area(other) - shared
    return float(shared / whole) if whole > 0 else 0.0


def corner_error(found: Quad, true: Quad, size: tuple[int, int]) -> float:
    """The largest distance of a corner from where it is, in percent of the picture's diagonal; whichever corner either
    side calls the first."""
    one, other = clockwise(found), clockwise(true)
    distances = [np.linalg.norm(np.roll(one, turn, axis=0) - other, axis=1).max() for turn in range(4)]
    return float(min(distances) / np.hypot(*size) * 100)


class Answer(msgspec.Struct, frozen=True):
    """What a method said of one picture: corners in its pixels or None, how long each of its runs took, on the clock
    and of the processor (all threads), whether it said that a page leaves the picture, and how sure it is of a page
    (0 to 1)."""

    corners: list[tuple[float, float]] | None
    ms: list[float]
    cpu_ms: list[float]
    clipped: bool = False
    confidence: float | None = None
    items: list[list[tuple[float, float]]] = msgspec.field(default_factory=list)


class Scored(msgspec.Struct, frozen=True):
    """One picture's result; `iou` and `error` are None where there is no one whole page or nothing was found."""

    name: str
    iou: float | None
    error: float | None
    found: bool
    clipped: bool
    ms: float
    cpu_ms: float
    confidence: float | None = None


def scored(name: str, answer: Answer, true: Quad | None, size: tuple[int, int]) -> Scored:
    """The result of one picture."""
    iou = error = None
    if answer.corners is not None and true is not None:
        quad = np.asarray(answer.corners, dtype=np.float64)
        iou, error = round(overlap(quad, true), 5), round(corner_error(quad, true, size), 5)
    return Scored(
        name,
        iou,
        error,
        answer.corners is not None,
        answer.clipped,
        round(min(answer.ms), 3),
        round(min(answer.cpu_ms), 3),
        answer.confidence,
    )


def share(values: Sequence[bool]) -> float | None:
    """Percent that are true; None of nothing."""
    return round(100 * sum(values) / len(values), 1) if values else None


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The value that `percent` of the values do not exceed; None of nothing."""
    return round(float(np.percentile(values, percent)), 3) if values else None


def median_error(results: Sequence[Scored], least: float = 0.90) -> float | None:
    """The median corner error over the pages found well enough to speak of corners."""
    errors = [one.error for one in results if one.error is not None and one.iou is not None and one.iou >= least]
    return round(statistics.median(errors), 4) if errors else None
