"""Typed text to values and back: amounts, numbers and dates the way people write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from kiosk.chinese_numerals import chinese_number
from kiosk.forms.answers import Path, Value
from kiosk.forms.findings import Finding, Severity, worded
from kiosk.forms.model import Question, QuestionType
from kiosk.i18n import Language, tr
from kiosk.law.money import shown

LONGEST_TEXT = 50_000
"""Characters; the longest statement of facts the documents are tested with is 40,000."""

_MOST_DIGITS = 16
_UNITS = {"万": 4, "만": 4, "亿": 8, "억": 8}
_NUMBER = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?([万만亿억])?")
_DATE = re.compile(r"([0-9]{4})(?:[-/.年]|년)([0-9]{1,2})(?:[-/.月]|월)([0-9]{1,2})(?:日|号|일)?")
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def parse_entry(question: Question, typed: str, path: Path) -> Value | Finding:
    """The value of what was typed, None if it is blank, or a Finding that says what was expected.

    Full-width digits and punctuation, commas between thousands, 元 and 万, Chinese numerals (three ways of writing a
    number each), and dates with 年月日, dashes, dots, slashes or nothing are understood.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return None
    match question.type:
        case QuestionType.DECIMAL:
            value = _number(text, money=question.is_money)
        case QuestionType.INTEGER:
            value = _number(text, money=False)
            if isinstance(value, Decimal):
                value = int(value) if value == int(value) else "forms.not_whole"
            elif value == "forms.not_a_number":
                value = "forms.not_whole"
        case QuestionType.DATE:
            found = _date(text)
            if isinstance(found, date):
                return found
            value = found
        case _:
            # Normalising would change what the person wrote (，to ,), so text is kept as typed.
            if len(typed) <= LONGEST_TEXT:
                return typed.strip()
            return Finding(path, Severity.INVALID, worded("forms.too_long", most=LONGEST_TEXT))
    if isinstance(value, str):
        return Finding(path, Severity.INVALID, worded(value))
    return value


def has_fractions_of_fen(amount: Decimal) -> bool:
    """Whether an amount has more than the two decimals that can be paid (元, 角, 分)."""
    exponent = amount.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent < -2


def _number(text: str, money: bool) -> Decimal | int | str:
    """The number, or the catalogue key of what is wrong with it."""
    body = text.replace(" ", "")
    if money:
        body = body.removeprefix("¥").removeprefix("RMB").removeprefix("CNY").removeprefix("人民币")
    negative = body.startswith("-")
    body = body.removeprefix("-")
    bare = re.sub(r"(元整?|원|整)$" if money else r"%$", "", body)
    found = _NUMBER.fullmatch(bare)
    if found is not None:
        if len(found[1].replace(",", "")) > _MOST_DIGITS:
            return "forms.too_large"
        value = Decimal(found[1].replace(",", "") + (found[2] or ""))
        value = value.scaleb(_UNITS.get(found[3] or "", 0))
        if value.adjusted() >= _MOST_DIGITS:
            return "forms.too_large"
    else:
        chinese = chinese_number(body)
        if chinese is None:
            return "forms.not_a_number"
        value = chinese
    if money and has_fractions_of_fen(value):
        return "forms.too_fine"
    # scaleb leaves an exponent (3万 is 3E+4), which no document may show.
    value = Decimal(format(value, "f"))
    return -value if negative else value


def _date(text: str) -> date | str:
    """The date, or the catalogue key of what is wrong with it."""
    body = text.replace(" ", "")
    found = _DATE.fullmatch(body.rstrip(".")) or _COMPACT_DATE.fullmatch(body)
    if found is None:
        parts = re.fullmatch(
            r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]", body
        )
        if parts is None:
            return "forms.not_a_date"
        year = int("".join(str("〇一二三四五六七八九".index(digit.replace("零", "〇"))) for digit in parts[1]))
        month, day = chinese_number(parts[2]), chinese_number(parts[3])
        if month is None or day is None:
            return "forms.not_a_date"
        numbers = (year, int(month), int(day))
    else:
        numbers = (int(found[1]), int(found[2]), int(found[3]))
    try:
        return date(*numbers)
    except ValueError:
        return "forms.no_such_date"


def format_value(question: Question, value: Value, language: Language) -> str:
    """A value as a person reads it, empty for None."""
    match value:
        case None:
            return ""
        case bool():
            return tr("forms.yes", language) if value else ""
        case Decimal():
            if question.is_money:
                return tr("forms.money", language, amount=shown(value))
            return format(value, "f")
        case int():
            return str(value)
        case date():
            match language:
                case Language.ZH:
                    return f"{value.year}年{value.month}月{value.day}日"
                case Language.KO:
                    return f"{value.year}년 {value.month}월 {value.day}일"
                case Language.EN:
                    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
        case str():
            return _label(question, value, language)
        case tuple():
            comma = "、" if language is Language.ZH else ", "
            return comma.join(_label(question, name, language) for name in value)


def _label(question: Question, name: str, language: Language) -> str:
    return next((choice.label.in_(language) for choice in question.choices if choice.name == name), name)
