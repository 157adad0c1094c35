"""Small secrets in files: mode 0600, written whole and durably, refused when anybody else could have read them.

A terminal with a TPM 2.0 keeps its secrets there instead; whoever needs one asks for bytes and does not see the
difference (see kiosk/outbox/terminal_key.py).
"""

from __future__ import annotations

import os
import stat
from pathlib import Path


class SecretFileError(Exception):
    """The file is missing or its permissions are too wide. The text names the file only."""


def sync_directory(directory: Path) -> None:
    """Make the names in `directory` durable (fsync of the directory itself)."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_secret(path: Path, content: bytes) -> None:
    """Create `path` with `content`, mode 0600, durable when this returns. Raises FileExistsError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(temporary)  # unlike rename, link refuses to replace what is there
    finally:
        temporary.unlink()
    sync_directory(path.parent)


def read_secret(path: Path) -> bytes:
    """The content of `path`. Raises SecretFileError where it is missing or open to group or others."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise SecretFileError(f"{path.name} cannot be opened: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & 0o077:
            raise SecretFileError(f"{path.name} has mode {mode:04o}; it must be 0600")
        return file.read()
