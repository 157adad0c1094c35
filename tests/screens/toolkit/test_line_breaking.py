"""The line breaker: 禁则, whole words, nothing lost, linear time."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from screens.components.line_breaking import (
    NOT_AT_END,
    NOT_AT_START,
    break_paragraph,
    break_text,
    is_ideograph,
)


def measure(text: str) -> float:
    return sum(2.0 if is_ideograph(char) or "가" <= char <= "힣" else 1.0 for char in text)


MIXED = st.text(alphabet="中文法院起诉状，。、；“”（）《》 ab1-가나다\n", max_size=200)


@given(text=MIXED, width=st.integers(8, 60))
def test_lines_joined_give_the_text_back(text: str, width: int) -> None:
    assert "\n".join("".join(break_paragraph(part, width, measure)) for part in text.split("\n")) == text


@given(text=MIXED, width=st.integers(8, 60))
def test_no_line_is_wider_than_the_width(text: str, width: int) -> None:
    for line in break_text(text, width, measure):
        assert measure(line.rstrip(" ")) <= width


@given(
    parts=st.lists(
        st.sampled_from(["法", "院。", "（中", "文）", "“起诉", "状”；", "《民法典》、", "，", "……"]),
        min_size=1,
        max_size=60,
    )
)
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(parts: list[str]) -> None:
    """GB/T 15834: for text whose marks come in runs that fit into a line."""
    text = "文" + "字".join(parts)
    lines = break_text(text, 24, measure)
    assert [line for line in lines[1:] if line[0] in NOT_AT_START] == []
    assert [line for line in lines[:-1] if line[-1] in NOT_AT_END] == []


def test_a_full_stop_takes_the_character_before_it_along() -> None:
    assert break_text("中文法院。中文", 8, measure) == ["中文法", "院。中文"]


def test_an_opening_bracket_moves_to_the_line_of_what_it_opens() -> None:
    assert break_text("中文法（院）", 8, measure) == ["中文法", "（院）"]


def test_words_and_numbers_stay_whole() -> None:
    assert break_text("the court hears", 9, measure) == ["the court ", "hears"]
    assert break_text("小额诉讼 small claims", 12, measure)[1].startswith("small")
    assert break_text("共计12345678元", 8, measure) == ["共计", "12345678", "元"]


def test_korean_breaks_between_words() -> None:
    lines = break_text("소송을 제기하는 사람", 12, measure)
    assert [line.strip() for line in lines] == ["소송을", "제기하는", "사람"]


def test_a_word_wider_than_the_line_is_split() -> None:
    assert break_text("abcdefghij", 4, measure) == ["abcd", "efgh", "ij"]


def test_own_line_breaks_are_kept() -> None:
    assert break_text("一\n\n二", 10, measure) == ["一", "", "二"]


def test_time_grows_with_length_not_with_its_square() -> None:
    """The toolkit's own wrapping took 50 s for 20,800 characters without spaces."""
    text = "原告与被告签订借款合同，约定一年内还清。" * 2000
    started = time.perf_counter()
    break_text(text, 60, measure)
    assert time.perf_counter() - started < 2.0
