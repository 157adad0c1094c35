"""The formulas that queue systems use to tell a waiting time, as their makers publish them. The hub tells none of them;
it computes them at the same moment as its own range, to be scored against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Formula(StrEnum):
    """Whose formula."""

    EXPERTFLOW = "expertflow"
    VERTICAL_WAVE = "vertical_wave"
    SHORETEL = "shoretel"


@dataclass(frozen=True, slots=True)
class FormulaInputs:
    """`position` counts from 1. `call_gaps`: seconds between successive calls from the queue, oldest first."""

    position: int
    windows: int
    mean_seconds: float
    shortest_seconds: float
    call_gaps: tuple[float, ...]


FEWEST_WINDOWS = 1
ANSWER_SECONDS = 6.0


def expertflow(given: FormulaInputs) -> float | None:
    """position × mean handling time ÷ agents at work."""
    return given.position * given.mean_seconds / given.windows if given.windows else None


def vertical_wave(given: FormulaInputs) -> float | None:
    """6 + shortest + mean × (position − 1) ÷ max(available agents, minimum)."""
    agents = max(given.windows, FEWEST_WINDOWS)
    return ANSWER_SECONDS + given.shortest_seconds + given.mean_seconds * (given.position - 1) / agents


def shoretel(given: FormulaInputs) -> float | None:
    """Rolling mean m ← (9·m + new) ÷ 10 of the time in which the queue moves by one, × position."""
    rolling = _rolling(given.call_gaps)
    return None if rolling is None else rolling * given.position


def _rolling(values: Iterable[float]) -> float | None:
    mean: float | None = None
    for value in values:
        mean = value if mean is None else (9 * mean + value) / 10
    return mean


FORMULAS = MappingProxyType(
    {Formula.EXPERTFLOW: expertflow, Formula.VERTICAL_WAVE: vertical_wave, Formula.SHORETEL: shoretel}
)


def by_formula(given: FormulaInputs) -> Mapping[Formula, float]:
    """Seconds by each formula that has what it needs."""
    return {name: value for name, formula in FORMULAS.items() if (value := formula(given)) is not None}
