"""Photographs that show one flaw, and good ones that show none, from a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from drivers.api.records import FlawKind
from drivers.imaging.geometry import Image, Quad, as_image, clockwise
from drivers.scenes.camera import Look, as_jpeg, camera_view, exposed, lay
from drivers.scenes.compose import CARDS, FULL_HD, PAPERS, SHEETS, dpi_for
from drivers.scenes.desks import DESKS, Floats, floats
from drivers.scenes.documents import blank
from drivers.scenes.hazards import GLOVES, SKINS, arm_shadow, dog_ear, fingers, fold, glare, thing
from drivers.scenes.sheet import Paper, Random

GOOD = "good"
_WRITTEN = (*SHEETS, *CARDS)


@dataclass(frozen=True)
class Scene:
    """A photograph (as after JPEG) and where the page in it lies; `how` names the variant that was drawn."""

    picture: Image
    corners: Quad
    paper: Paper
    desk: str
    how: str


@dataclass(frozen=True)
class Setting:
    """Before the flaw: what lies where, and under which light."""

    paper: Paper
    desk: str
    corners: Quad
    look: Look
    exposure: float


def a_setting(random: Random, size: tuple[int, int], *, name: str | None = None, fill: float | None = None) -> Setting:
    """A page laid down well under a lamp and an exposure as terminals have them."""
    name = name or _WRITTEN[int(random.integers(len(_WRITTEN)))]
    paper = PAPERS[name](random, dpi_for(name, size))
    if fill is None:
        fill = random.uniform(0.5, 0.7) if name in CARDS else random.uniform(0.72, 0.93)
    turn = (
        random.uniform(-180, 180) if random.random() < 0.3 else random.choice((0, 90, 180, 270)) + random.normal() * 3
    )
    corners = camera_view(random, paper.millimetres, size, fill=fill, turn=turn, tilt=random.uniform(0, 14))
    look = Look(
        falloff=random.uniform(0.03, 0.3),
        angle=random.uniform(0, 2 * np.pi),
        shadow=random.uniform(0.1, 0.4),
        blur=random.uniform(0.4, 1.0) * (max(size) / max(FULL_HD)) ** 0.5,
        noise=random.uniform(1, 4),
        warmth=random.uniform(-0.08, 0.08),
        quality=int(random.integers(78, 95)),
    )
    return Setting(paper, tuple(DESKS)[int(random.integers(len(DESKS)))], corners, look, random.uniform(0.68, 0.95))


def laid(random: Random, size: tuple[int, int], given: Setting, cover: Image | None = None, bow: float = 0.0) -> Floats:
    """The scene of a setting, before lamp and sensor."""
    scene = DESKS[given.desk](random, size[::-1])
    cover = cover if cover is not None else given.paper.cover
    return lay(random, scene, given.paper.image, given.corners, shadow=given.look.shadow, cover=cover, bow=bow)


def taken(random: Random, scene: Floats, given: Setting, how: str) -> Scene:
    """The photograph of a scene."""
    seen = exposed(random, floats(scene * np.float32(given.exposure)), given.look)
    decoded = cv2.imdecode(np.frombuffer(as_jpeg(seen, given.look.quality), np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        raise ValueError("a JPEG of our own that cannot be read")
    return Scene(as_image(decoded), clockwise(given.corners), given.paper, given.desk, how)


def good(random: Random, size: tuple[int, int] = FULL_HD) -> Scene:
    """Nothing is wrong."""
    given = a_setting(random, size)
    return taken(random, laid(random, size, given), given, given.paper.name)


def dark(random: Random, size: tuple[int, int] = FULL_HD) -> Scene:
    """Hardly any light, on the whole page or on a part of it."""
    given = a_setting(random, size)
    scene = laid(random, size, given)
    if random.random() < 0.5:
        return taken(random, scene, replace(given, exposure=random.uniform(0.1, 0.22)), "whole")
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    away = random.dirichlet(np.ones(4)) @ given.corners
    far = given.corners[int(np.argmax(np.linalg.norm(given.corners - away, axis=1)))]
    length = float(np.linalg.norm(far - away))
    along = ((x - away[0]) * (far[0] - away[0]) + (y - away[1]) * (far[1] - away[1])) / length**2
    light = np.clip(1 - 0.95 * along, random.uniform(0.06, 0.12), 1)
    return taken(random, floats(scene * light[..., None]), replace(given, exposure=0.7), "part")


def with_glare(random: Random, size: tuple[int, int] = FULL_HD) -> Scene:
    """A lamp mirrored in the page."""
    given = a_setting(random, size)
    given = replace(given, exposure=random.uniform(0.6, 0.85))
    scene = laid(random, size, given)
    return taken(random, glare(random, scene, given.corners, random.uniform(0.6, 1.1)), given, given.paper.name)


def blurred(random: Random, size: tuple[int, int] = FULL_HD) -> Scene:
    """Out of focus, or the hand was not still."""
    given = a_setting(random, size)
    scale = max(size) / max(FULL_HD)
    if random.random() < 0.6:
        look, how = replace(given.look, blur=random.uniform(2.4, 4.5) * scale), "focus"
    else:
        look, how = replace(given.look, motion=random.uniform(11, 20) * scale), "motion"
    return taken(random, laid(random, size, given), replace(given, look=look), how)


def shadowed(random: Random, size: tuple[int, int] = FULL_HD) -> Scene:
    """The shadow of an arm over 6 to 70 percent of the page."""
    given = a_setting(random, size)
    scene = laid(random, size, given)
    page = np.zeros(size[::-1], np.uint8)
    cv2.fillConvexPoly(page, np.round(given.corners).astype(np.int32), (1.0,))
    while True:
        dim = arm_shadow(random, scene, random.uniform(0.35, 0.6))
        lost = (scene - dim).sum(axis=2) > 0.25 * scene.sum(axis=2)
        if 0.06 < lost[page > 0].mean() < 0.7:
            return taken(random, dim, given, given.paper.name)


def covered(random: Random, size: tuple[int, int] = FULL_HD) -> Scene:
    """Fingers, gloves, or a thing over the page's edge."""
    given = a_setting(random, size)
    scene = laid(random, size, given)
    chance = random.random()
    if chance < 0.45:
        return taken(random, fingers(random, scene, given.corners, int(random.integers(1, 4)), SKINS), given, "fingers")
    if chance < 0.75:
        return taken(random, fingers(random, scene, given.corners, int(random.integers(1, 4)), GLOVES), given, "gloves")
    return taken(random, thing(random, scene, given.corners), given, "thing")


def far(random: Random, size: tuple[int, int] = FULL_HD) -> Scene:
    """A page that takes little of the picture."""
    name = tuple(SHEETS)[int(random.integers(len(SHEETS)))]
    given = a_setting(random, size, name=name, fill=random.uniform(0.22, 0.4))
    return taken(random, laid(random, size, given), given, given.paper.name)


def folded(random: Random, size: tuple[int, int] = FULL_HD) -> Scene:
    """A crease, a corner folded over, or a page that does not lie flat."""
    given = a_setting(random, size, name=tuple(SHEETS)[int(random.integers(len(SHEETS)))])
    chance = random.random()
    if chance < 0.4:
        creased = fold(random, given.paper.image, random.uniform(0.12, 0.25))
        given = replace(given, paper=replace(given.paper, image=creased))
        return taken(random, laid(random, size, given), given, "crease")
    if chance < 0.7:
        image, cover = dog_ear(random, given.paper.image, random.uniform(0.1, 0.25))
        given = replace(given, paper=replace(given.paper, image=image))
        return taken(random, laid(random, size, given, cover), given, "corner")
    bow = random.choice((-1, 1)) * random.uniform(0.012, 0.03)
    return taken(random, laid(random, size, given, bow=bow), given, "bow")


def empty(random: Random, size: tuple[int, int] = FULL_HD) -> Scene:
    """A sheet with nothing on it."""
    given = replace(a_setting(random, size, name="statement"), paper=blank(random, dpi_for("blank", size)))
    return taken(random, laid(random, size, given), given, "blank")


def again(random: Random, first: Scene, size: tuple[int, int] = FULL_HD) -> Scene:
    """The same paper photographed another time, lying another way."""
    given = replace(a_setting(random, size, name="statement"), paper=first.paper)
    turn = random.choice((0, 90, 180, 270)) + random.normal() * 3
    corners = camera_view(random, first.paper.millimetres, size, fill=0.85, turn=turn, tilt=random.uniform(0, 14))
    given = replace(given, corners=corners)
    return taken(random, laid(random, size, given), given, "again")


RAISING: dict[FlawKind, Callable[[Random], Scene]] = {
    FlawKind.DARK: dark,
    FlawKind.GLARE: with_glare,
    FlawKind.BLURRED: blurred,
    FlawKind.SHADOW: shadowed,
    FlawKind.COVERED: covered,
    FlawKind.FAR: far,
    FlawKind.FOLDED: folded,
    FlawKind.BLANK: empty,
}
"""The flaws that one picture of a whole page can show."""
