"""A program of the terminal as the launcher knows it, without what it does: writes down what happened to it.

python fake_program.py JOURNAL window|resident [HABIT ...]

JOURNAL gets one line per event: `MONOTONIC PID KIND EVENT`.

Habits of a window: `slow` (a second until it is ready), `silent` (no sign of life once it is shown), `short` (ends its
session as soon as it is shown), `broken` (dies while it is built), `fragile` (dies when it is shown), `deaf` (does
not leave when told to). Of a resident: `broken` (dies at once), `stubborn` (ignores SIGTERM), `mute` (never answers
a ping on its socket beside the journal).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drivers.api.liveness import Ping, Pong
from drivers.api.wire import Channel, Listener

ALIVE_SECONDS = 0.1


def main() -> None:
    """One fake program, to its end."""
    journal, kind, *habits = sys.argv[1:]
    handle = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(event: str) -> None:
        os.write(handle, f"{time.monotonic()} {os.getpid()} {kind} {event}\n".encode())

    note("started")
    if "broken" in habits:
        sys.exit(3)
    if kind == "resident":
        _reside(note, habits, Path(journal).with_name("resident.sock"))
    else:
        _show(note, habits)


def _reside(note: Callable[[str], None], habits: list[str], path: Path) -> None:
    def serve(channel: Channel[Any, Any]) -> None:
        while isinstance(channel.receive(), Ping):
            note("pinged")
            if "mute" not in habits:
                channel.send(Pong())

    Listener(path, Ping, serve).start()
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    while not told.wait(1.0) or "stubborn" in habits:
        pass
    note("ended")


def _show(note: Callable[[str], None], habits: list[str]) -> None:
    shown = threading.Event()

    def say(word: str) -> None:
        sys.stdout.write(word + "\n")
        sys.stdout.flush()

    def live() -> None:
        while "silent" not in habits or not shown.is_set():
            say("alive")
            time.sleep(ALIVE_SECONDS)

    if "slow" in habits:
        time.sleep(1.0)
    say("ready")
    note("ready")
    threading.Thread(target=live, daemon=True).start()
    for line in sys.stdin:
        if line.strip() == "show":
            note("shown")
            if "fragile" in habits:
                os._exit(4)
            say("shown")
            shown.set()
            if "short" in habits:
                note("session over")
                say("ended finished")
        elif "deaf" not in habits:
            note("left")
            os._exit(0)
        else:
            note("told to leave")
    if "deaf" in habits:
        threading.Event().wait()
    os._exit(0)


if __name__ == "__main__":
    main()
