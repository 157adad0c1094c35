"""Pictures decoded with limits, shrunk for a preview, and pages cut out of them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from drivers.api.records import Corners
from drivers.document_camera.find_page import FoundPage, Tracker, find_page
from drivers.document_camera.geometry import Image, Quad, area, clockwise, is_page_like, warp
from drivers.document_camera.protocol import CameraProtocolError, jpeg_size

PAGE_QUALITY = 90
PREVIEW_QUALITY = 72
_REDUCED = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))


@dataclass(frozen=True)
class Page:
    """A page cut out (BGR) and where it was, or the whole picture where none was found."""

    image: Image
    corners: Corners | None
    confidence: float


def as_corners(quad: Quad) -> Corners:
    """Corners as the messages carry them."""
    first, second, third, fourth = ((round(float(x), 2), round(float(y), 2)) for x, y in quad)
    return first, second, third, fourth


def decode(jpeg: bytes, wanted_width: int | None = None) -> Image:
    """The upright picture (EXIF orientation applied), BGR; at least `wanted_width` wide but no larger than needed
    for it where that is given. Raises CameraProtocolError."""
    width, _ = jpeg_size(jpeg)
    flag = cv2.IMREAD_COLOR
    if wanted_width is not None:
        for factor, reduced in _REDUCED:
            if width >= wanted_width * factor:
                flag = reduced
                break
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), flag)
    if picture is None:
        raise CameraProtocolError("a picture that cannot be decoded")
    whole: Image = np.asarray(picture, dtype=np.uint8)
    return whole


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
    small: Image = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return small


def cut_out(picture: Image, given: Corners | None = None) -> Page:
    """The page in the picture, found or at the corners `given`. Corners that make no page count as none."""
    found: FoundPage | None
    if given is None:
        found = find_page(picture)
    else:
        quad = clockwise(given)
        usable = bool(np.isfinite(quad).all()) and is_page_like(quad) and area(quad) > 64 * 64
        found = FoundPage(quad, 1.0) if usable else None
    if found is None:
        return Page(picture, None, 0.0)
    return Page(warp(picture, found.corners), as_corners(found.corners), found.confidence)


def preview(picture: Image, max_width: int, tracker: Tracker) -> tuple[Image, Corners | None]:
    """The picture for the screen and the page's corners in it."""
    small = shrink(picture, max_width)
    found = tracker.update(small)
    return small, as_corners(found.corners) if found else None
