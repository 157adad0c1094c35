"""Pinyin without librime: whole syllables to single characters, and the court's own words. Reduced, but it types.

Characters come from pypinyin's table: surnames first, then GB 2312 level 1, level 2, and the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT

from screens.keyboard.vocabulary import is_blocked, vocabulary

_LIMIT = 120
_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü", "aaaaeeeeiiiioooouuuuvvvvv")


def _common_first(char: str) -> tuple[int, int]:
    """GB 2312 level 1 (by pinyin), level 2 (by radical), then the rest."""
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return 2, ord(char)
    return (0 if code < b"\xd8\xa1" else 1), ord(char)


@cache
def _by_syllable() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, readings in PINYIN_DICT.items():
        if not (0x3400 <= code <= 0x9FFF):
            continue
        for reading in dict.fromkeys(part.translate(_TONES) for part in readings.split(",")):
            found.setdefault(reading, []).append(chr(code))
    surnames = set(vocabulary().surnames)
    return {
        syllable: tuple(sorted(chars, key=lambda c: (c not in surnames, *_common_first(c))))
        for syllable, chars in found.items()
    }


@cache
def _by_phrase() -> dict[str, tuple[str, ...]]:
    known = vocabulary()
    found: dict[str, list[str]] = {}
    for phrase in (*known.legal_words, *known.places, *(n for n in known.given_names if len(n) > 1)):
        typed = "".join(lazy_pinyin(phrase, style=Style.NORMAL, errors="ignore", v_to_u=False))
        found.setdefault(typed, []).append(phrase)
    return {typed: tuple(phrases) for typed, phrases in found.items()}


class PinyinTable:
    """The input method over the two tables; choosing a single character keeps the rest of the input open."""

    def __init__(self) -> None:
        self._typed = ""

    @property
    def preedit(self) -> str:
        """The letters typed."""
        return self._typed

    @property
    def candidates(self) -> Sequence[str]:
        """Phrases for the whole input, then characters for its longest leading syllable."""
        letters = self._typed.replace("'", "")
        phrases = [word for word in _by_phrase().get(letters, ()) if not is_blocked(word)]
        return (*phrases, *_by_syllable().get(self._head(), ()))[:_LIMIT]

    def _head(self) -> str:
        """The longest syllable that the input begins with."""
        first = self._typed.split("'")[0]
        return next((first[:n] for n in range(min(6, len(first)), 0, -1) if first[:n] in _by_syllable()), "")

    def type(self, key: str) -> str:
        """Take one key; returns what it finished."""
        if len(key) == 1 and ("a" <= key <= "z" or (key == "'" and self._typed)):
            self._typed += key
            return ""
        return self.flush() + key

    def choose(self, index: int) -> str:
        """Take candidate `index`. Raises IndexError."""
        chosen = self.candidates[index]
        rest = self._typed[len(self._head()) :].removeprefix("'") if len(chosen) == 1 else ""
        self._typed = rest
        return chosen

    def backspace(self) -> bool:
        """Take back one letter; False when there is none."""
        had = bool(self._typed)
        self._typed = self._typed[:-1]
        return had

    def flush(self) -> str:
        """End the composition: the first candidate of each syllable, or the letters themselves."""
        done = ""
        while self._typed:
            if not self.candidates:
                done, self._typed = done + self._typed.replace("'", ""), ""
            else:
                done += self.choose(0)
        return done

    def clear(self) -> None:
        """Drop the composition."""
        self._typed = ""
