"""A sequence in which the page lies still and everything else changes: hands reach in, the light goes down and comes
back, another lamp is switched on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from drivers.imaging.geometry import Quad
from drivers.scenes.camera import exposed, lay
from drivers.scenes.compose import FULL_HD, PAPERS, SHEETS, Composed, DeskPlane, Laid, a_look, dpi_for
from drivers.scenes.desks import DESKS
from drivers.scenes.hazards import arm_shadow, fingers
from drivers.scenes.sheet import Random

_DARKEST = 0.45  # of the light before
_RESTS, _DIMS, _REACHES, _SHADES = 6, 6, 8, 6  # frames


def changes(random: Random, number: int) -> Iterator[Composed]:
    """40 frames at 15 a second: rest, the light goes down, rest, two hands at the edges, one arm's shadow, the light
    comes back at once, rest."""
    desk = tuple(DESKS)[number % len(DESKS)]
    name = tuple(SHEETS)[int(random.integers(len(SHEETS)))]
    paper = PAPERS[name](random, dpi_for(name, FULL_HD))
    tall = max(paper.millimetres)
    plane = DeskPlane(random, FULL_HD, across=tall * 1.35 * 16 / 9, tilt=10)
    look, hazards = a_look(random, FULL_HD)
    middle = np.array(plane.size) / 2
    corners: Quad = plane.place(paper, (float(middle[0]), float(middle[1])), float(random.uniform(-8, 8)))
    bare = DESKS[desk](random, FULL_HD[::-1])
    scene = lay(random, bare, paper.image, corners, shadow=look.shadow)
    hand, arm, grain = (int(seed) for seed in random.integers(2**31, size=3))
    light = [1.0] * _RESTS + np.linspace(1.0, _DARKEST, _DIMS).tolist()
    light += [_DARKEST] * (_RESTS + _REACHES + _SHADES) + [1.0] * (40 - 2 * _RESTS - _DIMS - _REACHES - _SHADES)
    reaching = 2 * _RESTS + _DIMS
    for frame, level in enumerate(light):
        seen = scene
        if reaching <= frame < reaching + _REACHES:
            seen = fingers(np.random.default_rng(hand), scene, corners, 2 + frame % 2)
        elif reaching + _REACHES <= frame < reaching + _REACHES + _SHADES:
            seen = arm_shadow(np.random.default_rng(arm), scene, 0.5)
        picture = exposed(np.random.default_rng([grain, frame]), np.asarray(seen * np.float32(level)), look)
        yield Composed(picture, look.quality, (Laid(paper, corners),), desk, tuple(hazards), clipped=False)
