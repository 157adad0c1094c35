"""What to bring to file a case: public material lists by cause (立案材料公示清单, S1-27).

Lists are inherited down the tree of causes, dated and versioned. They inform; a complaint with less is taken in all
the same (法释〔2015〕8号 art. 2), and the defendant's identity number is never asked for (民诉法解释 209).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

import msgspec

from kiosk.i18n import Text
from kiosk.law.causes import Cause
from kiosk.law.editions import Edition, edition_on, latest, read_toml


class Need(StrEnum):
    """How much a paper matters."""

    REQUIRED = "required"
    HELPFUL = "helpful"
    IF_APPLICABLE = "if-applicable"


class Copies(StrEnum):
    """How the number of copies is found."""

    ONE = "one"
    PER_OPPONENT = "per-opponent"  # 正本一份, 副本按对方当事人人数 (登记立案规定 6(四))
    ORIGINAL_AND_COPY = "original-and-copy"  # 原件核对, 交复印件


class Who(StrEnum):
    """Who brings it."""

    ANY = "any"
    PERSON = "person"
    ORGANISATION = "organisation"
    AGENT = "agent"


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One paper: what it is and the rule it rests on."""

    need: Need
    copies: Copies
    basis: str
    text: Text
    who: Who = Who.ANY


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    items: tuple[str, ...]
    replaces: bool = False


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    items: dict[str, Item]
    lists: tuple[_List, ...]


class Filer(StrEnum):
    """Who files."""

    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: the paper, how many copies in all, whether the original is shown."""

    id: str
    item: Item
    count: int
    show_original: bool


@dataclass(frozen=True, slots=True)
class MaterialList:
    """The list for one cause and filer, with the edition it is of."""

    cause: Cause
    lines: tuple[Line, ...]
    edition: Edition


@cache
def _table(edition: Edition) -> _Table:
    return read_toml(edition.file, _Table)


@cache
def _ids(cause: Cause, edition: Edition) -> tuple[str, ...]:
    by_code = {entry.code: entry for entry in _table(edition).lists}
    found: list[str] = []
    for code in ("", *cause.codes):
        entry = by_code.get(code)
        if entry is not None:
            found = [*([] if entry.replaces else found), *entry.items]
    return tuple(dict.fromkeys(found))


def _copies(item: Item, opponents: int) -> int:
    return 1 + opponents if item.copies is Copies.PER_OPPONENT else 1


def materials_for(
    cause: Cause,
    *,
    filer: Filer = Filer.PERSON,
    agent: bool = False,
    opponents: int = 1,
    on: date | None = None,
) -> MaterialList:
    """The papers for filing under `cause`, statutory ones first.

    `opponents`: number of opposing parties; the court keeps one and each of them gets one. `on`: the day of filing,
    for the edition in force (NoEditionError if none is held). Raises ValueError for fewer than no opponents.
    """
    if opponents < 0:
        raise ValueError("the number of opposing parties is not negative")
    edition = latest("materials") if on is None else edition_on("materials", on)
    items = _table(edition).items
    wanted = {Who.ANY, Who(filer.value), *([Who.AGENT] if agent else [])}
    lines = [
        Line(id_, items[id_], _copies(items[id_], opponents), items[id_].copies is Copies.ORIGINAL_AND_COPY)
        for id_ in _ids(cause, edition)
        if items[id_].who in wanted
    ]
    order = list(Need)
    return MaterialList(cause, tuple(sorted(lines, key=lambda line: order.index(line.item.need))), edition)
