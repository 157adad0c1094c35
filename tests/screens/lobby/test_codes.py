"""Codes on papers on the screen: what is read goes on by itself, another paper is named, typing stays as it was."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from drivers.api.messages import PreviewFrame
from drivers.api.status import CodeScannerReady, DeviceClass, Disconnected
from kiosk.court.paper_codes import PaperUse
from kiosk.flow import events as ev
from kiosk.flow.code_events import CodeGiven, CodeLies, CodeUnreadable, UseLyingCode
from kiosk.flow.codes import FIELDS
from kiosk.flow.stage import Stage
from kiosk.i18n import Language, tr
from screens.theme import Look, Panel
from tests.journeys.test_code_journeys import PAPERS
from tests.screens.lobby.bench import Bench

pytestmark = [pytest.mark.window, pytest.mark.timeout(300)]

PANELS = [Panel(1080, 1920), Panel(1920, 1080)]
PICTURE = cv2.imencode(".jpg", np.full((480, 640, 3), (30, 120, 40), np.uint8))[1].tobytes()


def bench_with(window, *, camera: bool = True, scanner: bool = True) -> Bench:
    bench = Bench(window, live=True)
    if not camera:
        bench.surroundings.devices[DeviceClass.DOCUMENT_CAMERA] = Disconnected()
    if scanner:
        bench.surroundings.devices[DeviceClass.CODE_SCANNER] = CodeScannerReady(heard=False)
    return bench


def said(window, key: str) -> bool:
    return tr(key, window.ui.language) in window.texts()


@pytest.mark.parametrize("language", Language)
def test_another_paper_is_named_on_the_page_and_aloud(kiosk_window, language: Language) -> None:
    """What it is and where it belongs; nobody has touched anything, so that it is spoken too."""
    kiosk_window.reset(PANELS[0], Look(language=language))
    aloud: list[str] = []
    kiosk_window.ui.on_announce(lambda words: aloud.append(kiosk_window.ui.say(words)))
    for stage, (wanted, _) in FIELDS.items():
        bench = bench_with(kiosk_window)
        bench.at(stage)
        for use in PaperUse:
            if use is not wanted:
                bench.happen(CodeGiven((PAPERS[use],)))
                assert said(kiosk_window, f"lobby.code.is.{use.value}")
                assert aloud[-1] == tr(f"lobby.code.is.{use.value}", language)
        bench.happen(CodeUnreadable())
        assert said(kiosk_window, "lobby.code.unreadable")
        assert kiosk_window.findings() == []


def test_a_receipt_under_the_scanner_is_looked_up_at_once(kiosk_window) -> None:
    bench = bench_with(kiosk_window)
    bench.at(Stage.HOME)
    kiosk_window.tap("home.my_case")
    assert said(kiosk_window, "lobby.code.hold.both")
    bench.happen(CodeGiven((PAPERS[PaperUse.RECEIPT],)))
    assert said(kiosk_window, "lobby.my_case.asking")
    bench.happen(ev.CasesUnavailable())
    assert "my_case.number" in kiosk_window.names(), "the field is there again"


def test_a_number_that_could_not_be_looked_up_need_not_be_typed_again(kiosk_window) -> None:
    bench = bench_with(kiosk_window)
    bench.at(Stage.MY_CASE)
    typed = PAPERS[PaperUse.RECEIPT]
    kiosk_window.find("my_case.number").field.value = typed
    kiosk_window.tap("nav.continue")
    assert said(kiosk_window, "lobby.my_case.asking")
    bench.happen(ev.CasesUnavailable())
    assert kiosk_window.find("my_case.number").field.value == typed


def test_a_paper_that_lay_there_waits_for_a_touch(kiosk_window) -> None:
    bench = bench_with(kiosk_window)
    bench.at(Stage.CHECK_IN)
    bench.happen(CodeLies((PAPERS[PaperUse.APPOINTMENT],)))
    assert said(kiosk_window, "lobby.code.lies")
    assert bench.session.journey.stage is Stage.CHECK_IN
    kiosk_window.tap("code.use")
    assert bench.events[-1] == UseLyingCode()
    assert bench.session.journey.stage is Stage.TICKET_TAKING


@pytest.mark.parametrize("panel", PANELS)
def test_the_live_picture_is_small_and_goes_with_the_page(kiosk_window, panel: Panel) -> None:
    kiosk_window.reset(panel)
    bench = bench_with(kiosk_window)
    bench.at(Stage.RATING)
    page = bench.presenter.screen
    bench.presenter.preview(PreviewFrame(PICTURE, 640, 480, None))
    kiosk_window.frames()
    pixels = np.asarray(kiosk_window.image().convert("RGB"))
    green = np.abs(pixels.astype(int) - (40, 120, 30)).max(axis=2) < 12
    assert 0.01 < green.mean() < 0.1
    bench.happen(ev.Back())
    assert not page.code_box._picture.shown, "nothing of a paper stays"


@pytest.mark.parametrize(
    ("camera", "scanner", "key"),
    [(True, True, "both"), (True, False, "camera"), (False, True, "scanner"), (False, False, "")],
)
def test_what_is_said_follows_what_is_there(kiosk_window, camera: bool, scanner: bool, key: str) -> None:
    """With neither there is only typing, as before."""
    bench = bench_with(kiosk_window, camera=camera, scanner=scanner)
    bench.at(Stage.MY_CASE)
    shown = [name for name in ("both", "camera", "scanner") if said(kiosk_window, f"lobby.code.hold.{name}")]
    assert shown == ([key] if key else [])


def test_a_scanner_that_goes_takes_nothing_that_was_typed_with_it(kiosk_window) -> None:
    bench = bench_with(kiosk_window, camera=False)
    bench.at(Stage.CHECK_IN)
    for digit in "2048":
        kiosk_window.tap(f"keypad.{digit}")
    bench.surroundings.devices[DeviceClass.CODE_SCANNER] = Disconnected()
    bench.surroundings_changed()
    assert not said(kiosk_window, "lobby.code.hold.scanner")
    for digit in "16":
        kiosk_window.tap(f"keypad.{digit}")
    kiosk_window.tap("nav.continue")
    assert bench.session.journey.require_visit().appointment == "204816"
