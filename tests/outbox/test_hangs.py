"""The agent and the device daemon hang without dying: real processes under the real launcher, no window."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from drivers.api import messages as devices
from drivers.api.status import DeviceClass
from drivers.api.wire import WireError, connect
from kiosk.agent import messages as m
from tests.outbox.stub_hub import StubHub

HOST = Path(__file__).with_name("residents.py")
ROOT = Path(__file__).parents[2]
DEADLINE = 60.0
T = TypeVar("T")


class Residents:
    """The launcher and its two programs."""

    def __init__(self, folder: Path, hub: StubHub) -> None:
        self.folder = folder
        self._log = (folder / "log").open("w+")
        self.launcher = subprocess.Popen(
            [sys.executable, str(HOST), str(folder), hub.url],
            stderr=self._log,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def pid(self, module: str) -> int | None:
        """The launcher's child that runs `module`, stopped or not."""
        children = Path(f"/proc/{self.launcher.pid}/task/{self.launcher.pid}/children").read_text().split()
        for child in children:
            try:
                if module.encode() in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                    return int(child)
            except OSError:
                continue  # it has just gone
        return None

    def wait(self, test: Callable[[], Any], what: str) -> Any:
        """What `test()` gives once it is true."""
        ends = time.monotonic() + DEADLINE
        while not (found := test()):
            assert time.monotonic() < ends, f"{what}: {(self.folder / 'log').read_text()}"
            time.sleep(0.02)
        return found

    def agent_answers(self) -> m.Config | None:
        """What an agent that works says to a window."""
        return self._ask(self.folder / "agent.sock", m.Event, m.GetConfig("1"), m.Config)

    def daemon_answers(self) -> devices.PrintJobChanged | None:
        """What a device daemon that works says to a window."""
        return self._ask(self.folder / "devices.sock", devices.Event, devices.AskJob("1"), devices.PrintJobChanged)

    @staticmethod
    def _ask(path: Path, incoming: Any, request: object, answer: type[T]) -> T | None:
        try:
            channel = connect(path, incoming)
        except OSError:
            return None
        try:
            channel.send(request)
            while (event := channel.receive()) is not None:
                if isinstance(event, answer):
                    return event
        except (OSError, WireError):
            return None
        finally:
            channel.close()
        return None

    def stop(self) -> None:
        """End all of it."""
        self.launcher.terminate()
        self.launcher.wait(DEADLINE)
        self._log.close()


@pytest.fixture
def residents(tmp_path: Path) -> Iterator[Residents]:
    with StubHub() as hub:
        running = Residents(tmp_path, hub)
        try:
            yield running
        finally:
            running.stop()


@pytest.mark.parametrize("module", ["kiosk.agent", "drivers.daemon"])
def test_a_stopped_program_is_replaced_by_one_that_works(residents: Residents, module: str) -> None:
    """F34: SIGSTOP, as a deadlock would do it. The other program is left alone."""
    config = residents.wait(residents.agent_answers, "the agent starts")
    residents.wait(residents.daemon_answers, "the daemon starts")
    before = {name: residents.pid(name) for name in ("kiosk.agent", "drivers.daemon")}
    stopped = before[module]
    assert stopped is not None
    os.kill(stopped, signal.SIGSTOP)
    residents.wait(lambda: not Path(f"/proc/{stopped}").exists(), "the stopped program ends")
    residents.wait(lambda: residents.pid(module) not in {None, stopped}, "another one is started")
    again = residents.wait(residents.agent_answers, "the agent answers")
    residents.wait(residents.daemon_answers, "the daemon answers")
    assert again.terminal == config.terminal
    (other,) = set(before) - {module}
    assert residents.pid(other) == before[other]


def test_every_device_is_told_by_the_new_daemon(residents: Residents) -> None:
    """What a window hears after a hang is what it hears at a first start."""
    residents.wait(residents.daemon_answers, "the daemon starts")
    stopped = residents.pid("drivers.daemon")
    assert stopped is not None
    os.kill(stopped, signal.SIGSTOP)
    residents.wait(lambda: residents.pid("drivers.daemon") not in {None, stopped}, "another one is started")
    residents.wait(residents.daemon_answers, "the daemon answers")
    channel = connect(residents.folder / "devices.sock", devices.Event)
    told = {event.device for _ in DeviceClass if isinstance(event := channel.receive(), devices.StatusChanged)}
    channel.close()
    assert told == set(DeviceClass)
