"""The layers of a page before they are coded: ink at full resolution, colour behind it, and the colour of the ink
(ITU-T T.44)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kiosk.pages import colour, ink, light, tones
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
class Coloured:
    """A layer in colour and the quality of its JPEG. It may be smaller than the page."""

    image: Image
    quality: int


@dataclass(frozen=True)
class Layers:
    """What is kept of a page as it lies, not yet coded, and how much of it is not bare paper (0 to 1). Sizes in pixels
    at `dpi`; `ink` has that size, 255 each point."""

    width: int
    height: int
    dpi: int
    ink: Image | None
    background: Coloured | None
    ink_colour: Coloured | None
    share: float

    def turned(self, count: int) -> Layers:
        """The same after `count` quarter turns clockwise."""
        width, height = (self.height, self.width) if count % 2 else (self.width, self.height)
        ground, colours = (
            None if one is None else Coloured(turned(one.image, count), one.quality)
            for one in (self.background, self.ink_colour)
        )
        strokes = None if self.ink is None else turned(self.ink, count)
        return Layers(width, height, self.dpi, strokes, ground, colours, self.share)


@dataclass(frozen=True)
class Colours:
    """Colour on a page at VIEW_DPI, 255 each; of it seals and tinted fields."""

    coloured: Image
    red: Image
    fields: Image


@dataclass(frozen=True)
class Marks:
    """What is not plain ink on a page at VIEW_DPI, 255 each: colours; pictures; fields shaded grey, on which print
    stands. `even` is the page evenly lit with its greys as they are printed."""

    colours: Colours
    pictures: Image
    shaded: Image
    even: Image

    def share(self) -> float:
        """How much of the page is colour or picture, 0 to 1."""
        return _share(either(self.colours.coloured, self.pictures))

    def any(self) -> bool:
        """Whether the page needs colour to be kept."""
        return colour.enough(self.colours.coloured) or bool(self.pictures.any() or self.shaded.any())


def look(page: Image) -> View:
    """Look at a page in colour at VIEW_DPI."""
    field = light.paper_field(page)
    in_grey = grey(page)
    limit = ink.thresholds(in_grey, grey(field), ink.noise_of(in_grey))
    return View(page, in_grey, field, light.even_light(page, field), limit, ink.ink_mask(in_grey, limit))


def colours_of(view: View) -> Colours:
    """Find colour."""
    coloured = colour.coloured(view.even, grey(view.field))
    return Colours(coloured, colour.reds(view.even, coloured), colour.tinted_fields(coloured))


def marks_of(view: View, colours: Colours) -> Marks:
    """Find pictures and printed grey beside the colours."""
    pictures = tones.picture_areas(grey(view.even), grey(view.field), colours.red)
    shades = shades_of(view.grey, view.field, colours.coloured)
    if shades is None:
        return Marks(colours, pictures, np.zeros_like(pictures), view.even)
    even = light.even_light(view.colour, shades.field)
    return Marks(colours, either(pictures, shades.pictures), shades.flat, even)


def ink_layer(page: Image, view: View, fields: Image, laying: Laying) -> Image:
    """The ink of a page in grey at PAGE_DPI, 255 each point; `fields` are those that are tinted."""
    limit = ink.thresholds(view.grey, grey(view.field), ink.noise_of(page))
    mask = ink.ink_mask(page, colour.limit_on_fields(limit, view.grey, fields))
    ink.clear_edges(mask, PAGE_DPI, laying.spread)
    return mask


def text_layers(mask: Image) -> Layers:
    """A page of nothing but ink."""
    return Layers(mask.shape[1], mask.shape[0], PAGE_DPI, mask, None, None, _share(mask))


def sealed_layers(mask: Image, view: View, marks: Marks, lying: Lying) -> Layers:
    """Ink over a background in colour."""
    found = marks.colours
    _read_through_seals(mask, view, found.red, lying)
    if marks.pictures.any():
        mask = without(mask, above(resized(marks.pictures, mask.shape[1], mask.shape[0]), 127))
    small = above(resized(mask, view.grey.shape[1], view.grey.shape[0]), 100)
    # Highlighted words and tinted fields are colour that is no ink; what a pen wrote is both, and only the ink stays.
    kept = either(either(found.red, marks.pictures), without(found.coloured, grown(small, 5)))
    kept = either(kept, marks.shaded)
    pen = without(without(found.coloured, found.red), found.fields)
    ground = colour.background(marks.even, small, kept) if colour.enough(kept) else None
    colours = colour.ink_colours(marks.even, small, pen)
    return Layers(
        mask.shape[1],
        mask.shape[0],
        PAGE_DPI,
        mask,
        None if ground is None else Coloured(ground, _BACKGROUND_QUALITY),
        None if colours is None else Coloured(colours, _INK_COLOUR_QUALITY),
        _share(mask) + _share(without(kept, small)),
    )


def picture_layers(lying: Lying, view: View, marks: Marks, dpi: int) -> Layers:
    """A page that is one picture."""
    page = lying.laying.lay(lying.picture, dpi)
    page = light.lifted(page, view.field, marks.pictures)
    share = _share(up_to(grey(view.even), _PAPER * WHITE))
    return Layers(page.shape[1], page.shape[0], dpi, None, Coloured(page, _PICTURE_QUALITY), None, share)


def soft_layers(view: View) -> Layers:
    """A page of print that is too blurred for black and white: one evenly lit picture on white."""
    calm = as_image(cv2.GaussianBlur(view.even, (3, 3), 0))
    page = as_image(cv2.convertScaleAbs(calm, alpha=255 / (_PAPER_GRAIN * WHITE)))
    return Layers(page.shape[1], page.shape[0], VIEW_DPI, None, Coloured(page, _SOFT_QUALITY), None, _share(view.ink))


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
    """Around each part. Outlines: labelling every point takes five times as long."""
    outlines = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    found = [cv2.boundingRect(outline) for outline in outlines]
    return [(x, y, x + width, y + height) for x, y, width, height in found]


def _share(mask: Image) -> float:
    return float(np.count_nonzero(mask) / mask.size)
