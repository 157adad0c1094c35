"""Light on a page: too little of it, the shadow of a hand or a head, a lamp mirrored in glossy paper.

All of it is judged against the smooth surface of brightness that a lamp makes on flat paper (PageView.lamp), so that an
even falloff from one side to the other is no flaw.
"""

from __future__ import annotations

import cv2
import numpy as np

from drivers.imaging.geometry import Image, as_image
from drivers.imaging.page_view import Box, PageView, box_of

_DARK = 62.0  # level of bare paper of 255; below it, noise and JPEG eat thin strokes
_DARK_SHARE = 0.04  # of the page

_SHADE = 0.80  # of the light that the lamp gives elsewhere
_SHADOW_SHARE = 0.025  # of the page
_NEUTRAL = 0.16  # how far the colours of shaded paper may shift: the rest of the room's light is bluer than the lamp's
_STEEP = 0.05  # of the lamp's light per pixel; a lamp alone falls off more gently

_GLEAM = 14.0  # levels above the lamp's surface
_NEAR_WHITE = 238.0
_GLARE_SHARE = 0.0012  # of the page
_SOFT = 1.5  # how much wider a reflection's halo is than its core; printed white has hard borders


def dark(view: PageView) -> Box | None:
    """Where bare paper is too dark; None where it is bright enough."""
    paper = cv2.resize(view.paper, (24, 24), interpolation=cv2.INTER_AREA)
    low = as_image((paper < _DARK).astype(np.uint8))
    if low.mean() < _DARK_SHARE:
        return None
    return _largest(low, _DARK_SHARE / 2)


def shadow(view: PageView) -> Box | None:
    """Where a shadow with a visible border lies that comes in over an edge of the page."""
    lamp = np.maximum(view.lamp, 8.0)
    light = view.paper.astype(np.float32) / lamp
    shaded = as_image((light < _SHADE).astype(np.uint8))
    kernel = np.ones((5, 5), np.uint8)
    shaded = as_image(cv2.morphologyEx(shaded, cv2.MORPH_OPEN, kernel))
    parts = _parts(shaded, _SHADOW_SHARE)
    slope = cv2.morphologyEx(light, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) if parts else light
    for mask, touches in parts:
        if touches and _is_neutral(view, mask) and _has_border(slope, mask):
            return box_of(mask)
    return None


def glare(view: PageView) -> Box | None:
    """Where a lamp is mirrored: brighter than the paper can be, nearly white, softly bordered."""
    above = cv2.GaussianBlur(view.grey, (3, 3), 0).astype(np.float32) - view.lamp
    core = as_image(((above > _GLEAM) & (view.grey > _NEAR_WHITE)).astype(np.uint8))
    if not core.any():
        return None
    core = as_image(cv2.morphologyEx(core, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))
    halo = as_image((above > 0.35 * _GLEAM).astype(np.uint8))
    for mask, _ in _parts(core, _GLARE_SHARE):
        around = as_image(cv2.dilate(mask, np.ones((25, 25), np.uint8)))
        if cv2.countNonZero(halo & around) > _SOFT * cv2.countNonZero(mask):
            return box_of(mask)
    return None


def _is_neutral(view: PageView, mask: Image) -> bool:
    """Whether bare paper under the mask has the colour of bare paper elsewhere."""
    bare = (view.even > 205).astype(np.uint8)
    inside, outside = bare & mask, bare & (1 - mask)
    if cv2.countNonZero(inside) < 20 or cv2.countNonZero(outside) < 20:
        return False
    one = np.array(cv2.mean(view.page, inside)[:3])
    other = np.array(cv2.mean(view.page, outside)[:3])
    ratio = one / np.maximum(other, 1.0)
    return bool(ratio.max() - ratio.min() < _NEUTRAL * ratio.mean() * 2)


def _has_border(slope: object, mask: Image) -> bool:
    border = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    rim = np.zeros_like(border)
    rim[3:-3, 3:-3] = border[3:-3, 3:-3]  # the page's own edge is no border of a shadow
    values = np.asarray(slope)[rim > 0]
    return values.size > 8 and float(np.median(values)) > _STEEP


def _parts(mask: Image, least: float) -> list[tuple[Image, bool]]:
    """The connected parts of at least that share of the page, largest first, and whether each touches its edge."""
    if cv2.countNonZero(mask) < least * mask.size:
        return []  # as on most pages, and to be known in a hundredth of the time
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    height, width = mask.shape
    found = []
    for label in range(1, count):
        left, top, wide, tall, size = (int(value) for value in stats[label])
        if size >= least * mask.size:
            touches = left <= 1 or top <= 1 or left + wide >= width - 1 or top + tall >= height - 1
            found.append((size, label, touches))
    found.sort(reverse=True)
    return [(as_image((labels == label).astype(np.uint8)), touches) for _, label, touches in found]


def _largest(mask: Image, least: float) -> Box | None:
    parts = _parts(mask, least)
    return box_of(parts[0][0]) if parts else None
