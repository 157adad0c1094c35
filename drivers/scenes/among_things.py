"""Desks on which things lie that are no paper, alone or beside a page."""

from __future__ import annotations

import cv2
import numpy as np

from drivers.imaging.geometry import Quad
from drivers.scenes.camera import exposed, lay
from drivers.scenes.compose import CARDS, PAPERS, SHEETS, Composed, DeskPlane, Laid, a_look, dpi_for
from drivers.scenes.desks import DESKS
from drivers.scenes.hazards import arm_shadow, fingers
from drivers.scenes.sheet import Paper, Random
from drivers.scenes.things import THINGS, Thing

_TRIES = 60
_APART = 4.0  # pixels between a page and a thing
_LEAST_SHOWN = 0.12  # of a thing, for it to be one to tell from a page

KEYBOARD = "keyboard"


def things_alone(random: Random, size: tuple[int, int], *, desk: str | None = None, thing: str) -> Composed:
    """A thing, whole or leaving the picture, turned any way, perhaps another beside it, and no page."""
    desk = desk or _desk(random)
    plane = DeskPlane(random, size, across=random.uniform(360, 620))
    look, hazards = a_look(random, size)
    scene = DESKS[desk](random, size[::-1])
    names = [thing] if random.random() < 0.7 else [thing, tuple(THINGS)[int(random.integers(len(THINGS)))]]
    taken: list[Quad] = []
    for name in names:
        drawn = THINGS[name](random)
        corners = _place(random, plane, drawn, taken, reach=0.42)
        if corners is not None:
            scene = lay(random, scene, drawn.image, corners, shadow=look.shadow, cover=drawn.cover)
            taken.append(corners)
    if random.random() < 0.2:
        scene = arm_shadow(random, scene, random.uniform(0.2, 0.5))
        hazards.append("arm-shadow")
    if random.random() < 0.15 and taken:
        scene = fingers(random, scene, taken[0], int(random.integers(1, 4)))
        hazards.append("fingers")
    return Composed(exposed(random, scene, look), look.quality, (), desk, (*hazards, *names))


def page_among_things(random: Random, size: tuple[int, int], *, desk: str | None = None, thing: str) -> Composed:
    """A page wholly in the picture, and a thing beside it."""
    desk = desk or _desk(random)
    name = tuple(SHEETS | CARDS)[int(random.integers(len(SHEETS | CARDS)))]
    paper = PAPERS[name](random, dpi_for(name, size) / (1.6 if name in CARDS else 1))
    tall = max(paper.millimetres)
    across = max(tall * random.uniform(1.15, 1.5) * size[0] / size[1], 260.0)
    plane = DeskPlane(random, size, across=across)
    look, hazards = a_look(random, size)
    scene = DESKS[desk](random, size[::-1])
    page = _whole(random, plane, paper)
    drawn = THINGS[thing](random)
    corners = _place(random, plane, drawn, [page], reach=0.62)
    if corners is not None:
        scene = lay(random, scene, drawn.image, corners, shadow=look.shadow, cover=drawn.cover)
    scene = lay(random, scene, paper.image, page, shadow=look.shadow, cover=paper.cover)
    if random.random() < 0.15:
        scene = fingers(random, scene, page, int(random.integers(1, 4)))
        hazards.append("fingers")
    return Composed(exposed(random, scene, look), look.quality, (Laid(paper, page),), desk, (*hazards, thing))


def _desk(random: Random) -> str:
    plain = [name for name in DESKS if name != KEYBOARD]
    return plain[int(random.integers(len(plain)))]


def _whole(random: Random, plane: DeskPlane, paper: Paper) -> Quad:
    """Where a page lies wholly in the picture."""
    for _ in range(_TRIES):
        middle = np.array(plane.size) * random.uniform(0.3, 0.7, size=2)
        turn = random.choice((0, 90, 180, 270)) + random.normal() * 6
        corners = plane.place(paper, (float(middle[0]), float(middle[1])), float(turn))
        if (corners > 12).all() and (corners < np.array(plane.picture) - 12).all():
            return corners
    return plane.place(paper, (plane.size[0] / 2, plane.size[1] / 2), 0.0)


def _place(random: Random, plane: DeskPlane, thing: Thing, taken: list[Quad], *, reach: float) -> Quad | None:
    """Where a thing lies apart from what lies there, at least in part in the picture; None where it finds no room."""
    frame = np.array([[0, 0], [plane.picture[0], 0], plane.picture, [0, plane.picture[1]]], dtype=np.float32)
    for _ in range(_TRIES):
        middle = np.array(plane.size) * (0.5 + random.uniform(-reach, reach, size=2))
        turn = random.choice((0, 0, 0, 90, 180, 270)) + random.normal() * (3 if random.random() < 0.5 else 25)
        corners = plane.place(thing, (float(middle[0]), float(middle[1])), float(turn))
        own = float(cv2.contourArea(corners.astype(np.float32)))
        shown = cv2.intersectConvexConvex(corners.astype(np.float32), frame)[0]
        if shown < _LEAST_SHOWN * own:
            continue
        if all(cv2.intersectConvexConvex(_grown(other), corners.astype(np.float32))[0] <= 0 for other in taken):
            return corners
    return None


def _grown(quad: Quad) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    middle = quad.mean(axis=0)
    away = quad - middle
    return np.asarray(middle + away * (1 + _APART / np.linalg.norm(away, axis=1, keepdims=True)), dtype=np.float32)
