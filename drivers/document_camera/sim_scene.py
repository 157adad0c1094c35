"""Synthetic photographs: a flat page on a desk, seen by a camera that is never quite straight above it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from drivers.document_camera.geometry import Image, Quad, as_image

Floats = npt.NDArray[np.float32]
Random = np.random.Generator


def _floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float32)


def _cloud(random: Random, shape: tuple[int, int], grain: float) -> Floats:
    """Smooth noise of mean 0 and spread 1 whose blobs are about `grain` pixels wide."""
    small = (max(2, round(shape[0] / grain)), max(2, round(shape[1] / grain)))
    blown = cv2.resize(random.normal(size=small).astype(np.float32), shape[::-1], interpolation=cv2.INTER_CUBIC)
    return _floats((blown - blown.mean()) / max(float(blown.std()), 1e-6))


def plain_desk(random: Random, shape: tuple[int, int]) -> Floats:
    """One colour, from nearly black to light grey."""
    colour = random.uniform(25, 190) + random.uniform(-18, 18, size=3)
    return _floats(colour + _cloud(random, shape, 300)[..., None] * 3)


def wooden_desk(random: Random, shape: tuple[int, int]) -> Floats:
    """Long grain in browns, with the joints of boards."""
    base = np.array([60.0, 95.0, 140.0]) * random.uniform(0.6, 1.25)
    stretched = cv2.resize(_cloud(random, (shape[0], 64), 6), shape[::-1], interpolation=cv2.INTER_CUBIC)
    grain = stretched * 9 + _cloud(random, shape, 220) * 7
    desk = base + grain[..., None] * np.array([0.8, 1.0, 1.1])
    for joint in range(int(random.integers(60, 240)), shape[0], int(random.integers(240, 420))):
        desk[joint : joint + 3] *= 0.55
    return _floats(desk)


def cloth_desk(random: Random, shape: tuple[int, int]) -> Floats:
    """A woven cover: a fine weave over soft folds."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    weave = np.sin(x * random.uniform(0.7, 1.3)) * np.sin(y * random.uniform(0.7, 1.3)) * random.uniform(4, 12)
    colour = random.uniform(30, 150, size=3)
    return _floats(colour + (weave + _cloud(random, shape, 180) * 6)[..., None])


def grid_mat(random: Random, shape: tuple[int, int]) -> Floats:
    """A cutting mat with thin lines, full of right angles that are no page."""
    mat = np.broadcast_to(np.array([70.0, 105.0, 55.0]) * random.uniform(0.6, 1.2), (*shape, 3)).astype(np.float32)
    mat = np.ascontiguousarray(mat)
    pitch = int(random.integers(60, 150))
    line = (105.0, 150.0, 95.0)
    for at in range(pitch // 2, max(shape), pitch):
        cv2.line(mat, (at, 0), (at, shape[0]), line, 2, cv2.LINE_AA)
        cv2.line(mat, (0, at), (shape[1], at), line, 2, cv2.LINE_AA)
    return mat


DESKS: tuple[Callable[[Random, tuple[int, int]], Floats], ...] = (plain_desk, wooden_desk, cloth_desk, grid_mat)


@dataclass(frozen=True)
class Look:
    """How the camera and the lamp make the picture differ from the thing."""

    falloff: float = 0.25  # how much darker the far corner is
    shadow: float = 0.35
    blur: float = 0.8  # pixels
    noise: float = 2.5  # of 255
    quality: int = 88  # of the JPEG


def camera_view(
    random: Random, page: tuple[int, int], picture: tuple[int, int], *, fill: float, turn: float, tilt: float
) -> Quad:
    """Where the corners of a page of (width, height) come to lie in a picture of (width, height).

    `fill` is the share of the picture's height or width the page may take, `turn` and `tilt` are degrees.
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


def photograph(random: Random, desk: Floats, page: Image | None, corners: Quad | None, look: Look) -> Image:
    """The picture (BGR) of `page` lying on `desk` with its corners at `corners`; an empty desk where page is None."""
    height, width = desk.shape[:2]
    scene = _floats(desk.copy())
    if page is not None and corners is not None:
        laid, cover = _lay(page, corners, (width, height))
        softened = cv2.GaussianBlur(cover, (0, 0), 14)
        shift = np.array([[1, 0, random.uniform(-14, 14)], [0, 1, random.uniform(2, 16)]])
        shade = cv2.warpAffine(softened, shift, (width, height)) * look.shadow
        scene *= (1 - shade)[..., None]
        scene = scene * (1 - cover[..., None]) + laid * cover[..., None]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = random.uniform(0, 2 * np.pi)
    along = (np.cos(angle) * (x / width - 0.5) + np.sin(angle) * (y / height - 0.5)) + 0.5
    scene *= (1 - look.falloff * along)[..., None]
    if look.blur:
        scene = _floats(cv2.GaussianBlur(scene, (0, 0), look.blur))
    scene += random.normal(scale=look.noise, size=scene.shape).astype(np.float32)
    return as_image(np.clip(scene, 0, 255).astype(np.uint8))


def _lay(page: Image, corners: Quad, size: tuple[int, int]) -> tuple[Floats, Floats]:
    """The page in the picture and how much of each pixel it covers, anti-aliased by rendering at twice the size."""
    h, w = page.shape[:2]
    source = np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float32) - 0.5
    matrix = cv2.getPerspectiveTransform(source, (corners * 2 - 0.5).astype(np.float32))
    twice = (size[0] * 2, size[1] * 2)
    laid = cv2.warpPerspective(page, matrix, twice, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpPerspective(np.full((h, w), 255, np.uint8), matrix, twice, flags=cv2.INTER_LINEAR)
    small = _floats(cv2.resize(laid, size, interpolation=cv2.INTER_AREA))
    return small, _floats(cv2.resize(cover, size, interpolation=cv2.INTER_AREA)) / np.float32(255)


def as_jpeg(picture: Image, quality: int) -> bytes:
    """The picture as a camera sends it."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the picture cannot be coded as JPEG")
    return bytes(data)
