"""The key that encrypts the outbox's database on this terminal."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from kiosk.court.secret_file import read_secret, write_secret


class TerminalKeyStore(Protocol):
    """Where the terminal's 32-byte key is kept: a file, or a TPM 2.0 that releases it to this machine only."""

    def key(self) -> bytes:
        """The key; made at the first call ever. Raises SecretFileError or OSError where it cannot be had."""
        ...


class FileKeyStore:
    """A file that only its owner may read. The readiness report names this as the weaker of the two."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def key(self) -> bytes:
        if not self._path.exists():
            write_secret(self._path, os.urandom(32))
        return read_secret(self._path)
