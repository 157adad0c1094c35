"""Civil causes of action (民事案件案由规定): the official tree of four levels, by edition.

Edition 2026-01-01 is 法〔2025〕226号/227号: 12 parts, 59 headings, 514 causes and 470 sub-causes. Codes are ours:
level 1 `04`, level 2 `04.10`, level 3 the official running number `108`, level 4 `108.03`. Closing brackets that the
published transcript dropped are restored in 160.01, 160.02 and 292.01.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from kiosk.i18n import Language, Text
from kiosk.law.editions import Edition, edition_named, edition_today, latest, read_csv

PART, HEADING, CAUSE, SUBCAUSE = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Cause:
    """One entry of the tree. `name` is the official Chinese name, always shown, whatever the language.

    `ko` and `en` are reading aids where we have them, else empty. `path` is the names from level 1 down to this
    entry, `codes` the codes beside them.
    """

    code: str
    level: int
    parent: str
    name: str
    ko: str
    en: str
    path: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def text_path(self) -> str:
        """The path in one line, level 1 first."""
        return "/".join(self.path)

    @property
    def part(self) -> str:
        """Code of the level-1 part it belongs to."""
        return self.codes[0]

    @property
    def fileable(self) -> bool:
        """Whether a case may be filed under it: levels 3 and 4."""
        return self.level >= CAUSE

    def display(self, language: Language) -> str:
        """The name for a reader of `language`: the official name, and its translation before it if there is one."""
        match language:
            case Language.ZH:
                return self.name
            case Language.KO:
                return f"{self.ko} ({self.name})" if self.ko else self.name
            case Language.EN:
                return f"{self.en} ({self.name})" if self.en else self.name


class CauseTable:
    """One edition of the table of causes, in official order."""

    def __init__(self, edition: Edition, causes: Mapping[str, Cause]) -> None:
        self.edition = edition
        self._causes = causes
        children: dict[str, list[Cause]] = {}
        for cause in causes.values():
            children.setdefault(cause.parent, []).append(cause)
        self._children = {parent: tuple(found) for parent, found in children.items()}

    @property
    def version(self) -> str:
        """The edition's name, kept with every case (`cause_version`)."""
        return self.edition.version

    def __len__(self) -> int:
        return len(self._causes)

    def __iter__(self) -> Iterator[Cause]:
        return iter(self._causes.values())

    def __contains__(self, code: object) -> bool:
        return code in self._causes

    def get(self, code: str) -> Cause:
        """The cause with `code`. Raises KeyError if this edition has none."""
        return self._causes[code]

    def named(self, name: str) -> Cause:
        """The lowest fileable cause with the official `name`. Raises KeyError if there is none.

        Two headings (不当得利纠纷, 无因管理纠纷 …) share their name with their only cause; the cause is meant.
        """
        found = [cause for cause in self if cause.name == name and cause.fileable]
        if not found:
            raise KeyError(name)
        return max(found, key=lambda cause: cause.level)

    def children(self, code: str = "") -> tuple[Cause, ...]:
        """The entries right below `code`; without it, the parts of level 1."""
        return self._children.get(code, ())

    def fileable(self) -> tuple[Cause, ...]:
        """Every cause of levels 3 and 4."""
        return tuple(cause for cause in self if cause.fileable)


@cache
def _load(edition: Edition) -> CauseTable:
    names = {row["code"]: Text(zh="", ko=row["ko"], en=row["en"]) for row in read_csv("cause-names.csv")}
    causes: dict[str, Cause] = {}
    for row in read_csv(edition.file):
        code, above = row["code"], causes.get(row["parent"])
        reading = names.get(code)
        causes[code] = Cause(
            code=code,
            level=int(row["level"]),
            parent=row["parent"],
            name=row["name"],
            ko=reading.ko if reading else "",
            en=reading.en if reading else "",
            path=(*(above.path if above else ()), row["name"]),
            codes=(*(above.codes if above else ()), code),
        )
    return CauseTable(edition, causes)


def table_today(today: date) -> CauseTable:
    """The table for a case filed now, also where the clock was set back before the first edition."""
    return _load(edition_today("causes", today))


def table(version: str | None = None) -> CauseTable:
    """The table called `version` (a case keeps its own), or the newest. Raises NoEditionError if it is not held."""
    return _load(latest("causes") if version is None else edition_named("causes", version))
