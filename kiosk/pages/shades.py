"""Printed grey: shaded rows of tables, copied photographs. They are told from shadows, which the paper's brightness
follows (kiosk/pages/light.py), by their straight and sharp edges."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.pages.pixels import Image, above, as_image, either, grown, odd, resized, up_to, view_pixels

_SHRINK = 4
_STROKE = 1.6  # mm; wider than the strokes of print
_WIDEST = 60.0  # mm; of two sides the shorter is no longer: larger fields are taken for paper
_DARKER = 0.92  # of the paper around it
_NARROWEST = 3.0  # mm
_LEAST = 80.0  # mm²
_FROM_FRAME = 1.5  # mm; a shadow comes from outside
_STRAIGHT = 0.75  # of the outline runs along the page or across it
_LEVEL = 0.12  # tangent of the angle to its direction
_SHARP = 0.6  # of the step from paper to shade lies within the outline's own width
_FLAT = 0.05  # of the paper's brightness: what varies more is a picture
_SOLID = 0.6  # of what it encloses; a frame is hollow
_RECTANGLE = 0.75  # filled by a picture whose rest is as bright as paper
_ROUGH = 0.15  # of the paper's brightness is the deviation within a square of _GRAIN in codes, in pictures less
_GRAIN = 2.5  # mm
_REACH = 15.0  # mm
_APART = 4.0  # mm: so near a shade the paper's brightness was led astray by it

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Shades:
    """255 on flat shades, on which print stands, and on pictures, at the size of the view; and the brightness of the
    paper as it is around them."""

    flat: Image
    pictures: Image
    field: Image


def shades_of(view: Image, field: Image, coloured: Image) -> Shades | None:
    """The printed grey on a page in grey at VIEW_DPI; `field` is the brightness of its paper (in colour, a quarter of
    its size), and what is `coloured` (255) is none. None where there is none."""
    height, width = field.shape[:2]
    half = resized(view, 2 * width, 2 * height)
    bare = resized(grown(half, odd(_small(_STROKE) * 2)), width, height)
    paper = _around(bare)
    ratio = bare.astype(np.float32) / paper
    rough = _roughness(half, (width, height)) / paper
    in_colour = resized(coloured, width, height)
    narrow = odd(_small(_NARROWEST))
    dark = as_image((ratio < _DARKER) * np.uint8(255))
    dark = as_image(cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((narrow, narrow), np.uint8)))
    flat, pictures = as_image(np.zeros_like(dark)), as_image(np.zeros_like(dark))
    for outline in cv2.findContours(dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        if not _printed(np.asarray(outline, dtype=np.int32), (width, height)):
            continue
        one = as_image(np.zeros_like(dark))
        cv2.drawContours(one, [outline], -1, 255, cv2.FILLED)
        whole = one > 0
        if (dark[whole] > 0).mean() < _SOLID or (in_colour[whole] > 127).mean() > 0.5 or not _sharp(ratio, one):
            continue
        inside = ratio[cv2.erode(one, np.ones((3, 3), np.uint8)) > 0]
        if inside.size and inside.std() < _FLAT:
            flat = either(flat, one)
        elif rough[whole].mean() < _ROUGH:
            x, y, across, down = cv2.boundingRect(outline)
            if np.count_nonzero(whole) > _RECTANGLE * across * down:
                one[y : y + down, x : x + across] = 255  # a bright sky is a part of its picture
            pictures = either(pictures, one)
    both = either(flat, pictures)
    if not both.any():
        return None
    size = view.shape[1], view.shape[0]
    # Paper grew into the shades when strokes were filled.
    rim = odd(_small(_STROKE) + 2)
    wide = [above(resized(grown(one, rim), *size), 127) for one in (flat, pictures)]
    return Shades(wide[0], wide[1], _field_around(field, grown(both, odd(2 * _small(_APART)))))


def _small(millimetres: float) -> float:
    return view_pixels(100 * millimetres) / 100 / _SHRINK


def _around(bare: Image) -> Floats:
    """The brightness around what is narrower than the widest shade."""
    height, width = bare.shape
    small = resized(bare, max(1, width // 2), max(1, height // 2))
    side = np.ones((odd(_small(_WIDEST) / 2),) * 2, np.uint8)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, side, borderType=cv2.BORDER_REPLICATE)
    whole = resized(as_image(cv2.GaussianBlur(closed, (0, 0), 2.0)), width, height)
    return np.maximum(whole, 1).astype(np.float32)


def _roughness(half: Image, size: tuple[int, int]) -> Floats:
    """The deviation of brightness around every point."""
    side = (odd(2 * _small(_GRAIN)),) * 2
    mean = cv2.boxFilter(half, cv2.CV_32F, side)
    square = cv2.sqrBoxFilter(half, cv2.CV_32F, side)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    return np.asarray(cv2.resize(deviation, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _printed(outline: npt.NDArray[np.int32], size: tuple[int, int]) -> bool:
    x, y, width, height = cv2.boundingRect(outline)
    frame = _small(_FROM_FRAME)
    if min(x, y) < frame or x + width > size[0] - frame or y + height > size[1] - frame:
        return False
    if cv2.contourArea(outline) < _LEAST * _small(1) ** 2:
        return False
    corners = cv2.approxPolyDP(outline, 1.5, True).reshape(-1, 2).astype(np.float64)
    steps = np.abs(np.roll(corners, -1, axis=0) - corners)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    straight = steps.min(axis=1) <= np.maximum(_LEVEL * steps.max(axis=1), 1.0)
    return bool(lengths[straight].sum() >= _STRAIGHT * lengths.sum())


def _sharp(ratio: Floats, one: Image) -> bool:
    square = np.ones((3, 3), np.uint8)
    outer = as_image(cv2.dilate(one, np.ones((5, 5), np.uint8)) - cv2.dilate(one, square)) > 0
    inner = as_image(cv2.erode(one, square) - cv2.erode(one, np.ones((5, 5), np.uint8))) > 0
    if not outer.any() or not inner.any():
        return False
    depth = 1 - float(np.median(ratio[one > 0]))
    return float(np.median(ratio[outer]) - np.median(ratio[inner])) >= _SHARP * depth


def _field_around(field: Image, hidden: Image) -> Image:
    """The field with what is `hidden` (255) as it is around there."""
    known = (up_to(hidden, 0) > 0).astype(np.float32)
    sigma = _small(_REACH)
    weight = cv2.GaussianBlur(known, (0, 0), sigma)
    around = cv2.GaussianBlur(field.astype(np.float32) * known[..., None], (0, 0), sigma)
    filled = around / np.maximum(weight, 1e-6)[..., None]
    soft = cv2.GaussianBlur(known, (0, 0), 1.5)[..., None]
    return as_image(np.clip(np.where(weight[..., None] > 1e-5, soft * field + (1 - soft) * filled, field), 1, 255))
