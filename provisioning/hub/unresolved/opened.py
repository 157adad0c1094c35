"""The person's own words: opened for whoever deals with the report, written down each time, erased in the end (N10;
个人信息保护法 19, 47)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from kiosk.court.sealing import CourtPrivateKey, SealRefusedError, unseal_text
from provisioning.hub import journal
from provisioning.hub.unresolved.reports import Report, Viewer, find
from provisioning.hub.unresolved.rules import UnresolvedRules
from provisioning.hub.unresolved.schema import unresolved_reports, unresolved_sealed
from provisioning.hub.unresolved.states import OPEN


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report with the words. They are None where there are none, where they were erased, and where they do not open
    (`damaged`)."""

    report: Report
    account: str | None
    call_back: str | None
    damaged: bool


def open_report(
    connection: sa.Connection, key: CourtPrivateKey, report_id: UUID, *, viewer: Viewer, now: datetime
) -> OpenedReport:
    """Report and words; the journal says who looked. Raises LookupError where there is none that `viewer` may see."""
    report = find(connection, report_id, viewer)
    if report is None:
        raise LookupError("there is no such report")
    journal.append(
        connection,
        chain=journal.STAFF_CHAIN,
        at=now,
        actor=viewer.staff,
        action="unresolved_opened",
        subject=report.number,
    )
    sealed = connection.execute(
        sa.select(unresolved_sealed.c.account_sealed, unresolved_sealed.c.call_back_sealed).where(
            unresolved_sealed.c.report_id == str(report_id)
        )
    ).first()
    if sealed is None:
        return OpenedReport(report, None, None, damaged=False)
    account, account_damaged = _plain(sealed.account_sealed, key)
    call_back, call_back_damaged = _plain(sealed.call_back_sealed, key)
    return OpenedReport(report, account, call_back, account_damaged or call_back_damaged)


def erase_sealed(connection: sa.Connection, rules: UnresolvedRules, *, now: datetime) -> int:
    """Erase the words of settled reports that are older than the court keeps them; how many. The report stays."""
    still_open = (
        sa.select(unresolved_reports.c.report_id)
        .where(
            unresolved_reports.c.report_id == unresolved_sealed.c.report_id,
            unresolved_reports.c.state.in_(sorted(state.value for state in OPEN)),
        )
        .exists()
    )
    erased = connection.execute(
        sa.delete(unresolved_sealed).where(unresolved_sealed.c.received < now - rules.sealed_keep, ~still_open)
    ).rowcount
    journal.note_erased(connection, action="unresolved_texts_erased", subject="unresolved", count=erased, at=now)
    return erased


def _plain(sealed: str | None, key: CourtPrivateKey) -> tuple[str | None, bool]:
    if not sealed:
        return None, False
    try:
        return unseal_text(sealed, key), False
    except SealRefusedError:
        return None, True
