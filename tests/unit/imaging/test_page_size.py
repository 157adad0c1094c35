"""The proportion of a page from its corners alone, as a pinhole camera above a desk sees them."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from drivers.imaging.geometry import Quad, page_size

PICTURE = (4160, 3120)
PAPERS = ((210.0, 297.0), (148.0, 210.0), (85.6, 53.98), (80.0, 200.0), (190.0, 190.0))


def corners(random: np.random.Generator, paper: tuple[float, float], tilt: float) -> Quad:
    """Where a paper's corners lie, found to a pixel, under a camera that leans by `tilt` degrees to any side."""
    focal = random.uniform(0.65, 1.2) * PICTURE[0]
    lean, turn = random.uniform(0, 2 * math.pi), random.uniform(0, 2 * math.pi)
    camera = cv2.Rodrigues(np.array([math.cos(lean), math.sin(lean), 0]) * math.radians(tilt))[0]
    desk = cv2.Rodrigues(np.array([0, 0, turn]))[0]
    half = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) / 2
    placed = half * [*paper, 0] @ desk.T + [random.uniform(-50, 50), random.uniform(-30, 30), 0]
    seen = placed @ camera.T + [0, 0, 1.05 * 420 * focal / PICTURE[0]]
    return np.asarray(
        seen[:, :2] / seen[:, 2:] * focal + np.array(PICTURE) / 2 + random.normal(0, 1, (4, 2)), dtype=np.float64
    )


@pytest.mark.parametrize("tilt", [0.0, 4.0, 10.0, 18.0])
@pytest.mark.parametrize("paper", PAPERS)
def test_the_proportion_comes_out_whatever_the_lens_and_however_it_leans(
    paper: tuple[float, float], tilt: float
) -> None:
    random = np.random.default_rng([7, int(tilt)])
    wrong = []
    for _ in range(100):
        width, height = page_size(corners(random, paper, tilt), PICTURE)
        wrong.append(abs(width / height / (paper[0] / paper[1]) - 1))
    assert np.median(wrong) < 0.012
    assert np.percentile(wrong, 95) < 0.04
