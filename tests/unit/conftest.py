"""Composed photographs of document-like pages on desks, with the corners they were composed at."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from drivers.document_camera.geometry import Image, Quad, area, as_image, clockwise
from drivers.document_camera.sim_scene import DESKS, Look, as_jpeg, camera_view, photograph

SIZE = (1920, 1080)
SHAPES = ((1240, 1754), (1754, 1240), (560, 1500), (1011, 638))  # A4 both ways, a till slip, an identity card


def _page(random: np.random.Generator, size: tuple[int, int]) -> Image:
    """Paper with what makes finding its edge hard: printed frames, tables, tinted fields, a seal."""
    width, height = size
    page = np.clip(np.full((height, width, 3), random.uniform(205, 250)) + random.uniform(-8, 4, size=3), 0, 255)
    page = page.astype(np.uint8)
    ink = tuple(float(value) for value in random.uniform(10, 80, size=3))
    margin = round(width * 0.09)
    if random.random() < 0.4:
        cv2.rectangle(page, (margin // 2,) * 2, (width - margin // 2, height - margin // 2), ink, 4)
    y = margin
    while y < height - 2 * margin:
        x = margin
        while x < width - margin - 40:
            word = int(random.integers(10, 38))
            cv2.rectangle(page, (x, y), (x + word, y + 17), ink, -1)
            x += word + int(random.integers(5, 12))
        y += int(random.integers(34, 48))
        if random.random() < 0.06 and y + 200 < height - margin:
            tint = tuple(float(value) for value in random.uniform(90, 200, size=3))
            cv2.rectangle(page, (margin, y), (width - margin, y + 170), tint, -1 if random.random() < 0.4 else 3)
            y += 200
    cv2.circle(page, (round(width * 0.7), round(height * 0.8)), round(width * 0.12), (40, 40, 200), 6)
    return as_image(page)


def _camera(picture: Image, quality: int) -> Image:
    decoded = cv2.imdecode(np.frombuffer(as_jpeg(picture, quality), np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return as_image(decoded)


def _look(random: np.random.Generator) -> Look:
    return Look(random.uniform(0.05, 0.45), random.uniform(0.1, 0.5), random.uniform(0.4, 1.6), random.uniform(1, 6))


@pytest.fixture(scope="session")
def scene() -> Callable[[int], tuple[Image, Quad]]:
    """The photograph of a seed, and where the page in it lies."""

    def compose(seed: int) -> tuple[Image, Quad]:
        random = np.random.default_rng(seed)
        desk = DESKS[seed % len(DESKS)](random, SIZE[::-1])
        shape = SHAPES[int(random.integers(len(SHAPES)))]
        turn = random.uniform(-180, 180) if random.random() < 0.5 else random.uniform(-8, 8)
        tilt, fill = random.uniform(0, 28), random.uniform(0.5, 0.9)
        corners = camera_view(random, shape, SIZE, fill=fill, turn=turn, tilt=tilt)
        page = _page(random, shape)
        if np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).max() < 900:
            page = as_image(cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
        picture = _camera(photograph(random, desk, page, corners, _look(random)), int(random.integers(70, 95)))
        return picture, clockwise(corners)

    return compose


@pytest.fixture(scope="session")
def empty_desk() -> Callable[[int], Image]:
    def compose(seed: int) -> Image:
        random = np.random.default_rng(seed)
        desk = DESKS[seed % len(DESKS)](random, SIZE[::-1])
        return _camera(photograph(random, desk, None, None, _look(random)), 85)

    return compose


@pytest.fixture(scope="session")
def overlap() -> Callable[[Quad, Quad], float]:
    """Intersection over union of two quadrilaterals."""

    def measure(one: Quad, other: Quad) -> float:
        shared = cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))[0]
        return float(shared / (area(one) + area(other) - shared))

    return measure
