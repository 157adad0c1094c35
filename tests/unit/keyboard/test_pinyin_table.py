"""The reduced pinyin that remains without librime."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screens.keyboard.pinyin_table import PinyinTable


def typed(keys: str) -> PinyinTable:
    table = PinyinTable()
    for key in keys:
        assert table.type(key) == ""
    return table


def test_phrases_of_the_court_and_single_characters() -> None:
    assert typed("yuangao").candidates[0] == "原告"
    assert "王" in typed("wang").candidates[:5]


def test_choosing_a_character_leaves_the_rest_open() -> None:
    table = typed("wangming")
    assert table.choose(table.candidates.index("王")) == "王"
    assert table.preedit == "ming"
    assert "明" in table.candidates


def test_rare_characters_of_the_basic_block_are_there() -> None:
    assert "翀" in typed("chong").candidates


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz'", max_size=15))
def test_flushing_always_ends_the_composition(keys: str) -> None:
    table = PinyinTable()
    for key in keys:
        table.type(key)
    table.flush()
    assert table.preedit == ""
    assert not table.backspace()
