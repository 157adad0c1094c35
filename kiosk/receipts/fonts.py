"""The faces slips are drawn with: Noto Sans CJK SC (SIL Open Font License), one file per weight, put in place by
script/fonts."""

from __future__ import annotations

import os
import sys
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

DOTS_PER_INCH = 203
"""8 dots per millimetre, the resolution of 58 mm and 80 mm receipt printers."""

_GETA = "〓"  # the mark Chinese printing sets for a character missing from the case
_NO_CHARACTER = "\U0010fffe"  # a noncharacter: no font maps it, so it draws the face's "missing" box


class FontMissingError(Exception):
    """A face is not installed; the text names the file."""


class Weight(StrEnum):
    """The two weights used on slips."""

    REGULAR = "Regular"
    BOLD = "Bold"


@dataclass(frozen=True, slots=True)
class Style:
    """A face at a size. `size` is the em in dots; 29 dots are 10.3 pt at 203 dpi."""

    weight: Weight
    size: int

    @property
    def leading(self) -> int:
        """Dots from one baseline to the next."""
        return round(self.size * 1.3)


def fonts_folder() -> Path:
    """Where the faces are: COURT_KIOSK_FONTS if set, else share/court-kiosk/fonts of the environment."""
    override = os.environ.get("COURT_KIOSK_FONTS")
    return Path(override) if override else Path(sys.prefix) / "share" / "court-kiosk" / "fonts"


def font_file(weight: Weight) -> Path:
    """The file of one weight. Raises FontMissingError if it is not there."""
    path = fonts_folder() / f"NotoSansCJKsc-{weight.value}.otf"
    if not path.is_file():
        raise FontMissingError(f"font {path.name} is missing in {path.parent}; script/fonts puts it there")
    return path


@cache
def face(style: Style) -> ImageFont.FreeTypeFont:
    """The loaded face. Basic layout: slips need no ligatures, and every dot is then the same on every machine."""
    return ImageFont.truetype(str(font_file(style.weight)), style.size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _width_of(character: str, style: Style) -> float:
    return face(style).getlength(character)


def text_width(text: str, style: Style) -> float:
    """Advance width in dots (kerning is left out, which errs on the wide side by less than a dot per pair)."""
    return sum(_width_of(character, style) for character in text)


@lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    if unicodedata.category(character) == "Cs":  # half of a character from a broken import
        return False
    probe = face(Style(Weight.REGULAR, 24))
    return bytes(probe.getmask(character)) != bytes(probe.getmask(_NO_CHARACTER)) or character == "\u25af"


def drawable(text: str) -> str:
    """`text` with every character the face cannot draw replaced by 〓, so that a rare name character shows as a
    visible gap to be written in by hand, never as nothing. Control and format characters are left out."""
    visible = (c for c in text if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf"})
    return "".join(c if c.isspace() or _has_glyph(c) else _GETA for c in visible)
