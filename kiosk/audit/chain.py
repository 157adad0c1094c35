"""A chain of journal entries, each holding the SHA-256 of the one before it (N2, 全留痕).

Terminal and hub keep their journals in different tables with different columns; what makes either a chain stands
here: the number, the hash of the entry before, and the hash over the canonical JSON (RFC 8785) of everything else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.clock import CHINA
from kiosk.court.canonical import canonical_json


class Flaw(StrEnum):
    """What is wrong with an entry."""

    OUT_OF_ORDER = "out_of_order"  # it does not follow the entry that stands before it
    CHANGED = "changed"  # its hash is not that of what it says


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of the last entry of a chain."""

    number: int
    hash: str


GENESIS = Head(0, "0" * 64)
"""The head of a chain that has no entry yet."""


def detail_text(detail: Mapping[str, object]) -> str:
    """The one spelling of an entry's particulars: a JSON object with sorted names."""
    return json.dumps(dict(detail), ensure_ascii=False, sort_keys=True)


def link(head: Head, content: Mapping[str, object]) -> dict[str, object]:
    """The entry that follows `head`: `content` with its number, the hash before and its own."""
    entry = {**content, "number": head.number + 1, "previous": head.hash}
    return {**entry, "hash": _digest(entry)}


def flaws(head: Head, entry: Mapping[str, object]) -> tuple[Flaw, ...]:
    """What is wrong with `entry` where it ought to follow `head`; empty where it does and is whole."""
    content = {name: value for name, value in entry.items() if name != "hash"}
    found: list[Flaw] = []
    if (entry["number"], entry["previous"]) != (head.number + 1, head.hash):
        found.append(Flaw.OUT_OF_ORDER)
    if entry["hash"] != _digest(content):
        found.append(Flaw.CHANGED)
    return tuple(found)


def _digest(content: Mapping[str, object]) -> str:
    """SHA-256 over all columns but the hash, lower-case hexadecimal; points in time are spelt as in China."""
    plain = {
        name: value.astimezone(CHINA).isoformat() if isinstance(value, datetime) else value
        for name, value in content.items()
    }
    return hashlib.sha256(canonical_json(plain)).hexdigest()
