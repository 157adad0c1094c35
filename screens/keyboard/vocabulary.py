"""Words that the keyboard knows and words that it never offers, from data/vocabulary.toml. No Kivy, no librime."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The word lists of the keyboard."""

    surnames: tuple[str, ...]
    compound_surnames: tuple[str, ...]
    given_names: tuple[str, ...]
    places: tuple[str, ...]
    legal_words: tuple[str, ...]
    blocked: frozenset[str]
    """Never offered as a whole candidate."""
    blocked_anywhere: tuple[str, ...]
    """Never offered inside a longer candidate either."""
    surname_readings: dict[str, str]
    """Pinyin without tones, syllables set apart by spaces."""


@cache
def vocabulary() -> Vocabulary:
    """The word lists, each word once, in the order of the file."""
    raw = tomllib.loads(files(__package__).joinpath("data/vocabulary.toml").read_text(encoding="utf-8"))

    def unique(words: list[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(words))

    return Vocabulary(
        surnames=unique([c for c in raw["surnames"] if not c.isspace()]),
        compound_surnames=unique(raw["compound_surnames"]),
        given_names=unique(raw["given_names"].split()),
        places=unique(raw["places"].split()),
        legal_words=unique(raw["legal_words"].split()),
        blocked=frozenset(raw["blocked"].split()),
        blocked_anywhere=unique(raw["blocked_anywhere"].split()),
        surname_readings=dict(raw["surname_readings"]),
    )


def is_blocked(candidate: str) -> bool:
    """Whether `candidate` is or contains a word that a court's keyboard does not offer."""
    known = vocabulary()
    return candidate in known.blocked or any(word in candidate for word in known.blocked_anywhere)
