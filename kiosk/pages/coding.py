"""Pages as bytes: CCITT G4 (ITU-T T.6) for ink, JPEG for colour."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image as PillowImage

from kiosk.pages.pixels import Image, resized

THUMBNAIL_SIDE = 360
"""Pixels of a thumbnail's longer side."""

THUMBNAIL_QUALITY = 72
_ROWS_PER_STRIP, _STRIP_OFFSETS, _STRIP_LENGTHS = 278, 273, 279


def g4(ink: Image) -> bytes:
    """A mask (255 is ink) as one G4 strip in which ink is black, without any container."""
    height, width = ink.shape
    out = io.BytesIO()
    # Pillow says that a set bit is white and libtiff codes set bits as black runs: ink has set bits here, and only
    # the strip leaves this function.
    packed = PillowImage.frombytes("1", (width, height), np.packbits(ink, axis=1).tobytes())
    packed.save(out, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: height})
    whole = out.getvalue()
    with PillowImage.open(io.BytesIO(whole), formats=("TIFF",)) as written:
        tags = written.tag_v2  # type: ignore[attr-defined]  # a TIFF has them, its base class does not
        offset, length = int(tags[_STRIP_OFFSETS][0]), int(tags[_STRIP_LENGTHS][0])
    return whole[offset : offset + length]


def jpeg(picture: Image, quality: int) -> bytes:
    """A picture as baseline JPEG with optimal tables."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1])
    if not done:
        raise ValueError("a picture that cannot be coded")
    return data.tobytes()


def small(picture: Image) -> Image:
    """The page as small as its thumbnail."""
    scale = min(1.0, THUMBNAIL_SIDE / max(picture.shape[:2]))
    width, height = (max(1, round(side * scale)) for side in (picture.shape[1], picture.shape[0]))
    return resized(picture, width, height)
