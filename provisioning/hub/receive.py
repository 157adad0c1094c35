"""Receiving a submission exactly once.

The transaction is the whole story: the submission, its list of blobs, its journal entry and the signed receipt are
durable together. Whoever sends the same thing again gets the same receipt; the same id with another content is an
alarm and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.canonical import canonical_json, manifest_sha256
from kiosk.court.contract import Manifest, Receipt, SubmissionState
from kiosk.court.keys import SigningKey
from kiosk.court.receipts import sign_receipt
from provisioning.hub import journal
from provisioning.hub.alarms import AlarmKind, raise_alarm
from provisioning.hub.blobs import BlobStore
from provisioning.hub.deadlines import decision_due
from provisioning.hub.drafts.keeping import note_filed
from provisioning.hub.safety import current_epoch
from provisioning.hub.schema import submission_blobs, submissions
from provisioning.hub.sweep import hold_blobs
from provisioning.hub.terminals import Caller, seen

# Built once, with values given at execution: building a statement costs more than running it.
_INSERT = sa.insert(submissions)
_INSERT_BLOB = sa.insert(submission_blobs)
_STORED = sa.select(submissions.c.manifest_sha256, submissions.c.receipt).where(
    submissions.c.submission_id == sa.bindparam("id")
)
_SAME_NUMBER = sa.select(submissions.c.submission_id).where(submissions.c.receipt_no == sa.bindparam("number")).limit(1)
_SAME_SEQUENCE = (
    sa.select(submissions.c.submission_id)
    .where(submissions.c.terminal == sa.bindparam("code"), submissions.c.sequence == sa.bindparam("place"))
    .limit(1)
)


_CLOCK_BEFORE = (
    sa.select(submissions.c.clock_from)
    .where(submissions.c.terminal == sa.bindparam("code"), submissions.c.sequence < sa.bindparam("place"))
    .order_by(submissions.c.sequence.desc())
    .limit(1)
)

LONGEST_OFFLINE = timedelta(days=90)
"""No terminal is away from its court for longer; a filing that says so comes from one whose clock was wrong."""
CLOCK_ALLOWANCE = timedelta(minutes=10)
"""What an honest clock may be off, and be corrected by, between two filings."""


class IndexState(StrEnum):
    """How far the hub has read a received envelope."""

    WAITING = "waiting"
    INDEXED = "indexed"
    NEEDS_PERSON = "needs_person"  # it cannot be opened or understood; it is kept, and somebody must look


@dataclass(frozen=True, slots=True)
class Received:
    """The submission is stored, now or earlier; `first` tells which."""

    receipt: Receipt
    first: bool


@dataclass(frozen=True, slots=True)
class BlobsMissing:
    """These blobs are not here (any more); nothing was stored. The terminal sends them and tries again."""

    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherContent:
    """This id is already stored with another content. Nothing was changed; an alarm was raised."""


def stored_receipt(connection: sa.Connection, submission_id: str, sha256: str) -> Receipt | OtherContent | None:
    """What was said about this id before; None if it is new."""
    row = connection.execute(_STORED, {"id": submission_id}).first()
    if row is None:
        return None
    return Receipt.model_validate_json(row.receipt) if row.manifest_sha256 == sha256 else OtherContent()


def receive(
    connection: sa.Connection,
    manifest: Manifest,
    caller: Caller,
    *,
    signature: str,
    key: SigningKey,
    store: BlobStore,
    now: datetime,
) -> Received | OtherContent | BlobsMissing:
    """Store `manifest` in the caller's transaction, if all its blobs are in `store`."""
    submission_id, sha256 = str(manifest.submission_id), manifest_sha256(manifest)
    match stored_receipt(connection, submission_id, sha256):
        case Receipt() as receipt:
            return Received(receipt, first=False)
        case OtherContent() as other:
            raise_alarm(
                connection,
                at=now,
                kind=AlarmKind.OTHER_CONTENT,
                terminal=manifest.terminal,
                submission_id=submission_id,
                detail=f"refused manifest {sha256}",
            )
            return other
        case None:
            pass
    hold_blobs(connection)
    if missing := store.missing([blob.sha256 for blob in manifest.blobs]):
        return BlobsMissing(tuple(missing))
    receipt = sign_receipt(
        key,
        submission_id=manifest.submission_id,
        manifest_sha256=sha256,
        receipt_no=manifest.receipt_no,
        epoch=current_epoch(connection),
        server_time=now,
    )
    _raise_doubts(connection, manifest, now)
    started = _clock_start(connection, manifest, now)
    values = {
        "submission_id": submission_id,
        "manifest_sha256": sha256,
        "manifest": canonical_json(manifest).decode(),
        "request_signature": signature,
        "receipt": receipt.model_dump_json(),
        "receipt_no": manifest.receipt_no,
        "terminal": manifest.terminal,
        "handling_court": manifest.handling_court,
        "competent_court": manifest.competent_court,
        "channel": manifest.channel.value,
        "form_id": manifest.form_id,
        "form_version": manifest.form_version,
        "cause_code": manifest.cause_code,
        "sequence": manifest.sequence,
        "received": now,
        "state": SubmissionState.RECEIVED.value,
        "revision": 1,
        "clock_from": started,
        "decision_due": decision_due(started),
        "index_state": IndexState.WAITING.value,
    }
    connection.execute(_INSERT, values)
    blobs = [
        blob.model_dump(mode="json") | {"submission_id": submission_id, "position": position}
        for position, blob in enumerate(manifest.blobs)
    ]
    if blobs:
        connection.execute(_INSERT_BLOB, blobs)
    if manifest.origin is not None:
        note_filed(connection, submission_id, manifest.origin, now=now)
    seen(connection, caller, manifest.terminal, at=now)
    journal.append(
        connection,
        chain=journal.terminal_chain(manifest.terminal),
        at=now,
        actor=manifest.terminal,
        action="received",
        subject=submission_id,
        detail={"manifest_sha256": sha256, "receipt_no": manifest.receipt_no, "key_id": caller.key_id},
    )
    return Received(receipt, first=True)


def _clock_start(connection: sa.Connection, manifest: Manifest, now: datetime) -> datetime:
    """When the seven days begin: the receipt states when the court received the papers (登记立案规定 2, 8), and
    days offline do not move that. A terminal whose clock was wrong cannot have received them before its filing of the
    number before, nor longer ago than it can be offline; a person is told."""
    before = connection.scalar(_CLOCK_BEFORE, {"code": manifest.terminal, "place": manifest.sequence})
    earliest = now - LONGEST_OFFLINE if before is None else max(before, now - LONGEST_OFFLINE)
    if not earliest - CLOCK_ALLOWANCE <= manifest.created <= now + CLOCK_ALLOWANCE:
        raise_alarm(
            connection,
            at=now,
            kind=AlarmKind.CLOCK_WRONG,
            terminal=manifest.terminal,
            submission_id=str(manifest.submission_id),
            detail=manifest.created.astimezone(CHINA).isoformat(timespec="minutes"),
        )
    return min(now, max(manifest.created, earliest))


def _raise_doubts(connection: sa.Connection, manifest: Manifest, now: datetime) -> None:
    """A copied terminal disk repeats numbers. Both complaints stand; a person must find out why."""
    terminal, submission_id = manifest.terminal, str(manifest.submission_id)
    if connection.scalar(_SAME_NUMBER, {"number": manifest.receipt_no}) is not None:
        raise_alarm(
            connection,
            at=now,
            kind=AlarmKind.RECEIPT_NO_TWICE,
            terminal=terminal,
            submission_id=submission_id,
            detail=manifest.receipt_no,
        )
    if connection.scalar(_SAME_SEQUENCE, {"code": terminal, "place": manifest.sequence}) is not None:
        raise_alarm(
            connection,
            at=now,
            kind=AlarmKind.SEQUENCE_REPEATED,
            terminal=terminal,
            submission_id=submission_id,
            detail=f"sequence {manifest.sequence}",
        )
