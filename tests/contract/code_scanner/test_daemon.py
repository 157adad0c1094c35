"""The scanner behind the daemon's socket, and the commands that try it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.api.messages import CancelRequest, CodeRead, CodeReadFailed, Event, ReadCode, Request, StatusChanged
from drivers.api.records import CodeFailure, CodeKind, PaperCode
from drivers.api.status import CodeScannerReady, DeviceClass, Disconnected
from drivers.api.wire import Channel, connect
from drivers.code_scanner.device import build
from drivers.daemon import Daemon
from drivers.supervisor import SIMULATED_REFUSED, BackOff
from tests.contract.code_scanner.conftest import Wire

DEADLINE = 10.0


class Client:
    """One connection to the daemon; `events` is all it was told."""

    def __init__(self, socket: Path) -> None:
        self.channel: Channel[Event, Request] = connect(socket, Event)
        self.events: list[Event] = []
        self._changed = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            while (event := self.channel.receive()) is not None:
                with self._changed:
                    self.events.append(event)
                    self._changed.notify_all()
        except OSError:
            return  # closed by the test

    def until_told(self, wanted: Event) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: wanted in self.events, DEADLINE), self.events

    def until(self, status: type) -> object:
        def found() -> object:
            told = [
                event.value
                for event in self.events
                if isinstance(event, StatusChanged) and event.device is DeviceClass.CODE_SCANNER
            ]
            return told[-1] if told and isinstance(told[-1], status) else None

        with self._changed:
            assert self._changed.wait_for(lambda: found() is not None, DEADLINE), self.events
            return found()


@pytest.fixture
def socket(tmp_path: Path, wire: Wire) -> Iterator[Path]:
    """A daemon at the simulated scanner."""
    path = tmp_path / "devices.sock"
    daemon = Daemon(
        path,
        {DeviceClass.CODE_SCANNER: build(wire.section)},
        allow_simulated=True,
        back_off=BackOff(first=0.05, ceiling=0.2),
    )
    daemon.start()
    yield path
    daemon.stop()


def test_a_code_goes_to_who_waits_and_to_no_other_client(socket: Path, wire: Wire) -> None:
    """N4: what one window reads, no other learns."""
    waiting, other = Client(socket), Client(socket)
    for client in (waiting, other):
        client.until(CodeScannerReady)
    waiting.channel.send(ReadCode("a", 30))
    waiting.channel.send(ReadCode("given up", 30))
    waiting.channel.send(CancelRequest("given up"))
    waiting.until_told(CodeReadFailed("given up", CodeFailure.CANCELLED))
    wire.do("scan", text="T01-20260305-00001-5")
    waiting.until_told(CodeRead("a", PaperCode(CodeKind.UNKNOWN, "T01-20260305-00001-5")))
    other.channel.send(ReadCode("b", 0.1))
    other.until_told(CodeReadFailed("b", CodeFailure.NO_CODE))
    assert not any(isinstance(event, CodeRead) for event in other.events)


def test_what_a_client_waited_for_goes_with_it(socket: Path, wire: Wire) -> None:
    first = Client(socket)
    first.until(CodeScannerReady)
    first.channel.send(ReadCode("a", 30))
    first.channel.close()
    second = Client(socket)
    second.until(CodeScannerReady)
    second.channel.send(ReadCode("b", 30))
    wire.do("scan", text="second")
    second.until_told(CodeRead("b", PaperCode(CodeKind.UNKNOWN, "second")))


def test_a_terminal_in_service_refuses_a_simulated_scanner(tmp_path: Path, wire: Wire) -> None:
    path = tmp_path / "devices.sock"
    daemon = Daemon(path, {DeviceClass.CODE_SCANNER: build(wire.section)}, back_off=BackOff(first=0.05))
    daemon.start()
    client = Client(path)
    assert client.until(Disconnected) == Disconnected(SIMULATED_REFUSED)
    client.channel.send(ReadCode("a", 30))
    client.until_told(CodeReadFailed("a", CodeFailure.SCANNER_GONE))
    daemon.stop()


def test_a_code_by_command(wire: Wire) -> None:
    """What an installer tries first."""
    (name, value), *_ = wire.section.items()
    words = [sys.executable, "-m", "drivers.cli", "device", "read-code", f"--{name}", str(value), "--json"]
    running = subprocess.Popen([*words, "--timeout", "30"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while running.poll() is None:  # what is sent before it listens is dropped, so it is scanned until it was heard
        wire.do("scan", text="T01-20260305-00001-5")
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(1.0)
    said, complaint = running.communicate(timeout=DEADLINE)
    assert (running.returncode, complaint) == (0, "")
    assert json.loads(said) == {"kind": "unknown", "text": "T01-20260305-00001-5"}
    silent = subprocess.run([*words, "--timeout", "0.1"], capture_output=True, text=True, check=False)
    assert (silent.returncode, silent.stdout, silent.stderr.count("\n")) == (1, "", 1)
    assert "no code within 0.1 s" in silent.stderr


def test_keys_of_a_grabbed_scanner_reach_nothing_else(socket: Path, wire: Wire) -> None:
    """While the driver holds it, another reader of the same node gets no key: neither the X server nor a field."""
    node = str(wire.section.get("keyboard", ""))
    if not node.startswith("/dev/input/"):
        pytest.skip("needs a keyboard of the kernel's (uinput)")
    client = Client(socket)
    client.until(CodeScannerReady)
    other = os.open(node, os.O_RDONLY | os.O_NONBLOCK)
    try:
        client.channel.send(ReadCode("a", 30))
        wire.do("scan", text="T01")
        client.until_told(CodeRead("a", PaperCode(CodeKind.UNKNOWN, "T01")))
        with pytest.raises(BlockingIOError):
            os.read(other, 24)
    finally:
        os.close(other)
