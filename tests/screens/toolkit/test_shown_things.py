"""Signature, QR code, pictures, tables and rare characters in a real window."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from screens.components import (
    ImageView,
    ListTable,
    QrView,
    SignaturePad,
    TableRow,
    TextBlock,
    Theme,
)

if TYPE_CHECKING:
    from tests.screens.conftest import KioskWindow
from tests.screens.toolkit.window_pages import Log, page_of

pytestmark = pytest.mark.window


def test_signature_gives_strokes_and_a_picture(kiosk_window: KioskWindow) -> None:
    heard: list[bool] = []
    pad = SignaturePad(kiosk_window.ui, on_change=heard.append)
    page_of(kiosk_window, pad)
    area = pad.area
    kiosk_window.drag([(area.x + 50 + 8 * i, area.y + 100 + (i % 7) * 10) for i in range(40)])
    assert heard == [True]
    assert len(pad.ink) == 1
    assert len(pad.ink[0]) == 40
    assert all(0 <= p.x <= kiosk_window.ui.panel.mm(area.width) for p in pad.ink[0])
    picture = Image.open(BytesIO(pad.png()))
    assert picture.getchannel("A").getbbox() is not None
    kiosk_window.tap("signature.clear")
    assert pad.ink == ()
    assert not pad.signed


def test_a_slip_of_the_finger_is_no_signature(kiosk_window: KioskWindow) -> None:
    pad = SignaturePad(kiosk_window.ui)
    page_of(kiosk_window, pad)
    kiosk_window.tap_at(pad.area.center_x, pad.area.center_y)
    assert not pad.signed


def test_qr_code_on_the_screen_can_be_read(kiosk_window: KioskWindow) -> None:
    """In the darkest theme too: black on white with its quiet zone."""
    cv2 = pytest.importorskip("cv2")
    numpy = pytest.importorskip("numpy")
    kiosk_window.ui.look = kiosk_window.ui.look.with_(theme=Theme.YELLOW_ON_BLACK)
    view = QrView(kiosk_window.ui, "court-kiosk:receipt:20260305-0001", spoken="回执")
    page_of(kiosk_window, view)
    text, *_ = cv2.QRCodeDetector().detectAndDecode(numpy.array(kiosk_window.image()))
    assert text == "court-kiosk:receipt:20260305-0001"


def test_pictures_are_shown_and_broken_ones_said(kiosk_window: KioskWindow) -> None:
    out = BytesIO()
    Image.new("RGB", (800, 600), (200, 30, 30)).save(out, "JPEG")
    view = ImageView(kiosk_window.ui, out.getvalue(), spoken="身份证照片")
    page_of(kiosk_window, view)
    panel = kiosk_window.ui.panel
    red = kiosk_window.image().getpixel((int(view.center_x), int(panel.height - view.center_y)))
    assert red[0] > 150
    assert red[1] < 80
    view.show(b"\xff\xd8 torn")
    kiosk_window.frames()
    assert "图片无法显示" in kiosk_window.texts()


def test_table_rows_lead_to_their_question(kiosk_window: KioskWindow) -> None:
    log = Log()
    rows = [TableRow("name", "姓名", "王明", log("name")), TableRow("phone", "电话", "", log("phone"))]
    page_of(kiosk_window, ListTable(kiosk_window.ui, rows))
    assert "未填写" in kiosk_window.texts()
    kiosk_window.tap("table.phone.change")
    assert log.calls == ["phone"]


def test_characters_outside_the_font_are_shown_by_their_code(
    kiosk_window: KioskWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURT_KIOSK_SUPPLEMENT_FONT", "/nonexistent")
    block = TextBlock(kiosk_window.ui, "王\U0002b736")
    page_of(kiosk_window, block)
    assert block.lines == ["王〔U+2B736〕"]
