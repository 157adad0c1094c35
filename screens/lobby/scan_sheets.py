"""Pages from the scanner: what to do with the paper, how far the run is, and how it ended."""

from __future__ import annotations

from kivy.uix.widget import Widget

from drivers.api.records import ScanEnd
from kiosk.flow.journey import Journey
from kiosk.flow.page_events import PageSource, StartScanner, StopScanner
from kiosk.flow.scanning import INTERRUPTED, ScannerRun
from screens.components import Button, ButtonStyle, Icon, Notice, NoticeKind, Spinner, Words, words
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
    ui, run = context.ui, journey.scanning.run
    if run is not None and run.ended is None:
        return [
            Button(
                ui,
                name="scan.stop",
                text=words("lobby.scan.stop"),
                icon=Icon.CROSS,
                min_height_mm=18,
                on_press=context.send(StopScanner()),
            )
        ]
    goes_on = run is not None and run.ended in INTERRUPTED and journey.scanning.source is PageSource.FEEDER
    first = run.resumes_from if run is not None else 1
    return [
        Button(
            ui,
            name="scan.start",
            text=words("lobby.scan.resume", next=first) if goes_on else words("lobby.scan.start"),
            icon=Icon.DOCUMENT,
            style=ButtonStyle.PRIMARY,
            min_height_mm=18,
            on_press=context.send(StartScanner()),
        )
    ]
