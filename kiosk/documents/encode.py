"""Documents as the JSON that templates read: text made printable, every character checked, pictures inside."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from re import Match
from re import compile as pattern

from PIL import Image, UnidentifiedImageError

from kiosk.clock import CHINA
from kiosk.i18n import Language, Text
from kiosk.law.money import shown

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

MAX_PICTURE_SIDE = 8000
"""Pixels; a signature is far below, anything above it is not one."""

_UNBROKEN = pattern(r"[!-~]{25,}")
_BREAK_EVERY = 12
_ZERO_WIDTH_SPACE = "\u200b"
_LINE_ENDS = pattern(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# Characters without ink: joiners, variation selectors, marks of direction. Dropping them shows the text as it reads,
# and keeps a direction override from turning digits round.
_INKLESS = pattern("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """A character no font can show, and the path of the field it stands in (defendants[0].name)."""

    character: str
    field: str

    def __str__(self) -> str:
        return f"U+{ord(self.character):04X} in {self.field}"


class MissingGlyphError(ValueError):
    """The document holds characters that no font can show; it is not printed with blanks instead.

    `missing` lists each of them once per field, so that the person can be asked for another way to write it, or the
    court can lay a font with the character into the font folder.
    """

    def __init__(self, missing: Sequence[MissingGlyph]) -> None:
        super().__init__("no font has " + ", ".join(str(glyph) for glyph in missing))
        self.missing = tuple(missing)


class BadPictureError(ValueError):
    """A signature that is not a PNG of sensible size; `field` tells which."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is not a PNG picture of at most {MAX_PICTURE_SIDE} pixels a side")
        self.field = field


def chinese_date(day: date) -> str:
    """A date as Chinese documents write it: 2026年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def printable(text: str) -> str:
    """The text with its line ends, tabs, inkless characters and combining marks in the form a typesetter expects."""
    if text.isascii() and text.isprintable():
        return text
    text = _INKLESS.sub("", _LINE_ENDS.sub("\n", text)).replace("\t", " ")
    if any(unicodedata.combining(character) for character in text):
        text = unicodedata.normalize("NFC", text)
    return text


def breakable(text: str) -> str:
    """The text with places to break inside long unbroken runs (addresses of web pages), which would leave the cell."""

    def split(run: Match[str]) -> str:
        word = run.group()
        return _ZERO_WIDTH_SPACE.join(word[i : i + _BREAK_EVERY] for i in range(0, len(word), _BREAK_EVERY))

    return _UNBROKEN.sub(split, text)


class Encoder:
    """Turns one document into template data. Every record carries its class name as `record`.

    Texts in several languages become a list in the order of `languages`; a plain string stands for all of them.
    Raises MissingGlyphError with everything that cannot be shown, BadPictureError for a signature that is no PNG.
    """

    def __init__(self, code_points: frozenset[int], languages: Sequence[Language]) -> None:
        self._code_points = code_points | {ord("\n")}
        self._languages = tuple(languages)
        self._missing: list[MissingGlyph] = []

    def encode(self, document: object) -> Json:
        """The whole document. Pictures become lists of byte values, since the compiler takes only text files."""
        data = self._value(document, "")
        if self._missing:
            raise MissingGlyphError(self._missing)
        return data

    def _value(self, value: object, path: str) -> Json:
        match value:
            case None | bool():
                return value
            case Enum():
                return str(value.value)
            case int():
                return value
            case str():
                return self._text(value, path)
            case bytes():
                return self._picture(value, path)
            case Decimal():
                return shown(value)
            case datetime():
                return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}"
            case date():
                return chinese_date(value) if self._languages == (Language.ZH,) else value.isoformat()
            case Text():
                return [self._text(value.in_(language), path) for language in self._languages]
            case tuple():
                return [self._value(item, f"{path}[{index}]") for index, item in enumerate(value)]
            case _ if is_dataclass(value):
                return dict(self._record(value, path))
            case _:
                raise TypeError(f"{path}: {type(value).__name__} cannot be printed")

    def _record(self, record: object, path: str) -> Iterator[tuple[str, Json]]:
        yield "record", type(record).__name__
        for field in fields(record):  # type: ignore[arg-type]  # is_dataclass was asked by the caller
            name = field.name
            yield name, self._value(getattr(record, name), f"{path}.{name}" if path else name)

    def _text(self, text: str, path: str) -> str:
        shown = printable(text)
        if not self._code_points.issuperset(map(ord, shown)):
            lacking = dict.fromkeys(character for character in shown if ord(character) not in self._code_points)
            self._missing.extend(MissingGlyph(character, path) for character in lacking)
        return breakable(shown)

    def _picture(self, picture: bytes, path: str) -> Json:
        try:
            with Image.open(io.BytesIO(picture), formats=("PNG",)) as image:
                acceptable = max(image.size) <= MAX_PICTURE_SIDE
                image.verify()
        except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError, OSError):
            acceptable = False
        if not acceptable:
            raise BadPictureError(path)
        return list(picture)
