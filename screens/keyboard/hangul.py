"""Korean two-set (두벌식, KS X 5002) composition: jamo in, syllables out.

The state is at most one unfinished syllable. Typing a vowel after a final consonant moves that consonant (or the second
half of a cluster) to the next syllable, as every Korean keyboard does.
"""

from __future__ import annotations

from dataclasses import dataclass

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")

_VOWEL_PAIRS = {
    "ㅗㅏ": "ㅘ", "ㅗㅐ": "ㅙ", "ㅗㅣ": "ㅚ", "ㅜㅓ": "ㅝ", "ㅜㅔ": "ㅞ", "ㅜㅣ": "ㅟ", "ㅡㅣ": "ㅢ",
}  # fmt: skip  # one table, readable as such
_FINAL_PAIRS = {
    "ㄱㅅ": "ㄳ", "ㄴㅈ": "ㄵ", "ㄴㅎ": "ㄶ", "ㄹㄱ": "ㄺ", "ㄹㅁ": "ㄻ", "ㄹㅂ": "ㄼ", "ㄹㅅ": "ㄽ", "ㄹㅌ": "ㄾ",
    "ㄹㅍ": "ㄿ", "ㄹㅎ": "ㅀ", "ㅂㅅ": "ㅄ",
}  # fmt: skip  # the same
_SPLIT_VOWEL = {whole: pair for pair, whole in _VOWEL_PAIRS.items()}
_SPLIT_FINAL = {whole: pair for pair, whole in _FINAL_PAIRS.items()}

_SYLLABLES = 0xAC00


def compose(initial: str, vowel: str, final: str = "") -> str:
    """The precomposed syllable (Unicode 3.12): `compose("ㅎ", "ㅏ", "ㄴ")` is "한". Raises ValueError."""
    index = (INITIALS.index(initial) * len(VOWELS) + VOWELS.index(vowel)) * len(FINALS) + FINALS.index(final)
    return chr(_SYLLABLES + index)


def keystrokes(text: str) -> str:
    """The jamo that, typed one by one, give `text`; what is not Hangul stays as it is."""
    typed = ""
    for char in text:
        index = ord(char) - _SYLLABLES
        if 0 <= index < len(INITIALS) * len(VOWELS) * len(FINALS):
            rest, final = divmod(index, len(FINALS))
            initial, vowel = divmod(rest, len(VOWELS))
            whole = FINALS[final]
            typed += INITIALS[initial] + _SPLIT_VOWEL.get(VOWELS[vowel], VOWELS[vowel])
            typed += _SPLIT_FINAL.get(whole, whole)
        else:
            typed += char
    return typed


@dataclass(frozen=True, slots=True)
class Syllable:
    """The unfinished syllable; any part may be missing."""

    initial: str = ""
    vowel: str = ""
    final: str = ""

    def __str__(self) -> str:
        if self.initial and self.vowel:
            return compose(self.initial, self.vowel, self.final)
        return self.initial + self.vowel


def type_jamo(open_: Syllable, jamo: str) -> tuple[str, Syllable]:
    """What is finished by typing `jamo` after `open_`, and the syllable that is open then."""
    if jamo in VOWELS:
        return _type_vowel(open_, jamo)
    return _type_consonant(open_, jamo)


def _type_vowel(open_: Syllable, jamo: str) -> tuple[str, Syllable]:
    if open_.final:
        pair = _SPLIT_FINAL.get(open_.final, open_.final)
        kept, moved = pair[:-1], pair[-1]
        return str(Syllable(open_.initial, open_.vowel, kept)), Syllable(moved, jamo)
    if open_.vowel:
        joined = _VOWEL_PAIRS.get(open_.vowel + jamo)
        if joined:
            return "", Syllable(open_.initial, joined)
        return str(open_), Syllable(vowel=jamo)
    return "", Syllable(open_.initial, jamo)


def _type_consonant(open_: Syllable, jamo: str) -> tuple[str, Syllable]:
    if open_.final:
        joined = _FINAL_PAIRS.get(open_.final + jamo)
        if joined:
            return "", Syllable(open_.initial, open_.vowel, joined)
        return str(open_), Syllable(jamo)
    if open_.initial and open_.vowel and jamo in FINALS:
        return "", Syllable(open_.initial, open_.vowel, jamo)
    if open_ == Syllable():
        return "", Syllable(jamo)
    return str(open_), Syllable(jamo)


def take_back(open_: Syllable) -> Syllable:
    """`open_` without its last keystroke."""
    if open_.final:
        return Syllable(open_.initial, open_.vowel, _SPLIT_FINAL.get(open_.final, " ")[0].strip())
    if open_.vowel:
        return Syllable(open_.initial, _SPLIT_VOWEL.get(open_.vowel, " ")[0].strip())
    return Syllable()


class HangulComposer:
    """Two-set typing as an input method: no candidates, the open syllable shows in the field."""

    def __init__(self) -> None:
        self._open = Syllable()

    @property
    def preedit(self) -> str:
        """The syllable being typed."""
        return str(self._open)

    @property
    def candidates(self) -> tuple[str, ...]:
        """None: the syllable is what it is."""
        return ()

    def type(self, key: str) -> str:
        """Take one jamo or other character; returns what is finished."""
        if len(key) == 1 and (key in VOWELS or key in INITIALS):
            done, self._open = type_jamo(self._open, key)
            return done
        return self.flush() + key

    def choose(self, index: int) -> str:
        """There is nothing to choose."""
        raise IndexError(index)

    def backspace(self) -> bool:
        """Take back one keystroke; False when nothing is open."""
        if self._open == Syllable():
            return False
        self._open = take_back(self._open)
        return True

    def flush(self) -> str:
        """Finish the open syllable and return it."""
        done, self._open = str(self._open), Syllable()
        return done

    def clear(self) -> None:
        """Drop the open syllable."""
        self._open = Syllable()
