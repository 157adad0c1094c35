"""The one transaction that makes a filing durable: submission, attachments, journal entry and print job, or nothing."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from drivers.api.records import JobState
from kiosk.audit.journal import AuditKind, append
from kiosk.court import receipt_numbers
from kiosk.court.canonical import canonical_json, manifest_sha256
from kiosk.court.contract import BlobRef, Manifest
from kiosk.outbox.errors import NotReservedError
from kiosk.outbox.filing import Committed, Reservation, SealedFiling, Sender
from kiosk.outbox.schema import attachment, print_job, receipt_day, reservation, submission
from kiosk.outbox.states import State


def reserve(connection: sa.Connection, submission_id: UUID, terminal: str, now: datetime) -> Reservation:
    """The receipt number of `submission_id`: the one it has, if that is of today, else the day's next."""
    key, day = str(submission_id), now.date()
    held = connection.execute(sa.select(reservation).where(reservation.c.submission_id == key)).first()
    if held is not None and _day(held.receipt_no) == day:
        number = str(held.receipt_no)
    else:
        number = receipt_numbers.make(terminal, day, _next_serial(connection, day))
        if held is not None:
            _journal_unused(connection, now, held.receipt_no)
    connection.execute(reservation.delete().where(reservation.c.submission_id == key))
    connection.execute(reservation.insert().values(submission_id=key, receipt_no=number, received_at=now.isoformat()))
    return Reservation(number, now)


def release_unused(connection: sa.Connection, now: datetime, submission_id: UUID | None = None) -> None:
    """Give up one reservation, or all: their numbers stay gaps, and the journal says so."""
    chosen = sa.true() if submission_id is None else reservation.c.submission_id == str(submission_id)
    for row in connection.execute(sa.select(reservation).where(chosen)).all():
        _journal_unused(connection, now, row.receipt_no)
    connection.execute(reservation.delete().where(chosen))


def committed(connection: sa.Connection, submission_id: UUID) -> Committed | None:
    """The filing of that id, if it is here."""
    row = connection.execute(sa.select(submission).where(submission.c.submission_id == str(submission_id))).first()
    if row is None:
        return None
    return Committed(
        submission_id, row.receipt_no, datetime.fromisoformat(row.received_at), row.manifest_sha256, already=True
    )


def commit(connection: sa.Connection, filing: SealedFiling, sender: Sender, now: datetime) -> Committed:
    """Write everything of `filing`, whose blobs are on disk. Raises NotReservedError."""
    key = str(filing.submission_id)
    held = connection.execute(
        sa.select(reservation).where(reservation.c.submission_id == key, reservation.c.receipt_no == filing.receipt_no)
    ).first()
    if held is None:
        raise NotReservedError("this receipt number does not belong to this filing")
    received_at = datetime.fromisoformat(held.received_at)
    manifest = _manifest(connection, filing, sender, received_at)
    digest = manifest_sha256(manifest)
    connection.execute(
        submission.insert().values(
            submission_id=key,
            sequence=manifest.sequence,
            receipt_no=filing.receipt_no,
            received_at=held.received_at,
            committed_at=now.isoformat(),
            state=State.SEALED.value,
            manifest=canonical_json(manifest),
            manifest_sha256=digest,
            cause_name=filing.cause_name,
            slip_copy=filing.slip_copy or None,
        )
    )
    connection.execute(
        attachment.insert(),
        [
            {"submission_id": key, "position": position, "sha256": blob.sha256, "size": blob.size}
            for position, blob in enumerate(manifest.blobs)
        ],
    )
    connection.execute(reservation.delete().where(reservation.c.submission_id == key))
    if filing.slip:
        connection.execute(
            print_job.insert().values(
                job=f"{filing.receipt_no}-1",
                submission_id=key,
                created_at=now.isoformat(),
                copy=False,
                state=JobState.QUEUED.value,
                detail="",
                image=filing.slip,
            )
        )
    append(
        connection,
        now,
        AuditKind.COMMITTED,
        {"submission": key, "receipt_no": filing.receipt_no, "sequence": manifest.sequence, "sha256": digest},
    )
    return Committed(filing.submission_id, filing.receipt_no, received_at, digest, already=False)


def _manifest(connection: sa.Connection, filing: SealedFiling, sender: Sender, received_at: datetime) -> Manifest:
    last = connection.execute(
        sa.select(submission.c.sequence, submission.c.manifest_sha256).order_by(submission.c.sequence.desc()).limit(1)
    ).first()
    return Manifest(
        submission_id=filing.submission_id,
        receipt_no=filing.receipt_no,
        terminal=sender.terminal,
        handling_court=filing.handling_court,
        competent_court=filing.competent_court,
        channel=filing.channel,
        form_id=filing.form_id,
        form_version=filing.form_version,
        cause_code=filing.cause_code,
        cause_version=filing.cause_version,
        sequence=last.sequence + 1 if last else 1,
        previous=last.manifest_sha256 if last else None,
        created=received_at,
        software=sender.software,
        court_key=sender.court_key,
        blobs=tuple(
            BlobRef(
                role=part.role,
                sha256=part.sha256,
                size=len(part.sealed),
                media_type=part.media_type,
                plain_sha256=part.plain_sha256,
            )
            for part in filing.parts
        ),
        origin=filing.origin,
    )


def _day(receipt_no: str) -> date:
    return datetime.strptime(receipt_no.split("-")[1], "%Y%m%d").date()  # noqa: DTZ007 - a day has no offset


def _next_serial(connection: sa.Connection, day: date) -> int:
    key = day.isoformat()
    last = connection.execute(sa.select(receipt_day.c.last_serial).where(receipt_day.c.day == key)).scalar()
    if last is None:
        connection.execute(receipt_day.insert().values(day=key, last_serial=1))
        return 1
    connection.execute(receipt_day.update().where(receipt_day.c.day == key).values(last_serial=last + 1))
    return int(last) + 1


def _journal_unused(connection: sa.Connection, now: datetime, receipt_no: str) -> None:
    append(connection, now, AuditKind.NUMBER_UNUSED, {"receipt_no": receipt_no})
