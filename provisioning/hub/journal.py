"""The audit journal: append-only, hash-chained, exportable (N2).

Each entry holds the hash of the one before it in its chain, so that an entry that is changed, removed, inserted or
moved is found. Chains are per terminal, one for the staff and one for the hub itself, so that terminals never wait
for each other. Each chain's head is kept too and goes into every backup, so that a cut end is found as well. Entries
carry identifiers and counts, never personal data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.canonical import canonical_json
from provisioning.hub.schema import journal, journal_heads

STAFF_CHAIN = "staff"
HUB_CHAIN = "hub"
GENESIS = "0" * 64


# Built once: the journal is written in every transaction.
_INSERT = sa.insert(journal)
_NEW_HEAD = sa.insert(journal_heads)
_MOVE_HEAD = (
    sa.update(journal_heads)
    .where(journal_heads.c.chain == sa.bindparam("of"))
    .values(number=sa.bindparam("number"), hash=sa.bindparam("hash"))
)
_HEAD = (
    sa.select(journal_heads.c.number, journal_heads.c.hash)
    .where(journal_heads.c.chain == sa.bindparam("of"))
    .with_for_update()
)


def terminal_chain(code: str) -> str:
    """The chain of what a terminal did."""
    return f"terminal:{code}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    chain: str
    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    previous: str
    hash: str


def _digest(content: Mapping[str, object]) -> str:
    plain = {
        name: value.astimezone(CHINA).isoformat() if isinstance(value, datetime) else value
        for name, value in content.items()
    }
    return hashlib.sha256(canonical_json(plain)).hexdigest()


def append(
    connection: sa.Connection,
    *,
    chain: str,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add an entry in the caller's transaction: what is done and its record are durable together or not at all."""
    head = connection.execute(_HEAD, {"of": chain}).first()
    number, last = (head.number + 1, head.hash) if head else (1, GENESIS)
    text = json.dumps(detail or {}, ensure_ascii=False, sort_keys=True)
    content: dict[str, object] = {
        "chain": chain,
        "number": number,
        "at": at,
        "actor": actor,
        "action": action,
        "subject": subject,
        "detail": text,
        "previous": last,
    }
    digest = _digest(content)
    connection.execute(_INSERT, content | {"hash": digest})
    if head:
        connection.execute(_MOVE_HEAD, {"of": chain, "number": number, "hash": digest})
    else:
        connection.execute(_NEW_HEAD, {"chain": chain, "number": number, "hash": digest})


def entries(connection: sa.Connection, *, newest: int | None = None) -> Iterator[Entry]:
    """Every entry in the order of its chain; with `newest` only the latest so many of all chains, newest first."""
    query = sa.select(journal)
    if newest is None:
        query = query.order_by(journal.c.chain, journal.c.number)
    else:
        query = query.order_by(journal.c.at.desc(), journal.c.number.desc()).limit(newest)
    for row in connection.execute(query):
        yield Entry(**row._mapping)


def faults(connection: sa.Connection) -> list[str]:
    """What is wrong with the journal: one line per broken place, empty where it is whole."""
    found: list[str] = []
    heads = {row.chain: (row.number, row.hash) for row in connection.execute(sa.select(journal_heads))}
    ends: dict[str, tuple[int, str]] = {}
    for entry in entries(connection):
        number, last = ends.get(entry.chain, (0, GENESIS))
        if entry.number != number + 1 or entry.previous != last:
            found.append(f"{entry.chain} {entry.number}: does not follow {number}")
        content = {name: value for name, value in asdict(entry).items() if name != "hash"}
        if _digest(content) != entry.hash:
            found.append(f"{entry.chain} {entry.number}: was changed")
        ends[entry.chain] = (entry.number, entry.hash)
    found.extend(
        f"{chain}: ends at {ends.get(chain, (0, ''))[0]} instead of {head[0]}"
        for chain, head in heads.items()
        if ends.get(chain) != head
    )
    found.extend(f"{chain}: has no head" for chain in ends.keys() - heads.keys())
    return found
