"""One real window for all screen tests of a process, driven by real touch events through Kivy's own dispatch.

A process has one App for its whole life, as a kiosk has (re-created Apps keep tens of megabytes each). `kiosk_window`
gives each test a fresh Ui and Stage in it. Without DISPLAY an Xvfb is started; without Xvfb it is offscreen.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from kiosk.clock import CHINA, ManualClock
from kiosk.i18n import Language
from screens.runtime_setup import WindowSettings, harden, prepare
from screens.theme import Look, Panel

if TYPE_CHECKING:
    from kivy.uix.widget import Widget
    from PIL.Image import Image

    from screens.components import Stage, Ui
    from screens.components.audit import Finding

PORTRAIT = Panel(1080, 1920)
LANDSCAPE = Panel(1920, 1080)

# Test modules import components, and so Kivy, while they are collected: the environment must stand before that.
if "kivy" not in sys.modules:
    prepare(WindowSettings(PORTRAIT.width, PORTRAIT.height), Path(tempfile.mkdtemp(prefix="kivy-home-")))


class RecordingSpeaker:
    """Remembers what was said instead of saying it."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str, language: Language) -> None:
        del language
        self.said.append(text)

    def stop(self) -> None:
        self.said.append("(silence)")


class Bench(Protocol):
    """What puts the screens of one package on the window."""

    def look_changed(self) -> None:
        """The person chose another look, and perhaps another language."""


class KioskWindow:
    """The window under test: what is on it, and a finger.

    `ui`, `stage` and `clock` are fresh after `reset`. `tap` finds an element by its name, scrolls it into view as a
    person would, and touches its middle; the manual clock moves on by a second so that no touch counts as a bounce.
    """

    def __init__(self, container: Widget) -> None:
        self._container = container
        self._bench: weakref.ref[Bench] | None = None
        self.frames_at: list[float] = []
        """When each frame was on the display (time.perf_counter)."""
        self.reset()

    def reset(self, panel: Panel = PORTRAIT, look: Look | None = None) -> None:
        """Begin anew on a screen of `panel`, with an empty stage."""
        from kivy.core.window import Window

        from screens.components import Stage, Ui
        from screens.focus import FocusManager
        from screens.speech import SpeechGuide

        if tuple(Window.system_size) != (panel.width, panel.height):
            Window.size = (panel.width, panel.height)
        self.clock = ManualClock(datetime(2026, 3, 5, 9, 0, tzinfo=CHINA))
        self.ui: Ui = Ui(panel, look, self.clock)
        self.stage: Stage = Stage(self.ui)
        self.keys = FocusManager(self.ui)
        self.speaker = RecordingSpeaker()
        self.speech = SpeechGuide(self.ui, self.speaker)
        self._container.clear_widgets()
        self._container.add_widget(self.stage)
        self.frames()
        self.stage.size = (panel.width, panel.height)
        self.frames()

    def used_by(self, bench: Bench) -> None:
        """`bench` hears of changed looks, until another one does; what a test has done with is not kept."""
        here = self._bench = weakref.ref(bench)

        def changed(_look: Look) -> None:
            used = here()
            if used is not None and self._bench is here:
                used.look_changed()

        self.ui.on_look(changed)

    def show(self, page: Widget) -> None:
        """Put a page on the stage and draw it."""
        self.stage.show(page)
        self.frames()

    def frames(self, count: int = 3) -> None:
        """Draw `count` frames."""
        for _ in range(count):
            self.turn()

    def turn(self) -> bool:
        """One turn of the event loop; whether it drew a frame and brought it to the display."""
        from kivy.base import EventLoop
        from kivy.core.window import Window

        drawn = False

        def flipped(*_: object) -> None:
            nonlocal drawn
            drawn = True

        Window.bind(on_flip=flipped)
        EventLoop.idle()
        Window.unbind(on_flip=flipped)
        if drawn:
            self.frames_at.append(time.perf_counter())
        return drawn

    def flips(self, count: int) -> int:
        """How many of the next `count` turns of the event loop really draw something."""
        return sum(self.turn() for _ in range(count))

    def until(self, condition: Callable[[], bool], frames: int = 2000) -> None:
        """Draw frames until `condition` holds; fails the test when it does not within `frames`."""
        for _ in range(frames):
            if condition():
                return
            self.frames(1)
        pytest.fail("the condition never held")

    # What is there

    def reachable(self) -> list[Widget]:
        """Everything a finger can reach: the page, or the dialog over it."""
        from screens.components.audit import top_layer

        return top_layer(self.stage)

    def names(self) -> list[str]:
        """Names of all interactive elements in reach."""
        from screens.components import TouchTarget

        return [widget.name for widget in self.reachable() if isinstance(widget, TouchTarget)]

    def find(self, name: str) -> Widget:
        """The interactive element called `name`; fails the test when it is not in reach."""
        from screens.components import TouchTarget

        for widget in self.reachable():
            if isinstance(widget, TouchTarget) and widget.name == name:
                return widget
        return pytest.fail(f"{name} is not on the screen; there are {', '.join(self.names())}")

    def texts(self) -> list[str]:
        """All words on the screen, in the chosen language."""
        from screens.components import TextBlock

        return [self.ui.say(w.text) for w in self.reachable() if isinstance(w, TextBlock) and w.lines]

    def findings(self) -> list[Finding]:
        """Broken measurable rules (sizes, gaps, clipped text) of what is on the screen."""
        from screens.components.audit import audit

        return audit(self.ui)

    def image(self) -> Image:
        """The picture on the screen."""
        from kivy.core.window import Window

        from screens.components.pixels import window_image

        Window.canvas.ask_update()
        self.frames(1)
        return window_image(Window)

    # A finger

    def tap(self, name: str) -> None:
        """Touch the element called `name`."""
        from screens.focus import reveal

        target = self.find(name)
        reveal(target)
        self.frames(1)
        self.tap_at(target.center_x, target.center_y)

    def tap_at(self, x: float, y: float, *, pause: float = 1.0) -> None:
        """Touch a point, in pixels from the bottom left, `pause` seconds after whatever was before."""
        self.clock.advance(pause)
        self.drag([(x, y)])

    def drag(self, points: Sequence[tuple[float, float]]) -> None:
        """Put the finger down at the first point, move it through the others, lift it at the last."""
        touch = _touch(*points[0])
        _dispatch("begin", touch)
        self.frames(1)
        for point in points[1:]:
            touch.move(_scaled(*point))
            _dispatch("update", touch)
        _dispatch("end", touch)
        self.frames()

    def finger(self, x: float, y: float) -> Finger:
        """Put a finger down that the test moves and lifts by itself."""
        return Finger(self, x, y)

    def type_keys(self, *keys: str) -> None:
        """Press keys of the keyboard on the screen, by what they write or do: "a", "backspace", "done"."""
        for key in keys:
            self.tap(f"key.{key}")

    def key(self, code: int, text: str = "", modifiers: Sequence[str] = ()) -> None:
        """Press a key of a real keyboard or keypad."""
        self.clock.advance(1.0)
        self.keys.key_down(None, code, 0, text, modifiers)
        self.frames(1)


class Finger:
    """A finger that is on the screen."""

    def __init__(self, window: KioskWindow, x: float, y: float) -> None:
        self._window = window
        self._touch = _touch(x, y)
        _dispatch("begin", self._touch)
        window.frames(1)

    def move(self, x: float, y: float) -> None:
        """Move it to a point, in pixels from the bottom left."""
        self._touch.move(_scaled(x, y))
        _dispatch("update", self._touch)
        self._window.frames(1)

    def lift(self) -> None:
        """Take it away."""
        _dispatch("end", self._touch)
        self._window.frames()


def _scaled(x: float, y: float) -> dict[str, float]:
    from kivy.core.window import Window

    return {"x": x / (Window.width - 1.0), "y": y / (Window.height - 1.0)}


def _touch(x: float, y: float):  # type: ignore[no-untyped-def]  # Kivy's class has no types
    from kivy.input.motionevent import MotionEvent

    class Touch(MotionEvent):  # type: ignore[misc]  # the same
        def depack(self, args: dict[str, float]) -> None:
            self.profile = ["pos"]
            self.sx, self.sy = args["x"], args["y"]
            super().depack(args)

    return Touch("test", 1, _scaled(x, y), is_touch=True, type_id="touch")


def _dispatch(phase: str, touch: object) -> None:
    from kivy.base import EventLoop

    EventLoop.post_dispatch_input(phase, touch)


@pytest.fixture(scope="session")
def display() -> Iterator[None]:
    """An X display: the one there is, or an Xvfb of our own, or none with the offscreen driver."""
    if os.environ.get("DISPLAY") or os.environ.get("SDL_VIDEODRIVER"):
        yield
        return
    program = shutil.which("Xvfb")
    if program is None:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
        yield
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", "1920x1920x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as number:
        os.environ["DISPLAY"] = f":{number.readline().strip()}"
    yield
    del os.environ["DISPLAY"]
    server.terminate()
    server.wait()


@pytest.fixture(scope="session")
def _container(display: None) -> Iterator[Widget]:
    """The one App of this process, with an empty root."""
    harden()
    from kivy.app import App
    from kivy.uix.floatlayout import FloatLayout

    root = FloatLayout()

    class TestApp(App):  # type: ignore[misc]  # Kivy has no types
        def build(self) -> Widget:
            return root

    app = TestApp()
    app._run_prepare()
    yield root
    app.stop()


@pytest.fixture
def kiosk_window(_container: Widget) -> KioskWindow:
    """The window, empty, upright, in Chinese; `kiosk_window.reset(panel, look)` for another start."""
    return KioskWindow(_container)


@pytest.fixture
def landscape_window(kiosk_window: KioskWindow) -> KioskWindow:
    """The same on a wide screen."""
    kiosk_window.reset(LANDSCAPE)
    return kiosk_window
