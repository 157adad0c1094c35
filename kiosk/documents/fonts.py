"""The fonts documents are set in, and which characters they can show."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

FAMILY = "Noto Sans CJK SC"
"""The family of all documents. Further families in the folder step in, by name, where it lacks a character."""

FOLDER_VARIABLE = "COURT_KIOSK_FONTS"


class FontsMissingError(Exception):
    """The font folder does not hold the family that documents need."""


@dataclass(frozen=True)
class FontSet:
    """Fonts from one folder: the families in order of preference and every code point at least one of them shows.

    A court adds characters (rare names, 生僻字) by laying another OpenType file into the folder.
    """

    fonts: typst.Fonts
    families: tuple[str, ...]
    code_points: frozenset[int]


def font_folder() -> Path:
    """The folder named by COURT_KIOSK_FONTS, or the one of this installation."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else Path(sys.prefix) / "share" / "court-kiosk" / "fonts"


@cache
def load_fonts(folder: Path) -> FontSet:
    """Read the fonts of `folder` once. Raises FontsMissingError where the family or its bold face is not there."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    faces = [face for face in fonts.fonts() if face.path is not None]
    weights = {face.weight for face in faces if face.family == FAMILY}
    if not {400, 700} <= weights:
        raise FontsMissingError(f"{folder} needs {FAMILY} in Regular and Bold; script/fonts puts them there")
    others = sorted({face.family for face in faces} - {FAMILY})
    code_points: set[int] = set()
    for face in faces:
        with TTFont(face.path, lazy=True, fontNumber=face.index) as font:
            code_points.update(font.getBestCmap())
    return FontSet(fonts, (FAMILY, *others), frozenset(code_points))
