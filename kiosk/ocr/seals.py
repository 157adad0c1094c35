"""Red seals (公章) lifted off before reading: a judgment's date stands under one.

Only where red ink forms a seal, round or nearly square and of a seal's size, its red is made as light as the paper, so
that black print below it remains. Red headings and red handwriting stay as they are.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

_REDDER = 32  # of 255, than green and blue
_LEAST, _MOST = 0.06, 0.40  # of the page's shorter side: a seal is 20 to 60 mm across
_OBLONG = 1.7
_DARKEST = 70.0  # red in black print
_SMALL = 700  # pixels of the shorter side for the search


def without_seals(page: Image) -> Image:
    """The page, shape (height, width, 3), blue, green, red, with its seals lifted off; the same array where it has
    none."""
    boxes = _seals(page)
    if not boxes:
        return page
    lifted = page.copy()
    for left, top, right, bottom in boxes:
        part = lifted[top:bottom, left:right]
        red = part[..., 2].astype(np.float32)
        paper = float(np.percentile(red, 90))
        reddish = red - part[..., :2].max(axis=2) > _REDDER / 2
        ink = float(np.percentile(red[reddish], 30)) if reddish.any() else paper
        level = np.clip((red - _DARKEST) / max(1.0, 0.96 * min(ink, paper) - _DARKEST), 0, 1) * 255
        part[...] = level.astype(np.uint8)[..., None]
    return lifted


def _seals(page: Image) -> list[tuple[int, int, int, int]]:
    height, width = page.shape[:2]
    scale = min(1.0, _SMALL / min(height, width))
    small = cv2.resize(
        page, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA
    )
    red = cv2.subtract(small[..., 2], cv2.max(small[..., 0], small[..., 1]))
    mask = (red > _REDDER).astype(np.uint8)
    side = min(small.shape[:2])
    gap = max(3, round(side * 0.02)) | 1
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    _, _, found, _ = cv2.connectedComponentsWithStats(joined)
    boxes = []
    for x, y, across, down, _ in found[1:].tolist():
        long, short = max(across, down), min(across, down)
        if _LEAST * side <= short and long <= _MOST * side and long <= _OBLONG * short:
            near = 2 / scale
            boxes.append(
                (
                    max(0, int(x / scale - near)),
                    max(0, int(y / scale - near)),
                    min(width, int((x + across) / scale + near)),
                    min(height, int((y + down) / scale + near)),
                )
            )
    return boxes
