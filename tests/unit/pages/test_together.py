"""Several things on one sheet of A4, each upright, in its true size, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from kiosk.pages.decode import UnusablePictureError
from kiosk.pages.model import CleanedPage, PageHints, PageKind, Paper, Turn
from kiosk.pages.pixels import PAGE_DPI, Image, as_image
from kiosk.pages.sizes import beside_each_other, hints_of, is_card
from kiosk.pages.together import lay_together
from kiosk.pages.view import shown
from tests.unit.pages.conftest import Draw

CARD_PIXELS = (749, 472)
A4 = (2480, 3508)


def jpeg(picture: Image) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1])


@pytest.fixture(scope="module")
def aside() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as one:
        yield one


def things_on(page: CleanedPage, level: int) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height in millimetres of what is darker than `level` on the sheet, from the top."""
    seen = shown(page.page)
    grey = as_image(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY))
    mask = as_image((grey < level).astype(np.uint8))
    mask = as_image(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8)))
    mm = 25.4 / page.page.dpi
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [cv2.boundingRect(contour) for contour in contours]
    found = [(x * mm, y * mm, w * mm, h * mm) for x, y, w, h in boxes if w * h * mm * mm > 100]
    return sorted(((round(x), round(y), round(w), round(h)) for x, y, w, h in found), key=lambda box: (box[1], box[0]))


FRONT, BACK = 60, 400


def card_with(mark: int) -> bytes:
    """A card with a dark rim, and a dark square so many pixels from its left."""
    card = np.full((CARD_PIXELS[1], CARD_PIXELS[0], 3), 235, np.uint8)
    cv2.rectangle(card, (4, 4), (CARD_PIXELS[0] - 5, CARD_PIXELS[1] - 5), (60.0, 40.0, 40.0), 8)
    card[120:360, mark : mark + 240] = 30
    return jpeg(as_image(card))


def darkness(page: CleanedPage, box: tuple[int, int, int, int], half: slice) -> float:
    """How bright the left or right part of a thing on the sheet is."""
    left, top, width, height = (round(side / 25.4 * page.page.dpi) for side in box)
    return float(shown(page.page)[top : top + height, left : left + width][:, half].mean())


def test_both_sides_of_a_card_lie_one_below_the_other_in_true_size(aside: Executor) -> None:
    """S1-32: as copies of identity cards are handed in."""
    each = beside_each_other([CARD_PIXELS, CARD_PIXELS], None)
    made = lay_together([card_with(FRONT), card_with(BACK)], each, PageHints(), aside)
    assert (made.page.kind, made.page.paper, made.page.turned) == (PageKind.PICTURE, Paper.A4, Turn.UPRIGHT)
    first, second = things_on(made, 200)
    for _, _, width, height in (first, second):
        assert (width, height) == (pytest.approx(86, abs=1), pytest.approx(54, abs=1))
    assert first[0] == second[0] == pytest.approx((210 - 86) / 2, abs=1)
    assert first[1] + first[3] < second[1]
    left, right = slice(0, 300), slice(370, 670)
    assert darkness(made, first, left) < darkness(made, first, right), "the first lies above"
    assert darkness(made, second, left) > darkness(made, second, right)


def test_receipts_lie_beside_each_other_as_text_no_larger_than_they_are(aside: Executor, paper: Draw) -> None:
    slips = [paper("slip", seed) for seed in range(4)]
    sizes = [(slip.shape[1], slip.shape[0]) for slip in slips]
    made = lay_together([jpeg(slip) for slip in slips], beside_each_other(sizes, 300), PageHints(), aside)
    assert made.page.kind is PageKind.TEXT
    assert (made.page.width, made.page.height, made.page.dpi) == (*A4, PAGE_DPI)
    boxes = things_on(made, 128)
    assert len(boxes) == 4
    for (_, _, width, height), slip in zip(boxes[:2], slips[:2], strict=True):
        assert width / height == pytest.approx(slip.shape[1] / slip.shape[0], rel=0.05)
        assert width <= 77
    assert len(made.page.ink) < 60_000
    assert boxes[0][1] == boxes[1][1], "a row begins at one height"


def test_each_is_turned_upright_as_it_is_known_to_lie(aside: Executor) -> None:
    side = as_image(cv2.rotate(cv2.imdecode(np.frombuffer(card_with(FRONT), np.uint8), 1), cv2.ROTATE_90_CLOCKWISE))
    known = PageHints(paper=Paper.ID_1, turned=Turn.RIGHT)
    made = lay_together([jpeg(side), card_with(FRONT)], [known, PageHints(paper=Paper.ID_1)], PageHints(), aside)
    assert [box[2:] for box in things_on(made, 200)] == [(pytest.approx(86, abs=1), pytest.approx(54, abs=1))] * 2


def test_the_whole_sheet_is_turned_and_one_that_came_before_is_told(aside: Executor) -> None:
    pictures, each = [card_with(FRONT), card_with(BACK)], beside_each_other([CARD_PIXELS] * 2, None)
    made = lay_together(pictures, each, PageHints(), aside)
    over = lay_together(pictures, each, PageHints(turned=Turn.UPSIDE_DOWN), aside)
    upright, turned = shown(made.page, 400).astype(int), shown(over.page, 400).astype(int)
    assert np.abs(upright[::-1, ::-1] - turned).mean() < 1 < np.abs(upright - turned).mean()
    again = lay_together(pictures, each, PageHints(earlier=(made.page.dhash,)), aside)
    assert [flaw.page for flaw in again.findings] == [1]


def test_a_damaged_thing_makes_no_page(aside: Executor) -> None:
    with pytest.raises(UnusablePictureError):
        lay_together([card_with(FRONT), card_with(BACK)[:2000]], [PageHints()] * 2, PageHints(), aside)


# -- what is known of their sizes


def test_a_card_is_known_by_its_proportion_and_where_the_resolution_is_known_by_its_size() -> None:
    assert is_card(CARD_PIXELS, None)
    assert is_card(CARD_PIXELS[::-1], None)
    assert is_card((1011, 638), 300)
    assert not is_card((1011, 638), 150), "a larger paper of the same proportion"
    assert not is_card((800, 600), None)


def test_a_card_tells_how_large_the_paper_beside_it_is() -> None:
    card, other = hints_of([CARD_PIXELS, (875, 1240)], None)
    assert card.paper is Paper.ID_1
    assert other.dpi == pytest.approx(749 / 85.6 * 25.4)
    assert hints_of([(875, 1240), (900, 1000)], None) == (PageHints(), PageHints())
    assert hints_of([(875, 1240)], 200) == (PageHints(dpi=200),)


def test_on_one_sheet_nothing_is_taken_for_larger_than_its_neighbours_allow() -> None:
    slip, note = beside_each_other([(400, 1200), (800, 800)], None)
    assert slip.dpi == note.dpi == pytest.approx(400 / 80 * 25.4)
    page, half = beside_each_other([(1000, 1414), (1000, 700)], None)
    assert page.dpi == half.dpi == pytest.approx(1414 / 210 * 25.4)
