"""A hash-chained journal in the outbox's database, written in the same transaction as what it records (N2, 全留痕).

How entries are chained stands in `kiosk.audit.chain`. The database itself refuses to change or delete an entry; who
goes round the database still breaks the chain. An export ends with the device key's signature over the last hash, so
that a cut tail shows too once an export exists. Entries name numbers and states, never persons.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from kiosk.audit.chain import GENESIS, Head, detail_text, flaws, link
from kiosk.court.keys import SigningKey

metadata = sa.MetaData()

audit_entry = sa.Table(
    "audit_entry",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

APPEND_ONLY = tuple(
    f"CREATE TRIGGER IF NOT EXISTS audit_no_{verb} BEFORE {verb.upper()} ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    for verb in ("update", "delete")
)
"""Statements that make the database refuse changes."""


class AuditKind(StrEnum):
    """What happened."""

    STARTED = "started"
    COMMITTED = "committed"
    NUMBER_UNUSED = "number_unused"  # a reserved receipt number whose filing was never handed in
    RECEIPTED = "receipted"
    SAFE = "safe"
    PURGED = "purged"
    ATTENTION = "attention"
    EPOCH_CHANGED = "epoch_changed"
    SLIP = "slip"
    RECEIPT_SHOWN = "receipt_shown"
    STAFF_CALLED = "staff_called"
    COURT_PINNED = "court_pinned"
    RATING_ANSWERED = "rating_answered"
    RATING_DELIVERED = "rating_delivered"
    RATING_REFUSED = "rating_refused"
    UNRESOLVED_KEPT = "unresolved_kept"
    UNRESOLVED_DELIVERED = "unresolved_delivered"
    UNRESOLVED_REFUSED = "unresolved_refused"
    NUMBERS_LEASED = "numbers_leased"
    NUMBER_GIVEN = "number_given"  # from a lease, while the hub did not answer
    NUMBERS_BROUGHT_IN = "numbers_brought_in"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the journal. `detail` is a JSON object."""

    number: int
    at: str
    kind: str
    detail: str
    previous: str
    hash: str


class JournalBrokenError(Exception):
    """The chain does not hold; the text names the first entry that does not fit."""


def append(connection: sa.Connection, at: datetime, kind: AuditKind, detail: Mapping[str, str | int | bool]) -> None:
    """Add one entry within the caller's transaction."""
    last = connection.execute(
        sa.select(audit_entry.c.number, audit_entry.c.hash).order_by(audit_entry.c.number.desc()).limit(1)
    ).first()
    head = Head(last.number, last.hash) if last else GENESIS
    content = {"at": at.isoformat(), "kind": kind.value, "detail": detail_text(detail)}
    connection.execute(audit_entry.insert().values(**link(head, content)))


def entries(connection: sa.Connection) -> Iterator[AuditEntry]:
    """All entries, oldest first."""
    for row in connection.execute(sa.select(audit_entry).order_by(audit_entry.c.number)):
        yield AuditEntry(**row._mapping)


def check_chain(journal: Iterable[AuditEntry]) -> str:
    """Walk the chain; returns its last hash. Raises JournalBrokenError at the first entry that does not fit."""
    head = GENESIS
    for entry in journal:
        if flaws(head, asdict(entry)):
            raise JournalBrokenError(f"entry {head.number + 1} does not fit the chain")
        head = Head(entry.number, entry.hash)
    return head.hash


def export(connection: sa.Connection, key: SigningKey) -> Iterator[str]:
    """The journal as JSON lines; the last line holds the signature of the last hash. Raises JournalBrokenError."""
    head = check_chain(entries(connection))
    for entry in entries(connection):
        yield json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True)
    signature = base64.b64encode(key.sign(head.encode("ascii"))).decode("ascii")
    yield json.dumps({"head": head, "key_id": key.key_id, "signature": signature}, sort_keys=True)
