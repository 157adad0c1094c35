"""Traditional characters (繁体字) mapped back where a page is simplified.

The recognition model knows many scripts and now and then gives the traditional form of a character that stands on the
page in its simplified one (漢 for 汉), or the Japanese dot (・) for the one in Chinese names (·). The table, from
OpenCC's TSCharacters (Apache-2.0), holds characters that simplified Chinese does not use: not in GB/T 2312, and not
restored for names by 《通用规范汉字表》 (2013).
"""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files

import msgspec

from kiosk.ocr.model import TextLine

_MOST = 0.5  # for each simplified one: more, and the page is written in traditional characters
_DOT = {ord("・"): "·"}  # GB/T 15834, 4.14: between the parts of a name


@cache
def _table() -> dict[int, str]:
    text = files("kiosk.ocr").joinpath("data", "traditional.csv").read_text(encoding="utf-8")
    return {ord(row["traditional"]): row["simplified"] for row in csv.DictReader(io.StringIO(text))}


@cache
def _only_simplified() -> frozenset[str]:
    return frozenset(_table().values())


def in_one_script(lines: tuple[TextLine, ...]) -> tuple[TextLine, ...]:
    """The lines with stray traditional characters in their simplified form; a traditional page stays as it is."""
    signs = {sign for line in lines for sign in line.text}
    strays = {ord(sign) for sign in signs} & _strays().keys()
    if not strays or _traditional(lines):
        return lines
    return tuple(msgspec.structs.replace(line, text=line.text.translate(_strays())) for line in lines)


@cache
def _strays() -> dict[int, str]:
    return _table() | _DOT


def _traditional(lines: tuple[TextLine, ...]) -> bool:
    signs = [sign for line in lines for sign in line.text]
    traditional = sum(ord(sign) in _table() for sign in signs)
    return traditional > _MOST * sum(sign in _only_simplified() for sign in signs)
