"""The attachment store: sealed blobs as files, named by the SHA-256 of what they hold.

An upload grows as a `.part` file in a folder of its terminal. When it is complete and its hash is its name, it is
fsynced, renamed into place and its directory fsynced; only then does anybody hear of success. Whatever moment a crash
takes: a `.part` may be shorter than sent (the terminal resumes), or complete but not yet renamed (the next look at it
finishes the work), but a name in `blobs/` always stands for a whole file.
"""

from __future__ import annotations

import fcntl
import hashlib
import math
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.court.secret_file import sync_directory

HASH = re.compile(r"[0-9a-f]{64}")
MAX_BLOB = 512 * 1024 * 1024
MAX_CHUNK = 16 * 1024 * 1024
DISK_RESERVE = 256 * 1024 * 1024
"""Uploads stop while there is still room for the database to finish what it has begun."""


class BlobStoreError(Exception):
    """An upload cannot go on."""


class WrongOffsetError(BlobStoreError):
    """The chunk does not begin where the file ends; `offset` says where that is."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the upload stands at offset {offset}")
        self.offset = offset


class UploadBusyError(BlobStoreError):
    """Another request is changing the same upload."""


class HashMismatchError(BlobStoreError):
    """What was uploaded is not what its name says; it has been discarded."""


class TooLargeError(BlobStoreError):
    """Larger than any blob may be."""


class StoreUnavailableError(BlobStoreError):
    """The disk refuses or is full. Nothing more is acknowledged until somebody has looked."""


@dataclass(frozen=True, slots=True)
class UploadState:
    """How much of a blob is on disk, in bytes, and whether that is all of it."""

    offset: int
    complete: bool


class BlobStore:
    """Files below `blobs` and `parts`. Safe for several threads and processes on one file system."""

    def __init__(self, blobs: Path, parts: Path, *, max_blob: int = MAX_BLOB, reserve: int = DISK_RESERVE) -> None:
        self._blobs = blobs
        self._parts = parts
        self._max_blob = max_blob
        self._reserve = reserve
        self._failed: str | None = None

    @property
    def failed(self) -> str | None:
        """Why the store acknowledges nothing any more, or None."""
        return self._failed

    def prepare(self) -> None:
        """Make the folders that blobs are sorted into, durably, so that storing one needs to sync one folder only."""
        for number in range(256):
            (self._blobs / f"{number:02x}").mkdir(mode=0o700, exist_ok=True)
        sync_directory(self._blobs)

    def path(self, sha256: str) -> Path:
        """Where the complete blob lies. Raises ValueError for anything that is not a hash."""
        return self._blobs / _checked(sha256)[:2] / sha256

    def size(self, sha256: str) -> int | None:
        """Bytes of the complete blob, None where it is not here."""
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def missing(self, hashes: Iterator[str] | list[str]) -> list[str]:
        """Those of `hashes` that are not here completely, in their order."""
        return [sha256 for sha256 in dict.fromkeys(hashes) if self.size(sha256) is None]

    def read(self, sha256: str) -> bytes:
        """The complete blob, checked against its name. Raises FileNotFoundError, HashMismatchError."""
        content = self.path(sha256).read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise HashMismatchError("the stored blob is damaged")
        return content

    def state(self, owner: str, sha256: str) -> UploadState:
        """Where the upload of `owner` stands. A part that is complete is put into place now (it was not, if the hub
        was stopped between writing and renaming). Raises UploadBusyError, StoreUnavailableError."""
        if (size := self.size(sha256)) is not None:
            return UploadState(size, complete=True)
        part = self._part(owner, sha256)
        if not part.exists():
            return UploadState(0, complete=False)
        self._require_sound()
        with self._open(part) as handle:
            offset = os.fstat(handle).st_size
            if offset and _digest(handle) == sha256:
                self._finalise(handle, part, sha256)
                return UploadState(offset, complete=True)
        return UploadState(offset, complete=False)

    def append(self, owner: str, sha256: str, offset: int, chunk: bytes, *, last: bool) -> UploadState:
        """Append `chunk` at `offset`, durably; with `last` finish the blob.

        Raises WrongOffsetError, UploadBusyError, HashMismatchError, TooLargeError, StoreUnavailableError.
        """
        if (size := self.size(sha256)) is not None:
            if offset + len(chunk) <= size:
                return UploadState(size, complete=True)  # a repeated or late chunk of what is already complete
            raise WrongOffsetError(size)
        if offset + len(chunk) > self._max_blob:
            raise TooLargeError(f"a blob may have at most {self._max_blob} bytes")
        self._require_sound()
        self._require_room(len(chunk))
        part = self._part(owner, sha256)
        with self._open(part, create=True) as handle:
            present = os.fstat(handle).st_size
            if present != offset:
                raise WrongOffsetError(present)
            self._write(handle, offset, chunk)
            if not last:
                if offset == 0:
                    self._sync_names(part.parent, self._parts)
                return UploadState(offset + len(chunk), complete=False)
            if _digest(handle) != sha256:
                part.unlink()
                raise HashMismatchError("the uploaded bytes are not those the hash names; start again at 0")
            self._finalise(handle, part, sha256)
            return UploadState(offset + len(chunk), complete=True)

    def parts_before(self, limit: float) -> list[Path]:
        """Unfinished uploads that nobody has touched since the second `limit` of the epoch."""
        return [part for part in self._parts.glob("*/*.part") if _touched(part) < limit]

    def blobs_before(self, limit: float) -> list[str]:
        """Complete blobs that lie there untouched since `limit`, by hash."""
        folders = (folder for folder in self._blobs.iterdir() if folder.is_dir())
        files = (file for folder in folders for file in folder.iterdir() if HASH.fullmatch(file.name))
        return [file.name for file in files if _touched(file) < limit]

    def discard_part(self, part: Path, limit: float) -> int | None:
        """Erase an unfinished upload unless it is being changed or was touched since `limit`; bytes freed, None where
        it stays. Its terminal begins again at 0. Raises StoreUnavailableError."""
        self._require_sound()
        try:
            with self._open(part) as handle:
                state = os.fstat(handle)
                if state.st_mtime >= limit:
                    return None
                part.unlink()
        except UploadBusyError:
            return None
        self._sync_names(part.parent)
        return state.st_size

    def discard_blob(self, sha256: str, limit: float) -> int | None:
        """Erase a complete blob unless it came back since `limit`; bytes freed, None where it stays. Only for a caller
        who holds the lock of `sweep.hold_blobs`. Raises StoreUnavailableError."""
        self._require_sound()
        path = self.path(sha256)
        try:
            state = path.stat()
            if state.st_mtime >= limit:
                return None
            path.unlink()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailableError(error.strerror) from error
        self._sync_names(path.parent)
        return state.st_size

    def _part(self, owner: str, sha256: str) -> Path:
        # The owner's name becomes a folder, so whatever it is, only its hash is used.
        return self._parts / hashlib.sha256(owner.encode()).hexdigest()[:16] / f"{_checked(sha256)}.part"

    @contextmanager
    def _open(self, part: Path, *, create: bool = False) -> Iterator[int]:
        try:
            if create:
                part.parent.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(part, os.O_RDWR | (os.O_CREAT if create else 0), 0o600)
        except FileNotFoundError as error:
            raise UploadBusyError("this upload has just ended") from error
        except OSError as error:
            raise StoreUnavailableError(error.strerror) from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UploadBusyError("another request is changing this upload") from error
            if not _still_named(handle, part):
                # It was finished or discarded between opening and locking: what we hold may be the complete blob.
                raise UploadBusyError("this upload has just ended")
            yield handle
        finally:
            os.close(handle)

    def _write(self, handle: int, offset: int, chunk: bytes) -> None:
        try:
            os.lseek(handle, offset, os.SEEK_SET)
            view = memoryview(chunk)
            while view:
                view = view[os.write(handle, view) :]
        except OSError as error:
            os.ftruncate(handle, offset)
            raise StoreUnavailableError(error.strerror) from error
        self._sync(handle)

    def _finalise(self, handle: int, part: Path, sha256: str) -> None:
        target = self.path(sha256)
        os.utime(handle)  # a blob's age counts from when it became whole
        self._sync(handle)
        try:
            part.rename(target)
        except OSError as error:
            raise StoreUnavailableError(error.strerror) from error
        self._sync_names(target.parent)

    def _sync_names(self, *folders: Path) -> None:
        try:
            for folder in folders:
                sync_directory(folder)
        except OSError as error:
            self._fail(error)

    def _sync(self, handle: int) -> None:
        try:
            os.fsync(handle)
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        # After a failed fsync the kernel may report success for the next one although pages were lost, so there is
        # no second try: the store stays out of service until the hub is started again.
        self._failed = error.strerror or "input/output error"
        raise StoreUnavailableError(self._failed) from error

    def _require_sound(self) -> None:
        if self._failed:
            raise StoreUnavailableError(self._failed)

    def _require_room(self, wanted: int) -> None:
        if shutil.disk_usage(self._parts).free < self._reserve + wanted:
            raise StoreUnavailableError("the disk is full")


def _checked(sha256: str) -> str:
    if not HASH.fullmatch(sha256):
        raise ValueError("not a SHA-256 in lower-case hexadecimal")
    return sha256


def _touched(path: Path) -> float:
    """When a file was last written, in seconds of the epoch; never for one that has just gone."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _still_named(handle: int, part: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), part.stat())
    except FileNotFoundError:
        return False


def _digest(handle: int) -> str:
    os.lseek(handle, 0, os.SEEK_SET)
    with os.fdopen(os.dup(handle), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
