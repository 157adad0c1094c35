"""Dealing with reports: the list, one report, and the steps the staff take (解答、说明原因并承诺时限、办结).

Whoever called people at the window a report is about, on the day it happened, or sat there last on that day, neither
sees the report nor acts on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.unresolved import (
    UnresolvedChannel,
    UnresolvedKind,
    UnresolvedPlace,
    reference_ending,
    report_reference,
)
from provisioning.hub import journal
from provisioning.hub.queue.schema import visits, windows
from provisioning.hub.ratings.rules import LAST_MOMENT
from provisioning.hub.unresolved.rules import UnresolvedRules
from provisioning.hub.unresolved.schema import unresolved_events, unresolved_reports
from provisioning.hub.unresolved.states import OPEN, ReportRefusal, ReportRefusedError, ReportState, next_states

LONGEST_NOTE = 2_000
LONGEST_LIST = 200

_S = ReportState


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who of the staff looks, and in which court's hall they serve."""

    staff: str
    court: str


@dataclass(frozen=True, slots=True)
class Report:
    """One report without the person's own words. `due` None: the court owes nothing any more."""

    report_id: UUID
    number: str
    terminal: str
    kind: UnresolvedKind
    place: UnresolvedPlace
    window: str | None
    service: str | None
    happened: date
    matter: str | None
    channel: UnresolvedChannel
    language: str
    received: datetime
    state: ReportState
    due: datetime | None
    promised: date | None
    promises: int
    call_back: bool
    revision: int

    @property
    def reference(self) -> str:
        """What the slip of the terminal says while there is no number; empty for what the staff entered."""
        return report_reference(self.report_id) if self.channel is not UnresolvedChannel.PAPER else ""

    def overdue(self, now: datetime) -> bool:
        """Whether its deadline has passed."""
        return self.due is not None and now > self.due

    def steps(self, now: datetime) -> tuple[ReportState, ...]:
        """Where it may go from here."""
        possible = next_states(self.state, overdue=self.overdue(now))
        return tuple(state for state in ReportState if state in possible)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of its history."""

    state: ReportState
    at: datetime
    staff: str
    note: str
    promised: date | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list. `states` empty: all. `number` is part of a number, or the reference of a terminal's slip.
    `only_overdue` as of now."""

    states: frozenset[ReportState] = OPEN
    kind: UnresolvedKind | None = None
    number: str = ""
    only_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """Who takes a step, when, and which revision of the report they saw."""

    report_id: UUID
    revision: int
    viewer: Viewer
    at: datetime


def advance(
    connection: sa.Connection,
    rules: UnresolvedRules,
    act: Act,
    to: ReportState,
    *,
    note: str = "",
    promised: date | None = None,
) -> None:
    """Take the step `to`. Each needs a note: the answer, the reason, or the result; PROMISED also needs a date from
    today on. Raises ReportRefusedError, LookupError for a report that is not there or not for this person."""
    held = find(connection, act.report_id, act.viewer)
    if held is None:
        raise LookupError("there is no such report")
    if held.revision != act.revision:
        raise ReportRefusedError(ReportRefusal.CONFLICT)
    if to not in held.steps(act.at):
        raise ReportRefusedError(ReportRefusal.STEP)
    note = note.strip()[:LONGEST_NOTE]
    if not note:
        raise ReportRefusedError(ReportRefusal.NOTE)
    values: dict[str, object] = {"state": to.value, "revision": held.revision + 1, "due": None}
    day: date | None = None
    if to is _S.PROMISED:
        day = _acceptable(promised, rules, act.at)
        due = datetime.combine(day, LAST_MOMENT, CHINA)
        values |= {"promised": day, "due": due, "promises": held.promises + 1, "alarmed": None}
    changed = connection.execute(
        sa.update(unresolved_reports)
        .where(unresolved_reports.c.report_id == str(act.report_id), unresolved_reports.c.revision == act.revision)
        .values(values)
    )
    if changed.rowcount == 0:
        raise ReportRefusedError(ReportRefusal.CONFLICT)
    connection.execute(
        sa.insert(unresolved_events).values(
            report_id=str(act.report_id),
            number=held.revision + 1,
            state=to.value,
            at=act.at,
            staff=act.viewer.staff,
            note=note,
            promised=day,
        )
    )
    journal.append(
        connection,
        chain=journal.STAFF_CHAIN,
        at=act.at,
        actor=act.viewer.staff,
        action=f"unresolved_{to.value}",
        subject=held.number,
        detail={"promised": day.isoformat()} if day else {},
    )


def _acceptable(promised: date | None, rules: UnresolvedRules, now: datetime) -> date:
    today = now.astimezone(CHINA).date()
    if promised is None:
        raise ReportRefusedError(ReportRefusal.DATE_MISSING)
    if promised < today:
        raise ReportRefusedError(ReportRefusal.DATE_PAST)
    if promised > today + timedelta(days=rules.longest_promise_days):
        raise ReportRefusedError(ReportRefusal.DATE_FAR)
    return promised


def find(connection: sa.Connection, report_id: UUID, viewer: Viewer) -> Report | None:
    """One report; None where there is none, or where it is not for `viewer`."""
    row = connection.execute(_visible(viewer).where(unresolved_reports.c.report_id == str(report_id))).first()
    return _report(row) if row else None


def just_taken(connection: sa.Connection, report_id: UUID) -> Report:
    """The report that was taken in a moment ago, for its notice, whoever took it in."""
    return _report(
        connection.execute(sa.select(unresolved_reports).where(unresolved_reports.c.report_id == str(report_id))).one()
    )


def listed(connection: sa.Connection, viewer: Viewer, wanted: Wanted, *, now: datetime) -> list[Report]:
    """The wanted reports that `viewer` may see, at most LONGEST_LIST: what is longest overdue first, then by deadline,
    then what is settled, newest first."""
    columns = unresolved_reports.c
    query = _visible(viewer)
    if wanted.states:
        query = query.where(columns.state.in_(sorted(state.value for state in wanted.states)))
    if wanted.kind is not None:
        query = query.where(columns.kind == wanted.kind.value)
    if wanted.number:
        named = columns.number.contains(wanted.number.upper(), autoescape=True)
        if ending := reference_ending(wanted.number):
            named |= columns.report_id.endswith(ending)
        query = query.where(named)
    if wanted.only_overdue:
        query = query.where(columns.due < now)
    settled = columns.due.is_(None)
    query = query.order_by(settled, columns.due, sa.case((settled, columns.received)).desc(), columns.received)
    return [_report(row) for row in connection.execute(query.limit(LONGEST_LIST))]


def count_overdue(connection: sa.Connection, viewer: Viewer, *, now: datetime) -> int:
    """How many that `viewer` may see are overdue."""
    columns = unresolved_reports.c
    query = sa.select(sa.func.count()).select_from(unresolved_reports).where(columns.due < now, ~_about(viewer))
    return connection.scalar(query) or 0


def history(connection: sa.Connection, report_id: UUID) -> list[Step]:
    """Every step of a report, oldest first."""
    events = unresolved_events
    query = sa.select(events).where(events.c.report_id == str(report_id)).order_by(events.c.number)
    return [Step(_S(row.state), row.at, row.staff, row.note, row.promised) for row in connection.execute(query)]


def _about(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Whether a report is about the window at which `viewer` served that day."""
    columns = unresolved_reports.c
    called = sa.exists().where(
        visits.c.court == viewer.court,
        visits.c.window == columns.window,
        visits.c.business_day == columns.happened,
        visits.c.staff == viewer.staff,
    )
    sat = sa.exists().where(
        windows.c.court == viewer.court,
        windows.c.window == columns.window,
        windows.c.business_day == columns.happened,
        windows.c.staff == viewer.staff,
    )
    return columns.window.is_not(None) & (called | sat)


def _visible(viewer: Viewer) -> sa.Select[Any]:
    return sa.select(unresolved_reports).where(~_about(viewer))


def _report(row: sa.Row[Any]) -> Report:
    return Report(
        report_id=UUID(row.report_id),
        number=row.number,
        terminal=row.terminal,
        kind=UnresolvedKind(row.kind),
        place=UnresolvedPlace(row.place),
        window=row.window,
        service=row.service,
        happened=row.happened,
        matter=row.matter,
        channel=UnresolvedChannel(row.channel),
        language=row.language,
        received=row.received,
        state=_S(row.state),
        due=row.due,
        promised=row.promised,
        promises=row.promises,
        call_back=row.call_back,
        revision=row.revision,
    )
