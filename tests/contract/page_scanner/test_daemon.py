"""The scanner behind the daemon's socket: requests, pages taken, cancelling, a client that leaves, memory."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.api.messages import (
    CancelRequest,
    Event,
    PageScanned,
    PageTaken,
    Request,
    ScanEnded,
    ScanPages,
    StatusChanged,
)
from drivers.api.records import ScanEnd, ScanSource
from drivers.api.status import DeviceClass, Disconnected, ScannerReady
from drivers.api.wire import Channel, WireError, connect
from drivers.daemon import Daemon
from drivers.page_scanner.device import PageScanner
from drivers.page_scanner.process import ScanningProcess
from drivers.supervisor import SIMULATED_REFUSED, BackOff
from tests.contract.page_scanner.conftest import DEADLINE, LIMITS, name_of

FEEDER = ScanSource.FEEDER


class Client:
    """One connection to the daemon."""

    def __init__(self, socket: Path) -> None:
        self._channel: Channel[Event, Request] = connect(socket, Event)
        self._arrived: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            while (event := self._channel.receive()) is not None:
                self._arrived.put(event)
        except (OSError, WireError):
            pass
        self._arrived.put(None)

    def send(self, request: Request) -> None:
        self._channel.send(request)

    def until(self, wanted: Callable[[Event], bool]) -> Any:
        """The next event that `wanted` accepts."""
        while True:
            event = self._arrived.get(timeout=DEADLINE)
            assert event is not None, "the daemon hung up"
            if wanted(event):
                return event

    def page(self) -> PageScanned:
        page = self.until(lambda event: isinstance(event, PageScanned | ScanEnded))
        assert isinstance(page, PageScanned), page
        return page

    def status(self, kind: type) -> Any:
        return self.until(lambda event: isinstance(event, StatusChanged) and isinstance(event.value, kind)).value

    def leave(self) -> None:
        self._channel.close()


class Rig:
    """A daemon with a scanner."""

    def __init__(self, folder: Path, device: str, *, allow_simulated: bool = True) -> None:
        self.children: list[ScanningProcess] = []
        scanner = PageScanner(device, limits=LIMITS, start=self._start)
        self.socket = folder / "devices.sock"
        self.daemon = Daemon(
            self.socket,
            {DeviceClass.PAGE_SCANNER: scanner},
            allow_simulated=allow_simulated,
            back_off=BackOff(first=0.05, ceiling=0.2),
        )
        self.daemon.start()

    def _start(self, device: str) -> ScanningProcess:
        self.children.append(ScanningProcess(device, look_seconds=0.1))
        return self.children[-1]


@pytest.fixture
def rig(tmp_path: Path, scanner: Any) -> Iterator[Rig]:
    """A daemon at the simulated scanner."""
    made = Rig(tmp_path, scanner.url)
    yield made
    made.daemon.stop()


def test_pages_over_the_socket(rig: Rig, scanner: Any) -> None:
    scanner.do("load", sheets=3)
    client = Client(rig.socket)
    client.status(ScannerReady)
    client.send(ScanPages("a", FEEDER, dpi=100))
    for number in (1, 2, 3):
        page = client.page()
        assert (page.number, name_of(page.jpeg)) == (number, f"{number} front")
        client.send(PageTaken("a", number))
    assert client.until(lambda event: isinstance(event, ScanEnded)) == ScanEnded("a", ScanEnd.COMPLETE, 3)
    client.leave()


def test_cancelled_over_the_socket(rig: Rig, scanner: Any) -> None:
    scanner.do("load", sheets=3)
    scanner.do("slow", seconds=0.3)
    client = Client(rig.socket)
    client.send(ScanPages("a", FEEDER, dpi=100))
    client.page()
    client.send(CancelRequest("a"))
    assert client.until(lambda event: isinstance(event, ScanEnded)) == ScanEnded("a", ScanEnd.CANCELLED, 1)
    client.leave()


def test_who_leaves_stops_the_scanner_and_the_next_gets_no_page_of_theirs(rig: Rig, scanner: Any) -> None:
    """N5: a session that ends in the middle of a scan leaves nothing behind."""
    scanner.do("load", sheets=9)
    scanner.do("slow", seconds=0.3)
    first = Client(rig.socket)
    first.status(ScannerReady)
    first.send(ScanPages("a", FEEDER, dpi=100))
    first.page()
    first.leave()
    second = Client(rig.socket)
    second.status(ScannerReady)
    scanner.do("empty")
    scanner.do("slow", seconds=0)
    scanner.do("load", sheets=1, first=40)
    second.send(ScanPages("a", FEEDER, dpi=100))
    assert name_of(second.page().jpeg) == "40 front"
    second.leave()


def test_a_terminal_in_service_refuses_a_simulated_scanner(tmp_path: Path, scanner: Any) -> None:
    rig = Rig(tmp_path, scanner.url, allow_simulated=False)
    client = Client(rig.socket)
    assert client.status(Disconnected) == Disconnected(SIMULATED_REFUSED)
    client.send(ScanPages("a", FEEDER, resume_from=3))
    assert client.until(lambda event: isinstance(event, ScanEnded)) == ScanEnded("a", ScanEnd.NO_SCANNER, 2)
    client.leave()
    rig.daemon.stop()


def test_a_long_run_needs_no_more_memory_than_a_short_one(rig: Rig, scanner: Any) -> None:
    """A run of the feeder holds the page that is scanned and the one that is handed on, however long it is."""
    scanner.do("load", sheets=120)
    client = Client(rig.socket)
    client.send(ScanPages("a", FEEDER, dpi=75, most_pages=120))
    after: dict[int, int] = {}
    for number in range(1, 121):
        page = client.page()
        assert page.number == number
        after[number] = _resident(rig.children[-1].pid)
        client.send(PageTaken("a", number))
    assert after[120] < after[30] * 1.1
    client.leave()


def _resident(pid: int) -> int:
    """Kilobytes of a process in memory."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no such process")


def test_a_killed_scanning_process_takes_no_other_device_away(rig: Rig) -> None:
    client = Client(rig.socket)
    client.status(ScannerReady)
    os.kill(rig.children[-1].pid, signal.SIGKILL)
    client.status(Disconnected)
    client.status(ScannerReady)
    client.leave()


def test_pages_by_command(scanner: Any, tmp_path: Path) -> None:
    """What an installer tries first."""
    scanner.do("load", sheets=2)
    words = [sys.executable, "-m", "drivers.cli", "device", "scan-pages", "--device", scanner.url, "--dpi", "100"]

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*words, *more], capture_output=True, text=True, check=False)

    done = run("--out", str(tmp_path / "new"), "--duplex", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    files = sorted((tmp_path / "new").iterdir())
    assert [name_of(file.read_bytes()) for file in files] == ["1 front", "1 back", "2 front", "2 back"]
    assert (told["pages"], told["dpi"], told["bytes"]) == (4, 100, sum(file.stat().st_size for file in files))
    empty = run("--out", str(tmp_path / "other"))
    assert (empty.returncode, empty.stdout, empty.stderr.count("\n")) == (1, "", 1)
    assert "the feeder is empty; 0 pages" in empty.stderr
    scanner.do("unplug")
    gone = run("--out", str(tmp_path / "third"))
    assert (gone.returncode, gone.stderr.count("\n")) == (1, 1)
    assert not (tmp_path / "third").exists()
