"""What the page benchmark says is right: truth files, scores, and recipes that are no straw men."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage

from drivers.imaging.geometry import Quad, as_image
from drivers.scenes.camera import Look, photograph
from drivers.scenes.compose import PAPERS, clipped_page, desk_alone, page_on_desk
from drivers.scenes.several import several_items
from tests.benchmarks.scan.characters import distance, plain, right
from tests.benchmarks.scan.corners import row_of
from tests.benchmarks.scan.recipes import RECIPES
from tests.benchmarks.scan.register import split, turned_by
from tests.benchmarks.scan.score import Answer, corner_error, overlap, scored
from tests.benchmarks.scan.sets import truth_of
from tests.benchmarks.scan.truth import Photo, Truth, load, save

SQUARE = np.array([[100.0, 100.0], [300.0, 100.0], [300.0, 300.0], [100.0, 300.0]])
SIZE = (640, 480)


def answer(quad: Quad | None, *, clipped: bool = False) -> Answer:
    corners = None if quad is None else [(float(x), float(y)) for x, y in quad]
    return Answer(corners, [2.0, 1.0], [2.0, 1.5], clipped)


def test_scores_of_a_shifted_square() -> None:
    assert overlap(SQUARE, SQUARE) == pytest.approx(1)
    assert overlap(SQUARE + np.array([100.0, 0.0]), SQUARE) == pytest.approx(1 / 3)
    assert overlap(SQUARE + 500, SQUARE) == 0
    assert corner_error(SQUARE + np.array([3.0, 4.0]), SQUARE, SIZE) == pytest.approx(100 * 5 / 800)


def test_it_does_not_matter_which_corner_comes_first() -> None:
    turned = np.array([[200.0, 50.0], [350.0, 200.0], [200.0, 350.0], [50.0, 200.0]])
    for shift in range(4):
        for direction in (1, -1):
            same = np.roll(turned, shift, axis=0)[::direction] + 1e-3 * np.arange(8).reshape(4, 2)
            assert overlap(same, turned) > 0.999
            assert corner_error(same, turned, SIZE) < 0.01


def test_misses_count_as_misses_and_the_fastest_run_is_taken() -> None:
    truth = Truth([(float(x), float(y)) for x, y in SQUARE], SIZE)
    photos = [Photo(name, Path(name), truth) for name in ("found", "missed", "wrong")]
    results = [
        scored("found", answer(SQUARE + 0.1), SQUARE, SIZE),
        scored("missed", answer(None), SQUARE, SIZE),
        scored("wrong", answer(SQUARE * 0.5), SQUARE, SIZE),
    ]
    row = row_of("method", photos, results)
    assert row.iou90 == row.iou98 == 33.3
    assert row.p50 == 1.0
    assert row.cpu_p50 == 1.5
    assert row.error is not None
    assert row.error < 0.1
    assert row.false is row.silent is None


def test_pages_claimed_on_empty_desks_and_on_clipped_pages_are_counted_apart() -> None:
    empty, cut = Truth(None, SIZE), Truth([(-50.0, 0.0), (90.0, 0.0), (90.0, 90.0), (-50.0, 90.0)], SIZE, clipped=True)
    photos = [Photo("a", Path("a"), empty), Photo("b", Path("b"), empty), Photo("c", Path("c"), cut)]
    results = [scored(photo.name, answer(None), None, SIZE) for photo in photos]
    quiet = row_of("quiet", photos, results)
    assert (quiet.false, quiet.silent, quiet.told, quiet.iou90) == (0.0, 100.0, 0.0, None)
    results = [scored("a", answer(SQUARE), None, SIZE), *results[1:2]]
    results.append(scored("c", answer(None, clipped=True), None, SIZE))
    loud = row_of("loud", photos, results)
    assert (loud.false, loud.told) == (50.0, 100.0)


def test_a_truth_file_comes_back_as_it_was(tmp_path: Path) -> None:
    shots = [
        make(np.random.default_rng(1), (480, 270)) for make in (page_on_desk, desk_alone, clipped_page, several_items)
    ]
    truths = {f"{number}.jpg": truth_of(shot) for number, shot in enumerate(shots)}
    for number, shot in enumerate(shots):
        (tmp_path / f"{number}.jpg").write_bytes(shot.jpeg())
    save(tmp_path, truths)
    loaded = load(tmp_path)
    assert {photo.name: photo.truth for photo in loaded} == truths
    whole, empty, cut, several = (photo.truth for photo in loaded)
    assert whole.corners is not None
    assert whole.text
    assert empty.corners is None
    assert cut.clipped
    assert len(several.items) == len(shots[3].laid) > 1


def test_the_plain_form_of_the_file_is_enough_and_pictures_are_upright(tmp_path: Path) -> None:
    exif = PillowImage.Exif()
    exif[0x0112] = 6  # stored a quarter turn to the left of how it is seen
    PillowImage.new("RGB", (400, 200)).save(tmp_path / "a.jpg", exif=exif)
    (tmp_path / "truth.json").write_text(
        '{"a.jpg": {"corners": [[20, 40], [180, 40], [180, 360], [20, 360]], "wh": [200, 400]}}'
    )
    (photo,) = load(tmp_path)
    picture, corners = photo.picture(200)
    assert picture.shape == (200, 100, 3)
    assert corners is not None
    assert corners.tolist() == [[10, 20], [90, 20], [90, 180], [10, 180]]


def test_a_photograph_that_is_missing_is_said(tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text('{"a.jpg": {"corners": null, "wh": [1, 1]}}')
    with pytest.raises(ValueError, match=r"a\.jpg"):
        load(tmp_path)


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_a_recipe_finds_a_clear_page(name: str) -> None:
    """A peer that finds nothing would make every comparison worthless."""
    corners = np.array([[200.0, 60.0], [720.0, 80.0], [700.0, 500.0], [180.0, 480.0]])
    random = np.random.default_rng(0)
    desk = np.full((540, 960, 3), 40, np.float32)
    picture = photograph(random, desk, as_image(np.full((600, 800, 3), 240)), corners, Look(falloff=0.1, shadow=0.1))
    found = RECIPES[name](picture)
    assert found is not None
    assert overlap(found, corners) > 0.95


@pytest.mark.parametrize("angle", [0.0, 0.4, -1.5, 90.3, 180.0, -90.2])
def test_the_angle_of_a_page_against_its_paper_is_measured(angle: float) -> None:
    """What is said of skew and orientation is only as good as this."""
    drawn = PAPERS["lease"](np.random.default_rng(3), 110).image
    reference = as_image(cv2.cvtColor(drawn, cv2.COLOR_BGR2GRAY))
    height, width = reference.shape
    side = 1800
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    matrix[:, 2] += ((side - width) / 2, (side - height) / 2)
    page = cv2.warpAffine(reference, matrix, (side, side), borderValue=255.0)
    found = turned_by(as_image(cv2.GaussianBlur(page, (0, 0), 0.8)), reference)
    assert found is not None
    quarters, left = split(found)
    assert quarters == round(angle / 90) % 4
    assert left == pytest.approx(angle - 90 * round(angle / 90), abs=0.12)


def test_another_paper_has_no_angle() -> None:
    papers = [PAPERS[name](np.random.default_rng(1), 110).image for name in ("iou", "blank")]
    grey = [as_image(cv2.cvtColor(paper, cv2.COLOR_BGR2GRAY)) for paper in papers]
    assert turned_by(grey[0], grey[1]) is None


def test_characters_are_counted_without_regard_to_spaces_widths_and_lines() -> None:
    assert plain(["人民币 （", "¥1，000）"]) == "人民币(¥1,000)"
    assert right(["借款人：张示例"], ["借款人:张", "示例"]) == (7, 7)
    assert right(["借敖人：张示"], ["借款人：张示例"]) == (5, 7)
    assert right(["什么" * 20], ["借条"]) == (0, 2)


@given(st.text("甲乙丙", max_size=8), st.text("甲乙丙", max_size=8), st.text("甲乙丙", max_size=8))
def test_the_distance_of_texts_is_a_metric(one: str, other: str, third: str) -> None:
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) == distance(other, one)
    assert distance(one, third) <= distance(one, other) + distance(other, third)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))
