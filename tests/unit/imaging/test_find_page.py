"""The page is found exactly, and nothing is found where there is none."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from drivers.document_camera.picture import cut_out
from drivers.imaging.find_page import find_page
from drivers.imaging.geometry import Image, Quad, as_image, clockwise
from drivers.imaging.track import Tracker
from drivers.scenes.camera import Look, photograph
from drivers.scenes.desks import plain_desk, wooden_desk

Overlap = Callable[[Quad, Quad], float]


def white_page(corners: Quad, *, desk_level: float = 90.0, noise: float = 2.0, seed: int = 1) -> Image:
    random = np.random.default_rng(seed)
    desk = np.full((1080, 1920, 3), desk_level, np.float32)
    page = as_image(np.full((1754, 1240, 3), 240))
    return photograph(random, desk, page, corners, Look(noise=noise))


UPRIGHT = np.array([[600.0, 80.0], [1290.0, 90.0], [1310.0, 1000.0], [590.0, 990.0]])


def test_every_composed_page_is_found_to_98_percent(
    scene: Callable[[int], tuple[Image, Quad]], overlap: Overlap
) -> None:
    results = {}
    for seed in range(9000, 9024):
        picture, corners = scene(seed)
        found = find_page(picture)
        results[seed] = overlap(found.corners, corners) if found else 0.0
    assert {seed: round(value, 4) for seed, value in results.items() if value < 0.98} == {}
    assert np.median(list(results.values())) > 0.998


@pytest.mark.exhaustive
def test_a_confidence_is_no_more_than_the_share_of_such_pages_that_are_right(
    scene: Callable[[int], tuple[Image, Quad]], overlap: Overlap
) -> None:
    """Of the pages told with a confidence, at least that share fits to 90 percent, band by band."""
    told: dict[bool, list[tuple[float, bool]]] = {True: [], False: []}
    for seed in range(9030, 9070):
        picture, corners = scene(seed)
        found = find_page(picture)
        if found:
            told[found.confidence >= 0.9].append((found.confidence, overlap(found.corners, corners) >= 0.9))
    for band in told.values():
        if band:
            assert np.mean([right for _, right in band]) >= np.mean([sure for sure, _ in band]) - 0.05


def test_an_empty_desk_has_no_page(empty_desk: Callable[[int], Image]) -> None:
    false = [seed for seed in range(9100, 9116) if find_page(empty_desk(seed))]
    assert false == []


@pytest.mark.parametrize(("dx", "dy"), [(-640, 0), (700, 0), (0, -140), (0, 160)])
def test_a_page_cut_off_by_the_frame_is_no_page(dx: int, dy: int) -> None:
    assert find_page(white_page(UPRIGHT + np.array([dx, dy]))) is None


def test_a_finger_on_the_edge_does_not_move_the_corners(overlap: Overlap) -> None:
    picture = white_page(UPRIGHT)
    cv2.ellipse(picture, (640, 985), (40, 90), 10, 0, 360, (120, 150, 205), -1)
    found = find_page(picture)
    assert found is not None
    assert overlap(found.corners, UPRIGHT) > 0.98


def test_a_grey_page_on_a_light_desk_is_found(overlap: Overlap) -> None:
    found = find_page(white_page(UPRIGHT, desk_level=205.0))
    assert found is not None
    assert overlap(found.corners, UPRIGHT) > 0.98


def test_a_dark_page_on_a_light_desk_is_found(overlap: Overlap) -> None:
    random = np.random.default_rng(5)
    page = as_image(np.full((638, 1011, 3), 60))
    corners = np.array([[500.0, 200.0], [1400.0, 220.0], [1390.0, 800.0], [490.0, 780.0]])
    found = find_page(photograph(random, np.full((1080, 1920, 3), 190, np.float32), page, corners, Look()))
    assert found is not None
    assert overlap(found.corners, corners) > 0.98


def test_corners_are_clockwise_from_the_top_left() -> None:
    found = find_page(white_page(UPRIGHT))
    assert found is not None
    assert np.abs(found.corners - UPRIGHT).max() < 1.0


def test_a_large_photograph_gives_corners_in_its_own_pixels(overlap: Overlap) -> None:
    picture = as_image(cv2.resize(white_page(UPRIGHT), None, fx=2.2, fy=2.2, interpolation=cv2.INTER_CUBIC))
    found = find_page(picture)
    assert found is not None
    assert overlap(found.corners, UPRIGHT * 2.2) > 0.99


@pytest.mark.parametrize("shape", [(1, 1), (63, 2000), (64, 64), (200, 90)])
def test_pictures_too_small_or_blank_have_no_page(shape: tuple[int, int]) -> None:
    assert find_page(as_image(np.full((*shape, 3), 128))) is None


def test_noise_alone_has_no_page() -> None:
    random = np.random.default_rng(3)
    assert find_page(as_image(random.integers(0, 256, (720, 1280, 3)))) is None


def test_tracker_follows_a_moving_page_and_lets_go_of_one_taken_away(overlap: Overlap) -> None:
    tracker = Tracker()
    random = np.random.default_rng(4)
    desk = wooden_desk(random, (540, 960))
    for step in range(6):
        corners = UPRIGHT / 2 + np.array([step * 4, step * 2])
        found = tracker.update(photograph(random, desk, as_image(np.full((877, 620, 3), 235)), corners, Look()))
        assert found is not None
        assert overlap(found.corners, corners) > 0.97
    assert tracker.update(photograph(random, desk, None, None, Look())) is None
    assert tracker.update(as_image(np.zeros((300, 300, 3)))) is None


def test_the_page_is_cut_out_flat_and_in_true_proportion() -> None:
    random = np.random.default_rng(6)
    page = as_image(np.full((1754, 1240, 3), 245))
    cv2.rectangle(page, (100, 100), (400, 300), (0, 0, 255), -1)
    corners = np.array([[700.0, 200.0], [1220.0, 200.0], [1400.0, 980.0], [520.0, 980.0]])
    cut = cut_out(photograph(random, plain_desk(random, (1080, 1920)), page, corners, Look(falloff=0.1)))
    assert cut.corners is not None
    height, width = cut.image.shape[:2]
    flat = cv2.resize(cut.image, (1240, 1754))
    red = (flat[..., 2] > 120) & (flat[..., 0] < 90)
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    assert np.abs(np.array([rows[0], rows[-1], columns[0], columns[-1]]) - [100, 300, 100, 400]).max() < 8
    assert height > width
    assert red[200:290, 120:390].mean() > 0.98


def test_given_corners_are_used_and_senseless_ones_are_not() -> None:
    picture = white_page(UPRIGHT)
    given = ((700.0, 200.0), (1200.0, 200.0), (1200.0, 700.0), (700.0, 700.0))
    cut = cut_out(picture, given)
    assert cut.corners == given
    assert cut.image.shape[:2] == (500, 500)
    for bad in (((0.0, 0.0),) * 4, ((float("nan"), 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))):
        whole = cut_out(picture, bad)
        assert whole.corners is None
        assert whole.image.shape == picture.shape


def test_order_of_corners_does_not_matter() -> None:
    for shift in range(4):
        for direction in (1, -1):
            assert np.array_equal(clockwise(np.roll(UPRIGHT, shift, axis=0)[::direction]), UPRIGHT)
