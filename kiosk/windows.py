"""The windows of a terminal: one is shown, a spare stands ready behind it, and the screen is never bare between them.

A window lives for one person. It talks to the launcher in lines over its stdin and stdout:

    window -> launcher:  ready | shown | alive | ended OUTCOME
    launcher -> window:  show | leave

`ready`: the first frame is built, hidden. `shown`: the first frame that can be seen is drawn. `alive`: it is not hung.
"""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from queue import Empty, Queue

from kiosk.clock import Clock
from kiosk.liveness import PulseRules

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the launcher waits for what, in seconds."""

    restart_first: float = 0.2
    """Before a program that died is started again; doubled at each death that comes early."""
    restart_most: float = 5.0
    lived_well: float = 60.0
    """A program that ran for so long starts with the first pause again."""
    silence: float = 15.0
    """A window that says nothing for so long hangs and is killed."""
    build: float = 60.0
    """A spare that is not ready by then is killed."""
    cover: float = 2.0
    """Longest stay of an ended window under the one that is told to show itself."""
    cover_unready: float = 20.0
    """The same while no spare is ready: thanks on the screen are better than a bare desktop."""
    spare_after: float = 1.0
    """The next spare is built a little later, so that it takes no time from the window that has just been shown."""
    stop: float = 5.0
    """From asking a program to end to killing it."""
    pulse: PulseRules = field(default_factory=PulseRules)
    """When the agent or the device daemon hangs."""


class _Phase(Enum):
    BUILDING = 1
    READY = 2
    TOLD = 3  # to show itself
    SHOWN = 4
    ENDED = 5


@dataclass(slots=True, eq=False)
class _Window:
    """One window process."""

    process: subprocess.Popen[str]
    heard: float
    phase: _Phase = _Phase.BUILDING
    told: float = 0.0

    @property
    def died(self) -> bool:
        return self.process.poll() is not None

    def tell(self, word: str) -> None:
        """Send one word; a window that has just died is noticed elsewhere."""
        try:
            if self.process.stdin is not None:
                self.process.stdin.write(word + "\n")
                self.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            log.warning("a window died before it could be told to %s", word)


@dataclass(slots=True, eq=False)
class _Leaving:
    """A window on its way out: covered first, then asked to leave (a hung one is not asked), then killed."""

    window: _Window
    leave_at: float
    hung: bool
    kill_at: float | None = None


class Windows:
    """Shows one window after the other. Not thread-safe: `look`, `hear` and `end` belong to one thread."""

    def __init__(self, start: Callable[[], subprocess.Popen[str]], patience: Patience, clock: Clock) -> None:
        self._start = start
        self._patience = patience
        self._clock = clock
        self._current: _Window | None = None
        self._spare: _Window | None = None
        self._leaving: list[_Leaving] = []
        self._lines: Queue[tuple[_Window, str]] = Queue()
        self._pause = patience.restart_first
        self._next_start = 0.0
        self._bare_since: float | None = None

    def hear(self, timeout: float) -> None:
        """Take in what windows have said, waiting for the first word at most `timeout` seconds."""
        try:
            window, line = self._lines.get(timeout=timeout)
            while True:
                self._heard(window, line)
                window, line = self._lines.get_nowait()
        except Empty:
            return

    def _heard(self, window: _Window, line: str) -> None:
        now = window.heard = self._clock.monotonic()
        match line.partition(" ")[0]:
            case "ready" if window.phase is _Phase.BUILDING:
                window.phase = _Phase.READY
            case "shown" if window.phase is _Phase.TOLD:
                window.phase = _Phase.SHOWN
                if self._bare_since is not None:
                    log.info("the next window is shown after %.0f ms", (now - self._bare_since) * 1000)
                    self._bare_since = None
            case "ended" if window is self._current and window.phase is not _Phase.ENDED:
                log.info("session %s", line)
                window.phase = _Phase.ENDED
            case "ended" if window is self._spare:
                log.error("a window ended that was never shown")
                window.process.kill()
            case _:
                pass  # a sign of life, or the empty line when its pipe closed

    def excuse(self, now: float) -> None:
        """Nobody listened until now: what the windows said lies unread."""
        for window in (self._current, self._spare):
            if window is not None:
                window.heard = now

    def look(self, now: float) -> None:
        """Notice deaths, hand over, start the next spare, send away who is done."""
        self._look_at_current(now)
        self._look_at_spare(now)
        if self._current is None and self._spare is not None and self._spare.phase is _Phase.READY:
            self._show_spare(now)
        if self._spare is None and now >= self._next_start:
            self._spare = self._launch(now)
        self._send_away(now)

    def _look_at_current(self, now: float) -> None:
        current = self._current
        if current is None:
            return
        hung = not current.died and now - current.heard > self._patience.silence
        if hung:
            log.error("the window gave no sign of life and is killed")
        elif current.died and current.phase is not _Phase.ENDED:
            log.error("the window died with %s", current.process.returncode)
        elif current.phase is not _Phase.ENDED:
            return
        if current.phase is _Phase.ENDED or now - current.told > self._patience.lived_well:
            self._pause = self._patience.restart_first
        else:
            self._put_off(now)  # windows that die as soon as they are shown must not take the whole machine
        self._current, self._bare_since = None, now
        self._leaving.append(_Leaving(current, now + self._patience.cover_unready, hung))

    def _look_at_spare(self, now: float) -> None:
        spare = self._spare
        if spare is None:
            return
        limit = self._patience.build if spare.phase is _Phase.BUILDING else self._patience.silence
        if spare.died:
            log.error("the spare window died with %s", spare.process.returncode)
            self._spare = None
            self._put_off(now)
        elif now - spare.heard > limit:
            log.error("the spare window gave no sign of life and is killed")
            spare.process.kill()

    def _put_off(self, now: float) -> None:
        self._next_start = now + self._pause
        self._pause = min(self._patience.restart_most, self._pause * 2)

    def _show_spare(self, now: float) -> None:
        shown, self._spare = self._spare, None
        if shown is not None:
            shown.phase, shown.told, shown.heard = _Phase.TOLD, now, now
            shown.tell("show")
            self._current = shown
            self._next_start = max(self._next_start, now + self._patience.spare_after)
            for leaving in self._leaving:
                leaving.leave_at = min(leaving.leave_at, now + self._patience.cover)

    def _launch(self, now: float) -> _Window:
        window = _Window(self._start(), now)
        threading.Thread(target=self._listen, args=(window,), name="window", daemon=True).start()
        return window

    def _listen(self, window: _Window) -> None:
        assert window.process.stdout is not None  # noqa: S101 - Popen was asked for a pipe
        for line in window.process.stdout:
            self._lines.put((window, line.strip()))
        self._lines.put((window, ""))

    def _send_away(self, now: float) -> None:
        covered = self._current is not None and self._current.phase is _Phase.SHOWN
        for leaving in list(self._leaving):
            window = leaving.window
            if window.died:
                self._leaving.remove(leaving)
            elif leaving.kill_at is not None:
                if now >= leaving.kill_at:
                    window.process.kill()
            elif covered or now >= leaving.leave_at:
                if leaving.hung:
                    window.process.kill()
                else:
                    window.tell("leave")
                leaving.kill_at = now + self._patience.stop

    def end(self, deadline: float) -> None:
        """Send all windows away; whoever is still there at `deadline` (monotonic) is killed."""
        windows = [window for window in (self._current, self._spare) if window is not None]
        windows += [leaving.window for leaving in self._leaving]
        for window in windows:
            window.tell("leave")
        for window in windows:
            finish(window.process, deadline)


def finish(process: subprocess.Popen[str] | subprocess.Popen[bytes], deadline: float) -> None:
    """Wait for the end of `process`; kill it at `deadline` (monotonic)."""
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
