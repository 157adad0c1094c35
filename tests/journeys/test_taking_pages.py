"""Pages on their way: cleaned while the person goes on, scanned again, put elsewhere, and many at once with a jam."""

from __future__ import annotations

from dataclasses import replace

from drivers.api.records import Flaw, FlawKind, ScanEnd
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.draft import EvidenceDraft
from kiosk.flow.journey import Journey, Step
from kiosk.flow.page_events import (
    ChooseSource,
    GivePage,
    KeepColours,
    MovePage,
    PageCleaned,
    PageSource,
    PageSpoiled,
    RescanPage,
    ScannerEnded,
    SheetScanned,
    StartScanner,
    StopScanner,
    SwitchAutoCapture,
    TurnPage,
)
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.forms.answers import Answers
from kiosk.pages.model import PageKind, Turn, Unusable
from kiosk.session.scratch import ScratchKey
from tests.journeys.test_every_journey import at_stage
from tests.journeys.world import world

A, B, C, NEW = (ScratchKey(name) for name in ("a", "b", "c", "new"))


def step(journey: Journey, *events: ev.Event) -> Step:
    """The last step of the events."""
    made = Step(journey)
    for event in events:
        made = transition(made.journey, event, world())
    return made


def after(journey: Journey, *events: ev.Event) -> Journey:
    """The journey after the events."""
    return step(journey, *events).journey


def item(*pages: ScratchKey) -> Journey:
    """At the first of two lines of the evidence list, with these pages."""
    lines = (EvidenceDraft(Answers({"title": "借条"}), pages), EvidenceDraft(Answers({"title": "收条"})))
    return after(at_stage(Stage.EVIDENCE).with_draft(evidence=lines), ev.EditEvidence(0))


def pages(journey: Journey, line: int = 0) -> tuple[ScratchKey, ...]:
    """The pages of a line."""
    return journey.require_draft().evidence[line].pages


def test_a_page_is_kept_while_it_is_still_being_cleaned_and_what_came_of_it_is_known_afterwards() -> None:
    journey = after(item(), ev.StartScan(), ev.TakePicture(), ev.PageTaken(NEW, found=True), ev.AcceptPage())
    assert journey.require_draft().pages[NEW].waiting
    blank = Flaw(FlawKind.BLANK)
    journey = after(journey, ev.Continue(), ev.Continue(), PageCleaned(NEW, (blank,), Turn.UPRIGHT))
    assert journey.require_draft().pages[NEW].findings == (blank,)
    assert not journey.require_draft().pages[NEW].waiting


def test_news_of_a_page_that_was_thrown_away_changes_nothing() -> None:
    journey = after(item(), ev.StartScan(), ev.TakePicture(), ev.PageTaken(NEW, found=True), ev.RetakePage())
    assert after(journey, PageCleaned(NEW, (), Turn.UPRIGHT)) == journey


def test_news_of_a_page_reaches_who_was_called_to_a_window_meanwhile() -> None:
    kept = after(
        item(), ev.StartScan(), ev.TakePicture(), ev.PageTaken(NEW, found=True), ev.AcceptPage(), ev.Continue()
    )
    journey = after(replace(Journey(stage=Stage.HOME), kept=kept), PageCleaned(NEW, (), Turn.UPRIGHT))
    assert journey.kept is not None
    assert not journey.kept.require_draft().pages[NEW].waiting


def test_what_the_camera_saw_and_what_the_worker_found_are_both_told() -> None:
    glare, turned = Flaw(FlawKind.GLARE, (0.1, 0.1, 0.2, 0.2)), Flaw(FlawKind.TURNED)
    taken = after(item(), ev.StartScan(), ev.TakePicture(), ev.PageTaken(NEW, found=True, flaws=(glare,)))
    upright = after(taken, PageCleaned(NEW, (), Turn.UPRIGHT))
    assert upright.require_draft().pages[NEW].findings == (glare,)
    after_turning = after(taken, PageCleaned(NEW, (turned,), Turn.UPSIDE_DOWN))
    assert after_turning.require_draft().pages[NEW].findings == (turned,)


def test_a_damaged_picture_cannot_be_kept_and_one_that_only_failed_can() -> None:
    taken = after(item(), ev.StartScan(), ev.TakePicture(), ev.PageTaken(NEW, found=True))
    damaged = after(taken, PageSpoiled(NEW, Unusable.DAMAGED), ev.AcceptPage())
    assert damaged.taken is not None
    assert pages(after(damaged, ev.RetakePage())) == ()
    assert pages(after(taken, PageSpoiled(NEW, Unusable.FAILED), ev.AcceptPage())) == (NEW,)


def test_a_page_is_turned_quarter_by_quarter_from_how_it_lay() -> None:
    taken = after(item(), ev.StartScan(), ev.TakePicture(), ev.PageTaken(NEW, found=True))
    assert step(taken, TurnPage()).effects == ()
    made = step(taken, PageCleaned(NEW, (), Turn.UPSIDE_DOWN), TurnPage())
    assert made.effects == (fx.CleanAgain(NEW, Turn.RIGHT),)
    assert step(made.journey, TurnPage()).effects == ()
    again = step(made.journey, PageCleaned(NEW, (), Turn.RIGHT), TurnPage())
    assert again.effects == (fx.CleanAgain(NEW, Turn.UPRIGHT),)


def test_a_page_is_kept_in_colour_where_the_person_knows_better_and_stays_so_when_it_is_turned() -> None:
    taken = after(item(), ev.StartScan(), ev.TakePicture(), ev.PageTaken(NEW, found=True))
    assert step(taken, KeepColours(True)).effects == ()
    wanted = step(taken, PageCleaned(NEW, (), Turn.UPRIGHT), KeepColours(True))
    assert wanted.effects == (fx.CleanAgain(NEW, None, PageKind.PICTURE),)
    coloured = after(wanted.journey, PageCleaned(NEW, (), Turn.UPRIGHT))
    assert step(coloured, KeepColours(True)).effects == ()
    assert step(coloured, TurnPage()).effects == (fx.CleanAgain(NEW, Turn.LEFT, PageKind.PICTURE),)
    assert step(coloured, KeepColours(False)).effects == (fx.CleanAgain(NEW, None),)


def test_a_page_scanned_again_takes_the_place_of_the_old_one_which_is_thrown_away() -> None:
    scanning = after(item(A, B, C), RescanPage(1))
    made = step(scanning, ev.TakePicture(), ev.PageTaken(NEW, found=True), ev.AcceptPage())
    assert made.effects == (fx.StopPreview(), fx.KeepPage(NEW), fx.DropScratch(B))
    assert (made.journey.stage, pages(made.journey)) == (Stage.EVIDENCE_ITEM, (A, NEW, C))
    assert pages(after(scanning, ev.Continue())) == (A, B, C)
    assert after(scanning, ev.Continue(), ev.StartScan()).scanning.replaces is None


def test_pages_are_moved_within_their_line_and_to_another() -> None:
    assert pages(after(item(A, B, C), MovePage(0, 1))) == (B, A, C)
    assert pages(after(item(A, B, C), MovePage(2, -2))) == (C, A, B)
    assert pages(after(item(A, B, C), MovePage(2, 5))) == (A, B, C)
    given = after(item(A, B), GivePage(0, 1))
    assert (pages(given), pages(given, 1)) == ((B,), (A,))
    for nowhere in (GivePage(0, 0), GivePage(0, 2), GivePage(7, 1), MovePage(7, 1)):
        assert after(item(A, B), nowhere) == item(A, B)


def test_auto_capture_stays_as_it_was_chosen() -> None:
    journey = after(item(), ev.StartScan(), SwitchAutoCapture(False), ev.Continue(), ev.StartScan())
    assert not journey.scanning.auto


# -- the scanner


def feeding(*before: ScratchKey) -> Journey:
    """The feeder runs and one page has come."""
    journey = after(item(*before), ev.StartScan(), ChooseSource(PageSource.FEEDER), StartScanner())
    return after(journey, SheetScanned(A, 1))


def test_choosing_the_scanner_stops_the_camera_and_its_pages_are_kept_in_order() -> None:
    chosen = step(item(C), ev.StartScan(), ChooseSource(PageSource.FEEDER))
    assert chosen.effects == (fx.StopPreview(),)
    started = step(chosen.journey, StartScanner())
    assert started.effects == (fx.ScanSheets(PageSource.FEEDER, 1),)
    ended = after(started.journey, SheetScanned(A, 1), SheetScanned(B, 2), ScannerEnded(ScanEnd.COMPLETE, 2))
    assert pages(ended) == (C, A, B)
    assert step(ended, StartScanner()).effects == (fx.ScanSheets(PageSource.FEEDER, 1),)


def test_after_a_jam_the_run_goes_on_with_the_page_that_was_lost() -> None:
    """S1-32: no page is missing and none comes twice."""
    jammed = after(feeding(), SheetScanned(B, 2), ScannerEnded(ScanEnd.JAMMED, 2))
    assert pages(jammed) == (A, B)
    resumed = step(jammed, StartScanner())
    assert resumed.effects == (fx.ScanSheets(PageSource.FEEDER, 3),)
    again = after(resumed.journey, ScannerEnded(ScanEnd.JAMMED, 2))
    assert step(again, StartScanner()).effects == (fx.ScanSheets(PageSource.FEEDER, 3),)
    done = after(resumed.journey, SheetScanned(C, 3), ScannerEnded(ScanEnd.COMPLETE, 3))
    assert pages(done) == (A, B, C)


def test_the_page_is_not_left_while_paper_runs_but_can_be_stopped() -> None:
    journey = feeding()
    assert after(journey, ev.Continue()) == journey
    assert step(journey, StopScanner()).effects == (fx.StopSheets(),)
    stopped = after(journey, StopScanner(), SheetScanned(B, 2), ScannerEnded(ScanEnd.CANCELLED, 2), ev.Continue())
    assert (stopped.stage, pages(stopped)) == (Stage.EVIDENCE_ITEM, (A, B))


def test_whoever_feeds_paper_is_not_taken_for_gone() -> None:
    assert fx.ExtendTime() in step(feeding(), SheetScanned(B, 2)).effects


def test_leaving_for_the_window_stops_the_scanner_and_drops_what_comes_late() -> None:
    """N5."""
    asked = step(feeding(), ev.AskWindow(), ev.AnswerQuestion(yes=True))
    assert fx.StopSheets() in asked.effects
    assert step(asked.journey, SheetScanned(B, 2)).effects == (fx.DropScratch(B),)


def test_a_page_from_the_glass_is_looked_at_before_it_is_kept() -> None:
    journey = after(item(), ev.StartScan(), ChooseSource(PageSource.FLATBED), StartScanner(), SheetScanned(A, 1))
    journey = after(journey, ScannerEnded(ScanEnd.COMPLETE, 1))
    assert pages(journey) == ()
    assert pages(after(journey, ev.AcceptPage())) == (A,)
    assert step(journey, ev.RetakePage()).effects == (fx.DropScratch(A),)
