"""Handing on what was done and how it was rated, joined by matter (S2-14), in a versioned schema, as JSON or CSV.

One record per invitation, so that what was not rated is seen as well. The business side comes from the queue's tickets
and from submissions. A record holds no name and no identity number, no time finer than a day, and names the matter only
where its rater chose to be named, or where the court's rules ask for it; otherwise a keyed digest stands for it, the
same in every export (N10).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import AwareDatetime

from kiosk.clock import CHINA
from kiosk.court.model import ContractModel
from kiosk.court.rating import RatingChannel, RatingKind, RatingOutcome
from kiosk.rating.scales import Verdict
from provisioning.hub.queue.schema import tickets
from provisioning.hub.ratings.office import RatingOffice
from provisioning.hub.ratings.rules import MatterNames
from provisioning.hub.ratings.schema import rating_followups, rating_invitations, rating_silences, ratings
from provisioning.hub.schema import submissions

SCHEMA: Literal["court-rating-export/1"] = "court-rating-export/1"
"""Name and version; a record that gains, loses or changes a field gets the next number."""


class BusinessKind(StrEnum):
    """Where the business side of a record comes from."""

    TICKET = "ticket"
    SUBMISSION = "submission"
    OTHER = "other"


class BusinessRecord(ContractModel):
    """What was done, as far as the hub holds it."""

    kind: BusinessKind
    state: str | None = None
    ticket_class: str | None = None
    cause_code: str | None = None
    case_number: str | None = None
    begun: date | None = None
    ended: date | None = None


class RatingRecord(ContractModel):
    """One invitation: the matter, what was done, and how it was rated."""

    matter: str
    matter_digest: bool
    rating: RatingKind
    window: str
    service: str
    staff: str
    mediator: str | None
    invited: date
    outcome: RatingOutcome | None
    answered: date | None
    channel: RatingChannel | None
    language: str | None
    scale: str
    form_version: str | None
    grade: int | None
    grade_name: str | None
    verdict: Verdict | None
    reasons: tuple[str, ...]
    followup: str | None
    finding: str | None
    business: BusinessRecord


class RatingExport(ContractModel):
    """A whole export."""

    schema_name: Literal["court-rating-export/1"] = SCHEMA
    court: str
    made: AwareDatetime
    first_day: date
    last_day: date
    records: tuple[RatingRecord, ...]


def make_export(
    connection: sa.Connection, office: RatingOffice, *, court: str, first: date, last: date, now: datetime
) -> RatingExport:
    """Every invitation issued from `first` to `last`, by day; within a day by name, not in the order of the queue."""
    records = tuple(sorted(_records(connection, office, first, last), key=lambda one: (one.invited, one.matter)))
    return RatingExport(court=court, made=now, first_day=first, last_day=last, records=records)


def schema_document() -> dict[str, Any]:
    """The JSON Schema of an export."""
    return RatingExport.model_json_schema()


def as_csv(export: RatingExport) -> str:
    """The records as CSV (RFC 4180) with a header row; the business side in columns of its own."""
    out = io.StringIO()
    business = [f"business_{name}" for name in BusinessRecord.model_fields]
    own = [name for name in RatingRecord.model_fields if name != "business"]
    writer = csv.writer(out)
    writer.writerow(["schema", "court", *own, *business])
    for record in export.records:
        plain = record.model_dump(mode="json")
        done = plain.pop("business")
        plain["reasons"] = " ".join(plain["reasons"])
        writer.writerow(
            [export.schema_name, export.court, *(_cell(plain[name]) for name in own), *map(_cell, done.values())]
        )
    return out.getvalue()


def _cell(value: object) -> str:
    """A CSV cell that no spreadsheet takes for a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            text = str(value)
            return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _records(connection: sa.Connection, office: RatingOffice, first: date, last: date) -> Iterator[RatingRecord]:
    asked = rating_invitations.c
    same = [
        (table.c.matter == asked.matter) & (table.c.kind == asked.kind)
        for table in (ratings, rating_silences, rating_followups)
    ]
    query = (
        sa.select(
            rating_invitations,
            ratings.c.grade,
            ratings.c.reasons,
            ratings.c.channel,
            ratings.c.language,
            ratings.c.answered,
            ratings.c.form_version,
            ratings.c.named,
            rating_silences.c.outcome,
            rating_followups.c.state,
            rating_followups.c.finding,
        )
        .outerjoin_from(rating_invitations, ratings, same[0])
        .outerjoin(rating_silences, same[1])
        .outerjoin(rating_followups, same[2])
        .where(asked.issued >= _midnight(first), asked.issued < _midnight(last + timedelta(days=1)))
    )
    rows = connection.execute(query).all()
    business = _business(connection, [row.matter for row in rows])
    for row in rows:
        plain = bool(row.named) or office.rules.export_matters is MatterNames.PLAIN
        done = business.get(row.matter, BusinessRecord(kind=BusinessKind.OTHER))
        grade = office.scales.scale(row.scale).grade(row.grade) if row.grade else None
        silence = RatingOutcome(row.outcome) if row.outcome else None
        yield RatingRecord(
            matter=row.matter if plain else office.pseudonyms.of_matter(row.matter),
            matter_digest=not plain,
            rating=RatingKind(row.kind),
            window=row.window,
            service=row.service,
            staff=row.staff,
            mediator=row.mediator,
            invited=_day(row.issued),
            outcome=RatingOutcome.RATED if grade else silence,
            answered=_day(row.answered) if row.answered else None,
            channel=RatingChannel(row.channel) if row.channel else None,
            language=row.language,
            scale=row.scale,
            form_version=row.form_version,
            grade=row.grade,
            grade_name=grade.words.zh if grade else None,
            verdict=grade.verdict if grade else None,
            reasons=tuple(json.loads(row.reasons)) if row.reasons else (),
            followup=row.state,
            finding=row.finding,
            business=done if plain else done.model_copy(update={"case_number": None}),
        )


_AT_ONCE = 500


def _business(connection: sa.Connection, matters: Sequence[str]) -> dict[str, BusinessRecord]:
    """The business side of each matter that is a ticket or a submission (`ticket:<id>`, `submission:<id>`)."""
    by_id: dict[tuple[str, str], list[str]] = {}
    for matter in matters:
        kind, _, rest = matter.partition(":")
        by_id.setdefault((kind, rest.partition(":")[0]), []).append(matter)
    found: dict[str, BusinessRecord] = {}
    readers = {BusinessKind.TICKET: _tickets, BusinessKind.SUBMISSION: _submissions}
    for kind, reader in readers.items():
        ids = [one for known, one in by_id if known == kind.value]
        for begin in range(0, len(ids), _AT_ONCE):
            for one, record in reader(connection, ids[begin : begin + _AT_ONCE]):
                found.update(dict.fromkeys(by_id[kind.value, one], record))
    return found


def _tickets(connection: sa.Connection, ids: Sequence[str]) -> Iterator[tuple[str, BusinessRecord]]:
    columns = (tickets.c.ticket_id, tickets.c.status, tickets.c.ticket_class, tickets.c.issued, tickets.c.ended)
    for row in connection.execute(sa.select(*columns).where(tickets.c.ticket_id.in_(ids))):
        yield (
            row.ticket_id,
            BusinessRecord(
                kind=BusinessKind.TICKET,
                state=row.status,
                ticket_class=row.ticket_class,
                begun=_day(row.issued),
                ended=_day(row.ended) if row.ended else None,
            ),
        )


def _submissions(connection: sa.Connection, ids: Sequence[str]) -> Iterator[tuple[str, BusinessRecord]]:
    columns = (
        submissions.c.submission_id,
        submissions.c.state,
        submissions.c.cause_code,
        submissions.c.case_number,
        submissions.c.received,
        submissions.c.decided,
    )
    for row in connection.execute(sa.select(*columns).where(submissions.c.submission_id.in_(ids))):
        yield (
            row.submission_id,
            BusinessRecord(
                kind=BusinessKind.SUBMISSION,
                state=row.state,
                cause_code=row.cause_code,
                case_number=row.case_number,
                begun=_day(row.received),
                ended=_day(row.decided) if row.decided else None,
            ),
        )


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
