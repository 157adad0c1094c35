"""The programs of a campaign of kills: a hub that comes back on its port, and what a terminal has written so far."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

BIN = Path(sys.executable).parent
START_SECONDS = 60.0


class Hub:
    """The hub on one port, whoever kills it."""

    def __init__(self, folder: Path, database: str | None) -> None:
        self.folder = folder
        self._log = folder.with_suffix(".log")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self._command = [str(BIN / "court-hub"), "serve", "--data", str(folder), "--port", str(self.port)]
        if database is not None:
            self._command += ["--database", database]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, without waiting for it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)

    def wait(self) -> None:
        """Until it answers connections. Raises TimeoutError where it does not come up."""
        assert self._process is not None
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends and self._process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1.0):
                return
            time.sleep(0.02)
        raise TimeoutError(f"the hub does not come up: {self._log.read_text(errors='replace')[-2000:]}")

    def send(self, number: signal.Signals) -> None:
        """One signal."""
        if self._process is not None:
            self._process.send_signal(number)

    def end(self, number: signal.Signals) -> None:
        """One signal that ends it, and its end."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None


class Output:
    """What a process writes, read as it comes. A line counts once its newline is there."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.lines: list[str] = []
        self.errors = ""
        self._process = process
        self._came = threading.Condition()
        self._threads = [threading.Thread(target=self._read), threading.Thread(target=self._read_errors)]
        for thread in self._threads:
            thread.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._came:
                if line.endswith(b"\n"):
                    self.lines.append(line.decode())
                self._came.notify_all()

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        self.errors = self._process.stderr.read().decode(errors="replace")

    def wait_for(self, count: int, seconds: float) -> None:
        """Until `count` lines have come, or `seconds` have gone by."""
        with self._came:
            self._came.wait_for(lambda: len(self.lines) >= count, seconds)

    def wait_for_end(self, seconds: float) -> None:
        """Until it has ended, or `seconds` have gone by."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def send(self, number: signal.Signals) -> bool:
        """One signal; False where it has ended already."""
        if self._process.poll() is not None:
            return False
        self._process.send_signal(number)
        return True

    def end(self) -> int:
        """Wait for its end; the exit code."""
        code = self._process.wait(120)
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        return code
