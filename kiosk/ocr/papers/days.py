"""Days as papers write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kiosk.chinese_numerals import chinese_number

_ZEROS = "〇零○oO0Ｏ"
_CHINESE = dict(zip("一二三四五六七八九", "123456789", strict=True)) | dict.fromkeys(_ZEROS, "0")
_DIGIT = f"[一二三四五六七八九{_ZEROS}]"
_DAY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<sign>[年./-])(?P<month>\d{1,2})(?:月|(?<=\d)(?P=sign))(?P<day>\d{1,2})(?:(?!\d)|(?=\d{2}:\d{2}))[日号]?"
    rf"|(?P<cyear>{_DIGIT}{{4}})年(?P<cmonth>[元正一二三四五六七八九十]{{1,2}})月(?P<cday>[初一二三四五六七八九十廿]{{1,3}})[日号]?"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day and where it stands in the text."""

    value: date
    span: tuple[int, int]


def days(text: str) -> Iterator[Day]:
    """Every day in a text without blanks: 2026年11月23日, 2026.11.23, 2026-11-23, 二〇二六年十一月二十三日."""
    for found in _DAY.finditer(text):
        if found["year"]:
            numbers = int(found["year"]), int(found["month"]), int(found["day"])
        else:
            year = "".join(_CHINESE[digit] for digit in found["cyear"])
            month, day = chinese_number(found["cmonth"].replace("元", "一")), chinese_number(found["cday"])
            if not year.startswith(("19", "20")) or month is None or day is None:
                continue
            numbers = int(year), int(month), int(day)
        try:
            yield Day(date(*numbers), found.span())
        except ValueError:
            continue
