"""A volume in parts: every page once and in order, items whole, parts within their limit."""

from __future__ import annotations

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from kiosk.documents.splitting import split


@given(
    st.lists(st.lists(st.integers(1, 50), min_size=1, max_size=8), max_size=12).map(
        lambda groups: [(size, item) for item, sizes in enumerate(groups) for size in sizes]
    ),
    st.integers(1, 120),
)
def test_every_page_once_items_whole_and_no_part_too_large(pages: list[tuple[int, int]], room: int) -> None:
    sizes, items = [size for size, _ in pages], [item for _, item in pages]
    parts = split(sizes, items, room)
    assert [page for part in parts for page in part] == list(range(len(pages)))
    for part in parts:
        assert sum(sizes[page] for page in part) <= room or len(part) == 1
    for item, group in groupby(range(len(pages)), key=items.__getitem__):
        own = list(group)
        within = [part for part in parts if any(page in part for page in own)]
        assert len(within) == 1 or sum(sizes[page] for page in own) > room, item


def test_parts_are_as_few_as_whole_items_allow() -> None:
    assert split([4, 4, 4], [0, 1, 2], 8) == (range(2), range(2, 3))
    assert split([4, 4, 4], [0, 1, 1], 8) == (range(1), range(1, 3))


def test_an_item_larger_than_a_part_begins_one_and_is_divided() -> None:
    assert split([2, 5, 5, 5, 2], [0, 1, 1, 1, 2], 10) == (range(1), range(1, 3), range(3, 5))


def test_nothing_is_one_empty_part() -> None:
    assert split([], [], 10) == (range(0),)
