"""Submissions as lists: for the command line and for the console's inbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.contract import SubmissionState
from provisioning.hub.schema import submission_blobs, submissions

PAGE = 50


class Due(StrEnum):
    """How the seven days stand."""

    OVERDUE = "overdue"
    SOON = "soon"


SOON = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a clerk is looking for; None means everything."""

    state: SubmissionState | None = None
    court: str | None = None
    cause: str | None = None
    track: str | None = None
    since: date | None = None
    until: date | None = None
    due: Due | None = None
    text: str | None = None
    needs_person: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """One submission as the console shows it; `summary` is still encrypted."""

    submission_id: str
    receipt_no: str
    terminal: str
    handling_court: str
    competent_court: str
    channel: str
    form_id: str
    form_version: str
    cause_code: str
    cause_name: str | None
    received: datetime
    state: SubmissionState
    revision: int
    clock_from: datetime
    decision_due: datetime
    decided: datetime | None
    case_number: str | None
    transferred_to: str | None
    track: str | None
    index_state: str
    index_problem: str | None
    manifest_sha256: str
    summary: bytes | None


_COLUMNS = [submissions.c[name] for name in Matter.__dataclass_fields__]


def _conditions(wanted: Filter, now: datetime) -> Iterator[sa.ColumnElement[bool]]:
    table = submissions.c
    if wanted.state:
        yield table.state == wanted.state.value
    if wanted.court:
        yield (table.handling_court == wanted.court) | (table.competent_court == wanted.court)
    if wanted.cause:
        yield table.cause_code.startswith(wanted.cause, autoescape=True) | table.cause_name.contains(
            wanted.cause, autoescape=True
        )
    if wanted.track:
        yield table.track == wanted.track
    if wanted.since:
        yield table.received >= datetime.combine(wanted.since, time(), CHINA)
    if wanted.until:
        yield table.received < datetime.combine(wanted.until + timedelta(days=1), time(), CHINA)
    if wanted.due is not None:
        yield table.state == SubmissionState.RECEIVED.value
        yield table.decision_due < (now if wanted.due is Due.OVERDUE else now + SOON)
    if wanted.text:
        plain = wanted.text.strip().upper()
        yield table.receipt_no.contains(plain, autoescape=True) | table.case_number.contains(plain, autoescape=True)
    if wanted.needs_person:
        yield table.index_state == "needs_person"


def find_matters(connection: sa.Connection, wanted: Filter, *, now: datetime, page: int) -> tuple[list[Matter], int]:
    """Page `page` (from 1) of the matters, newest first, and how many there are in all."""
    where = sa.and_(sa.true(), *_conditions(wanted, now))
    total = connection.scalar(sa.select(sa.func.count()).select_from(submissions).where(where)) or 0
    query = (
        sa.select(*_COLUMNS)
        .where(where)
        .order_by(submissions.c.received.desc(), submissions.c.submission_id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [_matter(row) for row in connection.execute(query)], total


def find_matter(connection: sa.Connection, submission_id: str) -> Matter | None:
    """One matter, None where there is none."""
    row = connection.execute(sa.select(*_COLUMNS).where(submissions.c.submission_id == submission_id)).first()
    return _matter(row) if row else None


def courts(connection: sa.Connection) -> list[str]:
    """Codes of all courts that occur, for the inbox's filter."""
    handling = sa.select(submissions.c.handling_court.label("court"))
    competent = sa.select(submissions.c.competent_court.label("court"))
    return sorted(connection.scalars(sa.union(handling, competent)))


def export_rows(connection: sa.Connection) -> list[dict[str, object]]:
    """Every submission as the command `submissions` prints it, in the order of receipt."""
    blobs: dict[str, list[dict[str, object]]] = {}
    query = sa.select(submission_blobs).order_by(submission_blobs.c.submission_id, submission_blobs.c.position)
    for row in connection.execute(query):
        blobs.setdefault(row.submission_id, []).append(
            {
                "role": row.role,
                "sha256": row.sha256,
                "size": row.size,
                "media_type": row.media_type,
                "plain_sha256": row.plain_sha256,
            }
        )
    return [
        {
            "submission_id": row.submission_id,
            "receipt_no": row.receipt_no,
            "state": row.state,
            "sha256": row.manifest_sha256,
            "received": row.received,
            "terminal": row.terminal,
            "cause_code": row.cause_code,
            "index_state": row.index_state,
            "case_number": row.case_number,
            "blobs": blobs.get(row.submission_id, []),
        }
        for row in connection.execute(sa.select(submissions).order_by(submissions.c.received, submissions.c.sequence))
    ]


def _matter(row: sa.Row[tuple[object, ...]]) -> Matter:
    return Matter(**dict(row._mapping) | {"state": SubmissionState(row.state)})
