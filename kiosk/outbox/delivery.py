"""Rows on their way to the court: what waits, what was acknowledged, what is safe, what may be erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from kiosk.audit.journal import AuditKind, append
from kiosk.court.canonical import canonical_json
from kiosk.court.contract import Manifest, Receipt
from kiosk.outbox.errors import UnknownSubmissionError
from kiosk.outbox.filing import Waiting
from kiosk.outbox.schema import attachment, print_job, setting, submission
from kiosk.outbox.states import PAYLOAD_KEPT, UNDELIVERED, Change, State, after

EPOCH = "hub_epoch"


def get_setting(connection: sa.Connection, name: str) -> str | None:
    """A remembered value."""
    value = connection.execute(sa.select(setting.c.value).where(setting.c.name == name)).scalar()
    return None if value is None else str(value)


def put_setting(connection: sa.Connection, name: str, value: str) -> None:
    """Remember a value."""
    connection.execute(setting.delete().where(setting.c.name == name))
    connection.execute(setting.insert().values(name=name, value=value))


def change(connection: sa.Connection, submission_id: UUID, what: Change, **columns: object) -> State:
    """Move one filing along the table of states. Raises TransitionError, UnknownSubmissionError."""
    key = str(submission_id)
    found = connection.execute(sa.select(submission.c.state).where(submission.c.submission_id == key)).scalar()
    if found is None:
        raise UnknownSubmissionError("no filing of that id")
    state = after(State(found), what)
    connection.execute(
        submission.update().where(submission.c.submission_id == key).values(state=state.value, **columns)
    )
    return state


def waiting(connection: sa.Connection, limit: int) -> list[Waiting]:
    """What the court has not acknowledged, in the order it was handed in (never by time: clocks jump)."""
    rows = connection.execute(
        sa.select(submission.c.submission_id, submission.c.state, submission.c.committed_at)
        .where(submission.c.state.in_([state.value for state in UNDELIVERED]))
        .order_by(submission.c.sequence)
        .limit(limit)
    )
    return [
        Waiting(UUID(row.submission_id), State(row.state), datetime.fromisoformat(row.committed_at)) for row in rows
    ]


def count_undelivered(connection: sa.Connection) -> int:
    """How many filings the court has not acknowledged; answered from the index on the state."""
    chosen = submission.c.state.in_([state.value for state in UNDELIVERED])
    return connection.execute(sa.select(sa.func.count(submission.c.state)).where(chosen)).scalar_one()


def begin_upload(connection: sa.Connection, submission_id: UUID) -> tuple[Manifest, str]:
    """Note that the filing is on its way; its manifest and the manifest's hash. Raises UnknownSubmissionError."""
    change(connection, submission_id, Change.UPLOAD_STARTED)
    row = connection.execute(
        sa.select(submission.c.manifest, submission.c.manifest_sha256).where(
            submission.c.submission_id == str(submission_id)
        )
    ).one()
    return read_manifest(row.manifest), row.manifest_sha256


def read_manifest(stored: bytes) -> Manifest:
    """A stored manifest."""
    return Manifest.model_validate_json(stored)


def accept_receipt(connection: sa.Connection, receipt: Receipt, now: datetime) -> None:
    """Store a receipt that was checked. Raises TransitionError where the filing waits for none."""
    change(
        connection,
        receipt.submission_id,
        Change.RECEIPT_ACCEPTED,
        receipt=canonical_json(receipt),
        attention=None,
    )
    detail = {"submission": str(receipt.submission_id), "epoch": receipt.epoch}
    append(connection, now, AuditKind.RECEIPTED, detail)


def need_person(connection: sa.Connection, submission_id: UUID, reason: str, now: datetime) -> None:
    """Mark a filing for a person's attention; said once in the journal for each reason."""
    key = str(submission_id)
    known = connection.execute(sa.select(submission.c.attention).where(submission.c.submission_id == key)).scalar()
    change(connection, submission_id, Change.NEEDS_PERSON, attention=reason)
    if known != reason:
        append(connection, now, AuditKind.ATTENTION, {"submission": key, "reason": reason})


def awaiting_safety(connection: sa.Connection, limit: int) -> list[UUID]:
    """Acknowledged filings that no backup is known to hold, oldest first."""
    rows = connection.execute(
        sa.select(submission.c.submission_id)
        .where(submission.c.state == State.RECEIPTED.value)
        .order_by(submission.c.sequence)
        .limit(limit)
    )
    return [UUID(row.submission_id) for row in rows]


def mark_safe(connection: sa.Connection, safe: Iterable[UUID], now: datetime) -> None:
    """Record what the hub reports safe; it is believed only for filings it has acknowledged."""
    receipted = set(awaiting_safety(connection, -1))
    for submission_id in safe:
        if submission_id in receipted:
            change(connection, submission_id, Change.REPORTED_SAFE)
            append(connection, now, AuditKind.SAFE, {"submission": str(submission_id)})


def enter_epoch(connection: sa.Connection, epoch: str, now: datetime) -> bool:
    """Note the hub's epoch. A changed one offers everything again that was not safe; True where it changed."""
    known = get_setting(connection, EPOCH)
    if known == epoch:
        return False
    put_setting(connection, EPOCH, epoch)
    if known is None:
        return False
    chosen = [State.RECEIPTED.value, *(state.value for state in UNDELIVERED)]
    rows = connection.execute(sa.select(submission.c.submission_id).where(submission.c.state.in_(chosen))).all()
    for row in rows:
        change(connection, UUID(row.submission_id), Change.EPOCH_CHANGED, receipt=None)
    append(connection, now, AuditKind.EPOCH_CHANGED, {"epoch": epoch, "offered_again": len(rows)})
    return True


def purge(connection: sa.Connection, committed_before: datetime, now: datetime) -> list[str]:
    """Mark what is safe and old enough as purged; the hashes of the blobs to erase once this is durable."""
    rows = connection.execute(
        sa.select(submission.c.submission_id, submission.c.committed_at).where(submission.c.state == State.SAFE.value)
    ).all()
    hashes: list[str] = []
    for row in rows:
        if datetime.fromisoformat(row.committed_at) > committed_before:
            continue
        change(connection, UUID(row.submission_id), Change.RETENTION_OVER, slip_copy=None)
        connection.execute(print_job.update().where(print_job.c.submission_id == row.submission_id).values(image=None))
        found = sa.select(attachment.c.sha256).where(attachment.c.submission_id == row.submission_id)
        hashes.extend(connection.execute(found).scalars())
        append(connection, now, AuditKind.PURGED, {"submission": row.submission_id})
    return hashes


def kept_blobs(connection: sa.Connection) -> set[str]:
    """Hashes of every blob that must be on disk."""
    return set(
        connection.execute(
            sa.select(attachment.c.sha256)
            .join(submission)
            .where(submission.c.state.in_([state.value for state in PAYLOAD_KEPT]))
        ).scalars()
    )
