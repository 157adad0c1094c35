"""White balance and shadow: how bright bare paper is at every place, and the page as if evenly lit."""

from __future__ import annotations

import cv2
import numpy as np

from kiosk.pages.pixels import Image, as_image, grown, odd, resized, view_pixels

WHITE = 250
"""What bare paper becomes. Below 255, so that paper a little brighter than its surroundings is not cut off."""

_STROKE = 1.6  # mm; wider than the strokes of print and pen
_REACH = 5.0  # mm; a character of a title hides the paper this far
_SHRINK = 2
_TINT_CHANGES = 0.06
_TINT_REACH = 15.0  # mm
_SLOW = 4.0  # mm; the edge of a hand's shadow
_MOST_LIFT = 1.8
_BALANCE = (0.8, 1.5)


def paper_field(picture: Image) -> Image:
    """The brightness of bare paper over a picture at VIEW_DPI, per channel, at a quarter of its size. It follows
    lamps, shadows and the colour of the paper, and passes over whatever stands on it."""
    small = _half(picture)
    stroke = odd(view_pixels(_STROKE) / _SHRINK)
    small = _half(grown(small, stroke))
    reach = odd(view_pixels(_REACH) / _SHRINK**2)
    small = grown(small, reach)
    # Dilating moved every edge of light outwards; eroding moves it back and keeps what was filled.
    back = odd(view_pixels(_REACH + _STROKE) / _SHRINK**2)
    small = as_image(cv2.erode(small, np.ones((back, back), np.uint8)))
    return _one_tint(as_image(cv2.GaussianBlur(as_image(cv2.medianBlur(small, reach)), (0, 0), 2.0)))


def _one_tint(field: Image) -> Image:
    """The field in the colour of the paper, which changes little and slowly over a page: a tinted field is no light."""
    small = _half(_half(field)).astype(np.float32) + 1
    brightness = small.max(axis=2)
    tint = np.median((small / brightness[..., None])[brightness >= np.median(brightness)], axis=0)
    local = np.dstack([small[..., at] / tint[at] for at in range(3)])
    local = np.clip(local / local.max(axis=2, keepdims=True), 1 - _TINT_CHANGES, 1)
    slow = cv2.GaussianBlur(local, (0, 0), view_pixels(_TINT_REACH) / _SHRINK**4)
    balance = cv2.resize(slow * tint.astype(np.float32), (field.shape[1], field.shape[0]))
    parts = [
        cv2.divide(part, share, dtype=cv2.CV_32F)
        for part, share in zip(cv2.split(field), cv2.split(balance), strict=True)
    ]
    level = cv2.max(cv2.max(parts[0], parts[1]), parts[2])
    return np.maximum(as_image(cv2.multiply(balance, cv2.merge([level] * 3), dtype=cv2.CV_8U)), 1)


def _half(picture: Image) -> Image:
    return resized(picture, max(1, picture.shape[1] // _SHRINK), max(1, picture.shape[0] // _SHRINK))


def even_light(picture: Image, field: Image) -> Image:
    """The picture with bare paper at WHITE everywhere: white balance and shadows in one division."""
    whole = resized(field, picture.shape[1], picture.shape[0])
    return as_image(cv2.divide(picture, whole, scale=float(WHITE)))


def lifted(picture: Image, field: Image, kept: Image) -> Image:
    """A picture with its shadows lifted as far as the paper around them tells, its colours left as they are but for
    one white balance of the whole. What is `kept` (255; any resolution) tells nothing: it is dark of itself."""
    height, width = field.shape[:2]
    brightest = np.maximum(np.percentile(field.reshape(-1, 3), 95, axis=0), 1)
    lit = (field.astype(np.float32) / brightest.astype(np.float32)).max(axis=2)
    known = (resized(kept, width, height) < 128).astype(np.float32)
    sigma = max(1.0, view_pixels(_SLOW) / _SHRINK**2)
    weight = cv2.GaussianBlur(known, (0, 0), sigma)
    slow = cv2.GaussianBlur(lit * known, (0, 0), sigma) / np.maximum(weight, 0.05)
    slow = np.where(weight > 0.05, slow, 1.0)
    balance = np.clip(WHITE / brightest, *_BALANCE)
    gain = np.dstack([np.clip(1 / np.maximum(slow, 0.1), 1.0, _MOST_LIFT) * each for each in balance])
    whole = cv2.resize(gain.astype(np.float32), (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    return as_image(cv2.multiply(picture, whole, dtype=cv2.CV_8U))
