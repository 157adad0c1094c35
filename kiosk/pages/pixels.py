"""Pictures as arrays, and lengths on paper as pixels."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
"""Shape (height, width) grey or (height, width, 3) in the order blue, green, red."""

PAGE_DPI = 300
"""Of bilevel pages: what courts ask of scans, and what the smallest print needs."""

VIEW_DPI = 150
"""Of the copy on which everything but the ink itself is decided, and of coloured backgrounds."""


def as_image(pixels: npt.ArrayLike) -> Image:
    """What OpenCV returned, as the 8-bit picture it is."""
    return np.asarray(pixels, dtype=np.uint8)


def view_pixels(millimetres: float) -> int:
    """A length at VIEW_DPI, at least one pixel."""
    return max(1, round(millimetres * VIEW_DPI / 25.4))


def odd(pixels: float) -> int:
    """The odd number nearest to a window's side, so that the window has a middle."""
    return max(1, 2 * round((pixels - 1) / 2) + 1)


def resized(picture: Image, width: int, height: int) -> Image:
    """The picture in another size: averaged when smaller, smooth when larger."""
    if picture.shape[1] == width and picture.shape[0] == height:
        return picture
    smaller = width < picture.shape[1]
    return as_image(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR))


def grey(picture: Image) -> Image:
    """The luminance of a coloured picture."""
    return as_image(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def above(picture: Image, level: float) -> Image:
    """255 where the picture is brighter than `level`."""
    return as_image(cv2.threshold(picture, int(level), 255, cv2.THRESH_BINARY)[1])


def up_to(picture: Image, level: float) -> Image:
    """255 where the picture is at most as bright as `level`."""
    return as_image(cv2.threshold(picture, int(level), 255, cv2.THRESH_BINARY_INV)[1])


def below(picture: Image, limit: Image) -> Image:
    """255 where the picture is darker than `limit` at the same place."""
    return as_image(cv2.compare(picture, limit, cv2.CMP_LT))


def dimmed(picture: Image, factor: float) -> Image:
    """The picture at `factor` of its brightness."""
    return as_image(cv2.convertScaleAbs(picture, alpha=factor))


def both(one: Image, other: Image) -> Image:
    """255 where both masks are."""
    return as_image(cv2.bitwise_and(one, other))


def either(one: Image, other: Image) -> Image:
    """255 where one of the masks is."""
    return as_image(cv2.bitwise_or(one, other))


def without(mask: Image, other: Image) -> Image:
    """The mask where `other` is not."""
    return as_image(cv2.subtract(mask, other))


def grown(mask: Image, side: int) -> Image:
    """The brightest within a square of `side` pixels: a mask that reaches further."""
    return as_image(cv2.dilate(mask, np.ones((side, side), np.uint8)))


def crowded(mask: Image, count: int) -> Image:
    """The mask where at least `count` points within a square of 5 × 5 belong to it."""
    share = as_image(cv2.boxFilter(mask, -1, (5, 5), normalize=True))
    return both(mask, above(share, count * 255 // 25 - 2))
