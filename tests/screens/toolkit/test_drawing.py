"""What a terminal without a graphics processor must not spend its time on, and that it looks right all the same."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageChops, ImageStat

from screens.components import ImageView, Theme
from tests.screens.conftest import LANDSCAPE
from tests.screens.toolkit.window_pages import page_of

if TYPE_CHECKING:
    from screens.components import PageFrame
    from tests.screens.conftest import KioskWindow

pytestmark = pytest.mark.window

RED = (200, 30, 30)


def a_red_picture(width: int, height: int) -> bytes:
    """A photograph of nothing."""
    out = BytesIO()
    Image.new("RGB", (width, height), RED).save(out, "JPEG")
    return out.getvalue()


def scrolled(window: KioskWindow) -> PageFrame:
    """A page whose body is twice as high as its room and stands between two lines of pixels."""
    page = page_of(window, ImageView(window.ui, a_red_picture(900, 2400), spoken="照片", height_mm=600))
    page.scroll.scroll_to(100.4)
    window.frames()
    return page


@pytest.fixture
def turned_window(landscape_window: KioskWindow) -> Iterator[KioskWindow]:
    """A panel that hangs turned by a quarter."""
    from kivy.core.window import Window

    Window.rotation = 90
    Window.size = LANDSCAPE.width, LANDSCAPE.height
    landscape_window.frames()
    yield landscape_window
    Window.rotation = 0
    Window.size = LANDSCAPE.width, LANDSCAPE.height
    landscape_window.frames()


def is_red(pixel: object) -> bool:
    """Whether this is the photograph."""
    return isinstance(pixel, tuple) and pixel[0] > 150 and pixel[1] < 80


def test_what_is_scrolled_away_is_not_seen(kiosk_window: KioskWindow) -> None:
    page = scrolled(kiosk_window)
    area, picture = page.scroll, kiosk_window.image()
    x, top, bottom = int(area.center_x), int(picture.height - area.top), int(picture.height - area.y)
    assert not any(is_red(picture.getpixel((x, row))) for row in range(top - 40, top - 3))
    assert all(is_red(picture.getpixel((x, row))) for row in range(top + 3, bottom - 3))
    assert not any(is_red(picture.getpixel((x, row))) for row in range(bottom + 3, bottom + 40))


def test_a_panel_that_hangs_turned_shows_the_same(turned_window: KioskWindow) -> None:
    from kivy.core.window import Window

    scrolled(turned_window)
    turned = turned_window.image().transpose(Image.Transpose.ROTATE_270)
    Window.rotation = 0
    Window.size = LANDSCAPE.width, LANDSCAPE.height
    turned_window.reset(LANDSCAPE)
    scrolled(turned_window)
    upright = turned_window.image()
    assert turned.size == upright.size
    assert ImageStat.Stat(ImageChops.difference(turned, upright).convert("L")).mean[0] < 1.0


def test_the_ground_has_the_colour_of_the_theme(kiosk_window: KioskWindow) -> None:
    page_of(kiosk_window)
    for theme in Theme:
        kiosk_window.ui.look = kiosk_window.ui.look.with_(theme=theme)
        kiosk_window.frames()
        wanted = tuple(round(255 * part) for part in kiosk_window.ui.palette.background[:3])
        picture = kiosk_window.image()
        assert picture.getpixel((4, picture.height // 2)) == wanted


@pytest.mark.parametrize("size", [(960, 720), (2880, 2160), (300, 200)])
def test_a_brief_picture_stands_where_the_finer_one_follows(kiosk_window: KioskWindow, size: tuple[int, int]) -> None:
    """A live picture is scaled in another way than a page; what is pointed at in it must not jump."""
    view = ImageView(kiosk_window.ui, spoken="照片")
    page_of(kiosk_window, view)
    place = (0.25, 0.25, 0.75, 0.75)
    view.show(a_red_picture(*size), marks=[place], brief=True)
    kiosk_window.frames()
    brief = kiosk_window.image()
    view.show(a_red_picture(*size), marks=[place])
    kiosk_window.frames()
    assert is_red(brief.getpixel((int(view.center_x), int(brief.height - view.center_y))))
    assert ImageStat.Stat(ImageChops.difference(brief, kiosk_window.image()).convert("L")).mean[0] < 0.5
