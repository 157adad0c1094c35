"""Ratings and reports of what could not be got done that lie in a finished backup: terminals keep what they handed in
until then, as they keep filings (docs/decisions/0004).

A table of its own says so, since ratings are append-only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from provisioning.hub.ratings.schema import rating_invitations, rating_silences, ratings
from provisioning.hub.schema import metadata, text_column
from provisioning.hub.statements import INSERT
from provisioning.hub.unresolved.schema import unresolved_reports

ROWS = 500


class Answer(StrEnum):
    """What a terminal hands in besides filings. That nobody rated is another answer than the rating that follows."""

    RATING = "rating"
    SILENCE = "silence"
    REPORT = "report"


safe_answers = sa.Table(
    "safe_answers",
    metadata,
    text_column("answer_id", primary_key=True),
    text_column("kind", primary_key=True),
    sa.Column("backup", sa.Integer, nullable=False),
)


def _of_matter(answers: sa.Table, kind: Answer) -> sa.Select[tuple[str, str, datetime]]:
    matter = (rating_invitations.c.matter == answers.c.matter) & (rating_invitations.c.kind == answers.c.kind)
    said = sa.literal(kind.value).label("kind")
    return sa.select(rating_invitations.c.invitation_id.label("answer_id"), said, answers.c.received).join_from(
        rating_invitations, answers, matter
    )


_HELD = sa.union_all(
    _of_matter(ratings, Answer.RATING),
    _of_matter(rating_silences, Answer.SILENCE),
    sa.select(
        unresolved_reports.c.report_id.label("answer_id"),
        sa.literal(Answer.REPORT.value).label("kind"),
        unresolved_reports.c.received,
    ),
).subquery()
"""Every answer the hub holds, by the id under which terminals know it: that of the invitation, or of the report."""

_IN_BACKUP = (safe_answers.c.answer_id == _HELD.c.answer_id) & (safe_answers.c.kind == _HELD.c.kind)


def unmarked(connection: sa.Connection) -> list[tuple[str, str]]:
    """The answers of this database that are not marked in it, by id and kind."""
    query = (
        sa.select(_HELD.c.answer_id, _HELD.c.kind)
        .join(safe_answers, _IN_BACKUP, isouter=True)
        .where(safe_answers.c.answer_id.is_(None))
    )
    return [(row.answer_id, row.kind) for row in connection.execute(query)]


def mark(connection: sa.Connection, answers: Iterable[tuple[str, str]], backup: int) -> None:
    """`answers` lie in that backup; those that lay in an earlier one already stay as they are."""
    rows = [{"answer_id": answer_id, "kind": kind, "backup": backup} for answer_id, kind in answers]
    insert = INSERT[connection.dialect.name](safe_answers).on_conflict_do_nothing()
    for begin in range(0, len(rows), ROWS):
        connection.execute(insert, rows[begin : begin + ROWS])


def safe_among(connection: sa.Connection, asked: list[str], received_by: datetime | None) -> set[str]:
    """Those of `asked` that lie in a backup, or were received by a time after which a development hub counts them so.

    An id whose silence is safe and whose rating is not, is not safe.
    """
    query = (
        sa.select(_HELD.c.answer_id, safe_answers.c.backup, _HELD.c.received)
        .join(safe_answers, _IN_BACKUP, isouter=True)
        .where(_HELD.c.answer_id.in_(asked))
    )
    safe: set[str] = set()
    not_yet: set[str] = set()
    for row in connection.execute(query):
        enough = row.backup is not None or (received_by is not None and row.received <= received_by)
        (safe if enough else not_yet).add(row.answer_id)
    return safe - not_yet
