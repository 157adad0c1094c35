"""Desks as a camera sees them, lit evenly: float pictures (BGR, 0 to 255) of any size."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from drivers.scenes.sheet import Random

Floats = npt.NDArray[np.float32]
Desk = Callable[[Random, tuple[int, int]], Floats]
"""Draws a desk of the given shape (height, width)."""

_UNIT = 1920  # the longer side that lengths below are pixels of


def floats(values: npt.ArrayLike) -> Floats:
    """The values as 32-bit floats."""
    return np.asarray(values, dtype=np.float32)


def cloud(random: Random, shape: tuple[int, int], grain: float) -> Floats:
    """Smooth noise of mean 0 and spread 1 whose blobs are about `grain` pixels wide."""
    small = (max(2, round(shape[0] / grain)), max(2, round(shape[1] / grain)))
    blown = cv2.resize(random.normal(size=small).astype(np.float32), shape[::-1], interpolation=cv2.INTER_CUBIC)
    return floats((blown - blown.mean()) / max(float(blown.std()), 1e-6))


def _scale(shape: tuple[int, int]) -> float:
    return max(shape) / _UNIT


def _even(random: Random, shape: tuple[int, int], level: float, tint: float, mottle: float) -> Floats:
    colour = level + random.uniform(-tint, tint, size=3)
    return floats(colour + cloud(random, shape, 300 * _scale(shape))[..., None] * mottle)


def plain_desk(random: Random, shape: tuple[int, int]) -> Floats:
    """One colour, from dark to light."""
    return _even(random, shape, random.uniform(25, 190), 18, 3)


def black_desk(random: Random, shape: tuple[int, int]) -> Floats:
    """Black lacquer or felt."""
    return _even(random, shape, random.uniform(8, 32), 5, 2)


def white_desk(random: Random, shape: tuple[int, int]) -> Floats:
    """A white table top, a little darker than paper."""
    return _even(random, shape, random.uniform(178, 212), 6, 2)


def grey_mat(random: Random, shape: tuple[int, int]) -> Floats:
    """The grey mat that document cameras come with, finely grained."""
    return _even(random, shape, random.uniform(85, 140), 4, 2) + cloud(random, shape, 2 * _scale(shape))[..., None] * 4


def wooden_desk(random: Random, shape: tuple[int, int]) -> Floats:
    """Long grain in browns, with the joints of boards."""
    scale = _scale(shape)
    base = np.array([60.0, 95.0, 140.0]) * random.uniform(0.6, 1.25)
    stretched = cv2.resize(cloud(random, (shape[0], 64), 6 * scale), shape[::-1], interpolation=cv2.INTER_CUBIC)
    grain = stretched * 9 + cloud(random, shape, 220 * scale) * 7
    desk = base + grain[..., None] * np.array([0.8, 1.0, 1.1])
    joint = random.integers(60, 240) * scale
    while joint < shape[0]:
        desk[round(joint) : round(joint + 3 * scale)] *= 0.55
        joint += random.integers(240, 420) * scale
    return floats(desk)


def cloth_desk(random: Random, shape: tuple[int, int]) -> Floats:
    """A woven cover: a fine weave over soft folds."""
    scale = _scale(shape)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32) / np.float32(scale)
    weave = np.sin(x * random.uniform(0.7, 1.3)) * np.sin(y * random.uniform(0.7, 1.3)) * random.uniform(4, 12)
    colour = random.uniform(30, 150, size=3)
    return floats(colour + (weave + cloud(random, shape, 180 * scale) * 6)[..., None])


def patterned_cloth(random: Random, shape: tuple[int, int]) -> Floats:
    """A chequered or flowered cloth in two colours, turned against the picture."""
    scale = _scale(shape)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32) / np.float32(scale)
    turn, pitch = random.uniform(0, np.pi), random.uniform(50, 130)
    u = (x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / pitch
    v = (y * np.cos(turn) - x * np.sin(turn)) * 2 * np.pi / pitch
    if random.random() < 0.5:
        share = (np.tanh(4 * np.sin(u)) + np.tanh(4 * np.sin(v))) / 4 + 0.5
    else:
        petals = np.cos(3 * np.arctan2(np.sin(v / 2), np.sin(u / 2)))
        away = np.hypot(np.sin(u / 2), np.sin(v / 2))
        share = 1 / (1 + np.exp((away - 0.45 - 0.15 * petals) * 14))
    one, other = random.uniform(30, 170, size=3), random.uniform(60, 190, size=3)
    cloth = one + (other - one) * share[..., None]
    return floats(cloth + cloud(random, shape, 160 * scale)[..., None] * 4)


def grid_mat(random: Random, shape: tuple[int, int]) -> Floats:
    """A cutting mat with thin lines, full of right angles that are no page."""
    scale = _scale(shape)
    mat = np.broadcast_to(np.array([70.0, 105.0, 55.0]) * random.uniform(0.6, 1.2), (*shape, 3)).astype(np.float32)
    mat = np.ascontiguousarray(mat)
    pitch = max(8, round(int(random.integers(60, 150)) * scale))
    for at in range(pitch // 2, max(shape), pitch):
        for start, end in (((at, 0), (at, shape[0])), ((0, at), (shape[1], at))):
            cv2.line(mat, start, end, (105.0, 150.0, 95.0), max(1, round(2 * scale)), cv2.LINE_AA)
    return mat


def keyboard_desk(random: Random, shape: tuple[int, int]) -> Floats:
    """A desk with a keyboard along one side, reaching out of the picture."""
    scale = _scale(shape)
    desk = (wooden_desk, grey_mat, plain_desk)[int(random.integers(3))](random, shape)
    key = round(random.uniform(52, 70) * scale)
    dark = random.random() < 0.7
    body, cap = ((34.0, 33.0, 32.0), (58.0, 57.0, 56.0)) if dark else ((196.0, 198.0, 200.0), (232.0, 232.0, 230.0))
    rows = int(random.integers(3, 6))
    top = shape[0] - round(rows * key + 0.4 * key) if random.random() < 0.6 else -round(key * 0.4)
    left = round(random.uniform(-2, 6) * key)
    right = left + round(15.4 * key)
    cv2.rectangle(desk, (left, top), (right, top + rows * key + round(0.8 * key)), body, -1, cv2.LINE_AA)
    for row in range(rows):
        x = left + round(0.2 * key)
        while x + key < right:
            wide = key * (2 if random.random() < 0.08 else 1)
            y = top + round(0.4 * key) + row * key
            gap = max(2, key // 12)
            cv2.rectangle(desk, (x + gap, y + gap), (min(x + wide, right) - gap, y + key - gap), cap, -1, cv2.LINE_AA)
            letter = (150.0,) * 3 if dark else (70.0,) * 3
            spot = (x + key // 3, y + key // 2)
            cv2.line(desk, spot, (spot[0] + key // 6, spot[1] - key // 8), letter, max(1, key // 26), cv2.LINE_AA)
            x += wide
    return desk


def cluttered_desk(random: Random, shape: tuple[int, int]) -> Floats:
    """A desk with pens, a cup and the edge of another sheet that lies mostly outside the picture."""
    scale = _scale(shape)
    desk = (wooden_desk, grey_mat, plain_desk, black_desk)[int(random.integers(4))](random, shape)
    height, width = shape
    # Only a corner or one edge of the other sheet shows, so that it is no page.
    side = int(random.integers(4))
    along, depth = random.uniform(0.2, 0.8), random.uniform(0.03, 0.1) * min(shape)
    middle = {
        0: (along * width, -1.0),
        1: (width + 1.0, along * height),
        2: (along * width, height + 1.0),
        3: (-1.0, along * height),
    }[side]
    inward = np.array({0: (0, 1), 1: (-1, 0), 2: (0, -1), 3: (1, 0)}[side], dtype=np.float64)
    lean = np.radians(random.uniform(-14, 14))
    turned = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]]) @ inward
    across = np.array([-turned[1], turned[0]])
    half, far = random.uniform(0.2, 0.5) * height, max(shape)
    edge = np.array(middle) + inward * depth
    sheet = [edge + across * half, edge - across * half, edge - across * half - turned * far]
    sheet.append(edge + across * half - turned * far)
    cv2.fillPoly(desk, [np.round(np.array(sheet)).astype(np.int32)], (232.0, 234.0, 236.0), cv2.LINE_AA)
    for _ in range(int(random.integers(1, 4))):
        start = random.uniform(0, 1, 2) * (width, height)
        angle = random.uniform(0, 2 * np.pi)
        end = start + np.array([np.cos(angle), np.sin(angle)]) * random.uniform(240, 340) * scale
        pen = tuple(float(value) for value in random.uniform(15, 220, size=3))
        places = [(round(float(x)), round(float(y))) for x, y in (start, end)]
        cv2.line(desk, places[0], places[1], pen, max(3, round(random.uniform(14, 22) * scale)), cv2.LINE_AA)
    if random.random() < 0.5:
        spot = (round(random.choice((0.06, 0.94)) * width), round(random.choice((0.1, 0.9)) * height))
        cv2.circle(desk, spot, round(130 * scale), (210.0, 206.0, 204.0), -1, cv2.LINE_AA)
        cv2.circle(desk, spot, round(112 * scale), (30.0, 46.0, 70.0), -1, cv2.LINE_AA)
    return desk


DESKS: dict[str, Desk] = {
    "plain": plain_desk,
    "black": black_desk,
    "white": white_desk,
    "grey-mat": grey_mat,
    "wood": wooden_desk,
    "cloth": cloth_desk,
    "patterned": patterned_cloth,
    "grid-mat": grid_mat,
    "keyboard": keyboard_desk,
    "cluttered": cluttered_desk,
}
