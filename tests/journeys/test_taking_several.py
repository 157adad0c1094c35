"""Several things in one picture: a page each, all on one page, or as they lie; nothing of what is not wanted stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drivers.api.records import Flaw, FlawKind, ScanEnd
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.journey import Journey
from kiosk.flow.page_events import (
    ChooseSource,
    PageCleaned,
    PageSource,
    PageSpoiled,
    RescanPage,
    ScannerEnded,
    StartScanner,
    TurnPage,
)
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
from kiosk.flow.stage import Stage
from kiosk.pages.model import Turn, Unusable
from kiosk.session.scratch import ScratchKey
from tests.journeys.test_taking_pages import A, B, C, after, item, pages, step
from tests.journeys.world import several_things

CARDS = several_things(2)
SLIPS = several_things(4, card=False)


def keys(several: Several) -> tuple[ScratchKey, ...]:
    return tuple(one.key for one in several.items)


def taken(several: Several, *before: ScratchKey) -> Journey:
    """Several things were just taken."""
    return after(item(*before), ev.StartScan(), ev.TakePicture(), SeveralTaken(several))


def made(several: Several, *before: ScratchKey) -> Journey:
    """The same, and what the page worker made of them."""
    return after(taken(several, *before), *(PageCleaned(key, (), Turn.UPRIGHT) for key in keys(several)))


def dropped(effects: tuple[fx.Effect, ...]) -> set[ScratchKey]:
    return {effect.key for effect in effects if isinstance(effect, fx.DropScratch)}


def test_each_thing_becomes_a_page_in_reading_order_and_the_pictures_of_all_go() -> None:
    """S1-32, N5."""
    done = step(made(SLIPS, A), TakeSeparately())
    assert pages(done.journey) == (A, *keys(SLIPS))
    assert done.effects[:4] == tuple(fx.KeepPage(key) for key in keys(SLIPS))
    assert dropped(done.effects) == {SLIPS.whole, SLIPS.overview}
    assert done.journey.scanning.several is None
    assert step(done.journey, ev.TakePicture()).effects == (fx.CapturePage(),)


def test_a_thing_that_cannot_become_a_page_is_no_page() -> None:
    first, second = keys(CARDS)
    journey = after(made(CARDS), PageSpoiled(first, Unusable.DAMAGED))
    done = step(journey, TakeSeparately())
    assert pages(done.journey) == (second,)
    assert first in dropped(done.effects)
    neither = after(journey, PageSpoiled(second, Unusable.DAMAGED))
    assert step(neither, TakeSeparately()).journey == neither


def test_both_sides_of_a_card_become_one_page_that_is_looked_at_before_it_is_kept() -> None:
    laid = step(made(CARDS), TakeTogether())
    assert laid.effects == (fx.LayTogether(CARDS.whole, keys(CARDS)),)
    assert laid.journey.taken is not None
    assert laid.journey.require_draft().pages[CARDS.whole].waiting
    seen = after(laid.journey, PageCleaned(CARDS.whole, (), Turn.UPRIGHT))
    kept = step(seen, ev.AcceptPage())
    assert pages(kept.journey) == (CARDS.whole,)
    assert kept.effects[0] == fx.KeepPage(CARDS.whole)
    assert dropped(kept.effects) == {CARDS.overview, *keys(CARDS)}
    assert set(kept.journey.require_draft().pages) == {CARDS.whole}


def test_how_things_lie_must_be_known_before_they_are_laid_on_one_page() -> None:
    journey = taken(CARDS)
    assert step(journey, TakeTogether()).journey == journey
    half = after(journey, PageCleaned(keys(CARDS)[0], (), Turn.UPRIGHT))
    assert step(half, TakeTogether()).journey == half


def test_the_page_with_all_is_turned_whole_and_can_be_taken_back_to_the_choice() -> None:
    laid = after(made(CARDS), TakeTogether())
    assert step(laid, TurnPage()).effects == ()
    seen = after(laid, PageCleaned(CARDS.whole, (), Turn.UPRIGHT))
    assert step(seen, TurnPage()).effects == (fx.LayTogether(CARDS.whole, keys(CARDS), Turn.LEFT),)
    back = step(seen, ChooseAgain())
    assert back.effects == ()
    assert back.journey.taken is None
    assert pages(after(back.journey, TakeSeparately())) == keys(CARDS)


def test_taken_as_it_lies_the_picture_is_a_page_like_any_other() -> None:
    asked = step(made(CARDS), TakeAsItLies())
    assert dropped(asked.effects) == {CARDS.overview, *keys(CARDS)}
    assert fx.CleanWhole(CARDS.whole) in asked.effects
    cleaned = after(asked.journey, PageCleaned(CARDS.whole, (), Turn.UPRIGHT))
    assert step(cleaned, TurnPage()).effects == (fx.CleanAgain(CARDS.whole, Turn.LEFT),)
    assert pages(after(cleaned, ev.AcceptPage())) == (CARDS.whole,)


@pytest.mark.parametrize("way", [(), (TakeTogether(),)])
def test_taking_again_throws_everything_away(way: tuple[ev.Event, ...]) -> None:
    again = step(after(made(CARDS), *way), ev.RetakePage())
    assert dropped(again.effects) == set(CARDS.keys)
    assert again.journey.taken is None
    assert again.journey.scanning.several is None
    assert again.journey.require_draft().pages == {}


def test_one_thing_is_looked_at_turned_and_left_out() -> None:
    second = keys(SLIPS)[1]
    journey = after(made(SLIPS), ShowItem(1))
    assert step(journey, TurnPage()).effects == (fx.CleanAgain(second, Turn.LEFT),)
    without = step(journey, LeaveOutItem())
    assert without.effects == (fx.DropScratch(second),)
    assert without.journey.scanning.several is not None
    assert without.journey.scanning.several.shown is None
    assert pages(after(without.journey, TakeSeparately())) == (keys(SLIPS)[0], *keys(SLIPS)[2:])
    for nothing in (ShowItem(9), ShowItem(-1), LeaveOutItem(), TurnPage()):
        assert step(made(SLIPS), nothing) == step(made(SLIPS))


def test_when_one_thing_is_left_it_is_a_page_like_any_other() -> None:
    left = step(made(CARDS), ShowItem(0), LeaveOutItem())
    assert left.journey.taken is not None
    assert left.journey.taken.key == keys(CARDS)[1]
    assert dropped(left.effects) == {CARDS.whole, CARDS.overview, keys(CARDS)[0]}
    assert pages(after(left.journey, ev.AcceptPage())) == keys(CARDS)[1:]


def test_nothing_else_happens_before_the_person_has_decided() -> None:
    journey = made(CARDS)
    for event in (ev.TakePicture(), ev.Continue(), ChooseSource(PageSource.FLATBED), StartScanner(), ev.AcceptPage()):
        assert step(journey, event).journey == journey
    assert dropped(step(journey, SeveralTaken(SLIPS)).effects) == set(SLIPS.keys)


def test_pages_of_several_things_take_the_place_of_the_page_that_is_scanned_again() -> None:
    scanning = after(item(A, B, C), RescanPage(1), ev.TakePicture(), SeveralTaken(CARDS))
    done = step(scanning, TakeSeparately())
    assert (done.journey.stage, pages(done.journey)) == (Stage.EVIDENCE_ITEM, (A, *keys(CARDS), C))
    assert fx.DropScratch(B) in done.effects
    cleaned = after(scanning, *(PageCleaned(key, (), Turn.UPRIGHT) for key in keys(CARDS)))
    one = step(cleaned, TakeTogether(), PageCleaned(CARDS.whole, (), Turn.UPRIGHT), ev.AcceptPage())
    assert pages(one.journey) == (A, CARDS.whole, C)
    assert set(one.journey.require_draft().pages) == {CARDS.whole}
    assert dropped(one.effects) == {B, CARDS.overview, *keys(CARDS)}


def test_what_the_camera_saw_on_a_thing_stays_with_it() -> None:
    glare = Flaw(FlawKind.GLARE)
    first, second = several_things(2, card=False).items
    flawed = Several(CARDS.whole, CARDS.overview, (first, replace(second, flaws=(glare,))))
    states = taken(flawed).require_draft().pages
    assert (states[first.key].findings, states[second.key].findings) == ((), (glare,))


def test_several_things_on_the_glass_are_decided_on_in_the_same_way() -> None:
    journey = after(item(), ev.StartScan(), ChooseSource(PageSource.FLATBED), StartScanner(), SeveralTaken(CARDS, 1))
    journey = after(journey, ScannerEnded(ScanEnd.COMPLETE, 1))
    assert pages(after(journey, TakeSeparately())) == keys(CARDS)
    again = step(journey, ev.RetakePage())
    assert dropped(again.effects) == set(CARDS.keys)
    assert again.journey.scanning.run is None


@pytest.mark.parametrize("way", [(), (TakeTogether(),), (ShowItem(0),)])
def test_leaving_for_the_window_throws_away_what_was_not_decided_on(way: tuple[ev.Event, ...]) -> None:
    """N5."""
    asked = step(after(made(CARDS), *way), ev.AskWindow(), ev.AnswerQuestion(yes=True))
    assert dropped(asked.effects) >= set(CARDS.keys)
    late = step(asked.journey, SeveralTaken(SLIPS))
    assert dropped(late.effects) == set(SLIPS.keys)


def test_things_of_a_scan_that_was_left_are_thrown_away() -> None:
    journey = after(item(), ev.StartScan())
    assert dropped(step(journey, SeveralTaken(SLIPS, 1)).effects) == set(SLIPS.keys)
