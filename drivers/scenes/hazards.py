"""What gets between paper and camera: fingers, the hard shadow of an arm, glare."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from drivers.imaging.geometry import Image, Quad, as_image
from drivers.scenes.desks import Floats, floats
from drivers.scenes.sheet import Random

SKINS = ((120, 150, 205), (95, 125, 185), (150, 178, 226), (70, 96, 150), (52, 70, 112))  # BGR
GLOVES = ((24, 24, 26), (190, 110, 40), (120, 120, 124), (60, 60, 150), (70, 120, 60), (205, 170, 90))


def fingers(
    random: Random,
    scene: Floats,
    corners: Quad,
    count: int = 2,
    colours: Sequence[tuple[float, float, float]] = SKINS,
) -> Floats:
    """Fingers of one hand, bare or gloved, that come from outside over one side of the page and hold it."""
    side = int(random.integers(4))
    start, end = corners[side], corners[(side + 1) % 4]
    middle = corners.mean(axis=0)
    inward = middle - (start + end) / 2
    inward /= np.linalg.norm(inward)
    along = (end - start) / np.linalg.norm(end - start)
    thick = max(8.0, 0.028 * max(scene.shape[:2]))
    first = random.uniform(0.15, 0.75) * float(np.linalg.norm(end - start))
    skin = np.array(colours[int(random.integers(len(colours)))], dtype=np.float32)
    wrist = start + along * (first + (count - 1) * thick * 0.6) - inward * max(scene.shape[:2])
    result = scene
    knuckles = []
    for number in range(count):
        place = start + along * (first + number * thick * 1.2)
        knuckles.append(place - inward * thick * random.uniform(3.6, 4.4))
        result = _finger(result, knuckles[-1], place + inward * thick * random.uniform(0.8, 2.2), thick, skin)
    palm = max(1.6, 1.25 * count + 0.3) * thick
    back = np.mean(knuckles, axis=0) - inward * palm * 0.35
    return _finger(result, wrist, back, palm, skin, nail=False)


def _finger(scene: Floats, root: Quad, tip: Quad, thick: float, skin: Floats, *, nail: bool = True) -> Floats:
    mask = np.zeros(scene.shape[:2], np.uint8)
    ends = [(round(float(x) * 16), round(float(y) * 16)) for x, y in (root, tip)]
    cv2.line(mask, ends[0], ends[1], 255, round(thick), cv2.LINE_AA, 4)
    share = floats(mask)[..., None] / 255
    inside = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 3)
    rounded = np.clip(0.55 + 0.5 * np.sqrt(np.clip(inside / (thick / 2), 0, 1)), 0, 1.05)[..., None]
    shade = cv2.GaussianBlur(floats(mask) / 255, (0, 0), thick / 4)[..., None] * 0.35
    colour = skin * rounded
    if nail:
        colour = colour + _nail(scene.shape[:2], root, tip, thick)[..., None] * np.array([26, 24, 18], np.float32)
    return floats((scene * (1 - shade)) * (1 - share) + colour * share)


def _nail(shape: tuple[int, ...], root: Quad, tip: Quad, thick: float) -> Floats:
    drawn = np.zeros(shape, np.uint8)
    back = (tip - root) / max(float(np.linalg.norm(tip - root)), 1e-6)
    spot = tip + back * thick * 0.1
    angle = float(np.degrees(np.arctan2(back[1], back[0])))
    axes = (max(1, round(thick * 0.3)), max(1, round(thick * 0.24)))
    cv2.ellipse(drawn, (round(float(spot[0])), round(float(spot[1]))), axes, angle, 0, 360, 255, -1, cv2.LINE_AA)
    return floats(drawn) / np.float32(255)


def arm_shadow(random: Random, scene: Floats, depth: float) -> Floats:
    """The hard shadow of an arm and a hand held under the lamp."""
    height, width = scene.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    angle = random.uniform(0, 2 * np.pi)
    out = np.array([np.cos(angle), np.sin(angle)])
    middle = np.array([width, height]) * random.uniform(0.3, 0.7, size=2)
    elbow = middle + out * max(width, height) * 1.2
    thick = round(0.14 * height * random.uniform(0.7, 1.4))
    places = [(round(float(x)), round(float(y))) for x, y in (elbow, middle)]
    cv2.line(mask, places[0], places[1], 255, thick)
    cv2.circle(mask, places[1], round(thick * 0.75), 255, -1)
    for spread in (-0.5, -0.17, 0.17, 0.5):
        lean = angle + np.pi + spread
        end = middle + np.array([np.cos(lean), np.sin(lean)]) * thick * 1.5
        cv2.line(mask, places[1], (round(float(end[0])), round(float(end[1]))), 255, max(2, thick // 4))
    soft = cv2.GaussianBlur(floats(mask) / 255, (0, 0), max(1.0, 0.004 * max(height, width) * random.uniform(0.5, 2)))
    return floats(scene * (1 - soft[..., None] * depth * np.array([0.92, 1.0, 1.04], dtype=np.float32)))


def glare(random: Random, scene: Floats, corners: Quad, strength: float) -> Floats:
    """A lamp mirrored in glossy paper: one bright spot with a halo inside the page, cut off at the paper's edge."""
    height, width = scene.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    weights = random.dirichlet(np.ones(4) * 2)
    spot = weights @ corners
    reach = 0.06 * max(height, width) * random.uniform(0.6, 1.6)
    squeeze, turn = random.uniform(0.5, 1.0), random.uniform(0, np.pi)
    u = (x - spot[0]) * np.cos(turn) + (y - spot[1]) * np.sin(turn)
    v = ((y - spot[1]) * np.cos(turn) - (x - spot[0]) * np.sin(turn)) / squeeze
    away = (u * u + v * v) / (reach * reach)
    light = np.exp(-away * 2.5) + 0.35 * np.exp(-away * 0.5)
    on_page = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(on_page, np.round(corners * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    return floats(scene + (light * floats(on_page) / 255 * 255 * strength)[..., None])


def fold(random: Random, page: Image, strength: float) -> Image:
    """The page with the light and dark flanks of one fold across it."""
    height, width = page.shape[:2]
    down = random.random() < 0.5
    length = height if down else width
    at = random.uniform(0.35, 0.65) * length
    away = (np.arange(length) - at) / (0.03 * length)
    shade = (1 - strength * np.sign(away) * np.exp(-np.abs(away))).astype(np.float32)
    flanks = shade[:, None, None] if down else shade[None, :, None]
    return as_image(np.clip(page * flanks, 0, 255).astype(np.uint8))


def thing(random: Random, scene: Floats, corners: Quad) -> Floats:
    """A pen, a ruler or a booklet that lies over one side of the page."""
    side = int(random.integers(4))
    start, end = corners[side], corners[(side + 1) % 4]
    length = float(np.linalg.norm(end - start))
    inward = corners.mean(axis=0) - (start + end) / 2
    inward /= np.linalg.norm(inward)
    along = (end - start) / length
    wide = random.uniform(0.035, 0.2) * length
    lean = random.uniform(-0.5, 0.5)
    ahead = inward + along * lean
    ahead /= np.linalg.norm(ahead)
    across = np.array([-ahead[1], ahead[0]])
    middle = start + along * length * random.uniform(0.25, 0.75)
    tip, root = middle + ahead * random.uniform(0.06, 0.2) * length, middle - ahead * random.uniform(0.15, 0.4) * length
    half = across * wide / 2
    outline = np.array([tip + half, tip - half, root - half, root + half])
    mask = np.zeros(scene.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    share = floats(mask)[..., None] / 255
    shade = cv2.GaussianBlur(floats(mask) / 255, (0, 0), max(1.0, wide / 5))[..., None] * 0.3
    colour = random.uniform(15, 190, size=3).astype(np.float32)
    return floats((scene * (1 - shade)) * (1 - share) + colour * share)


def dog_ear(random: Random, page: Image, depth: float) -> tuple[Image, Image]:
    """The page with one corner folded over, `depth` of its shorter side, and what of it is still paper (0 or 255)."""
    down, across = int(random.choice((1, -1))), int(random.choice((1, -1)))
    folded = np.ascontiguousarray(page[::down, ::across])
    cover = np.full(page.shape[:2], 255, np.uint8)
    side = round(depth * min(cover.shape))
    crease = ((side, 0), (0, side))
    cv2.fillConvexPoly(cover, np.array([(0, 0), *crease], np.int32), (0.0,))
    cv2.fillConvexPoly(folded, np.array([(side, side), *crease], np.int32), (226.0, 228.0, 228.0))
    for end in crease:
        cv2.line(folded, end, (side, side), (150.0, 150.0, 150.0), max(1, side // 60))
    return as_image(np.ascontiguousarray(folded[::down, ::across])), as_image(cover[::down, ::across].copy())
