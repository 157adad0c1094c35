"""A hand at the screen: finds what can be touched by its name and touches it with the X server's pointer."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

DEADLINE = 30.0
LOOK_EVERY = 0.05

SAME_TARGET_REST = 0.4
"""A second touch of the same target sooner than 0.3 s is refused as a bounce (screens/components/context.py)."""


@dataclass(frozen=True)
class Target:
    """Something on the screen that can be touched; pixels from the top left."""

    name: str
    kind: str
    x: float
    y: float
    width: float
    height: float
    text: str
    disabled: bool

    @property
    def centre(self) -> tuple[int, int]:
        """Where a finger would go."""
        return round(self.x + self.width / 2), round(self.y + self.height / 2)


@dataclass(frozen=True)
class View:
    """What the shown window says about itself."""

    stage: str | None
    page: str | None
    overlay: str | None
    size: tuple[int, int]
    targets: tuple[Target, ...]
    notices: tuple[str, ...] = ()

    def find(self, name: str) -> Target | None:
        """The enabled target `name` whose centre is on the screen."""
        width, height = self.size
        for target in self.targets:
            x, y = target.centre
            if target.name == name and not target.disabled and 0 <= x < width and 0 <= y < height:
                return target
        return None


class NotOnScreenError(AssertionError):
    """What should be on the screen did not come within the deadline."""


class Hand:
    """Touches the shown window of the terminal whose introspection folder is `folder`."""

    def __init__(self, folder: Path, display: str) -> None:
        self._folder = folder
        self._last = ""
        self._environment = {"DISPLAY": display, "PATH": "/usr/local/bin:/usr/bin:/bin"}

    def look(self) -> View | None:
        """The shown window, None while no window is shown. One that has a session goes before one that says goodbye."""
        views = [_view(told) for path in sorted(self._folder.glob("window-*.sock")) if (told := _ask(path))]
        shown = [view for view in views if view is not None]
        return next((view for view in shown if view.stage is not None), shown[0] if shown else None)

    def shown_pid(self) -> int | None:
        """The process of the window that is shown, None while there is none."""
        for path in sorted(self._folder.glob("window-*.sock")):
            if (told := _ask(path)) and told.get("shown") and told.get("stage"):
                return int(path.stem.removeprefix("window-"))
        return None

    def answers(self, pid: int) -> bool:
        """Whether the window of that process is built."""
        return bool(_ask(self._folder / f"window-{pid}.sock"))

    def wait(self, what: str, test: Callable[[View], bool], deadline: float = DEADLINE) -> View:
        """The first view that passes `test`. Raises NotOnScreenError with what was there instead."""
        ends = time.monotonic() + deadline
        view = None
        while time.monotonic() < ends:
            view = self.look()
            if view is not None and test(view):
                return view
            time.sleep(LOOK_EVERY)
        raise NotOnScreenError(f"waited for {what}; was at {_described(view)}")

    def at(self, stage: str, deadline: float = DEADLINE) -> View:
        """Wait until the terminal is at `stage` with nothing lying over it."""
        return self.wait(f"stage {stage}", lambda view: view.stage == stage and view.overlay == "none", deadline)

    def touch(self, name: str, deadline: float = DEADLINE) -> None:
        """Wait for the target `name` and touch it in the middle."""
        if name == self._last:
            time.sleep(SAME_TARGET_REST)
        self._last = name
        self.touch_at(*self._lies_still(name, deadline).centre)

    def leave(self, stage: str, name: str) -> None:
        """Touch `name` until `stage` is left: the pad does not count what comes within half a second of a page."""
        self.at(stage)
        self.touch_until(name, f"{stage} left", lambda view: view.stage != stage)

    def touch_until(self, name: str, what: str, test: Callable[[View], bool], deadline: float = DEADLINE) -> View:
        """Touch `name`, and again while nothing comes of it, as a person does: the page may move under the finger."""
        ends = time.monotonic() + deadline
        while time.monotonic() < ends:
            with contextlib.suppress(NotOnScreenError):  # it went between two looks
                self.touch(name, deadline=1.0)
            with contextlib.suppress(NotOnScreenError):
                return self.wait(what, test, 2.0)
        return self.wait(what, test, 0.5)

    def _lies_still(self, name: str, deadline: float) -> Target:
        """The target `name` once two looks find it in the same place: a new page is laid out over a few frames."""
        before: list[Target | None] = [None]

        def same_place(view: View) -> bool:
            last, before[0] = before[0], view.find(name)
            return before[0] is not None and last is not None and before[0].centre == last.centre

        target = self.wait(f"target {name}", same_place, deadline).find(name)
        assert target is not None
        return target

    def touch_at(self, x: int, y: int) -> None:
        """Press and release at a pixel."""
        self._xdotool("mousemove", str(x), str(y), "mousedown", "1", "sleep", "0.03", "mouseup", "1")
        # The screen refuses a second touch that follows like a bounce; a person is slower than this as well.
        time.sleep(0.12)

    def press(self, name: str) -> None:
        """Put the finger on the target `name`, and leave it there."""
        x, y = self._lies_still(name, DEADLINE).centre
        self._xdotool("mousemove", str(x), str(y), "mousedown", "1")

    def release(self) -> None:
        """Lift the finger."""
        self._xdotool("mouseup", "1")

    def draw(self, points: list[tuple[int, int]]) -> None:
        """Draw one stroke through `points`."""
        words = ["mousemove", str(points[0][0]), str(points[0][1]), "mousedown", "1"]
        for x, y in points[1:]:
            words += ["mousemove", str(x), str(y), "sleep", "0.02"]
        self._xdotool(*words, "mouseup", "1")

    def picture(self, file: Path) -> None:
        """Save a picture of the window as PNG; it lies in the display's upper left corner."""
        view = self.look()
        cut = ["-crop", f"{view.size[0]}x{view.size[1]}+0+0", "+repage"] if view is not None else []
        command = ["import", "-window", "root", *cut, str(file)]
        subprocess.run(command, env=self._environment, check=True, capture_output=True)

    def _xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self._environment, check=True, capture_output=True)


def _described(view: View | None) -> str:
    if view is None:
        return "no window"
    names = sorted(target.name for target in view.targets)
    return f"{view.stage}/{view.page}/{view.overlay} with {names}, saying {list(view.notices)}"


def _view(told: dict) -> View | None:
    if not told.get("shown"):
        return None
    width, height = told["size"]
    targets = tuple(Target(**widget) for widget in told["widgets"])
    return View(told["stage"], told["page"], told["overlay"], (width, height), targets, tuple(told["notices"]))


def _ask(path: Path) -> dict | None:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(10)
            connection.connect(str(path))
            with connection.makefile("rw", encoding="utf-8") as lines:
                lines.write("\n")
                lines.flush()
                line = lines.readline()
                return json.loads(line) if line else None
    except (OSError, ValueError):
        return None
