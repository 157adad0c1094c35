"""Things that lie on desks and are no paper, seen straight from above: keyboards, calculators, telephones, tablets,
laptops, binders and mats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from drivers.imaging.geometry import Image, as_image
from drivers.scenes.desks import cloud
from drivers.scenes.documents import statement
from drivers.scenes.sheet import Random

_FINE = 5.0  # pixels a millimetre
_KEY_MM = 19.05  # from key to key, as on nearly all keyboards
_ROWS = (
    (1.0,) * 13 + (2.0,),
    (1.5, *(1.0,) * 12, 1.5),
    (1.75, *(1.0,) * 11, 2.25),
    (2.25, *(1.0,) * 10, 2.75),
    (1.25, 1.25, 1.25, 6.25, 1.25, 1.25, 1.25, 1.25),
)
"""Widths of keys in keys, row by row (ISO/IEC 9995-1 in its usual form)."""

Colour = tuple[float, float, float]
_BODIES: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((34, 33, 32), (58, 57, 56), (190, 190, 190)),
    ((28, 28, 28), (22, 22, 22), (200, 200, 200)),
    ((196, 198, 200), (232, 232, 230), (70, 70, 70)),
    ((205, 208, 212), (245, 246, 246), (90, 90, 90)),
    ((180, 182, 184), (36, 36, 38), (230, 230, 230)),
    ((150, 160, 165), (205, 212, 215), (60, 60, 60)),
    ((120, 90, 60), (235, 235, 235), (60, 60, 60)),
)
"""Body, keys and what is printed on them (BGR)."""


@dataclass(frozen=True)
class Thing:
    """A thing from above (BGR), its size in millimetres, and how much of each pixel it covers (0 to 255)."""

    name: str
    image: Image
    millimetres: tuple[float, float]
    cover: Image


class _Pad:
    """A surface of `size` millimetres with round corners, drawn on in millimetres."""

    def __init__(self, size: tuple[float, float], colour: Colour, radius: float) -> None:
        self.size = size
        shape = (_px(size[1]), _px(size[0]))
        self.image = np.full((*shape, 3), colour, np.uint8)
        self.cover = np.zeros(shape, np.uint8)
        _rounded(self.cover, (0, 0, *size), radius, (255.0,) * 3)

    def box(self, box: tuple[float, float, float, float], colour: Colour, radius: float = 0.0) -> None:
        """A rectangle (left, top, width, height)."""
        _rounded(self.image, box, radius, colour)

    def mark(self, random: Random, at: tuple[float, float], height: float, colour: Colour) -> None:
        """A letter or a figure with its lower left at `at`."""
        sign = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[int(random.integers(36))]
        place = (_px(at[0]), _px(at[1]))
        thick = max(1, _px(height / 8))
        cv2.putText(self.image, sign, place, cv2.FONT_HERSHEY_SIMPLEX, _px(height) / 22, colour, thick, cv2.LINE_AA)

    def picture(self, image: Image, box: tuple[float, float, float, float]) -> None:
        """Something shown on a rectangle."""
        left, top, width, height = (_px(value) for value in box)
        self.image[top : top + height, left : left + width] = cv2.resize(
            image, (width, height), interpolation=cv2.INTER_AREA
        )

    def thing(self, name: str) -> Thing:
        """What was drawn."""
        return Thing(name, as_image(self.image), self.size, as_image(self.cover))


def _px(millimetres: float) -> int:
    return round(millimetres * _FINE)


def _rounded(image: Image, box: tuple[float, float, float, float], radius: float, colour: Colour) -> None:
    left, top, width, height = (_px(value) for value in box)
    r = min(_px(radius), width // 2, height // 2)
    right, bottom = left + width - 1, top + height - 1
    cv2.rectangle(image, (left + r, top), (right - r, bottom), colour, -1)
    cv2.rectangle(image, (left, top + r), (right, bottom - r), colour, -1)
    for x in (left + r, right - r):
        for y in (top + r, bottom - r):
            cv2.circle(image, (x, y), r, colour, -1, cv2.LINE_AA)


def _keys(
    random: Random,
    pad: _Pad,
    at: tuple[float, float],
    rows: tuple[tuple[float, ...], ...],
    *,
    key: tuple[float, float],
    colours: tuple[Colour, Colour],
    gap: float,
) -> None:
    """Rows of keys; `key` is the pitch across and down, `gap` the space between two keys."""
    cap, sign = colours
    y = at[1]
    for row in rows:
        x = at[0]
        for wide in row:
            worn = random.uniform(0.97, 1.03)
            shade: Colour = (cap[0] * worn, cap[1] * worn, cap[2] * worn)
            pad.box((x + gap / 2, y + gap / 2, wide * key[0] - gap, key[1] - gap), shade, 1.6)
            if wide < 6:
                pad.mark(random, (x + gap / 2 + 0.22 * key[0], y + 0.55 * key[1]), 0.28 * key[1], sign)
            x += wide * key[0]
        y += key[1]


def keyboard(random: Random) -> Thing:
    """A keyboard, with or without function keys and number pad, dark, light or in two colours."""
    body, cap, sign = _BODIES[int(random.integers(len(_BODIES)))]
    key = _KEY_MM * random.uniform(0.9, 1.0)
    gap = random.uniform(1.2, 4.0)
    functions, numbers = random.random() < 0.7, random.random() < 0.55
    rim = random.uniform(3, 14)
    width = (15 + (0.35 + 3 + 0.35 + 4 if numbers else 0)) * key
    height = (5 + (1.3 if functions else 0)) * key
    pad = _Pad((width + 2 * rim, height + 2 * rim), body, random.uniform(2, 10))
    top = rim
    pitch = (key, key)
    if functions:
        _keys(random, pad, (rim, top), ((1.0,) * 13,), key=pitch, colours=(cap, sign), gap=gap)
        top += 1.3 * key
    _keys(random, pad, (rim, top), _ROWS, key=pitch, colours=(cap, sign), gap=gap)
    if numbers:
        left = rim + 15.35 * key
        _keys(random, pad, (left, top), ((1.0,) * 3,) * 2, key=pitch, colours=(cap, sign), gap=gap)
        _keys(random, pad, (left + key, top + 3 * key), ((1.0,),), key=pitch, colours=(cap, sign), gap=gap)
        _keys(random, pad, (left, top + 4 * key), ((1.0,) * 3,), key=pitch, colours=(cap, sign), gap=gap)
        _keys(random, pad, (left + 3.35 * key, top), ((1.0,) * 4,) * 5, key=pitch, colours=(cap, sign), gap=gap)
    return pad.thing("keyboard")


def laptop(random: Random) -> Thing:
    """The lower half of an open laptop: keys in a field of their own, and a touch pad."""
    body, cap, sign = _BODIES[int(random.integers(len(_BODIES)))]
    wide, deep = random.uniform(300, 360), random.uniform(210, 245)
    pad = _Pad((wide, deep), body, random.uniform(4, 12))
    key = (wide * 0.86) / 15
    left, top = wide * 0.07, deep * random.uniform(0.06, 0.14)
    well: Colour = (body[0] * 0.8, body[1] * 0.8, body[2] * 0.8)
    if random.random() < 0.6:
        pad.box((left - 2, top - 2, 15 * key + 4, 5.7 * key + 4), well, 2)
    _keys(random, pad, (left, top), ((15 / 14,) * 14,), key=(key, key * 0.7), colours=(cap, sign), gap=2.0)
    _keys(
        random, pad, (left, top + 0.7 * key), _ROWS, key=(key, key), colours=(cap, sign), gap=random.uniform(1.5, 3.5)
    )
    touch = random.uniform(95, 130)
    tall = min(touch * random.uniform(0.58, 0.68), deep - top - 5.9 * key - 8)
    pad.box(((wide - touch) / 2, top + 5.7 * key + 5, touch, tall), well, 3)
    inner: Colour = (body[0] * 0.98, body[1] * 0.98, body[2] * 0.98)
    pad.box(((wide - touch) / 2 + 0.6, top + 5.7 * key + 5.6, touch - 1.2, tall - 1.2), inner, 2.6)
    return pad.thing("laptop")


def calculator(random: Random) -> Thing:
    """A desk calculator: a display above rows of keys."""
    body, cap, sign = _BODIES[int(random.integers(len(_BODIES)))]
    wide = random.uniform(75, 150)
    deep = wide * random.uniform(1.15, 1.6)
    pad = _Pad((wide, deep), body, random.uniform(3, 10))
    pad.box((wide * 0.07, deep * 0.07, wide * 0.86, deep * 0.19), (120, 150, 140), 1)
    for number in range(int(random.integers(3, 9))):
        pad.mark(random, (wide * (0.84 - 0.085 * number), deep * 0.22), deep * 0.09, (30, 40, 38))
    columns, rows = int(random.integers(4, 7)), int(random.integers(4, 7))
    pitch = (wide * 0.86 / columns, deep * 0.62 / rows)
    _keys(
        random,
        pad,
        (wide * 0.07, deep * 0.32),
        ((1.0,) * columns,) * rows,
        key=pitch,
        colours=(cap, sign),
        gap=wide * 0.025,
    )
    return pad.thing("calculator")


def _home(random: Random) -> Image:
    """The first picture of a telephone: little pictures in rows over a soft background."""
    shape = (900, 430)
    one, other = random.uniform(20, 200, size=3), random.uniform(20, 200, size=3)
    share = np.clip(0.5 + 0.3 * cloud(random, shape, 300), 0, 1)[..., None]
    screen = as_image(np.ascontiguousarray(one * share + other * (1 - share)).astype(np.uint8))
    for row in range(6):
        for column in range(4):
            colour = tuple(float(value) for value in random.uniform(20, 255, size=3))
            x, y = 35 + column * 100, 110 + row * 125
            cv2.rectangle(screen, (x, y), (x + 64, y + 64), colour, -1, cv2.LINE_AA)
    return screen


def _screen(random: Random, wide: float, deep: float) -> Image:
    """Off, little pictures, or a document."""
    chance = random.random()
    if chance < 0.35:
        return np.full((200, 100, 3), random.uniform(6, 26), np.uint8)
    if chance < 0.6:
        return _home(random)
    shown = statement(random, 110.0).image
    rows = min(shown.shape[0], round(shown.shape[1] * deep / wide))
    return as_image(np.ascontiguousarray(shown[:rows]))


def _glass(random: Random, name: str, size: tuple[float, float], rim: tuple[float, float], radius: float) -> Thing:
    wide, deep = size
    dark = random.random() < 0.85
    body: Colour = (18, 18, 18) if dark else (240, 240, 240)
    pad = _Pad((wide, deep), body, radius)
    screen = (rim[0], rim[1], wide - 2 * rim[0], deep - 2 * rim[1])
    pad.picture(_screen(random, screen[2], screen[3]), screen)
    return pad.thing(name)


def telephone(random: Random) -> Thing:
    """A telephone, its screen dark, with little pictures, or with text."""
    wide = random.uniform(66, 79)
    rim = random.uniform(1.6, 3.5)
    return _glass(random, "telephone", (wide, wide * random.uniform(2.0, 2.2)), (rim, rim * 2), random.uniform(7, 10))


def tablet(random: Random) -> Thing:
    """A tablet, the same."""
    wide = random.uniform(135, 200)
    rim = random.uniform(7, 14)
    deep = wide * random.choice((1.33, 1.43, 1.6))
    return _glass(random, "tablet", (wide, float(deep)), (rim, rim * random.uniform(1.0, 1.6)), random.uniform(5, 12))


def binder(random: Random) -> Thing:
    """A ring binder, closed, with a label; or open and empty, so that its rings show."""
    colour = ((120, 60, 30), (40, 40, 150), (60, 90, 40), (30, 30, 32), (110, 112, 116))[int(random.integers(5))]
    grain = cloud(random, (_px(318), _px(285)), 12)[..., None] * 5
    if random.random() < 0.5:
        pad = _Pad((285, 318), colour, 2)
        pad.image = as_image(np.clip(pad.image + grain, 0, 255).astype(np.uint8))
        dark: Colour = (colour[0] * 0.6, colour[1] * 0.6, colour[2] * 0.6)
        pad.box((22, 0, 1.5, 318), dark)
        pad.box((120, 60, 90, 45), (225, 230, 232), 1)
        for row in range(3):
            pad.box((130, 70 + 9 * row, random.uniform(30, 65), 1.6), (90, 70, 60))
        return pad.thing("binder")
    pad = _Pad((640, 318), colour, 2)
    for at in (283, 355):
        pad.box((at, 0, 2, 318), (colour[0] * 0.6, colour[1] * 0.6, colour[2] * 0.6))
    pad.box((312, 60, 16, 198), (170, 172, 175), 4)
    for at in (110, 190):
        pad.box((290, at, 60, 5), (205, 207, 210), 2.4)
        pad.box((290, at + 3.6, 60, 1.4), (110, 112, 115), 0.6)
    return pad.thing("binder")


def mouse_mat(random: Random) -> Thing:
    """A mouse mat, dark, coloured or with a picture, and the mouse on it."""
    size = (random.uniform(200, 260), random.uniform(170, 220))
    blue, green, red = random.uniform(15, 90, size=3).tolist()
    colour: Colour = (blue, green, red)
    pad = _Pad(size, colour, random.uniform(4, 15))
    shape = pad.image.shape[:2]
    if random.random() < 0.4:
        other = random.uniform(20, 200, size=3)
        share = np.clip(0.5 + 0.4 * cloud(random, shape, 220), 0, 1)[..., None]
        pad.image = as_image((pad.image * share + other * (1 - share)).astype(np.uint8))
    place = (_px(size[0] * random.uniform(0.35, 0.65)), _px(size[1] * random.uniform(0.35, 0.65)))
    shell = random.choice((25.0, 60.0, 225.0))
    turn = random.uniform(-30, 30)
    cv2.ellipse(pad.image, place, (_px(31), _px(54)), turn, 0, 360, (shell * 0.5,) * 3, -1, cv2.LINE_AA)
    cv2.ellipse(pad.image, place, (_px(30), _px(53)), turn, 0, 360, (shell,) * 3, -1, cv2.LINE_AA)
    return pad.thing("mouse-mat")


THINGS: dict[str, Callable[[Random], Thing]] = {
    "keyboard": keyboard,
    "laptop": laptop,
    "calculator": calculator,
    "telephone": telephone,
    "tablet": tablet,
    "binder": binder,
    "mouse-mat": mouse_mat,
}
