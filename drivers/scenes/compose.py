"""Whole photographs from a seed: papers, desk, camera, light and what gets in the way, with all corners known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from drivers.imaging.geometry import Image, Quad, as_image
from drivers.scenes import cards, documents
from drivers.scenes.camera import Look, as_jpeg, camera_view, exposed, lay
from drivers.scenes.desks import DESKS
from drivers.scenes.hazards import arm_shadow, fingers, fold, glare
from drivers.scenes.sheet import Paper, Random

FULL_HD = (1920, 1080)
THIRTEEN_MEGAPIXELS = (4160, 3120)

Draw = Callable[[Random, float], Paper]

SHEETS: dict[str, Draw] = {
    "iou": documents.iou,
    "transfer": documents.transfer,
    "lease": documents.lease,
    "judgment": documents.judgment,
    "fee_notice": documents.fee_notice,
    "slip": documents.slip,
    "statement": documents.statement,
    "licence": cards.licence,
    "chat": cards.chat,
}
CARDS: dict[str, Draw] = {"identity_front": cards.identity_front, "identity_back": cards.identity_back}
PAPERS: dict[str, Draw] = SHEETS | CARDS | {"blank": documents.blank}


@dataclass(frozen=True)
class Laid:
    """A paper in the picture; corners in pixels of the picture, its own top left first, clockwise."""

    paper: Paper
    corners: Quad


@dataclass(frozen=True)
class Composed:
    """A photograph, the papers on it, and how it was made: the desk's name and the `hazards` by name."""

    picture: Image
    quality: int
    laid: tuple[Laid, ...]
    desk: str
    hazards: tuple[str, ...] = ()
    clipped: bool = False

    def jpeg(self) -> bytes:
        """As the camera sends it."""
        return as_jpeg(self.picture, self.quality)

    def seen(self) -> Image:
        """The picture after JPEG, as whoever looks for a page gets it."""
        decoded = cv2.imdecode(np.frombuffer(self.jpeg(), np.uint8), cv2.IMREAD_COLOR)
        if decoded is None:
            raise ValueError("a JPEG of our own that cannot be read")
        return as_image(decoded)


def dpi_for(name: str, size: tuple[int, int]) -> float:
    """How finely a paper is drawn so that a picture of `size` shows no less than it could."""
    fine = 1.0 if max(size) <= max(FULL_HD) else 2.0
    return (360.0 if name in CARDS else 150.0) * fine


def a_look(random: Random, size: tuple[int, int]) -> tuple[Look, list[str]]:
    """How lamp and camera are on one day, and what of it makes seeing hard."""
    scale = max(size) / max(FULL_HD)
    moving = random.random() < 0.08
    look = Look(
        falloff=random.uniform(0.05, 0.5),
        angle=random.uniform(0, 2 * np.pi),
        shadow=random.uniform(0.12, 0.5),
        blur=random.uniform(0.4, 1.7) * scale**0.5,
        motion=random.uniform(2, 5) * scale if moving else 0.0,
        noise=random.uniform(1, 6),
        warmth=random.uniform(-0.12, 0.12),
        quality=int(random.integers(70, 96)),
    )
    hard = [("moving", moving), ("blur", look.blur > 1.3 * scale**0.5), ("noise", look.noise > 4.5)]
    return look, [name for name, there in hard if there]


def page_on_desk(
    random: Random, size: tuple[int, int], *, desk: str | None = None, paper: str | None = None
) -> Composed:
    """One paper wholly in the picture, on any desk, turned any way, under any light."""
    desk = desk or tuple(DESKS)[int(random.integers(len(DESKS)))]
    name = paper or tuple(SHEETS | CARDS)[int(random.integers(len(SHEETS | CARDS)))]
    drawn = PAPERS[name](random, dpi_for(name, size))
    if random.random() < 0.5:
        turn = random.uniform(-180, 180)
    else:
        turn = random.choice((0, 90, 180, 270)) + random.normal() * 4
    fill = random.uniform(0.28, 0.6) if name in CARDS else random.uniform(0.55, 0.93)
    corners = camera_view(random, drawn.millimetres, size, fill=fill, turn=turn, tilt=random.uniform(0, 28))
    return composed(random, size, desk, drawn, corners)


def composed(random: Random, size: tuple[int, int], desk: str, paper: Paper, corners: Quad) -> Composed:
    """`paper` at `corners` with the hazards that chance brings."""
    look, hazards = a_look(random, size)
    scene = DESKS[desk](random, size[::-1])
    image, bow = paper.image, 0.0
    flexible = paper.name not in CARDS
    if flexible and random.random() < 0.1:
        image = fold(random, image, random.uniform(0.08, 0.2))
        hazards.append("fold")
    if flexible and random.random() < 0.12:
        bow = random.uniform(0.001, 0.005)
        hazards.append("bow")
    scene = lay(random, scene, image, corners, shadow=look.shadow, cover=paper.cover, bow=bow)
    if random.random() < 0.15:
        scene = glare(random, scene, corners, random.uniform(0.3, 0.9))
        hazards.append("glare")
    if random.random() < 0.22:
        scene = arm_shadow(random, scene, random.uniform(0.2, 0.5))
        hazards.append("arm-shadow")
    if random.random() < 0.18:
        scene = fingers(random, scene, corners, int(random.integers(1, 4)))
        hazards.append("fingers")
    return Composed(exposed(random, scene, look), look.quality, (Laid(paper, corners),), desk, tuple(hazards))


def desk_alone(random: Random, size: tuple[int, int], desk: str | None = None) -> Composed:
    """A desk without paper, perhaps with a shadow or a hand over it."""
    desk = desk or tuple(DESKS)[int(random.integers(len(DESKS)))]
    look, hazards = a_look(random, size)
    scene = DESKS[desk](random, size[::-1])
    if random.random() < 0.3:
        scene = arm_shadow(random, scene, random.uniform(0.2, 0.5))
        hazards.append("arm-shadow")
    if random.random() < 0.2:
        nowhere = camera_view(random, (210, 297), size, fill=0.7, turn=random.uniform(-180, 180), tilt=0)
        scene = fingers(random, scene, nowhere, int(random.integers(1, 4)))
        hazards.append("fingers")
    return Composed(exposed(random, scene, look), look.quality, (), desk, tuple(hazards))


def clipped_page(random: Random, size: tuple[int, int]) -> Composed:
    """A page of which one or two sides leave the picture, by little or by much."""
    desk = tuple(DESKS)[int(random.integers(len(DESKS)))]
    name = tuple(SHEETS)[int(random.integers(len(SHEETS)))]
    drawn = SHEETS[name](random, dpi_for(name, size))
    turn = random.uniform(-12, 12) if random.random() < 0.6 else random.uniform(-180, 180)
    corners = camera_view(
        random, drawn.millimetres, size, fill=random.uniform(0.6, 0.95), turn=turn, tilt=random.uniform(0, 18)
    )
    low, high = corners.min(axis=0), corners.max(axis=0)
    over = random.uniform(0.01, 0.25) * (high - low)
    ways = [(-low[0] - over[0], 0.0), (size[0] - high[0] + over[0], 0.0), (0.0, -low[1] - over[1])]
    ways.append((0.0, size[1] - high[1] + over[1]))
    first = int(random.integers(4))
    shift = np.array(ways[first])
    if random.random() < 0.35:
        shift = shift + np.array(ways[2 + int(random.integers(2)) if first < 2 else int(random.integers(2))])
    look, hazards = a_look(random, size)
    scene = lay(random, DESKS[desk](random, size[::-1]), drawn.image, corners + shift, shadow=look.shadow)
    picture = exposed(random, scene, look)
    return Composed(picture, look.quality, (Laid(drawn, corners + shift),), desk, tuple(hazards), clipped=True)


class Flat(Protocol):
    """What lies flat on a table: a paper, or a thing."""

    @property
    def millimetres(self) -> tuple[float, float]:
        """Width and height."""


class DeskPlane:
    """The table as the camera sees it: millimetres on the table to pixels of the picture."""

    def __init__(self, random: Random, size: tuple[int, int], across: float = 430.0, tilt: float = 14.0) -> None:
        self.size = (across, across * size[1] / size[0])
        self.picture = size
        view = camera_view(random, self.size, size, fill=1.0, turn=0.0, tilt=random.uniform(0, tilt))
        rim = np.array([[0, 0], [self.size[0], 0], self.size, [0, self.size[1]]], dtype=np.float32)
        self._matrix = cv2.getPerspectiveTransform(rim, view.astype(np.float32))

    def place(self, flat_thing: Flat, middle: tuple[float, float], turn: float) -> Quad:
        """The corners of a paper whose middle lies at `middle` millimetres, turned by `turn` degrees."""
        w, h = flat_thing.millimetres
        around = np.radians(turn)
        roll = np.array([[np.cos(around), -np.sin(around)], [np.sin(around), np.cos(around)]])
        flat = np.array([[-w, -h], [w, -h], [w, h], [-w, h]]) / 2 @ roll.T + np.array(middle)
        return np.asarray(cv2.perspectiveTransform(flat[None], self._matrix)[0], dtype=np.float64)
