"""The same driver on SANE's own `test` backend and on hardware: what holds for every scanner."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drivers.api.messages import ScanEnded
from drivers.api.records import ScanEnd, ScanSource
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
from tests.contract.page_scanner.conftest import picture

DeskAt = Callable[..., Any]

READY = ScannerReady(flatbed=True, feeder=FeederState.UNKNOWN, duplex=False)


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Configures SANE's `test` backend and gives its device name."""

    def configure(*lines: str) -> str:
        (tmp_path / "dll.conf").write_text("test\n", encoding="utf-8")
        (tmp_path / "test.conf").write_text("\n".join(("number_of_devices 1", *lines, "")), encoding="utf-8")
        monkeypatch.setenv("SANE_CONFIG_DIR", str(tmp_path))
        return "test:0"

    return configure


def test_a_feeder_that_cannot_be_asked_gives_its_pages_and_stays_unknown(desk_at: DeskAt, backend: Any) -> None:
    desk = desk_at(backend())
    desk.told.wait_status(READY)
    done = desk.scan(dpi=50)
    assert desk.ended_with(done) == (ScanEnd.COMPLETE, 10)
    assert done.numbers == list(range(1, 11))
    desk.told.wait_status(READY, after=desk.told.now - 1)


def test_a_flatbed_gives_one_page_again_and_again(desk_at: DeskAt, backend: Any) -> None:
    desk = desk_at(backend('test-picture "Color pattern"'))
    for _ in range(3):
        done = desk.scan(source=ScanSource.FLATBED, dpi=75)
        assert desk.ended_with(done) == (ScanEnd.COMPLETE, 1)
        height, width = picture(done.pages[0].jpeg).shape[:2]
        assert (width, height) == (done.pages[0].width, done.pages[0].height)
        assert width == pytest.approx(200 / 25.4 * 75, abs=2), "the whole of the backend's 200 mm glass"


def test_both_sides_of_a_scanner_that_takes_one_are_refused(desk_at: DeskAt, backend: Any) -> None:
    desk = desk_at(backend())
    assert desk.ended_with(desk.scan(duplex=True)) == (ScanEnd.CANNOT, 0)
    assert desk.ended_with(desk.scan(dpi=50)) == (ScanEnd.COMPLETE, 10)


@pytest.mark.parametrize(
    ("status", "reason", "fault"),
    [
        ("SANE_STATUS_JAMMED", ScanEnd.JAMMED, ScannerFault.JAMMED),
        ("SANE_STATUS_COVER_OPEN", ScanEnd.COVER_OPEN, ScannerFault.COVER_OPEN),
        ("SANE_STATUS_NO_DOCS", ScanEnd.EMPTY, None),
        ("SANE_STATUS_DEVICE_BUSY", ScanEnd.BUSY, None),
        ("SANE_STATUS_IO_ERROR", ScanEnd.FAILED, None),
        ("SANE_STATUS_NO_MEM", ScanEnd.FAILED, None),
        ("SANE_STATUS_ACCESS_DENIED", ScanEnd.FAILED, None),
    ],
)
def test_what_a_backend_reports_in_the_middle_of_a_page(
    desk_at: DeskAt, backend: Any, status: str, reason: ScanEnd, fault: ScannerFault | None
) -> None:
    desk = desk_at(backend(f'read-status-code "{status}"'))
    done = desk.scan(dpi=50)
    assert desk.ended_with(done) == (reason, 0)
    assert done.pages == []
    desk.told.wait_status(ScannerNeedsAttention(fault) if fault else READY, after=desk.told.now - 1)


def test_a_fault_is_told_until_a_page_comes_again(desk_at: DeskAt, backend: Any) -> None:
    """A scanner without sensors: nobody guesses that the jam was cleared, and nobody is kept from trying."""
    jammed = desk_at(backend('read-status-code "SANE_STATUS_JAMMED"'))
    assert desk_end(jammed) is ScanEnd.JAMMED
    assert desk_end(jammed) is ScanEnd.JAMMED
    jammed.told.wait_status(ScannerNeedsAttention(ScannerFault.JAMMED), after=jammed.told.now - 1)


def desk_end(desk: Any) -> ScanEnd:
    end: ScanEnded = desk.scan(dpi=50).end
    return end.reason


def test_a_slow_page_whose_lines_keep_coming_is_no_hang(desk_at: DeskAt, backend: Any) -> None:
    """Longer for one page than the scanner may be silent."""
    slow = backend("read-delay true", "read-delay-duration 30000", "read-limit true", "read-limit-size 787")
    desk = desk_at(slow, Limits(page=4.0))
    done = desk.scan(source=ScanSource.FLATBED, dpi=50, colour=False)
    assert desk.ended_with(done) == (ScanEnd.COMPLETE, 1)
    assert not any(isinstance(getattr(event, "value", None), ScannerHung) for event in desk.told.events)


def test_a_page_under_way_is_given_up(desk_at: DeskAt, backend: Any) -> None:
    slow = backend("read-delay true", "read-delay-duration 200000", "read-limit true", "read-limit-size 393")
    desk = desk_at(slow)
    ticket = desk.ask(source=ScanSource.FLATBED, dpi=50, colour=False)
    desk.told.wait_status(ScannerBusy)
    ticket.cancel()
    assert desk.ended_with(desk.outcome(ticket)) == (ScanEnd.CANCELLED, 0)
    desk.told.wait_status(ScannerReady, after=desk.told.now - 1)


def test_lines_with_padding_are_not_slanted(desk_at: DeskAt, backend: Any) -> None:
    """python-sane knows of no padding: a grid would lean to one side and lose its columns."""
    desk = desk_at(backend('test-picture "Grid"', "ppl-loss 7"))
    (page,) = desk.scan(source=ScanSource.FLATBED, dpi=50, colour=False).pages
    assert page.width == 386
    dark = picture(page.jpeg)[:, :, 0] < 128
    eight_squares = round(80 / 25.4 * 50)
    assert (dark[8] == dark[8 + eight_squares]).mean() > 0.97
    assert 0.4 < dark[8].mean() < 0.6


def test_a_device_that_sane_does_not_know(desk_at: DeskAt, backend: Any) -> None:
    backend()
    desk = desk_at("test:7")
    desk.told.wait_status(Disconnected)
    assert desk.ended_with(desk.scan()) == (ScanEnd.NO_SCANNER, 0)


def test_auto_takes_no_simulated_scanner_for_a_real_one(desk_at: DeskAt, backend: Any) -> None:
    backend()
    desk = desk_at("auto")
    desk.told.wait_status(Disconnected("SANE finds no scanner on this machine"))


# -- hardware: COURT_KIOSK_PAGE_SCANNER names it; a sheet lies on the glass, two or more in the feeder


@pytest.mark.hardware
def test_a_real_flatbed_gives_a_page(desk_at: DeskAt, real_device: str) -> None:
    desk = desk_at(real_device, Limits())
    desk.told.wait_status(ScannerReady)
    done = desk.scan(source=ScanSource.FLATBED, dpi=150)
    if done.end.reason is ScanEnd.CANNOT:
        pytest.skip("it has no glass")
    assert desk.ended_with(done) == (ScanEnd.COMPLETE, 1)


@pytest.mark.hardware
def test_a_real_feeder_gives_its_pages(desk_at: DeskAt, real_device: str) -> None:
    desk = desk_at(real_device, Limits())
    desk.told.wait_status(ScannerReady)
    done = desk.scan(dpi=int(os.environ.get("COURT_KIOSK_PAGE_SCANNER_DPI", "200")))
    if done.end.reason is ScanEnd.CANNOT:
        pytest.skip("it has no feeder")
    assert done.end.reason is ScanEnd.COMPLETE
    assert done.numbers == list(range(1, len(done.pages) + 1))
    assert desk.ended_with(desk.scan()) == (ScanEnd.EMPTY, 0)
