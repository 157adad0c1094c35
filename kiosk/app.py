"""`court-kiosk run`: starts the terminal's programs, watches them, and hands the screen from one person to the next.

The device daemon and the agent live as long as the terminal. Windows live for one person: a spare stands ready, hidden,
with its first frame built, and is shown the moment the session before it has ended or its process has died.

A window and this program talk in lines over the window's stdin and stdout:

    window -> here:  ready | alive | ended OUTCOME
    here -> window:  show | leave
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from queue import Empty, Queue

log = logging.getLogger(__name__)

RESTART_FIRST, RESTART_MOST = 0.2, 5.0
"""Seconds before a program that died is started again; doubled at each death within a minute."""

HANG_AFTER = 15.0
"""Seconds without a word from a shown window before it counts as hung and is killed."""

STOP_DEADLINE = 5.0


@dataclass(frozen=True, slots=True)
class Program:
    """A program of the terminal: its name in the log and its command line."""

    name: str
    command: tuple[str, ...]


@dataclass(slots=True)
class _Resident:
    """A program that is started again whenever it ends."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = RESTART_FIRST
    due: float = 0.0

    def look(self, now: float) -> None:
        """Start it if it is due, notice if it has died."""
        if self.process is None:
            if now >= self.due:
                self.process = subprocess.Popen(self.program.command)  # noqa: S603 - our own programs
                self.started = now
            return
        code = self.process.poll()
        if code is None:
            return
        if now - self.started > 60:
            self.pause = RESTART_FIRST
        log.warning("%s ended with %d, starting it again in %.1f s", self.program.name, code, self.pause)
        self.process, self.due = None, now + self.pause
        self.pause = min(RESTART_MOST, self.pause * 2)


@dataclass(slots=True)
class _Window:
    """One window process. `said` gets its lines; the last is the empty line of its end."""

    process: subprocess.Popen[str]
    ready: bool = False
    shown: bool = False
    ended: bool = False
    heard: float = field(default_factory=time.monotonic)

    def tell(self, word: str) -> None:
        """Send one word; a window that has just died is noticed elsewhere."""
        try:
            if self.process.stdin is not None:
                self.process.stdin.write(word + "\n")
                self.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            log.warning("a window died before it could be told to %s", word)


class Terminal:
    """Everything that runs on one terminal. `run` returns after `stop` (or SIGTERM, SIGINT)."""

    def __init__(self, residents: Sequence[Program], window: Program) -> None:
        self._residents = [_Resident(program) for program in residents]
        self._window_program = window
        self._current: _Window | None = None
        self._spare: _Window | None = None
        self._lines: Queue[tuple[_Window, str]] = Queue()
        self._stopping = threading.Event()
        self._pause = RESTART_FIRST
        self._next_window = 0.0

    def stop(self) -> None:
        """Ask `run` to end. Safe from signal handlers and threads."""
        self._stopping.set()

    def run(self) -> None:
        """Start everything and keep it running."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        try:
            while not self._stopping.is_set():
                now = time.monotonic()
                for resident in self._residents:
                    resident.look(now)
                self._look_after_windows(now)
                self._hear(0.05)
        finally:
            self._end_all()

    # -- windows

    def _start_window(self) -> _Window:
        process = subprocess.Popen(  # noqa: S603 - our own program
            self._window_program.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        window = _Window(process)
        threading.Thread(target=self._listen, args=(window,), name="window", daemon=True).start()
        return window

    def _listen(self, window: _Window) -> None:
        assert window.process.stdout is not None  # noqa: S101 - Popen was asked for a pipe
        for line in window.process.stdout:
            self._lines.put((window, line.strip()))
        self._lines.put((window, ""))

    def _hear(self, timeout: float) -> None:
        try:
            window, line = self._lines.get(timeout=timeout)
        except Empty:
            return
        window.heard = time.monotonic()
        word = line.partition(" ")[0]
        if word == "ready":
            window.ready = True
            self._pause = RESTART_FIRST
        elif word == "ended":
            log.info("session %s", line)
            window.ended = True

    def _look_after_windows(self, now: float) -> None:
        current = self._current
        if current is not None:
            died = current.process.poll() is not None
            hung = current.shown and not died and now - current.heard > HANG_AFTER
            if hung:
                log.error("the window gave no sign of life and is killed")
                current.process.kill()
            if died and not current.ended:
                log.error("the window died with %s", current.process.returncode)
            if died or hung or current.ended:
                self._current = None
                self._hand_over(current)
        if self._spare is not None and self._spare.process.poll() is not None:
            log.error("the spare window died with %s", self._spare.process.returncode)
            self._spare, self._next_window = None, now + self._pause
            self._pause = min(RESTART_MOST, self._pause * 2)
        if self._current is None and self._spare is not None and self._spare.ready:
            self._show_spare()
        if self._spare is None and now >= self._next_window:
            self._spare = self._start_window()

    def _hand_over(self, old: _Window) -> None:
        """The new window covers the old one before the old one goes, so that nobody sees a bare desktop."""
        if self._spare is not None and self._spare.ready:
            self._show_spare()
        old.tell("leave")
        threading.Thread(target=_reap, args=(old.process,), name="reap", daemon=True).start()

    def _show_spare(self) -> None:
        self._current, self._spare = self._spare, None
        if self._current is not None:
            self._current.shown = True
            self._current.heard = time.monotonic()
            self._current.tell("show")

    # -- the end

    def _end_all(self) -> None:
        windows = [window for window in (self._current, self._spare) if window is not None]
        for window in windows:
            window.tell("leave")
        residents = [resident.process for resident in self._residents if resident.process is not None]
        for process in residents:
            process.terminate()
        for process in residents:
            _reap(process)
        for window in windows:
            _reap(window.process)


def _reap(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOP_DEADLINE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def runtime_folder(data: Path) -> Path:
    """Where the sockets are: the user's runtime directory where there is one (memory-backed), else below `data`."""
    base = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(base) / f"court-kiosk-{sha256(str(data).encode()).hexdigest()[:8]}" if base else data / "run"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """The command line of one of our own programs."""
    return (sys.executable, "-m", module, *arguments)
