"""The scanner driver against a scanner that jams, is opened, hangs, is unplugged, and is used by somebody else."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from drivers.api.messages import PageScanned, ScanPages
from drivers.api.records import ScanEnd, ScanSource, SheetSide
from drivers.api.status import (
    Disconnected,
    FeederState,
    ScannerBusy,
    ScannerFault,
    ScannerHung,
    ScannerNeedsAttention,
    ScannerReady,
)
from drivers.page_scanner.device import Limits
from drivers.page_scanner.process import ScanningProcess
from tests.contract.page_scanner.conftest import DEADLINE, picture

DeskAt = Callable[..., Any]

EMPTY = ScannerReady(flatbed=True, feeder=FeederState.EMPTY, duplex=True)
LOADED = ScannerReady(flatbed=True, feeder=FeederState.LOADED, duplex=True)


def fronts(first: int, last: int) -> list[str]:
    return [f"{sheet} front" for sheet in range(first, last + 1)]


# -- pages


def test_the_feeder_gives_its_pages_in_order(desk: Any, scanner: Any) -> None:
    """S1-32: every page of the stack, in the stack's order, numbered from 1."""
    scanner.do("load", sheets=5)
    done = desk.scan()
    assert desk.ended_with(done) == (ScanEnd.COMPLETE, 5)
    assert done.numbers == [1, 2, 3, 4, 5]
    assert done.names == fronts(1, 5)
    assert scanner.do("status")["tray"] == []


def test_both_sides_of_every_sheet(desk: Any, scanner: Any) -> None:
    scanner.do("load", sheets=3)
    done = desk.scan(duplex=True)
    assert desk.ended_with(done) == (ScanEnd.COMPLETE, 6)
    assert done.names == ["1 front", "1 back", "2 front", "2 back", "3 front", "3 back"]
    assert [(page.sheet, page.side) for page in done.pages] == [
        (sheet, side) for sheet in (1, 2, 3) for side in SheetSide
    ]


def test_a_page_has_the_size_and_resolution_it_says(desk: Any, scanner: Any) -> None:
    scanner.do("load", sheets=1)
    (page,) = desk.scan(dpi=290).pages  # the nearest the scanner has is 300
    assert (page.dpi, page.width, page.height) == (300, 2480, 3508)
    assert picture(page.jpeg).shape == (3508, 2480, 3)


def test_colour_and_grey(desk: Any, scanner: Any) -> None:
    scanner.do("lay", thing="cards")
    coloured = picture(desk.scan(source=ScanSource.FLATBED).pages[0].jpeg)
    grey = picture(desk.scan(source=ScanSource.FLATBED, colour=False).pages[0].jpeg)
    assert (coloured.max(axis=2).astype(int) - coloured.min(axis=2)).max() > 10
    assert (grey.max(axis=2) == grey.min(axis=2)).all()


def test_the_flatbed_gives_one_page_and_leaves_the_feeder_alone(desk: Any, scanner: Any) -> None:
    scanner.do("load", sheets=2, first=7)
    scanner.do("lay", thing="page")
    done = desk.scan(source=ScanSource.FLATBED, resume_from=4)
    assert desk.ended_with(done) == (ScanEnd.COMPLETE, 4)
    assert done.names == ["1 front"]
    assert scanner.do("status")["tray"] == [7, 8]


def test_things_beside_each_other_on_the_glass_come_apart_in_their_true_size(desk: Any, scanner: Any) -> None:
    """S1-32."""
    scanner.do("lay", thing="cards")
    (both,) = desk.scan(source=ScanSource.FLATBED).pages
    assert both.several is not None
    assert len(both.several.items) == 2
    longer, shorter = 85.6 / 25.4 * both.dpi, 54.0 / 25.4 * both.dpi  # ISO/IEC 7810 ID-1
    for item in both.several.items:
        assert picture(item.jpeg).shape[:2] == (item.height, item.width)
        assert (item.width, item.height) == pytest.approx((longer, shorter), rel=0.03)
    assert picture(both.several.overview).shape[:2] == (both.several.height, both.several.width)
    scanner.do("lay", thing="receipts")
    (receipts,) = desk.scan(source=ScanSource.FLATBED).pages
    assert receipts.several is not None
    assert len(receipts.several.items) == 3
    lefts = [min(x for x, _ in item.corners) for item in receipts.several.items]
    assert lefts == sorted(lefts)


def test_one_page_on_the_glass_is_one_and_a_feeder_never_brings_several(desk: Any, scanner: Any) -> None:
    scanner.do("lay", thing="page")
    assert desk.scan(source=ScanSource.FLATBED).pages[0].several is None
    scanner.do("load", sheets=1)
    assert desk.scan().pages[0].several is None


def test_an_empty_feeder_is_said(desk: Any) -> None:
    assert desk.ended_with(desk.scan()) == (ScanEnd.EMPTY, 0)


def test_no_more_pages_come_than_were_asked_for(desk: Any, scanner: Any) -> None:
    scanner.do("load", sheets=4)
    done = desk.scan(most_pages=2)
    assert desk.ended_with(done) == (ScanEnd.LIMIT, 2)
    assert done.names == fronts(1, 2)


def test_a_sheet_begun_at_the_limit_is_finished(desk: Any, scanner: Any) -> None:
    scanner.do("load", sheets=3)
    done = desk.scan(duplex=True, most_pages=1)
    assert desk.ended_with(done) == (ScanEnd.LIMIT, 2)
    assert done.names == ["1 front", "1 back"]


# -- what goes wrong in the paper path


@pytest.mark.parametrize(
    ("order", "reason", "fault"),
    [("jam", ScanEnd.JAMMED, ScannerFault.JAMMED), ("double-feed", ScanEnd.DOUBLE_FEED, ScannerFault.DOUBLE_FEED)],
)
def test_after_a_jam_the_rest_follows_without_a_gap(
    desk: Any, scanner: Any, order: str, reason: ScanEnd, fault: ScannerFault
) -> None:
    """Nothing twice, nothing lost: the person puts back the page after the last that came, and what follows it."""
    scanner.do("load", sheets=6)
    scanner.do(order, after=2)
    before = desk.scan()
    assert desk.ended_with(before) == (reason, 2)
    desk.told.wait_status(ScannerNeedsAttention(fault))
    scanner.do("clear")
    desk.told.wait_status(LOADED, after=desk.told.now - 1)
    after = desk.scan(resume_from=before.end.pages + 1)
    assert desk.ended_with(after) == (ScanEnd.COMPLETE, 6)
    assert before.numbers + after.numbers == [1, 2, 3, 4, 5, 6]
    assert before.names + after.names == fronts(1, 6)


def test_asked_again_before_the_jam_is_cleared(desk: Any, scanner: Any) -> None:
    scanner.do("load", sheets=2)
    scanner.do("jam", after=1)
    assert desk.ended_with(desk.scan()) == (ScanEnd.JAMMED, 1)
    assert desk.ended_with(desk.scan(resume_from=2)) == (ScanEnd.JAMMED, 1)


def test_a_sheet_of_which_only_the_front_came_is_scanned_again_whole(desk: Any, scanner: Any) -> None:
    """Cover opened while the second sheet is half scanned: its front must not come twice."""
    scanner.do("load", sheets=3)
    scanner.do("slow", seconds=0.6)
    ticket = desk.ask(duplex=True)
    desk.wait_page(ticket, 2)
    scanner.do("cover", state="open")
    before = desk.outcome(ticket)
    assert before.end.reason is ScanEnd.COVER_OPEN
    assert before.end.pages % 2 == 0, "whole sheets only"
    desk.told.wait_status(ScannerNeedsAttention(ScannerFault.COVER_OPEN))
    scanner.do("slow", seconds=0)
    scanner.do("empty")
    scanner.do("load", sheets=3 - before.end.pages // 2, first=before.end.pages // 2 + 1)  # what the person puts back
    scanner.do("cover", state="closed")
    desk.told.wait_status(LOADED, after=desk.told.now - 1)
    after = desk.scan(duplex=True, resume_from=before.end.pages + 1)
    assert before.names + after.names == ["1 front", "1 back", "2 front", "2 back", "3 front", "3 back"]
    assert [page.sheet for page in before.pages + after.pages] == [1, 1, 2, 2, 3, 3]


def test_an_open_cover_is_said_before_anybody_scans(desk: Any, scanner: Any) -> None:
    desk.told.wait_status(EMPTY)
    scanner.do("cover", state="open")
    desk.told.wait_status(ScannerNeedsAttention(ScannerFault.COVER_OPEN))
    assert desk.ended_with(desk.scan()) == (ScanEnd.COVER_OPEN, 0)
    scanner.do("cover", state="closed")
    desk.told.wait_status(EMPTY, after=desk.told.now - 1)


def test_paper_in_the_feeder_is_seen(desk: Any, scanner: Any) -> None:
    desk.told.wait_status(EMPTY)
    scanner.do("load", sheets=1)
    desk.told.wait_status(LOADED)
    scanner.do("empty")
    desk.told.wait_status(EMPTY, after=desk.told.now - 1)


# -- giving up


def test_given_up_at_once_and_ready_for_the_next(desk: Any, scanner: Any) -> None:
    scanner.do("load", sheets=9)
    scanner.do("slow", seconds=0.5)
    ticket = desk.ask()
    desk.wait_page(ticket, 1)
    ticket.cancel()
    given_up = desk.outcome(ticket)
    assert given_up.end.reason is ScanEnd.CANCELLED
    assert given_up.numbers == list(range(1, given_up.end.pages + 1))
    desk.told.wait_status(ScannerReady, after=desk.told.events.index(given_up.end))
    scanner.do("slow", seconds=0)
    scanner.do("empty")
    scanner.do("load", sheets=2, first=20)
    assert desk.scan().names == fronts(20, 21)
    assert len(desk.children) == 1, "the scanner stopped when it was told to"


def test_a_second_request_meanwhile_is_told_that_it_is_busy(desk: Any, scanner: Any) -> None:
    scanner.do("load", sheets=3)
    scanner.do("slow", seconds=0.5)
    first = desk.ask()
    desk.told.wait_status(ScannerBusy)
    assert desk.ended_with(desk.scan(resume_from=8)) == (ScanEnd.BUSY, 7)
    assert desk.ended_with(desk.outcome(first)) == (ScanEnd.COMPLETE, 3)


def test_a_scanner_in_use_by_somebody_else(desk: Any, scanner: Any) -> None:
    desk.told.wait_status(EMPTY)
    scanner.do("busy")
    desk.told.wait_status(ScannerBusy)
    scanner.do("free")
    desk.told.wait_status(EMPTY, after=desk.told.now - 1)


# -- pages wait until they are taken


def test_the_next_page_waits_until_the_last_was_taken(desk: Any, scanner: Any) -> None:
    """N5: what nobody took yet is not piled up in the daemon."""
    scanner.do("load", sheets=3)
    ticket = desk.ask(take=False)
    first = desk.wait_page(ticket, 1)
    scanned_meanwhile = desk.scan  # a second request is answered after every page that was under way
    assert desk.ended_with(scanned_meanwhile()) == (ScanEnd.BUSY, 0)
    pages = [event for event in desk.told.events if isinstance(event, PageScanned)]
    assert pages == [first]
    desk.take(first)
    desk.take(desk.wait_page(ticket, 2))
    desk.wait_page(ticket, 3)
    assert desk.ended_with(desk.outcome(ticket)) == (ScanEnd.COMPLETE, 3)


def test_pages_that_nobody_takes_end_the_scan(desk_at: DeskAt, scanner: Any) -> None:
    scanner.do("load", sheets=4)
    desk = desk_at(scanner.url, Limits(page=20, take=3.0))
    ticket = desk.ask(take=False)
    assert desk.ended_with(desk.outcome(ticket)) == (ScanEnd.NOT_TAKEN, 1)
    scanner.do("empty")
    scanner.do("load", sheets=1, first=4)
    assert desk.scan().names == fronts(4, 4)


# -- hangs and cables


def test_a_scanner_that_hangs_is_noticed_and_its_process_replaced(desk_at: DeskAt, scanner: Any) -> None:
    scanner.do("load", sheets=3)
    desk = desk_at(scanner.url, Limits(page=4.0))
    desk.told.wait_status(LOADED)
    scanner.do("hang")
    assert desk.ended_with(desk.scan()) == (ScanEnd.HUNG, 0)
    desk.told.wait_status(ScannerHung)
    scanner.do("wake")
    desk.told.wait_status(ScannerReady, after=desk.told.now - 1)
    assert len(desk.children) >= 2
    left = scanner.do("status")["tray"]
    assert [int(name.split()[0]) for name in desk.scan().names] == left, "what lies in the feeder is scanned"


def test_a_hang_that_is_given_up_does_not_hold_the_person(desk_at: DeskAt, scanner: Any) -> None:
    scanner.do("load", sheets=1)
    desk = desk_at(scanner.url)
    desk.told.wait_status(LOADED)
    scanner.do("hang")
    ticket = desk.ask()
    desk.told.wait_status(ScannerBusy)
    ticket.cancel()
    assert desk.ended_with(desk.outcome(ticket)) == (ScanEnd.CANCELLED, 0)
    scanner.do("wake")


def test_a_stopped_scanning_process_is_replaced(desk_at: DeskAt, scanner: Any) -> None:
    desk = desk_at(scanner.url, Limits(idle=4.0))
    desk.told.wait_status(EMPTY)
    stuck = desk.children[-1]
    os.kill(stuck.pid, signal.SIGSTOP)
    desk.told.wait_status(ScannerHung)
    desk.told.wait_status(EMPTY, after=desk.told.now - 1)
    with pytest.raises(ProcessLookupError):
        os.kill(stuck.pid, 0)


def test_a_scanning_process_killed_in_the_middle(desk: Any, scanner: Any) -> None:
    scanner.do("load", sheets=5)
    scanner.do("slow", seconds=0.4)
    ticket = desk.ask()
    desk.wait_page(ticket, 1)
    os.kill(desk.children[-1].pid, signal.SIGKILL)
    outcome = desk.outcome(ticket)
    assert outcome.end.reason is ScanEnd.NO_SCANNER
    assert outcome.end.pages == len(outcome.pages)
    desk.told.wait_status(Disconnected)
    desk.told.wait_status(ScannerReady, after=desk.told.now - 1)


def test_unplugged_in_the_middle_and_plugged_in_again(desk: Any, scanner: Any) -> None:
    scanner.do("load", sheets=6)
    scanner.do("slow", seconds=0.4)
    ticket = desk.ask()
    desk.wait_page(ticket, 2)
    scanner.do("unplug")
    before = desk.outcome(ticket)
    assert before.end.reason is ScanEnd.NO_SCANNER
    desk.told.wait_status(Disconnected)
    assert desk.ended_with(desk.scan()) == (ScanEnd.NO_SCANNER, 0)
    scanner.do("slow", seconds=0)
    scanner.do("empty")
    scanner.do("load", sheets=6 - before.end.pages, first=before.end.pages + 1)
    scanner.do("plug")
    desk.told.wait_status(LOADED, after=desk.told.now - 1)
    after = desk.scan(resume_from=before.end.pages + 1)
    assert before.names + after.names == fronts(1, 6)
    assert before.numbers + after.numbers == [1, 2, 3, 4, 5, 6]


def test_unplugged_while_nobody_scans(desk: Any, scanner: Any) -> None:
    desk.told.wait_status(EMPTY)
    scanner.do("unplug")
    desk.told.wait_status(Disconnected)
    scanner.do("plug")
    desk.told.wait_status(EMPTY, after=desk.told.now - 1)


def test_the_scanner_stops_feeding_when_the_daemon_ends(scanner: Any) -> None:
    """N5: nothing goes on being scanned after the session's programs are gone."""
    scanner.do("load", sheets=9)
    scanner.do("slow", seconds=0.3)
    child = ScanningProcess(scanner.url)
    child.order(ScanPages("left behind", ScanSource.FEEDER, dpi=100))
    while not isinstance(report := child.report(DEADLINE), PageScanned):
        assert report is not None
    child._channel.close()  # what the kernel does when the daemon dies
    assert child._process.wait(10) == 0
    jobs = scanner.do("status")["jobs"]
    assert isinstance(jobs, list)
    assert str(jobs[-1]).startswith("Canceled")


def test_what_an_earlier_scan_left_over_never_comes_into_the_next(desk: Any, scanner: Any) -> None:
    """N5: airscan fetches ahead; the pages of who gave up must not go to who comes next."""
    scanner.do("load", sheets=8)
    ticket = desk.ask(take=False)
    desk.wait_page(ticket, 1)
    while scanner.do("status")["tray"]:
        pass  # all eight are on their way
    ticket.cancel()
    given_up = desk.outcome(ticket).end
    desk.told.wait_status(ScannerReady, after=desk.told.events.index(given_up))
    scanner.do("load", sheets=2, first=50)
    assert desk.scan().names == fronts(50, 51)
