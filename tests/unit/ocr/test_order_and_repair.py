"""Reading order, characters of the wrong script, numbers with a letter for a digit (S1-32)."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scenes.people import credit_code as invented_code
from drivers.scenes.people import person
from kiosk.ocr.model import TextLine
from kiosk.ocr.order import in_reading_order
from kiosk.ocr.repair import credit_code, mended, resident_number
from kiosk.ocr.script import in_one_script
from tests.unit.ocr.record import recorded
from tests.unit.ocr.typeset import line

SEEDS = st.integers(0, 10_000)


def texts(lines: tuple[TextLine, ...]) -> list[str]:
    return [one.text for one in lines]


def test_a_table_is_read_row_by_row() -> None:
    rows = [("付款人", "李示例"), ("收款人", "张示范"), ("金额", "¥500.00"), ("附言", "借款"), ("日期", "2024年1月2日")]
    cells = [
        line(text, x, 100.0 + 60 * y) for y, row in enumerate(rows) for x, text in zip((100, 700), row, strict=True)
    ]
    random.Random(1).shuffle(cells)
    assert texts(in_reading_order(cells)) == [text for row in rows for text in row]


def test_columns_of_running_text_are_read_one_after_the_other() -> None:
    kept = recorded("columns")
    read = "".join(texts(kept.text.lines))
    assert read == "诉讼服务指南" + kept.fields["first"] + kept.fields["second"]


def test_a_crooked_row_stays_a_row() -> None:
    row = [
        line(text, 100.0 + 400 * place, 100.0 + 6 * place) for place, text in enumerate(("甲方：", "李示例", "乙方："))
    ]
    below = [line("下一行", 100.0, 160.0)]
    assert texts(in_reading_order([*below, *row])) == ["甲方：", "李示例", "乙方：", "下一行"]


def test_vertical_text_is_read_from_the_right() -> None:
    def upright(text: str, x: float) -> TextLine:
        height = 40.0 * len(text)
        return TextLine(text, ((x, 100.0), (x + 40, 100.0), (x + 40, 100 + height), (x, 100 + height)), 0.9)

    assert texts(in_reading_order([upright("第二列", 400), upright("第一列", 500)])) == ["第一列", "第二列"]


@given(st.permutations(range(12)))
def test_the_order_does_not_depend_on_the_order_of_detection(order: list[int]) -> None:
    lines = [line(f"第{number}行的内容", 100.0, 100.0 + 55 * number) for number in range(12)]
    assert texts(in_reading_order([lines[number] for number in order])) == texts(tuple(lines))


def test_a_stray_traditional_character_on_a_simplified_page_is_mapped_back() -> None:
    lines = (line("性别男民族漢", 0, 0), line("公民身份号码", 0, 50))
    assert texts(in_one_script(lines))[0] == "性别男民族汉"


def test_the_dot_in_a_name_is_the_chinese_one() -> None:
    assert texts(in_one_script((line("姓名阿不都・示例", 0, 0),))) == ["姓名阿不都·示例"]


def test_a_traditional_page_stays_as_it_is() -> None:
    lines = (line("茲收到陳示例歸還借款", 0, 0), line("證明書、電話號碼", 0, 50))
    assert in_one_script(lines) == lines


@pytest.mark.parametrize("name", ["喆", "堃", "昇", "淼", "陞"])
def test_characters_that_simplified_names_use_are_never_mapped(name: str) -> None:
    lines = (line(f"姓名王{name}", 0, 0), line("公民身份号码、性别、签发机关", 0, 50))
    assert name in in_one_script(lines)[0].text


@given(
    SEEDS, st.integers(0, 16), st.sampled_from([("0", "O"), ("1", "I"), ("1", "l"), ("5", "S"), ("2", "Z"), ("8", "B")])
)
def test_a_letter_for_a_digit_in_an_identity_number_is_read_as_the_digit(
    seed: int, place: int, misread: tuple[str, str]
) -> None:
    number = person(np.random.default_rng(seed)).number
    digit, letter = misread
    read = number[:place] + (letter if number[place] == digit else number[place]) + number[place + 1 :]
    assert resident_number(read) == number


@given(SEEDS, st.integers(0, 16), st.integers(1, 9))
def test_a_wrong_digit_in_an_identity_number_is_never_mended(seed: int, place: int, more: int) -> None:
    number = person(np.random.default_rng(seed)).number
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert resident_number(wrong) is None
    assert mended((line(wrong, 0, 0),))[0].text == wrong


@given(SEEDS)
def test_signs_that_no_credit_code_has_are_read_as_what_they_look_like(seed: int) -> None:
    code = invented_code(np.random.default_rng(seed))
    read = code.replace("0", "O").replace("1", "I").replace("2", "Z").replace("5", "S")
    assert credit_code(read) == code


@given(st.text("0123456789", min_size=18, max_size=18))
def test_an_account_number_never_becomes_a_code_or_an_identity_number(digits: str) -> None:
    assert mended((line(digits, 0, 0),))[0].text == digits


@given(SEEDS, st.text("甲乙0123456789ABCXYZ", max_size=6))
def test_words_around_a_number_stay(seed: int, around: str) -> None:
    number = person(np.random.default_rng(seed)).number
    text = f"{around}：{number}。"
    assert mended((line(text, 0, 0),))[0].text == text
