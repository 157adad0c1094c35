"""Pages that are harder to find than most: the lens bends, the lamp flickers in bands, the desk has the paper's colour,
the paper is bent, torn, coloured, in a sleeve, or lies on another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from drivers.imaging.geometry import Image, Quad, as_image
from drivers.scenes.camera import Look, camera_view, exposed, lay
from drivers.scenes.compose import SHEETS, Composed, Laid, a_look, dpi_for
from drivers.scenes.desks import DESKS, Floats, cloud, floats
from drivers.scenes.hazards import dog_ear
from drivers.scenes.sheet import Paper, Random

_PASTELS = ((170, 200, 245), (200, 240, 205), (150, 235, 250), (240, 215, 190), (215, 190, 245))  # BGR
_KRAFT = (110, 160, 195)


@dataclass(frozen=True)
class _Scene:
    """What is about to be photographed: the desk, the paper on it and where, and how camera and lamp are."""

    desk: Floats
    paper: Paper
    corners: Quad
    look: Look
    bow: float = 0.0


_Change = Callable[[Random, _Scene], _Scene]


def hard_page(random: Random, size: tuple[int, int], hardship: str) -> Composed:
    """One paper wholly in the picture, and what makes it hard to see."""
    name = tuple(SHEETS)[int(random.integers(len(SHEETS)))]
    desk = tuple(DESKS)[int(random.integers(len(DESKS)))]
    paper = SHEETS[name](random, dpi_for(name, size))
    turn = random.choice((0, 90, 180, 270)) + random.normal() * 6
    corners = camera_view(
        random, paper.millimetres, size, fill=random.uniform(0.6, 0.88), turn=float(turn), tilt=random.uniform(0, 18)
    )
    look, hazards = a_look(random, size)
    scene = _Scene(DESKS[desk](random, size[::-1]), paper, corners, look)
    if hardship in BEFORE:
        scene = BEFORE[hardship](random, scene)
    laid = lay(
        random,
        scene.desk,
        scene.paper.image,
        corners,
        shadow=scene.look.shadow,
        cover=scene.paper.cover,
        bow=scene.bow,
    )
    if hardship in AFTER:
        laid, corners = AFTER[hardship](random, laid, corners)
    picture = exposed(random, laid, scene.look)
    return Composed(picture, scene.look.quality, (Laid(paper, corners),), desk, (*hazards, hardship))


def _coarse(random: Random, scene: _Scene) -> _Scene:
    """A cheap camera: coarse JPEG, noise, little sharpness."""
    rough = replace(scene.look, noise=random.uniform(7, 11), quality=int(random.integers(35, 60)), blur=1.8)
    return replace(scene, look=rough)


def _same_colour(random: Random, scene: _Scene) -> _Scene:
    """A desk as light as the paper: only the shadow at its edges tells."""
    shape = scene.desk.shape[:2]
    colour = np.median(scene.paper.image.reshape(-1, 3)[::97], axis=0) - random.uniform(8, 20)
    desk = floats(colour + cloud(random, shape, 300)[..., None] * 1.5)
    return replace(scene, desk=desk, look=replace(scene.look, shadow=random.uniform(0.25, 0.5)))


def _curled(random: Random, scene: _Scene) -> _Scene:
    """Paper that was rolled."""
    return replace(scene, bow=float(random.choice((-1, 1)) * random.uniform(0.005, 0.012)))


def _coloured(random: Random, scene: _Scene) -> _Scene:
    """Pastel or brown paper."""
    tints = (*_PASTELS, _KRAFT)
    tint = np.array(tints[int(random.integers(len(tints)))], dtype=np.float32) / 252
    return replace(scene, paper=replace(scene.paper, image=as_image((scene.paper.image * tint).astype(np.uint8))))


def _punched(random: Random, scene: _Scene) -> _Scene:
    """Two holes at a long side and a staple in a corner."""
    image, paper = scene.paper.image.copy(), scene.paper
    cover = np.full(image.shape[:2], 255, np.uint8)
    fine = image.shape[0] / paper.millimetres[1]
    for at in (-40, 40):
        cv2.circle(cover, (round(12 * fine), round(image.shape[0] / 2 + at * fine)), round(3 * fine), 0, -1)
    start = (round(random.uniform(6, 10) * fine), round(random.uniform(6, 10) * fine))
    end = (start[0] + round(8 * fine), start[1] + round(5 * fine))
    cv2.line(image, start, end, (120, 120, 120), max(1, round(0.8 * fine)), cv2.LINE_AA)
    return replace(scene, paper=replace(paper, image=as_image(image), cover=as_image(cover)))


def _folded_corner(random: Random, scene: _Scene) -> _Scene:
    image, cover = dog_ear(random, scene.paper.image, random.uniform(0.08, 0.2))
    return replace(scene, paper=replace(scene.paper, image=image, cover=cover))


def _over_another(random: Random, scene: _Scene) -> _Scene:
    """Another sheet lies below, askew, and shows on one or two sides."""
    middle = scene.corners.mean(axis=0)
    lean = np.radians(random.uniform(4, 14) * random.choice((-1, 1)))
    turned = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
    away = random.uniform(-0.06, 0.06, size=2) * np.ptp(scene.corners, axis=0)
    below = (scene.corners - middle) @ turned.T + middle + away
    blank: Image = np.full((200, 140, 3), random.uniform(225, 250), np.uint8)
    return replace(scene, desk=lay(random, scene.desk, blank, below, shadow=scene.look.shadow))


def _table_edge(random: Random, scene: _Scene) -> _Scene:
    """The table ends in the picture, its edge worn, with a dark floor beyond."""
    desk = scene.desk.copy()
    height, width = desk.shape[:2]
    at = float(np.clip(scene.corners[:, 1].max() + random.uniform(8, 40), 0, height - 4))
    wear = cloud(random, (1, width), 25)[0] * 2 + np.linspace(0, random.uniform(-25, 25), width)
    rows = np.arange(height, dtype=np.float32)[:, None]
    desk[rows > at + wear] *= 0.3
    desk[np.abs(rows - at - wear) < 3] *= 1.4
    return replace(scene, desk=floats(desk))


def _bent_by_lens(random: Random, scene: Floats, corners: Quad) -> tuple[Floats, Quad]:
    """A wide lens bends what is straight, outward or inward."""
    height, width = scene.shape[:2]
    bend = float(random.choice((-1, 1)) * random.uniform(0.008, 0.03))
    camera = np.array([[width, 0, width / 2], [0, width, height / 2], [0, 0, 1]], dtype=np.float64)
    lens = np.array([bend * 4, 0, 0, 0], dtype=np.float64)
    maps = cv2.initUndistortRectifyMap(camera, lens, None, camera, (width, height), cv2.CV_32FC1)
    seen = cv2.remap(scene, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    moved = cv2.undistortPoints((corners - 0.5)[:, None], camera, lens, P=camera).reshape(-1, 2) + 0.5
    return floats(seen), np.asarray(moved, dtype=np.float64)


def _banded(random: Random, scene: Floats, corners: Quad) -> tuple[Floats, Quad]:
    """A flickering lamp and a rolling shutter: bands of light across the picture."""
    rows = np.arange(scene.shape[0], dtype=np.float32)
    light = 1 + random.uniform(0.08, 0.2) * np.sin(rows * 2 * np.pi / random.uniform(90, 260) + random.uniform(0, 6))
    return floats(scene * light[:, None, None]), corners


def _in_sleeve(random: Random, scene: Floats, corners: Quad) -> tuple[Floats, Quad]:
    """A transparent sleeve somewhat larger than the paper, with streaks of a lamp."""
    middle = corners.mean(axis=0)
    outline = (corners - middle) * random.uniform(1.03, 1.08) + middle
    mask = np.zeros(scene.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(outline * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    share = floats(mask)[..., None] / 255
    y, x = np.mgrid[0 : scene.shape[0], 0 : scene.shape[1]].astype(np.float32)
    angle = random.uniform(0, np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    streaks = np.clip(np.sin(along / random.uniform(60, 140) + cloud(random, scene.shape[:2], 200)) - 0.75, 0, 1) * 160
    return floats(scene + share * (8 + floats(streaks)[..., None])), corners


BEFORE: dict[str, _Change] = {
    "coarse": _coarse,
    "same-colour": _same_colour,
    "curled": _curled,
    "coloured": _coloured,
    "punched": _punched,
    "folded-corner": _folded_corner,
    "over-another": _over_another,
    "table-edge": _table_edge,
}
AFTER: dict[str, Callable[[Random, Floats, Quad], tuple[Floats, Quad]]] = {
    "bent-by-lens": _bent_by_lens,
    "banded": _banded,
    "in-sleeve": _in_sleeve,
}
HARDSHIPS = (*BEFORE, *AFTER)
