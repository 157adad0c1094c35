"""Print jobs and the receipts that nobody has seen yet. Losing power between commit and paper loses neither."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from drivers.api.records import JobState
from kiosk.audit.journal import AuditKind, append
from kiosk.outbox.errors import UnknownSubmissionError
from kiosk.outbox.filing import PendingReceipt, PrintJob
from kiosk.outbox.schema import print_job, submission

UNSETTLED = (JobState.QUEUED, JobState.SENDING, JobState.UNKNOWN)
"""States after which paper may still come."""

PENDING_LIMIT = 20
"""More people than that have not stood at one terminal within minutes."""


def unsettled(connection: sa.Connection) -> list[PrintJob]:
    """Jobs whose end is not known, oldest first."""
    rows = connection.execute(
        sa.select(print_job)
        .where(print_job.c.state.in_([state.value for state in UNSETTLED]))
        .order_by(print_job.c.created_at)
    )
    return [_job(row) for row in rows]


def find_job(connection: sa.Connection, job: str) -> PrintJob | None:
    """One job."""
    row = connection.execute(sa.select(print_job).where(print_job.c.job == job)).first()
    return _job(row) if row else None


def newest_job(connection: sa.Connection, submission_id: UUID) -> PrintJob | None:
    """The job of a filing that was made last."""
    query = sa.select(print_job).where(print_job.c.submission_id == str(submission_id))
    # Jobs of one filing are numbered, and a longer number is a higher one.
    newest = query.order_by(sa.func.length(print_job.c.job).desc(), print_job.c.job.desc()).limit(1)
    row = connection.execute(newest).first()
    return _job(row) if row else None


def _job(row: sa.Row[tuple[object, ...]]) -> PrintJob:
    return PrintJob(
        row.job,
        UUID(row.submission_id),
        datetime.fromisoformat(row.created_at),
        bool(row.copy),
        JobState(row.state),
        row.detail,
        row.image,
    )


def set_job_state(connection: sa.Connection, job: str, state: JobState, detail: str, now: datetime) -> bool:
    """Note what the printer said; False where that is nothing new. The picture of a settled slip is erased."""
    known = find_job(connection, job)
    if known is None or (known.state is state and known.detail == detail) or known.state is JobState.SETTLED:
        return False
    image = None if state is JobState.SETTLED else known.image
    connection.execute(
        print_job.update().where(print_job.c.job == job).values(state=state.value, detail=detail, image=image)
    )
    append(connection, now, AuditKind.SLIP, {"job": job, "state": state.value})
    return True


def add_copy(connection: sa.Connection, submission_id: UUID, image: bytes, now: datetime) -> PrintJob:
    """Queue a copy of a slip; an empty `image` takes the one kept at the commit. Raises UnknownSubmissionError."""
    key = str(submission_id)
    row = connection.execute(sa.select(submission).where(submission.c.submission_id == key)).first()
    if row is None or not (image or row.slip_copy):
        raise UnknownSubmissionError("no filing of that id, or no picture of its slip")
    count = connection.execute(
        sa.select(sa.func.count()).select_from(print_job).where(print_job.c.submission_id == key)
    ).scalar_one()
    job = PrintJob(
        f"{row.receipt_no}-{count + 1}", submission_id, now, True, JobState.QUEUED, "", image or row.slip_copy
    )
    connection.execute(
        print_job.insert().values(
            job=job.job,
            submission_id=key,
            created_at=now.isoformat(),
            copy=True,
            state=job.state.value,
            detail="",
            image=job.image,
        )
    )
    append(connection, now, AuditKind.SLIP, {"job": job.job, "state": job.state.value})
    return job


def receipt_shown(connection: sa.Connection, submission_id: UUID, now: datetime) -> None:
    """The person has the number: the kept copy of the slip is erased. Raises UnknownSubmissionError."""
    key = str(submission_id)
    changed = connection.execute(
        submission.update()
        .where(submission.c.submission_id == key, submission.c.shown_at.is_(None))
        .values(shown_at=now.isoformat(), slip_copy=None)
    ).rowcount
    if changed:
        append(connection, now, AuditKind.RECEIPT_SHOWN, {"submission": key})
    elif not connection.execute(sa.select(submission.c.sequence).where(submission.c.submission_id == key)).first():
        raise UnknownSubmissionError("no filing of that id")


def pending_receipts(connection: sa.Connection, now: datetime, within: timedelta) -> list[PendingReceipt]:
    """Filings committed less than `within` ago whose number was never shown: their person may still be there. Newest
    first. One from the future was committed before the clock was set back; nobody knows how long ago."""
    rows = connection.execute(
        sa.select(submission)
        .where(submission.c.shown_at.is_(None))
        .order_by(submission.c.sequence.desc())
        .limit(PENDING_LIMIT)
    )
    found = [
        PendingReceipt(
            UUID(row.submission_id),
            row.receipt_no,
            datetime.fromisoformat(row.received_at),
            datetime.fromisoformat(row.committed_at),
            row.slip_copy or b"",
        )
        for row in rows
    ]
    return [pending for pending in found if abs(now - pending.committed_at) < within]
