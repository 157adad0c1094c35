"""What a person at a terminal may learn of their own matters ("my case"), by receipt number or identity number."""

from __future__ import annotations

import json

import sqlalchemy as sa

from kiosk.court.contract import CaseList, CaseQuery, CaseStatus, SubmissionState
from kiosk.court.sealing import CourtPrivateKey, SealRefusedError, unseal_text
from provisioning.hub.decisions import CaseEventKind
from provisioning.hub.personal import PersonalIndex
from provisioning.hub.schema import case_events, identity_index, submissions

MOST = 50
LONGEST_NUMBER = 256


class QueryRefusedError(Exception):
    """The query is not one of the two kinds, or its sealed number does not open."""


def find_cases(
    connection: sa.Connection, query: CaseQuery, *, key: CourtPrivateKey, personal: PersonalIndex
) -> CaseList:
    """The matters asked for, newest first, at most 50. Raises QueryRefusedError."""
    match query:
        case CaseQuery(receipt_no=str() as receipt_no, identity_sealed=None):
            chosen = submissions.c.receipt_no == receipt_no
        case CaseQuery(receipt_no=None, identity_sealed=str() as sealed):
            mac = personal.mac(open_number(sealed, key))
            chosen = submissions.c.submission_id.in_(
                sa.select(identity_index.c.submission_id).where(identity_index.c.mac == mac)
            )
        case _:
            raise QueryRefusedError("give a receipt number or a sealed identity number, not both")
    rows = connection.execute(
        sa.select(submissions).where(chosen).order_by(submissions.c.received.desc()).limit(MOST)
    ).all()
    return CaseList(cases=tuple(_status(connection, row) for row in rows))


def open_number(sealed: str, key: CourtPrivateKey) -> str:
    """The identity number that a terminal sealed (base64). Raises QueryRefusedError."""
    try:
        number = unseal_text(sealed, key)
    except SealRefusedError as error:
        raise QueryRefusedError("the sealed identity number does not open") from error
    if not number or len(number) > LONGEST_NUMBER:
        raise QueryRefusedError("the sealed identity number does not open")
    return number


def _status(connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> CaseStatus:
    corrections: tuple[str, ...] = ()
    note = ""
    events = sa.select(case_events.c.kind, case_events.c.detail).where(
        case_events.c.submission_id == row.submission_id,
        case_events.c.kind.in_([kind.value for kind in CaseEventKind if kind is not CaseEventKind.TRACK]),
    )
    for event in connection.execute(events.order_by(case_events.c.number)):
        detail = json.loads(event.detail)
        corrections = tuple(detail.get("corrections", corrections))
        note = detail.get("note", note)
    return CaseStatus(
        receipt_no=row.receipt_no,
        state=SubmissionState(row.state),
        cause_name=row.cause_name or row.cause_code,
        handling_court=row.handling_court,
        competent_court=row.transferred_to or row.competent_court,
        received=row.received,
        decision_due=row.decision_due,
        decided=row.decided,
        case_number=row.case_number,
        corrections=corrections,
        note=note,
    )
