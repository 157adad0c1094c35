"""The console's words, Chinese and English side by side in words.toml; a key that lacks one is an error at start."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files


class ConsoleLanguage(StrEnum):
    """Languages of the console."""

    ZH = "zh"
    EN = "en"


class WordsError(Exception):
    """words.toml lacks a language somewhere."""


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Every wording by its dotted key. Raises WordsError for a key without both languages."""
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    found: dict[str, Mapping[str, str]] = {}
    for section, table in tomllib.loads(text).items():
        for key, wording in table.items():
            if set(wording) != {"zh", "en"}:
                raise WordsError(f"{section}.{key} needs zh and en")
            found[f"{section}.{key}"] = wording
    return found


def name_of(section: str, value: str, language: ConsoleLanguage) -> str:
    """The wording of a value that a terminal sent; the value itself where a newer terminal has one we do not know."""
    wording = words().get(f"{section}.{value}")
    return wording[language.value] if wording else value


def say(key: str, language: ConsoleLanguage, **values: object) -> str:
    """The wording `key`, its `{name}` fields filled from `values`. Raises KeyError for an unknown key."""
    wording = words()[key][language.value]
    return wording.format(**values) if values else wording
