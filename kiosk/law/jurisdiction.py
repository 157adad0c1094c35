"""Which court may hear a case: explained suggestions, advice only (民诉法 22 to 36). No filing depends on them.

Several courts may be open; the person chooses (民诉法 36). Choosing a court that cannot hear it costs nothing: it is
transferred (37). Sums that take a case to a higher court are set by notices of the Supreme People's Court and are
left to the court.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from functools import cache

import msgspec

from kiosk.i18n import Text
from kiosk.law.causes import Cause
from kiosk.law.editions import read_toml


class Circumstance(StrEnum):
    """What the person may say about the case."""

    OPPONENT_PERSON = "opponent-person"
    OPPONENT_ORGANISATION = "opponent-organisation"
    OPPONENT_ABROAD = "opponent-abroad"
    OPPONENT_MISSING = "opponent-missing"
    OPPONENT_IN_CUSTODY = "opponent-in-custody"
    SEVERAL_OPPONENTS_ELSEWHERE = "several-opponents-elsewhere"
    SPOUSE_AWAY_OVER_A_YEAR = "spouse-away-over-a-year"
    WRITTEN_CHOICE = "written-choice"
    OVER_REAL_ESTATE = "over-real-estate"
    ON_THE_INTERNET = "on-the-internet"


class Ground(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ground of jurisdiction: the place it points to, in words, its article, and where it applies."""

    id: str
    article: str
    text: Text
    causes: tuple[str, ...] = ()
    when: tuple[Circumstance, ...] = ()
    exclusive: bool = False

    def applies(self, cause: Cause, known: Collection[Circumstance]) -> bool:
        """Whether it fits the cause and everything it needs is known."""
        return (not self.causes or any(code in cause.codes for code in self.causes)) and all(
            circumstance in known for circumstance in self.when
        )


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    grounds: tuple[Ground, ...]


@cache
def grounds() -> tuple[Ground, ...]:
    """Every ground, exclusive ones first."""
    return read_toml("jurisdiction.toml", _Table).grounds


def suggest(cause: Cause, known: Collection[Circumstance]) -> tuple[Ground, ...]:
    """The grounds that fit, exclusive alone if there is one, special before general; never decides anything."""
    fitting = tuple(ground for ground in grounds() if ground.applies(cause, known))
    exclusive = tuple(ground for ground in fitting if ground.exclusive)
    return exclusive or fitting
