"""Pictures from devices, decoded with limits that are checked before any pixel is."""

from __future__ import annotations

import io
import warnings

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageOps, UnidentifiedImageError

from drivers.api.sound_jpeg import decode_jpeg
from kiosk.pages.model import Unusable
from kiosk.pages.pixels import Image, as_image

MAX_BYTES = 48 * 1024 * 1024
MAX_SIDE = 20_000
MAX_PIXELS = 80_000_000
"""A3 at 600 dpi is below, and its colours fit into the worker's memory."""

FORMATS = ("JPEG", "PNG")
_JPEG_END = b"\xff\xd9"
_END_WITHIN = 1024  # cameras pad behind the end


class UnusablePictureError(ValueError):
    """A picture that becomes no page, and why."""

    def __init__(self, reason: Unusable) -> None:
        super().__init__(f"a picture that cannot be used: {reason.value}")
        self.reason = reason


def decode(data: bytes) -> Image:
    """The picture upright as its EXIF orientation says, in colour; 16 bits become 8, what is transparent is white.

    Raises UnusablePictureError, before decoding for what is too large, no JPEG or PNG, or cut off.
    """
    if len(data) > MAX_BYTES:
        raise UnusablePictureError(Unusable.TOO_LARGE)
    try:
        with warnings.catch_warnings():
            # Between Pillow's warning and its error lie sizes that are judged here.
            warnings.simplefilter("ignore", PillowImage.DecompressionBombWarning)
            opened = PillowImage.open(io.BytesIO(data), formats=FORMATS)
    except PillowImage.DecompressionBombError as error:
        raise UnusablePictureError(Unusable.TOO_LARGE) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnusablePictureError(Unusable.NOT_A_PICTURE) from error
    with opened:
        width, height = opened.size
        if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            raise UnusablePictureError(Unusable.TOO_LARGE)
        if opened.format == "JPEG":
            if _JPEG_END not in data[-_END_WITHIN:]:
                raise UnusablePictureError(Unusable.DAMAGED)
            if opened.mode in ("L", "RGB"):
                return _plain_jpeg(data)
        try:
            return _any(opened)
        except (OSError, SyntaxError, ValueError) as error:
            raise UnusablePictureError(Unusable.DAMAGED) from error


def _plain_jpeg(data: bytes) -> Image:
    try:
        decoded = decode_jpeg(data, cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise UnusablePictureError(Unusable.DAMAGED) from error
    picture = decoded.picture
    if picture is None or decoded.damaged:
        raise UnusablePictureError(Unusable.DAMAGED)
    return as_image(picture)


def _any(opened: PillowImage.Image) -> Image:
    upright = ImageOps.exif_transpose(opened)
    if upright.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in upright.info:
        paper = PillowImage.new("RGBA", upright.size, "white")
        paper.alpha_composite(upright.convert("RGBA"))
        upright = paper
    elif upright.mode.startswith("I"):
        upright = upright.point(lambda value: value / 256).convert("L")
    return np.ascontiguousarray(np.asarray(upright.convert("RGB"), dtype=np.uint8)[..., ::-1])
