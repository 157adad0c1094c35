"""From what was read on a paper to an answer of a form."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from kiosk.chinese_numerals import chinese_number
from kiosk.flow.offers.table import About
from kiosk.forms.answers import Value
from kiosk.forms.model import Question, QuestionType
from kiosk.i18n import Language
from kiosk.identity.codes import ethnic_groups

RATE = "rate"
"""The reading that fills two questions: how much, and for how long."""


def as_answer(question: Question, reading: str, written: str) -> Value:
    """The answer to `question` that a reading makes, None where it makes none. `reading` is its key on the paper."""
    match question.type:
        case QuestionType.DATE:
            return _day(written)
        case QuestionType.DECIMAL:
            return _percent(written) if reading == RATE else _amount(written)
        case QuestionType.SELECT_ONE:
            wanted = _period(written) if reading == RATE else _chosen(question, written)
            return wanted if any(choice.name == wanted for choice in question.choices) else None
        case QuestionType.TEXT:
            return _nation(written) if reading == About.NATION else written.strip() or None
        case _:
            return None


def same(one: Value, other: Value) -> bool:
    """Whether two answers say the same; widths, blanks and the shape of brackets make no difference."""
    if isinstance(one, str) and isinstance(other, str):
        return plain(one) == plain(other)
    return one == other


def plain(text: str) -> str:
    """A text as it is compared."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _amount(written: str) -> Decimal | None:
    try:
        amount = Decimal(written)
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount < 0:
        return None
    return Decimal(format(amount.normalize(), "f"))  # as a person would type it, without empty decimals


def _chosen(question: Question, written: str) -> str | None:
    """The choice whose Chinese label the words contain, the longest: 有限责任公司（自然人独资）."""
    text = plain(written)
    labels = {plain(choice.label.in_(Language.ZH)): choice.name for choice in question.choices}
    found = max((label for label in labels if label in text), key=len, default=None)
    return labels[found] if found is not None else None


def _nation(written: str) -> str:
    """With 族, as the form has it; cards leave it out."""
    names = {group.name.zh for group in ethnic_groups().values()}
    return f"{written}族" if f"{written}族" in names else written


_RATE = re.compile(
    r"(?:(?P<figures>\d+(?:\.\d+)?)(?P<unit>[%‰分厘])"
    r"|(?P<fen>[一二两三四五])分(?:(?P<half>半)|(?P<li>[一二三四五六七八九])厘?)?"
    r"|百分之(?P<words>[一二两三四五六七八九十]+)(?:点(?P<after>[一二三四五六七八九]+))?)$"
)
_TENTH = Decimal("0.1")


def _period(written: str) -> str | None:
    """Of which time the rate is; None where the paper does not say."""
    return "year" if "年" in written else "month" if "月" in written else None


def _percent(written: str) -> Decimal | None:
    """The rate in percent. A 分 is a tenth of a year's sum and a hundredth of a month's, a 厘 a tenth of that."""
    found = _RATE.search(written)
    if found is None:
        return None
    fen = {"year": Decimal(10), "month": Decimal(1)}.get(_period(written) or "")
    if found["words"]:
        whole, after = chinese_number(found["words"]), found["after"] or ""
        digits = [chinese_number(digit) for digit in after]
        if whole is None or None in digits:
            return None
        return Decimal(f"{whole}.{''.join(str(digit) for digit in digits)}" if digits else whole)
    if found["unit"] in ("%", "‰"):
        return Decimal(found["figures"]) * (1 if found["unit"] == "%" else _TENTH)
    if fen is None:
        return None
    if found["figures"]:
        return Decimal(found["figures"]) * fen * (1 if found["unit"] == "分" else _TENTH)
    tenths = Decimal(5) if found["half"] else chinese_number(found["li"]) if found["li"] else Decimal(0)
    whole = chinese_number(found["fen"])
    return None if whole is None or tenths is None else (whole + tenths * _TENTH) * fen
