"""A page is taken by itself when it lies still, is good and is another than the last; never otherwise."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.api.records import Flaw, FlawKind
from drivers.imaging.geometry import Image, Quad, as_image
from drivers.imaging.steady import HOLDING, LEFT_SECONDS, PATIENCE_SECONDS, STILL_SECONDS, Glimpse, Rest, Steady

SIZE = (960, 540)
FRAME = 0.1
PLACE = np.array([[300.0, 40.0], [660.0, 40.0], [660.0, 500.0], [300.0, 500.0]])


class Times:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def hashes(page: int) -> tuple[bytes, ...]:
    random = np.random.default_rng(page)
    return tuple(random.bytes(32) for _ in range(4))


def thumb(page: int, grain: int = 0) -> Image:
    """The small copy of a frame with that page, with a sensor's grain."""
    blocks = np.random.default_rng(page).integers(90, 230, (9, 16))
    noise = np.random.default_rng(1000 + grain).normal(scale=2.0, size=(90, 160))
    return as_image(np.clip(np.kron(blocks, np.ones((10, 10))) + noise, 0, 255).astype(np.uint8))


def glimpse(page: int | None, *, shift: float = 0.0, grain: int = 0, flaws: tuple[FlawKind, ...] = ()) -> Glimpse:
    if page is None:
        return Glimpse(SIZE, None, thumb(0, grain))
    quad: Quad = PLACE + shift + np.random.default_rng(grain).normal(scale=0.3, size=(4, 2))
    return Glimpse(SIZE, quad, thumb(page, grain), tuple(Flaw(kind) for kind in flaws), hashes(page))


class Desk:
    """Frames one after another."""

    def __init__(self) -> None:
        self.times = Times()
        self.steady = Steady(self.times)
        self.grain = 0

    def show(
        self, page: int | None, seconds: float, flaws: tuple[FlawKind, ...] = (), speed: float = 0.0
    ) -> list[Rest]:
        """That page for a while; `speed` in pixels a frame."""
        said = []
        for frame in range(max(1, round(seconds / FRAME))):
            self.grain += 1
            self.times.now += FRAME
            said.append(self.steady.update(glimpse(page, shift=speed * frame, grain=self.grain, flaws=flaws)))
        return said

    def take(self, page: int) -> None:
        self.steady.took((hashes(page),))


def test_a_page_laid_down_well_is_ready_within_a_second() -> None:
    desk = Desk()
    desk.show(None, 0.5)
    said = desk.show(1, 1.0)
    assert said[-1] is Rest.READY
    assert said.index(Rest.READY) * FRAME >= STILL_SECONDS - FRAME


def test_a_page_that_is_pushed_about_is_never_ready() -> None:
    assert set(Desk().show(1, 4.0, speed=4.0)) == {Rest.MOVING}


def test_a_page_that_creeps_is_never_ready() -> None:
    """Half a pixel a frame is below what one frame shows, and smears a picture all the same."""
    assert Rest.READY not in Desk().show(1, 6.0, speed=0.9)


def test_writing_on_the_page_is_moving_though_its_corners_lie_still() -> None:
    desk = Desk()
    desk.show(1, 0.4)
    assert desk.show(2, 0.1) == [Rest.MOVING]
    assert Rest.READY not in desk.show(2, 0.3)


def test_the_same_page_is_not_taken_twice_while_it_lies_there() -> None:
    desk = Desk()
    assert desk.show(1, 1.0)[-1] is Rest.READY
    desk.take(1)
    assert set(desk.show(1, 10.0)) == {Rest.TAKEN}


def test_a_page_that_looks_like_the_last_is_ready_once_that_was_taken_away() -> None:
    """The pages of one statement look alike: they are asked about (SAME), and never held back."""
    desk = Desk()
    desk.show(1, 1.0)
    desk.take(1)
    desk.show(None, 0.6)
    assert desk.show(1, 1.0)[-1] is Rest.READY
    assert desk.show(1, 1.0, flaws=(FlawKind.SAME,))[-1] is Rest.STILL
    assert desk.show(1, PATIENCE_SECONDS, flaws=(FlawKind.SAME,))[-1] is Rest.READY


def test_the_next_page_is_ready_whether_the_last_was_taken_away_or_covered_by_it() -> None:
    for away in (1.0, 0.0):
        desk = Desk()
        desk.show(1, 1.0)
        desk.take(1)
        if away:
            desk.show(None, away)
        assert desk.show(2, 1.0)[-1] is Rest.READY


def test_a_hand_that_passes_over_the_taken_page_does_not_make_it_new() -> None:
    desk = Desk()
    desk.show(1, 1.0)
    desk.take(1)
    for _ in range(8):  # the page is not seen under the hand, and most of its place looks as before
        desk.times.now += FRAME
        desk.steady.update(replace(glimpse(1), quad=None))
    desk.show(1, 0.2, speed=6.0)
    assert Rest.READY not in desk.show(1, 5.0)


def test_a_picture_without_a_page_holds_nothing_back() -> None:
    desk = Desk()
    desk.steady.took(())
    assert desk.show(1, 1.0)[-1] is Rest.READY


@pytest.mark.parametrize("kind", FlawKind)
def test_what_cannot_be_mended_holds_for_a_while_what_spoils_the_page_for_good(kind: FlawKind) -> None:
    """Glare and its like warn and never block; a covered page is left to the person's own hand."""
    desk = Desk()
    said = desk.show(1, PATIENCE_SECONDS + 1, flaws=(kind,))
    assert Rest.READY not in said[: round(PATIENCE_SECONDS / FRAME)]
    assert (said[-1] is Rest.READY) == (kind not in HOLDING)


def test_a_page_missed_in_one_frame_need_not_lie_still_anew() -> None:
    desk = Desk()
    desk.show(1, 0.4)
    desk.show(None, 0.1)
    assert Rest.READY in desk.show(1, 0.3)


steps = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(1, 3)),
        st.floats(0.1, 1.5),
        st.sampled_from([0.0, 0.0, 5.0]),
        st.sampled_from([(), (), (FlawKind.COVERED,), (FlawKind.GLARE,)]),
    ),
    max_size=14,
)


@settings(deadline=None)
@given(steps)
def test_whatever_happens_it_is_ready_only_for_a_still_good_page_that_is_not_the_last(
    happens: list[tuple[int | None, float, float, tuple[FlawKind, ...]]],
) -> None:
    """Taken at once whenever it is ready: no page comes twice before it has left, none moving, none covered."""
    desk = Desk()
    taken: list[int | None] = []
    away = 0.0
    for page, seconds, speed, flaws in happens:
        for _ in range(max(1, round(seconds / FRAME))):
            desk.grain += 1
            desk.times.now += FRAME
            shift = speed * (desk.grain % 40)
            rest = desk.steady.update(glimpse(page, shift=shift, grain=desk.grain, flaws=flaws))
            away = away + FRAME if page is None else 0.0
            if away >= LEFT_SECONDS:
                taken.append(None)
            if rest is Rest.READY:
                assert page is not None
                assert speed == 0.0
                assert FlawKind.COVERED not in flaws
                desk.take(page)
                taken.append(page)
    assert all(one != other for one, other in pairwise(taken) if one is not None)


# -- several things

BESIDE = PLACE - (280.0, 0.0)


def two(first: int, second: int, grain: int, *, told: bool = True) -> Glimpse:
    """Two things beside each other, of which the right one is followed; `told`: they are known to be two."""
    seen = glimpse(first, grain=grain)
    left, right = thumb(second, grain), seen.thumb
    both = as_image(np.hstack([left[:, :50], right[:, 50:]]))
    if not told:
        return replace(seen, thumb=both)
    return replace(seen, thumb=both, others=(BESIDE,), other_hashes=(hashes(second),))


def shown(desk: Desk, seconds: float, *pages: int, told: bool = True) -> list[Rest]:
    said = []
    for _ in range(round(seconds / FRAME)):
        desk.grain += 1
        desk.times.now += FRAME
        said.append(desk.steady.update(two(*pages, desk.grain, told=told)))
    return said


def test_several_things_are_ready_when_all_lie_still_and_not_before() -> None:
    desk = Desk()
    assert shown(desk, 1.0, 1, 2)[-1] is Rest.READY
    assert shown(desk, 0.1, 1, 3) == [Rest.MOVING]
    assert Rest.READY not in shown(desk, 0.3, 1, 3)
    assert shown(desk, 0.4, 1, 3)[-1] is Rest.READY


def test_a_thing_laid_beside_a_page_makes_both_wait_anew() -> None:
    desk = Desk()
    assert shown(desk, 1.0, 1, 2, told=False)[-1] is Rest.READY
    said = shown(desk, 0.4, 1, 2)
    assert set(said) == {Rest.STILL}, "nothing moved, but there is more to take now"
    assert shown(desk, 0.4, 1, 2)[-1] is Rest.READY


def test_several_things_are_not_taken_twice_and_one_exchanged_is_taken_again() -> None:
    desk = Desk()
    shown(desk, 1.0, 1, 2)
    desk.steady.took((hashes(1), hashes(2)))
    assert set(shown(desk, 3.0, 1, 2)) == {Rest.TAKEN}
    assert shown(desk, 1.0, 1, 3)[-1] is Rest.READY
