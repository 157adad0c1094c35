"""A window's way to codes: what it asks of the device daemon, and which codes become news."""

from __future__ import annotations

import pytest

from drivers.api import messages as device
from drivers.api.records import CodeFailure, CodeKind, PaperCode
from drivers.api.status import CodeScannerReady, DeviceClass, Disconnected
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.code_events import CodeGiven, CodeLies, CodeUnreadable
from screens.code_effects import GONE_AFTER_S, LAY_BEFORE_S, CodeEffects, CodesUnderCamera

RECEIPT, FEE = "T01-20261123-00001-X", "https://court.example/fees/1"


class Window:
    """CodeEffects with both ends recorded."""

    def __init__(self) -> None:
        self.sent: list[device.Request] = []
        self.told: list[ev.Event] = []
        self.now = 0.0
        self.effects = CodeEffects(self._send, self.told.append, lambda: self.now)

    def _send(self, message: device.Request) -> bool:
        self.sent.append(message)
        return True

    def scanner(self, *, there: bool = True) -> None:
        status = CodeScannerReady(heard=False) if there else Disconnected()
        self.effects.heard(device.StatusChanged(DeviceClass.CODE_SCANNER, status))

    @property
    def asked(self) -> str:
        """The request that waits for a code now."""
        (*_, last) = [message for message in self.sent if isinstance(message, device.ReadCode)]
        return last.request

    def read(self, text: str) -> None:
        self.effects.heard(device.CodeRead(self.asked, PaperCode(CodeKind.UNKNOWN, text)))

    def see(self, *texts: str, at: float) -> None:
        self.now = at
        codes = tuple(PaperCode(CodeKind.QR, text) for text in texts)
        shown = self.effects.heard(device.PreviewFrame(b"", 4, 3, None, codes=codes))
        assert not shown, "the picture is for the screen too"


@pytest.fixture
def window() -> Window:
    made = Window()
    made.scanner()
    made.effects.run(fx.ReadCodes())
    return made


def test_nothing_listens_before_a_field_waits() -> None:
    window = Window()
    window.scanner()
    window.see(RECEIPT, at=10.0)
    window.effects.connected()
    assert (window.sent, window.told) == ([], [])


def test_camera_and_scanner_are_asked_and_called_off(window: Window) -> None:
    preview, read = window.sent
    assert isinstance(preview, device.StartPreview)
    assert preview.codes
    assert isinstance(read, device.ReadCode)
    window.effects.run(fx.StopCodes())
    assert window.sent[2:] == [device.StopPreview(), device.CancelRequest(read.request)]
    window.see(RECEIPT, at=10.0)
    assert window.told == []


def test_the_scanner_goes_on_listening_until_it_is_called_off(window: Window) -> None:
    """Also after a code of another paper, one that could not be read, and a long silence."""
    window.read(FEE)
    window.effects.heard(device.CodeReadFailed(window.asked, CodeFailure.UNREADABLE))
    window.effects.heard(device.CodeReadFailed(window.asked, CodeFailure.NO_CODE))
    window.read(RECEIPT)
    assert window.told == [CodeGiven((FEE,)), CodeUnreadable(), CodeGiven((RECEIPT,))]


def test_an_answer_to_nobody_is_dropped(window: Window) -> None:
    """A code that comes when the field has just closed."""
    asked = window.asked
    window.effects.run(fx.StopCodes())
    window.effects.heard(device.CodeRead(asked, PaperCode(CodeKind.QR, RECEIPT)))
    assert window.told == []


def test_a_scanner_that_comes_back_is_asked_again(window: Window) -> None:
    window.effects.heard(device.CodeReadFailed(window.asked, CodeFailure.SCANNER_GONE))
    window.scanner(there=False)
    asked = len(window.sent)
    window.scanner()
    assert isinstance(window.sent[asked], device.ReadCode)
    window.read(RECEIPT)
    assert window.told == [CodeGiven((RECEIPT,))]


def test_a_new_device_daemon_is_told_what_waits(window: Window) -> None:
    window.effects.lost()
    before = len(window.sent)
    window.effects.connected()
    window.scanner()
    assert [type(message) for message in window.sent[before:]] == [device.StartPreview, device.ReadCode]


def test_a_paper_held_under_the_camera_is_told_once(window: Window) -> None:
    window.see(at=0.0)
    window.see(RECEIPT, at=LAY_BEFORE_S + 1)
    window.see(RECEIPT, at=LAY_BEFORE_S + 1.1)
    assert window.told == [CodeGiven((RECEIPT,))]
    gone = LAY_BEFORE_S + 1.1 + GONE_AFTER_S
    window.see(at=gone + 0.1)
    window.see(RECEIPT, at=gone + 0.2)
    assert window.told == [CodeGiven((RECEIPT,)), CodeGiven((RECEIPT,))]


def test_a_paper_that_lay_there_is_not_taken_by_itself() -> None:
    """N4: it may be of whoever was here before. A hand that passes over it changes nothing."""
    camera = CodesUnderCamera()
    assert camera.see((), 0.0) == []
    assert camera.see((RECEIPT,), LAY_BEFORE_S / 2) == [CodeLies((RECEIPT,))]
    assert camera.see((RECEIPT,), LAY_BEFORE_S + 1) == []
    assert camera.see((), LAY_BEFORE_S + 2) == []
    assert camera.see((RECEIPT,), LAY_BEFORE_S + 2.5) == []
    assert camera.see((RECEIPT, FEE), LAY_BEFORE_S + 3) == [CodeGiven((FEE,))]
    assert camera.see((FEE,), LAY_BEFORE_S + 3.1 + GONE_AFTER_S) == [CodeLies(())]


def test_a_paper_that_takes_the_place_of_the_one_that_lay_there_is_taken() -> None:
    camera = CodesUnderCamera()
    camera.see((RECEIPT,), 0.0)
    assert camera.see((FEE,), GONE_AFTER_S + 0.1) == [CodeLies(()), CodeGiven((FEE,))]


def test_the_second_code_of_a_paper_comes_with_the_first() -> None:
    """A fee notice has two; what it is may stand in either."""
    camera = CodesUnderCamera()
    camera.see((), 0.0)
    assert camera.see((RECEIPT,), 5.0) == [CodeGiven((RECEIPT,))]
    assert camera.see((RECEIPT, FEE), 5.2) == [CodeGiven((RECEIPT, FEE))]
