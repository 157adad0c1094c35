"""Scans, signature and card photo of one session, in memory only and overwritten at its end (N5, PIPL 51)."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from enum import StrEnum


class ScratchClosedError(Exception):
    """Something was asked of a session that has ended."""


@dataclass(frozen=True, slots=True)
class ScratchKey:
    """Names one piece of data; says nothing about it."""

    value: str


class Beside(StrEnum):
    """What may lie beside a piece of data, and goes where it goes."""

    TEXT = "text"  # what was read on a page
    CUTTINGS = "cuttings"  # pictures of where on a page each reading stands
    PICTURE = "picture"  # what a page was made from, until the person has accepted it


class Scratch:
    """Bytes by key. `wipe` overwrites every buffer before letting go of it. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._buffers: dict[ScratchKey, bytearray] = {}
        self._closed = False

    def put(self, data: bytes) -> ScratchKey:
        """Keep a copy of `data`. Raises ScratchClosedError after `wipe`."""
        with self._lock:
            self._check_open()
            key = ScratchKey(secrets.token_hex(8))
            self._buffers[key] = bytearray(data)
            return key

    def replace(self, key: ScratchKey, data: bytes) -> bool:
        """Keep a copy of `data` in place of the piece `key`, and say whether that was still there."""
        with self._lock:
            if key not in self._buffers:
                return False
            self._overwrite(key)
            self._buffers[key] = bytearray(data)
            return True

    def get(self, key: ScratchKey) -> bytes:
        """A copy of what was put. Raises KeyError if dropped, ScratchClosedError after `wipe`."""
        with self._lock:
            self._check_open()
            return bytes(self._buffers[key])

    def _check_open(self) -> None:
        if self._closed:
            raise ScratchClosedError("the session has ended")

    def attach(self, key: ScratchKey, what: Beside, data: bytes) -> None:
        """Keep a copy of `data` beside the piece `key`, in place of what lay there. Nothing is kept where that piece is
        gone: whoever worked on it was too late."""
        with self._lock:
            if key in self._buffers:
                place = _beside(key, what)
                self._overwrite(place)
                self._buffers[place] = bytearray(data)

    def detach(self, key: ScratchKey, what: Beside) -> None:
        """Overwrite and forget what lies beside the piece `key`."""
        with self._lock:
            self._overwrite(_beside(key, what))

    def attached(self, key: ScratchKey, what: Beside) -> bytes | None:
        """A copy of what lies beside the piece `key`; None where nothing does, or the session has ended."""
        with self._lock:
            buffer = self._buffers.get(_beside(key, what))
            return bytes(buffer) if buffer is not None else None

    def drop(self, key: ScratchKey) -> None:
        """Overwrite and forget one piece and what lies beside it; unknown keys are ignored, since a page may be dropped
        twice."""
        with self._lock:
            for what in Beside:
                self._overwrite(_beside(key, what))
            self._overwrite(key)

    def _overwrite(self, key: ScratchKey) -> None:
        buffer = self._buffers.pop(key, None)
        if buffer is not None:
            buffer[:] = bytes(len(buffer))

    def __len__(self) -> int:
        return len(self._buffers)

    def wipe(self) -> None:
        """Overwrite and forget everything; nothing can be put afterwards."""
        with self._lock:
            for key in list(self._buffers):
                self._overwrite(key)
            self._closed = True


def _beside(key: ScratchKey, what: Beside) -> ScratchKey:
    return ScratchKey(f"{key.value}/{what.value}")
