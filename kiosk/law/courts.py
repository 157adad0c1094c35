"""Courts: codes and names, the way of appeal, groups that accept filings for each other (S2-8, 跨域立案)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

import msgspec

from kiosk.i18n import Text
from kiosk.law.editions import read_toml


class CourtLevel(StrEnum):
    """The four levels of people's courts."""

    BASIC = "basic"  # 基层
    INTERMEDIATE = "intermediate"  # 中级
    HIGH = "high"  # 高级
    SUPREME = "supreme"  # 最高


class Court(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One court. `code` as in case numbers (吉0102); `appeal_to` the next court up, empty at the top."""

    code: str
    level: CourtLevel
    appeal_to: str
    zh: str
    ko: str
    en: str
    division: str = ""

    @property
    def name(self) -> Text:
        """Its name in three languages."""
        return Text(self.zh, self.ko, self.en)

    @property
    def province(self) -> str:
        """The province character its code begins with; empty for the Supreme Court."""
        return "" if self.level is CourtLevel.SUPREME else self.code[0]


class CourtGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Courts of which any accepts a filing for any other."""

    id: str
    members: tuple[str, ...]
    zh: str
    ko: str
    en: str

    @property
    def name(self) -> Text:
        """Its name in three languages."""
        return Text(self.zh, self.ko, self.en)


class CourtData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a court file holds; a court's own pack has the same shape."""

    courts: tuple[Court, ...] = ()
    groups: tuple[CourtGroup, ...] = ()


class CourtDataError(ValueError):
    """A court names a higher court, or a group a member, that is not in the list; or appeals run in a circle."""


class CourtRegistry:
    """The courts a terminal knows. Raises CourtDataError if the data contradicts itself."""

    def __init__(self, data: CourtData) -> None:
        self._courts = {court.code: court for court in data.courts}
        self._groups = {group.id: group for group in data.groups}
        for court in data.courts:
            if court.appeal_to and court.appeal_to not in self._courts:
                raise CourtDataError(f"{court.code} appeals to {court.appeal_to}, which is not listed")
            self.appeals(court.code)
        for group in data.groups:
            for member in group.members:
                if member not in self._courts:
                    raise CourtDataError(f"group {group.id} has member {member}, which is not listed")

    def extended(self, data: CourtData) -> CourtRegistry:
        """A registry that also knows `data`; an entry there replaces one of the same code or id."""
        courts = self._courts | {court.code: court for court in data.courts}
        groups = self._groups | {group.id: group for group in data.groups}
        return CourtRegistry(CourtData(tuple(courts.values()), tuple(groups.values())))

    def all(self) -> tuple[Court, ...]:
        """Every court, in the order of the data."""
        return tuple(self._courts.values())

    def get(self, code: str) -> Court:
        """The court with `code`. Raises KeyError if it is not listed."""
        return self._courts[code]

    def __contains__(self, code: object) -> bool:
        return code in self._courts

    def appeals(self, code: str) -> tuple[Court, ...]:
        """The way of appeal above `code`, nearest first. Raises KeyError for an unknown court."""
        chain: list[Court] = []
        above = self._courts[code].appeal_to
        while above:
            if len(chain) > len(CourtLevel):
                raise CourtDataError(f"the appeals above {code} run in a circle")
            chain.append(self._courts[above])
            above = chain[-1].appeal_to
        return tuple(chain)

    def groups_of(self, code: str) -> tuple[CourtGroup, ...]:
        """The groups `code` is a member of."""
        return tuple(group for group in self._groups.values() if code in group.members)

    def accepts_for(self, handling: str, competent: str) -> bool:
        """Whether `handling` accepts a filing for `competent`: itself, or a fellow member of a group (S2-8)."""
        return handling == competent or any(competent in group.members for group in self.groups_of(handling))

    def accepted_at(self, handling: str) -> tuple[Court, ...]:
        """The courts one may file for at `handling`, itself first."""
        codes = [handling, *(member for group in self.groups_of(handling) for member in group.members)]
        return tuple(self._courts[code] for code in dict.fromkeys(codes))

    def search(self, text: str) -> tuple[Court, ...]:
        """Courts whose code or name in any language contains `text`."""
        wanted = text.strip().casefold()
        return tuple(
            court
            for court in self._courts.values()
            if wanted and any(wanted in name.casefold() for name in (court.code, court.zh, court.ko, court.en))
        )


def registry_from(toml: Iterable[bytes]) -> CourtRegistry:
    """The shipped courts and those of each TOML document given. Raises CourtDataError, msgspec.ValidationError."""
    registry = registry_shipped()
    for document in toml:
        registry = registry.extended(msgspec.toml.decode(document, type=CourtData))
    return registry


@cache
def registry_shipped() -> CourtRegistry:
    """The courts that come with the program."""
    return CourtRegistry(read_toml("courts.toml", CourtData))
