"""A few lines of a page whose lines do not tell which way up it is, cut out so that somebody can read them."""

from __future__ import annotations

import numpy as np

from kiosk.pages import coding, ink
from kiosk.pages.layers import View
from kiosk.pages.laying import turned
from kiosk.pages.model import WayStrips
from kiosk.pages.orientation import Axis
from kiosk.pages.pixels import VIEW_DPI, Image, grey
from kiosk.pages.text_lines import TextBox, text_boxes, without_rules

_LINES = 4
_LONGEST = 12  # times as wide as high: enough characters to tell, and a long line takes longer to read
_RIM = 0.2  # of a line's height
_QUALITY = 90


def strips_of(view: View, axes: tuple[Axis, ...]) -> WayStrips | None:
    """The longest lines along `axes` of a page that lies level; None where there are none."""
    mask = view.ink.copy()
    ink.clear_edges(mask, VIEW_DPI)
    mask = without_rules(mask)
    rows = _strips(view.even, mask) if Axis.ROWS in axes else ()
    columns = _strips(turned(view.even, 1), turned(mask, 1)) if Axis.COLUMNS in axes else ()
    return WayStrips(rows, columns) if rows or columns else None


def _strips(page: Image, mask: Image) -> tuple[bytes, ...]:
    boxes = sorted(text_boxes(mask), key=lambda box: min(box.width, _LONGEST * box.height), reverse=True)
    return tuple(coding.jpeg(grey(_strip(page, box)), _QUALITY) for box in boxes[:_LINES])


def _strip(page: Image, box: TextBox) -> Image:
    width = min(box.width, _LONGEST * box.height)
    left = box.x + (box.width - width) // 2
    rim = max(2, round(_RIM * box.height))
    return np.ascontiguousarray(
        page[max(0, box.y - rim) : box.y + box.height + rim, max(0, left - rim) : left + width + rim]
    )
