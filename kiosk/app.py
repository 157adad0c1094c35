"""`court-kiosk run`: starts the terminal's programs, watches them, and hands the screen from one person to the next.

The device daemon and the agent live as long as the terminal; windows live for one person (kiosk/windows.py). One that
dies is started again, and one that hangs (kiosk/liveness.py) is killed first. No program outlives the launcher, however
that ends: each gets a signal from the kernel when its parent has died.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kiosk.clock import Clock, SystemClock
from kiosk.liveness import Watcher
from kiosk.windows import Patience, Windows, finish

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.05
STALL_SECONDS = 2.0
"""A launcher that did not look for so long was stopped or starved itself, and must not blame its programs."""
FORMER_RUN_SECONDS = 15.0
"""What the programs of a launcher that was killed are given to end before the next launcher gives up."""


class AlreadyRunningError(Exception):
    """Another launcher runs this terminal."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program of the terminal: its name in the log, its command line, and the socket on which it answers pings."""

    name: str
    command: tuple[str, ...]
    socket: Path | None = None


class _Resident:
    """A program that is started again whenever it ends, and ended when it hangs."""

    def __init__(self, program: Program, patience: Patience, clock: Clock, keep_open: Sequence[int]) -> None:
        self._program = program
        self._patience = patience
        self._clock = clock
        self._keep_open = keep_open
        self.process: subprocess.Popen[bytes] | None = None
        self._watcher: Watcher | None = None
        self._started = 0.0
        self._pause = patience.restart_first
        self._due = 0.0

    def look(self, now: float) -> None:
        """Start it if it is due, notice if it has died, end it if it hangs."""
        if self.process is None:
            if now >= self._due:
                command = (*_dies_with_us(signal.SIGTERM), *self._program.command)
                self.process = subprocess.Popen(command, pass_fds=self._keep_open)  # noqa: S603 - our own programs
                self._started = now
                if self._program.socket is not None:
                    self._watcher = Watcher(self._program.socket, self._patience.pulse, self._clock)
            return
        code = self.process.poll()
        if code is None:
            if self._watcher is not None and self._watcher.hung():
                log.error("%s does not answer and is killed", self._program.name)
                self.unwatch()
                self.process.kill()
            return
        self.unwatch()
        if now - self._started > self._patience.lived_well:
            self._pause = self._patience.restart_first
        log.warning("%s ended with %d, starting it again in %.1f s", self._program.name, code, self._pause)
        self.process, self._due = None, now + self._pause
        self._pause = min(self._patience.restart_most, self._pause * 2)

    def excuse(self) -> None:
        """The launcher did not look for a while."""
        if self._watcher is not None:
            self._watcher.excuse()

    def unwatch(self) -> None:
        """Ping it no more."""
        if self._watcher is not None:
            self._watcher.stop()
            self._watcher = None


class Terminal:
    """Everything that runs on one terminal. `run` returns after `stop` (or SIGTERM, SIGINT).

    `keep_open` are descriptors that residents inherit: a lock that must outlive a launcher that was killed.
    """

    def __init__(
        self,
        residents: Sequence[Program],
        window: Program,
        *,
        patience: Patience | None = None,
        clock: Clock | None = None,
        keep_open: Sequence[int] = (),
    ) -> None:
        self._patience = patience or Patience()
        self._clock = clock or SystemClock()
        self._residents = [_Resident(program, self._patience, self._clock, keep_open) for program in residents]
        self._window_program = window
        self._windows = Windows(self._start_window, self._patience, self._clock)
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ask `run` to end. Safe from signal handlers and threads."""
        self._stopping.set()

    def run(self) -> None:
        """Start everything and keep it running."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        looked = self._clock.monotonic()
        try:
            while not self._stopping.is_set():
                now = self._clock.monotonic()
                if now - looked > STALL_SECONDS:
                    log.warning("nothing was looked after for %.0f s", now - looked)
                    self._windows.excuse(now)
                    for resident in self._residents:
                        resident.excuse()
                looked = now
                for resident in self._residents:
                    resident.look(now)
                self._windows.look(now)
                self._windows.hear(LOOK_SECONDS)
        finally:
            self._end_all()

    def _start_window(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own program
            (*_dies_with_us(signal.SIGKILL), *self._window_program.command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def _end_all(self) -> None:
        deadline = time.monotonic() + self._patience.stop
        for resident in self._residents:
            resident.unwatch()
        residents = [resident.process for resident in self._residents if resident.process is not None]
        for process in residents:
            process.terminate()
        self._windows.end(deadline)
        for process in residents:
            finish(process, deadline)


def _dies_with_us(number: signal.Signals) -> tuple[str, ...]:
    """The front of a command line that the kernel sends `number` when this process dies (prctl(2) PR_SET_PDEATHSIG)."""
    setpriv = shutil.which("setpriv")  # util-linux; without it a killed launcher's programs end at the next start
    return (setpriv, "--pdeathsig", number.name.removeprefix("SIG"), "--") if setpriv else ()


@contextmanager
def sole_launcher(data: Path, seconds: float = FORMER_RUN_SECONDS) -> Iterator[int]:
    """Hold `data` for one launcher and the programs that inherit the descriptor. Raises AlreadyRunningError.

    Waits for what a launcher that was killed has left behind: two device daemons must not share one socket path.
    """
    descriptor = os.open(data / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        ends = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= ends:
                    raise AlreadyRunningError(f"the terminal in {data} is already running") from None
                time.sleep(LOOK_SECONDS)
        yield descriptor
    finally:
        os.close(descriptor)


def is_running(data: Path) -> bool:
    """Whether a launcher, or what one left behind, holds `data`."""
    try:
        descriptor = os.open(data / "run.lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def socket_folder(data: Path) -> Path:
    """Where the sockets are: the user's runtime directory where there is one (memory-backed), else below `data`."""
    base = os.environ.get("XDG_RUNTIME_DIR")
    return Path(base) / f"court-kiosk-{sha256(str(data).encode()).hexdigest()[:8]}" if base else data / "run"


def runtime_folder(data: Path) -> Path:
    """The folder of the sockets, made if it is not there."""
    folder = socket_folder(data)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """The command line of one of our own programs."""
    return (sys.executable, "-m", module, *arguments)
