"""Pages come out upright, straight, evenly lit and small, and nothing that stood on them is lost."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from drivers.api.records import FlawKind
from drivers.scenes.compose import PAPERS
from kiosk.pages.decode import UnusablePictureError
from kiosk.pages.model import CleanedPage, PageKind, Paper, Turn, Unusable
from kiosk.pages.pixels import as_image
from kiosk.pages.view import ink_image, shown
from tests.benchmarks.scan.reading import worn

Image = np.ndarray
TEXT_BYTES, SEALED_BYTES = 60_000, 180_000


def kinds(page: CleanedPage) -> set[FlawKind]:
    return {flaw.kind for flaw in page.findings}


def covered(truth: Image, found: Image, reach: int = 5) -> float:
    """How much of `truth` (mask) has a point of `found` (mask) within `reach` pixels."""
    near = cv2.dilate(found, np.ones((reach, reach), np.uint8))
    return float(np.count_nonzero(truth & near) / max(1, np.count_nonzero(truth)))


def dark(picture: Image, below: int) -> Image:
    return (cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) < below).astype(np.uint8) * 255


# -- ink


def test_print_stays_and_shadow_goes(writing: Callable[..., Image], photographed, cleaned) -> None:
    page = writing()
    made = cleaned(photographed(page))
    assert made.page.kind is PageKind.TEXT
    assert (made.page.width, made.page.height, made.page.dpi) == (2480, 3508, 300)
    assert len(made.page.ink) <= TEXT_BYTES
    truth, ink = dark(page, 150), 255 - ink_image(made.page)
    assert covered(truth, ink) > 0.99
    assert covered(ink, truth) > 0.995, "no ink where none was"


@pytest.mark.parametrize(("grey", "least"), [(205, 0.9), (190, 0.97), (150, 0.99)])
def test_faint_pencil_and_pale_thermal_print_stay(
    writing: Callable[..., Image], photographed, cleaned, grey: int, least: float
) -> None:
    page = writing((grey, grey, grey))
    made = cleaned(photographed(page))
    truth, ink = dark(page, 230), 255 - ink_image(made.page)
    assert covered(truth, ink) > least
    assert covered(ink, truth) > 0.99


def test_a_page_with_nothing_but_a_signature_keeps_it(paper, photographed, cleaned) -> None:
    page = np.full((3508, 2480, 3), 250, np.uint8)
    cv2.polylines(
        page, [np.array([[900, 2600], [980, 2500], [1040, 2640], [1180, 2520], [1300, 2610]])], False, (40, 40, 40), 7
    )
    made = cleaned(photographed(page))
    assert FlawKind.BLANK in kinds(made), "asked, not dropped"
    assert covered(dark(page, 150), 255 - ink_image(made.page)) > 0.98


def test_empty_paper_is_called_blank_and_carries_no_ink(paper, photographed, cleaned) -> None:
    made = cleaned(photographed(paper("blank")))
    assert made.page.blank
    assert kinds(made) == {FlawKind.BLANK}
    assert np.count_nonzero(ink_image(made.page) == 0) == 0


# -- colour


def test_a_red_seal_stays_red_and_the_print_under_it_stays_black(
    writing: Callable[..., Image], photographed, cleaned
) -> None:
    page = writing()
    sealed = page.astype(np.float32)
    lay = np.zeros(page.shape[:2], np.uint8)
    cv2.circle(lay, (1500, 2000), 240, 255, 20)
    cv2.circle(lay, (1500, 2000), 70, 255, -1)
    red = np.array([44, 52, 206], np.float32)
    inked = lay > 0
    sealed[inked] = np.minimum(sealed[inked], red)
    made = cleaned(photographed(sealed.astype(np.uint8)))
    assert made.page.kind is PageKind.SEALED
    assert len(made.page.ink) + len(made.page.background) + len(made.page.ink_colour) <= SEALED_BYTES
    ink = 255 - ink_image(made.page)
    truth = dark(page, 150)
    assert covered(truth & lay, ink) > 0.95, "print under the seal"
    assert covered(ink & lay, truth, 9) > 0.95, "the seal itself is no ink"
    seal_only = cv2.erode(lay, np.ones((7, 7), np.uint8)) & ~cv2.dilate(truth, np.ones((15, 15), np.uint8))
    b, g, r = (int(np.median(shown(made.page)[..., at][seal_only > 0])) for at in (2, 1, 0))
    assert r > 170
    assert max(b, g) < 110


def test_a_blue_pen_stays_blue_and_sharp(writing: Callable[..., Image], photographed, cleaned) -> None:
    page = writing((150, 60, 40))
    made = cleaned(photographed(page))
    assert made.page.kind is PageKind.SEALED
    assert made.page.ink_colour
    strokes = cv2.erode(dark(page, 150), np.ones((3, 3), np.uint8)) > 0
    seen = shown(made.page)[strokes].astype(int)
    assert np.median(seen[:, 2] - seen[:, 0]) > 50, "bluer than red"
    assert covered(dark(page, 150), 255 - ink_image(made.page)) > 0.98


@pytest.mark.parametrize("seed", [1, 3])
def test_one_hand_has_one_colour_though_the_camera_is_coarse(paper, photographed, cleaned, seed: int) -> None:
    """Thin strokes show little of their pen's colour; they are no print among writing, and print is no writing."""
    page = cv2.resize(paper("iou", seed), None, fx=110 / 300, fy=110 / 300, interpolation=cv2.INTER_AREA)
    made = cleaned(photographed(page, shade=0.2, shadow=0.0))
    assert made.page.ink_colour
    seen = shown(made.page).astype(int)
    sheet = cv2.resize(page, (seen.shape[1], seen.shape[0])).astype(int)
    strokes = seen.min(axis=2) < 170
    pen = np.ptp(sheet, axis=2) > 60
    assert np.mean(np.ptp(seen, axis=2)[strokes & pen] < 15) < 0.03, "black among blue"
    print_ = (sheet.max(axis=2) < 120) & ~pen
    assert np.mean(np.ptp(seen, axis=2)[strokes & print_] < 15) > 0.95, "blue among black"


def test_black_print_on_yellow_paper_is_a_text_page(writing: Callable[..., Image], photographed, cleaned) -> None:
    """White balance: the paper's own colour costs no background."""
    page = (writing().astype(np.float32) * (0.72, 0.93, 1.0)).astype(np.uint8)
    assert cleaned(photographed(page)).page.kind is PageKind.TEXT


def test_chat_bubbles_keep_their_colour_and_have_no_black_rim(paper, photographed, cleaned) -> None:
    made = cleaned(photographed(paper("chat", 11)))
    seen = shown(made.page).astype(int)
    green = (seen[..., 1] - seen[..., 0] > 40) & (seen[..., 1] - seen[..., 2] > 40)
    assert green.mean() > 0.02
    rim = cv2.morphologyEx(green.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((9, 9), np.uint8)) > 0
    assert (ink_image(made.page)[rim] == 0).mean() < 0.12, "characters in bubbles have rims too; outlines would be half"


def test_photographs_and_cards_are_pictures(paper, photographed, cleaned) -> None:
    random = np.random.default_rng(2)
    scene = cv2.GaussianBlur(random.uniform(0, 255, (1754, 1240, 3)).astype(np.float32), (0, 0), 40)
    scene = (scene - scene.min()) / np.ptp(scene) * 255
    made = cleaned(photographed(cv2.resize(scene, (2480, 3508)).astype(np.uint8), shadow=0.0))
    assert made.page.kind is PageKind.PICTURE
    assert not made.page.ink
    card = cleaned(photographed(paper("identity_front"), shadow=0.2))
    assert (card.page.kind, card.page.paper) == (PageKind.PICTURE, Paper.ID_1)


def test_a_photograph_on_a_page_of_print_is_kept_beside_the_print(
    writing: Callable[..., Image], photographed, cleaned
) -> None:
    """A copy of a portrait or a card must not become black and white blots."""
    page = writing()
    portrait = np.zeros((600, 700), np.float32)
    for size in (3, 8, 24, 60):
        grains = cv2.GaussianBlur(np.random.default_rng(size).normal(0, 1, portrait.shape), (0, 0), size)
        portrait += (grains / grains.std()).astype(np.float32) * size**0.5
    portrait = np.clip(110 + 14 * portrait, 10, 215)
    page[1800:2400, 900:1600] = portrait.astype(np.uint8)[..., None]
    made = cleaned(photographed(page))
    assert made.page.kind is PageKind.SEALED
    seen = cv2.GaussianBlur(shown(made.page)[1850:2350, 950:1550, 1].astype(np.float32), (0, 0), 4)
    alike = np.corrcoef(seen.ravel(), cv2.GaussianBlur(portrait[50:550, 50:650], (0, 0), 4).ravel())[0, 1]
    assert alike > 0.9, "its tones"
    assert covered(dark(page, 150)[:1600], (255 - ink_image(made.page))[:1600]) > 0.99


def test_print_too_blurred_for_black_and_white_stays_grey_and_small(paper, photographed, cleaned) -> None:
    """Its characters would run together; in grey they can still be read."""
    page = paper("judgment")
    small = cv2.resize(page, None, fx=0.55, fy=0.55, interpolation=cv2.INTER_AREA)
    blurred = cleaned(photographed(as_image(cv2.GaussianBlur(small, (0, 0), 2.2)), grain=2.0))
    assert (blurred.page.kind, blurred.page.ink) == (PageKind.PICTURE, b"")
    assert len(blurred.page.background) < 100_000
    seen = cv2.cvtColor(shown(blurred.page), cv2.COLOR_RGB2GRAY)
    assert np.median(seen) == 255, "paper is white"
    truth = cv2.GaussianBlur(cv2.resize(dark(page, 150), seen.shape[::-1], interpolation=cv2.INTER_AREA), (0, 0), 3)
    text = slice(seen.shape[0] // 10, seen.shape[0] // 2)
    assert np.corrcoef(255.0 - seen[text].ravel(), truth[text].ravel())[0, 1] > 0.85
    assert cleaned(photographed(page)).page.kind is PageKind.SEALED


@pytest.mark.parametrize("shadow", [0.0, 0.25])
def test_shaded_rows_of_a_table_stay_grey_and_their_print_sharp(
    writing: Callable[..., Image], photographed, cleaned, shadow: float
) -> None:
    page = writing()
    for top in (640, 1180):
        row = page[top : top + 110, 240:2240]
        page[top : top + 110, 240:2240] = np.minimum(row, 205)
    made = cleaned(photographed(page, shadow=shadow))
    assert made.page.kind is PageKind.SEALED
    seen = shown(made.page)[..., 1]
    beside = 255 - ink_image(made.page)
    for top in (640, 1180):
        shade = seen[top + 10 : top + 100, 260:2220][beside[top + 10 : top + 100, 260:2220] == 0]
        assert 185 < np.median(shade) < 225
    assert np.median(seen[300:600][beside[300:600] == 0]) == 255
    assert covered(dark(page, 150), beside) > 0.98
    assert len(made.page.background) < 40_000


def test_a_copied_photograph_keeps_its_smooth_greys(writing: Callable[..., Image], photographed, cleaned) -> None:
    page = writing()
    y, x = np.mgrid[0:700, 0:600] / 700.0
    face = np.clip(225 - 150 * np.exp(-((x - 0.43) ** 2 + (y - 0.45) ** 2) / 0.05) - 50 * y, 20, 225).astype(np.uint8)
    page[1700:2400, 1000:1600] = face[..., None]
    seen = shown(cleaned(photographed(page)).page)[1720:2380, 1020:1580, 1]
    assert np.corrcoef(seen.ravel(), face[20:680, 20:580].ravel())[0, 1] > 0.97


@pytest.mark.parametrize("name", ["lease", "judgment", "statement", "fee_notice"])
def test_shadows_and_codes_are_no_pictures(paper, photographed, cleaned, name: str) -> None:
    """The larger part of a page that is nothing but print stays as sharp as ink."""
    page = paper(name)
    made = cleaned(photographed(page, shadow=0.5))
    print_only = dark(page, 90)
    assert covered(print_only, 255 - ink_image(made.page)) > 0.97


# -- how it lies

TURNS = {0: Turn.UPRIGHT, 1: Turn.LEFT, 2: Turn.UPSIDE_DOWN, 3: Turn.RIGHT}


@pytest.mark.parametrize("name", ["lease", "judgment", "transfer", "slip", "statement"])
@pytest.mark.parametrize("quarters", TURNS)
def test_print_is_turned_upright(paper, photographed, cleaned, name: str, quarters: int) -> None:
    page = paper(name)
    made = cleaned(photographed(np.ascontiguousarray(np.rot90(page, quarters)), seed=quarters), dpi=300.0)
    assert made.page.turned is TURNS[quarters]
    assert (FlawKind.TURNED in kinds(made)) == (quarters != 0)
    assert (made.page.width > made.page.height) == (page.shape[1] > page.shape[0])


@pytest.mark.parametrize("quarters", TURNS)
@pytest.mark.parametrize("name", ["licence", "identity_front", "identity_back", "iou"])
def test_where_text_does_not_tell_nothing_is_turned_wrongly(
    paper, photographed, cleaned, name: str, quarters: int
) -> None:
    page = np.ascontiguousarray(np.rot90(paper(name), quarters))
    assert cleaned(photographed(page), dpi=300.0).page.turned in {TURNS[quarters], Turn.UNKNOWN}


@pytest.mark.parametrize("angle", [-4.0, -0.4, 0.7, 2.2])
@pytest.mark.parametrize("name", ["lease", "transfer", "slip", "statement", "licence", "chat"])
def test_lines_are_level_to_three_tenths_of_a_degree(paper, photographed, cleaned, name: str, angle: float) -> None:
    page = paper(name)
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    askew = cv2.warpAffine(page, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    made = cleaned(photographed(askew), dpi=300.0)
    again = cleaned(cv2.imencode(".png", shown(made.page)[..., ::-1])[1].tobytes(), dpi=300.0)
    assert abs(made.skew - angle) < 0.3
    assert abs(again.skew) < 0.3


@pytest.mark.parametrize("name", ["slip", "statement", "licence", "chat", "fee_notice", "iou"])
def test_a_page_that_lies_straight_is_not_turned(paper, photographed, cleaned, name: str) -> None:
    """Columns of figures and rows of unlike height must not pull it askew."""
    assert abs(cleaned(photographed(paper(name)), dpi=300.0).skew) < 0.1


def test_what_its_words_tell_counts_where_lines_do_not(paper, photographed, cleaned) -> None:
    jpeg = photographed(np.ascontiguousarray(np.rot90(paper("licence"), 2)))
    assert cleaned(jpeg).page.turned is Turn.UNKNOWN
    told = cleaned(jpeg, seems=Turn.UPSIDE_DOWN)
    assert told.page.turned is Turn.UPSIDE_DOWN
    assert FlawKind.TURNED in kinds(told)
    lease = photographed(np.ascontiguousarray(np.rot90(paper("lease"), 2)))
    assert cleaned(lease, seems=Turn.LEFT).page.turned is Turn.UPSIDE_DOWN


def test_a_few_stray_marks_do_not_tell_which_way_up_a_page_is(cleaned) -> None:
    """Five dots of worn characters once turned a licence upside down: its words are asked."""
    random = np.random.default_rng([4, 4])
    licence = worn(PAPERS["licence"](random, 300.0).image, random)
    for quarters, turn in TURNS.items():
        jpeg = cv2.imencode(".jpg", np.ascontiguousarray(np.rot90(licence, quarters)))[1].tobytes()
        assert cleaned(jpeg).strips is not None
        told = cleaned(jpeg, seems=turn)
        assert (told.page.turned, told.strips) == (turn, None)


def test_a_dense_page_needs_no_reading(paper, photographed, cleaned) -> None:
    for name in ("lease", "judgment"):
        assert cleaned(photographed(paper(name))).strips is None


def test_the_person_overrules(paper, photographed, cleaned) -> None:
    jpeg = photographed(np.ascontiguousarray(np.rot90(paper("lease"), 2)))
    kept = cleaned(jpeg, turned=Turn.UPRIGHT)
    assert kept.page.turned is Turn.UPRIGHT
    assert FlawKind.TURNED not in kinds(kept)
    assert cleaned(jpeg, kind=PageKind.PICTURE).page.kind is PageKind.PICTURE
    assert (cleaned(jpeg, paper=Paper.A5).page.width, cleaned(jpeg, paper=Paper.A5).page.height) == (1748, 2480)


# -- sizes


@pytest.mark.parametrize(
    ("size", "hints", "paper_size", "millimetres"),
    [
        ((1240, 1754), {}, Paper.A4, (210, 297)),
        ((1754, 1240), {}, Paper.A4, (297, 210)),
        ((1748, 2480), {"dpi": 300.0}, Paper.A5, (148, 210)),
        ((4960, 7016), {"dpi": 600.0}, Paper.A4, (210, 297)),
        ((1011, 638), {}, Paper.ID_1, (85.6, 54)),
        ((600, 1800), {}, Paper.SLIP, (80, 240)),
        ((1000, 1000), {}, Paper.FREE, (210, 210)),
        ((1240, 1754), {"straight": False}, Paper.FREE, (210, 297)),
        ((900, 1181), {"dpi": 150.0}, Paper.FREE, (152.4, 200)),
        ((1240, 1754), {"about_dpi": 142.0}, Paper.A4, (210, 297)),
        ((1240, 1754), {"about_dpi": 228.0}, Paper.A5, (148, 210)),
        ((1240, 1754), {"about_dpi": 194.0}, Paper.A5, (148, 210)),
        ((1240, 1754), {"about_dpi": 300.0}, Paper.FREE, (105, 148.5)),
        ((1011, 638), {"about_dpi": 280.0}, Paper.ID_1, (85.6, 54)),
        ((1011, 638), {"about_dpi": 160.0}, Paper.FREE, (160.5, 101.3)),
        ((1240, 1754), {"about_dpi": 228.0, "paper": Paper.A4}, Paper.A4, (210, 297)),
    ],
)
def test_paper_has_its_true_size(size, hints, paper_size: Paper, millimetres, cleaned) -> None:
    page = cleaned(cv2.imencode(".png", np.full((size[1], size[0], 3), 240, np.uint8))[1].tobytes(), **hints).page
    assert page.paper is paper_size
    assert page.width / page.dpi * 25.4 == pytest.approx(millimetres[0], abs=0.6)
    assert page.height / page.dpi * 25.4 == pytest.approx(millimetres[1], abs=0.6)


def test_a_claimed_resolution_that_no_scanner_has_is_not_believed(cleaned) -> None:
    """1 dpi would make a sheet of thirty metres."""
    png = cv2.imencode(".png", np.full((1754, 1240, 3), 240, np.uint8))[1].tobytes()
    assert cleaned(png, dpi=1.0).page.paper is Paper.A4


# -- what to look at


def test_the_same_page_is_asked_about_and_another_is_not(paper, photographed, cleaned) -> None:
    first = cleaned(photographed(paper("lease"), seed=1)).page.dhash
    other = cleaned(photographed(paper("judgment"), seed=2)).page.dhash
    again = cleaned(photographed(paper("lease"), seed=3, shade=0.15, shadow=0.2), earlier=(other, first))
    assert [flaw.page for flaw in again.findings if flaw.kind is FlawKind.SAME] == [2]
    assert FlawKind.SAME not in kinds(cleaned(photographed(paper("statement")), earlier=(other, first)))


def curled(page: Image, millimetres: float) -> Image:
    height, width = page.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    lift = millimetres * 300 / 25.4 * (1 - (2 * x / width - 1) ** 2)
    return cv2.remap(page, x, y + lift, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(40, 50, 60))


@pytest.mark.parametrize("millimetres", [0.0, 0.3, 2.5, 5.0])
def test_a_curled_page_is_told_and_a_flat_one_is_not(
    writing: Callable[..., Image], paper, photographed, cleaned, millimetres: float
) -> None:
    found = kinds(cleaned(photographed(curled(paper("judgment"), millimetres), shadow=0.0)))
    assert (FlawKind.FOLDED in found) == (millimetres > 1)


EDGES = {Turn.UPRIGHT: (0.0, 0.97, 1.0, 1.0), Turn.UPSIDE_DOWN: (0.0, 0.0, 1.0, 0.03), Turn.LEFT: (0.0, 0.0, 0.03, 1.0)}


@pytest.mark.parametrize(("turned", "area"), EDGES.items())
def test_a_curled_edge_is_shown_where_it_is_on_the_page_as_it_stands(cleaned, turned: Turn, area) -> None:
    bare = np.full((3508, 2480, 3), 240, np.uint8)
    jpeg = cv2.imencode(".jpg", curled(bare, 5.0))[1].tobytes()
    (found,) = (flaw.area for flaw in cleaned(jpeg, turned=turned).findings if flaw.kind is FlawKind.FOLDED)
    assert found == pytest.approx(area, abs=0.02)


@pytest.mark.parametrize("millimetres", [0.0, 4.0])
def test_a_curled_page_from_a_scanner_is_told_by_its_lines(paper, photographed, cleaned, millimetres: float) -> None:
    sheet = photographed(curled(paper("judgment"), millimetres), shadow=0.0, shade=0.05)
    assert (FlawKind.FOLDED in kinds(cleaned(sheet, dpi=300.0, straight=False))) == (millimetres > 1)


def test_slivers_of_the_desk_are_no_ink(writing: Callable[..., Image], photographed, cleaned) -> None:
    page = writing()
    page[:, :9] = 30
    page[-12:] = 30
    ink = 255 - ink_image(cleaned(photographed(page, shadow=0.0)).page)
    assert np.count_nonzero(ink[:, :30]) + np.count_nonzero(ink[-30:]) == 0
    assert covered(dark(writing(), 150), ink) > 0.99


def test_a_picture_that_cannot_be_used_says_why(cleaned) -> None:
    with pytest.raises(UnusablePictureError) as caught:
        cleaned(b"no picture at all")
    assert caught.value.reason is Unusable.NOT_A_PICTURE
