"""Amounts as people write them (issue: commas, Chinese numerals), and nothing guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.law.money import LARGEST, AmountError, AmountProblem, parse_amount, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234567.89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("1，234，567", "1234567"),
        ("１２３４．５", "1234.50"),
        (" 1 234 567 ", "1234567"),
        ("¥ 3,000.00", "3000"),
        ("￥3000元", "3000"),
        ("3000 元整", "3000"),
        ("RMB 20", "20"),
        ("10万", "100000"),
        ("1.5万元", "15000"),
        ("5 万元", "50000"),
        ("3.5萬", "35000"),
        ("3千", "3000"),
        ("12万5千元", "125000"),
        ("1万5", "15000"),
        ("12 万 5 千 元", "125000"),
        ("2亿3千万", "230000000"),
        ("三千五百块钱", "3500"),
        ("2亿", "200000000"),
        ("三万五千元", "35000"),
        ("三万五", "35000"),
        ("两百五", "250"),
        ("两百零五", "205"),
        ("一千五", "1500"),
        ("十", "10"),
        ("十五元", "15"),
        ("壹佰贰拾万零伍元叁角", "1200005.3"),
        ("壹拾万元整", "100000"),
        ("一亿零三百", "100000300"),
        ("九元零五分", "9.05"),
        ("一百零五块五毛", "105.5"),
        ("0", "0"),
        ("-0", "0"),
        ("1.000", "1"),
        (".5", "0.5"),
    ],
)
def test_understood(text: str, expected: str):
    assert parse_amount(text) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", AmountProblem.NOT_AN_AMOUNT),
        ("   ", AmountProblem.NOT_AN_AMOUNT),
        ("abc", AmountProblem.NOT_AN_AMOUNT),
        ("1,23", AmountProblem.NOT_AN_AMOUNT),
        ("1,2345", AmountProblem.NOT_AN_AMOUNT),
        ("1.2.3", AmountProblem.NOT_AN_AMOUNT),
        ("--1", AmountProblem.NOT_AN_AMOUNT),
        ("0x10", AmountProblem.NOT_AN_AMOUNT),
        ("1_000", AmountProblem.NOT_AN_AMOUNT),
        ("٣", AmountProblem.NOT_AN_AMOUNT),
        ("万", AmountProblem.NOT_AN_AMOUNT),
        ("三三", AmountProblem.NOT_AN_AMOUNT),
        ("十百", AmountProblem.NOT_AN_AMOUNT),
        ("5千1万", AmountProblem.NOT_AN_AMOUNT),
        ("1 5万", AmountProblem.NOT_AN_AMOUNT),
        ("1万12千", AmountProblem.NOT_AN_AMOUNT),
        ("1.5万5千", AmountProblem.NOT_AN_AMOUNT),
        ("五万万", AmountProblem.NOT_AN_AMOUNT),
        ("三千元左右", AmountProblem.NOT_AN_AMOUNT),
        ("a" * 100_000, AmountProblem.NOT_AN_AMOUNT),
        ("NaN", AmountProblem.NOT_FINITE),
        ("sNaN", AmountProblem.NOT_FINITE),
        ("-inf", AmountProblem.NOT_FINITE),
        ("Infinity", AmountProblem.NOT_FINITE),
        ("-5", AmountProblem.NEGATIVE),
        ("-1,000", AmountProblem.NEGATIVE),
        ("-" + "9" * 40, AmountProblem.NEGATIVE),
        ("1.001", AmountProblem.TOO_PRECISE),
        ("0." + "0" * 30 + "1", AmountProblem.TOO_PRECISE),
        ("9" * 16, AmountProblem.TOO_LARGE),
        ("9" * 5000, AmountProblem.TOO_LARGE),
        ("99999999亿", AmountProblem.TOO_LARGE),
        ("1e400", AmountProblem.EXPONENT),
        ("1e-400", AmountProblem.EXPONENT),
        ("1e3", AmountProblem.EXPONENT),
    ],
)
def test_refused_with_the_reason(text: str, problem: AmountProblem):
    with pytest.raises(AmountError) as refused:
        parse_amount(text)
    assert refused.value.problem is problem
    assert refused.value.text.zh


@given(st.decimals(min_value=0, max_value=LARGEST, places=2))
def test_what_is_shown_can_be_read_again(amount: Decimal):
    """N11: two decimals, exactly."""
    assert parse_amount(shown(amount)) == amount
    assert parse_amount(str(amount)) == amount


@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_refused(text: str):
    try:
        amount = parse_amount(text)
    except AmountError:
        return
    assert 0 <= amount <= LARGEST
    assert amount == amount.quantize(Decimal("0.01"))
