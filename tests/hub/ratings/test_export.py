"""What was done, joined with how it was rated (S2-14)."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from kiosk.court.rating import RatingOutcome
from kiosk.court.sealing import CourtPrivateKey, seal_text
from provisioning.hub.queue.schema import tickets
from provisioning.hub.ratings.export import (
    SCHEMA,
    BusinessKind,
    RatingExport,
    as_csv,
    make_export,
    schema_document,
)
from provisioning.hub.ratings.office import RatingOffice
from provisioning.hub.ratings.rules import MatterNames, RatingRules
from provisioning.hub.schema import submissions
from tests.hub.ratings.conftest import NOW, Court

DOCUMENT = Path(__file__).parents[3] / "docs" / "rating-export.schema.json"
SUBMISSION = "019aaf9e-0000-7000-8000-000000000001"


def export(court: Court, office: RatingOffice | None = None) -> RatingExport:
    """Today's."""
    day = NOW.date()
    return court.read(
        lambda c: make_export(c, office or court.office, court="吉2401", first=day, last=day, now=court.clock.now())
    )


def receive(court: Court) -> None:
    """A submission that was registered."""
    row = {column.name: None for column in submissions.columns}
    text = dict.fromkeys([column.name for column in submissions.columns if isinstance(column.type, sa.Text)], "x")
    row |= text | {
        "submission_id": SUBMISSION,
        "state": "accepted",
        "cause_code": "10301",
        "case_number": "（2026）吉2401民初88号",
        "sequence": 1,
        "received": NOW,
        "revision": 1,
        "clock_from": NOW,
        "decision_due": NOW,
        "decided": NOW + timedelta(days=1),
    }
    court.run(lambda c: c.execute(sa.insert(submissions).values(row)))


def test_a_rating_is_joined_with_its_matter(court: Court) -> None:
    """Grade, words and verdict stand beside cause and state of the submission; what was not rated is there as well."""
    receive(court)
    issued = court.invite(f"submission:{SUBMISSION}")
    court.answer(court.form(issued.token, 2, reasons=("slow", "rude")))
    court.answer(court.form(court.invite("window:1").token, None, outcome=RatingOutcome.DECLINED))
    court.invite("window:2")
    by_outcome = {record.outcome: record for record in export(court).records}
    rated = by_outcome[RatingOutcome.RATED]
    assert (rated.grade, rated.grade_name, rated.verdict, rated.reasons) == (2, "不满意", "bad", ("slow", "rude"))
    done = rated.business
    assert (done.kind, done.state, done.cause_code) == (BusinessKind.SUBMISSION, "accepted", "10301")
    assert (done.begun, done.ended) == (NOW.date(), NOW.date() + timedelta(days=1))
    assert rated.followup == "new"
    assert by_outcome[RatingOutcome.DECLINED].grade is None
    assert by_outcome[None].business.kind is BusinessKind.OTHER


def test_a_ticket_is_the_business_side_of_its_rating(court: Court) -> None:
    """Class, state and days of the ticket; each matter of a visit with several services finds the same ticket."""
    row = {column.name: None for column in tickets.columns}
    row |= dict.fromkeys([column.name for column in tickets.columns if isinstance(column.type, sa.Text)], "x")
    row |= dict.fromkeys([column.name for column in tickets.columns if isinstance(column.type, sa.Integer)], 1)
    moments = dict.fromkeys(("issued", "joined", "counts_from", "ended"), NOW)
    row |= moments | {"ticket_class": "enterprise", "status": "finished", "business_day": NOW.date()}
    row |= {"filing_while_waiting": False, "lease_id": None, "offline_order": None}
    court.run(lambda c: c.execute(sa.insert(tickets).values(row | {"ticket_id": SUBMISSION})))
    for matter in (f"ticket:{SUBMISSION}", f"ticket:{SUBMISSION}:2"):
        court.answer(court.form(court.invite(matter).token, 5))
    business = [record.business for record in export(court).records]
    assert [(one.kind, one.state, one.ticket_class) for one in business] == [
        (BusinessKind.TICKET, "finished", "enterprise")
    ] * 2
    assert business[0].begun == business[0].ended == NOW.date()


def test_who_is_not_named_is_not_found(court: Court) -> None:
    """N10: a digest for the matter and no case number, unless the person was named or the court's rules ask for it; no
    time finer than a day anywhere."""
    receive(court)
    matter = f"submission:{SUBMISSION}"
    court.answer(court.form(court.invite(matter).token, 4))
    key = CourtPrivateKey.generate().public
    court.answer(court.form(court.invite("window:9").token, 4, named_sealed=seal_text("李示例", key)))
    records = {record.matter_digest: record for record in export(court).records}
    assert records[True].matter == court.office.pseudonyms.of_matter(matter)
    assert records[True].business.case_number is None
    assert records[False].matter == "window:9"
    text = export(court).model_dump_json(exclude={"made"})
    assert matter not in text
    assert "09:30" not in text
    plain = RatingOffice(court.office.key, court.office.pseudonyms, RatingRules(export_matters=MatterNames.PLAIN))
    cases = {record.business.case_number for record in export(court, plain).records}
    assert cases == {None, "（2026）吉2401民初88号"}


def test_the_schema_is_published_and_held(court: Court) -> None:
    """docs/rating-export.schema.json is what an export follows; JSON reads back as it was, and says its version."""
    court.rate(5)
    made = export(court)
    assert json.loads(DOCUMENT.read_text(encoding="utf-8")) == schema_document()
    assert RatingExport.model_validate_json(made.model_dump_json()) == made
    assert json.loads(made.model_dump_json())["schema_name"] == SCHEMA


def test_csv_holds_the_same_and_no_formula(sqlite_court: Court) -> None:
    """One row per record, and no cell that a spreadsheet would run."""
    court = sqlite_court
    court.rate(5, service="=HYPERLINK(1)")
    court.rate(1, window="2")
    made = export(court)
    rows = list(csv.DictReader(io.StringIO(as_csv(made))))
    assert [row["matter"] for row in rows] == [record.matter for record in made.records]
    assert [row["grade"] for row in rows] == [str(record.grade) for record in made.records]
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
    assert {row["business_kind"] for row in rows} == {"other"}
