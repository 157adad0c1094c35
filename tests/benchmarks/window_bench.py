"""What a person feels at the window, and whether memory grows.

    .venv/bin/python -m tests.benchmarks.window_bench      (starts a virtual X display where there is none)

Process start to first frame is timed over whole window processes. Touch to next frame is timed inside one window: from
the finger going down to the first frame that shows it, and from the finger going up to the first frame of what follows.
Memory is that of `court-kiosk simulate`, which runs flow, forms, papers, sealing, outbox and HTTP in one process; a
window lives for one person only.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from screens.runtime_setup import harden
from tests.screens.conftest import KioskWindow, _dispatch, _touch

BIN = Path(sys.executable).parent
STARTS = 8
TOUCHES = 200
LEADING_ON = ("home.file_case", "nav.continue")
"""Buttons that bring another screen, the first of them that is in reach."""

LYING_STILL = 10
"""Turns of the event loop without a frame after which a page counts as built."""

LOOKS = 5
"""How often that is looked at: where something turns on a page, a slow machine never sees it still."""

LONGEST = 5.0
FEW, MANY = 20, 200


def starts(display: str) -> list[float]:
    """Seconds from process start to the first frame, one process after the other."""
    found = []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as home:
            command = [sys.executable, "-m", "screens.app", "--agent", f"{home}/a", "--devices", f"{home}/d"]
            begun = time.perf_counter()
            process = subprocess.Popen(
                [*command, "--home", home, "--shown"],
                stdout=subprocess.PIPE,
                stdin=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "DISPLAY": display},
                text=True,
            )
            assert process.stdout is not None
            while not process.stdout.readline().startswith("ready"):
                pass
            found.append(time.perf_counter() - begun)
            process.kill()
            process.wait()
    return found


def opened() -> KioskWindow:
    """A window of this process with an empty root."""
    harden()
    # Only after harden(), which settles what Kivy may do; the same below.
    from kivy.app import App
    from kivy.uix.floatlayout import FloatLayout

    root = FloatLayout()

    class BenchApp(App):  # type: ignore[misc]  # Kivy has no types
        def build(self) -> FloatLayout:
            return root

    BenchApp()._run_prepare()
    return KioskWindow(root)


def touches(window: KioskWindow) -> tuple[list[float], list[float]]:
    """Milliseconds from finger down to its first frame, and from finger up to the first frame of the next screen."""
    from tests.screens.lobby.bench import Bench, journeys

    bench = Bench(window, live=True)
    downs: list[float] = []
    ups: list[float] = []
    while len(ups) < TOUCHES:
        for journey in journeys().values():
            bench.open(journey)
            for _ in range(LOOKS):
                if not window.flips(LYING_STILL):
                    break
            name = next((name for name in window.names() if name in LEADING_ON), None)
            if name is None:
                continue
            target, page = window.find(name), bench.presenter.screen
            window.clock.advance(1)
            touch = _touch(target.center_x, target.center_y)
            down = _until_drawn(window, lambda touch=touch: _dispatch("begin", touch))
            up = _until_drawn(window, lambda touch=touch: _dispatch("end", touch))
            if bench.presenter.screen is not page:
                downs.append(down)
                ups.append(up)
    return downs, ups


def _until_drawn(window: KioskWindow, act: Callable[[], None]) -> float:
    """Milliseconds from `act` until the first frame after it was on the display."""
    window.frames_at.clear()
    begun = time.perf_counter()
    act()
    while not window.frames_at:
        window.turn()
        if time.perf_counter() - begun > LONGEST:
            raise RuntimeError("a touch drew nothing")
    return (window.frames_at[0] - begun) * 1000


def memory() -> tuple[float, float]:
    """MiB of one simulate process after FEW and after MANY journeys."""
    with tempfile.TemporaryDirectory() as folder:
        hub = subprocess.Popen(
            [str(BIN / "court-hub"), "serve", "--data", f"{folder}/hub", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert hub.stdout is not None
        url = hub.stdout.readline().rsplit(" ", 1)[-1].strip()
        command = [str(BIN / "court-kiosk"), "simulate", "--hub", url, "--data", f"{folder}/t", "--count", str(MANY)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        few = many = 0.0
        for number, _ in enumerate(process.stdout, 1):
            if number == FEW:
                few = _resident(process.pid)
            elif number == MANY:
                many = _resident(process.pid)
        process.wait()
        hub.terminate()
        hub.wait()
    return few, many


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _percentiles(values: list[float]) -> str:
    hundredths = statistics.quantiles(values, n=100)
    return f"p50 {statistics.median(values):.0f} ms, p99 {hundredths[98]:.0f} ms, {len(values)} touches"


def main() -> int:
    """Measure everything and print one line each."""
    display = os.environ.get("DISPLAY", "")
    screen = None
    if not display:
        reading, writing = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1920x24", "-nolisten", "tcp"]
        screen = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as told:
            display = os.environ["DISPLAY"] = f":{told.readline().strip()}"
    try:
        times = starts(display)
        _say(f"start to first frame: median {statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})")
        downs, ups = touches(opened())
        _say(f"finger down to its frame: {_percentiles(downs)}")
        _say(f"finger up to the next screen: {_percentiles(ups)}")
        few, many = memory()
        _say(f"memory after {FEW} journeys {few:.0f} MiB, after {MANY} {many:.0f} MiB ({many / few:.2f}x)")
    finally:
        if screen is not None:
            screen.terminate()
            screen.wait()
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
