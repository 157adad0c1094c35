"""The interface font in Kivy: registration, widths, and what to draw for characters it lacks.

Kivy opens face 0 of a .ttc, which for Noto CJK is the Japanese one, so the Simplified Chinese face is installed alone.
SDL's text provider has no fallback: a missing character would be a box. Such a character comes from the supplementary
font where one is installed, and is otherwise shown by its code point, which a clerk can look up.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from kivy.core.text import Label as CoreLabel
from kivy.core.text import LabelBase
from kivy.core.text.markup import MarkupLabel
from kivy.utils import escape_markup

from screens.components.line_breaking import is_ideograph
from screens.runtime_setup import font_files

FAMILY = "CourtSans"
SUPPLEMENT = "CourtSupplement"

_SUPPLEMENT_FILES = (
    Path("/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf"),
    Path("/usr/share/fonts/truetype/babelstone-han/BabelStoneHan.ttf"),
)


def _supplement_file() -> Path | None:
    given = os.environ.get("COURT_KIOSK_SUPPLEMENT_FONT")
    candidates = (Path(given),) if given else _SUPPLEMENT_FILES
    return next((file for file in candidates if file.is_file()), None)


@cache
def register_fonts() -> None:
    """Make FAMILY (and SUPPLEMENT where installed) known to Kivy. Raises FontsMissingError."""
    regular, bold = font_files()
    LabelBase.register(FAMILY, str(regular), fn_bold=str(bold))
    supplement = _supplement_file()
    if supplement:
        LabelBase.register(SUPPLEMENT, str(supplement))


@cache
def _regular() -> Path:
    """Asked for at every character that is no ideograph: the disk is not."""
    return font_files()[0]


@cache
def _coverage(file: Path) -> frozenset[int]:
    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())


def has_glyph(char: str) -> bool:
    """Whether the interface font draws `char`. The common blocks are known whole, so the font file is rarely opened."""
    code = ord(char)
    if 0x20 <= code <= 0x7E or 0x4E00 <= code <= 0x9FA5 or 0xAC00 <= code <= 0xD7A3:
        return True
    return char in "\n\t" or code in _coverage(_regular())


def _supplement_has(char: str) -> bool:
    file = _supplement_file()
    return file is not None and ord(char) in _coverage(file)


def drawable(text: str) -> str:
    """`text` with every character that no installed font draws written as its code point, such as 〔U+2B736〕."""
    if all(map(has_glyph, text)):
        return text
    return "".join(c if has_glyph(c) or _supplement_has(c) else f"〔U+{ord(c):04X}〕" for c in text)


def _as_markup(text: str) -> str:
    return "".join(escape_markup(c) if has_glyph(c) else f"[font={SUPPLEMENT}]{escape_markup(c)}[/font]" for c in text)


def label(text: str, font_px: int, *, bold: bool = False, halign: str = "left") -> CoreLabel:
    """A refreshed Kivy core label (its `texture` is white on transparent) for `text` as `drawable` gave it."""
    register_fonts()
    options = {"font_size": font_px, "font_name": FAMILY, "bold": bold, "halign": halign}
    if all(map(has_glyph, text)):
        made = CoreLabel(text=text, **options)
    else:
        made = MarkupLabel(text=_as_markup(text), **options)
    made.refresh()
    return made


@cache
def _meter(font_px: int, bold: bool) -> CoreLabel:
    register_fonts()
    return CoreLabel(text="", font_size=font_px, font_name=FAMILY, bold=bold)


@lru_cache(maxsize=4096)
def _advance(text: str, font_px: int, bold: bool) -> float:
    return float(_meter(font_px, bold).get_extents(text)[0])


@cache
def _space(font_px: int, bold: bool) -> float:
    """A space as wide as it is between two Hangul syllables, where the font kerns; elsewhere it is narrower."""
    return _advance("한 한", font_px, bold) - 2 * _advance("한", font_px, bold)


def text_width(text: str, font_px: int, bold: bool = False) -> float:
    """Width of one line in pixels. Ideographs and Hangul have one advance each, so only the rest is measured."""
    total, other = 0.0, ""
    for char in text:
        if is_ideograph(char):
            total += _advance("中", font_px, bold)
        elif 0xAC00 <= ord(char) <= 0xD7A3:
            total += _advance("한", font_px, bold)
        elif char == " ":
            total += _space(font_px, bold)
        else:
            other += char
    return total + (_advance(other, font_px, bold) if other else 0.0)
