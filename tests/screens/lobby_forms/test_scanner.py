"""Pages from flatbed and feeder at the scan page: start, go on after a jam, stop, and what is offered."""

from __future__ import annotations

import pytest

from drivers.api.records import ScanEnd
from drivers.api.status import (
    CameraReady,
    DeviceClass,
    Disconnected,
    FeederState,
    ScannerFault,
    ScannerNeedsAttention,
    ScannerReady,
)
from kiosk.flow import effects as fx
from kiosk.flow.page_events import PageSource, ScannerEnded
from tests.screens.conftest import Finger
from tests.screens.lobby_forms.desk import Desk
from tests.screens.lobby_forms.scenes import feeder, scan

pytestmark = pytest.mark.window


def test_a_feeder_run_with_a_jam_says_which_page_to_put_back_and_goes_on(desk: Desk) -> None:
    """S1-32."""
    feeder(desk)
    desk.window.tap("scan.start")
    for number in (1, 2, 3):
        desk.sheet_comes(number)
    assert any("已有 3 页" in text for text in desk.window.texts())
    assert desk.window.find("nav.continue").disabled
    desk.happen(ScannerEnded(ScanEnd.JAMMED, 3))
    assert any("把第 4 页和后面的纸放回" in text for text in desk.window.texts())
    desk.window.tap("scan.start")
    assert desk.effects[-1] == fx.ScanSheets(PageSource.FEEDER, 4)
    desk.sheet_comes(4)
    desk.window.tap("scan.stop")
    assert desk.effects[-1] == fx.StopSheets()
    desk.happen(ScannerEnded(ScanEnd.CANCELLED, 4))
    assert len(desk.journey.require_draft().evidence[0].pages) == 6


def test_without_a_scanner_there_is_no_choice_and_without_a_camera_the_scanner_is_named(desk: Desk) -> None:
    scan(desk)
    assert not any(name.startswith("scan.source") for name in desk.window.names())
    desk.surroundings.devices[DeviceClass.PAGE_SCANNER] = ScannerReady(True, FeederState.NONE, False)
    desk.surroundings.devices[DeviceClass.DOCUMENT_CAMERA] = Disconnected()
    desk.presenter.surroundings_changed()
    desk.window.frames()
    assert any("请用扫描仪" in text for text in desk.window.texts())
    assert "scan.source.feeder" not in desk.window.names()
    desk.window.tap("scan.source.flatbed")
    assert "scan.start" in desk.window.names()


def test_a_finger_on_start_or_stop_keeps_its_button_while_news_comes(desk: Desk) -> None:
    """Pages come every second and a device may change at any time; a touch that is under way still counts."""
    feeder(desk)
    finger = _finger_on(desk, "scan.start")
    desk.surroundings.devices[DeviceClass.PAGE_SCANNER] = ScannerNeedsAttention(ScannerFault.COVER_OPEN)
    desk.presenter.surroundings_changed()
    desk.window.frames()
    finger.lift()
    assert desk.effects[-1] == fx.ScanSheets(PageSource.FEEDER, 1)
    desk.sheet_comes(1)
    finger = _finger_on(desk, "scan.stop")
    desk.sheet_comes(2)
    finger.lift()
    assert desk.effects[-1] == fx.StopSheets()


def test_a_finger_on_take_keeps_its_button_while_another_device_changes(desk: Desk) -> None:
    desk.surroundings.devices[DeviceClass.DOCUMENT_CAMERA] = CameraReady(1920, 1080)
    scan(desk)
    finger = _finger_on(desk, "scan.take")
    desk.surroundings.devices[DeviceClass.RECEIPT_PRINTER] = Disconnected()
    desk.presenter.surroundings_changed()
    desk.window.frames()
    finger.lift()
    assert desk.effects[-1] == fx.CapturePage()


def _finger_on(desk: Desk, name: str) -> Finger:
    desk.window.clock.advance(1.0)
    return desk.window.finger(*desk.window.find(name).center)
