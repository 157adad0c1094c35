"""Charts as plain numbers, drawn as SVG by the templates: no script, and every figure is in a table as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from provisioning.hub.ratings.reports import Figures, Line

WIDTH, HEIGHT = 760, 240
LEFT, RIGHT, TOP, BOTTOM = 48, 16, 16, 36
BAR = 220


@dataclass(frozen=True, slots=True)
class Point:
    """One period of the trend, in the chart's own units. Without `y` its figures are held back or empty."""

    x: float
    label: str
    y: float | None = None
    low: float | None = None
    high: float | None = None
    percent: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """Shares of good grades with their intervals, and the path through neighbours that are both known."""

    points: tuple[Point, ...]
    path: str
    grid: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


def trend(lines: Sequence[tuple[str, Line]]) -> Trend:
    """The chart of `lines`, each with its label, oldest first."""
    room = (WIDTH - LEFT - RIGHT) / max(1, len(lines))
    points: list[Point] = []
    path: list[str] = []
    joined = False
    for number, (label, line) in enumerate(lines):
        x = round(LEFT + room * (number + 0.5), 1)
        share = line.figures.satisfaction if line.figures else None
        if share is None:
            points.append(Point(x, label))
            joined = False
            continue
        y = _height(share.share)
        points.append(Point(x, label, y, _height(share.low), _height(share.high), f"{share.share:.0%}"))
        path.append(f"{'L' if joined else 'M'}{x} {y}")
        joined = True
    grid = tuple((_height(part / 4), f"{part * 25}%") for part in range(5))
    return Trend(tuple(points), " ".join(path), grid)


@dataclass(frozen=True, slots=True)
class Slice:
    """One piece of a bar."""

    kind: str
    x: float
    width: float
    count: int


def bar(figures: Figures) -> tuple[Slice, ...]:
    """Good, middle, bad grades and what was not rated, as pieces of one bar of `BAR` units."""
    parts = {"good": figures.good, "middle": figures.middle, "bad": figures.bad}
    parts["none"] = max(0, figures.invited - figures.rated)
    whole = sum(parts.values())
    slices: list[Slice] = []
    x = 0.0
    for kind, count in parts.items():
        if count:
            width = BAR * count / whole
            slices.append(Slice(kind, round(x, 2), round(width, 2), count))
            x += width
    return tuple(slices)


def _height(share: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - share), 1)
