"""A page that leaves the picture is told with the side it leaves over; it is never completed by a guess."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.imaging.find_page import look
from drivers.imaging.geometry import Image, Quad, as_image
from drivers.imaging.seen import FoundPage, FrameSide, PageOutside
from drivers.scenes.camera import Look, photograph
from drivers.scenes.compose import FULL_HD, clipped_page, desk_alone

UPRIGHT = np.array([[600.0, 80.0], [1290.0, 90.0], [1310.0, 1000.0], [590.0, 990.0]])


def white_page(corners: Quad) -> Image:
    random = np.random.default_rng(1)
    desk = np.full((1080, 1920, 3), 90.0, np.float32)
    return photograph(random, desk, as_image(np.full((1754, 1240, 3), 240)), corners, Look(noise=2.0))


@pytest.mark.parametrize(
    ("dx", "dy", "side"),
    [
        (-640, 0, FrameSide.LEFT),
        (700, 0, FrameSide.RIGHT),
        (0, -140, FrameSide.TOP),
        (0, 160, FrameSide.BOTTOM),
    ],
)
def test_the_side_a_page_leaves_over_is_told(dx: int, dy: int, side: FrameSide) -> None:
    """S1-32: what is wrong is said, with where."""
    seen = look(white_page(UPRIGHT + np.array([dx, dy])))
    assert isinstance(seen, PageOutside)
    assert seen.sides == (side,)
    assert seen.outline.min() >= -1
    assert (seen.outline <= np.array(FULL_HD) + 1).all()


def test_a_page_with_one_corner_outside_is_told() -> None:
    turned = np.array([[-60.0, 500.0], [520.0, 60.0], [1080.0, 700.0], [480.0, 1040.0]])
    seen = look(white_page(turned))
    assert isinstance(seen, PageOutside)
    assert FrameSide.LEFT in seen.sides


def test_a_whole_page_is_preferred_to_what_leaves_the_picture_beside_it() -> None:
    picture = white_page(UPRIGHT)
    picture[:, 1700:] = 235
    seen = look(picture)
    assert isinstance(seen, FoundPage)


def test_pages_cut_off_on_any_desk_are_never_taken_for_whole_and_nearly_always_told() -> None:
    seen = [look(clipped_page(np.random.default_rng([9300, seed]), FULL_HD).seen()) for seed in range(12)]
    assert not any(isinstance(one, FoundPage) for one in seen)
    assert sum(isinstance(one, PageOutside) for one in seen) >= 10


def test_desks_without_a_keyboard_have_nothing_that_leaves_the_picture() -> None:
    names = ("plain", "black", "white", "wood", "cloth", "patterned", "grid-mat", "cluttered")
    seen = {name: look(desk_alone(np.random.default_rng([9400, 1]), FULL_HD, name).seen()) for name in names}
    assert {name: one for name, one in seen.items() if one is not None} == {}


@settings(max_examples=25, deadline=None)
@given(dx=st.integers(-1500, 1500), dy=st.integers(-1000, 1000))
def test_wherever_a_page_is_moved_it_is_whole_only_where_all_of_it_is_seen(dx: int, dy: int) -> None:
    moved = UPRIGHT + np.array([dx, dy])
    inside = bool((moved > 0).all() and (moved < np.array(FULL_HD)).all())
    seen = look(white_page(moved))
    if isinstance(seen, FoundPage):
        assert inside
        assert np.abs(seen.corners - moved).max() < 2
    if isinstance(seen, PageOutside):
        assert not ((moved > 12).all() and (moved < np.array(FULL_HD) - 12).all())
