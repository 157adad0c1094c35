"""Stored pages as pictures again, for the screen, for print and for reading. Needs no OpenCV."""

from __future__ import annotations

import io
import struct

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from kiosk.pages.model import StoredPage

Image = npt.NDArray[np.uint8]

_SHORT, _LONG = 3, 4
_HEADER = 8


def ink_image(page: StoredPage) -> Image:
    """The ink of a page, shape (height, width): 0 is ink, 255 paper. All paper for a PICTURE.

    Raises ValueError for a strip that is no G4 of this size.
    """
    if not page.ink:
        return np.full((page.height, page.width), 255, np.uint8)
    try:
        with PillowImage.open(io.BytesIO(_tiff(page)), formats=("TIFF",)) as strip:
            return np.asarray(strip.convert("L"), dtype=np.uint8)
    except (OSError, SyntaxError) as error:
        raise ValueError("a strip that is no G4 of this page") from error


def shown(page: StoredPage, longest: int | None = None) -> Image:
    """The page as it looks on paper, shape (height, width, 3), red, green, blue; its longer side at most `longest`
    pixels. Raises ValueError for data that are no page."""
    scale = min(1.0, longest / max(page.width, page.height)) if longest else 1.0
    size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
    below = _layer(page.background, size, "white")
    if page.ink:
        mask = PillowImage.fromarray(255 - ink_image(page))
        if size != mask.size:
            mask = mask.resize(size, PillowImage.Resampling.BOX)
        below.paste(_layer(page.ink_colour, size, "black"), (0, 0), mask)
    return np.asarray(below, dtype=np.uint8)


def _layer(jpeg: bytes, size: tuple[int, int], plain: str) -> PillowImage.Image:
    if not jpeg:
        return PillowImage.new("RGB", size, plain)
    try:
        with PillowImage.open(io.BytesIO(jpeg), formats=("JPEG",)) as layer:
            return layer.convert("RGB").resize(size, PillowImage.Resampling.BILINEAR)
    except (OSError, SyntaxError) as error:
        raise ValueError("a layer that is no picture") from error


def _tiff(page: StoredPage) -> bytes:
    """The strip in the smallest container a decoder takes (TIFF 6.0, bilevel images; min-is-white)."""
    entries = (
        (256, _LONG, page.width),
        (257, _LONG, page.height),
        (258, _SHORT, 1),
        (259, _SHORT, 4),  # T.6
        (262, _SHORT, 0),  # WhiteIsZero
        (273, _LONG, _HEADER + 2 + 9 * 12 + 4),
        (277, _SHORT, 1),
        (278, _LONG, page.height),
        (279, _LONG, len(page.ink)),
    )
    fields = b"".join(
        struct.pack("<HHIHH", tag, kind, 1, value, 0) if kind == _SHORT else struct.pack("<HHII", tag, kind, 1, value)
        for tag, kind, value in entries
    )
    return struct.pack("<2sHIH", b"II", 42, _HEADER, len(entries)) + fields + struct.pack("<I", 0) + page.ink
