"""Small copies of pictures, quickly."""

from __future__ import annotations

import cv2

from drivers.imaging.geometry import Image, as_image


def shrunk(picture: Image, longest: int) -> tuple[Image, float]:
    """A copy of which the longer side has at most `longest` pixels, and its scale. Halved exactly as long as it can be,
    which is many times faster than a mean over odd areas and as smooth."""
    scale = min(1.0, longest / max(picture.shape[:2]))
    if scale == 1.0:
        return picture, 1.0
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    source = picture
    while source.shape[1] % 2 == 0 and source.shape[0] % 2 == 0 and max(source.shape[:2]) >= 2 * longest:
        source = as_image(cv2.resize(source, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    if source.shape[1::-1] != size:
        # Between half and whole size a linear mean of neighbours is as good as one over areas, and much faster.
        way = cv2.INTER_AREA if max(source.shape[:2]) > 2 * longest else cv2.INTER_LINEAR
        source = as_image(cv2.resize(source, size, interpolation=way))
    return source, scale
