"""Sealed documents as files named by the SHA-256 of what they hold.

A file is written under another name, fsynced and renamed, then its directory is fsynced; only then may a row name it.
So a row never names a file that a power cut could take. A file that no row names is left over from a filing that was
never acknowledged, or from an erased one, and is removed at the next start.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Collection, Mapping
from pathlib import Path

from kiosk.court.secret_file import sync_directory

_UNFINISHED = ".tmp"


class BlobStore:
    """The folder of sealed documents."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        if not directory.is_dir():
            directory.mkdir(mode=0o700)
            sync_directory(directory.parent)

    def path(self, sha256: str) -> Path:
        """Where the blob of that hash is, or would be."""
        return self._directory / sha256

    def put(self, blobs: Mapping[str, bytes]) -> None:
        """Write `blobs`, given by their hashes. Durable when this returns. Raises OSError."""
        with contextlib.ExitStack() as opened:
            # All are written before the first is waited for, so that the disk works on them together.
            files = [
                opened.enter_context(self._write(self.path(name).with_suffix(_UNFINISHED), blob))
                for name, blob in blobs.items()
            ]
            for file in files:
                os.fsync(file.fileno())
        for name in blobs:
            self.path(name).with_suffix(_UNFINISHED).rename(self.path(name))
        sync_directory(self._directory)

    @staticmethod
    def _write(path: Path, content: bytes) -> io.FileIO:
        file = io.FileIO(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        try:
            view = memoryview(content)
            while view:
                view = view[file.write(view) :]
        except BaseException:
            file.close()
            raise
        return file

    def erase(self, hashes: Collection[str]) -> None:
        """Remove blobs; those already gone are ignored. Raises OSError."""
        for name in hashes:
            self.path(name).unlink(missing_ok=True)
        sync_directory(self._directory)

    def erase_all_but(self, kept: Collection[str]) -> int:
        """Remove every file that `kept` does not name; how many there were. Raises OSError."""
        surplus = [entry for entry in os.scandir(self._directory) if entry.name not in kept]
        for entry in surplus:
            Path(entry.path).unlink()
        sync_directory(self._directory)
        return len(surplus)
