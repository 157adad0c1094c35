"""Numbers in Chinese numerals, small (三万五千) and financial (叁万伍仟元整), as loan notes write them."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {
    **{digit: value for value, digit in enumerate("〇一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")},
    **{"两": 2, "貳": 2, "叄": 3, "参": 3, "陸": 6},
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SECTIONS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_FRACTION = re.compile(r"(?:零?(.)角)?(?:零?(.)分)?")
_YUAN = re.compile(r"([^元圆]*)(?:[元圆](.*))?")


def chinese_number(text: str) -> Decimal | None:
    """The number that `text` writes, with 元, 角 and 分 where it is an amount; None if it is not such a number."""
    body = text.removeprefix("人民币").rstrip("整正")
    found = _YUAN.fullmatch(body)
    if found is None:
        return None
    whole = _whole(found[1])
    fraction = _FRACTION.fullmatch(found[2] or "")
    if whole is None or fraction is None:
        return None
    tenths, hundredths = (_DIGITS.get(digit, -1) if digit else 0 for digit in fraction.groups())
    if min(tenths, hundredths) < 0:
        return None
    return Decimal(whole) + Decimal(tenths * 10 + hundredths) / 100 if tenths or hundredths else Decimal(whole)


def _whole(text: str) -> int | None:
    """Reads 亿 and 万 sections; inside each, digits before 千, 百 and 十 must come in falling order."""
    if not text:
        return None
    total = section = digit = 0
    last_unit, last_section, seen_digit = 10_000, 10**12, False
    for character in text:
        if character in _DIGITS:
            if seen_digit and digit:
                return None
            digit, seen_digit = _DIGITS[character], True
        elif character in _TENS:
            unit = _TENS[character]
            leading_ten = unit == 10 and not section and not digit
            if unit >= last_unit or (not digit and not leading_ten):
                return None
            section += (digit or 1) * unit
            last_unit, digit, seen_digit = unit, 0, False
        elif character in _SECTIONS:
            size = _SECTIONS[character]
            if size >= last_section or section + digit == 0:
                return None
            total += (section + digit) * size
            last_section, last_unit, section, digit, seen_digit = size, 10_000, 0, 0, False
        else:
            return None
    return total + section + digit
