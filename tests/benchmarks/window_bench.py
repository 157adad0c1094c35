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
from pathlib import Path

from screens.runtime_setup import harden
from tests.screens.conftest import KioskWindow, _dispatch, _touch

BIN = Path(sys.executable).parent
STARTS = 8
JOURNEYS = 4
FEW, MANY = 20, 200
LONGEST = 5.0


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
    # Only after harden(), which settles what Kivy may do.
    from kivy.app import App
    from kivy.uix.floatlayout import FloatLayout

    root = FloatLayout()

    class BenchApp(App):  # type: ignore[misc]  # Kivy has no types
        def build(self) -> FloatLayout:
            return root

    BenchApp()._run_prepare()
    return KioskWindow(root)


def touches(window: KioskWindow) -> tuple[list[float], list[float]]:
    """Milliseconds from finger down to its first frame, and from finger up to the first frame of what follows."""
    from kivy.base import EventLoop
    from kivy.core.window import Window

    from kiosk.flow.journey import Journey
    from tests.screens.lobby.bench import Bench, journeys

    bench = Bench(window, live=True)
    drawn: list[float] = []
    Window.bind(on_flip=lambda *_: drawn.append(time.perf_counter()))

    def until_drawn(since: float, into: list[float]) -> None:
        """A touch that changes nothing draws nothing, and counts for nothing."""
        drawn.clear()
        while not drawn and time.perf_counter() - since < LONGEST:
            EventLoop.idle()
        into.extend((moment - since) * 1000 for moment in drawn[:1])

    downs, ups = [], []
    for _ in range(JOURNEYS):
        for journey in (Journey(), *journeys().values()):
            bench.open(journey)
            window.frames(3)
            names = [name for name in window.names() if name in {"attract", "home.file_case", "nav.continue"}]
            if not names:
                continue
            target = window.find(names[0])
            window.clock.advance(1)
            touch = _touch(target.center_x, target.center_y)
            begun = time.perf_counter()
            _dispatch("begin", touch)
            until_drawn(begun, downs)
            begun = time.perf_counter()
            _dispatch("end", touch)
            until_drawn(begun, ups)
    return downs, ups


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
