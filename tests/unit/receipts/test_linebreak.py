"""Line breaking: nothing lost, nothing too wide, no forbidden character at an edge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.receipts.linebreak import NOT_AT_END, NOT_AT_START, balance_lines, break_lines


def cells(text: str) -> float:
    """Han and Hangul two cells, the rest one, as on a terminal."""
    return float(sum(2 if ord(c) > 0x2E7F else 1 for c in text))


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("起诉状已经收到，请保管。", 14, ["起诉状已经收", "到，请保管。"]),
        ("被告（示例公司）未到庭", 9, ["被告（示", "例公司）", "未到庭"]),
        ("소송자료 접수증", 10, ["소송자료", "접수증"]),
        ("Handed in by Kim", 9, ["Handed in", "by Kim"]),
        ("编号SL01-20260707", 8, ["编号", "SL01-202", "60707"]),
        ("一\n二", 8, ["一", "二"]),
        ("", 8, [""]),
    ],
)
def test_examples(text: str, width: float, lines: list[str]) -> None:
    assert break_lines(text, width, cells) == lines


SOME_TEXT = st.text(alphabet="一二法院，。（）《》“”abc -·한글소송\n1，％", max_size=60)


@given(SOME_TEXT, st.integers(min_value=4, max_value=30))
def test_nothing_is_lost_and_nothing_too_wide(text: str, width: int) -> None:
    lines = break_lines(text, width, cells)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cells(line) <= width for line in lines)
    assert all(line == line.strip() for line in lines)


WORDS = st.lists(st.sampled_from(["法院，", "《民法典》", "（示例）", "起诉", "状。", "被告"]), max_size=15).map(
    "".join
)


@given(WORDS, st.integers(min_value=12, max_value=30))
def test_punctuation_stays_with_its_word(text: str, width: int) -> None:
    """禁则: no closing mark begins a line, no opening mark ends one."""
    lines = break_lines(text, width, cells)
    assert not any(line[:1] in NOT_AT_START for line in lines)
    assert not any(line[-1:] in NOT_AT_END for line in lines)


@given(SOME_TEXT, st.integers(min_value=4, max_value=30))
def test_balanced_lines_are_no_more_lines(text: str, width: int) -> None:
    greedy, balanced = break_lines(text, width, cells), balance_lines(text, width, cells)
    assert len(balanced) == len(greedy)
    assert "".join("".join(balanced).split()) == "".join("".join(greedy).split())
    assert max(map(cells, balanced)) <= max(map(cells, greedy))
