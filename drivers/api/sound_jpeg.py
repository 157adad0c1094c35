"""JPEG decoded, and whether all of it was there.

Where a part of a JPEG is missing inside, its decoder makes the rest up, goes on, and says so on the process's standard
error only (libjpeg's own warnings, "Corrupt JPEG data: ..."). Here they are heard. Bytes that were changed and still
decode to as many blocks are not noticed by anybody.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

_ERROR_OUTPUT = 2
_MOST = 1 << 16  # bytes, what a pipe holds
_WARNING = b"JPEG"
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Decoded:
    """A picture as its flags asked for, None where there is none, and whether its decoder made a part of it up."""

    picture: npt.NDArray[np.uint8] | None
    damaged: bool


class _Ear:
    """Standard error led into a pipe, from the beginning until `close`."""

    def __init__(self) -> None:
        self._reading, writing = os.pipe()
        self._kept = os.dup(_ERROR_OUTPUT)
        os.set_blocking(self._reading, False)
        os.set_blocking(writing, False)  # a flood of warnings must not stop the decoder
        os.dup2(writing, _ERROR_OUTPUT)
        os.close(writing)

    def heard(self) -> bytes:
        """What was said since it was asked last."""
        with contextlib.suppress(BlockingIOError):
            return os.read(self._reading, _MOST)
        return b""

    def pass_on(self, said: bytes) -> None:
        """Say it where it would have been said."""
        os.write(self._kept, said)

    def close(self) -> None:
        """Standard error is what it was."""
        os.dup2(self._kept, _ERROR_OUTPUT)
        os.close(self._kept)
        os.close(self._reading)


_for_good: list[_Ear] = []


def listen_for_good() -> None:
    """Lead standard error into a pipe from now on, for a process that can open nothing later. What is said between two
    decodings is passed on with the second, and the last when the process ends."""
    if not _for_good:
        _for_good.append(_Ear())
        atexit.register(pass_on)


def pass_on() -> None:
    """Say what was said since the last decoding."""
    for ear in _for_good:
        if said := ear.heard():
            ear.pass_on(said)


def decode_jpeg(data: bytes, flags: int) -> Decoded:
    """Decode with OpenCV's `flags`. For processes of their own: for that time, standard error goes into a pipe; what
    else is said there is passed on. Raises cv2.error as OpenCV does."""
    with _one_at_a_time:
        pass_on()
        ear = _for_good[0] if _for_good else _Ear()
        try:
            found = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
        finally:
            said = ear.heard()
            damaged = _WARNING in said
            if said and not damaged:
                ear.pass_on(said)
            if not _for_good:
                ear.close()
    return Decoded(None if found is None else np.asarray(found, dtype=np.uint8), damaged)
