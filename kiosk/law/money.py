"""Reading an amount of money as people write it: digits, grouping, full width, 万 and 亿, Chinese numerals.

Money is in yuan to the fen (诉讼费用交纳办法 55; requirement N11), as Decimal throughout.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum

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
_PART = re.compile(r"(?P<digits>\d+)\s*(?P<unit>亿|千万|百万|十万|万|千|百)\s*", re.ASCII)
_EXPONENT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(?:s?nan\d*|inf(?:inity)?)", re.IGNORECASE | re.ASCII)
_VERY_LONG = re.compile(r"(?P<sign>[+-]?)0*[1-9]\d{15,}(?:\.\d*)?", re.ASCII)
_UNITS = {"": 1, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}

_NUMERALS = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "两": 2,
}
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SECTIONS = {"万": 10_000, "亿": 100_000_000}
_CHINESE = re.compile(r"([零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾百佰千仟万亿]+)(?:[元圆块]|$)")
_SMALL = re.compile(
    r"(?:([一二三四五六七八九两壹贰叁肆伍陆柒捌玖零〇])[角毛])?(?:零?([一二三四五六七八九两壹贰叁肆伍陆柒捌玖])分)?"
)


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


def _section(text: str) -> int:
    """A Chinese numeral below ten thousand. Raises AmountError if it is none."""
    total, place_before = 0, 10_000
    digit: int | None = None
    zero = False
    for sign in text:
        if sign in _NUMERALS:
            if digit not in (None, 0):
                raise AmountError(AmountProblem.NOT_AN_AMOUNT)
            digit = _NUMERALS[sign]
            zero = zero or digit == 0
        else:
            place = _PLACES[sign]
            if place >= place_before or digit == 0:
                raise AmountError(AmountProblem.NOT_AN_AMOUNT)
            total += (1 if digit is None else digit) * place
            place_before, digit, zero = place, None, False
    # 两百五 is how people say 250; 205 would be 两百零五.
    spoken_short = digit is not None and not zero and 100 <= place_before < 10_000
    return total + (digit or 0) * (place_before // 10 if spoken_short else 1)


def _chinese_integer(text: str) -> int:
    """A Chinese numeral such as 三万五千 or 壹佰贰拾万零伍. Raises AmountError if it is none."""
    total, rest, largest = 0, text, None
    for sign in ("亿", "万"):
        parts = rest.split(sign)
        if len(parts) > 2 or (len(parts) == 2 and not parts[0]):
            raise AmountError(AmountProblem.NOT_AN_AMOUNT)
        if len(parts) == 2:
            total += _section(parts[0]) * _SECTIONS[sign]
            rest, largest = parts[1], sign
    # In the same way 三万五 is 35,000.
    if largest is not None and len(rest) == 1 and _NUMERALS.get(rest):
        return total + _NUMERALS[rest] * _SECTIONS[largest] // 10
    return total + _section(rest)


def _in_parts(text: str) -> Decimal | None:
    """`12万5千`: digits with units, each part smaller than the unit before it; None for anything else. What follows
    without a unit (1万5) is not guessed."""
    total, at, before = 0, 0, None
    while part := _PART.match(text, at):
        unit = _UNITS[part["unit"]]
        amount = int(part["digits"]) * unit
        if before is not None and amount >= before:
            return None
        total, at, before = total + amount, part.end(), unit
    return Decimal(total) if at and at == len(text) else None


def _chinese(text: str) -> Decimal:
    whole = _CHINESE.match(text)
    if whole is None:
        raise AmountError(AmountProblem.NOT_AN_AMOUNT)
    small = _SMALL.fullmatch(text[whole.end() :].removesuffix("整").removesuffix("正"))
    if small is None:
        raise AmountError(AmountProblem.NOT_AN_AMOUNT)
    jiao, fen = (_NUMERALS[part] if part else 0 for part in small.groups())
    return Decimal(_chinese_integer(whole[1])) + Decimal(jiao) / 10 + Decimal(fen) / 100


def parse_amount(text: str) -> Decimal:
    """The amount a person wrote, in yuan with two decimals. Raises AmountError.

    Understood: `1234567.89`, `1,234,567.89`, full-width digits, `¥ 3000`, `3000元`, `1.5万`, `1万5千`, `三万五千元`,
    `壹佰元整`. Not guessed: letters, exponents, misplaced commas, anything finer than a fen.
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
    in_parts = _in_parts(number_part)
    return checked(_chinese(plain.removesuffix("钱")) if in_parts is None else in_parts)


def shown(amount: Decimal) -> str:
    """An amount for people: two decimals and commas, without a currency sign."""
    return f"{amount:,.2f}"
