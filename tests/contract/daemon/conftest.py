"""The daemon as a process, a simulated reader beside it, and clients on its socket."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drivers.api.messages import Event, Request, StatusChanged
from drivers.api.status import AnyStatus, DeviceClass
from drivers.api.wire import Channel, WireError, connect
from drivers.dock.control import Answer, ask

DEADLINE = 10.0


class Client:
    """One connection to the daemon, with everything it was sent."""

    def __init__(self, socket: Path) -> None:
        self.channel: Channel[Event, Request] = connect(socket, Event)
        self._arrived: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self.statuses: dict[DeviceClass, StatusChanged] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            while (event := self.channel.receive()) is not None:
                self._arrived.put(event)
        except (OSError, WireError):
            pass
        self._arrived.put(None)

    def send(self, request: Request) -> None:
        self.channel.send(request)

    def next(self, kind: type[Event] | None = None) -> Event | None:
        """The next event (of a kind); None when the daemon has hung up."""
        end = time.monotonic() + DEADLINE
        while True:
            event = self._arrived.get(timeout=max(0.01, end - time.monotonic()))
            if isinstance(event, StatusChanged):
                self.statuses[event.device] = event
            if event is None or kind is None or isinstance(event, kind):
                return event

    def until_status(self, device: DeviceClass, *kinds: type[AnyStatus]) -> StatusChanged:
        """Wait until the device's status is one of `kinds`."""
        while not isinstance(getattr(self.statuses.get(device), "value", None), kinds):
            assert self.next() is not None, "the daemon hung up"
        return self.statuses[device]


@dataclass
class Bench:
    """A folder with a reader, a daemon, and whoever connects."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)

    @property
    def socket(self) -> Path:
        return self.folder / "devices.sock"

    @property
    def reader(self) -> Path:
        return self.folder / "usb-sam"

    def start_reader(self) -> None:
        process = self._start(
            "drivers.id_reader.sim", "--link", str(self.reader), "--control", str(self.folder / "reader.control")
        )
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["ready"]

    def reader_do(self, what: str, **order: object) -> Answer:
        return ask(self.folder / "reader.control", {"do": what, **order})

    def start_daemon(self, config: str | None = None, *options: str) -> subprocess.Popen[bytes]:
        path = self.folder / "devices.toml"
        path.write_text(f'[id_reader]\nport = "{self.reader}"\n' if config is None else config, encoding="utf-8")
        process = self._start("drivers.daemon", "--socket", str(self.socket), "--config", str(path), *options)
        self.wait(lambda: self.socket.exists() or process.poll() is not None)
        return process

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.processes.append(process)
        return process

    def client(self) -> Client:
        client = Client(self.socket)
        self.clients.append(client)
        return client

    def wait(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.01)

    def close(self) -> None:
        for client in self.clients:
            client.channel.close()
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.communicate(timeout=DEADLINE)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    running = Bench(tmp_path)
    yield running
    running.close()
