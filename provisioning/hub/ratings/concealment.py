"""Holding back small figures, so that no report tells what one person answered (cell suppression).

A figure below `least` is held back. Where a published sum would give it away (the total less the others, the week less
its days), the smallest further figure is held back as well: an **equation** total = sum of parts never keeps exactly
one unknown, and the unknown parts of a published total make `least` together. It is the usual heuristic: repeated
subtraction finds nothing; a linear programme over many equations might still narrow a figure down.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

C = TypeVar("C", bound=Hashable)

Equation = tuple[C, tuple[C, ...]]
"""A figure that is the sum of others, all of them published side by side."""


def conceal(figures: Mapping[C, int], equations: Iterable[Equation[C]], least: int) -> frozenset[C]:
    """Which of `figures` to hold back. A nought is always published: it tells of nobody."""
    hidden = {cell for cell, figure in figures.items() if 0 < figure < least}
    lines = [
        (total, tuple(part for part in parts if figures.get(part, 0)))
        for total, parts in equations
        if figures.get(total, 0)
    ]
    changed = True
    while changed:
        changed = False
        for total, parts in lines:
            while (more := _lacking(figures, hidden, total, parts, least)) is not None:
                hidden.add(more)
                changed = True
    return frozenset(hidden)


def _lacking(figures: Mapping[C, int], hidden: set[C], total: C, parts: tuple[C, ...], least: int) -> C | None:
    """The figure that must be held back too, None where the equation is safe."""
    unknown = [part for part in parts if part in hidden]
    if total in hidden:
        safe = bool(unknown)
    else:
        safe = not unknown or (len(unknown) > 1 and sum(figures[part] for part in unknown) >= least)
    if safe:
        return None
    known = [part for part in parts if part not in hidden]
    # With no part left, the total itself is the last thing to hold back.
    return min(known, key=lambda part: (figures[part], repr(part))) if known else total
