"""Cleaned pages with known text at known places, made without a camera."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kiosk.documents.fonts import font_folder
from kiosk.ocr.model import PageText, TextLine
from kiosk.pages.coding import g4
from kiosk.pages.model import PageKind, StoredPage, Turn

DPI = 300
A4 = (2480, 3508)

LINES = (
    "借条",
    "今借到张示例人民币50,000.00元（大写：伍万元整），年利率6%。",
    "借款期限自2024年5月1日起至2025年4月30日止。",
    "借款人：李示例 身份证号：222401198001010014",
    "Room 301, 示例街1号 — “甲方”·乙方；",
)


@dataclass(frozen=True)
class Written:
    """A page and what stands on it."""

    page: StoredPage
    text: PageText


def jpeg(image: Image.Image, quality: int = 60) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def typed(lines: Sequence[str] = LINES, size: tuple[int, int] = A4, points: int = 50) -> tuple[np.ndarray, PageText]:
    """A mask (255 is ink) with lines of text, and where they stand."""
    image = Image.new("L", size, 0)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(font_folder() / "NotoSansCJKsc-Regular.otf"), points)
    found = []
    for row, text in enumerate(lines):
        at = (size[0] * 0.1, size[1] * 0.1 + row * points * 2)
        draw.text(at, text, font=font, fill=255)
        left, top, right, bottom = draw.textbbox(at, text, font=font)
        found.append(TextLine(text, ((left, top), (right, top), (right, bottom), (left, bottom)), 0.99))
    return np.asarray(image.point(lambda value: 255 if value > 127 else 0)), PageText(*size, tuple(found))


def stored(
    kind: PageKind, mask: np.ndarray, *, dpi: int = DPI, background: bytes = b"", colour: bytes = b""
) -> StoredPage:
    height, width = mask.shape
    return StoredPage(
        kind=kind,
        width=width,
        height=height,
        dpi=dpi,
        ink=b"" if kind is PageKind.PICTURE else g4(mask),
        background=background,
        thumbnail=b"",
        dhash=bytes(32),
        ink_share=float((mask > 0).mean()),
        blank=False,
        turned=Turn.UPRIGHT,
        ink_colour=colour,
    )


def text_page(lines: Sequence[str] = LINES, size: tuple[int, int] = A4) -> Written:
    """Black text alone."""
    mask, text = typed(lines, size)
    return Written(stored(PageKind.TEXT, mask), text)


def sealed_page(*, blue: bool = False) -> Written:
    """Black (or blue) text and a red seal in the lower half."""
    mask, text = typed()
    below = Image.new("RGB", (A4[0] // 3, A4[1] // 3), "white")
    ImageDraw.Draw(below).ellipse((400, 800, 600, 1000), outline=(200, 30, 30), width=16)
    ink = jpeg(Image.new("RGB", (62, 88), (20, 40, 190))) if blue else b""
    return Written(stored(PageKind.SEALED, mask, background=jpeg(below), colour=ink), text)


def picture_page(size: tuple[int, int] = (1000, 700), dpi: int = 300) -> StoredPage:
    """A green photograph."""
    image = Image.new("RGB", size, (30, 150, 60))
    return stored(PageKind.PICTURE, np.zeros((size[1], size[0]), np.uint8), dpi=dpi, background=jpeg(image))
