"""Chats told by their shape: what two people say stands at two edges, and neither reaches across."""

from __future__ import annotations

import re

from kiosk.ocr.geometry import pieces, rows
from kiosk.ocr.model import PageText

_LEAST = 5  # things said
_SPOKEN = re.compile(r"[你我您咱吗呢吧啊哦嗯哈]|好的|谢谢|收到|知道|明天|今晚")
_FORMAL = re.compile(r"[:：]$|^第.{1,3}条|甲方|乙方|原告|被告|法院|\d+\.\d{2}")


def looks_like_chat(page: PageText) -> bool:
    """Whether most lines begin at one edge or end at the other, both edges have some, and they sound spoken."""
    found = [row[0] for row in rows(pieces(page.lines)) if len(row) == 1 and len(row[0].line.text) >= 2]
    if len(found) < _LEAST:
        return False
    left = min(_common([piece.box.left for piece in found], page.width))
    right = max(_common([piece.box.right for piece in found], page.width))
    near = 0.02 * page.width
    span = right - left
    ours = [piece for piece in found if abs(piece.box.right - right) < near and piece.box.left > left + 0.08 * span]
    theirs = [piece for piece in found if abs(piece.box.left - left) < near and piece.box.right < right - 0.08 * span]
    spoken = sum(_SPOKEN.search(piece.line.text) is not None for piece in found)
    formal = sum(_FORMAL.search(piece.line.text) is not None for piece in found)
    placed = len(ours) + len(theirs)
    return (
        min(len(ours), len(theirs)) >= 2
        and placed >= 0.6 * len(found)
        and spoken >= 0.4 * len(found)
        and formal < 0.25 * len(found)
    )


def _common(edges: list[float], width: int) -> list[float]:
    """The edges at which at least two things stand; all where there is none."""
    near = 0.02 * width
    shared = [edge for edge in edges if sum(abs(edge - other) < near for other in edges) >= 2]
    return shared or edges
