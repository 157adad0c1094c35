"""Korean two-set composition (KS X 5002)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.keyboard.hangul import FINALS, INITIALS, VOWELS, HangulComposer, Syllable, compose, keystrokes, type_jamo

SYLLABLES = st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=12)
JAMO = st.sampled_from(INITIALS + VOWELS)


def typed(keys: str) -> str:
    composer = HangulComposer()
    return "".join(composer.type(key) for key in keys) + composer.flush()


@given(SYLLABLES)
def test_what_is_typed_jamo_by_jamo_is_what_was_meant(text: str) -> None:
    """Every one of the 11,172 syllables, in any sequence."""
    assert typed(keystrokes(text)) == text


@given(st.lists(JAMO, max_size=20))
def test_taking_back_every_key_leaves_nothing(keys: list[str]) -> None:
    composer = HangulComposer()
    for key in keys:
        composer.type(key)
    for _ in range(6):
        composer.backspace()
    assert composer.preedit == ""
    assert not composer.backspace()


@given(st.lists(JAMO, max_size=30))
def test_no_jamo_is_lost_or_invented(keys: list[str]) -> None:
    assert keystrokes(typed("".join(keys))).translate(_APART) == "".join(keys).translate(_APART)


# Compound vowels and doubled finals may be typed whole or in parts; compare them in parts.
_APART = str.maketrans(
    {"ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ", "ㅢ": "ㅡㅣ"}
    | {"ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ"}
    | {"ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ"}
)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("ㅅㅗㅅㅗㅇ", "소송"),
        ("ㄱㅏㅂㅅㅣ", "갑시"),
        ("ㄱㅏㅂㅅ", "값"),
        ("ㄷㅏㄹㄱ", "닭"),
        ("ㄷㅏㄹㄱㅇㅣ", "닭이"),
        ("ㅇㅣㄹㄱㅡㄴ", "일근"),
        ("ㅂㅓㅂㅇㅝㄴ", "법원"),
        ("ㅇㅡㅣㅅㅏ", "의사"),
        ("ㅋㅋㅋ", "ㅋㅋㅋ"),
        ("ㅏㅏ", "ㅏㅏ"),
        ("ㅃㅏㄹㄹㅣ", "빨리"),
        ("ㄹㅣㅁㄱㅜ", "림구"),
    ],
)
def test_known_words(keys: str, text: str) -> None:
    assert typed(keys) == text


def test_backspace_undoes_one_key_at_a_time() -> None:
    composer = HangulComposer()
    for key in "ㄷㅏㄹㄱ":
        composer.type(key)
    seen = []
    while composer.backspace():
        seen.append(composer.preedit)
    assert seen == ["달", "다", "ㄷ", ""]


def test_a_consonant_that_ends_no_syllable_begins_the_next() -> None:
    assert type_jamo(Syllable("ㅇ", "ㅏ"), "ㅃ") == ("아", Syllable("ㅃ"))


def test_other_characters_end_the_syllable() -> None:
    composer = HangulComposer()
    composer.type("ㄱ")
    composer.type("ㅏ")
    assert composer.type(".") == "가."


def test_compose_covers_the_block() -> None:
    assert compose(INITIALS[0], VOWELS[0], FINALS[0]) == "가"
    assert compose(INITIALS[-1], VOWELS[-1], FINALS[-1]) == "힣"
    with pytest.raises(ValueError, match="substring"):
        compose("ㅏ", "ㄱ")
