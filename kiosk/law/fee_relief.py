"""Judicial relief from fees (司法救助): exemption, reduction, deferral (诉讼费用交纳办法 44 to 51)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

import msgspec

from kiosk.i18n import Text
from kiosk.law.editions import read_toml

LEAST_REDUCTION = Decimal("0.30")
"""A reduction is at least 30 per cent (art. 46)."""


class Relief(StrEnum):
    """The three kinds, strongest first."""

    EXEMPTION = "exemption"  # 免交, natural persons only (art. 44)
    REDUCTION = "reduction"  # 减交, at least 30 %
    DEFERRAL = "deferral"  # 缓交, decided before the case is registered (art. 49)


class Situation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One situation of articles 45 to 47. `natural_person`: whether a natural person can be in it."""

    id: str
    relief: Relief
    article: str
    zh: str
    ko: str
    en: str
    natural_person: bool = True

    @property
    def text(self) -> Text:
        """The words of the article."""
        return Text(self.zh, self.ko, self.en)


class Paper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paper the application needs (art. 48)."""

    id: str
    article: str
    zh: str
    ko: str
    en: str

    @property
    def text(self) -> Text:
        """The words of the article."""
        return Text(self.zh, self.ko, self.en)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    situations: tuple[Situation, ...]
    papers: tuple[Paper, ...]


@cache
def _table() -> _Table:
    return read_toml("fee-relief.toml", _Table)


@dataclass(frozen=True, slots=True)
class ReliefHint:
    """What a person may apply for: the strongest relief, the situations it rests on, the papers it needs."""

    relief: Relief
    situations: tuple[Situation, ...]
    papers: tuple[Paper, ...]


def situations(*, natural_person: bool) -> tuple[Situation, ...]:
    """The situations to show to such an applicant: exemption is for natural persons only (art. 44)."""
    return tuple(
        situation
        for situation in _table().situations
        if (situation.natural_person if natural_person else situation.relief is not Relief.EXEMPTION)
    )


def relief_for(chosen: Collection[str], *, natural_person: bool) -> ReliefHint | None:
    """What may be applied for in the chosen situations (their ids), or None. The court decides, in writing (48)."""
    fitting = [situation for situation in situations(natural_person=natural_person) if situation.id in chosen]
    for relief in Relief:
        found = tuple(situation for situation in fitting if situation.relief is relief)
        if found:
            papers = _table().papers
            return ReliefHint(relief, found, papers if relief is not Relief.DEFERRAL else papers[:2])
    return None
