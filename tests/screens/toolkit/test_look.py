"""Language, text size, theme and the measurable rules of a page in a real window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.i18n import Language, Text
from screens.components import (
    TextBlock,
    TextField,
    TextSize,
    Theme,
)
from screens.gallery import pages, variants

if TYPE_CHECKING:
    from tests.screens.conftest import KioskWindow
from tests.screens.toolkit.window_pages import page_of

pytestmark = pytest.mark.window


def test_look_changes_live_and_loses_nothing(kiosk_window: KioskWindow) -> None:
    """Rule 6: size, contrast and language change in the middle of typing."""
    field = TextField(kiosk_window.ui, name="name", label=Text("姓名", "이름", "Name"), value="王")
    page_of(kiosk_window, field)
    kiosk_window.tap("name")
    kiosk_window.type_keys("layer.latin", "a")
    height = field.height
    background = kiosk_window.image().getpixel((500, 1300))
    for name in ("service.text_size", "service.contrast"):
        kiosk_window.tap(name)
    assert kiosk_window.ui.look.size is TextSize.LARGE
    assert kiosk_window.ui.look.theme is Theme.DARK
    assert field.height > height
    assert kiosk_window.image().getpixel((500, 1300)) != background
    kiosk_window.tap("service.language")
    kiosk_window.tap("language.en")
    assert "Name" in kiosk_window.texts()
    assert "Continue" in kiosk_window.texts()
    assert field.value == "王a"


def test_what_was_off_screen_catches_up(kiosk_window: KioskWindow) -> None:
    block = TextBlock(kiosk_window.ui, Text("你好", "안녕", "Hello"))
    page_of(kiosk_window)
    kiosk_window.ui.look = kiosk_window.ui.look.with_(language=Language.EN)
    page_of(kiosk_window, block)
    assert block.lines == ["Hello"]


@pytest.mark.parametrize("panel", ["kiosk_window", "landscape_window"])
@pytest.mark.parametrize("name", ["home", "party", "claim"])
def test_layout_comes_to_rest(panel: str, name: str, request: pytest.FixtureRequest) -> None:
    """A page at which nobody touches anything draws nothing: otherwise it would cost a core day and night."""
    window: KioskWindow = request.getfixturevalue(panel)
    restless = []
    for look in variants("some"):
        window.ui.look = look
        window.show(pages(window.ui)[name]())
        window.frames(4)
        if window.flips(8) >= 4:  # the X server may ask for a picture or two of its own
            restless.append(look)
    assert restless == []


def test_time_left_stands_on_the_button(kiosk_window: KioskWindow) -> None:
    """Rule 7: the person sees how long is left, and that more can be had."""
    page = page_of(kiosk_window)
    page.set_time_left(Text("还剩 5 分钟", "5분 남음", "5 minutes left"))
    assert "还剩 5 分钟" in kiosk_window.texts()
    page.set_time_left(None)
    assert "还剩 5 分钟" not in kiosk_window.texts()


@pytest.mark.parametrize("panel", ["kiosk_window", "landscape_window"])
@pytest.mark.parametrize("name", ["home", "party", "claim", "review"])
def test_no_page_breaks_a_measurable_rule(panel: str, name: str, request: pytest.FixtureRequest) -> None:
    """Rules 1, 2, 3, 21: every size and language, and the low-reach layout; with and without the keyboard."""
    window: KioskWindow = request.getfixturevalue(panel)
    broken = []
    for look in variants("some"):
        window.ui.look = look
        window.show(pages(window.ui)[name]())
        broken += [(look, str(finding)) for finding in window.findings()]
        fields = getattr(window.stage.page, "fields", ())
        for field in fields:
            field.focus()
            window.frames(2)
            broken += [(look, str(finding)) for finding in window.findings()]
    assert broken == []


def test_low_reach_keeps_every_control_in_the_lower_part(kiosk_window: KioskWindow) -> None:
    """Rule 17 (EN 301 549 8.3)."""
    kiosk_window.ui.look = kiosk_window.ui.look.with_(low_reach=True)
    kiosk_window.show(pages(kiosk_window.ui)["claim"]())
    height = kiosk_window.ui.panel.height
    shown = [kiosk_window.find(name) for name in kiosk_window.names()]
    page = kiosk_window.stage.page
    for widget in shown:
        inside = widget.top <= page.scroll.top or widget in page.scroll.content.walk()
        assert inside
        assert min(widget.top, page.scroll.top) <= height * 0.6 + 1


def test_capital_height_as_drawn(kiosk_window: KioskWindow) -> None:
    """Rule 3 measured on the glass: the letter H of the default size is at least 4.8 mm high."""
    block = TextBlock(kiosk_window.ui, "H")
    page_of(kiosk_window, block)
    picture = kiosk_window.image().convert("L")
    top = kiosk_window.ui.panel.height - int(block.y + block.height)
    left = int(block.x)
    letter = picture.crop((left, top, left + 40, top + int(block.height)))
    ink = letter.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert ink is not None
    assert 4.8 <= kiosk_window.ui.panel.mm(ink[3] - ink[1]) <= 5.6
