"""Several things cut out of one picture, each straight and alone, and the picture small to show where each lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from drivers.api.records import Corners, Flaw, LaidItem, PaperCode, SeveralItems
from drivers.imaging.geometry import Image, Quad, as_corners, as_image, warp

MOST_ITEMS = 12
"""Cards that find room on the glass; more is no things but what is printed on one."""

OVERVIEW_SIDE = 1280
"""Pixels of the longer side of the overview."""

_MARGIN = 0.04  # of the longer side of what the things take up

Encode = Callable[[Image], bytes]


@dataclass(frozen=True)
class Cut:
    """One thing alone, and what is known of it."""

    image: Image
    quad: Quad
    flaws: tuple[Flaw, ...] = ()
    codes: tuple[PaperCode, ...] = ()


def cut_out_each(picture: Image, quads: Sequence[Quad]) -> list[Cut]:
    """Each thing flat and straight, in its true proportion, with about the pixels it has in the picture."""
    return [Cut(warp(picture, quad), quad) for quad in quads]


def around(picture: Image, quads: Sequence[Quad]) -> Quad:
    """The upright rectangle that holds all things and a little of what they lie on."""
    every = np.concatenate(list(quads))
    low, high = every.min(axis=0), every.max(axis=0)
    margin = _MARGIN * float((high - low).max())
    left, top = np.maximum(np.floor(low - margin), 0)
    right, bottom = np.minimum(np.ceil(high + margin), picture.shape[1::-1])
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def cropped(picture: Image, rectangle: Quad) -> Image:
    """What lies in an upright rectangle."""
    (left, top), (right, bottom) = rectangle[0].astype(int), rectangle[2].astype(int)
    return as_image(picture[top:bottom, left:right])


def together(picture: Image, cuts: Sequence[Cut], encode: Encode, room: int) -> SeveralItems | None:
    """The things as they travel in a message of at most `room` bytes; None where they are more than that."""
    rectangle = around(picture, [cut.quad for cut in cuts])
    whole = cropped(picture, rectangle)
    scale = min(1.0, OVERVIEW_SIDE / max(whole.shape[:2]))
    size = (max(1, round(whole.shape[1] * scale)), max(1, round(whole.shape[0] * scale)))
    overview = whole if scale == 1.0 else as_image(cv2.resize(whole, size, interpolation=cv2.INTER_AREA))
    ratio = np.array(size) / whole.shape[1::-1]
    items = tuple(_item(cut, as_corners((cut.quad - rectangle[0]) * ratio), encode) for cut in cuts)
    found = SeveralItems(encode(overview), size[0], size[1], items)
    return found if len(found.overview) + sum(len(item.jpeg) for item in items) <= room else None


def _item(cut: Cut, corners: Corners, encode: Encode) -> LaidItem:
    height, width = cut.image.shape[:2]
    return LaidItem(encode(cut.image), width, height, corners, cut.flaws, cut.codes)
