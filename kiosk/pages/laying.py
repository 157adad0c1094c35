"""A picture laid level as it lies: scaled to its paper and straightened in one warp. Quarter turns, which lose nothing,
come last, when all is decided."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import assert_never

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.pages.model import Turn
from kiosk.pages.paper import Sheet
from kiosk.pages.pixels import PAGE_DPI, Image, as_image, resized

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the page as it lies."""

_STRAIGHT = 0.1  # degrees; less is not worth a warp, and a third of what may remain


def quarters(turn: Turn) -> int:
    """How often a page that lay so is turned a quarter clockwise to stand upright."""
    match turn:
        case Turn.UPRIGHT | Turn.UNKNOWN:
            return 0
        case Turn.LEFT:
            return 1
        case Turn.UPSIDE_DOWN:
            return 2
        case Turn.RIGHT:
            return 3
        case _:
            assert_never(turn)


def turned(picture: Image, count: int) -> Image:
    """The picture turned `count` quarters clockwise."""
    way = (None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)[count % 4]
    return picture if way is None else as_image(cv2.rotate(picture, way))


@dataclass(frozen=True)
class Laying:
    """How a picture of `sheet` becomes its page as it lies. `skew` in degrees, counterclockwise positive."""

    sheet: Sheet
    skew: float

    @property
    def level(self) -> bool:
        """It need not be straightened."""
        return abs(self.skew) < _STRAIGHT

    @property
    def spread(self) -> float:
        """By what share of its sides a page grows so that no corner is lost when it is straightened."""
        return math.sin(math.radians(abs(self.skew))) if not self.level else 0.0

    def size(self, dpi: float) -> tuple[int, int]:
        """Width and height of the page in pixels."""
        width, height = self.sheet.width * dpi / PAGE_DPI, self.sheet.height * dpi / PAGE_DPI
        return max(1, round(width + height * self.spread)), max(1, round(height + width * self.spread))

    def lay(self, picture: Image, dpi: float, box: Box | None = None) -> Image:
        """The level page, or what is in `box` of it. The picture is the whole sheet in any resolution."""
        width, height = self.size(dpi)
        if self.level and box is None:
            return resized(picture, width, height)
        matrix = self._matrix(picture.shape[1], picture.shape[0], dpi)
        left, top, right, bottom = box or (0, 0, width, height)
        matrix[:2, 2] -= (left, top)
        return as_image(
            cv2.warpAffine(
                picture,
                matrix[:2],
                (right - left, bottom - top),
                flags=cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
        )

    def _matrix(self, across: int, down: int, dpi: float) -> npt.NDArray[np.float64]:
        width, height = self.size(dpi)
        scale = dpi / PAGE_DPI
        angle = math.radians(self.skew)  # clockwise, as y runs downwards
        cosine, sine = math.cos(angle), math.sin(angle)
        # The centres of pixels lie at halves.
        to_middle = np.array([[1, 0, 0.5 - across / 2], [0, 1, 0.5 - down / 2], [0, 0, 1]])
        scaling = np.diag([self.sheet.width * scale / across, self.sheet.height * scale / down, 1.0])
        turning = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
        back = np.array([[1, 0, width / 2 - 0.5], [0, 1, height / 2 - 0.5], [0, 0, 1]])
        matrix: npt.NDArray[np.float64] = back @ turning @ scaling @ to_middle
        return matrix
