"""Pictures of where on a page each proposal stands, for the person who confirms it. Made by the reading process, so
that nobody else decodes the page for them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from kiosk.ocr.geometry import Box, box_of
from kiosk.ocr.model import FieldProposal
from kiosk.pages.coding import jpeg
from kiosk.pages.pixels import Image, resized

WIDEST, HIGHEST = 640, 400
"""Pixels; what the screen has room for beside a field."""

_ABOVE, _BESIDE = 0.5, 2.0  # heights of a line around it, so that its label is seen too
_QUALITY = 75


def cuttings(page: Image, proposals: Iterable[FieldProposal]) -> tuple[bytes, ...]:
    """One picture (JPEG) for each proposal; empty where the proposal stands nowhere."""
    return tuple(_cut(page, proposal) for proposal in proposals)


def _cut(page: Image, proposal: FieldProposal) -> bytes:
    boxes = [box_of(quad) for quad in proposal.quads]
    if not boxes:
        return b""
    around, line = reduce(Box.around, boxes), min(box.height for box in boxes)
    height, width = page.shape[:2]
    left, top = max(0, round(around.left - _BESIDE * line)), max(0, round(around.top - _ABOVE * line))
    right, bottom = round(around.right + _BESIDE * line), round(around.bottom + _ABOVE * line)
    cut = page[top : min(height, bottom), left : min(width, right)]
    if not cut.size:
        return b""
    scale = min(1.0, WIDEST / cut.shape[1], HIGHEST / cut.shape[0])
    size = (max(1, round(side * scale)) for side in (cut.shape[1], cut.shape[0]))
    return jpeg(resized(cut, *size), _QUALITY)
