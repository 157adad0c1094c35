"""What people type: amounts with commas, 万 or Chinese numerals, and dates in many writings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.chinese_numerals import chinese_number
from kiosk.forms.answers import Path, Value
from kiosk.forms.entry import LONGEST_TEXT, format_value, parse_entry
from kiosk.forms.findings import Finding, Severity
from kiosk.forms.library import FormLibrary
from kiosk.i18n import Language

LIBRARY = FormLibrary.load()
LENDING = LIBRARY.get("private_lending").entries
MONEY = LENDING["principal_owed"].question
RATE = LENDING["rate"].question
DAY = LENDING["contract_date"].question
TEXT = LENDING["facts"].question
WHOLE = LIBRARY.get("labour_dispute").entries["disability_grade"].question


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12345.67", "12345.67"),
        ("12,345.67", "12345.67"),
        ("１２，３４５．６７元", "12345.67"),
        ("¥100", "100"),
        ("人民币 5 000 元整", "5000"),
        ("3万", "30000"),
        ("1.5万元", "15000"),
        ("2亿", "200000000"),
        ("3만원", "30000"),
        ("三万五千元", "35000"),
        ("叁万伍仟元整", "35000"),
        ("壹佰元零伍分", "100.05"),
        ("壹拾贰万叁仟肆佰伍拾陆元柒角捌分", "123456.78"),
        ("十万", "100000"),
        ("十万零五十", "100050"),
        ("3万5千", "35000"),
        ("12万5千元", "125000"),
        ("3万5000", "35000"),
        ("5百万", "5000000"),
        ("1亿2千万", "120000000"),
        ("5元5角", "5.50"),
        ("三万五", "35000"),
        ("3万5", "35000"),
        ("两百五", "250"),
        ("三千五百六", "3560"),
        ("两百零五", "205"),
        ("三万零五", "30005"),
        ("-5", "-5"),
        ("0", "0"),
    ],
)
def test_amount(typed: str, value: str) -> None:
    found = parse_entry(MONEY, typed, Path("principal_owed"))
    assert isinstance(found, Decimal)
    assert f"{found:f}" == value or found == Decimal(value)
    assert found.as_tuple().exponent not in range(1, 99)  # 30000, not 3E+4


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "abc",
            "1,23,456",
            "1.2.3",
            "1e9",
            "十十",
            "五三",
            "万",
            "１２,",
            "12-5",
            "九千千",
            "元",
            "NaN",
            "约5000",
            "100%",
        ),
        *("三百五万", "3万05", "3万50000", "12千", "五千多", "$100"),
    ],
)
def test_no_amount_gets_a_clear_message(typed: str) -> None:
    found = parse_entry(MONEY, typed, Path("principal_owed"))
    assert isinstance(found, Finding)
    assert (found.severity, found.message.zh) == (Severity.INVALID, "请填写数字，例如 12345.67")


@pytest.mark.parametrize(
    ("typed", "words"), [("1.005", "最多填写到分"), ("12345678901234567", "数字过大"), ("999999999亿", "数字过大")]
)
def test_amount_that_cannot_be_paid(typed: str, words: str) -> None:
    found = parse_entry(MONEY, typed, Path("principal_owed"))
    assert isinstance(found, Finding)
    assert words in found.message.zh


def test_rate_may_have_more_decimals_than_money() -> None:
    assert parse_entry(RATE, "14.605%", Path("rate")) == Decimal("14.605")


@pytest.mark.parametrize(("typed", "value"), [("7", 7), ("七", 7), ("１０", 10), ("7.0", 7)])
def test_whole_number(typed: str, value: int) -> None:
    found = parse_entry(WHOLE, typed, Path("disability_grade"))
    assert (found, type(found)) == (value, int)


@pytest.mark.parametrize("typed", ["7.5", "seven"])
def test_no_whole_number(typed: str) -> None:
    found = parse_entry(WHOLE, typed, Path("disability_grade"))
    assert isinstance(found, Finding)
    assert "整数" in found.message.zh


@pytest.mark.parametrize(
    "typed",
    [
        "2024-3-5",
        "2024/03/05",
        "2024.3.5",
        "2024年3月5日",
        "2024年03月05号",
        "２０２４年３月５日",
        "20240305",
        "2024년 3월 5일",
        "二〇二四年三月五日",
        "二零二四年三月五号",
    ],
)
def test_date(typed: str) -> None:
    assert parse_entry(DAY, typed, Path("contract_date")) == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("2023年2月29日", "没有这一天"), ("20241301", "没有这一天"), ("长期", "请填写日期"), ("5.3.2024", "请填写日期")],
)
def test_no_date_gets_a_clear_message(typed: str, words: str) -> None:
    found = parse_entry(DAY, typed, Path("contract_date"))
    assert isinstance(found, Finding)
    assert words in found.message.zh


def test_text_is_kept_as_written() -> None:
    assert parse_entry(TEXT, " 他说：“还钱”，我说ＯＫ。\n", Path("facts")) == "他说：“还钱”，我说ＯＫ。"
    assert parse_entry(TEXT, "字" * 40_000, Path("facts")) == "字" * 40_000
    assert isinstance(parse_entry(TEXT, "字" * (LONGEST_TEXT + 1), Path("facts")), Finding)


def test_blank_is_no_answer() -> None:
    assert [parse_entry(question, " 　", Path("x")) for question in (MONEY, DAY, TEXT, WHOLE)] == [None] * 4


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("principal_owed", Decimal("1234567.5"), ("1,234,567.50元", "1,234,567.50원", "CNY 1,234,567.50")),
        ("contract_date", date(2024, 3, 5), ("2024年3月5日", "2024년 3월 5일", "5 March 2024")),
        ("claim_interest", "yes", ("是", "예", "Yes")),
        ("provided_how", ("cash", "transfer"), ("现金、银行转账", "현금, 은행이체", "Cash, Bank transfer")),
        ("rate", Decimal("3.45"), ("3.45", "3.45", "3.45")),
        ("facts", None, ("", "", "")),
    ],
)
def test_shown_in_each_language(name: str, value: Value, shown: tuple[str, str, str]) -> None:
    assert tuple(format_value(LENDING[name].question, value, language) for language in Language) == shown


@given(st.decimals(min_value=0, max_value=10**12, places=2), st.sampled_from([Language.ZH, Language.KO]))
def test_amounts_can_be_typed_as_they_are_shown(amount: Decimal, language: Language) -> None:
    assert parse_entry(MONEY, format_value(MONEY, amount, language), Path("x")) == amount


@given(st.dates(date(1000, 1, 1)), st.sampled_from([Language.ZH, Language.KO]))
def test_dates_can_be_typed_as_they_are_shown(day: date, language: Language) -> None:
    assert parse_entry(DAY, format_value(DAY, day, language), Path("x")) == day


@given(st.text(max_size=30) | st.text(alphabet="0123456789,.元万亿角分十百千一二三零〇年月日-/", max_size=12))
def test_anything_typed_is_a_value_or_a_message(typed: str) -> None:
    for question in (MONEY, RATE, WHOLE, DAY, TEXT):
        found = parse_entry(question, typed, Path("x"))
        assert found is None or isinstance(found, Finding | Decimal | int | date | str)


_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def _financial(number: int) -> str:
    """The number in financial numerals, by the rules of 正确填写票据和结算凭证的基本规定."""

    def section(part: int) -> str:
        text, gap = "", False
        for size, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
            digit = part // size % 10
            if digit:
                text += ("零" if gap and text else "") + _DIGITS[digit] + unit
                gap = False
            else:
                gap = True
        return text

    if number == 0:
        return "零"
    text = ""
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = number // size % 10**4
        if part:
            text += ("零" if text and part < 1000 else "") + section(part) + unit
    return text


@given(st.integers(0, 10**12 - 1))
def test_financial_numerals(number: int) -> None:
    assert chinese_number(_financial(number) + "元整") == number
