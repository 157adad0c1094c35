"""Which pages of a volume go into which part, where a backend takes files of limited size (分册)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby


def split(sizes: Sequence[int], items: Sequence[int], room: int) -> tuple[range, ...]:
    """Runs of pages, in order and without gaps, of at most `room` bytes each.

    `sizes` are the bytes of every page, `items` the item it belongs to, pages of one item lying together. An item
    begins a new part rather than be divided; only one that exceeds `room` alone is divided, page by page. A page that
    exceeds it alone is a part of its own. No pages give one empty part.
    """
    parts: list[range] = []
    start = end = used = 0

    def close() -> None:
        nonlocal start, used
        if end > start:
            parts.append(range(start, end))
        start, used = end, 0

    for _, group in groupby(range(len(sizes)), key=items.__getitem__):
        pages = list(group)
        whole = sum(sizes[page] for page in pages)
        if used + whole > room:
            close()
        for page in pages:
            if used + sizes[page] > room:
                close()
            end, used = page + 1, used + sizes[page]
    close()
    return tuple(parts) or (range(0),)
