"""Several things in one picture: a page each, all on one page, or one page as they lie. The person decides."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import taking
from kiosk.flow.effects import CleanWhole, DropScratch, LayTogether
from kiosk.flow.events import AcceptPage, Continue, Event, PageTaken, RetakePage
from kiosk.flow.journey import Journey, Step, stay
from kiosk.flow.page_events import PageSource, TurnPage
from kiosk.flow.scanning import PageState, ScannerRun, turned_further
from kiosk.flow.several_events import (
    ChooseAgain,
    LeaveOutItem,
    Several,
    SeveralTaken,
    ShowItem,
    TakeAsItLies,
    TakeSeparately,
    TakeTogether,
)
from kiosk.flow.world import World
from kiosk.session.scratch import ScratchKey


def scan(journey: Journey, event: Event, world: World) -> Step:
    """Camera and scanner, and several things before them."""
    if isinstance(event, SeveralTaken):
        return _arrived(journey, event)
    several = journey.scanning.several
    if several is None:
        return taking.scan(journey, event, world)
    if several.together:
        return _one_page(journey, several, event, world)
    match event:
        case ShowItem(number) if number is None or 0 <= number < len(several.items):
            return stay(_with(journey, replace(several, shown=number)))
        case LeaveOutItem() if several.shown is not None:
            return _left_out(journey, several, several.shown)
        case TurnPage() if several.shown is not None:
            return taking.turned(journey, several.items[several.shown].key)
        case TakeSeparately():
            return _separately(journey, several)
        case TakeTogether():
            return _together(journey, several)
        case TakeAsItLies():
            rest = tuple(key for key in several.keys if key != several.whole)
            step = _without(journey, rest)
            taken = replace(step.journey, taken=PageTaken(several.whole, found=True))
            return Step(taking.with_state(taken, several.whole), (*step.effects, CleanWhole(several.whole)))
        case RetakePage():
            step = _without(journey, several.keys)
            again = replace(step.journey, scanning=replace(step.journey.scanning, run=None))
            return replace(step, journey=again)
        case Continue():
            return stay(journey)  # first decide: neither keeping nor throwing away must happen unseen
        case _:
            return taking.scan(journey, event, world)


def _arrived(journey: Journey, event: SeveralTaken) -> Step:
    scanning, several = journey.scanning, event.several
    expected = scanning.source is (PageSource.FLATBED if event.number else PageSource.CAMERA)
    if not expected or journey.taken is not None or scanning.several is not None:
        return stay(journey, *(DropScratch(key) for key in several.keys))  # from a run that was left
    if event.number:
        scanning = replace(scanning, run=replace(scanning.run or ScannerRun(), came=event.number))
    here = replace(journey, capturing=False, scanning=replace(scanning, several=several))
    for item in several.items:
        here = taking.with_state(here, item.key, item.flaws)
    return stay(here)


def _with(journey: Journey, several: Several | None) -> Journey:
    return replace(journey, scanning=replace(journey.scanning, several=several))


def _without(journey: Journey, keys: tuple[ScratchKey, ...]) -> Step:
    """The journey without the choice, and without these pieces of it."""
    return Step(taking.forgotten(_with(journey, None), *keys), tuple(DropScratch(key) for key in keys))


def _left_out(journey: Journey, several: Several, number: int) -> Step:
    gone = several.items[number].key
    items = several.items[:number] + several.items[number + 1 :]
    if len(items) > 1:
        left = taking.forgotten(_with(journey, replace(several, items=items, shown=None)), gone)
        return stay(left, DropScratch(gone))
    # What is left is a page like any other.
    step = _without(journey, tuple(key for key in several.keys if key != items[0].key))
    return replace(step, journey=replace(step.journey, taken=PageTaken(items[0].key, found=True)))


def _separately(journey: Journey, several: Several) -> Step:
    pages = journey.require_draft().pages
    wanted = tuple(item.key for item in several.items if pages.get(item.key, PageState()).can_be_kept)
    if not wanted:
        return stay(journey)
    step = _without(journey, tuple(key for key in several.keys if key not in wanted))
    kept = taking.kept(step.journey, wanted)
    return Step(kept.journey, (*kept.effects, *step.effects))


def laid_together(several: Several, journey: Journey) -> tuple[ScratchKey, ...]:
    """The things that can be laid on one page: those that are made, once all have been tried; else none."""
    states = [journey.require_draft().pages.get(item.key, PageState()) for item in several.items]
    if any(state.waiting for state in states):
        return ()  # how they lie is not known yet
    made = [item.key for item, state in zip(several.items, states, strict=True) if state.spoiled is None]
    return tuple(made) if len(made) > 1 else ()


def _together(journey: Journey, several: Several) -> Step:
    keys = laid_together(several, journey)
    if not keys:
        return stay(journey)
    taken = replace(_with(journey, replace(several, together=True)), taken=PageTaken(several.whole, found=True))
    return stay(taking.with_state(taken, several.whole), LayTogether(several.whole, keys))


def _one_page(journey: Journey, several: Several, event: Event, world: World) -> Step:
    """The page with all of them is looked at."""
    match event:
        case ChooseAgain():
            back = replace(_with(journey, replace(several, together=False, shown=None)), taken=None)
            return stay(taking.forgotten(back, several.whole))
        case AcceptPage() | RetakePage():
            step = taking.scan(_with(journey, None), event, world)
            if step.journey.taken is not None:
                return stay(journey)
            rest = tuple(key for key in several.keys if key != several.whole)
            return Step(taking.forgotten(step.journey, *rest), (*step.effects, *(DropScratch(key) for key in rest)))
        case TurnPage():
            state = journey.require_draft().pages.get(several.whole, PageState())
            keys = laid_together(several, journey)
            if state.waiting or state.spoiled is not None or not keys:
                return stay(journey)
            again = LayTogether(several.whole, keys, turned_further(state.turned))
            return stay(taking.with_state(journey, several.whole), again)
        case _:
            return taking.scan(journey, event, world)
