"""Taking a report in: one number per request, without gaps but after a restore, however often it is sent
(及时受理)."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.unresolved import UnresolvedReport, UnresolvedTaken
from kiosk.law.workdays import ChinaCalendar
from provisioning.hub import journal
from provisioning.hub.queue.left_out import restored_from
from provisioning.hub.queue.policy import business_day
from provisioning.hub.ratings.rules import end_of_working_day
from provisioning.hub.turns import Turn, take_turn
from provisioning.hub.unresolved.rules import UnresolvedRules
from provisioning.hub.unresolved.schema import unresolved_events, unresolved_reports, unresolved_sealed
from provisioning.hub.unresolved.states import ReportState

LEFT_OUT_AFTER_RESTORE = 50
"""More reports than a court takes in between two backups; their numbers are on notices that people hold."""


class OtherTerminalError(Exception):
    """This request_id stands for a report of another terminal. Nothing was changed."""


def take(
    connection: sa.Connection, rules: UnresolvedRules, report: UnresolvedReport, *, by: str, now: datetime
) -> UnresolvedTaken:
    """Hold `report`; the same again changes nothing and gets the same number. `by` is the terminal, or who of the staff
    entered it. Raises OtherTerminalError."""
    take_turn(connection, Turn.UNRESOLVED_NUMBERS)
    report_id, columns = str(report.request_id), unresolved_reports.c
    known = connection.execute(
        sa.select(columns.number, columns.received, columns.terminal).where(columns.report_id == report_id)
    ).first()
    if known is not None:
        if known.terminal != report.terminal:
            raise OtherTerminalError
        return _taken(report, known.number, known.received, rules)
    day = business_day(now)
    serial = 1 + _last_serial(connection, day)
    number = f"B{day:%Y%m%d}-{serial:03d}"
    connection.execute(
        sa.insert(unresolved_reports).values(
            report_id=report_id,
            number=number,
            day=day,
            serial=serial,
            terminal=report.terminal,
            kind=report.kind.value,
            place=report.place.value,
            window=report.window,
            service=report.service,
            happened=report.happened,
            matter=report.matter,
            channel=report.channel.value,
            language=report.language,
            received=now,
            state=ReportState.RECEIVED.value,
            due=end_of_working_day(now, rules.answer_days, ChinaCalendar()),
            promises=0,
            call_back=report.call_back_sealed is not None,
            revision=1,
        )
    )
    if report.account_sealed or report.call_back_sealed:
        connection.execute(
            sa.insert(unresolved_sealed).values(
                report_id=report_id,
                received=now,
                account_sealed=report.account_sealed,
                call_back_sealed=report.call_back_sealed,
            )
        )
    connection.execute(
        sa.insert(unresolved_events).values(
            report_id=report_id, number=1, state=ReportState.RECEIVED.value, at=now, staff=by, note=""
        )
    )
    staff = by != report.terminal
    journal.append(
        connection,
        chain=journal.STAFF_CHAIN if staff else journal.terminal_chain(report.terminal),
        at=now,
        actor=by,
        action="unresolved_received",
        subject=number,
        detail={"kind": report.kind.value, "channel": report.channel.value},
    )
    return _taken(report, number, now, rules)


def _last_serial(connection: sa.Connection, day: date) -> int:
    """The last serial of `day`; after a restore, one beyond those that reports since the backup may have."""
    columns = unresolved_reports.c
    of_day = sa.select(sa.func.max(columns.serial)).where(columns.day == day)
    last: int = connection.scalar(of_day) or 0
    restored = restored_from(connection)
    if restored is None or business_day(restored.at) != day:
        return last
    in_backup: int = connection.scalar(of_day.where(columns.received <= restored.finished)) or 0
    return max(last, in_backup + restored.times * LEFT_OUT_AFTER_RESTORE)


def _taken(report: UnresolvedReport, number: str, received: datetime, rules: UnresolvedRules) -> UnresolvedTaken:
    due = end_of_working_day(received, rules.answer_days, ChinaCalendar())
    return UnresolvedTaken(
        request_id=report.request_id, number=number, received=received, answer_by=due.astimezone(CHINA).date()
    )
