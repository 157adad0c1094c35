"""Pictures decoded with limits, shrunk for a preview, and pages cut out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from drivers.api.records import Corners
from drivers.api.sound_jpeg import decode_jpeg
from drivers.document_camera.protocol import CameraProtocolError, jpeg_size
from drivers.imaging.find_page import look
from drivers.imaging.geometry import Image, Quad, area, as_corners, as_image, clockwise, is_page_like, warp
from drivers.imaging.judging import LEAST_CONFIDENCE
from drivers.imaging.seen import FoundPage, PageOutside, Seen

PAGE_QUALITY = 90
PREVIEW_QUALITY = 72
_COLOUR = {
    8: cv2.IMREAD_REDUCED_COLOR_8,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    1: cv2.IMREAD_COLOR,
}
_GREY = {
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    1: cv2.IMREAD_GRAYSCALE,
}


@dataclass(frozen=True)
class Page:
    """A page cut out (BGR) and where it was, or the whole picture where none was found, and how one leaves it."""

    image: Image
    corners: Corners | None
    confidence: float
    quad: Quad | None = None
    outside: PageOutside | None = None


def decode(jpeg: bytes, wanted_width: int | None = None) -> Image:
    """The upright picture (EXIF orientation applied), BGR; at least `wanted_width` wide but no larger than needed
    for it where that is given. Raises CameraProtocolError, of a whole picture also where a part of it is missing."""
    return _decoded(jpeg, wanted_width, _COLOUR)


def decode_grey(jpeg: bytes, wanted_width: int | None = None) -> Image:
    """The same in grey, which takes less than half the time."""
    return _decoded(jpeg, wanted_width, _GREY)


def _decoded(jpeg: bytes, wanted_width: int | None, flags: Mapping[int, int]) -> Image:
    width, _ = jpeg_size(jpeg)
    reduced = 1
    if wanted_width is not None:
        reduced = next(factor for factor in flags if factor == 1 or width >= wanted_width * factor)
    if wanted_width is None:
        decoded = decode_jpeg(jpeg, flags[reduced])
        picture, damaged = decoded.picture, decoded.damaged
    else:
        # A live picture is followed by the next; a part that is missing is seen and soon gone.
        found = cv2.imdecode(np.frombuffer(jpeg, np.uint8), flags[reduced])
        picture, damaged = (None if found is None else as_image(found)), False
    if picture is None or damaged:
        raise CameraProtocolError("a picture that cannot be decoded, or not all of it")
    return picture


def encode(picture: Image, quality: int) -> bytes:
    """The picture as JPEG."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise CameraProtocolError("a picture that cannot be coded")
    return bytes(data)


def shrink(picture: Image, max_width: int) -> Image:
    """The picture at most `max_width` wide."""
    height, width = picture.shape[:2]
    if width <= max_width:
        return picture
    size = (max_width, max(1, round(height * max_width / width)))
    return as_image(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def cut_out(picture: Image, given: Corners | None = None, marked: Quad | None = None) -> Page:
    """The page in the picture, found or at the corners `given`; `marked` is where the live picture showed it, for a
    picture in which it is not found again. Corners that make no page count as none."""
    seen: Seen
    if given is not None:
        quad = clockwise(given)
        seen = FoundPage(quad, 1.0) if _usable(quad) else None
    else:
        seen = look(picture)
        if not isinstance(seen, FoundPage) and marked is not None and _usable(marked):
            seen = FoundPage(marked, LEAST_CONFIDENCE)
    if not isinstance(seen, FoundPage):
        return Page(picture, None, 0.0, None, seen)
    return Page(warp(picture, seen.corners), as_corners(seen.corners), seen.confidence, seen.corners)


def _usable(quad: Quad) -> bool:
    return bool(np.isfinite(quad).all()) and is_page_like(quad) and area(quad) > 64 * 64
