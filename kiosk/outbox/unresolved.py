"""Reports of what could not be got done (办不成事) on this terminal: durable before anybody is thanked (S2-11).

    WAITING --hub gave it a number--> DELIVERED
       +-----hub will never take it---> REFUSED, which stays for a person to look at

A report is erased here once it lies in a backup of the hub; a hub that was restored from an earlier one is brought it
again, with the number the person holds. The number is remembered for a day, should the window ask again. What a person
wrote stands in a report only sealed to the court's key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from kiosk.audit.journal import AuditKind, append
from kiosk.court.canonical import canonical_json
from kiosk.court.unresolved import EarlierNumber, UnresolvedReport, UnresolvedTaken
from kiosk.outbox.ratings import Backlog
from kiosk.outbox.schema import unresolved_report as table

FORGET_AFTER = timedelta(days=1)
"""How long the number of a delivered report is remembered."""


class ReportState(StrEnum):
    """Where a report stands on this terminal."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class HeldReport:
    """One report. `number` and `answer_by` are the hub's word, empty and None before it."""

    report_id: UUID
    kept_at: datetime
    state: ReportState
    number: str
    answer_by: date | None


@dataclass(frozen=True, slots=True)
class WaitingReport:
    """One report on its way to the hub. What a hub said before it was restored stands in the report as `earlier`."""

    report_id: UUID
    report: UnresolvedReport


def keep(connection: sa.Connection, report: UnresolvedReport, now: datetime) -> HeldReport:
    """Keep `report` for good; one of that id that is here already stays as it is."""
    known = find(connection, report.request_id)
    if known is not None:
        return known
    _forget(connection, now)
    connection.execute(
        table.insert().values(
            report_id=str(report.request_id),
            arrival=(connection.execute(sa.select(sa.func.max(table.c.arrival))).scalar() or 0) + 1,
            kept_at=now.isoformat(),
            state=ReportState.WAITING.value,
            report=canonical_json(report),
            number="",
            answer_by="",
        )
    )
    append(connection, now, AuditKind.UNRESOLVED_KEPT, {"report": str(report.request_id)})
    return HeldReport(report.request_id, now, ReportState.WAITING, "", None)


def find(connection: sa.Connection, report_id: UUID) -> HeldReport | None:
    """The report of that id, if it is here."""
    row = connection.execute(sa.select(table).where(table.c.report_id == str(report_id))).first()
    if row is None:
        return None
    return HeldReport(
        UUID(row.report_id),
        datetime.fromisoformat(row.kept_at),
        ReportState(row.state),
        row.number,
        date.fromisoformat(row.answer_by) if row.answer_by else None,
    )


def waiting(connection: sa.Connection, limit: int) -> list[WaitingReport]:
    """Reports the hub does not have, in the order they were kept."""
    rows = connection.execute(
        sa.select(table.c.report_id, table.c.report, table.c.number, table.c.answer_by)
        .where(_is(ReportState.WAITING))
        .order_by(table.c.arrival)
        .limit(limit)
    )
    return [_to_send(*row) for row in rows]


def _to_send(report_id: str, stored: bytes, number: str, answer_by: str) -> WaitingReport:
    report = UnresolvedReport.model_validate_json(stored)
    if number:
        earlier = EarlierNumber(number=number, answer_by=date.fromisoformat(answer_by))
        report = report.model_copy(update={"earlier": earlier})
    return WaitingReport(UUID(report_id), report)


def delivered(connection: sa.Connection, taken: UnresolvedTaken, now: datetime) -> None:
    """The hub has it, under this number."""
    if _settle(
        connection,
        taken.request_id,
        ReportState.DELIVERED,
        number=taken.number,
        answer_by=taken.answer_by.isoformat(),
    ):
        detail = {"report": str(taken.request_id), "number": taken.number}
        append(connection, now, AuditKind.UNRESOLVED_DELIVERED, detail)


def refused(connection: sa.Connection, report_id: UUID, reason: str, now: datetime) -> None:
    """The hub will never take it."""
    if _settle(connection, report_id, ReportState.REFUSED):
        append(connection, now, AuditKind.UNRESOLVED_REFUSED, {"report": str(report_id), "reason": reason[:200]})


def backlog(connection: sa.Connection) -> Backlog:
    """How many the hub does not have, and since when."""
    oldest = sa.select(table.c.kept_at).where(_is(ReportState.WAITING)).order_by(table.c.arrival).limit(1)
    since = connection.execute(oldest).scalar()
    return Backlog(
        _count(connection, ReportState.WAITING),
        datetime.fromisoformat(since) if since else None,
        _count(connection, ReportState.REFUSED),
    )


def _is(state: ReportState) -> sa.ColumnElement[bool]:
    return table.c.state == state.value


def _count(connection: sa.Connection, state: ReportState) -> int:
    return connection.execute(sa.select(sa.func.count(table.c.state)).where(_is(state))).scalar_one()


def _settle(connection: sa.Connection, report_id: UUID, state: ReportState, **values: object) -> bool:
    chosen = table.c.report_id == str(report_id), _is(ReportState.WAITING)
    return bool(connection.execute(table.update().where(*chosen).values(state=state.value, **values)).rowcount)


def _forget(connection: sa.Connection, now: datetime) -> None:
    """The numbers of reports that have long been safe; the last arrival stays, so that their order goes on."""
    chosen = _is(ReportState.DELIVERED), table.c.report.is_(None)
    rows = connection.execute(sa.select(table.c.report_id, table.c.kept_at).where(*chosen)).all()
    old = [row.report_id for row in rows if datetime.fromisoformat(row.kept_at) + FORGET_AFTER < now]
    if old:
        connection.execute(table.delete().where(table.c.report_id.in_(old)))
