"""A clock that another process moves on, and a hub that goes by it: half an hour passes in some seconds.

python -m tests.benchmarks.queue.shifted OFFSET_FILE --data FOLDER --port PORT [--database URL]
"""

from __future__ import annotations

import argparse
import mmap
import struct
import time
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.clock import CHINA
from provisioning.hub.application import application
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import DEVELOPMENT_SAFE_AFTER, HubOptions, open_hub
from provisioning.hub.server import bind, serve

_SECONDS = struct.Struct("d")


class ShiftedClock:
    """The machine's clock and so many seconds more as the file says; one process moves it, all see it at once."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(_SECONDS.pack(0.0))
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), _SECONDS.size)

    def now(self) -> datetime:
        """Wall time."""
        return datetime.now(CHINA) + timedelta(seconds=self._offset())

    def monotonic(self) -> float:
        """The same seconds."""
        return time.monotonic() + self._offset()

    def move(self, seconds: float) -> None:
        """So many seconds pass."""
        _SECONDS.pack_into(self._shared, 0, self._offset() + seconds)

    def _offset(self) -> float:
        offset: float = _SECONDS.unpack_from(self._shared, 0)[0]
        return offset


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("offset", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, action="append", required=True)  # the last one counts
    parser.add_argument("--database")
    arguments = parser.parse_args()
    options = HubOptions(production=False, development_terminals=True, safe_after=DEVELOPMENT_SAFE_AFTER)
    bound = bind("127.0.0.1", arguments.port[-1])
    hub = open_hub(DataDirectory(arguments.data), arguments.database, options, ShiftedClock(arguments.offset))
    try:
        serve(application(hub), bound)
    finally:
        hub.close()


if __name__ == "__main__":
    main()
