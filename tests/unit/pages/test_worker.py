"""The page worker: confined, replaced when it dies or hangs, and never in the interface's way (N5)."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.i18n import Language, tr
from kiosk.pages.client import PageWorker
from kiosk.pages.model import CleanedPage, Outcome, PageHints, PageUnusable, Unusable

DEADLINE = 60.0


def page(level: int = 240) -> bytes:
    picture = np.full((877, 620, 3), level, np.uint8)
    picture[200:210, 100:500] = 20
    return cv2.imencode(".jpg", picture)[1].tobytes()


class Asker:
    """A worker and what it answered."""

    def __init__(self, worker: PageWorker) -> None:
        self.worker = worker
        self.answers: queue.SimpleQueue[Outcome] = queue.SimpleQueue()

    def send(self, picture: bytes) -> None:
        self.worker.clean(picture, PageHints(), self.answers.put)

    def answer(self) -> Outcome:
        return self.answers.get(timeout=DEADLINE)

    def ask(self, picture: bytes) -> Outcome:
        self.send(picture)
        return self.answer()


@pytest.fixture
def asker() -> Iterator[Asker]:
    worker = PageWorker(page_seconds=4.0)
    worker.start()
    yield Asker(worker)
    worker.stop()


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def soon(condition) -> bool:
    ends = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(0.01)
    return True


def test_pages_come_back_in_order_and_the_caller_never_waits(asker: Asker) -> None:
    before = time.monotonic()
    for level in (250, 200, 160):
        asker.send(page(level))
    asker.send(b"no picture")
    assert time.monotonic() - before < 0.2
    assert [type(asker.answer()) for _ in range(4)] == [CleanedPage, CleanedPage, CleanedPage, PageUnusable]


def test_a_worker_that_dies_is_replaced_and_nothing_is_lost(asker: Asker) -> None:
    assert isinstance(asker.ask(page()), CleanedPage)
    first = asker.worker.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    asker.send(page())
    os.kill(first, signal.SIGKILL)
    assert isinstance(asker.answer(), CleanedPage), "tried once more in a new worker"
    assert asker.worker.pid not in {first, None}


def test_a_worker_that_hangs_is_ended_and_the_next_page_works(asker: Asker) -> None:
    assert isinstance(asker.ask(page()), CleanedPage)
    first = asker.worker.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    assert asker.ask(page()) == PageUnusable(Unusable.FAILED)
    assert gone(first)
    assert isinstance(asker.ask(page()), CleanedPage)


def test_bombs_and_rubbish_do_not_cost_the_worker(asker: Asker) -> None:
    assert isinstance(asker.ask(page()), CleanedPage)
    first = asker.worker.pid
    bomb = cv2.imencode(".png", np.zeros((9_000, 9_000), np.uint8))[1].tobytes()
    assert asker.ask(bomb) == PageUnusable(Unusable.TOO_LARGE)
    assert asker.ask(page()[:-300]) == PageUnusable(Unusable.DAMAGED)
    whole = page()
    assert asker.ask(whole[: len(whole) // 2] + whole[len(whole) * 3 // 4 :]) == PageUnusable(Unusable.DAMAGED)
    assert asker.ask(bytes(70 * 1024 * 1024)) == PageUnusable(Unusable.TOO_LARGE)
    assert isinstance(asker.ask(page()), CleanedPage)
    assert asker.worker.pid == first


@pytest.mark.slow
def test_the_largest_picture_allowed_is_cleaned_within_the_limits() -> None:
    worker = PageWorker()
    worker.start()
    asker = Asker(worker)
    try:
        large = cv2.imencode(".png", np.full((20_000, 4_000, 3), 230, np.uint8))[1].tobytes()
        assert isinstance(asker.ask(large), CleanedPage)
    finally:
        worker.stop()


def test_a_worker_that_cannot_start_is_told_page_by_page() -> None:
    worker = PageWorker(command=("/nonexistent/program",))
    worker.start()
    asker = Asker(worker)
    assert asker.ask(page()) == PageUnusable(Unusable.FAILED)
    worker.stop()


def test_after_stop_there_is_no_process_and_no_answer(asker: Asker) -> None:
    assert isinstance(asker.ask(page()), CleanedPage)
    pid = asker.worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    asker.send(page())
    asker.worker.stop()
    assert soon(lambda: gone(pid))
    asker.worker.stop()
    assert asker.answers.empty()


def test_a_worker_ends_with_its_parent() -> None:
    """Killed, a window leaves no process with a person's page behind (N5)."""
    program = (
        "import sys, time\n"
        "from kiosk.pages.client import PageWorker\n"
        "from kiosk.pages.model import PageHints\n"
        "import threading\n"
        "done = threading.Event()\n"
        "worker = PageWorker(); worker.start()\n"
        "worker.clean(b'', PageHints(), lambda _: done.set())\n"
        "done.wait(60); print(worker.pid, flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not gone(pid)
        parent.kill()
    assert soon(lambda: gone(pid))


def test_the_worker_is_confined(asker: Asker) -> None:
    assert isinstance(asker.ask(page()), CleanedPage)
    process = Path(f"/proc/{asker.worker.pid}")
    limits = {line[:26].strip(): line[26:].split()[:2] for line in process.joinpath("limits").read_text().splitlines()}
    assert limits["Max core file size"] == ["0", "0"]
    assert limits["Max file size"] == ["0", "0"]
    assert limits["Max open files"] == ["0", "0"]
    assert int(limits["Max address space"][1]) <= 3 << 30
    assert int(limits["Max cpu time"][0]) < 60
    assert "NoNewPrivs:\t1" in process.joinpath("status").read_text()


@pytest.mark.parametrize(
    "deed",
    [
        "open('/etc/hostname')",
        "open('/tmp/x-court-kiosk', 'w')",
        "__import__('socket').socket()",
        "__import__('subprocess').run(['true'])",
    ],
)
def test_a_shut_process_can_open_nothing(deed: str) -> None:
    program = (
        "import socket, subprocess\n"
        "from kiosk.pages.confine import confine, shut\n"
        "confine(); shut()\n"
        f"try:\n    {deed}\n"
        "except OSError:\n    raise SystemExit(7)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 7


def test_a_page_that_takes_too_long_ends_the_process() -> None:
    program = "from kiosk.pages import confine\nconfine.confine(); confine.allow_page(0)\nwhile True: pass\n"
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert done.returncode == -signal.SIGXCPU


@pytest.mark.parametrize("reason", Unusable)
def test_every_reason_has_words_for_the_person_and_the_attendant(reason: Unusable) -> None:
    for whom in ("unusable", "attendant"):
        assert all(tr(f"pages.{whom}.{reason.value}", language) for language in Language)


def test_several_pictures_become_one_page_in_the_worker(asker: Asker) -> None:
    pictures, each = (page(), page(200)), (PageHints(dpi=100), PageHints(dpi=100))
    asker.worker.lay_together(pictures, each, PageHints(), asker.answers.put)
    made = asker.answer()
    assert isinstance(made, CleanedPage)
    assert (made.page.width, made.page.height) == (2480, 3508)
    asker.worker.lay_together((page(), b"no picture"), each, PageHints(), asker.answers.put)
    assert asker.answer() == PageUnusable(Unusable.NOT_A_PICTURE)
    assert isinstance(asker.ask(page()), CleanedPage)
