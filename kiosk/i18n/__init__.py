"""Words in Chinese, Korean and English.

Interface strings stand in `catalogue/*.toml`, one table per key with the three languages side by side:

    [home.file_case]
    zh = "我要立案"
    ko = "소송 제기"
    en = "File a case"

A key that lacks a language is an error at load, so an untranslated screen cannot be shipped.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Language(StrEnum):
    """The languages of the terminal; Chinese is the default, Korean follows Yanbian usage."""

    ZH = "zh"
    KO = "ko"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in all three languages."""

    zh: str
    ko: str
    en: str

    def in_(self, language: Language) -> str:
        """The wording in `language`."""
        match language:
            case Language.ZH:
                return self.zh
            case Language.KO:
                return self.ko
            case Language.EN:
                return self.en


class CatalogueError(Exception):
    """A catalogue file lacks a language or repeats a key."""


def _flatten(table: Mapping[str, object], prefix: str, origin: str, into: dict[str, Text]) -> None:
    if set(table) == {language.value for language in Language} and all(isinstance(v, str) for v in table.values()):
        if prefix in into:
            raise CatalogueError(f"{origin}: {prefix} is defined twice")
        into[prefix] = Text(**{key: str(value) for key, value in table.items()})
        return
    for key, value in table.items():
        path = f"{prefix}.{key}" if prefix else key
        if not isinstance(value, Mapping):
            raise CatalogueError(f"{origin}: {prefix or key} needs exactly zh, ko and en")
        _flatten(value, path, origin, into)


@cache
def catalogue() -> Mapping[str, Text]:
    """Every interface string by its dotted key. Raises CatalogueError for a key without all three languages."""
    found: dict[str, Text] = {}
    for file in sorted(files(__package__).joinpath("catalogue").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            _flatten(tomllib.loads(file.read_text(encoding="utf-8")), "", file.name, found)
    return found


def tr(key: str, language: Language, **values: object) -> str:
    """The string `key` in `language`, with `{name}` fields filled from `values`. Raises KeyError if unknown."""
    text = catalogue()[key].in_(language)
    return text.format(**values) if values else text
