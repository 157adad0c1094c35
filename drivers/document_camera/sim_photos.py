"""The photographs that the simulated camera shows when it is given none: an empty desk, and papers on it (示例)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from drivers.imaging.geometry import Image, as_image
from drivers.scenes.camera import Look, as_jpeg, camera_view, exposed, lay, photograph
from drivers.scenes.compose import PAPERS, DeskPlane
from drivers.scenes.desks import plain_desk, wooden_desk

PICTURE = (2048, 1536)
_SEED = 20260316
_LOOK = Look(noise=1.0, quality=90)
_BRIGHTEST_DESK = 175
_DPI = 150.0

Draw = Callable[[], Image]


def _empty_desk() -> Image:
    random = np.random.default_rng(_SEED)
    return photograph(random, wooden_desk(random, PICTURE[::-1]), None, None, _LOOK)


def _one(name: str, number: int) -> Image:
    random = np.random.default_rng([_SEED, number])
    paper = PAPERS[name](random, _DPI)
    desk = (plain_desk if name == "transfer" else wooden_desk)(random, PICTURE[::-1])
    turn, tilt = random.uniform(-7, 7), random.uniform(6, 14)
    corners = camera_view(random, paper.millimetres, PICTURE, fill=0.88, turn=turn, tilt=tilt)
    return photograph(random, np.minimum(desk, _BRIGHTEST_DESK), paper.image, corners, _LOOK)


def _both_sides() -> Image:
    """身份证复印件: both sides of an identity card beside each other."""
    random = np.random.default_rng([_SEED, 99])
    plane = DeskPlane(random, PICTURE, across=230, tilt=8)
    scene = np.minimum(wooden_desk(random, PICTURE[::-1]), _BRIGHTEST_DESK)
    for name, share in (("identity_front", 0.27), ("identity_back", 0.73)):
        paper = PAPERS[name](random, 300)
        corners = plane.place(paper, (plane.size[0] * share, plane.size[1] / 2), random.uniform(-4, 4))
        scene = lay(random, scene, paper.image, corners, shadow=_LOOK.shadow, cover=paper.cover)
    return exposed(random, scene, _LOOK)


def _receipts() -> Image:
    """Four till slips (示例), as somebody with expenses lays them down."""
    random = np.random.default_rng([_SEED, 98])
    plane = DeskPlane(random, PICTURE, across=430, tilt=6)
    scene = np.minimum(wooden_desk(random, PICTURE[::-1]), _BRIGHTEST_DESK)
    for share in (0.14, 0.38, 0.62, 0.86):
        paper = PAPERS["slip"](random, _DPI)
        middle = (plane.size[0] * share, plane.size[1] * random.uniform(0.47, 0.53))
        corners = plane.place(paper, middle, random.uniform(-4, 4))
        scene = lay(random, scene, paper.image, corners, shadow=_LOOK.shadow)
    return exposed(random, scene, _LOOK)


_LONE = ("iou", "transfer", "lease", "judgment", "licence", "chat", "fee_notice", "blank")

PHOTOS: dict[str, Draw] = {
    "empty-desk": _empty_desk,
    **{name.replace("_", "-"): partial(_one, name, number) for number, name in enumerate(_LONE)},
    "identity-card": _both_sides,
    "receipts": _receipts,
}
"""In the order they are shown; drawing one raises PapersError where there is no font."""


def read(path: Path) -> Image | None:
    """A photograph from a file; None where it cannot be read."""
    picture = cv2.imread(str(path))
    return None if picture is None else as_image(picture)


def write(folder: Path) -> list[Path]:
    """Write the photographs, numbered in their order. Raises PapersError, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, (name, draw) in enumerate(PHOTOS.items()):
        files.append(folder / f"{number}-{name}.jpg")
        files[-1].write_bytes(as_jpeg(draw(), _LOOK.quality))
    return files
