"""A hub's database that takes reports, with a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from kiosk.clock import CHINA, ManualClock
from kiosk.court.sealing import CourtPrivateKey, CourtPublicKey, seal_text
from kiosk.court.unresolved import (
    UnresolvedChannel,
    UnresolvedKind,
    UnresolvedPlace,
    UnresolvedReport,
    UnresolvedTaken,
)
from kiosk.court.uuid7 import uuid7
from provisioning.hub.engine import Database
from provisioning.hub.unresolved import reports
from provisioning.hub.unresolved.reports import Act, Report, Viewer, Wanted
from provisioning.hub.unresolved.rules import UnresolvedRules
from provisioning.hub.unresolved.states import ReportState
from provisioning.hub.unresolved.taking import take
from provisioning.hub.writer import Writer

T = TypeVar("T")

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
"""A Monday."""

COURT = "吉2401"
LEADER = Viewer("示例主任", COURT)
ACCOUNT = "材料退了三次，每次要的都不一样"
CALL_BACK = "李示例 13800000000"


def make_report(key: CourtPublicKey | None, at: datetime, **changes: object) -> UnresolvedReport:
    """A report about window 3, made at a terminal; with a `key` it carries words and a wish to be called back."""

    def sealed(text: str) -> str | None:
        return seal_text(text, key) if key else None

    values: dict[str, object] = {
        "request_id": uuid7(at),
        "terminal": "DEV01",
        "kind": UnresolvedKind.SENT_BACK,
        "account_sealed": sealed(ACCOUNT),
        "place": UnresolvedPlace.WINDOW,
        "window": "3",
        "happened": at.astimezone(CHINA).date(),
        "reported": at,
        "channel": UnresolvedChannel.KIOSK,
        "call_back_sealed": sealed(CALL_BACK),
    }
    return UnresolvedReport.model_validate(values | changes)


@dataclass
class Office:
    """What the tests of reports work with."""

    database: Database
    writer: Writer
    sealing: CourtPrivateKey
    clock: ManualClock
    rules: UnresolvedRules = field(default_factory=UnresolvedRules)

    def run(self, job: Callable[[sa.Connection], T]) -> T:
        """A job of the writer."""
        return self.writer.submit(job).result(60)

    def read(self, query: Callable[[sa.Connection], T]) -> T:
        """A query."""
        with self.database.reading.connect() as connection:
            return query(connection)

    def take(self, report: UnresolvedReport | None = None, **changes: object) -> UnresolvedTaken:
        """Take in `report`, or a new one, from the terminal it names."""
        now = self.clock.now()
        given = report or make_report(self.sealing.public, now, **changes)
        return self.run(lambda c: take(c, self.rules, given, by=given.terminal, now=now))

    def held(self, report_id: UUID, viewer: Viewer = LEADER) -> Report:
        """The report as it stands."""
        found = self.read(lambda c: reports.find(c, report_id, viewer))
        assert found is not None
        return found

    def listed(self, wanted: Wanted | None = None, viewer: Viewer = LEADER) -> list[str]:
        """Numbers of the list, in its order."""
        found = self.read(lambda c: reports.listed(c, viewer, wanted or Wanted(), now=self.clock.now()))
        return [report.number for report in found]

    def step(
        self,
        report_id: UUID,
        to: ReportState,
        *,
        note: str = "已核实",
        promised: date | None = None,
        viewer: Viewer = LEADER,
    ) -> None:
        """Take a step as `viewer`. Raises ReportRefusedError, LookupError."""
        act = Act(report_id, self.held(report_id).revision, viewer, self.clock.now())
        self.run(lambda c: reports.advance(c, self.rules, act, to, note=note, promised=promised))
