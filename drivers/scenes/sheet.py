"""A sheet of paper with a pen: sets text in millimetres and points, and remembers what was written."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from drivers.imaging.geometry import Image, as_image

Colour = tuple[int, int, int]
Random = np.random.Generator

INK: Colour = (32, 34, 44)
BLUE_PEN: Colour = (28, 44, 120)
GREY: Colour = (150, 150, 150)
SEAL_RED: Colour = (206, 52, 44)
NOTICE = "示例 · 虚构材料，仅供演示"

_SYSTEM_FONTS = Path("/usr/share/fonts/opentype/noto")  # Debian's fonts-noto-cjk, where script/fonts takes from, too


class PapersError(Exception):
    """The papers cannot be drawn; one line."""


class Face(StrEnum):
    """The typefaces papers are set in."""

    SANS = "sans"
    BOLD = "bold"
    SERIF = "serif"


@dataclass(frozen=True)
class Paper:
    """A paper as it is, before any camera: pixels (BGR) at `dpi`, its size in millimetres, and what stands on it.

    `lines` are the printed and written lines in reading order, `fields` what a reader should find (by its key), `codes`
    the texts of its codes. `cover` is how much of each pixel is paper (0 to 255) where its corners are round.
    """

    name: str
    image: Image
    millimetres: tuple[float, float]
    dpi: float
    lines: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    cover: Image | None = None


@cache
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """The typeface at `size` pixels. Raises PapersError."""
    folder = Path(os.environ.get("COURT_KIOSK_FONTS", "") or Path(sys.prefix, "share", "court-kiosk", "fonts"))
    try:
        match face:
            case Face.SANS:
                return ImageFont.truetype(str(folder / "NotoSansCJKsc-Regular.otf"), size)
            case Face.BOLD:
                return ImageFont.truetype(str(folder / "NotoSansCJKsc-Bold.otf"), size)
            case Face.SERIF:
                return _simplified(_SYSTEM_FONTS / "NotoSerifCJK-Regular.ttc", size)
    except OSError as error:
        raise PapersError("papers need the fonts of fonts-noto-cjk; script/fonts puts them in their place") from error


def _simplified(collection: Path, size: int) -> ImageFont.FreeTypeFont:
    for index in range(10):
        found = ImageFont.truetype(str(collection), size, index=index)
        if str(found.getname()[0]).endswith("SC"):
            return found
    raise PapersError(f"{collection.name} has no Simplified Chinese face")


class Sheet:
    """Paper of `size` millimetres at `dpi`, and a pen that writes lines downwards; lengths are millimetres."""

    def __init__(
        self,
        size: tuple[float, float],
        dpi: float,
        *,
        colour: Colour = (252, 252, 250),
        margin: float = 20.0,
        face: Face = Face.SANS,
        notice: bool = True,
    ) -> None:
        self.size, self.dpi, self.margin, self.face = size, dpi, margin, face
        self.image = PillowImage.new("RGB", (self.px(size[0]), self.px(size[1])), colour)
        self.draw = ImageDraw.Draw(self.image)
        self.y = min(12.0, size[1] * 0.05)
        self.lines: list[str] = []
        if notice:
            self.line(NOTICE, 10, ink=GREY, align="centre")

    def px(self, millimetres: float) -> int:
        """Millimetres in whole pixels."""
        return round(millimetres * self.dpi / 25.4)

    def points(self, size: float) -> int:
        """Points in whole pixels."""
        return max(5, round(size * self.dpi / 72))

    def put(self, text: str, at: tuple[float, float], size: float, ink: Colour = INK, face: Face | None = None) -> None:
        """One piece of text with its top left at `at`."""
        chosen = font(face or self.face, self.points(size))
        self.draw.text((self.px(at[0]), self.px(at[1])), text, font=chosen, fill=ink)
        self.lines.append(text)

    def width_of(self, text: str, size: float, face: Face | None = None) -> float:
        """How wide `text` is."""
        return float(font(face or self.face, self.points(size)).getlength(text)) * 25.4 / self.dpi

    def line(
        self,
        text: str,
        size: float,
        *,
        ink: Colour = INK,
        align: str = "left",
        face: Face | None = None,
        leading: float = 1.75,
    ) -> None:
        """One line, `align`ed left, centre or right; an empty text is an empty line."""
        if text:
            free = self.size[0] - self.width_of(text, size, face)
            x = {"left": self.margin, "centre": free / 2, "right": free - self.margin}[align]
            self.put(text, (x, self.y), size, ink, face)
        self.y += size * 25.4 / 72 * leading

    def title(self, text: str, size: float = 22) -> None:
        """A heading in the middle."""
        self.y += 4
        self.line(text, size, align="centre", face=Face.BOLD if self.face is Face.SANS else self.face)
        self.y += 4

    def write(self, text: str, size: float = 12, *, ink: Colour = INK, leading: float = 1.75) -> None:
        """A paragraph, broken where the line is full."""
        for piece in self.broken(text, size):
            self.line(piece, size, ink=ink, leading=leading)

    def broken(self, text: str, size: float) -> list[str]:
        """The lines that `text` takes between the margins."""
        room = self.size[0] - 2 * self.margin
        lines, line = [], ""
        for character in text:
            # Closing marks hang over the margin rather than begin a line.
            if line and character not in "，。；：、）》" and self.width_of(line + character, size) > room:
                lines.append(line)
                line = ""
            line += character
        return [*lines, line]

    def rows(self, rows: tuple[tuple[str, str], ...], size: float = 11, height: float = 9.5) -> None:
        """A table of two columns."""
        left, right = self.margin, self.size[0] - self.margin
        middle = left + (right - left) * 0.34
        rule = max(1, self.px(0.3))
        for label, value in rows:
            box = (self.px(left), self.px(self.y), self.px(right), self.px(self.y + height))
            self.draw.rectangle(box, outline=INK, width=rule)
            self.draw.line((self.px(middle), box[1], self.px(middle), box[3]), fill=INK, width=rule)
            self.put(label, (left + 2.5, self.y + height * 0.2), size)
            self.put(value, (middle + 2.5, self.y + height * 0.2), size)
            self.y += height
        self.y += 5

    def stamp(self, mask: PillowImage.Image, at: tuple[float, float], ink: Colour) -> None:
        """Lay ink through a mask whose middle comes to `at`: what is below shows through, as with a real stamp."""
        left, top = self.px(at[0]) - mask.width // 2, self.px(at[1]) - mask.height // 2
        box = (left, top, left + mask.width, top + mask.height)
        below = np.asarray(self.image.crop(box), dtype=np.float32)
        share = np.asarray(mask, dtype=np.float32)[..., None] / 255
        inked = below * (1 - share * (1 - np.array(ink, dtype=np.float32) / 255))
        self.image.paste(PillowImage.fromarray(inked.astype(np.uint8)), (left, top))

    def paper(self, name: str, fields: dict[str, str] | None = None, codes: tuple[str, ...] = ()) -> Paper:
        """What was made."""
        pixels = as_image(np.ascontiguousarray(np.asarray(self.image)[..., ::-1]))
        return Paper(name, pixels, self.size, self.dpi, tuple(self.lines), fields or {}, codes)
