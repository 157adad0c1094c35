"""Hub, simulated devices, virtual screen and terminal as a court would run them, for tests and the demo."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from tests.e2e.hand import Hand

BIN = Path(sys.executable).parent
READY_SECONDS = 60.0


class NotReadyError(AssertionError):
    """A program did not come up; its log is in the message."""


class Stack:
    """Everything below `folder`. Use as a context manager; leaving it ends every program."""

    def __init__(
        self,
        folder: Path,
        size: tuple[int, int] = (1080, 1920),
        *,
        display: str | None = None,
        framed: bool = False,
    ) -> None:
        self.folder = folder
        self.size = size
        self.hub_url = ""
        self.display = display or ""
        self._options: tuple[str, ...] = ("--framed",) if framed else ()
        self.dock_options: tuple[str, ...] = ()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    # -- life

    def __enter__(self) -> Stack:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self.display:
                self._start_display()
            self.start_hub()
            self.start_dock()
            self.start_terminal()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End everything, the last started first."""
        for name in reversed(list(self._processes)):
            self.end(name)

    def end(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        """End one program and wait for it."""
        process = self._processes.pop(name, None)
        if process is None or process.poll() is not None:
            return
        process.send_signal(how)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self, name: str, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **environment},
            )
        self._processes[name] = process
        return process

    def log(self, name: str) -> Path:
        """Where a program writes what it says."""
        return self.folder / f"{name}.log"

    def pid(self, name: str) -> int:
        """The process id of a running program."""
        return self._processes[name].pid

    # -- programs

    def _start_display(self) -> None:
        width, height = self.size
        reading, writing = os.pipe()
        self._processes["display"] = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
            pass_fds=(writing,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            self.display = f":{told.readline().strip()}"

    def start_hub(self, port: int = 0) -> None:
        """The court's side, on SQLite; on a free port the first time."""
        process = self._start(
            "hub", str(BIN / "court-hub"), "serve", "--data", str(self.folder / "hub"), "--port", str(port)
        )
        line = self._wait_for_line("hub", "listening on", process)
        self.hub_url = line.rsplit(" ", 1)[-1].strip()

    def start_dock(self) -> None:
        """The simulated devices."""
        process = self._start(
            "dock", str(BIN / "court-kiosk"), "dock", "up", "--dir", str(self.folder / "dock"), *self.dock_options
        )
        self._wait_until("dock", process, (self.folder / "dock" / "devices.toml").exists)

    def start_terminal(self) -> None:
        """The terminal itself."""
        width, height = self.size
        runtime = self.folder / "runtime"
        runtime.mkdir(exist_ok=True, mode=0o700)
        process = self._start(
            "terminal",
            *(str(BIN / "court-kiosk"), "run", "--data", str(self.folder / "terminal")),
            *("--hub", self.hub_url, "--devices", str(self.folder / "dock" / "devices.toml"), "--allow-simulated"),
            *("--size", f"{width}x{height}", "--introspect", str(self.folder / "windows"), *self._options),
            DISPLAY=self.display,
        )
        hand = self.hand
        self._wait_until("terminal", process, lambda: hand.look() is not None)

    def start_touchpad(self, size: tuple[int, int] = (1024, 600), window: str = "1") -> Hand:
        """The rating touchpad of a service window beside the terminal, with a hand at it."""
        windows = self.folder / "pad-windows"
        config = self.folder / "touchpad.toml"
        config.write_text(f'window = "{window}"\n', encoding="utf-8")
        process = self._start(
            "touchpad",
            *(str(BIN / "court-kiosk"), "run", "--profile", "touchpad", "--data", str(self.folder / "touchpad")),
            *("--config", str(config), "--hub", self.hub_url, "--size", f"{size[0]}x{size[1]}"),
            *("--introspect", str(windows), *self._options),
            DISPLAY=self.display,
        )
        hand = Hand(windows, self.display)
        self._wait_until("touchpad", process, lambda: hand.look() is not None)
        return hand

    def dock(self, *words: str) -> None:
        """Do something at the devices: insert a card, pull a cable."""
        command = [str(BIN / "court-kiosk"), "dock", *words, "--dir", str(self.folder / "dock")]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise NotReadyError(f"dock {' '.join(words)}: {done.stderr.strip()}")

    @cached_property
    def hand(self) -> Hand:
        """The one hand at the terminal's screen; it remembers what it touched last."""
        return Hand(self.folder / "windows", self.display)

    def submissions(self) -> list[dict]:
        """What the hub has."""
        told = subprocess.run(
            [str(BIN / "court-hub"), "submissions", "--data", str(self.folder / "hub"), "--json"],
            check=True,
            capture_output=True,
        )
        return json.loads(told.stdout)

    @property
    def slips(self) -> list[Path]:
        """What came out of the receipt printer, oldest first."""
        return sorted((self.folder / "dock" / "slips").glob("*.png"))

    # -- waiting

    def _wait_for_line(self, name: str, text: str, process: subprocess.Popen[bytes]) -> str:
        found: list[str] = []

        def there() -> bool:
            found[:] = [line for line in self.log(name).read_text(errors="replace").splitlines() if text in line]
            return bool(found)

        self._wait_until(name, process, there)
        return found[-1]

    def _wait_until(self, name: str, process: subprocess.Popen[bytes], there: object) -> None:
        ends = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends:
            if callable(there) and there():
                return
            if process.poll() is not None:
                break
            time.sleep(0.1)
        raise NotReadyError(f"{name} did not come up:\n{self.log(name).read_text(errors='replace')[-3000:]}")


@contextlib.contextmanager
def temporary_stack(size: tuple[int, int] = (1080, 1920)) -> Iterator[Stack]:
    """A stack in a folder of its own, short enough for socket names, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ck-") as folder, Stack(Path(folder), size) as stack:
        try:
            yield stack
        except BaseException:
            for log in sorted(Path(folder).glob("*.log")):
                lines = [line for line in log.read_text(errors="replace").splitlines() if "kivy INFO" not in line]
                sys.stderr.write("\n".join([f"--- {log.name}", *lines[-60:], ""]))
            raise
