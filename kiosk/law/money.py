"""Reading an amount of money as people write it: digits, grouping, full width, 万 and 亿, Chinese numerals.

Money is in yuan to the fen (诉讼费用交纳办法 55; requirement N11), as Decimal throughout.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum

from kiosk.chinese_numerals import chinese_number
from kiosk.i18n import Text, catalogue

FEN = Decimal("0.01")
LARGEST = Decimal("999999999999999.99")
"""More than any claim; above it something was mistyped."""

_LONGEST = 60


class AmountProblem(StrEnum):
    """Why a text or a number is not an amount of money."""

    NOT_AN_AMOUNT = "not_an_amount"
    NOT_FINITE = "not_finite"
    NEGATIVE = "negative"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"
    EXPONENT = "exponent"


class AmountError(ValueError):
    """The text or number is no amount of money; `problem` says why, `text` says it to a person."""

    def __init__(self, problem: AmountProblem) -> None:
        self.problem = problem
        self.text: Text = catalogue()[f"law.amount.{problem.value}"]
        super().__init__(self.text.en)


_PLAIN = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d+(?:\.\d*)?|\.\d+|\d{1,3}(?:[, ]\d{3})+(?:\.\d*)?)"
    r"\s*(?P<unit>亿|千万|百万|十万|万|千|百|)",
    re.ASCII,
)
_LOOSE = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_EXPONENT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(?:s?nan\d*|inf(?:inity)?)", re.IGNORECASE | re.ASCII)
_VERY_LONG = re.compile(r"(?P<sign>[+-]?)0*[1-9]\d{15,}(?:\.\d*)?", re.ASCII)
_UNITS = {"": 1, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}


def checked(amount: Decimal) -> Decimal:
    """`amount` if it is one: finite, not negative, whole fen, not absurdly large. Raises AmountError otherwise."""
    if not amount.is_finite():
        raise AmountError(AmountProblem.NOT_FINITE)
    if amount < 0:
        raise AmountError(AmountProblem.NEGATIVE)
    if amount > LARGEST:
        raise AmountError(AmountProblem.TOO_LARGE)
    whole_fen = abs(amount.quantize(FEN))
    if whole_fen != amount:
        raise AmountError(AmountProblem.TOO_PRECISE)
    return whole_fen


def parse_amount(text: str) -> Decimal:
    """The amount a person wrote, in yuan with two decimals. Raises AmountError.

    Understood: `1234567.89`, `1,234,567.89`, full-width digits, `¥ 3000`, `3000元`, `1.5万`, `1万5千`, `1万5`,
    `三万五千元`, `壹佰元整`. Not guessed: letters, exponents, misplaced commas, anything finer than a fen.
    """
    plain = unicodedata.normalize("NFKC", text[: _LONGEST * 2]).strip().replace("萬", "万").replace("億", "亿")
    plain = re.sub(r"^(?:¥|rmb|cny|人民币)\s*", "", plain, flags=re.IGNORECASE)
    plain = plain.replace("、", ",") if re.fullmatch(r"[\d、.]+", plain) else plain
    if _NOT_FINITE.fullmatch(plain):
        raise AmountError(AmountProblem.NOT_FINITE)
    if very_long := _VERY_LONG.fullmatch(plain):
        raise AmountError(AmountProblem.NEGATIVE if very_long["sign"] == "-" else AmountProblem.TOO_LARGE)
    if len(plain) > _LONGEST:
        raise AmountError(AmountProblem.NOT_AN_AMOUNT)
    if _EXPONENT.fullmatch(plain):
        # Nobody writes money so, and a large exponent would become a number of a thousand digits.
        raise AmountError(AmountProblem.EXPONENT)
    number_part = re.sub(r"\s*(?:元|圆|块|块钱|元整|元人民币|人民币)$", "", plain)
    found = _PLAIN.fullmatch(number_part)
    if found is not None:
        number = Decimal(re.sub("[, ]", "", found["digits"])) * _UNITS[found["unit"]]
        return checked(-number if found["sign"] == "-" and number else number)
    written = chinese_number(_LOOSE.sub("", plain).removesuffix("钱"))
    if written is None:
        raise AmountError(AmountProblem.NOT_AN_AMOUNT)
    return checked(written)


def shown(amount: Decimal) -> str:
    """An amount for people: two decimals and commas, without a currency sign."""
    return f"{amount:,.2f}"
