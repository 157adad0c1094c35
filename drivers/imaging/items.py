"""Several things in one picture: both sides of an identity card beside each other, or receipts."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from drivers.imaging.find_page import FIT_SIDE, Guesses, Search
from drivers.imaging.geometry import Image, Quad, area
from drivers.imaging.seen import FoundPage
from drivers.imaging.shrinking import shrunk
from drivers.imaging.sides import least_step, surfaces

_MOST = 24  # candidates that are fitted
_SAME = 0.7  # of the larger one that two finds share: they are one
_INSIDE = 0.9  # of a thing that lies inside another
_APART = 0.05  # of the smaller one that two things may share and still lie beside each other
_TOUCHING = 6.0  # pixels between sides that touch
_CLEARER = 0.05  # by which a page must show better than its parts
_FILLED = 0.5  # of a quad that what lies in it takes up, where it is no thing itself but the outline around them


def find_items(image: Image) -> tuple[FoundPage, ...]:
    """All pages and cards that lie wholly in a BGR picture, beside each other, in reading order (rows from the top,
    each from the left). One page is one item, whatever is printed on it; none is none."""
    if min(image.shape[:2]) < 64:
        return ()
    fine, scale = shrunk(image, FIT_SIDE)
    search = Search(fine)
    guesses = search.every(most=_MOST)
    fitted = search.fitted(Guesses(guesses.whole, guesses.leaving[:0]))
    ranked = [
        one.seen
        for one in sorted(fitted, key=lambda one: -one.worth)
        if isinstance(one.seen, FoundPage) and not one.printed
    ]
    single: list[FoundPage] = []
    for page in ranked:
        if all(_shared(page.corners, other.corners) < _SAME * _larger(page, other) for other in single):
            single.append(page)
    items = _things(fine, sorted(single, key=lambda page: -area(page.corners)))
    return tuple(FoundPage(page.corners / scale, page.confidence) for page in _in_reading_order(items))


def with_others(pages: Sequence[FoundPage], others: Sequence[FoundPage]) -> tuple[FoundPage, ...]:
    """The pages and those of the others that lie apart from all of them, in reading order."""
    more = [other for other in others if all(_apart(other.corners, page.corners) for page in pages)]
    return tuple(_in_reading_order([*pages, *more]))


def _things(picture: Image, pages: list[FoundPage]) -> list[FoundPage]:
    """Of pages, largest first, those that are things. A gap between things may hold one of them: once it is known for
    what it is, what lay in it counts."""
    while True:
        items = _outermost(pages)
        gaps = _gaps(picture, items)
        if not gaps:
            return items
        pages = [page for page in pages if not any(page is gap for gap in gaps)]


def _outermost(pages: Sequence[FoundPage]) -> list[FoundPage]:
    """Of pages, largest first, those that are things: what lies inside another is printed on it, unless the other is
    only the outline around several."""
    items: list[FoundPage] = []
    taken: set[int] = set()
    for number, page in enumerate(pages):
        if number in taken:
            continue
        inside = [
            other
            for other in range(number + 1, len(pages))
            if other not in taken and _within(pages[other].corners, page.corners)
        ]
        parts = _outermost([pages[other] for other in inside])
        taken.update(inside)
        found = parts if _is_outline(page, parts) else [page]
        items += [one for one in found if all(_apart(one.corners, other.corners) for other in items)]
    return items


def _is_outline(page: FoundPage, parts: Sequence[FoundPage]) -> bool:
    """Whether a page is only the outline around its parts. One that shows more clearly than they do is a page in parts:
    a shadow, a fold or a finger lies across it."""
    if len(parts) < 2 or sum(area(part.corners) for part in parts) <= _FILLED * area(page.corners):
        return False
    clearness = sum(part.confidence for part in parts) / len(parts)
    return page.confidence <= clearness + _CLEARER


def _gaps(picture: Image, items: list[FoundPage]) -> list[FoundPage]:
    """The desk that shows between things and what else closes it off: it is darker than a neighbour along a side they
    share."""
    if len(items) < 2:
        return []
    quads = np.stack([page.corners for page in items])
    darker = surfaces(picture, quads, least_step(picture)).lighter < 0
    middles = (quads + quads[:, [1, 2, 3, 0]]) / 2
    found = []
    for number, page in enumerate(items):
        others = [other.corners.astype(np.float32) for other in items if other is not page]
        touching = any(
            darker[number, side] and any(abs(cv2.pointPolygonTest(other, middle, True)) < _TOUCHING for other in others)
            for side, middle in enumerate(middles[number].tolist())
        )
        if touching:
            found.append(page)
    return found


def _shared(one: Quad, other: Quad) -> float:
    return float(cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))[0])


def _larger(one: FoundPage, other: FoundPage) -> float:
    return max(area(one.corners), area(other.corners))


def _within(inner: Quad, outer: Quad) -> bool:
    return _shared(inner, outer) > _INSIDE * area(inner)


def _apart(one: Quad, other: Quad) -> bool:
    return _shared(one, other) < _APART * min(area(one), area(other))


def _in_reading_order(items: Sequence[FoundPage]) -> list[FoundPage]:
    """Rows from the top; a thing whose middle lies above the lower edge of a row's first belongs to that row."""
    left = sorted(items, key=lambda page: float(page.corners[:, 1].min()))
    ordered: list[FoundPage] = []
    while left:
        bottom = float(left[0].corners[:, 1].max())
        row = [page for page in left if float(page.corners[:, 1].mean()) < bottom]
        ordered += sorted(row, key=lambda page: float(page.corners[:, 0].mean()))
        left = [page for page in left if not any(page is one for one in row)]
    return ordered
