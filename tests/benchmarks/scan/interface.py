"""Does the window stay smooth while the camera streams and pages are taken and cleaned, and does its memory stay flat?

The lobby's own window with its scan page on a virtual display, the camera's own capture process at the simulated camera
(a process that speaks MJPEG over HTTP), the page worker's own process. The window is asked for a picture at every turn
of its event loop, as a moving finger asks for one; what is told is how many of them reached the display and how long
it took from one to the next.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import msgspec

from drivers.api.messages import CaptureFailed, CapturePage, PageCaptured, PreviewFrame, StartPreview
from drivers.document_camera.watch import CameraSettings, CaptureProcess
from kiosk.flow.stage import Stage
from kiosk.pages.client import PageWorker
from kiosk.pages.model import PageHints
from tests.benchmarks.scan.score import percentile
from tests.benchmarks.window_bench import opened

SECONDS = 8.0
"""Of each phase."""

PAGE_EVERY = 2.0
"""Seconds between two pages in the last phase: faster than anyone lays down paper."""

CAMERA_FPS = 30


class Smooth(msgspec.Struct, frozen=True):
    """One phase: pictures of the window a second, milliseconds from one to the next, what the window's own thread
    worked for each in milliseconds of processor time (without a graphics processor other threads paint, which takes
    most of the time), live pictures a second, pages cleaned, and the window's memory at its end in MiB."""

    phase: str
    frames_per_second: float
    p50: float | None
    p95: float | None
    p99: float | None
    work_p50: float | None
    work_p99: float | None
    live_per_second: float
    pages: int
    resident: float


class Held(msgspec.Struct, frozen=True):
    """The window's memory in MiB after the first tenth of the pages, after all, and the most in between."""

    pages: int
    first: float
    last: float
    most: float


class _Scene:
    """A window with the scan page, a camera and a page worker."""

    def __init__(self, url: str) -> None:
        from tests.screens.lobby.bench import Bench, journeys

        self.window = opened()
        self.bench = Bench(self.window)
        self.bench.open(journeys()[Stage.SCAN])
        self.camera = CaptureProcess(CameraSettings(url))
        self.worker = PageWorker()
        self.worker.start()
        self.cleaned = self.asked = self.live = 0
        self.work: list[float] = []
        self._busy = False

    def turn(self) -> None:
        """Hear what came, and draw."""
        from kivy.core.window import Window

        begin = time.thread_time()
        while (report := self.camera.report(0)) is not None:
            match report:
                case PreviewFrame():
                    self.live += 1
                    self.bench.presenter.preview(report)
                case PageCaptured():
                    hints = PageHints(straight=report.corners is not None)
                    self.worker.clean(report.page_jpeg, hints, lambda _: self._done())
                case CaptureFailed():
                    self._busy = False
                case _:
                    pass
        Window.canvas.ask_update()
        if self.window.turn():
            self.work.append((time.thread_time() - begin) * 1000)

    def take(self) -> None:
        """Ask for a page, unless one is on its way."""
        if not self._busy:
            self._busy = True
            self.asked += 1
            self.camera.order(CapturePage(f"page-{self.asked}"))

    def _done(self) -> None:
        self.cleaned += 1
        self._busy = False

    def stop(self) -> None:
        """End the processes."""
        self.camera.kill()
        self.worker.stop()


def measure(pages: int) -> tuple[list[Smooth], Held]:
    """The scan page without a camera, with live pictures, and with pages taken and cleaned; then so many pages in the
    same window, one after the other."""
    with _display(), _simulated() as url:
        scene = _Scene(url)
        try:
            phases = [_phase(scene, "alone", taking=False)]
            scene.camera.order(StartPreview())
            _until(scene, 1)
            phases.append(_phase(scene, "live pictures", taking=False))
            phases.append(_phase(scene, "pages taken and cleaned", taking=True))
            return phases, _held(scene, pages)
        finally:
            scene.stop()


def _held(scene: _Scene, pages: int) -> Held:
    begin, first, most = scene.cleaned, 0.0, 0.0
    while (done := scene.cleaned - begin) < pages:
        scene.take()
        scene.turn()
        most = max(most, _resident())
        if not first and done >= pages / 10:
            first = _resident()
    return Held(pages, round(first, 1), round(_resident(), 1), round(most, 1))


def _until(scene: _Scene, live: int, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while scene.live < live:
        scene.turn()
        if time.monotonic() > end:
            raise RuntimeError("no live picture came")


def _phase(scene: _Scene, name: str, *, taking: bool) -> Smooth:
    for _ in range(30):
        scene.turn()
    scene.window.frames_at.clear()
    scene.work.clear()
    live, cleaned, begin = scene.live, scene.cleaned, time.monotonic()
    next_page = begin
    while (now := time.monotonic()) < begin + SECONDS:
        if taking and now >= next_page:
            scene.take()
            next_page = now + PAGE_EVERY
        scene.turn()
    spent = time.monotonic() - begin
    drawn = scene.window.frames_at
    between = [(after - before) * 1000 for before, after in pairwise(drawn)]
    return Smooth(
        name,
        round(len(drawn) / spent, 1),
        percentile(between, 50),
        percentile(between, 95),
        percentile(between, 99),
        percentile(scene.work, 50),
        percentile(scene.work, 99),
        round((scene.live - live) / spent, 1),
        scene.cleaned - cleaned,
        round(_resident(), 1),
    )


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def _simulated() -> Iterator[str]:
    """The simulated camera with a page under it; its address."""
    with tempfile.TemporaryDirectory(prefix="court-kiosk-camera-") as folder:
        control = ("--control", f"{folder}/c", "--fps", str(CAMERA_FPS))
        command = [sys.executable, "-m", "drivers.document_camera.sim", *control]
        camera = subprocess.Popen(command, stdout=subprocess.PIPE)
        try:
            assert camera.stdout is not None
            told = msgspec.json.decode(camera.stdout.readline(), type=dict[str, object])
            yield str(told["url"])
        finally:
            camera.terminate()
            camera.wait()


@contextmanager
def _display() -> Iterator[None]:
    """The X display there is, or an Xvfb."""
    if os.environ.get("DISPLAY"):
        yield
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1920x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as number:
            os.environ["DISPLAY"] = f":{number.readline().strip()}"
        yield
    finally:
        os.environ.pop("DISPLAY", None)
        server.terminate()
        server.wait()
