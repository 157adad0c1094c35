"""The notice (告知单) a person takes home: number, what they reported, and what the court answers or promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from kiosk.clock import CHINA
from kiosk.court.unresolved import UnresolvedPlace
from kiosk.i18n import Language, tr
from provisioning.hub.data import CourtProfile
from provisioning.hub.queue.config import QueueConfiguration
from provisioning.hub.unresolved.opened import OpenedReport
from provisioning.hub.unresolved.reports import Report, Step
from provisioning.hub.unresolved.states import ReportState


@dataclass(frozen=True, slots=True)
class Notice:
    """The court's name, title and lines, in the person's language."""

    language: Language
    court: str
    title: str
    lines: tuple[str, ...]


def place_words(report: Report, configuration: QueueConfiguration, language: Language) -> str:
    """Where it happened, with the window's number or the service's name."""
    match report.place:
        case UnresolvedPlace.WINDOW:
            return tr("unresolved.notice.window", language, window=report.window or "")
        case UnresolvedPlace.SERVICE:
            service = configuration.by_service.get(report.service or "")
            return str(getattr(service.names, language.value)) if service else report.service or ""
        case UnresolvedPlace.TERMINAL | UnresolvedPlace.PHONE | UnresolvedPlace.ONLINE | UnresolvedPlace.ELSEWHERE:
            return tr(f"unresolved.place.{report.place.value}", language)
        case _:
            assert_never(report.place)


def notice(
    opened: OpenedReport, steps: Sequence[Step], configuration: QueueConfiguration, court: CourtProfile
) -> Notice:
    """What is printed for the person as the report stands after `steps`; what the staff wrote, as they wrote it."""
    report, language = opened.report, Language(opened.report.language)

    def line(key: str, **values: object) -> str:
        return tr(f"unresolved.notice.{key}", language, **values)

    lines = [
        line("number", number=report.number),
        line("received", at=report.received.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")),
        line("what", kind=tr(f"unresolved.kind.{report.kind.value}", language)),
        line("where", place=place_words(report, configuration, language)),
        line("when", day=report.happened.isoformat()),
    ]
    if opened.account:
        lines.append(line("words", account=opened.account))
    last = steps[-1]
    match report.state:
        case ReportState.RECEIVED:
            if report.due is not None:
                lines.append(line("answer_by", day=report.due.astimezone(CHINA).date().isoformat()))
        case ReportState.ANSWERED_AT_ONCE:
            lines.append(line("answer", note=last.note))
        case ReportState.PROMISED:
            lines.append(line("reason", note=last.note))
            lines.append(line("promised", day=report.promised.isoformat() if report.promised else ""))
        case ReportState.DONE:
            lines.append(line("result", note=last.note))
        case _:
            assert_never(report.state)
    if report.due is not None:
        lines.append(line("keep"))
    return Notice(language, court.name_in(language), line("title"), tuple(lines))
