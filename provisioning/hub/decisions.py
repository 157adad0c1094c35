"""What a clerk decides about a submission, each exactly once and never over a colleague's head.

Accept 登记立案, one complete list of corrections 一次性告知补正 (登记立案规定 7), transfer to the competent court 移送.
Every function takes the `revision` the clerk was looking at; if somebody decided in between, ConflictError is raised
and nothing is changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.contract import SubmissionState
from kiosk.law import case_numbers
from provisioning.hub import journal
from provisioning.hub.deadlines import decision_due
from provisioning.hub.schema import case_events, submissions

COURT_CODE = re.compile(r"[\u4e00-\u9fff]{1,2}\d{0,4}")
MOST_CORRECTIONS = 60
LONGEST_TEXT = 2_000


class CaseEventKind(StrEnum):
    """One line of a matter's history."""

    ACCEPTED = "accepted"
    CORRECTION_REQUESTED = "correction_requested"
    CORRECTIONS_RECEIVED = "corrections_received"
    TRANSFERRED = "transferred"
    TRACK = "track"


class Track(StrEnum):
    """繁简分流: the procedure a triage officer 程序分流员 sends a matter to (S1-14). A proposal to the clerk, never a
    condition for registration."""

    MEDIATION = "mediation"  # 调解
    SMALL_CLAIMS = "small_claims"  # 小额诉讼
    SUMMARY = "summary"  # 简易程序
    ORDINARY = "ordinary"  # 普通程序


class Refusal(StrEnum):
    """Why a decision was not taken; the console has the words."""

    CASE_NUMBER = "case_number"
    CASE_NUMBER_TAKEN = "case_number_taken"
    NO_CORRECTIONS = "no_corrections"
    CORRECTIONS_TOO_LONG = "corrections_too_long"
    SECOND_LIST = "second_list"
    COURT = "court"
    SAME_COURT = "same_court"
    REASON = "reason"
    DATE = "date"


class DecisionRefusedError(Exception):
    """What was entered cannot be a decision."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class ConflictError(Exception):
    """Somebody else has changed the matter since it was shown."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, when, on what, and which revision of it they saw."""

    submission_id: str
    revision: int
    staff: str
    at: datetime


def accept(connection: sa.Connection, act: Act, case_number: str, note: str) -> str:
    """Register the matter under the number the court gave; returns the number as it is stored.

    Raises DecisionRefusedError, ConflictError.
    """
    try:
        number = case_numbers.parse(case_number).normalised
    except case_numbers.CaseNumberError as error:
        raise DecisionRefusedError(Refusal.CASE_NUMBER) from error
    taken = sa.select(submissions.c.submission_id).where(submissions.c.case_number == number)
    if connection.scalar(taken) is not None:
        raise DecisionRefusedError(Refusal.CASE_NUMBER_TAKEN)
    _change(
        connection,
        act,
        from_states=(SubmissionState.RECEIVED, SubmissionState.CORRECTION_REQUESTED),
        values={"state": SubmissionState.ACCEPTED.value, "decided": act.at, "case_number": number},
    )
    _record(connection, act, CaseEventKind.ACCEPTED, {"case_number": number, "note": _short(note)})
    return number


def request_corrections(connection: sa.Connection, act: Act, corrections: Sequence[str], note: str) -> None:
    """Send the one complete list of corrections.

    Raises DecisionRefusedError (also for a second list), ConflictError.
    """
    items = [item.strip() for item in corrections if item.strip()]
    if not items:
        raise DecisionRefusedError(Refusal.NO_CORRECTIONS)
    if len(items) > MOST_CORRECTIONS or any(len(item) > LONGEST_TEXT for item in items):
        raise DecisionRefusedError(Refusal.CORRECTIONS_TOO_LONG)
    given = sa.select(case_events.c.number).where(
        case_events.c.submission_id == act.submission_id,
        case_events.c.kind == CaseEventKind.CORRECTION_REQUESTED.value,
    )
    if connection.scalar(given) is not None and _revision(connection, act) == act.revision:
        raise DecisionRefusedError(Refusal.SECOND_LIST)
    _change(
        connection,
        act,
        from_states=(SubmissionState.RECEIVED,),
        values={"state": SubmissionState.CORRECTION_REQUESTED.value, "decided": act.at},
    )
    _record(connection, act, CaseEventKind.CORRECTION_REQUESTED, {"corrections": items, "note": _short(note)})


def corrections_received(connection: sa.Connection, act: Act, day: date) -> datetime:
    """The corrections came in on `day`: the seven days begin anew; returns their end. Raises DecisionRefusedError,
    ConflictError."""
    requested = connection.scalar(
        sa.select(sa.func.max(case_events.c.at)).where(
            case_events.c.submission_id == act.submission_id,
            case_events.c.kind == CaseEventKind.CORRECTION_REQUESTED.value,
        )
    )
    if requested is None:
        raise ConflictError
    if not requested.date() <= day <= act.at.astimezone(CHINA).date():
        raise DecisionRefusedError(Refusal.DATE)
    start = datetime.combine(day, time(), CHINA)
    due = decision_due(start)
    _change(
        connection,
        act,
        from_states=(SubmissionState.CORRECTION_REQUESTED,),
        values={
            "state": SubmissionState.RECEIVED.value,
            "decided": None,
            "clock_from": start,
            "decision_due": due,
        },
    )
    _record(connection, act, CaseEventKind.CORRECTIONS_RECEIVED, {"day": day.isoformat()})
    return due


def transfer(connection: sa.Connection, act: Act, court: str, reason: str) -> None:
    """Hand the matter to the court that has jurisdiction. Raises DecisionRefusedError, ConflictError."""
    code = court.strip()
    if not COURT_CODE.fullmatch(code):
        raise DecisionRefusedError(Refusal.COURT)
    if not reason.strip():
        raise DecisionRefusedError(Refusal.REASON)
    here = connection.scalar(
        sa.select(submissions.c.handling_court).where(submissions.c.submission_id == act.submission_id)
    )
    if code == here:
        raise DecisionRefusedError(Refusal.SAME_COURT)
    _change(
        connection,
        act,
        from_states=(SubmissionState.RECEIVED, SubmissionState.CORRECTION_REQUESTED),
        values={"state": SubmissionState.TRANSFERRED.value, "decided": act.at, "transferred_to": code},
    )
    _record(connection, act, CaseEventKind.TRANSFERRED, {"court": code, "note": _short(reason)})


def set_track(connection: sa.Connection, act: Act, track: Track) -> None:
    """Note the procedure proposed for the matter. Raises ConflictError."""
    _change(connection, act, from_states=tuple(SubmissionState), values={"track": track.value})
    _record(connection, act, CaseEventKind.TRACK, {"track": track.value})


def _revision(connection: sa.Connection, act: Act) -> int | None:
    return connection.scalar(sa.select(submissions.c.revision).where(submissions.c.submission_id == act.submission_id))


def _change(
    connection: sa.Connection,
    act: Act,
    *,
    from_states: Sequence[SubmissionState],
    values: Mapping[str, object],
) -> None:
    changed = connection.execute(
        sa.update(submissions)
        .where(
            submissions.c.submission_id == act.submission_id,
            submissions.c.revision == act.revision,
            submissions.c.state.in_([state.value for state in from_states]),
        )
        .values(dict(values) | {"revision": act.revision + 1})
    )
    if changed.rowcount == 0:
        raise ConflictError


def _record(connection: sa.Connection, act: Act, kind: CaseEventKind, detail: Mapping[str, object]) -> None:
    last = sa.select(sa.func.max(case_events.c.number)).where(case_events.c.submission_id == act.submission_id)
    connection.execute(
        sa.insert(case_events).values(
            submission_id=act.submission_id,
            number=(connection.scalar(last) or 0) + 1,
            kind=kind.value,
            at=act.at,
            staff=act.staff,
            detail=json.dumps(detail, ensure_ascii=False),
        )
    )
    journal.append(
        connection,
        chain=journal.STAFF_CHAIN,
        at=act.at,
        actor=act.staff,
        action=kind.value,
        subject=act.submission_id,
        detail={"revision": act.revision + 1},
    )


def _short(text: str) -> str:
    return text.strip()[:LONGEST_TEXT]
