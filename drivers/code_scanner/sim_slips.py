"""The code on a slip that the slip printer's simulator has printed, read from the picture of its paper."""

from __future__ import annotations

from pathlib import Path

import cv2

from drivers.imaging.codes import read_codes
from drivers.imaging.geometry import as_image


def code_on(slip: Path) -> str | None:
    """The text of its code, None where there is none."""
    paper = cv2.imread(str(slip), cv2.IMREAD_GRAYSCALE)
    if paper is None:
        return None
    found = read_codes(as_image(paper))
    return found[0].text if found else None
