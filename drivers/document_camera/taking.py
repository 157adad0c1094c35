"""One page as it is taken: cut out of the camera's own picture, judged, and its codes read."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from drivers.api.records import Corners, Flaw, PaperCode
from drivers.document_camera.picture import PAGE_QUALITY, cut_out, decode, encode
from drivers.document_camera.viewer import CODES_WIDTH, Viewer
from drivers.imaging import quality
from drivers.imaging.codes import read_codes, resized_codes
from drivers.imaging.geometry import Image, as_image


@dataclass(frozen=True)
class Taken:
    """A page as JPEG of `size` (width, height), where it was in the camera's picture, and what is known of it; the
    whole picture, and `corners` None, where no page was found."""

    jpeg: bytes
    size: tuple[int, int]
    corners: Corners | None
    confidence: float
    flaws: tuple[Flaw, ...]
    codes: tuple[PaperCode, ...]


def take(jpeg: bytes, corners: Corners | None, viewer: Viewer, earlier: tuple[bytes, ...]) -> Taken:
    """Take the page out of a picture, and tell the viewer that it was. Raises CameraProtocolError and cv2.error for a
    picture that cannot be read."""
    picture = decode(jpeg)
    page = cut_out(picture, corners, viewer.page_in((picture.shape[1], picture.shape[0])))
    if page.quad is not None:
        judged = quality.look_at_page(picture, page.quad, page.image, earlier=earlier)
    else:
        judged = quality.Judged(quality.outside(page.outside) if page.outside else (), ())
    viewer.took(judged.hashes)
    height, width = page.image.shape[:2]
    data = encode(page.image, PAGE_QUALITY)
    return Taken(data, (width, height), page.corners, page.confidence, judged.flaws, _codes(page.image))


def _codes(page: Image) -> tuple[PaperCode, ...]:
    grey = as_image(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY))
    scale = CODES_WIDTH / max(grey.shape)
    if scale < 1:
        grey = as_image(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    return resized_codes(read_codes(grey), np.array(page.shape[1::-1]) / grey.shape[::-1])
