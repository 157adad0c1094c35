"""A terminal's programs on a file system of their own, scanning sessions on them, and what is there afterwards.

`python -m tests.journeys.leftovers.machine` runs where only fresh memory file systems can be written to and where there
are no other processes (tests/journeys/test_nothing_stays.py sees to that). It boots simulated devices, hub, device
daemon and agent, lets one window after the other scan, ends each in another way (End), and writes JSON: what was left
after each (Afterwards).
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec
import numpy as np

from drivers.dock.control import ask
from drivers.scenes.compose import FULL_HD, page_on_desk
from tests.hub.processes import HubProcess
from tests.journeys.leftovers.window import Holding

DEADLINE = 120.0
SETTLING = 15.0
SHEETS = 2
HELPERS = ("page worker", "reader")  # a window's children
DEVICES = ("camera", "scanner")  # the device daemon's children
ROOTS = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/var/spool")  # noqa: S108 - looked at, not written to


class End(StrEnum):
    """How a session ends; in the order in which they are tried."""

    IN_ORDER = "in_order"
    WINDOW_KILLED = "window_killed"
    HELPERS_KILLED = "helpers_killed"  # capture process, page worker, reader and scanning process, then in order
    DEVICES_KILLED = "devices_killed"  # the device daemon, then in order


class Afterwards(msgspec.Struct, frozen=True):
    """What the window held, and what there is after its end: new, gone and changed files, files in which a piece of a
    page stands, processes of the session that still run, deleted files that somebody holds open, shared memory."""

    pages: int
    lines: int
    volume_bytes: int
    new: list[str]
    gone: list[str]
    changed: list[str]
    telling: list[str]
    running: list[str]
    held_open: list[str]
    shared_memory: list[str]


class Machine:
    """All programs below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._programs: list[subprocess.Popen[bytes]] = []
        for name in ("terminal", "photographs", "simulator"):
            (folder / name).mkdir(parents=True)
        self.devices_socket, self.agent_socket = folder / "devices.sock", folder / "agent.sock"

    def boot(self) -> None:
        """Start everything that outlives a session."""
        laid = page_on_desk(np.random.default_rng(9000), FULL_HD)
        (self._folder / "photographs" / "1.jpg").write_bytes(laid.jpeg())
        self._control = self._folder / "simulator" / "scanner.control"
        scanner = self._start("drivers.page_scanner.sim", "--control", str(self._control), stdout=subprocess.PIPE)
        assert scanner.stdout is not None
        url = json.loads(scanner.stdout.readline())["url"]
        config = self._folder / "devices.toml"
        photographs = json.dumps(str(self._folder / "photographs"))
        config.write_text(
            f"[document_camera]\nsource = {photographs}\n[page_scanner]\ndevice = {json.dumps(url)}\n", encoding="utf-8"
        )
        daemon = ("--socket", str(self.devices_socket), "--config", str(config), "--allow-simulated")
        self.daemon = self._start("drivers.daemon", *daemon)
        self.hub = HubProcess(self._folder / "hub")
        data = ("--data", str(self._folder / "terminal"), "--hub", self.hub.url)
        self._start("kiosk.agent", "--socket", str(self.agent_socket), "--devices", str(self.devices_socket), *data)
        until(lambda: self.devices_socket.exists() and self.agent_socket.exists())

    def _start(self, module: str, *arguments: str, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=stdout, stdin=subprocess.DEVNULL)
        self._programs.append(process)
        return process

    def stop(self) -> None:
        """End everything."""
        for program in reversed(self._programs):
            program.terminate()
        for program in self._programs:
            program.wait(DEADLINE)
        self.hub.stop()

    def session(self, end: End) -> Afterwards:
        """One person's session, and what is left of it."""
        ask(self._control, {"do": "load", "sheets": SHEETS}, timeout=DEADLINE)
        until(lambda: len(children(self.daemon.pid)) == len(DEVICES))
        before, running = files(), processes()
        command = [sys.executable, "-m", "tests.journeys.leftovers.window"]
        window = subprocess.Popen(
            [*command, "--devices", str(self.devices_socket), "--agent", str(self.agent_socket)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert window.stdout is not None
        holding = msgspec.json.decode(window.stdout.readline(), type=Holding)
        ended = self._end(window, end)
        window.wait(DEADLINE)
        own = {self.daemon.pid}  # whose children are of the devices and not of the session
        until(lambda: not _left(running, own) and not ended & processes().keys(), required=False)
        until(lambda: files().keys() == before.keys(), required=False)
        after = files()
        return Afterwards(
            pages=holding.pages,
            lines=holding.lines,
            volume_bytes=holding.volume_bytes,
            new=sorted(after.keys() - before.keys()),
            gone=sorted(before.keys() - after.keys()),
            changed=sorted(path for path in after.keys() & before.keys() if after[path] != before[path]),
            telling=sorted(telling(holding.pieces)),
            running=[*_left(running, own), *(processes()[pid] for pid in ended & processes().keys())],
            held_open=sorted(held_open()),
            shared_memory=Path("/proc/sysvipc/shm").read_text().splitlines()[1:],
        )

    def _end(self, window: subprocess.Popen[bytes], end: End) -> set[int]:
        """End the session; the processes of which none may be left."""
        helpers, devices = set(children(window.pid)), set(children(self.daemon.pid))
        assert (len(helpers), len(devices)) == (len(HELPERS), len(DEVICES))
        match end:
            case End.IN_ORDER:
                ended = helpers
            case End.WINDOW_KILLED:
                window.kill()
                return helpers
            case End.HELPERS_KILLED:
                ended = helpers | devices
                for pid in ended:
                    os.kill(pid, signal.SIGKILL)
            case End.DEVICES_KILLED:
                ended = helpers | devices
                self.daemon.kill()
                self.daemon.wait(DEADLINE)
        window.communicate(b"end\n", timeout=DEADLINE)
        return ended


def files() -> dict[str, str]:
    """Every file, folder and socket that could have been written, with the hash of what is in it."""
    return {str(path): _hash(path) for path in _everything()}


def _everything() -> Iterator[Path]:
    for root in ROOTS:
        yield from sorted(Path(root).rglob("*"))


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"
    except FileNotFoundError:
        return "gone"


def telling(pieces: tuple[bytes, ...]) -> Iterator[str]:
    """Files of the terminal in which a piece of a page stands; those of the simulated devices have a right to it."""
    for path in _everything():
        if path.is_file() and "photographs" not in path.parts:
            data = path.read_bytes()
            if any(piece in data for piece in pieces):
                yield str(path)


def processes() -> dict[int, str]:
    """Every process but those that have ended and wait for somebody to notice, by its id."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if command:
                found[int(entry.name)] = command
    return found


def children(pid: int) -> list[int]:
    """The processes that a process has started, from proc(5)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == pid:
                found.append(int(entry.name))
    return found


def _left(before: dict[int, str], keepers: set[int]) -> list[str]:
    """Processes that were not there before and are not a device's own."""
    devices = {child for keeper in keepers for child in children(keeper)}
    return [command for pid, command in processes().items() if pid not in before and pid not in devices]


def held_open() -> Iterator[str]:
    """Deleted files that one of our processes still holds."""
    for pid in processes():
        for entry in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                target = str(entry.readlink())
            except (FileNotFoundError, ProcessLookupError):
                continue
            if target.endswith("(deleted)") or target.startswith("/memfd:"):
                yield target


def until(there: Callable[[], object], *, required: bool = True) -> None:
    """Wait for something to come true; what is not `required` is looked at afterwards."""
    end = time.monotonic() + (DEADLINE if required else SETTLING)
    while not there():
        if time.monotonic() > end:
            assert not required, "waited in vain"
            return
        time.sleep(0.05)


def main() -> None:
    """Boot, let people scan, tell."""
    machine = Machine(Path("/tmp/machine"))  # noqa: S108 - a file system of this process alone
    try:
        machine.boot()
        afterwards = {end: machine.session(end) for end in End}
    finally:
        machine.stop()
    sys.stdout.write(msgspec.json.encode(afterwards).decode() + "\n")


if __name__ == "__main__":
    main()
