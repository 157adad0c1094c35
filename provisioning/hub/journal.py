"""The audit journal: append-only, hash-chained, exportable (N2).

Each entry holds the hash of the one before it in its chain (`kiosk.audit.chain`), so that an entry that is changed,
removed, inserted or moved is found. Chains are per terminal, one for the staff and one for the hub itself, so that
terminals never wait for each other. Each chain's head is kept too and goes into every backup, so that a cut end is
found as well. Entries carry identifiers and counts, never personal data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import assert_never

import sqlalchemy as sa

from kiosk.audit.chain import GENESIS, Flaw, Head, detail_text, flaws, link
from provisioning.hub.schema import journal, journal_heads
from provisioning.hub.statements import Prepared

STAFF_CHAIN = "staff"
HUB_CHAIN = "hub"

# Built once: the journal is written in every transaction.
_INSERT = Prepared(sa.insert(journal), columns=journal.c.keys())
_NEW_HEAD = sa.insert(journal_heads)
_MOVE_HEAD = Prepared(
    sa.update(journal_heads)
    .where(journal_heads.c.chain == sa.bindparam("of"))
    .values(number=sa.bindparam("number"), hash=sa.bindparam("hash"))
)
_HEAD = Prepared(
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
    last = _HEAD.first(connection, {"of": chain})
    entry = link(
        Head(*last) if last else GENESIS,
        {
            "chain": chain,
            "at": at,
            "actor": actor,
            "action": action,
            "subject": subject,
            "detail": detail_text(detail or {}),
        },
    )
    _INSERT.run(connection, entry)
    head = {"number": entry["number"], "hash": entry["hash"]}
    if last:
        _MOVE_HEAD.run(connection, {"of": chain, **head})
    else:
        connection.execute(_NEW_HEAD, {"chain": chain, **head})


def first_of(connection: sa.Connection, *, chain: str, action: str, subject: str) -> datetime:
    """When `action` was first done to `subject`. Raises LookupError where it never was."""
    found = connection.scalar(
        sa.select(sa.func.min(journal.c.at)).where(
            journal.c.chain == chain, journal.c.action == action, journal.c.subject == subject
        )
    )
    if found is None:
        raise LookupError(f"no entry tells of {action} {subject}")
    at: datetime = found
    return at


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
    heads = {row.chain: Head(row.number, row.hash) for row in connection.execute(sa.select(journal_heads))}
    ends: dict[str, Head] = {}
    for entry in entries(connection):
        before = ends.get(entry.chain, GENESIS)
        for flaw in flaws(before, asdict(entry)):
            match flaw:
                case Flaw.OUT_OF_ORDER:
                    found.append(f"{entry.chain} {entry.number}: does not follow {before.number}")
                case Flaw.CHANGED:
                    found.append(f"{entry.chain} {entry.number}: was changed")
                case _:
                    assert_never(flaw)
        ends[entry.chain] = Head(entry.number, entry.hash)
    found.extend(
        f"{chain}: ends at {ends.get(chain, GENESIS).number} instead of {head.number}"
        for chain, head in heads.items()
        if ends.get(chain) != head
    )
    found.extend(f"{chain}: has no head" for chain in ends.keys() - heads.keys())
    return found


def note_erased(connection: sa.Connection, *, action: str, subject: str, count: int, at: datetime) -> None:
    """Note that the hub itself erased `count` sealed texts whose time was over; nothing where there were none."""
    if count:
        append(connection, chain=HUB_CHAIN, at=at, actor="hub", action=action, subject=subject, detail={"count": count})
