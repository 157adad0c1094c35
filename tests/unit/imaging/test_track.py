"""The page is followed, found again, and let go of; what is told is always what the frame shows."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.imaging.geometry import Image, Quad, as_image
from drivers.imaging.seen import FoundPage
from drivers.imaging.track import Tracker
from drivers.scenes.camera import Look, photograph
from drivers.scenes.desks import wooden_desk

PAGE = np.array([[300.0, 40.0], [645.0, 45.0], [655.0, 500.0], [295.0, 495.0]])
DESK = wooden_desk(np.random.default_rng(4), (540, 960))


def frame(corners: Quad | None, seed: int, level: int = 235) -> Image:
    page = as_image(np.full((877, 620, 3), level)) if corners is not None else None
    return photograph(np.random.default_rng(seed), DESK, page, corners, Look())


def test_a_page_is_found_again_after_something_lay_over_it() -> None:
    tracker = Tracker()
    assert isinstance(tracker.look(frame(PAGE, 1)), FoundPage)
    covered = frame(PAGE, 2)
    covered[:, 200:700] = (60, 80, 110)
    assert not isinstance(tracker.look(covered), FoundPage)
    again = tracker.look(frame(PAGE, 3))
    assert isinstance(again, FoundPage)
    assert np.abs(again.corners - PAGE).max() < 2


def test_a_larger_page_laid_over_the_one_followed_is_taken_instead() -> None:
    tracker = Tracker()
    card = np.array([[400.0, 200.0], [560.0, 200.0], [560.0, 300.0], [400.0, 300.0]])
    tracker.look(frame(card, 1))
    for seed in (2, 3, 4):
        seen = tracker.look(frame(PAGE, seed))
    assert isinstance(seen, FoundPage)
    assert np.abs(seen.corners - PAGE).max() < 2


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.none(), st.tuples(st.integers(-150, 150), st.integers(-30, 30))), min_size=2, max_size=6))
def test_no_ghost_stays_and_no_page_is_missed_in_any_sequence(moves: list[tuple[int, int] | None]) -> None:
    tracker = Tracker()
    for seed, move in enumerate(moves):
        corners = None if move is None else PAGE + np.array(move)
        seen = tracker.look(frame(corners, seed))
        if corners is None:
            assert seen is None
        else:
            assert isinstance(seen, FoundPage)
            assert np.abs(seen.corners - corners).max() < 3
