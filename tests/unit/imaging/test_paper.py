"""What lies on desks and is no paper is not told as a page, and the page beside it is."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from drivers.imaging.find_page import find_page, look
from drivers.imaging.geometry import Image, Quad, as_image
from drivers.imaging.items import find_items
from drivers.imaging.seen import FoundPage
from drivers.scenes.among_things import page_among_things
from drivers.scenes.camera import Look, photograph
from drivers.scenes.compose import FULL_HD
from drivers.scenes.hard import HARDSHIPS, hard_page
from drivers.scenes.things import THINGS

Overlap = Callable[[Quad, Quad], float]

PLACE = np.array([[420.0, 210.0], [1500.0, 230.0], [1490.0, 830.0], [430.0, 820.0]])


def keys(body: float, cap: float, columns: int = 14, rows: int = 6) -> Image:
    """Rows of keys in a body."""
    board = as_image(np.full((600, 1080, 3), body))
    wide, tall = 1000 // columns, 540 // rows
    for row in range(rows):
        for column in range(columns):
            x, y = 40 + column * wide, 30 + row * tall
            cv2.rectangle(board, (x + 4, y + 4), (x + wide - 4, y + tall - 4), (cap, cap, cap), -1)
            cv2.putText(board, "A", (x + 12, y + 40), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (90.0, 90.0, 90.0), 2)
    return board


def table() -> Image:
    """A form of ruled cells, as many as a keyboard has keys."""
    page = as_image(np.full((600, 1080, 3), 248))
    for x in range(40, 1041, 71):
        cv2.line(page, (x, 30), (x, 570), (40.0, 40.0, 40.0), 2)
    for y in range(30, 571, 90):
        cv2.line(page, (40, y), (1034, y), (40.0, 40.0, 40.0), 2)
    return page


def on_desk(thing: Image, desk: float = 110.0) -> Image:
    """A thing in the middle of a plain desk."""
    bare = np.full((1080, 1920, 3), desk, np.float32)
    return photograph(np.random.default_rng(5), bare, thing, PLACE, Look(noise=2.0))


@pytest.mark.parametrize(("body", "cap"), [(34, 58), (196, 232), (200, 36), (150, 205)])
def test_a_whole_keyboard_is_no_page(body: float, cap: float) -> None:
    assert look(on_desk(keys(body, cap))) is None


def test_a_calculator_is_no_page() -> None:
    assert look(on_desk(keys(196, 232, columns=5, rows=4))) is None


def test_a_form_full_of_cells_is_a_page(overlap: Overlap) -> None:
    """Rules are thin, and cells have the paper's own lightness; keys have neither."""
    found = find_page(on_desk(table()))
    assert found is not None
    assert overlap(found.corners, PLACE) > 0.98


def screen() -> Image:
    """A document on a tablet."""
    shown = as_image(np.full((600, 1080, 3), 15))
    shown[45:-45, 45:-45] = 240
    for y in range(90, 500, 28):
        cv2.line(shown, (90, y), (960, y), (60.0, 60.0, 60.0), 6)
    return shown


def test_a_document_on_a_screen_is_no_page() -> None:
    assert look(on_desk(screen(), 170.0)) is None


def test_the_same_document_on_paper_is_a_page(overlap: Overlap) -> None:
    found = find_page(on_desk(as_image(np.ascontiguousarray(screen()[45:-45, 45:-45])), 60.0))
    assert found is not None
    assert overlap(found.corners, PLACE) > 0.98


def test_a_telephone_that_is_off_is_no_page() -> None:
    assert look(on_desk(as_image(np.full((600, 1080, 3), 18)), 150.0)) is None


def test_grey_paper_on_a_white_desk_is_a_page(overlap: Overlap) -> None:
    """It is darker than the desk on all sides, but not as dark as a thing."""
    found = find_page(on_desk(as_image(np.full((600, 1080, 3), 165)), 215.0))
    assert found is not None
    assert overlap(found.corners, PLACE) > 0.9


@pytest.mark.parametrize("name", list(THINGS))
def test_a_page_beside_a_thing_is_found(name: str, overlap: Overlap) -> None:
    shot = page_among_things(np.random.default_rng([31, 1]), FULL_HD, desk="grey-mat", thing=name)
    seen = look(shot.seen())
    assert isinstance(seen, FoundPage)
    assert overlap(seen.corners, shot.laid[0].corners) > 0.9


def test_cards_that_lie_in_rows_are_still_several_things() -> None:
    """Rows of one size are no keys to whoever looks for several things."""
    bare = np.full((1080, 1920, 3), 70, np.float32)
    for column in range(3):
        for row in range(2):
            x, y = 200 + 560 * column, 140 + 460 * row
            cv2.rectangle(bare, (x, y), (x + 430, y + 270), (232.0, 234.0, 236.0), -1)
    assert len(find_items(photograph(np.random.default_rng(3), bare, None, None, Look(noise=2.0)))) == 6


@pytest.mark.parametrize("hardship", HARDSHIPS)
def test_a_page_is_found_under_what_makes_seeing_hard(hardship: str, overlap: Overlap) -> None:
    """A bent or banded picture; paper of the desk's colour, punched, folded, in a sleeve, on another sheet."""
    number = HARDSHIPS.index(hardship)
    shot = hard_page(np.random.default_rng([9301, number]), FULL_HD, hardship)
    found = find_page(shot.seen())
    assert found is not None
    assert overlap(found.corners, shot.laid[0].corners) > 0.9
