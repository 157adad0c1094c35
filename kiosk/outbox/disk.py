"""What the outbox asks of its disk: room to finish, and an fsync that means it."""

from __future__ import annotations

import contextlib
import os
import statistics
import time
from pathlib import Path

from kiosk.court.secret_file import sync_directory

START_LIMIT = 500 * 1000 * 1000
"""Bytes that must be free for a new filing to be begun. Finishing one is always tried."""

RESERVE = 32 * 1024 * 1024
"""Bytes set aside, enough to finish several filings on a disk that something else filled."""

HONEST_FSYNC_SECONDS = 20e-6
"""No disk writes in less; a faster fsync returns without having written (eatmydata, a lying controller)."""

_PROBES = 7


def fsync_seconds(directory: Path) -> float:
    """The median time of a small write with fsync in `directory`."""
    path = directory / ".fsync-probe"
    times = []
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        for _ in range(_PROBES):
            os.write(descriptor, os.urandom(4096))
            begin = time.perf_counter()
            os.fsync(descriptor)
            times.append(time.perf_counter() - begin)
    finally:
        os.close(descriptor)
        path.unlink()
    return statistics.median(times)


def free_bytes(directory: Path) -> int:
    """Bytes an ordinary user may still write."""
    found = os.statvfs(directory)
    return found.f_bavail * found.f_frsize


class Reserve:
    """A file whose only content is its size; giving it up makes room to finish what was begun."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "reserve"

    def take(self) -> None:
        """Set the room aside where there is enough of it. A disk without room keeps what it has."""
        if self._path.exists() and self._path.stat().st_size == RESERVE:
            return
        if free_bytes(self._path.parent) < START_LIMIT:
            return
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        with contextlib.suppress(OSError):  # a file system that cannot set room aside leaves us without a reserve
            os.posix_fallocate(descriptor, 0, RESERVE)
        os.close(descriptor)

    def release(self) -> bool:
        """Give it up; False where it was already gone."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        sync_directory(self._path.parent)
        return True
