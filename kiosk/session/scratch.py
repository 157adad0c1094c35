"""Scans, signature and card photo of one session, in memory only and overwritten at its end (N5, PIPL 51)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass


class ScratchClosedError(Exception):
    """Something was asked of a session that has ended."""


@dataclass(frozen=True, slots=True)
class ScratchKey:
    """Names one piece of data; says nothing about it."""

    value: str


class Scratch:
    """Bytes by key. `wipe` overwrites every buffer before letting go of it."""

    def __init__(self) -> None:
        self._buffers: dict[ScratchKey, bytearray] = {}
        self._closed = False

    def put(self, data: bytes) -> ScratchKey:
        """Keep a copy of `data`. Raises ScratchClosedError after `wipe`."""
        if self._closed:
            raise ScratchClosedError("the session has ended")
        key = ScratchKey(secrets.token_hex(8))
        self._buffers[key] = bytearray(data)
        return key

    def get(self, key: ScratchKey) -> bytes:
        """A copy of what was put. Raises KeyError if dropped, ScratchClosedError after `wipe`."""
        if self._closed:
            raise ScratchClosedError("the session has ended")
        return bytes(self._buffers[key])

    def drop(self, key: ScratchKey) -> None:
        """Overwrite and forget one piece; unknown keys are ignored, since a page may be dropped twice."""
        buffer = self._buffers.pop(key, None)
        if buffer is not None:
            buffer[:] = bytes(len(buffer))

    def __len__(self) -> int:
        return len(self._buffers)

    def wipe(self) -> None:
        """Overwrite and forget everything; nothing can be put afterwards."""
        for key in list(self._buffers):
            self.drop(key)
        self._closed = True
