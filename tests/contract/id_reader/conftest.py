"""Readers to hold the driver against: the simulator as a process on a pty and on TCP, and real hardware.

Real hardware is used when COURT_KIOSK_ID_READER names its port; a person then lays cards when a test waits for one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.dock.control import Answer, ask

PORT_VARIABLE = "COURT_KIOSK_ID_READER"


@dataclass
class SimulatorProcess:
    """A running simulator."""

    port: str
    control: Path
    process: subprocess.Popen[bytes]

    def do(self, what: str, **order: object) -> Answer:
        """Give one order."""
        return ask(self.control, {"do": what, **order})


def start_simulator(folder: Path, where: str, *options: str) -> SimulatorProcess:
    """Start the simulator on a "pty" or on "tcp" and wait until it is ready."""
    control = folder / "control"
    place = ["--link", str(folder / "usb-sam")] if where == "pty" else ["--tcp", "127.0.0.1:0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "drivers.id_reader.sim", *place, "--control", str(control), *options],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    port = json.loads(process.stdout.readline())["port"]
    return SimulatorProcess(port, control, process)


def stop_simulator(simulator: SimulatorProcess) -> None:
    """End it and see that it ends well."""
    simulator.process.terminate()
    assert simulator.process.wait(5) == 0
    if simulator.process.stdout:
        simulator.process.stdout.close()


@pytest.fixture(scope="module", params=["pty", "tcp"])
def each_wire(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    """One process for each kind of wire."""
    running = start_simulator(tmp_path_factory.mktemp("sim"), request.param)
    yield running
    stop_simulator(running)


@pytest.fixture
def simulator(each_wire: SimulatorProcess) -> SimulatorProcess:
    """The simulator, once on each kind of wire, as after its start."""
    each_wire.do("reset")
    return each_wire


@pytest.fixture(scope="module")
def one_pty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    """One process on a pseudo-terminal, paced."""
    running = start_simulator(tmp_path_factory.mktemp("sim"), "pty", "--paced")
    yield running
    stop_simulator(running)


@pytest.fixture
def pty_simulator(one_pty: SimulatorProcess) -> SimulatorProcess:
    """The simulator on a pseudo-terminal, which has a rate as a serial port has, and keeps to it."""
    one_pty.do("reset")
    return one_pty


@pytest.fixture
def real_port() -> str:
    """The port of a real reader; skips where there is none."""
    port = os.environ.get(PORT_VARIABLE)
    if not port:
        pytest.skip(f"no real reader: {PORT_VARIABLE} is not set")
    return port
