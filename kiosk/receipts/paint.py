"""Marks to dots, and dots to PNG."""

from __future__ import annotations

import io
from typing import assert_never

from PIL import Image, ImageDraw

from kiosk.receipts.blocks import Glyphs, Ink, Laid, Picture
from kiosk.receipts.fonts import DOTS_PER_INCH, Weight, face

_THRESHOLD = {Weight.REGULAR: 165, Weight.BOLD: 135}
"""Grey level below which a dot is black. Thermal heads print thin strokes too thin: the regular weight is darkened."""

BLACK, WHITE = 0, 1


def paint(laid: Laid, width: int) -> Image.Image:
    """The marks on white paper `width` dots wide, mode "1" (0 is black)."""
    paper = Image.new("1", (width, max(1, laid.height)), WHITE)
    pen = ImageDraw.Draw(paper)
    for mark in laid.marks:
        match mark:
            case Glyphs():
                _write(paper, mark)
            case Ink():
                pen.rectangle([mark.x, mark.y, mark.x + mark.width - 1, mark.y + mark.height - 1], fill=BLACK)
            case Picture():
                paper.paste(mark.image, (mark.x, mark.y))
            case _:
                assert_never(mark)
    return paper


def _write(paper: Image.Image, mark: Glyphs) -> None:
    font = face(mark.style)
    ascent, descent = font.getmetrics()
    # The face's ascent and descent are taller than its characters; the text is centred on its line by the Han em box.
    _, top, _, bottom = font.getbbox("国")
    lift = (mark.style.leading - (bottom - top)) // 2 - top
    tile = Image.new("L", (int(font.getlength(mark.text)) + mark.style.size, ascent + descent + mark.style.size), 255)
    ImageDraw.Draw(tile).text((0, mark.style.size // 4), mark.text, font=font, fill=0)
    threshold = _THRESHOLD[mark.style.weight]
    ink = tile.point(lambda level: 255 if level < threshold else 0).convert("1", dither=Image.Dither.NONE)
    paper.paste(WHITE if mark.white else BLACK, (mark.x, mark.y + int(lift) - mark.style.size // 4), ink)


def to_png(slip: Image.Image) -> bytes:
    """A 1-bit PNG with its resolution, as the receipt printer's driver takes it."""
    buffer = io.BytesIO()
    # Searching for the best packing takes five times as long and saves a hundredth of a file that stays here.
    slip.save(buffer, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return buffer.getvalue()
