"""What lies on the glass where it is several things: both sides of an identity card beside each other, receipts."""

from __future__ import annotations

import io

import cv2
from PIL import Image as PillowImage

from drivers.api.records import SeveralItems
from drivers.api.sound_jpeg import decode_jpeg
from drivers.imaging.codes import read_page_codes
from drivers.imaging.cutting import MOST_ITEMS, Cut, cut_out_each, together
from drivers.imaging.geometry import Image, as_image
from drivers.imaging.items import find_items, with_others
from drivers.imaging.lid import cards_under_lid

JPEG_QUALITY = 90


def several_items(jpeg: bytes, dpi: int, room: int) -> SeveralItems | None:
    """The things, in at most `room` bytes; None where there is one or none, they do not fit, or a part of the picture
    is missing, which whoever makes a page of it tells."""
    decoded = decode_jpeg(jpeg, cv2.IMREAD_COLOR)
    if decoded.picture is None or decoded.damaged:
        return None
    scan = as_image(decoded.picture)
    found = with_others(find_items(scan), cards_under_lid(scan, dpi))
    if not 1 < len(found) <= MOST_ITEMS:
        return None
    cuts = [
        Cut(cut.image, cut.quad, codes=read_page_codes(cut.image))
        for cut in cut_out_each(scan, [page.corners for page in found])
    ]

    def encode(picture: Image) -> bytes:
        held = io.BytesIO()
        PillowImage.fromarray(picture[..., ::-1]).save(held, "JPEG", quality=JPEG_QUALITY, dpi=(dpi, dpi))
        return held.getvalue()

    return together(scan, cuts, encode, room)
