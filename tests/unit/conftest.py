"""Composed photographs of papers on desks, with the corners they were composed at."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from drivers.imaging.geometry import Image, Quad, clockwise
from drivers.scenes.compose import FULL_HD, desk_alone, page_on_desk
from drivers.scenes.desks import DESKS
from tests.benchmarks.scan.score import overlap as intersection_over_union

_DESK_NAMES = tuple(DESKS)


@pytest.fixture(scope="session")
def scene() -> Callable[[int], tuple[Image, Quad]]:
    """The photograph of a seed, and where the page in it lies."""

    def compose(seed: int) -> tuple[Image, Quad]:
        shot = page_on_desk(np.random.default_rng(seed), FULL_HD, desk=_DESK_NAMES[seed % len(_DESK_NAMES)])
        return shot.seen(), clockwise(shot.laid[0].corners)

    return compose


@pytest.fixture(scope="session")
def empty_desk() -> Callable[[int], Image]:
    """The photograph of a seed that shows no page."""

    def compose(seed: int) -> Image:
        return desk_alone(np.random.default_rng(seed), FULL_HD, _DESK_NAMES[seed % len(_DESK_NAMES)]).seen()

    return compose


@pytest.fixture(scope="session")
def overlap() -> Callable[[Quad, Quad], float]:
    """Intersection over union of two quadrilaterals."""
    return intersection_over_union
