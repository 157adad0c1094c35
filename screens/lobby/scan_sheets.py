"""Pages from the scanner: what to do with the paper, how far the run is, and how it ended."""

from __future__ import annotations

from kivy.uix.widget import Widget

from drivers.api.records import ScanEnd
from kiosk.flow.journey import Journey
from kiosk.flow.page_events import PageSource, StartScanner, StopScanner
from kiosk.flow.scanning import INTERRUPTED, ScannerRun
from screens.components import ButtonStyle, Icon, Notice, NoticeKind, Spinner, Words, words
from screens.lobby.scan_taken import page_button, scan_button
from screens.lobby.screen import ScreenContext

_KINDS = {
    ScanEnd.COMPLETE: NoticeKind.SUCCESS,
    ScanEnd.LIMIT: NoticeKind.INFO,
    ScanEnd.CANCELLED: NoticeKind.INFO,
    ScanEnd.EMPTY: NoticeKind.INFO,
}


def said_of_run(context: ScreenContext, journey: Journey) -> list[Widget]:
    """What to do with the paper, how many pages came, or why no more come."""
    ui, scanning = context.ui, journey.scanning
    run = scanning.run
    if run is None:
        return [Notice(ui, words(f"lobby.scan.hint_{scanning.source.value}"), framed=False)]
    if run.ended is None:
        return [Spinner(ui, words("lobby.scan.running", pages=run.came))]
    return [Notice(ui, ended_words(run), kind=_KINDS.get(run.ended, NoticeKind.WARNING))]


def ended_words(run: ScannerRun) -> Words:
    """Why a run ended, and with which page to go on."""
    reason = run.ended if run.ended is not None else ScanEnd.COMPLETE
    return words(f"lobby.scanner.ended.{reason.value}", pages=run.came, next=run.came + 1)


def run_buttons(context: ScreenContext, journey: Journey) -> list[Widget]:
    """Start, go on, or stop."""
    run = journey.scanning.run
    if run is not None and run.ended is None:
        return [scan_button(context, "stop", Icon.CROSS, ButtonStyle.SECONDARY, StopScanner())]
    goes_on = run is not None and run.ended in INTERRUPTED and journey.scanning.source is PageSource.FEEDER
    first = run.resumes_from if run is not None else 1
    text = words("lobby.scan.resume", next=first) if goes_on else words("lobby.scan.start")
    return [page_button(context, "scan.start", text, Icon.DOCUMENT, StartScanner(), style=ButtonStyle.PRIMARY)]
