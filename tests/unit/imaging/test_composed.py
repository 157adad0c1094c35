"""Composed photographs: the same each time, and their corners are where they say."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from drivers.imaging.geometry import Image, Quad, area, as_image
from drivers.scenes.camera import Look, camera_view, lay, photograph
from drivers.scenes.compose import (
    FULL_HD,
    PAPERS,
    Composed,
    clipped_page,
    desk_alone,
    page_on_desk,
)
from drivers.scenes.desks import DESKS
from drivers.scenes.hazards import fingers
from drivers.scenes.several import MOST, several_items

CLEAR = Look(falloff=0, shadow=0, blur=0, noise=0)
SMALL = (960, 540)


def shots(seed: int) -> list[Composed]:
    makers = (page_on_desk, desk_alone, clipped_page, several_items)
    return [make(np.random.default_rng([seed, number]), SMALL) for number, make in enumerate(makers)]


def edge_place(picture: Image, start: Quad, end: Quad, inward: Quad) -> float:
    """How far inward of the line from start to end the picture turns from dark to light, in pixels, half-way up."""
    places = np.linspace(0.1, 0.9, 60)[:, None] * (end - start) + start
    offsets = np.arange(-6, 6.01, 0.1)
    samples = places[:, None] + offsets[None, :, None] * inward - 0.5  # the sampler counts from pixel centres
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    profile = cv2.remap(grey, samples.astype(np.float32), None, cv2.INTER_LINEAR).mean(axis=0)
    return float(np.interp((profile[0] + profile[-1]) / 2, profile, offsets))


def test_a_seed_gives_the_same_bytes_each_time() -> None:
    for one, again in zip(shots(3), shots(3), strict=True):
        assert one.jpeg() == again.jpeg()
        assert one.hazards == again.hazards
        assert len(one.laid) == len(again.laid)
        for laid, same in zip(one.laid, again.laid, strict=True):
            assert np.array_equal(laid.corners, same.corners)
            assert laid.paper.lines == same.paper.lines


def test_another_seed_gives_another_picture() -> None:
    assert [shot.jpeg() for shot in shots(3)] != [shot.jpeg() for shot in shots(4)]


@pytest.mark.parametrize("seed", range(6))
def test_the_paper_begins_exactly_at_its_corners(seed: int) -> None:
    """An error here would be counted as the finder's."""
    random = np.random.default_rng(seed)
    corners = camera_view(random, (210, 297), SMALL, fill=0.8, turn=random.uniform(-180, 180), tilt=20)
    page = as_image(np.full((1754, 1240, 3), 250))
    desk = np.full((*SMALL[::-1], 3), 20, np.float32)
    picture = photograph(random, desk, page, corners, CLEAR)
    middle = corners.mean(axis=0)
    for side in range(4):
        start, end = corners[side], corners[(side + 1) % 4]
        normal = np.array([start[1] - end[1], end[0] - start[0]]) / np.linalg.norm(end - start)
        inward = normal if normal @ (middle - start) > 0 else -normal
        assert abs(edge_place(picture, start, end, inward)) < 0.06


def test_what_stands_on_the_paper_is_where_the_corners_say() -> None:
    random = np.random.default_rng(2)
    paper = PAPERS["judgment"](random, 100)
    corners = camera_view(random, paper.millimetres, FULL_HD, fill=0.9, turn=160, tilt=18)
    picture = photograph(random, DESKS["grey-mat"](random, FULL_HD[::-1]), paper.image, corners, CLEAR)
    height, width = paper.image.shape[:2]
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform((corners - 0.5).astype(np.float32), flat - 0.5)
    back = cv2.warpPerspective(picture, matrix, (width, height))
    agreement = np.corrcoef(back.astype(np.float32).ravel(), paper.image.astype(np.float32).ravel())[0, 1]
    assert agreement > 0.8


def test_a_page_on_a_desk_lies_wholly_in_the_picture_and_a_clipped_one_does_not() -> None:
    for seed in range(12):
        whole = page_on_desk(np.random.default_rng(seed), SMALL)
        assert not whole.clipped
        corners = whole.laid[0].corners
        assert (corners > 0).all()
        assert (corners < SMALL).all()
        cut = clipped_page(np.random.default_rng(seed), SMALL)
        assert cut.clipped
        outside = cut.laid[0].corners
        assert (outside < 0).any() or (outside > SMALL).any()
        frame = np.array([[0, 0], [SMALL[0], 0], SMALL, [0, SMALL[1]]], np.float32)
        shown = cv2.intersectConvexConvex(outside.astype(np.float32), frame)[0]
        assert 0.3 < shown / area(outside) < 1


def test_several_items_lie_apart_and_inside() -> None:
    counts = set()
    for seed in range(16):
        laid = several_items(np.random.default_rng(seed), SMALL).laid
        counts.add(len(laid))
        for number, one in enumerate(laid):
            assert (one.corners > 0).all()
            assert (one.corners < SMALL).all()
            for other in laid[:number]:
                shared = cv2.intersectConvexConvex(one.corners.astype(np.float32), other.corners.astype(np.float32))[0]
                assert shared == 0
    assert min(counts) == 2
    assert max(counts) == MOST


def test_an_empty_desk_has_no_paper_on_it() -> None:
    assert all(desk_alone(np.random.default_rng(seed), SMALL).laid == () for seed in range(4))


@pytest.mark.parametrize("name", sorted(DESKS))
def test_a_desk_looks_alike_at_any_size(name: str) -> None:
    """Patterns and things are as large a share of the picture at 13 megapixels as in a video frame."""
    small = DESKS[name](np.random.default_rng(5), (270, 480))
    large = cv2.resize(DESKS[name](np.random.default_rng(5), (1080, 1920)), (480, 270), interpolation=cv2.INTER_AREA)
    blurred = [cv2.GaussianBlur(one, (0, 0), 12) for one in (small, large)]
    assert np.abs(blurred[0] - blurred[1]).mean() < 12


def test_a_curled_paper_bends_its_sides_but_not_its_corners() -> None:
    corners = np.array([[200.0, 100.0], [700.0, 100.0], [700.0, 440.0], [200.0, 440.0]])
    page, desk = as_image(np.full((680, 1000, 3), 250)), np.full((*SMALL[::-1], 3), 20, np.float32)
    flat, bent = (lay(np.random.default_rng(0), desk, page, corners, shadow=0, bow=bow) for bow in (0.0, 0.02))
    differs = np.abs(flat - bent).max(axis=2) > 40
    assert differs[90:110, 400:500].any()
    assert not differs[:, 150:204].any()
    assert not differs[:, 697:750].any()


def test_fingers_cover_a_part_of_the_page_and_come_from_outside_it() -> None:
    for seed in range(8):
        random = np.random.default_rng(seed)
        scene = np.full((*SMALL[::-1], 3), 240, np.float32)
        corners = camera_view(random, (210, 297), SMALL, fill=0.8, turn=0, tilt=0)
        touched = (np.abs(fingers(random, scene, corners) - scene).max(axis=2) > 40).astype(np.uint8)
        page = cv2.fillConvexPoly(np.zeros_like(touched), np.round(corners).astype(np.int32), 1)
        assert 0.001 < (touched & page).sum() / page.sum() < 0.15
        assert (touched & (1 - page)).any()
