"""Lines of text on a page whose lines run level, as boxes, from the shape of its ink alone."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kiosk.pages.pixels import Image, as_image, either, grown, odd, view_pixels, without

_RULE = 12.0  # mm; a straight stroke as long as this is a rule of a table, no character
_GAP = 4.5  # mm between characters of one line
_LOWEST, _HIGHEST = 1.4, 14.0  # mm
_LEAST_WIDTH = 3.0  # of its height


@dataclass(frozen=True)
class TextBox:
    """A line's box in pixels of the view."""

    x: int
    y: int
    width: int
    height: int


def without_rules(ink: Image) -> Image:
    """The ink at VIEW_DPI without the lines of tables and frames."""
    long = view_pixels(_RULE)
    rules = [rule for side in ((1, long), (long, 1)) if (rule := _strokes(ink, side)) is not None]
    if not rules:
        return ink
    return without(ink, grown(rules[0] if len(rules) == 1 else either(*rules), 3))


def _strokes(ink: Image, side: tuple[int, int]) -> Image | None:
    """The ink that fills a rectangle of `side` (height, width) somewhere; None for none, as on most pages."""
    kernel = np.ones(side, np.uint8)
    inner = cv2.erode(ink, kernel)
    return as_image(cv2.dilate(inner, kernel)) if inner.any() else None


def text_boxes(ink: Image) -> tuple[TextBox, ...]:
    """The lines in an ink mask at VIEW_DPI that has no rules (`without_rules`), from top to bottom."""
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, odd(view_pixels(_GAP))), np.uint8))
    boxes = []
    # Outlines: labelling every point takes five times as long.
    for outline in cv2.findContours(as_image(joined), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        x, y, width, height = cv2.boundingRect(outline)
        if view_pixels(_LOWEST) <= height <= view_pixels(_HIGHEST) and width >= _LEAST_WIDTH * height:
            boxes.append(TextBox(x, y, width, height))
    return tuple(sorted(boxes, key=lambda box: (box.y, box.x)))
