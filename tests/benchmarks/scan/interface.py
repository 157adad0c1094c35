"""Does the window stay smooth while the camera streams and pages are taken and cleaned, and does its memory stay flat?

The lobby's own window with its scan page on a virtual display, the camera's own capture process at the simulated camera
(a process that speaks MJPEG over HTTP), the page worker's own process; each page is taken, cleaned, shown large and
accepted by the flow. The window is asked for a picture at every turn of its event loop, as a moving finger asks for
one; what is told is how many of them reached the display and how long it took from one to the next.
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
from typing import TYPE_CHECKING

import msgspec

from tests.benchmarks.scan.score import percentile
from tests.benchmarks.window_bench import opened

if TYPE_CHECKING:
    from tests.benchmarks.scan.lobby import ScanningLobby

SECONDS = 8.0
"""Of each phase."""

PAGE_EVERY = 2.0
"""Seconds between two pages in the last phase: faster than anyone lays down paper."""

CAMERA_FPS = 30


class Smooth(msgspec.Struct, frozen=True):
    """One phase: pictures of the window a second, milliseconds from one to the next, what the window's own thread
    worked for each in milliseconds of processor time, and all its threads together (without a graphics processor others
    paint, and a machine with other work gives them less than they could use: by this 30 pictures a second are judged
    there), live pictures a second, pages accepted, and the window's memory at its end in MiB."""

    phase: str
    frames_per_second: float
    p50: float | None
    p95: float | None
    p99: float | None
    work_p50: float | None
    work_p99: float | None
    all_threads: float
    live_per_second: float
    pages: int
    resident: float


class Held(msgspec.Struct, frozen=True):
    """The window's memory in MiB after the first tenth of the pages, after all, and the most in between; and how much
    of it at the end is the accepted pages themselves, which lie there until they are handed in."""

    pages: int
    first: float
    last: float
    most: float
    kept: float


def measure(pages: int) -> tuple[list[Smooth], Held]:
    """The scan page without a camera, with live pictures, and with pages taken and cleaned; then so many pages in the
    same window, one after the other."""
    with _display(), _simulated() as url:
        window = opened()
        from tests.benchmarks.scan.lobby import ScanningLobby  # Kivy may only be imported after opened()

        scene = ScanningLobby(window, url)
        try:
            phases = [_phase(scene, "alone", taking=False)]
            scene.look()
            _until(scene, 1)
            phases.append(_phase(scene, "live pictures", taking=False))
            phases.append(_phase(scene, "pages taken and cleaned", taking=True))
            return phases, _held(scene, pages)
        finally:
            scene.stop()


def _held(scene: ScanningLobby, pages: int) -> Held:
    begin, first, most = scene.kept, 0.0, 0.0
    while (done := scene.kept - begin) < pages:
        scene.take()
        scene.turn(finger=False)
        most = max(most, _resident())
        if not first and done >= pages / 10:
            first = _resident()
    return Held(pages, round(first, 1), round(_resident(), 1), round(most, 1), round(scene.kept_bytes / 2**20, 1))


def _until(scene: ScanningLobby, live: int, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while scene.live_pictures < live:
        scene.turn(finger=True)
        if time.monotonic() > end:
            raise RuntimeError("no live picture came")


def _phase(scene: ScanningLobby, name: str, *, taking: bool) -> Smooth:
    for _ in range(30):
        scene.turn(finger=True)
    scene.window.frames_at.clear()
    scene.work.clear()
    worked = time.process_time()
    live, kept, begin = scene.live_pictures, scene.kept, time.monotonic()
    next_page = begin
    while (now := time.monotonic()) < begin + SECONDS:
        if taking and now >= next_page:
            scene.take()
            next_page = now + PAGE_EVERY
        scene.turn(finger=True)
    spent, worked = time.monotonic() - begin, time.process_time() - worked
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
        round(worked / len(drawn) * 1000, 1),
        round((scene.live_pictures - live) / spent, 1),
        scene.kept - kept,
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
