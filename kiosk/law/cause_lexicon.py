"""How people say it: the colloquial lexicon of causes, its rules and their pinyin (data/cause-lexicon.toml)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from kiosk.law.editions import read_csv, read_toml

_HAN = re.compile(r"[\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class Term:
    """One alternative of a group: as written, how much it weighs, and its pinyin (`|jie|qian|`) if Chinese."""

    text: str
    weight: float
    syllables: str
    initials: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Groups that must all occur, and terms that must not."""

    groups: tuple[tuple[Term, ...], ...]
    unless: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed: Chinese and Korean without blanks, Latin with single blanks, pinyin syllables if it is pinyin.

    `latin` begins with a blank, so that " term" finds words by their beginning.
    """

    dense: str
    latin: str
    letters: str
    syllables: str

    def has(self, term: Term) -> bool:
        """Whether the term occurs as written."""
        if term.syllables or _HANGUL.search(term.text):
            return term.text.replace(" ", "") in self.dense
        return f" {term.text}" in self.latin

    def sounds_like(self, term: Term) -> bool:
        """Whether the term occurs as pinyin."""
        return bool(term.syllables) and self.syllables.endswith("|") and term.syllables in self.syllables

    def is_just(self, term: Term) -> bool:
        """Whether the term is all there is."""
        return term.text in (self.dense, self.latin[1:]) or (bool(term.syllables) and term.syllables == self.syllables)


def han_of(text: str) -> str:
    """The Chinese characters of `text`."""
    return "".join(_HAN.findall(text))


@cache
def _pinyin() -> dict[str, str]:
    return {row["text"]: row["pinyin"] for row in read_csv("cause-pinyin.csv")}


def pinyin_of(text: str) -> tuple[str, str]:
    """Pinyin of the Chinese characters in `text` as `|jie|dai|`, and its initials `jd`; both empty if not in the table.

    The table (data/cause-pinyin.csv) is written by `python -m kiosk.law.cause_pinyin` and saves the session process
    the loading of a dictionary.
    """
    syllables = _pinyin().get(han_of(text), "").split()
    return (f"|{'|'.join(syllables)}|", "".join(syllable[0] for syllable in syllables)) if syllables else ("", "")


def _weight(text: str) -> float:
    han, hangul = len(_HAN.findall(text)), len(_HANGUL.findall(text))
    latin = sum(sign.isascii() and sign.isalnum() for sign in text)
    return 2.0 * han + 1.6 * hangul + min(latin / 2.2, 6.0)


def _term(text: str) -> Term:
    plain = text.strip().casefold()
    syllables, initials = pinyin_of(plain)
    return Term(plain, _weight(plain), syllables, initials)


def _rule(text: str) -> Rule:
    groups: list[tuple[Term, ...]] = []
    unless: list[Term] = []
    for group in text.split("+"):
        terms = tuple(_term(part) for part in group.strip().removeprefix("!").split("|"))
        if group.strip().startswith("!"):
            unless.extend(terms)
        else:
            groups.append(terms)
    return Rule(tuple(groups), tuple(unless))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All rules by code, the codes people file most, and the table from traditional to simplified characters."""

    rules: dict[str, tuple[Rule, ...]]
    common: frozenset[str]
    simplified: dict[int, str]


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    data = read_toml("cause-lexicon.toml", dict[str, Any])
    rules = {
        code: tuple(_rule(text) for language in ("zh", "ko", "en") for text in by_language.get(language, ()))
        for code, by_language in data["rules"].items()
    }
    table = str.maketrans(data["traditional"]["from"], data["traditional"]["to"])
    return Lexicon(rules, frozenset(data["common"]), {key: chr(value) for key, value in table.items()})


@cache
def known_syllables() -> frozenset[str]:
    """Every pinyin syllable of Mandarin, without tones, ü as v."""
    return frozenset(row["syllable"] for row in read_csv("pinyin-syllables.csv"))


def syllables_of(letters: str) -> str:
    """`letters` cut into pinyin syllables (`|jie|qian|`), longest first; the last may be unfinished. Empty if none.

    A finished end is closed with a bar, an unfinished one is not, so that it still matches as a beginning.
    """
    known = known_syllables()
    reach: dict[int, list[str]] = {0: []}
    for start in range(len(letters)):
        if start not in reach:
            continue
        for size in range(6, 0, -1):
            part = letters[start : start + size]
            end = start + len(part)
            if len(part) == size and part in known and (end not in reach or len(reach[end]) > len(reach[start]) + 1):
                reach[end] = [*reach[start], part]
    if len(letters) in reach and letters:
        return f"|{'|'.join(reach[len(letters)])}|"
    for end in sorted(reach, reverse=True):
        rest = letters[end:]
        if end and len(rest) <= 5 and any(syllable.startswith(rest) for syllable in known):
            return f"|{'|'.join(reach[end])}|{rest}"
    return ""


def query_of(text: str) -> Query:
    """What was typed, in the spellings the search compares. Only the first 200 characters are looked at."""
    plain = unicodedata.normalize("NFKC", text[:200]).casefold().translate(lexicon().simplified)
    words = re.sub(r"[^\w']+|_", " ", plain).split()
    spaced = " ".join(words)
    letters = spaced.replace(" ", "").replace("'", "")
    if not (letters.isascii() and letters.isalpha()):
        letters = ""
    return Query("".join(words), f" {spaced}", letters, syllables_of(letters[:60]))
