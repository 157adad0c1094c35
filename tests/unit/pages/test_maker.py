"""A page whose words are asked which way up it is is turned, not made again, and comes out the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from kiosk.pages import maker as making
from kiosk.pages.clean import Laid, clean, made
from kiosk.pages.made import Made
from kiosk.pages.maker import Maker
from kiosk.pages.model import PageHints, Turn
from kiosk.pages.pixels import Image


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as thread:
        yield thread


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One for every page that was made."""
    found: list[None] = []

    def counted(page: Laid, hints: PageHints, aside: ThreadPoolExecutor) -> Made:
        found.append(None)
        return made(page, hints, aside)

    monkeypatch.setattr(making, "made", counted)
    return found


def lying(paper: Callable[..., Image], name: str, quarters: int) -> bytes:
    page = np.ascontiguousarray(np.rot90(paper(name), quarters))
    return bytes(cv2.imencode(".jpg", page)[1])


@pytest.mark.parametrize("name", ["licence", "transfer"])
def test_a_page_turned_as_it_reads_is_the_one_that_would_be_made(
    paper: Callable[..., Image], aside: ThreadPoolExecutor, count: list[None], name: str
) -> None:
    picture, maker = lying(paper, name, 1), Maker(aside)
    assert maker.clean(picture, PageHints()).strips is not None
    turned = maker.clean(picture, PageHints(seems=Turn.LEFT))
    assert len(count) == 1
    assert turned == clean(picture, PageHints(seems=Turn.LEFT), aside)
    assert turned.page.turned is Turn.LEFT


def test_another_page_or_other_hints_are_made_anew(
    paper: Callable[..., Image], aside: ThreadPoolExecutor, count: list[None]
) -> None:
    first, second, maker = lying(paper, "licence", 2), lying(paper, "licence", 3), Maker(aside)
    maker.clean(first, PageHints())
    maker.clean(second, PageHints(seems=Turn.RIGHT))
    maker.clean(first, PageHints(seems=Turn.UPSIDE_DOWN))
    assert len(count) == 3, "nothing of a page is kept once another was asked for (N5)"
    maker.clean(first, PageHints(dpi=300.0))
    maker.clean(first, PageHints(dpi=200.0, seems=Turn.UPSIDE_DOWN))
    assert len(count) == 5
