"""Scanners to hold the driver against: the simulator as a process on each kind of wire, and real hardware.

Real hardware is used when COURT_KIOSK_CODE_SCANNER holds its section of the devices file, for example
`port = "/dev/serial/by-id/..."`; a person then scans when a test waits for a code.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.code_scanner.sim_keys import UINPUT
from drivers.dock.control import Answer
from tests.contract.simulator import SimulatorProcess

DEVICE_VARIABLE = "COURT_KIOSK_CODE_SCANNER"


@dataclass
class Wire:
    """A running simulator and the section that names it."""

    simulator: SimulatorProcess
    section: Mapping[str, object]
    types: bool
    """Whether it is a keyboard."""

    def do(self, what: str, **order: object) -> Answer:
        """Give one order."""
        return self.simulator.do(what, **order)


def start(folder: Path, where: str) -> Wire:
    """The simulator on a "pty", on "tcp", as "keys" on a FIFO, or as a keyboard of the kernel's ("uinput")."""
    place = {
        "pty": ("--link", str(folder / "usb-scanner")),
        "tcp": ("--tcp", "127.0.0.1:0"),
        "keys": ("--keyboard", str(folder / "usb-scanner-event-kbd")),
        "uinput": ("--uinput",),
    }[where]
    running = SimulatorProcess("drivers.code_scanner.sim", folder / "control", *place)
    section = {name: value for name, value in running.ready.items() if name in ("port", "keyboard")}
    return Wire(running, section, "keyboard" in section)


@pytest.fixture(scope="module", params=["pty", "tcp", "keys", "uinput"])
def each_wire(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """One process for each kind of wire."""
    if request.param == "uinput" and not os.access(UINPUT, os.W_OK):
        pytest.skip("no /dev/uinput on this machine")
    running = start(tmp_path_factory.mktemp("sim"), request.param)
    yield running
    running.simulator.stop()


@pytest.fixture
def wire(each_wire: Wire) -> Wire:
    """The simulator, once on each kind of wire, as after its start."""
    each_wire.do("reset")
    return each_wire


@pytest.fixture
def real_section() -> Mapping[str, object]:
    """The section of a real scanner; skips where there is none."""
    told = os.environ.get(DEVICE_VARIABLE)
    if not told:
        pytest.skip(f"no real scanner: {DEVICE_VARIABLE} is not set")
    return tomllib.loads(told)
