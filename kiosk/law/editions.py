"""Which edition of a legal table applies on a day (数据版本与生效日期), and reading the table's file."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

_T = TypeVar("_T")


class NoEditionError(LookupError):
    """No edition of the table is held for that day or under that version."""


class Edition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One edition of a table: its name, the days it applies (both ends included) and where it was published."""

    version: str
    effective_from: date
    citation: str
    file: str
    effective_to: date | None = None

    def applies_on(self, day: date) -> bool:
        """Whether this edition is in force on `day`."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


def read_bytes(name: str) -> bytes:
    """The content of a file of kiosk/law/data/."""
    return files("kiosk.law").joinpath("data", name).read_bytes()


def read_toml(name: str, into: type[_T]) -> _T:
    """A TOML file of kiosk/law/data/ as `into`. Raises msgspec.ValidationError if it does not fit the type."""
    return msgspec.toml.decode(read_bytes(name), type=into)


def read_csv(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of kiosk/law/data/."""
    return list(csv.DictReader(io.StringIO(read_bytes(name).decode("utf-8"))))


@cache
def _editions() -> dict[str, tuple[Edition, ...]]:
    return read_toml("editions.toml", dict[str, tuple[Edition, ...]])


def editions(table: str) -> tuple[Edition, ...]:
    """Every edition held of `table` ("causes", "fees", "materials", "deadlines"), oldest first."""
    return _editions()[table]


def edition_on(table: str, day: date) -> Edition:
    """The edition of `table` in force on `day`. Raises NoEditionError if none is held."""
    for edition in reversed(editions(table)):
        if edition.applies_on(day):
            return edition
    raise NoEditionError(f"no edition of {table} is held for {day.isoformat()}")


def edition_today(table: str, today: date) -> Edition:
    """The edition of `table` in force on `today`, as a terminal's clock tells it; before the first one held, that one.

    What is installed was in force when it was installed, so an earlier day can only come from a wrong clock (an empty
    battery starts at 1970 or 2000), and nobody is turned away for it.
    """
    held = editions(table)
    return held[0] if today < held[0].effective_from else edition_on(table, today)


def edition_named(table: str, version: str) -> Edition:
    """The edition of `table` called `version`. Raises NoEditionError if it is not held."""
    for edition in editions(table):
        if edition.version == version:
            return edition
    raise NoEditionError(f"no edition {version} of {table} is held")


def latest(table: str) -> Edition:
    """The newest edition of `table`."""
    return editions(table)[-1]
