"""The words of a slip in the languages it is printed in, dates and money included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kiosk.clock import CHINA
from kiosk.i18n import Language, Text, tr
from kiosk.law.money import shown

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """Wordings in `languages`, the first one leading (S2-1: Chinese first by default, order configurable)."""

    languages: tuple[Language, ...]

    def __post_init__(self) -> None:
        if not self.languages or len(set(self.languages)) != len(self.languages):
            raise ValueError("a slip is printed in one or more different languages")

    def __call__(self, key: str, **values: object) -> tuple[str, ...]:
        """The string receipts.`key` in each language, equal ones once."""
        return _once(tr(f"receipts.{key}", language, **values) for language in self.languages)

    def each(self, key: str, **values: tuple[str, ...]) -> tuple[str, ...]:
        """The string receipts.`key` in each language, its fields filled with values in the same language."""
        return tuple(
            tr(f"receipts.{key}", language, **{name: wordings[i] for name, wordings in values.items()})
            for i, language in enumerate(self.languages)
        )

    def of(self, text: Text) -> tuple[str, ...]:
        """`text` in each language, equal ones once."""
        return _once(text.in_(language) for language in self.languages)

    def day(self, day: date) -> tuple[str, ...]:
        """A calendar day as each language writes it."""
        return tuple(written_day(day, language) for language in self.languages)

    def moment(self, moment: datetime) -> tuple[str, ...]:
        """A day and minute, China Standard Time, as each language writes it."""
        local = moment.astimezone(CHINA)
        return tuple(f"{day} {local:%H:%M}" for day in self.day(local.date()))


def _once(wordings: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(wordings))


def written_day(day: date, language: Language) -> str:
    """2026年7月7日, 2026년 7월 7일, 7 July 2026."""
    match language:
        case Language.ZH:
            return f"{day.year}年{day.month}月{day.day}日"
        case Language.KO:
            return f"{day.year}년 {day.month}월 {day.day}일"
        case Language.EN:
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def yuan(amount: Decimal) -> str:
    """¥15,911.11"""
    return f"¥{shown(amount)}"
