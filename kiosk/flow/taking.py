"""Taking pages: under the camera, on the glass of a scanner, or many at once from its feeder."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from drivers.api.records import Flaw
from kiosk.flow.draft import EvidenceDraft
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
from kiosk.flow.filling import replace_evidence, without_empty_line
from kiosk.flow.journey import Journey, Step, stay
from kiosk.flow.page_events import (
    ChooseSource,
    KeepColours,
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
from kiosk.flow.scanning import Left, PageState, ScannerRun, heard, turned_further, without
from kiosk.flow.stage import Stage
from kiosk.flow.world import World
from kiosk.forms.answers import Answers
from kiosk.session.scratch import ScratchKey


def open_scan(journey: Journey, replaces: int | None = None) -> Step:
    """The way to camera and scanner; with `replaces` for that page of the open line again, one page at a time."""
    source = journey.scanning.source
    if replaces is not None and source is PageSource.FEEDER:
        source = PageSource.CAMERA
    scanning = replace(journey.scanning, source=source, replaces=replaces, run=None, left=None)
    return Step(journey.at(Stage.SCAN, scanning=scanning), _looking(source))


SCANNED_FIRST = frozenset({Stage.PLAINTIFF, Stage.ORGANISATION, Stage.MATERIALS, Stage.OTHERS})
"""Where a paper can be scanned before what stands on it is filled in."""


def may_scan_first(journey: Journey) -> bool:
    """Whether a paper can be scanned here first; nobody needs one to say who they are themselves."""
    if journey.stage not in SCANNED_FIRST or journey.draft is None:
        return False
    return journey.stage is not Stage.PLAINTIFF or journey.draft.represented.is_agent


def scan_first(journey: Journey) -> Step:
    """To camera and scanner with a new line of the evidence list, and back to this page."""
    lines = journey.require_draft().evidence
    opened = replace(journey.with_draft(evidence=(*lines, EvidenceDraft(Answers()))), open_evidence=len(lines))
    step = open_scan(opened)
    scanning = replace(step.journey.scanning, left=Left(journey.stage, journey.page))
    return replace(step, journey=replace(step.journey, scanning=scanning))


def scan(journey: Journey, event: Event, _: World) -> Step:
    """Page by page; each from camera and glass is shown, and kept only when the person accepts it. What the feeder
    brings is kept at once and looked through afterwards."""
    scanning = journey.scanning
    match event:
        case TakePicture() if _is_free(journey) and scanning.source is PageSource.CAMERA:
            return stay(replace(journey, capturing=True, notice=None), CapturePage())
        case PageTaken():
            return stay(with_state(replace(journey, capturing=False, taken=event), event.key, event.flaws))
        case PictureFailed(failure):
            return stay(replace(journey, capturing=False, notice=failure))
        case AcceptPage() if journey.taken is not None:
            return _accepted(journey, journey.taken.key)
        case RetakePage() if journey.taken is not None:
            return _untaken(journey)
        case TurnPage() if journey.taken is not None:
            return turned(journey, journey.taken.key)
        case KeepColours(on) if journey.taken is not None:
            return _in_colour(journey, journey.taken.key, on=on)
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
            return Step(left(journey), leaving(journey))
        case _:
            return stay(journey)


def _is_free(journey: Journey) -> bool:
    """Whether no page is on its way or waits to be decided on."""
    deciding = journey.taken is not None or journey.scanning.several is not None
    return not journey.capturing and not deciding and not journey.scanning.running


def leaving(journey: Journey) -> tuple[Effect, ...]:
    """What must be stopped and thrown away when camera and scanner are left."""
    stopping = (StopSheets(),) if journey.scanning.running else ()
    dropped = tuple(DropScratch(key) for key in _undecided(journey))
    return (*_looking_ended(journey.scanning.source), *stopping, *dropped)


def _undecided(journey: Journey) -> tuple[ScratchKey, ...]:
    """What was taken and is neither kept nor thrown away."""
    if journey.scanning.several is not None:
        return journey.scanning.several.keys
    return (journey.taken.key,) if journey.taken is not None else ()


def left(journey: Journey) -> Journey:
    """The journey behind camera and scanner: at the open line, or where the person came from."""
    cleared = forgotten(journey, *_undecided(journey))
    came_from = journey.scanning.left
    done = replace(cleared, taken=None, capturing=False)
    done = replace(done, scanning=replace(done.scanning, replaces=None, run=None, left=None, several=None))
    if came_from is None:
        return done.at(Stage.EVIDENCE_ITEM)
    return without_empty_line(done).at(came_from.stage, page=came_from.page, open_evidence=None)


def heard_of_page(journey: Journey, news: PageCleaned | PageSpoiled | PageUnderstood) -> Journey:
    """The journey after news of a page, wherever the person is meanwhile: at another page, or called to a window."""
    if journey.kept is not None:
        journey = replace(journey, kept=heard_of_page(journey.kept, news))
    if journey.draft is None:
        return journey
    return journey.with_draft(pages=heard(journey.draft.pages, news))


# -- one page


def with_state(journey: Journey, key: ScratchKey, flaws: tuple[Flaw, ...] = ()) -> Journey:
    """The journey with a page that is on its way; `flaws` is what the camera saw on it."""
    return journey.with_draft(pages={**journey.require_draft().pages, key: PageState(findings=flaws)})


def forgotten(journey: Journey, *keys: ScratchKey) -> Journey:
    """The journey without what is known of these pages."""
    return journey.with_draft(pages=without(journey.require_draft().pages, keys)) if keys else journey


def _accepted(journey: Journey, key: ScratchKey) -> Step:
    state = journey.require_draft().pages.get(key, PageState())
    return kept(replace(journey, taken=None), (key,)) if state.can_be_kept else stay(journey)


def kept(journey: Journey, keys: tuple[ScratchKey, ...]) -> Step:
    """These pages go into the open line, in the place of the one that is scanned again where there is one."""
    index, line = journey.require_evidence()
    place = journey.scanning.replaces
    keeping = tuple(KeepPage(key) for key in keys)
    if place is None or place >= len(line.pages):
        return stay(replace_evidence(journey, index, replace(line, pages=(*line.pages, *keys))), *keeping)
    old = line.pages[place]
    pages = (*line.pages[:place], *keys, *line.pages[place + 1 :])
    done = left(forgotten(replace_evidence(journey, index, replace(line, pages=pages)), old))
    return Step(done, (*_looking_ended(journey.scanning.source), *keeping, DropScratch(old)))


def _untaken(journey: Journey) -> Step:
    if journey.taken is None:
        return stay(journey)
    key = journey.taken.key
    again = replace(forgotten(journey, key), taken=None, scanning=replace(journey.scanning, run=None))
    return stay(again, DropScratch(key))


def turned(journey: Journey, key: ScratchKey) -> Step:
    """The page is made anew a quarter further to the right, once it is made."""
    state = journey.require_draft().pages.get(key, PageState())
    if state.waiting or state.spoiled is not None:
        return stay(journey)
    states = {**journey.require_draft().pages, key: replace(state, waiting=True)}
    return stay(journey.with_draft(pages=states), CleanAgain(key, turned_further(state.turned), state.kind))


def _in_colour(journey: Journey, key: ScratchKey, *, on: bool) -> Step:
    state = journey.require_draft().pages.get(key, PageState())
    if state.waiting or state.spoiled is not None or state.in_colour is on:
        return stay(journey)
    wanted = replace(state, waiting=True, in_colour=on)
    pages = {**journey.require_draft().pages, key: wanted}
    return stay(journey.with_draft(pages=pages), CleanAgain(key, None, wanted.kind))


def _sheet(journey: Journey, event: SheetScanned) -> Step:
    """A page from the glass is looked at first; those of the feeder are kept as they come."""
    came = replace(journey.scanning, run=replace(journey.scanning.run or ScannerRun(), came=event.number))
    here = with_state(replace(journey, scanning=came), event.key)
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
