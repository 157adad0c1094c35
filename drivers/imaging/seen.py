"""What a picture may show: a page, a page that leaves the picture, or none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from drivers.imaging.geometry import Quad


class FrameSide(StrEnum):
    """A side of the picture."""

    LEFT = "left"
    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"


@dataclass(frozen=True)
class FoundPage:
    """A page's corners in pixels of the picture, clockwise from its top left, and how sure they are (0 to 1)."""

    corners: Quad
    confidence: float


@dataclass(frozen=True)
class PageOutside:
    """A page of which a part lies outside the picture, or may: over which of its sides, and how sure that is (0 to 1).
    `outline` is what is seen of it, clockwise, in pixels of the picture: shape (n, 2)."""

    sides: tuple[FrameSide, ...]
    outline: npt.NDArray[np.float64]
    confidence: float


Seen = FoundPage | PageOutside | None


def enlarged(seen: Seen, scale: float) -> Seen:
    """What was seen in a copy of that scale, in pixels of the picture."""
    match seen:
        case FoundPage():
            return FoundPage(seen.corners / scale, seen.confidence)
        case PageOutside():
            return PageOutside(seen.sides, seen.outline / scale, seen.confidence)
        case None:
            return None
