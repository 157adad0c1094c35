"""Colour that must stay: red seals, blue handwriting, highlighted words."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.pages.light import WHITE
from kiosk.pages.pixels import (
    VIEW_DPI,
    Image,
    above,
    as_image,
    both,
    crowded,
    dimmed,
    either,
    grey,
    grown,
    odd,
    resized,
    up_to,
    view_pixels,
    without,
)

_COLOURFUL = 30  # between the strongest and the weakest channel; the noise of cameras stays below
_AROUND = 16  # the same over a stroke and the paper beside it
_STROKE = 5  # pixels, 0.85 mm
_COLOURED = 18  # the same, for what lies beside something colourful
_REDDER = 12  # red above green and blue
_AROUND_SEALS = 2.0  # mm
_SPECK = 5  # pixels in a window of 5 × 5
_BRIGHT = 238  # paler than this in its weakest channel is the paper's own tint
_LEAST = 8.0  # mm²; a tick in blue pen
_FRINGE = 3  # pixels around black strokes, where lenses and JPEG leave colour
_RIM = 5  # pixels around colour, where it fades into the paper
_UNDER_SEAL = 0.88  # of the seal's own brightness in red light: what is darker is print
_MOST_UNDER_SEAL = 0.7  # of the paper's
_FIELD = 2.5  # mm; wider than what a pen writes
_ON_FIELDS = 0.78  # of the field's brightness
_INK_COLOUR_SHRINK = 3
_ONE_STROKE = 2.0  # mm
_ONE_HAND = 12.0  # mm; across a written character and the next one
_FAINT = 8  # between the strongest and the weakest channel
_PAPER_IN_STROKES = 15
_LEAST_AMOUNT = 1.0


def coloured(even: Image, field: Image) -> Image:
    """255 where an evenly lit page (VIEW_DPI, in colour) is neither grey nor bare, without specks and without the
    fringes of black print, whose colours cancel out over the width of a stroke. `field` is the paper's brightness in
    grey: where it is dark, lighting the page strengthened what little colour black has."""
    share = np.minimum(field * (255 / max(1.0, float(np.percentile(field, 95)))), 255)
    trust = resized(as_image(share), even.shape[1], even.shape[0])
    around = above(_apart(as_image(cv2.blur(even, (_STROKE, _STROKE))), trust), _AROUND)
    apart = _apart(even, trust)
    sure = crowded(both(above(apart, _COLOURFUL), around), _SPECK)
    return both(above(apart, _COLOURED), both(grown(sure, _RIM), around))


def _apart(picture: Image, trust: Image) -> Image:
    """How far the strongest channel is above the weakest, times `trust` (255: all), where the point is not nearly
    white."""
    blue, green, red = cv2.split(picture)
    strongest = cv2.max(cv2.max(blue, green), red)
    weakest = as_image(cv2.min(cv2.min(blue, green), red))
    apart = as_image(cv2.multiply(cv2.subtract(strongest, weakest), trust, scale=1 / 255))
    return both(apart, up_to(weakest, _BRIGHT))


def enough(mask: Image) -> bool:
    """Whether there is as much of it as somebody meant to put there."""
    return bool(cv2.countNonZero(mask) > _LEAST * (VIEW_DPI / 25.4) ** 2)


def reds(even: Image, mask: Image) -> Image:
    """Of the coloured points those of seals: red before green and blue."""
    blue, green, red = cv2.split(even)
    return both(mask, above(as_image(cv2.subtract(red, cv2.max(green, blue))), _REDDER))


def seal_zone(red: Image) -> Image:
    """255 on seals and close around them, where print is looked for in red light, in which seals pale."""
    return grown(red, odd(view_pixels(_AROUND_SEALS)))


def limit_under_seals(limit: Image, even: Image, red: Image, field: Image) -> Image:
    """The thresholds of a page in red light lowered to where seals, pale as they are in it, are no ink; `field` is the
    paper's brightness in red light."""
    seal = even[..., 2][red > 0]
    level = float(np.percentile(seal, 25)) / WHITE if seal.size else 1.0
    paper = resized(field, even.shape[1], even.shape[0])
    return as_image(cv2.min(limit, dimmed(paper, min(_UNDER_SEAL * level, _MOST_UNDER_SEAL))))


def tinted_fields(mask: Image) -> Image:
    """Of the coloured points those of fields wider than a pen writes, and a little around."""
    wide = odd(view_pixels(_FIELD))
    return grown(as_image(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((wide, wide), np.uint8))), wide)


def limit_on_fields(limit: Image, view: Image, fields: Image) -> Image:
    """The ink's thresholds (VIEW_DPI) lowered on tinted fields, whose own edges are no strokes; `view` is the page in
    grey."""
    side = odd(view_pixels(_FIELD))
    lowered = as_image(cv2.min(limit, dimmed(as_image(cv2.blur(view, (side, side))), _ON_FIELDS)))
    return as_image(cv2.copyTo(lowered, fields, limit.copy()))


def background(even: Image, ink: Image, kept: Image) -> Image:
    """The evenly lit page without its ink: pure white but for what is `kept` (255: colour, pictures) and its rim."""
    shown = either(kept, without(grown(kept, _RIM), grown(ink, _FRINGE)))
    return as_image(cv2.copyTo(even, shown, np.full_like(even, 255)))


def ink_colours(even: Image, ink: Image, pen: Image) -> Image | None:
    """The colour of the ink, smaller than the page at VIEW_DPI: black where it is print, its own where it is `pen`
    (255: coloured and not red) or beside that and of some colour: thin strokes show little of it. None where all of it
    is black."""
    strokes = both(ink, pen)
    if not enough(strokes):
        return None
    strokes = both(ink, grown(strokes, odd(view_pixels(_ONE_HAND))))
    width, height = (max(1, side // _INK_COLOUR_SHRINK) for side in (ink.shape[1], ink.shape[0]))
    # The middle of a stroke tells its colour; at its sides the paper shines in.
    weight = both(as_image(cv2.bitwise_not(grey(even))), strokes).astype(np.float32)
    weight *= weight * (1 / 255)
    side = odd(view_pixels(_ONE_STROKE) / _INK_COLOUR_SHRINK)

    def around(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        small = cv2.resize(values, (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.blur(small, (side, side)), dtype=np.float32)

    amount = around(weight)
    colours = [around(part.astype(np.float32) * weight) for part in cv2.split(even)]
    mean = np.clip(np.dstack(colours) / np.maximum(amount, 1e-3)[..., None] - _PAPER_IN_STROKES, 0, 255)
    shown = (amount > _LEAST_AMOUNT) & (np.ptp(mean, axis=2) > _FAINT)
    return as_image(np.where(shown[..., None], mean, 0))
