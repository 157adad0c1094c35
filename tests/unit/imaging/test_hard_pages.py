"""What invites a wrong answer: printed frames, keyboards, corners of the picture; and what a confidence is worth."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from drivers.imaging.find_page import find_page, look
from drivers.imaging.geometry import Image, Quad, as_image, widened
from drivers.imaging.seen import FoundPage, FrameSide, PageOutside
from drivers.imaging.track import Tracker
from drivers.scenes.camera import Look, photograph
from tests.benchmarks.scan.confidence import Band, bands

Overlap = Callable[[Quad, Quad], float]


def with_frame() -> Image:
    """A licence: a broad frame printed a little inside the edge of light paper."""
    page = as_image(np.full((1000, 1400, 3), (226, 232, 236)))
    cv2.rectangle(page, (56, 56), (1343, 943), (70, 150, 200), 18)
    return page


@pytest.mark.parametrize("desk", [205.0, 214.0, 120.0])
def test_of_a_printed_frame_on_a_sheet_the_sheet_is_found(desk: float, overlap: Overlap) -> None:
    corners = np.array([[520.0, 250.0], [1330.0, 235.0], [1345.0, 815.0], [510.0, 830.0]])
    bare = np.full((1080, 1920, 3), desk, np.float32)
    tracker = Tracker()
    for seed in (1, 2, 3):
        seen = tracker.look(photograph(np.random.default_rng(seed), bare, with_frame(), corners, Look(noise=2.0)))
        assert isinstance(seen, FoundPage)
        assert overlap(seen.corners, corners) > 0.98


@pytest.mark.parametrize("key", [52, 60, 68])
@pytest.mark.parametrize("left", [-60, 300])
def test_a_light_keyboard_is_not_said_to_be_a_page_that_leaves_the_picture(key: int, left: int) -> None:
    """It is lighter than the desk and its edges run straight out of the picture, as those of such a page do."""
    scene = np.full((1080, 1920, 3), 80, np.float32)
    top, right = 1080 - round(4.4 * key), left + round(13.4 * key)
    cv2.rectangle(scene, (left, top), (right, 1100), (198.0, 198.0, 198.0), -1)
    for row in range(5):
        for column in range(13):
            x, y = left + round((column + 0.2) * key), top + round((row + 0.4) * key)
            cv2.rectangle(scene, (x + 4, y + 4), (x + key - 4, y + key - 4), (232.0, 232.0, 230.0), -1)
    assert look(photograph(np.random.default_rng(1), scene, None, None, Look(noise=2.0))) is None


@pytest.mark.parametrize("turn", [20, 35, 50, 65])
def test_a_page_that_leaves_over_a_corner_of_the_picture_is_told(turn: float) -> None:
    """Both sides of the picture that meet there are named, however the page is turned."""
    angle = np.radians(turn)
    along = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    flat = np.array([[-310.0, -440.0], [310.0, -440.0], [310.0, 440.0], [-310.0, 440.0]])
    corners = flat @ along + np.array([190.0, 160.0])
    page = as_image(np.full((1754, 1240, 3), 240))
    bare = np.full((1080, 1920, 3), 90, np.float32)
    seen = look(photograph(np.random.default_rng(3), bare, page, corners, Look(noise=2.0)))
    assert isinstance(seen, PageOutside)
    assert {FrameSide.LEFT, FrameSide.TOP} <= set(seen.sides)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_pages_told_with_more_confidence_are_more_often_right(
    scene: Callable[[int], tuple[Image, Quad]], overlap: Overlap
) -> None:
    """In poor pictures, small, soft, grey and grainy: what is told with at least 0.9 is right more often than the rest,
    and no band is right less often than its pages say of themselves."""
    told: list[tuple[float, bool]] = []
    for seed in range(9400, 9440):
        picture, corners = scene(seed)
        for size in (960, 480):
            scale = size / max(picture.shape[:2])
            small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            grain = np.random.default_rng(seed).normal(0, 4, small.shape)
            poor = as_image(np.clip(128 + (small.astype(np.float32) - 128) * 0.4 + grain, 0, 255).astype(np.uint8))
            found = find_page(poor)
            if found:
                told.append((found.confidence, overlap(found.corners, corners * scale) >= 0.9))
    sure, unsure = ([right for confidence, right in told if (confidence >= 0.9) is high] for high in (True, False))
    assert len(sure) > 20
    assert np.mean(sure) >= np.mean(unsure or [False])
    for band in (told, [one for one in told if one[0] < 0.9]):
        if len(band) >= 10:
            assert np.mean([right for _, right in band]) >= np.mean([confidence for confidence, _ in band]) - 0.05


def test_the_table_of_confidences_counts_every_page_once_in_its_band() -> None:
    told = [(0.62, False), (0.68, True), (0.95, True), (1.0, True), (1.0, True)]
    assert bands(told) == [
        Band(0.6, 2, 65.0, 50.0),
        Band(0.95, 1, 95.0, 100.0),
        Band(0.99, 2, 100.0, 100.0),
    ]


def test_a_widened_quad_has_its_sides_that_much_further_out() -> None:
    square = np.array([[10.0, 10.0], [30.0, 10.0], [30.0, 40.0], [10.0, 40.0]])
    assert np.allclose(widened(square, 4.0), [[6.0, 6.0], [34.0, 6.0], [34.0, 44.0], [6.0, 44.0]])
