"""Numbers in Chinese numerals, small (三万五千), financial (叁万伍仟元整) or mixed with figures (3万5千), as loan notes
write them and as people type them: the one reader of them, for forms and for the law's calculations."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {
    **{digit: value for value, digit in enumerate("〇一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")},
    **{digit: value for value, digit in enumerate("0123456789")},
    **{"两": 2, "貳": 2, "叄": 3, "参": 3, "陸": 6},
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SECTIONS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_TOKEN = re.compile(r"[0-9]+|.", re.DOTALL)
_FRACTION = re.compile(r"(?:零?(.)[角毛])?(?:零?(.)分)?")
_YUAN = re.compile(r"([^元圆块]*)(?:[元圆块](.*))?")


def chinese_number(text: str) -> Decimal | None:
    """The number that `text` writes, with 元 (块), 角 (毛), 分 where it is an amount; None if it is no such number."""
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
    """Reads 亿 and 万 sections; inside each, digits before 千, 百 and 十 must come in falling order.

    A single last digit right after 百 or more has lost its unit, as people say it: 三万五 and 3万5 are 35,000, while
    三万零五 is 30,005.
    """
    if not text:
        return None
    total = section = digit = before = 0
    last_unit, last_section, seen_digit = 10_000, 10**12, False
    for token in _TOKEN.findall(text):
        if (value := _value(token)) is not None:
            if seen_digit and digit:
                return None
            before = before if value else 0
            digit, seen_digit = value, True
        elif token in _TENS:
            unit = _TENS[token]
            leading_ten = unit == 10 and not section and not digit
            if unit >= last_unit or digit > 9 or (not digit and not leading_ten):
                return None
            section += (digit or 1) * unit
            last_unit, before, digit, seen_digit = unit, unit, 0, False
        elif token in _SECTIONS:
            size = _SECTIONS[token]
            too_much = digit >= last_unit or (0 < digit < 10 <= before // 10)
            if size >= last_section or section + digit == 0 or too_much:
                return None
            total += (section + digit) * size
            last_section, last_unit, before, section, digit, seen_digit = size, 10_000, size, 0, 0, False
        else:
            return None
    if digit >= min(last_unit, last_section) and before:
        return None
    return total + section + digit * (before // 10 if digit < 10 <= before // 10 else 1)


def _value(token: str) -> int | None:
    """The number of a digit, or of digits in a row (3万5000); None for anything else, and for a needless zero (05)."""
    if token.isascii() and token.isdigit() and len(token) > 1:
        return None if token[0] == "0" else int(token)
    return _DIGITS.get(token)
