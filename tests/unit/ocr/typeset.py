"""Pages as the engine would give them, made from lines of text without it."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.ocr.model import PageText, TextLine

A4 = (1654, 2339)
_SIZE = 33.0


def line(text: str, x: float, y: float, *, size: float = _SIZE, confidence: float = 0.99) -> TextLine:
    """One piece with its top left at (x, y): full-width characters are `size` wide."""
    width = sum(size if ord(sign) > 0x2000 else size / 2 for sign in text)
    return TextLine(text, ((x, y), (x + width, y), (x + width, y + size), (x, y + size)), confidence)


def page(*lines: TextLine, size: tuple[int, int] = A4) -> PageText:
    """A page of pieces."""
    return PageText(*size, lines)


def written(texts: Sequence[str], *, room: int = 40) -> PageText:
    """Paragraphs below each other, broken after `room` characters."""
    lines, y = [], 200.0
    for text in texts:
        for start in range(0, len(text), room):
            lines.append(line(text[start : start + room], 160.0, y))
            y += 55
    return page(*lines)
