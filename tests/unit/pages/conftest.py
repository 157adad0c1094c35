"""Papers as a camera or a scanner sees them: unevenly lit, in a hand's shadow, grainy, as JPEG."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from drivers.scenes.compose import PAPERS
from kiosk.pages.clean import clean
from kiosk.pages.model import CleanedPage, PageHints
from kiosk.pages.pixels import Image, as_image

Draw = Callable[..., Image]
Photographed = Callable[..., bytes]
Clean = Callable[..., CleanedPage]


@pytest.fixture(scope="session")
def paper() -> Draw:
    """A paper of the composer by name, at 300 dpi."""

    def draw(name: str, seed: int = 5) -> Image:
        return PAPERS[name](np.random.default_rng(seed), 300.0).image

    return draw


@pytest.fixture(scope="session")
def photographed() -> Photographed:
    """The JPEG of a page under a lamp at one side, with a hand's shadow, blurred and grainy."""

    def take(page: Image, *, seed: int = 1, shade: float = 0.35, shadow: float = 0.45, grain: float = 4.0) -> bytes:
        random = np.random.default_rng(seed)
        height, width = page.shape[:2]
        across = np.linspace(0, 1, width, dtype=np.float32)[None]
        down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        light = 1 - shade * (0.3 * across + 0.7 * down)
        hand = np.zeros((height // 8, width // 8), np.float32)
        corner = np.array([[width // 16, height // 8], [width // 8, height // 12], [width // 8, height // 8]])
        cv2.fillConvexPoly(hand, corner, 1.0)
        light *= 1 - shadow * cv2.resize(cv2.GaussianBlur(hand, (0, 0), 4), (width, height))
        scene = page * light[..., None] * np.array([0.94, 0.97, 1.0], np.float32)
        scene = cv2.GaussianBlur(scene.astype(np.float32), (0, 0), 0.8)
        scene += random.normal(0, grain, scene.shape).astype(np.float32)
        return cv2.imencode(".jpg", np.clip(scene, 0, 255).astype(np.uint8), [1, 88])[1].tobytes()

    return take


@pytest.fixture(scope="session")
def cleaned() -> Iterator[Clean]:
    """Clean a picture in this process."""
    with ThreadPoolExecutor(1) as aside:
        yield lambda jpeg, **hints: clean(jpeg, PageHints(**hints), aside)


@pytest.fixture(scope="session")
def writing() -> Callable[..., Image]:
    """A4 at 300 dpi with rows of short strokes as print has them, in a grey or a colour (BGR)."""

    def write(ink: tuple[int, int, int] = (40, 34, 32), *, seed: int = 3, paper: int = 248) -> Image:
        random = np.random.default_rng(seed)
        page = np.full((3508, 2480, 3), paper, np.uint8)
        for top in range(300, 3000, 90):
            left = 280
            end = int(random.integers(1200, 2200))
            while left < end:
                for _ in range(5):
                    x, y = left + int(random.integers(0, 34)), top + int(random.integers(0, 34))
                    if random.random() < 0.5:
                        cv2.line(page, (x, top + 4), (x, top + 40), ink, 4)
                    else:
                        cv2.line(page, (left, y), (left + 38, y), ink, 4)
                left += 52
        return as_image(page)

    return write
