"""The launcher with fake programs: real processes, real pipes, real signals, no window."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from kiosk.app import STALL_SECONDS, AlreadyRunningError, sole_launcher

HOST = Path(__file__).with_name("fake_terminal.py")
ROOT = Path(__file__).parents[3]
DEADLINE = 20.0
HAND_OVER_SECONDS = 0.3


@dataclass(frozen=True)
class Entry:
    """One line of the journal."""

    at: float
    pid: int
    kind: str
    event: str


class FakeTerminal:
    """A launcher process, and what its programs wrote down."""

    def __init__(self, folder: Path, residents: str, windows: str, **patience: float) -> None:
        settings = [f"{name}={value}" for name, value in patience.items()]
        self.folder = folder
        self.log = folder / "log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-X", "utf8", str(HOST), str(folder), residents, windows, *settings],
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )

    def entries(self, event: str = "", kind: str = "") -> list[Entry]:
        """What happened so far."""
        journal = self.folder / "journal"
        if not journal.exists():
            return []
        found = []
        for line in journal.read_text().splitlines():
            at, pid, of, what = line.split(" ", 3)
            found.append(Entry(float(at), int(pid), of, what))
        return [entry for entry in found if event in ("", entry.event) and kind in ("", entry.kind)]

    def wait(self, test: Callable[[], object], what: str = "") -> None:
        """Until `test()` is true."""
        ends = time.monotonic() + DEADLINE
        while not test():
            assert time.monotonic() < ends, f"{what}: {self.log.read_text()}\n{self.entries()}"
            time.sleep(0.01)

    def wait_for(self, count: int, event: str, kind: str = "window") -> list[Entry]:
        """Until `event` has happened `count` times."""
        self.wait(lambda: len(self.entries(event, kind)) >= count, f"{count} x {kind} {event}")
        return self.entries(event, kind)

    @property
    def pids(self) -> set[int]:
        """Every program that was ever started."""
        return {entry.pid for entry in self.entries("started")}


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@contextmanager
def terminal(folder: Path, residents: str = "", windows: str = "", **patience: float) -> Iterator[FakeTerminal]:
    """A running one; at the end nothing of it may be left."""
    run = FakeTerminal(folder, residents, windows, **{"spare_after": 0.05} | patience)
    try:
        yield run
    finally:
        run.process.send_signal(signal.SIGTERM)
        run.process.wait(DEADLINE)
        left = [pid for pid in run.pids if alive(pid)]
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert not left, "orphans"


def test_a_spare_is_shown_at_once_when_a_session_ends(tmp_path: Path) -> None:
    """The next person does not wait; the old window leaves only once it is covered."""
    with terminal(tmp_path, windows="short") as run:
        run.wait_for(6, "shown")
        over = run.entries("session over")
        shown = {entry.pid: entry.at for entry in run.entries("shown")}
        left = {entry.pid: entry.at for entry in run.entries("left")}
        order = [entry.pid for entry in run.entries("shown")]
        ready = {entry.pid: entry.at for entry in run.entries("ready")}
        waits = []
        for end in over[:5]:
            following = order[order.index(end.pid) + 1]
            waits.append(shown[following] - max(end.at, ready[following]))
            if end.pid in left:
                assert shown[following] <= left[end.pid]
        assert sorted(waits)[len(waits) // 2] < HAND_OVER_SECONDS, waits


def test_a_window_that_is_killed_is_replaced_by_the_spare(tmp_path: Path) -> None:
    """kill -9 in the middle of a session (F3): the next window is there within the aim, and a new spare after it."""
    with terminal(tmp_path) as run:
        (first,) = run.wait_for(1, "shown")
        run.wait_for(2, "ready")
        killed = time.monotonic()
        os.kill(first.pid, signal.SIGKILL)
        second = run.wait_for(2, "shown")[1]
        assert second.at - killed < HAND_OVER_SECONDS
        run.wait_for(3, "ready")
        assert len(run.entries("shown")) == 2


def test_a_hung_window_is_killed(tmp_path: Path) -> None:
    """A window without a sign of life is replaced; nobody stands before a frozen picture for ever."""
    with terminal(tmp_path, windows="silent/", silence=0.6) as run:
        first, second = run.wait_for(2, "shown")[:2]
        run.wait(lambda: not alive(first.pid), "the hung window ends")
        assert alive(second.pid)
        assert "no sign of life" in run.log.read_text()
        assert [entry.pid for entry in run.entries("left")] == []


def test_a_stopped_window_is_killed(tmp_path: Path) -> None:
    """F34: SIGSTOP instead of a crash, as a driver that never returns would do it."""
    with terminal(tmp_path, silence=0.6) as run:
        (first,) = run.wait_for(1, "shown")
        os.kill(first.pid, signal.SIGSTOP)
        run.wait_for(2, "shown")
        run.wait(lambda: not alive(first.pid), "the stopped window ends")


def test_a_stopped_spare_is_replaced_before_it_is_needed(tmp_path: Path) -> None:
    """A spare that hangs while nobody sees it must not be what the next person gets."""
    with terminal(tmp_path, silence=0.6) as run:
        run.wait_for(1, "shown")
        spare = run.wait_for(2, "ready")[1]
        os.kill(spare.pid, signal.SIGSTOP)
        run.wait_for(3, "ready")
        run.wait(lambda: not alive(spare.pid), "the stopped spare ends")
        assert len(run.entries("shown")) == 1


def test_spares_that_die_are_started_with_growing_pauses(tmp_path: Path) -> None:
    """A window that cannot be built does not take the whole machine."""
    with terminal(tmp_path, windows="broken", restart_first=0.1, restart_most=0.8) as run:
        starts = [entry.at for entry in run.wait_for(6, "started")]
        pauses = [after - before for before, after in pairwise(starts)]
        for pause, least in zip(pauses, (0.1, 0.2, 0.4, 0.8, 0.8), strict=False):
            assert pause >= least
        assert run.process.poll() is None


def test_windows_that_die_when_shown_are_started_with_growing_pauses(tmp_path: Path) -> None:
    """The same for a window that is built but cannot be shown: a broken display must not spin."""
    with terminal(tmp_path, windows="fragile", restart_first=0.2, restart_most=1.0) as run:
        shown = [entry.at for entry in run.wait_for(5, "shown")]
        assert shown[4] - shown[3] >= 0.8


def test_after_a_good_session_a_crash_is_answered_quickly_again(tmp_path: Path) -> None:
    """The pause is forgotten once a session has ended as it should."""
    with terminal(tmp_path, windows="broken/broken/broken/short/", restart_first=0.1, restart_most=5.0) as run:
        run.wait_for(1, "session over")
        second = run.wait_for(2, "shown")[1]
        run.wait_for(3, "ready")
        os.kill(second.pid, signal.SIGKILL)
        third = run.wait_for(3, "shown")[2]
        ready = run.wait_for(4, "ready")[3]
        assert ready.at - third.at < 2.0


def test_a_slow_spare_leaves_the_old_window_on_the_screen(tmp_path: Path) -> None:
    """The session is over and no spare is ready: thanks are shown until the new window can cover them."""
    with terminal(tmp_path, windows="short/slow") as run:
        first, second = run.wait_for(2, "shown")[:2]
        (left,) = run.wait_for(1, "left")
        assert left.pid == first.pid
        assert left.at >= second.at


def test_a_window_that_does_not_leave_is_killed(tmp_path: Path) -> None:
    """Whatever an ended window still holds of a person goes with its process."""
    with terminal(tmp_path, windows="short,deaf/", stop=0.5) as run:
        first = run.wait_for(1, "shown")[0]
        run.wait_for(1, "told to leave")
        run.wait(lambda: not alive(first.pid), "the deaf window ends")


def test_a_resident_is_started_again_with_growing_pauses(tmp_path: Path) -> None:
    """The device daemon and the agent come back; one that cannot start does not spin."""
    with terminal(tmp_path, residents="broken", restart_first=0.1, restart_most=0.8) as run:
        starts = [entry.at for entry in run.wait_for(5, "started", "resident")]
        pauses = [after - before for before, after in pairwise(starts)]
        for pause, least in zip(pauses, (0.1, 0.2, 0.4, 0.8), strict=False):
            assert pause >= least
        assert run.wait_for(1, "shown"), "the window does not depend on it"


def test_a_killed_resident_comes_back_while_the_window_stays(tmp_path: Path) -> None:
    """Kill any of them: the others go on."""
    with terminal(tmp_path, restart_first=0.1) as run:
        (window,) = run.wait_for(1, "shown")
        (resident,) = run.wait_for(1, "started", "resident")
        os.kill(resident.pid, signal.SIGKILL)
        run.wait_for(2, "started", "resident")
        assert alive(window.pid)
        assert len(run.entries("shown")) == 1


def test_a_stopped_resident_is_replaced_while_the_window_stays(tmp_path: Path) -> None:
    """F34: a program that hangs without dying is ended and started again, as if it had died."""
    with terminal(tmp_path, restart_first=0.1, pulse_every=0.1, pulse_silence=1.0) as run:
        (window,) = run.wait_for(1, "shown")
        run.wait_for(2, "pinged", "resident")
        (resident,) = run.wait_for(1, "started", "resident")
        os.kill(resident.pid, signal.SIGSTOP)
        second = run.wait_for(2, "started", "resident")[1]
        assert not alive(resident.pid)
        run.wait(lambda: [entry for entry in run.entries("pinged") if entry.pid == second.pid], "the new one answers")
        assert "does not answer" in run.log.read_text()
        assert alive(window.pid)
        assert len(run.entries("shown")) == 1


def test_a_resident_that_never_answers_is_started_again_with_growing_pauses(tmp_path: Path) -> None:
    """A hang counts as a death, also for the pauses."""
    with terminal(
        tmp_path, residents="mute", restart_first=0.2, restart_most=5.0, pulse_every=0.05, pulse_silence=0.5
    ) as run:
        starts = [entry.at for entry in run.wait_for(4, "started", "resident")]
        pauses = [after - before for before, after in pairwise(starts)]
        for pause, least in zip(pauses, (0.7, 0.9, 1.3), strict=True):
            assert pause >= least


def test_a_resident_that_answers_is_left_alone(tmp_path: Path) -> None:
    """Three times as long as a hanging one would live."""
    with terminal(tmp_path, pulse_every=0.1, pulse_silence=1.0) as run:
        pings = [entry.at for entry in run.wait_for(30, "pinged", "resident")]
        assert pings[-1] - pings[0] > 2.0
        assert len(run.entries("started", "resident")) == 1


def test_a_launcher_that_was_stopped_itself_blames_nobody(tmp_path: Path) -> None:
    """The whole machine stood still, or somebody pressed Ctrl-Z: what the programs said meanwhile lies unread."""
    with terminal(tmp_path, silence=2.0, pulse_every=0.1, pulse_silence=2.0) as run:
        run.wait_for(1, "shown")
        run.wait_for(2, "pinged", "resident")
        run.process.send_signal(signal.SIGSTOP)
        ends = time.monotonic() + STALL_SECONDS + 1.0
        run.wait(lambda: time.monotonic() > ends)
        before = len(run.entries("pinged"))
        run.process.send_signal(signal.SIGCONT)
        run.wait_for(before + 5, "pinged", "resident")
        assert "was looked after" in run.log.read_text()
        assert len(run.entries("started", "resident")) == 1
        assert len(run.entries("shown")) == 1


def test_sigterm_ends_everything(tmp_path: Path) -> None:
    """Windows are told to leave, residents end in order, and the exit code says that all is well."""
    with terminal(tmp_path) as run:
        run.wait_for(2, "ready")
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(DEADLINE) == 0
        assert not [pid for pid in run.pids if alive(pid)]
        assert len(run.entries("left")) == 2
        assert len(run.entries("ended", "resident")) == 1


def test_sigterm_ends_even_who_does_not_listen(tmp_path: Path) -> None:
    """All share one deadline, so that a stop does not take as many times as long as there are programs."""
    with terminal(tmp_path, residents="stubborn", windows="deaf", stop=1.0) as run:
        run.wait_for(2, "ready")
        asked = time.monotonic()
        run.process.send_signal(signal.SIGTERM)
        run.process.wait(DEADLINE)
        assert time.monotonic() - asked < 3.0
        assert not [pid for pid in run.pids if alive(pid)]


def test_nothing_outlives_a_killed_launcher(tmp_path: Path) -> None:
    """kill -9 of the launcher itself: a device daemon left behind would hold the devices against the next one."""
    with terminal(tmp_path, windows="deaf") as run:
        run.wait_for(2, "ready")
        run.wait_for(1, "started", "resident")
        run.process.kill()
        run.process.wait()
        run.wait(lambda: not [pid for pid in run.pids if alive(pid)], "all programs end")
    with terminal(tmp_path) as again:
        again.wait_for(2, "shown")


def test_only_one_launcher_runs_a_terminal(tmp_path: Path) -> None:
    """Two launchers on one data folder would fight for outbox, sockets and devices."""
    with terminal(tmp_path) as run:
        run.wait_for(1, "shown")
        with pytest.raises(AlreadyRunningError, match="already running"), sole_launcher(tmp_path, 0.2):
            pass
    with sole_launcher(tmp_path, 0.2):
        pass
