"""What must be settled before Kivy is imported: where it may write, what it must not do, and how the window stands.

`prepare(...)` sets the environment and is called first thing in a process that opens a window; `harden()` opens the
window. Kivy reads `KCFG_*` even under KIVY_NO_CONFIG, so no file of it is ever read or written.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path

REGULAR_FONT = "NotoSansCJKsc-Regular.otf"
BOLD_FONT = "NotoSansCJKsc-Bold.otf"


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """How the window stands on the display. `hidden` is the warm spare, shown when its turn comes."""

    width: int = 1080
    height: int = 1920
    left: int = 0
    top: int = 0
    borderless: bool = True
    hidden: bool = False
    rotation: int = 0
    """Degrees by which the picture is turned when a landscape panel is hung upright: 0, 90, 180 or 270."""
    show_cursor: bool = False


class FontsMissingError(Exception):
    """The interface fonts are not installed; script/setup puts them there."""


def fonts_directory(environ: MutableMapping[str, str] = os.environ) -> Path:
    """Where the SC faces of Noto Sans CJK lie: COURT_KIOSK_FONTS, or share/court-kiosk/fonts of this installation."""
    given = environ.get("COURT_KIOSK_FONTS")
    return Path(given) if given else Path(sys.prefix) / "share" / "court-kiosk" / "fonts"


def font_files() -> tuple[Path, Path]:
    """Regular and bold. Raises FontsMissingError, because a window without them shows a court nothing but boxes."""
    folder = fonts_directory()
    regular, bold = folder / REGULAR_FONT, folder / BOLD_FONT
    for file in (regular, bold):
        if not file.is_file():
            raise FontsMissingError(f"{file} is missing; run script/setup")
    return regular, bold


def prepare(settings: WindowSettings, kivy_home: Path, environ: MutableMapping[str, str] = os.environ) -> None:
    """Set the environment for `import kivy`. `kivy_home` is a folder that may be written to (only `logs/` appears).

    Raises RuntimeError when Kivy is already imported, since nothing set now would count.
    """
    if "kivy" in sys.modules:
        raise RuntimeError("Kivy is already imported; prepare() comes first")
    kivy_home.mkdir(parents=True, exist_ok=True)
    environ.update(
        {
            "KIVY_NO_ARGS": "1",
            "KIVY_NO_CONFIG": "1",
            "KIVY_NO_FILELOG": "1",
            "KIVY_LOG_MODE": "PYTHON",
            "KIVY_HOME": str(kivy_home),
            "KCFG_KIVY_EXIT_ON_ESCAPE": "0",
            "KCFG_KIVY_KEYBOARD_MODE": "",
            "KCFG_GRAPHICS_MULTISAMPLES": "0",
            "KCFG_GRAPHICS_WIDTH": str(settings.width),
            "KCFG_GRAPHICS_HEIGHT": str(settings.height),
            "KCFG_GRAPHICS_POSITION": "custom",
            "KCFG_GRAPHICS_LEFT": str(settings.left),
            "KCFG_GRAPHICS_TOP": str(settings.top),
            "KCFG_GRAPHICS_BORDERLESS": "1" if settings.borderless else "0",
            "KCFG_GRAPHICS_RESIZABLE": "0",
            "KCFG_GRAPHICS_FULLSCREEN": "0",
            "KCFG_GRAPHICS_ROTATION": str(settings.rotation),
            "KCFG_GRAPHICS_SHOW_CURSOR": "1" if settings.show_cursor else "0",
            "KCFG_GRAPHICS_WINDOW_STATE": "hidden" if settings.hidden else "visible",
            # A right click must not leave simulated touches (red dots) behind.
            "KCFG_INPUT_MOUSE": "mouse,disable_multitouch",
        }
    )
    # Text on a court's screen must never be readable from the next program through a clipboard.
    environ["KIVY_CLIPBOARD"] = "dummy"


def harden() -> None:
    """Finish what only works with Kivy imported; call before the first widget and after prepare().

    Removes the second source of each touch (kivy#1903, #8494), refuses F1 settings and file drops, lets plain areas be
    painted without smoothing, and, in the offscreen driver, waits for each frame to be drawn (its buffer swap never
    flushes).
    """
    from kivy.config import Config  # Kivy reads the environment at import, so this cannot be at the top

    for key in list(Config["input"]):
        if key != "mouse":
            Config.remove_option("input", key)

    from kivy.app import App  # the same

    App.open_settings = lambda *_: False  # F1 would open Kivy's own settings over the court's page

    from kivy.core.window import Window  # opens the window
    from kivy.graphics import Rectangle  # needs the window's context

    # What has no picture has Kivy's own one, of one white pixel. Smoothed, it takes a terminal without a graphics
    # processor 1.6 times as long and looks the same.
    white = Rectangle().texture
    white.min_filter = white.mag_filter = "nearest"

    if os.environ.get("SDL_VIDEODRIVER") == "offscreen":
        from kivy.graphics.opengl import glFinish  # needs the window's context

        Window.bind(on_flip=lambda *_: glFinish())


def show_spare(on_seen: Callable[[], None]) -> None:
    """Bring a window that was prepared with `hidden` to the front; `on_seen` is called once a frame of it is drawn."""
    from kivy.clock import Clock  # Kivy is imported by harden(); see there
    from kivy.core.window import Window

    def about_to_flip(*_: object) -> None:
        Window.unbind(on_flip=about_to_flip)
        Clock.schedule_once(lambda _: on_seen())

    Window.show()
    Window.raise_window()
    Window.bind(on_flip=about_to_flip)
    Window.canvas.ask_update()
