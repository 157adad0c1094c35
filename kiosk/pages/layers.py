"""The layers of a kept page: ink at full resolution, colour behind it, and the colour of the ink (ITU-T T.44)."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import cv2
import numpy as np

from kiosk.pages import coding, colour, ink, light, tones
from kiosk.pages.laying import Box, Laying, turned
from kiosk.pages.light import WHITE
from kiosk.pages.pixels import PAGE_DPI, VIEW_DPI, Image, above, as_image, either, grey, grown, resized, up_to, without
from kiosk.pages.shades import shades_of

_BACKGROUND_QUALITY = 55
_INK_COLOUR_QUALITY = 60
_PICTURE_QUALITY = 78
_SOFT_QUALITY = 60
_PAPER_GRAIN = 0.91  # of WHITE: brighter is paper, and becomes white
_PAPER = 0.85  # of WHITE


@dataclass(frozen=True)
class View:
    """A page at VIEW_DPI: in colour and grey, the brightness of its paper (in colour, a quarter of its size), the page
    as if evenly lit, below which brightness a point is ink, and its ink."""

    colour: Image
    grey: Image
    field: Image
    even: Image
    limit: Image
    ink: Image


@dataclass(frozen=True)
class Lying:
    """A picture in colour, and how it becomes its page."""

    picture: Image
    laying: Laying


@dataclass(frozen=True)
class Layers:
    """What is kept of a page, coded, and how much of it is not bare paper (0 to 1)."""

    width: int
    height: int
    dpi: int
    ink: bytes
    background: bytes
    ink_colour: bytes
    share: float


@dataclass(frozen=True)
class Marks:
    """What is not plain ink on a page at VIEW_DPI, 255 each: colour, of it seals and tinted fields; pictures; fields
    shaded grey, on which print stands. `even` is the page evenly lit with its greys as they are printed."""

    coloured: Image
    red: Image
    fields: Image
    pictures: Image
    shaded: Image
    even: Image

    def share(self) -> float:
        """How much of the page is colour or picture, 0 to 1."""
        return _share(either(self.coloured, self.pictures))

    def any(self) -> bool:
        """Whether the page needs colour to be kept."""
        return colour.enough(self.coloured) or bool(self.pictures.any() or self.shaded.any())


def look(page: Image) -> View:
    """Look at a page in colour at VIEW_DPI."""
    field = light.paper_field(page)
    in_grey = grey(page)
    limit = ink.thresholds(in_grey, grey(field), ink.noise_of(in_grey))
    return View(page, in_grey, field, light.even_light(page, field), limit, ink.ink_mask(in_grey, limit))


def turn(view: View, count: int) -> View:
    """The same page turned `count` quarters clockwise."""
    parts = (view.colour, view.grey, view.field, view.even, view.limit, view.ink)
    return view if count == 0 else View(*(turned(part, count) for part in parts))


def marks_of(view: View) -> Marks:
    """Find colour and pictures."""
    coloured = colour.coloured(view.even, grey(view.field))
    red = colour.reds(view.even, coloured)
    pictures = tones.picture_areas(grey(view.even), grey(view.field), red)
    fields = colour.tinted_fields(coloured)
    shades = shades_of(view.grey, view.field, coloured)
    if shades is None:
        return Marks(coloured, red, fields, pictures, np.zeros_like(pictures), view.even)
    even = light.even_light(view.colour, shades.field)
    return Marks(coloured, red, fields, either(pictures, shades.pictures), shades.flat, even)


def ink_layer(page: Image, view: View, marks: Marks, laying: Laying) -> Image:
    """The ink of a page in grey at PAGE_DPI, 255 each point."""
    limit = ink.thresholds(view.grey, grey(view.field), ink.noise_of(page))
    mask = ink.ink_mask(page, colour.limit_on_fields(limit, view.grey, marks.fields))
    ink.clear_edges(mask, PAGE_DPI, laying.spread)
    return mask


def text_layers(mask: Image) -> Layers:
    """A page of nothing but ink."""
    return Layers(mask.shape[1], mask.shape[0], PAGE_DPI, coding.g4(mask), b"", b"", _share(mask))


def sealed_layers(mask: Image, view: View, marks: Marks, lying: Lying, aside: Executor) -> Layers:
    """Ink over a background in colour."""
    _read_through_seals(mask, view, marks.red, lying)
    if marks.pictures.any():
        mask = without(mask, above(resized(marks.pictures, mask.shape[1], mask.shape[0]), 127))
    small = above(resized(mask, view.grey.shape[1], view.grey.shape[0]), 100)
    # Highlighted words and tinted fields are colour that is no ink; what a pen wrote is both, and only the ink stays.
    kept = either(either(marks.red, marks.pictures), without(marks.coloured, grown(small, 5)))
    kept = either(kept, marks.shaded)
    pen = without(without(marks.coloured, marks.red), marks.fields)
    coded = aside.submit(_colour_layers, marks.even, small, kept, pen)
    strip = coding.g4(mask)
    background, ink_colour = coded.result()
    share = _share(mask) + _share(without(kept, small))
    return Layers(mask.shape[1], mask.shape[0], PAGE_DPI, strip, background, ink_colour, share)


def picture_layers(lying: Lying, view: View, marks: Marks, dpi: int) -> Layers:
    """A page that is one picture."""
    page = lying.laying.lay(lying.picture, dpi)
    page = light.lifted(page, view.field, marks.pictures)
    share = _share(up_to(grey(view.even), _PAPER * WHITE))
    return Layers(page.shape[1], page.shape[0], dpi, b"", coding.jpeg(page, _PICTURE_QUALITY), b"", share)


def soft_layers(view: View) -> Layers:
    """A page of print that is too blurred for black and white: one evenly lit picture on white."""
    calm = as_image(cv2.GaussianBlur(view.even, (3, 3), 0))
    page = as_image(cv2.convertScaleAbs(calm, alpha=255 / (_PAPER_GRAIN * WHITE)))
    return Layers(page.shape[1], page.shape[0], VIEW_DPI, b"", coding.jpeg(page, _SOFT_QUALITY), b"", _share(view.ink))


def _read_through_seals(mask: Image, view: View, red: Image, lying: Lying) -> None:
    """Replace the ink at seals, in place, by what is dark in red light too."""
    if not red.any():
        return
    zone = colour.seal_zone(red)
    field = as_image(view.field[..., 2])
    seen = as_image(view.colour[..., 2])
    limit = colour.limit_under_seals(ink.thresholds(seen, field, ink.noise_of(seen)), view.even, red, field)
    in_red_light = as_image(lying.picture[..., 2])
    for left, top, right, bottom in _boxes(zone):
        scale = PAGE_DPI // VIEW_DPI
        box: Box = left * scale, top * scale, min(right * scale, mask.shape[1]), min(bottom * scale, mask.shape[0])
        size = box[2] - box[0], box[3] - box[1]
        part_in_red = lying.laying.lay(in_red_light, PAGE_DPI, box)
        dark = ink.ink_mask(part_in_red, as_image(cv2.resize(limit[top:bottom, left:right], size)))
        here = cv2.resize(zone[top:bottom, left:right], size, interpolation=cv2.INTER_NEAREST) > 0
        part = mask[box[1] : box[3], box[0] : box[2]]
        part[here] = dark[here]


def _boxes(mask: Image) -> list[Box]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    return [(int(x), int(y), int(x + width), int(y + height)) for x, y, width, height, _ in stats[1:count]]


def _colour_layers(even: Image, small: Image, kept: Image, pen: Image) -> tuple[bytes, bytes]:
    background = b""
    if colour.enough(kept):
        background = coding.jpeg(colour.background(even, small, kept), _BACKGROUND_QUALITY)
    colours = colour.ink_colours(even, small, pen)
    return background, b"" if colours is None else coding.jpeg(colours, _INK_COLOUR_QUALITY)


def _share(mask: Image) -> float:
    return float(np.count_nonzero(mask) / mask.size)
