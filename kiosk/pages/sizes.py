"""How large papers are, and what several things in one picture tell of each other's size. Needs no OpenCV."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.pages.model import PageHints, Paper

SIZES = {Paper.A4: (210.0, 297.0), Paper.A5: (148.0, 210.0), Paper.ID_1: (53.98, 85.60)}
"""The shorter side first, in millimetres."""

SLIP_WIDTH = 80.0
SLIP_PROPORTION = 2.2
"""Longer than any sheet."""

SAME_PROPORTION = 0.03
SAME_LENGTH = 0.04

_MM_PER_INCH = 25.4

Size = tuple[int, int]
"""Width and height in pixels."""


def is_card(size: Size, dpi: float | None) -> bool:
    """Whether a thing is as large as a card (ID-1), or where `dpi` is not known, has its proportion."""
    shorter, longer = sorted(size)
    short, long = SIZES[Paper.ID_1]
    if dpi is None:
        return abs(longer / shorter * short / long - 1) < SAME_PROPORTION
    lengths = ((shorter, short), (longer, long))
    return all(abs(pixels / dpi * _MM_PER_INCH / true - 1) < SAME_LENGTH for pixels, true in lengths)


def hints_of(sizes: Sequence[Size], dpi: float | None) -> tuple[PageHints, ...]:
    """What is known of each of several things that lie beside each other. Where no `dpi` is, a card among them tells
    how large the others are."""
    cards = [is_card(size, dpi) for size in sizes]
    known = dpi or _resolution([size for size, card in zip(sizes, cards, strict=True) if card])
    return tuple(PageHints(dpi=dpi, paper=Paper.ID_1) if card else PageHints(dpi=known) for card in cards)


def beside_each_other(sizes: Sequence[Size], dpi: float | None) -> tuple[PageHints, ...]:
    """The same for things that shall lie on one sheet, where each must have its share: what nothing tells the size of
    is taken for till slips, or as no larger than A5."""
    known = hints_of(sizes, dpi)
    if all(hints.paper is Paper.ID_1 or hints.dpi is not None for hints in known):
        return known
    slips = [size for size in sizes if max(size) > SLIP_PROPORTION * min(size)]
    if slips:
        widest = max(min(size) for size in slips)
        likely = widest / SLIP_WIDTH * _MM_PER_INCH
    else:
        likely = max(max(size) for size in sizes) / SIZES[Paper.A5][1] * _MM_PER_INCH
    return tuple(PageHints(dpi=likely) for _ in known)


def _resolution(cards: Sequence[Size]) -> float | None:
    if not cards:
        return None
    longer = sum(max(size) for size in cards) / len(cards)
    return longer / SIZES[Paper.ID_1][1] * _MM_PER_INCH
