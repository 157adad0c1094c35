"""What lies on the glass where it is several things: both sides of an identity card beside each other, receipts."""

from __future__ import annotations

import cv2
import numpy as np

from drivers.api.records import Corners
from drivers.imaging.geometry import as_corners, as_image
from drivers.imaging.items import find_items


def several_items(jpeg: bytes) -> tuple[Corners, ...]:
    """The corners of each thing in pixels of the scan, in reading order; none where there is one thing or none."""
    small = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_REDUCED_COLOR_2)
    if small is None:
        return ()
    found = find_items(as_image(small))
    return tuple(as_corners(item.corners * 2.0) for item in found) if len(found) > 1 else ()
