"""Taking pages: under the camera, on the glass of a scanner, or many at once from its feeder."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kiosk.flow.effects import (
    CapturePage,
    CleanAgain,
    DropScratch,
    Effect,
    ExtendTime,
    KeepPage,
    ScanSheets,
    StartPreview,
    StopPreview,
    StopSheets,
)
from kiosk.flow.events import (
    AcceptPage,
    Back,
    Continue,
    Event,
    PageTaken,
    PictureFailed,
    RetakePage,
    TakePicture,
)
from kiosk.flow.filling import replace_evidence
from kiosk.flow.journey import Journey, Step, stay
from kiosk.flow.page_events import (
    ChooseSource,
    PageCleaned,
    PageSource,
    PageSpoiled,
    PageUnderstood,
    ScannerEnded,
    SheetScanned,
    StartScanner,
    StopScanner,
    SwitchAutoCapture,
    TurnPage,
)
from kiosk.flow.scanning import PageState, ScannerRun, heard, turned_further, without
from kiosk.flow.stage import Stage
from kiosk.flow.world import World
from kiosk.session.scratch import ScratchKey


def open_scan(journey: Journey, replaces: int | None = None) -> Step:
    """The way to camera and scanner; with `replaces` for that page of the open line again, one page at a time."""
    source = journey.scanning.source
    if replaces is not None and source is PageSource.FEEDER:
        source = PageSource.CAMERA
    scanning = replace(journey.scanning, source=source, replaces=replaces, run=None)
    return Step(journey.at(Stage.SCAN, scanning=scanning), _looking(source))


def scan(journey: Journey, event: Event, _: World) -> Step:
    """Page by page; each from camera and glass is shown, and kept only when the person accepts it. What the feeder
    brings is kept at once and looked through afterwards."""
    scanning = journey.scanning
    match event:
        case TakePicture() if _is_free(journey) and scanning.source is PageSource.CAMERA:
            return stay(replace(journey, capturing=True, notice=None), CapturePage())
        case PageTaken():
            return stay(_with_state(replace(journey, capturing=False, taken=event), event.key, event))
        case PictureFailed(failure):
            return stay(replace(journey, capturing=False, notice=failure))
        case AcceptPage() if journey.taken is not None:
            return _accepted(journey, journey.taken.key)
        case RetakePage() if journey.taken is not None:
            return _untaken(journey)
        case TurnPage() if journey.taken is not None:
            return _turned(journey, journey.taken.key)
        case SwitchAutoCapture(on):
            return stay(replace(journey, scanning=replace(scanning, auto=on)))
        case ChooseSource(source) if _is_free(journey) and source is not scanning.source:
            if source is PageSource.FEEDER and scanning.replaces is not None:
                return stay(journey)
            chosen = replace(journey, notice=None, scanning=replace(scanning, source=source, run=None))
            return Step(chosen, (*_looking_ended(scanning.source), *_looking(source)))
        case StartScanner() if _is_free(journey) and scanning.source is not PageSource.CAMERA:
            first = scanning.run.resumes_from if scanning.run is not None else 1
            run = ScannerRun(came=first - 1)
            return stay(replace(journey, scanning=replace(scanning, run=run)), ScanSheets(scanning.source, first))
        case StopScanner() if scanning.running:
            return stay(journey, StopSheets())
        case SheetScanned():
            return _sheet(journey, event)
        case ScannerEnded(reason) if scanning.run is not None:
            run = replace(scanning.run, ended=reason)
            return stay(replace(journey, scanning=replace(scanning, run=run)), ExtendTime())
        case Continue() if not _is_free(journey):
            return stay(journey)  # first keep it or throw it away: neither must happen unseen
        case Continue() | Back():
            return Step(_left(journey), leaving(journey))
        case _:
            return stay(journey)


def _is_free(journey: Journey) -> bool:
    """Whether no page is on its way or waits to be decided on."""
    return not journey.capturing and journey.taken is None and not journey.scanning.running


def leaving(journey: Journey) -> tuple[Effect, ...]:
    """What must be stopped and thrown away when camera and scanner are left."""
    stopping = (StopSheets(),) if journey.scanning.running else ()
    dropped = (DropScratch(journey.taken.key),) if journey.taken else ()
    return (*_looking_ended(journey.scanning.source), *stopping, *dropped)


def _left(journey: Journey) -> Journey:
    cleared = _forgotten(journey, journey.taken.key) if journey.taken is not None else journey
    scanning = replace(journey.scanning, replaces=None, run=None)
    return cleared.at(Stage.EVIDENCE_ITEM, taken=None, capturing=False, scanning=scanning)


def heard_of_page(journey: Journey, news: PageCleaned | PageSpoiled | PageUnderstood) -> Journey:
    """The journey after news of a page, wherever the person is meanwhile: at another page, or called to a window."""
    if journey.kept is not None:
        journey = replace(journey, kept=heard_of_page(journey.kept, news))
    if journey.draft is None:
        return journey
    return journey.with_draft(pages=heard(journey.draft.pages, news))


# -- one page


def _with_state(journey: Journey, key: ScratchKey, taken: PageTaken | None = None) -> Journey:
    flaws = taken.flaws if taken is not None else ()
    return journey.with_draft(pages={**journey.require_draft().pages, key: PageState(findings=flaws)})


def _forgotten(journey: Journey, key: ScratchKey) -> Journey:
    return journey.with_draft(pages=without(journey.require_draft().pages, (key,)))


def _accepted(journey: Journey, key: ScratchKey) -> Step:
    state = journey.require_draft().pages.get(key, PageState())
    if not state.can_be_kept:
        return stay(journey)
    index, line = journey.require_evidence()
    place = journey.scanning.replaces
    if place is None or place >= len(line.pages):
        kept = replace(line, pages=(*line.pages, key))
        return stay(replace(replace_evidence(journey, index, kept), taken=None), KeepPage(key))
    old = line.pages[place]
    kept = replace(line, pages=(*line.pages[:place], key, *line.pages[place + 1 :]))
    done = _left(_forgotten(replace(replace_evidence(journey, index, kept), taken=None), old))
    return Step(done, (*_looking_ended(journey.scanning.source), KeepPage(key), DropScratch(old)))


def _untaken(journey: Journey) -> Step:
    if journey.taken is None:
        return stay(journey)
    key = journey.taken.key
    again = replace(_forgotten(journey, key), taken=None, scanning=replace(journey.scanning, run=None))
    return stay(again, DropScratch(key))


def _turned(journey: Journey, key: ScratchKey) -> Step:
    state = journey.require_draft().pages.get(key, PageState())
    if state.waiting or state.spoiled is not None:
        return stay(journey)
    states = {**journey.require_draft().pages, key: replace(state, waiting=True)}
    return stay(journey.with_draft(pages=states), CleanAgain(key, turned_further(state.turned)))


def _sheet(journey: Journey, event: SheetScanned) -> Step:
    """A page from the glass is looked at first; those of the feeder are kept as they come."""
    came = replace(journey.scanning, run=replace(journey.scanning.run or ScannerRun(), came=event.number))
    here = _with_state(replace(journey, scanning=came), event.key)
    match came.source:
        case PageSource.FLATBED if journey.taken is None:
            return stay(replace(here, taken=PageTaken(event.key, found=True)))
        case PageSource.FEEDER:
            index, line = journey.require_evidence()
            kept = replace(line, pages=(*line.pages, event.key))
            # Paper that goes in is somebody standing there, who has nothing to touch meanwhile.
            return stay(replace_evidence(here, index, kept), KeepPage(event.key), ExtendTime())
        case PageSource.FLATBED | PageSource.CAMERA:
            return stay(journey, DropScratch(event.key))  # from a run that was left
        case _:
            assert_never(came.source)


def _looking(source: PageSource) -> tuple[Effect, ...]:
    return (StartPreview(),) if source is PageSource.CAMERA else ()


def _looking_ended(source: PageSource) -> tuple[Effect, ...]:
    return (StopPreview(),) if source is PageSource.CAMERA else ()
