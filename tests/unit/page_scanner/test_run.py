"""One run of pages: numbers without a gap, whole sheets, nothing twice and nothing lost over any number of jams."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.api.messages import PageScanned, ScanEnded, ScanPages
from drivers.api.records import ScanEnd, ScanSource, SheetSide
from drivers.page_scanner.run import LARGEST_PAGE, Picture, Run, ScanStoppedError


def sides(first_sheet: int, last_sheet: int, per_sheet: int) -> list[str]:
    """The sides of a stack, in the order a feeder delivers them."""
    return [f"{sheet}{side}" for sheet in range(first_sheet, last_sheet + 1) for side in "fb"[:per_sheet]]


def feeding(stack: list[str], after: int | None, end: ScanEnd) -> Iterator[Picture]:
    """A feeder that stops with `end` after so many sides, or runs empty."""
    for side in stack[:after]:
        yield Picture(side.encode(), 1, 1, 300)
    raise ScanStoppedError(ScanEnd.EMPTY if after is None or after >= len(stack) else end)


def run_of(wanted: ScanPages, pictures: Iterator[Picture]) -> tuple[list[PageScanned], ScanEnded]:
    """What one request brings when each page is taken at once."""
    pages: list[PageScanned] = []

    def take(page: PageScanned) -> None:
        pages.append(page)
        run.taken(page.number)

    run = Run(wanted, take)
    return pages, run.deliver(pictures)


@given(
    sheets=st.integers(0, 12),
    duplex=st.booleans(),
    stops=st.lists(
        st.tuples(st.integers(0, 25), st.sampled_from([ScanEnd.JAMMED, ScanEnd.DOUBLE_FEED, ScanEnd.COVER_OPEN])),
        max_size=4,
    ),
)
def test_every_page_comes_once_whatever_jams(sheets: int, duplex: bool, stops: list[tuple[int, ScanEnd]]) -> None:
    """After each stop the person puts back the page after the last that came, and what follows it."""
    per_sheet = 2 if duplex else 1
    came: list[PageScanned] = []
    for after, reason in [*stops, (None, ScanEnd.EMPTY)]:
        stack = sides(len(came) // per_sheet + 1, sheets, per_sheet)
        wanted = ScanPages("r", ScanSource.FEEDER, duplex=duplex, resume_from=len(came) + 1)
        pages, ended = run_of(wanted, feeding(stack, after, reason))
        came += pages
        assert ended.pages == len(came)
        assert len(came) % per_sheet == 0
    assert [page.jpeg.decode() for page in came] == sides(1, sheets, per_sheet)
    assert [page.number for page in came] == list(range(1, len(came) + 1))
    assert [page.sheet for page in came] == [(page.number + per_sheet - 1) // per_sheet for page in came]


@given(st.integers(1, 6), st.integers(1, 6), st.booleans())
def test_no_more_than_was_asked_for_but_whole_sheets(sheets: int, most: int, duplex: bool) -> None:
    wanted = ScanPages("r", ScanSource.FEEDER, duplex=duplex, most_pages=most)
    stack = sides(1, sheets, 2 if duplex else 1)
    pages, ended = run_of(wanted, feeding(stack, None, ScanEnd.EMPTY))
    whole = most + most % 2 if duplex else most
    assert len(pages) == min(whole, len(stack))
    assert (ended.reason is ScanEnd.LIMIT) == (len(stack) >= most)


def test_a_feeder_that_leaves_out_the_last_back_loses_no_page() -> None:
    wanted = ScanPages("r", ScanSource.FEEDER, duplex=True)
    pages, ended = run_of(wanted, feeding(["1f", "1b", "2f"], None, ScanEnd.EMPTY))
    assert [page.side for page in pages] == [SheetSide.FRONT, SheetSide.BACK, SheetSide.FRONT]
    assert (ended.reason, ended.pages) == (ScanEnd.COMPLETE, 3)


def test_an_empty_feeder_is_not_complete() -> None:
    wanted = ScanPages("r", ScanSource.FEEDER, resume_from=5)
    assert run_of(wanted, feeding([], None, ScanEnd.EMPTY)) == ([], ScanEnded("r", ScanEnd.EMPTY, 4))


def test_given_up_before_it_began() -> None:
    run = Run(ScanPages("r", ScanSource.FEEDER), pytest.fail)
    run.cancel()
    assert run.deliver(feeding(["1f"], None, ScanEnd.EMPTY)) == ScanEnded("r", ScanEnd.CANCELLED, 0)


def test_a_page_larger_than_a_message_is_refused() -> None:
    pictures = iter([Picture(bytes(LARGEST_PAGE + 1), 1, 1, 600)])
    pages, ended = run_of(ScanPages("r", ScanSource.FLATBED), pictures)
    assert (pages, ended) == ([], ScanEnded("r", ScanEnd.UNUSABLE, 0))
