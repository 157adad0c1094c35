"""Cards under a lid of their own colour are found by what is printed on them, and nothing else is taken for one."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from drivers.imaging.geometry import Image, Quad, as_image, clockwise
from drivers.imaging.items import find_items, with_others
from drivers.imaging.lid import cards_under_lid
from drivers.imaging.seen import FoundPage
from drivers.scenes import cards, documents
from drivers.scenes.camera import Look, exposed, lay

DPI = 150
_SHADOW = 0.4 * DPI / 25.4  # pixels


def under(lid: float, seed: int) -> tuple[Image, list[Quad]]:
    """Both sides of a card under a lid as light as that, with the thin shadow that a scanner's lamp leaves."""
    random = np.random.default_rng(seed)
    size = (round(297 * DPI / 25.4), round(210 * DPI / 25.4))
    scene = np.full((*size, 3), lid, np.float32)
    places = []
    for number, draw in enumerate((cards.identity_front, cards.identity_back)):
        card = draw(random, DPI)
        width, height = (side * DPI / 25.4 for side in card.millimetres)
        lean = np.radians(random.normal() * 3)
        turn = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
        flat = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 2 @ turn.T
        corners = flat + np.array(((0.26 + 0.48 * number) * size[1], 0.2 * size[0])) + random.uniform(-8, 8, 2)
        edge = np.round((corners + _SHADOW) * 16).astype(np.int32)
        cv2.fillConvexPoly(scene, edge, (lid - 30, lid - 30, lid - 30), cv2.LINE_AA, 4)
        scene = lay(random, scene, card.image, corners, shadow=0.0, cover=card.cover)
        places.append(corners)
    return exposed(random, scene, Look(falloff=0.0, blur=0.6, noise=1.5)), places


@pytest.mark.parametrize("lid", [225, 236, 240, 244, 250])
def test_both_sides_of_a_card_are_found_under_a_lid_of_any_light_colour(
    lid: int, overlap: Callable[[Quad, Quad], float]
) -> None:
    for seed in range(3):
        picture, places = under(lid, 9500 + seed)
        found = cards_under_lid(picture, DPI)
        assert len(found) == 2
        for place in places:
            assert max(overlap(card.corners, clockwise(place)) for card in found) > 0.93


def test_a_page_of_text_under_a_white_lid_is_no_card() -> None:
    random = np.random.default_rng(4)
    for draw in (documents.lease, documents.judgment, documents.slip):
        page = draw(random, DPI)
        bed = np.full((round(297 * DPI / 25.4), round(216 * DPI / 25.4), 3), 250, np.uint8)
        height, width = page.image.shape[:2]
        bed[: min(height, bed.shape[0]), : min(width, bed.shape[1])] = page.image[: bed.shape[0], : bed.shape[1]]
        assert cards_under_lid(as_image(bed), DPI) == ()
    assert cards_under_lid(as_image(np.full((1754, 1240, 3), 240, np.uint8)), DPI) == ()


def test_what_is_found_twice_counts_once_and_all_come_in_reading_order() -> None:
    picture, _ = under(218, 9500)
    by_edges, by_print = find_items(picture), cards_under_lid(picture, DPI)
    assert len(with_others(by_edges, by_print)) == 2
    square = np.array([[0.0, 0.0], [30.0, 0.0], [30.0, 30.0], [0.0, 30.0]])
    below, right, first = (FoundPage(square + at, 1.0) for at in ((0, 90), (60, 4), (0, 0)))
    assert with_others((below,), (right, first)) == (first, right, below)
