"""How large the paper is that a picture shows."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kiosk.pages.model import PageHints, Paper
from kiosk.pages.pixels import PAGE_DPI
from kiosk.pages.sizes import SAME_LENGTH, SAME_PROPORTION, SIZES, SLIP_PROPORTION, SLIP_WIDTH

_RESOLUTIONS = (72.0, 1300.0)  # a scanner that claims others is not believed
_ANOTHER_SIZE = 1.2  # times as long or as short; from one size of ISO 216 to the next it is 1.41
_MOST_PIXELS = 40_000_000


@dataclass(frozen=True)
class Sheet:
    """A paper and its size in pixels at PAGE_DPI, as it lies in the picture."""

    paper: Paper
    width: int
    height: int


def sheet_of(width: int, height: int, hints: PageHints) -> Sheet:
    """The paper behind a picture of `width` × `height` pixels. Where the resolution is known its lengths count, else
    its proportion, and of papers that have the same the one nearest to its size; where nothing is known of that, √2 is
    A4 until somebody says A5."""
    dpi = hints.dpi
    if dpi is not None and _RESOLUTIONS[0] <= dpi <= _RESOLUTIONS[1]:
        across, down = width / dpi * 25.4, height / dpi * 25.4
        paper = hints.paper or _by_lengths(min(across, down), max(across, down))
    else:
        about = hints.about_dpi if hints.straight else None
        about_mm = max(width, height) / about * 25.4 if about and _RESOLUTIONS[0] <= about <= _RESOLUTIONS[1] else None
        paper = hints.paper or (_by_proportion(width, height, about_mm) if hints.straight else Paper.FREE)
        across, down = _lengths(paper, width, height, about_mm)
    scale = PAGE_DPI / 25.4
    scale *= min(1.0, math.sqrt(_MOST_PIXELS / max(1.0, across * down * scale * scale)))
    return Sheet(paper, max(1, round(across * scale)), max(1, round(down * scale)))


def _by_lengths(shorter: float, longer: float) -> Paper:
    for paper, (short, long) in SIZES.items():
        if abs(shorter / short - 1) < SAME_LENGTH and abs(longer / long - 1) < SAME_LENGTH:
            return paper
    return Paper.SLIP if longer > SLIP_PROPORTION * shorter else Paper.FREE


def _by_proportion(width: int, height: int, about_mm: float | None) -> Paper:
    """The paper; `about_mm` is how long it is, to about a tenth."""
    proportion = max(width, height) / min(width, height)
    alike = [paper for paper, (short, long) in SIZES.items() if abs(proportion * short / long - 1) < SAME_PROPORTION]
    if about_mm is not None:
        alike.sort(key=lambda paper: _times(about_mm, SIZES[paper][1]))
        alike = [paper for paper in alike if _times(about_mm, SIZES[paper][1]) < _ANOTHER_SIZE]
    if alike:
        return alike[0]
    return Paper.SLIP if proportion > SLIP_PROPORTION else Paper.FREE


def _times(one: float, other: float) -> float:
    return max(one, other) / min(one, other)


def _lengths(paper: Paper, width: int, height: int, about_mm: float | None) -> tuple[float, float]:
    shorter, longer = min(width, height), max(width, height)
    match paper:
        case Paper.A4 | Paper.A5 | Paper.ID_1:
            short, long = SIZES[paper]
        case Paper.SLIP:
            short, long = SLIP_WIDTH, SLIP_WIDTH * longer / shorter
        case Paper.FREE if about_mm is not None and about_mm < SIZES[Paper.A4][1]:
            short, long = about_mm * shorter / longer, about_mm
        case Paper.FREE:
            short, long = SIZES[Paper.A4]
            short, long = (
                (short, short * longer / shorter)
                if longer / shorter < long / short
                else (
                    long * shorter / longer,
                    long,
                )
            )
    return (short, long) if width <= height else (long, short)
