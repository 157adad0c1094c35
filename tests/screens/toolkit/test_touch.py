"""Buttons, choices, scrolling and dialogs in a real window, touched by real touch events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.i18n import Language
from screens.components import (
    Button,
    Choice,
    ChoiceList,
    ConfirmDialog,
    IdleWarning,
    PageFrame,
    ServiceActions,
    Stack,
)

if TYPE_CHECKING:
    from tests.screens.conftest import KioskWindow
from tests.screens.toolkit.window_pages import Log, page_of

pytestmark = pytest.mark.window


def test_a_touch_activates_and_every_page_offers_its_services(kiosk_window: KioskWindow) -> None:
    """Rule 11 and the service bar: back, continue, call a person, more time, at the window, on every page."""
    log = Log()
    page_of(kiosk_window, log=log)
    for name in ("nav.continue", "nav.back", "service.call_person", "service.more_time", "service.at_window"):
        kiosk_window.tap(name)
    assert log.calls == ["continue", "back", "call_person", "more_time", "at_window"]


def test_a_bouncing_touch_counts_once(kiosk_window: KioskWindow) -> None:
    log = Log()
    page_of(kiosk_window, log=log)
    target = kiosk_window.find("nav.continue")
    kiosk_window.tap_at(*target.center)
    kiosk_window.tap_at(*target.center, pause=0.1)
    assert log.calls == ["continue"]
    kiosk_window.tap_at(*target.center, pause=0.5)
    assert log.calls == ["continue", "continue"]


def test_a_finger_that_slides_off_does_nothing(kiosk_window: KioskWindow) -> None:
    log = Log()
    page_of(kiosk_window, log=log)
    target = kiosk_window.find("nav.continue")
    kiosk_window.drag([target.center, (target.center_x, target.top + 200)])
    assert log.calls == []


def test_a_touch_that_changes_the_page_does_not_reach_the_next_one(kiosk_window: KioskWindow) -> None:
    """One touch must not act on two screens (kivy#7756)."""
    log = Log()
    second = PageFrame(
        kiosk_window.ui,
        name="second",
        title="二",
        body=Stack(kiosk_window.ui),
        service=ServiceActions(log("a"), log("b"), log("c")),
        on_continue=log("second continue"),
        on_back=log("second back"),
    )
    first = page_of(kiosk_window, log=log)
    first.continue_button.action = lambda: kiosk_window.stage.show(second)
    kiosk_window.tap("nav.continue")
    assert kiosk_window.stage.page is second
    assert log.calls == []


def test_a_disabled_button_does_nothing(kiosk_window: KioskWindow) -> None:
    log = Log()
    button = Button(kiosk_window.ui, name="b", text="按", on_press=log("b"), enabled=False)
    page_of(kiosk_window, button, log=log)
    kiosk_window.tap("b")
    assert log.calls == []
    button.enabled = True
    kiosk_window.tap("b")
    assert log.calls == ["b"]


def test_pressing_is_seen_on_the_next_frame(kiosk_window: KioskWindow) -> None:
    """Rule 18: the colour changes while the finger is still down."""
    page_of(kiosk_window)
    target = kiosk_window.find("nav.continue")
    spot = (int(target.x + 30), int(kiosk_window.ui.panel.height - target.center_y))
    before = kiosk_window.image().getpixel(spot)
    target.pressed = True
    kiosk_window.frames(1)
    assert kiosk_window.image().getpixel(spot) != before


def test_one_of_several_and_any_of_several(kiosk_window: KioskWindow) -> None:
    heard: list[tuple[str, ...]] = []
    choices = [Choice("a", "甲"), Choice("b", "乙"), Choice("c", "丙")]
    one = ChoiceList(kiosk_window.ui, name="one", choices=choices, on_change=heard.append)
    many = ChoiceList(kiosk_window.ui, name="many", choices=choices, multiple=True, columns=3)
    page_of(kiosk_window, one, many)
    for name in ("one.a", "one.c", "many.a", "many.c", "many.a"):
        kiosk_window.tap(name)
    assert one.selected == ("c",)
    assert many.selected == ("c",)
    assert heard == [("a",), ("c",)]


def test_a_choice_says_whether_it_is_chosen(kiosk_window: KioskWindow) -> None:
    """Rule 20: not by colour alone, and not by sight alone."""
    page_of(kiosk_window, ChoiceList(kiosk_window.ui, name="x", choices=[Choice("a", "甲")]))
    item = kiosk_window.find("x.a")
    assert item.accessible_text(Language.EN).endswith("not selected")
    kiosk_window.tap("x.a")
    assert not item.accessible_text(Language.EN).endswith("not selected")
    assert item.accessible_text(Language.EN).endswith("selected")


def test_everything_is_reached_with_the_page_buttons(kiosk_window: KioskWindow) -> None:
    log = Log()
    buttons = [Button(kiosk_window.ui, name=f"b{i}", text=f"第 {i} 项", on_press=log(f"b{i}")) for i in range(60)]
    page = page_of(kiosk_window, *buttons, log=log)
    assert page.scroll.more_below
    for _ in range(20):
        if not page.scroll.more_below:
            break
        kiosk_window.tap("page.scroll.down")
    target = kiosk_window.find("b59")
    kiosk_window.tap_at(target.center_x, target.center_y)
    assert log.calls == ["b59"]
    assert not page.scroll.more_below


def test_dragging_scrolls_and_presses_nothing(kiosk_window: KioskWindow) -> None:
    log = Log()
    buttons = [Button(kiosk_window.ui, name=f"b{i}", text=f"第 {i} 项", on_press=log(f"b{i}")) for i in range(60)]
    page = page_of(kiosk_window, *buttons, log=log)
    x, y = buttons[5].center
    kiosk_window.drag([(x, y), (x, y + 120), (x, y + 240)])
    assert page.scroll.offset == pytest.approx(240, abs=30)
    assert log.calls == []


def test_what_is_scrolled_out_of_sight_cannot_be_touched(kiosk_window: KioskWindow) -> None:
    log = Log()
    buttons = [Button(kiosk_window.ui, name=f"b{i}", text=f"第 {i} 项", on_press=log(f"b{i}")) for i in range(60)]
    page_of(kiosk_window, *buttons, log=log)
    hidden = next(b for b in buttons if b.center_y < kiosk_window.find("nav.continue").center_y)
    kiosk_window.tap_at(hidden.center_x, hidden.center_y)
    assert not [call for call in log.calls if call.startswith("b") and call != "back"]


def test_a_dialog_keeps_touches_and_keys_to_itself(kiosk_window: KioskWindow) -> None:
    log = Log()
    page_of(kiosk_window, log=log)
    continue_at = kiosk_window.find("nav.continue").center
    dialog = ConfirmDialog(
        kiosk_window.ui, name="cancel", title="要取消吗？", text="内容会被清除。", yes="取消办理", no="继续办理",
        on_yes=log("yes"), on_no=log("no"),
    )  # fmt: skip  # one dialog
    kiosk_window.ui.open_overlay(dialog)
    kiosk_window.frames()
    kiosk_window.tap_at(*continue_at)
    assert log.calls == []
    assert set(kiosk_window.names()) == {"cancel.yes", "cancel.no"}
    kiosk_window.key(9)
    kiosk_window.key(9)
    kiosk_window.key(13)
    assert log.calls == ["no"]
    kiosk_window.ui.close_overlay(dialog)
    kiosk_window.tap("nav.continue")
    assert log.calls == ["no", "continue"]


def test_idle_warning_counts_down_and_can_be_answered(kiosk_window: KioskWindow) -> None:
    """Rule 7."""
    log = Log()
    page_of(kiosk_window, log=log)
    warning = IdleWarning(kiosk_window.ui, seconds=25, on_more_time=log("more"), on_end=log("end"))
    kiosk_window.ui.open_overlay(warning)
    kiosk_window.frames()
    assert "25 秒" in kiosk_window.texts()
    warning.set_seconds(24)
    assert "24 秒" in kiosk_window.texts()
    assert kiosk_window.findings() == []
    kiosk_window.tap("idle.more_time")
    assert log.calls == ["more"]
