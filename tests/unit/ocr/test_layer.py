"""The invisible text's places (the engine's own boxes are tried in tests/contract/ocr)."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from kiosk.ocr.layer import layer
from kiosk.ocr.model import PageText, Quad, TextLine
from tests.unit.ocr.record import recorded


def turned(left: float, top: float, width: float, height: float, degrees: float) -> Quad:
    """A rectangle turned about its upper left corner, clockwise as y points down."""
    along = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    down = -along[1], along[0]
    first = (left, top)
    second = (left + width * along[0], top + width * along[1])
    third = (second[0] + height * down[0], second[1] + height * down[1])
    return first, second, third, (left + height * down[0], top + height * down[1])


def one(text: str, quad: Quad) -> PageText:
    return PageText(2000, 2000, (TextLine(text, quad, 0.99),))


@given(st.floats(100, 900), st.floats(100, 900), st.floats(100, 800), st.floats(20, 60), st.floats(-20, 20))
def test_the_baseline_runs_along_the_line_inside_its_box(
    left: float, top: float, width: float, height: float, degrees: float
) -> None:
    (line,) = layer(one("证据清单", turned(left, top, width, height, degrees)))
    assert math.isclose(line.angle, degrees, abs_tol=0.02)
    assert math.isclose(line.width, width, abs_tol=0.2)
    # How far below the upper side the baseline begins, measured across the line.
    turn = math.radians(degrees)
    below = (line.y - top) * math.cos(turn) - (line.x - left) * math.sin(turn)
    assert 0.6 * height < below < height
    assert 0.6 * height < line.size < height


def test_vertical_text_runs_downwards_from_the_top_of_its_box() -> None:
    (line,) = layer(one("竖排文字", ((500, 100), (540, 100), (540, 300), (500, 300))))
    assert line.angle == 90
    assert line.width == 200
    assert 500 < line.x < 540
    assert line.y == 100


def test_a_box_without_extent_has_no_text() -> None:
    assert layer(one("点", ((5, 5), (5, 5), (5, 5), (5, 5)))) == ()


def test_every_line_of_a_page_is_there_in_reading_order() -> None:
    text = recorded("judgment").text
    assert [line.text for line in layer(text)] == [line.text for line in text.lines]
