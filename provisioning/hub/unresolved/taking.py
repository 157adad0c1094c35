"""Taking a report in: one number per request, without gaps but after a restore, however often it is sent
(及时受理)."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.unresolved import EarlierNumber, UnresolvedReport, UnresolvedTaken
from kiosk.law.workdays import ChinaCalendar
from provisioning.hub import journal
from provisioning.hub.queue.left_out import Restored, restored_from
from provisioning.hub.queue.policy import business_day
from provisioning.hub.ratings.rules import LAST_MOMENT, end_of_working_day
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
    again = _told_earlier(connection, report)
    day = again.day if again else business_day(now)
    serial = again.serial if again else 1 + _last_serial(connection, day)
    number = f"B{day:%Y%m%d}-{serial:03d}"
    due = end_of_working_day(now, rules.answer_days, ChinaCalendar())
    if again:
        due = min(due, again.due)
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
            due=due,
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


@dataclass(frozen=True, slots=True)
class _Told:
    """The number a person holds, and until when they were promised an answer."""

    day: date
    serial: int
    due: datetime


def _told_earlier(connection: sa.Connection, report: UnresolvedReport) -> _Told | None:
    """What the person was told before this hub was restored, where it can stand: the number is of a day since the
    backup, among those that were left out, and nobody else's."""
    restored = restored_from(connection)
    if report.earlier is None or restored is None:
        return None
    with contextlib.suppress(ValueError):  # the pattern lets through days that no month has
        return _free(connection, report.earlier, restored)
    return None


def _free(connection: sa.Connection, earlier: EarlierNumber, restored: Restored) -> _Told | None:
    day, serial = date.fromisoformat(earlier.number[1:9]), int(earlier.number[10:])
    columns = unresolved_reports.c
    in_backup = sa.select(sa.func.max(columns.serial)).where(columns.day == day, columns.received <= restored.finished)
    first = 1 + (connection.scalar(in_backup) or 0)
    taken = sa.select(columns.report_id).where(columns.day == day, columns.serial == serial)
    lost = business_day(restored.finished) <= day <= business_day(restored.at)
    left_out = first <= serial < first + restored.times * LEFT_OUT_AFTER_RESTORE
    if not (lost and left_out) or connection.scalar(taken) is not None:
        return None
    return _Told(day, serial, datetime.combine(earlier.answer_by, LAST_MOMENT, CHINA))


def _taken(report: UnresolvedReport, number: str, received: datetime, rules: UnresolvedRules) -> UnresolvedTaken:
    answer_by = end_of_working_day(received, rules.answer_days, ChinaCalendar()).astimezone(CHINA).date()
    if report.earlier is not None and report.earlier.number == number:
        answer_by = min(answer_by, report.earlier.answer_by)
    return UnresolvedTaken(request_id=report.request_id, number=number, received=received, answer_by=answer_by)
