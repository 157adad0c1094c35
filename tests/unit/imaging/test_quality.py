"""Every flaw has pictures that raise it, and pictures that must not."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from drivers.api.records import FlawKind
from drivers.imaging import quality
from drivers.imaging.geometry import Image, Quad, as_image, warp
from drivers.imaging.seen import FrameSide, PageOutside
from drivers.scenes.compose import FULL_HD
from drivers.scenes.hazards import GLOVES, SKINS, fingers
from tests.benchmarks.scan import flaw_scenes
from tests.benchmarks.scan.flaw_scenes import RAISING, Scene

SEEDS = (1, 2, 3)
PREVIEW = 960


def live(scene: Scene, earlier: tuple[bytes, ...] = ()) -> quality.Judged:
    """What the preview's gates say of a scene, its corners off by a pixel as found ones are."""
    scale = PREVIEW / scene.picture.shape[1]
    small = as_image(cv2.resize(scene.picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    off = np.random.default_rng(7).normal(scale=0.5, size=(4, 2))
    return quality.look_at_frame(small, scene.corners * scale + off, finer=1 / scale, earlier=earlier)


def taken(scene: Scene) -> quality.Judged:
    """What is said of the page as taken."""
    return quality.look_at_page(scene.picture, scene.corners, warp(scene.picture, scene.corners))


def kinds(judged: quality.Judged) -> set[FlawKind]:
    return {flaw.kind for flaw in judged.flaws}


@pytest.mark.parametrize("seed", range(6))
def test_a_good_page_has_no_flaw(seed: int) -> None:
    scene = flaw_scenes.good(np.random.default_rng([5, seed]))
    assert kinds(live(scene)) == set()
    assert kinds(taken(scene)) == set()


@pytest.mark.parametrize("kind", RAISING)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_flaw_is_told_and_no_other(kind: FlawKind, seed: int) -> None:
    """S1-32: what stands in the way of a readable page is told while the person can still put it right."""
    scene = RAISING[kind](np.random.default_rng([6, seed]))
    assert kinds(live(scene)) == {kind}
    assert kinds(taken(scene)) == {kind}


def page_at(corners: Quad, colour: int = 232) -> Image:
    """A sheet with lines of writing on a dark desk."""
    sheet = np.full((1188, 840, 3), colour, np.uint8)
    for y in range(90, 1100, 34):
        for x in range(80, 760, 20):
            cv2.rectangle(sheet, (x, y), (x + 12, y + 14), (40, 40, 44), 2)
    picture = np.full((1080, 1920, 3), 96, np.uint8)
    source = np.array([[0, 0], [840, 0], [840, 1188], [0, 1188]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    cv2.warpPerspective(sheet, matrix, (1920, 1080), dst=picture, borderMode=cv2.BORDER_TRANSPARENT)
    return as_image(cv2.GaussianBlur(picture, (0, 0), 0.7))


UPRIGHT = np.array([[620.0, 60.0], [1300.0, 60.0], [1300.0, 1021.0], [620.0, 1021.0]])


@pytest.mark.parametrize(("x", "y", "where"), [(0.2, 0.15, "upper left"), (0.8, 0.85, "lower right")])
def test_where_it_is_too_dark_is_told(x: float, y: float, where: str) -> None:
    """ "Too dark at the upper left": the area is there, in shares of the frame, and nowhere else."""
    picture = page_at(UPRIGHT).astype(np.float32)
    rows, columns = np.mgrid[0:1080, 0:1920]
    spot = UPRIGHT[0] + (UPRIGHT[2] - UPRIGHT[0]) * (x, y)
    away = np.hypot(columns - spot[0], rows - spot[1]) / 260
    dim = picture * (1 - 0.88 * np.exp(-(away**4)))[..., None]
    flaws = quality.look_at_frame(as_image(dim.astype(np.uint8)), UPRIGHT).flaws
    dark = next(flaw for flaw in flaws if flaw.kind is FlawKind.DARK)
    assert dark.area is not None
    left, top, right, bottom = dark.area
    middle = np.array([(left + right) / 2 * 1920, (top + bottom) / 2 * 1080])
    assert np.hypot(*(middle - spot)) < 120, where


@pytest.mark.parametrize("colour", [*SKINS, *GLOVES])
def test_fingers_are_told_by_what_they_do_not_by_their_colour(colour: tuple[int, int, int]) -> None:
    random = np.random.default_rng(11)
    seen = fingers(random, page_at(UPRIGHT).astype(np.float32), UPRIGHT, 2, (colour,))
    picture = as_image(cv2.GaussianBlur(np.clip(seen, 0, 255).astype(np.uint8), (0, 0), 0.7))
    covered = [flaw for flaw in quality.look_at_frame(picture, UPRIGHT).flaws if flaw.kind is FlawKind.COVERED]
    assert len(covered) == 1


def test_a_printed_frame_in_the_colour_of_the_desk_covers_nothing() -> None:
    picture = page_at(UPRIGHT)
    cv2.rectangle(picture, (626, 66), (1294, 1015), (96, 96, 96), 22)
    assert FlawKind.COVERED not in kinds(quality.look_at_frame(picture, UPRIGHT))


def test_a_page_that_came_before_is_told_with_its_number_whichever_way_it_lies() -> None:
    random = np.random.default_rng(31)
    first, other = paper_on_mat(random, "lease"), paper_on_mat(random, "licence")
    earlier = (live(other).hashes[0], live(first).hashes[0])
    again = flaw_scenes.again(np.random.default_rng(32), first)
    told = [flaw for flaw in live(again, earlier).flaws if flaw.kind is FlawKind.SAME]
    assert [flaw.page for flaw in told] == [2]
    assert FlawKind.SAME not in kinds(live(paper_on_mat(random, "iou"), earlier))


def paper_on_mat(random: np.random.Generator, name: str) -> Scene:
    given = replace(flaw_scenes.a_setting(random, FULL_HD, name=name), desk="grey-mat")
    return flaw_scenes.taken(random, flaw_scenes.laid(random, FULL_HD, given), given, name)


def test_blank_pages_are_not_called_the_same() -> None:
    scene = flaw_scenes.empty(np.random.default_rng(41))
    assert kinds(live(scene, live(scene).hashes[:1])) == {FlawKind.BLANK}


def test_a_page_that_leaves_the_picture_tells_over_which_sides() -> None:
    outline = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]])
    flaws = quality.outside(PageOutside((FrameSide.LEFT, FrameSide.BOTTOM), outline, 0.9))
    assert [flaw.kind for flaw in flaws] == [FlawKind.OUTSIDE, FlawKind.OUTSIDE]
    areas = [flaw.area or () for flaw in flaws]
    assert areas[0] == pytest.approx((0.0, 0.0, 0.1, 1.0), abs=0.1)
    assert areas[1] == pytest.approx((0.0, 0.9, 1.0, 1.0), abs=0.1)
