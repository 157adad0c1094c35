"""The camera: a flat page on a desk, seen by a lens that is never quite straight above it, under a lamp."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from drivers.imaging.geometry import Image, Quad, as_image
from drivers.scenes.desks import Floats, floats
from drivers.scenes.sheet import Random


@dataclass(frozen=True)
class Look:
    """How the camera and the lamp make the picture differ from the thing; lengths in pixels of the picture."""

    falloff: float = 0.25  # how much darker the far corner is
    angle: float = 0.8  # radians: towards where it gets darker, and along which the hand shakes
    shadow: float = 0.35  # beside the paper, where it lies on the desk
    blur: float = 0.8
    motion: float = 0.0  # length of the smear
    noise: float = 2.5  # of 255
    warmth: float = 0.0  # how much redder (or, below 0, bluer) the lamp is, as a share
    quality: int = 88  # of the JPEG


def camera_view(
    random: Random, page: tuple[float, float], picture: tuple[int, int], *, fill: float, turn: float, tilt: float
) -> Quad:
    """Where the corners of a page of (width, height) come to lie in a picture of (width, height).

    `fill` is the share of the picture's height or width the page may take, `turn` and `tilt` are degrees. The corners
    are in the page's own order: its top left first, clockwise.
    """
    w, h = page
    flat = np.array([[-w, -h, 0], [w, -h, 0], [w, h, 0], [-w, h, 0]], dtype=np.float64) / 2
    flat /= max(w, h)
    around, axis, lean = np.radians(turn), random.uniform(0, 2 * np.pi), np.radians(tilt)
    roll = np.array([[np.cos(around), -np.sin(around), 0], [np.sin(around), np.cos(around), 0], [0, 0, 1]])
    leaning = np.array([np.cos(axis), np.sin(axis), 0]) * lean
    pose = cv2.Rodrigues(leaning)[0] @ roll
    placed = flat @ pose.T
    distance = 2.2
    seen = placed[:, :2] / (placed[:, 2:] + distance)
    seen -= (seen.min(axis=0) + seen.max(axis=0)) / 2
    extent = seen.max(axis=0) - seen.min(axis=0)
    seen *= fill * min(picture[0] / extent[0], picture[1] / extent[1])
    free = np.array(picture) - (seen.max(axis=0) - seen.min(axis=0))
    return np.asarray(seen + np.array(picture) / 2 + free * random.uniform(-0.3, 0.3, size=2), dtype=np.float64)


def lay(
    random: Random,
    scene: Floats,
    page: Image,
    corners: Quad,
    *,
    shadow: float,
    cover: Image | None = None,
    bow: float = 0.0,
) -> Floats:
    """The scene with `page` on it, its corners at `corners` (which may lie outside the picture).

    `bow` bends two opposite sides, as paper that was rolled lies, by that share of its height; the corners stay.
    """
    height, width = scene.shape[:2]
    reach = max(2.0, 14 * max(width, height) / 1920)
    laid, covered, box = _rendered(page, corners, (width, height), cover, bow)
    left, top, right, bottom = box
    if right <= left or bottom <= top:
        return scene
    whole = np.zeros((height, width), np.float32)
    whole[top:bottom, left:right] = covered
    shift = np.array([[1, 0, random.uniform(-reach, reach)], [0, 1, random.uniform(0.15 * reach, 1.15 * reach)]])
    shade = cv2.warpAffine(_soft(whole, reach), shift, (width, height)) * shadow
    result = floats(scene * (1 - shade)[..., None])
    share = covered[..., None]
    result[top:bottom, left:right] = result[top:bottom, left:right] * (1 - share) + laid * share
    return result


def _soft(mask: Floats, sigma: float) -> Floats:
    """A wide blur, made on a small copy: nobody can tell, and it takes a tenth of the time."""
    step = max(1, round(sigma / 3))
    small = cv2.resize(mask, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), sigma / step)
    return floats(cv2.resize(blurred, mask.shape[::-1], interpolation=cv2.INTER_LINEAR))


def _rendered(
    page: Image, corners: Quad, size: tuple[int, int], cover: Image | None, bow: float
) -> tuple[Floats, Floats, tuple[int, int, int, int]]:
    """The page as the picture shows it and how much of each pixel it covers, anti-aliased by rendering at twice the
    size, and the box (left, top, right, bottom) they belong to."""
    margin = 2 + abs(bow) * float(np.ptp(corners, axis=0).max())
    low = np.clip(np.floor(corners.min(axis=0) - margin), 0, size).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0) + margin), 0, size).astype(int)
    box = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
    if (high <= low).any():
        return np.zeros((0, 0, 3), np.float32), np.zeros((0, 0), np.float32), box
    page, mask = _shrunk_to(page, corners, cover)
    h, w = page.shape[:2]
    source = np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float32) - 0.5
    matrix = cv2.getPerspectiveTransform(source, ((corners - low) * 2 - 0.5).astype(np.float32))
    twice = (2 * int(high[0] - low[0]), 2 * int(high[1] - low[1]))
    if bow:
        u, v = _bent_maps(np.asarray(matrix), twice, (w, h), bow)
        laid = cv2.remap(page, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        covered = cv2.remap(mask, u, v, cv2.INTER_LINEAR)
    else:
        laid = cv2.warpPerspective(page, matrix, twice, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        covered = cv2.warpPerspective(mask, matrix, twice, flags=cv2.INTER_LINEAR)
    half = (twice[0] // 2, twice[1] // 2)
    small = floats(cv2.resize(laid, half, interpolation=cv2.INTER_AREA))
    return small, floats(cv2.resize(covered, half, interpolation=cv2.INTER_AREA)) / np.float32(255), box


def _shrunk_to(page: Image, corners: Quad, cover: Image | None) -> tuple[Image, Image]:
    """The page and its cover, not much finer than the picture will show them, so that thin strokes stay grey instead
    of breaking up."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    wanted = 2 * max(sides[0] / page.shape[1], sides[2] / page.shape[1], sides[1] / page.shape[0])
    mask = cover if cover is not None else np.full(page.shape[:2], 255, np.uint8)
    if wanted >= 0.8:
        return page, as_image(mask)
    size = (max(8, round(page.shape[1] * wanted)), max(8, round(page.shape[0] * wanted)))
    smaller = [as_image(cv2.resize(one, size, interpolation=cv2.INTER_AREA)) for one in (page, mask)]
    return smaller[0], smaller[1]


def _bent_maps(matrix: Quad, size: tuple[int, int], page: tuple[int, int], bow: float) -> tuple[Floats, Floats]:
    x, y = np.meshgrid(np.arange(size[0], dtype=np.float64), np.arange(size[1], dtype=np.float64))
    back = np.linalg.inv(matrix)
    depth = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    u = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / depth
    v = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / depth
    arch = np.sin(np.pi * np.clip(u / page[0], 0, 1)) * bow * page[1]
    return floats(u), floats(v + arch)


def exposed(random: Random, scene: Floats, look: Look) -> Image:
    """What the sensor makes of a scene: the lamp's falloff and colour, blur, noise that grows with the light."""
    height, width = scene.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    along = floats(np.cos(look.angle) * (x / width - 0.5) + np.sin(look.angle) * (y / height - 0.5)) + np.float32(0.5)
    lamp = np.array([1 - look.warmth, 1.0, 1 + look.warmth], dtype=np.float32)
    lit = floats(scene * ((1 - np.float32(look.falloff) * along)[..., None] * lamp))
    if look.blur:
        lit = floats(cv2.GaussianBlur(lit, (0, 0), look.blur))
    if look.motion >= 1:
        lit = floats(cv2.filter2D(lit, -1, _smear(look.motion, look.angle)))
    grain = random.standard_normal(size=lit.shape, dtype=np.float32)
    spread = np.float32(look.noise) * np.sqrt(np.clip(lit, 0, 255) / 128 + np.float32(0.25))
    return as_image(np.clip(lit + grain * spread, 0, 255).astype(np.uint8))


def _smear(length: float, angle: float) -> Floats:
    side = int(np.ceil(length)) | 1
    kernel = np.zeros((side, side), np.float32)
    half = np.array([np.cos(angle), np.sin(angle)]) * (length - 1) / 2
    start, end = ((side - 1) / 2 - half) * 256, ((side - 1) / 2 + half) * 256
    ends = [(round(float(px)), round(float(py))) for px, py in (start, end)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, 8)
    return floats(kernel / kernel.sum()) if kernel.sum() else floats([[1.0]])


def photograph(random: Random, desk: Floats, page: Image | None, corners: Quad | None, look: Look) -> Image:
    """The picture (BGR) of `page` lying on `desk` with its corners at `corners`; an empty desk where page is None."""
    scene = desk
    if page is not None and corners is not None:
        scene = lay(random, desk, page, corners, shadow=look.shadow)
    return exposed(random, scene, look)


def as_jpeg(picture: Image, quality: int) -> bytes:
    """The picture as a camera sends it."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the picture cannot be coded as JPEG")
    return bytes(data)
