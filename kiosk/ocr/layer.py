"""The invisible text of a page (ISO 32000-1, 9.3.6: text rendering mode 3), so that a volume can be searched.

Only where each line stands; the volume draws it with its own glyphless font.
"""

from __future__ import annotations

import math

import msgspec

from kiosk.ocr.geometry import is_vertical
from kiosk.ocr.model import PageText

_EM = 0.80  # of a detected box's height; the detector leaves a rim around the glyphs
_DESCENT = 0.22  # of the box's height, from its lower edge to the baseline


class LayerLine(msgspec.Struct, frozen=True):
    """One line of invisible text. Pixels of the upright page, y downwards: the baseline begins at (`x`, `y`) and runs
    `width` far at `angle` degrees (clockwise positive, as y points down; 90 for vertical text). `size` is the em."""

    text: str
    x: float
    y: float
    angle: float
    size: float
    width: float


def layer(page: PageText) -> tuple[LayerLine, ...]:
    """The lines in reading order, those without any extent left out."""
    found = []
    for line in page.lines:
        corners = line.quad
        if is_vertical(line):
            # Read from the top downwards: the box's right edge becomes its upper one, its left edge the lower.
            corners = (corners[1], corners[2], corners[3], corners[0])
        upper_left, upper_right, lower_right, lower_left = corners
        width = math.dist(lower_left, lower_right)
        height = (math.dist(upper_left, lower_left) + math.dist(upper_right, lower_right)) / 2
        if not line.text.strip() or width < 1 or height < 1:
            continue
        angle = math.degrees(math.atan2(lower_right[1] - lower_left[1], lower_right[0] - lower_left[0]))
        x = lower_left[0] + _DESCENT * (upper_left[0] - lower_left[0])
        y = lower_left[1] + _DESCENT * (upper_left[1] - lower_left[1])
        found.append(
            LayerLine(line.text, round(x, 1), round(y, 1), round(angle, 2), round(_EM * height, 1), round(width, 1))
        )
    return tuple(found)
