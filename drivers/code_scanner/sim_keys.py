"""The simulated scanner's keys: text as the kernel's records, on a FIFO or on a device of uinput (linux/uinput.h)."""

from __future__ import annotations

import fcntl
import os
import struct
import threading
import time
from pathlib import Path

from drivers.code_scanner.keys import (
    ENTER,
    EV_KEY,
    EV_SYN,
    EVENT,
    LEFT_SHIFT,
    PLAIN,
    PRESSED,
    RELEASED,
    SHIFTED,
    SYN_DROPPED,
    SYN_REPORT,
)

UINPUT = Path("/dev/uinput")

_PLAIN_KEYS = {sign: code for code, sign in reversed(PLAIN.items())}
_SHIFTED_KEYS = {sign: code for code, sign in reversed(SHIFTED.items())}

_UI_SET_EVBIT, _UI_SET_KEYBIT = 0x40045564, 0x40045565
_UI_DEV_SETUP, _UI_DEV_CREATE, _UI_DEV_DESTROY = 0x405C5503, 0x5501, 0x5502
_NAME_BYTES = 32
_UI_GET_SYSNAME = 0x80000000 | _NAME_BYTES << 16 | ord("U") << 8 | 44
_SETUP = struct.Struct("@HHHH80sI")
_BUS_VIRTUAL = 6
_NODE_SECONDS = 5.0


def strokes(text: str, *, end: bool = True) -> bytes:
    """The records of a scanner that types `text`, and Enter with `end`. Raises ValueError for what has no key."""
    records = bytearray()
    for sign in text:
        if sign in _PLAIN_KEYS:
            records += _stroke(_PLAIN_KEYS[sign])
        elif sign in _SHIFTED_KEYS:
            records += _key(LEFT_SHIFT, PRESSED) + _stroke(_SHIFTED_KEYS[sign]) + _key(LEFT_SHIFT, RELEASED)
        else:
            raise ValueError("a keyboard has no key for this code")
    return bytes(records + (_stroke(ENTER) if end else b""))


def lost() -> bytes:
    """The record of a buffer that ran over."""
    return _record(EV_SYN, SYN_DROPPED, 0) + _record(EV_SYN, SYN_REPORT, 0)


def _stroke(code: int) -> bytes:
    return _key(code, PRESSED) + _key(code, RELEASED)


def _key(code: int, value: int) -> bytes:
    return _record(EV_KEY, code, value) + _record(EV_SYN, SYN_REPORT, 0)


def _record(kind: int, code: int, value: int) -> bytes:
    return EVENT.pack(0, 0, kind, code, value)


class FifoKeys:
    """A FIFO in the place of a node. Held open for reading too, so that it ends for the driver only when unplugged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._file = -1

    def plug(self) -> None:
        """Make it appear."""
        with self._lock:
            if self._file < 0:
                self.path.unlink(missing_ok=True)
                os.mkfifo(self.path, 0o600)
                self._file = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)

    def unplug(self) -> None:
        """Make it vanish."""
        with self._lock:
            file, self._file = self._file, -1
            if file >= 0:
                self.path.unlink(missing_ok=True)
                os.close(file)

    def send(self, data: bytes) -> None:
        """Press keys. What finds no room is lost, as in the kernel's own buffer."""
        with self._lock:
            if self._file >= 0:
                try:
                    os.write(self._file, data)
                except BlockingIOError:
                    return


class UinputKeys:
    """A keyboard that the kernel believes in. Raises OSError where /dev/uinput is missing or closed to us."""

    def __init__(self) -> None:
        self.path = Path()
        self._lock = threading.Lock()
        self._file = -1

    def plug(self) -> None:
        """Make it appear; `path` is its node from then on."""
        with self._lock:
            if self._file >= 0:
                return
            self._file = os.open(UINPUT, os.O_WRONLY | os.O_NONBLOCK)
            fcntl.ioctl(self._file, _UI_SET_EVBIT, EV_KEY)
            for code in {*PLAIN, LEFT_SHIFT, ENTER}:
                fcntl.ioctl(self._file, _UI_SET_KEYBIT, code)
            name = b"court-kiosk simulated code scanner"
            fcntl.ioctl(self._file, _UI_DEV_SETUP, _SETUP.pack(_BUS_VIRTUAL, 0, 0, 1, name, 0))
            fcntl.ioctl(self._file, _UI_DEV_CREATE)
            told = bytearray(_NAME_BYTES)
            fcntl.ioctl(self._file, _UI_GET_SYSNAME, told)
            self.path = _node_of(told.rstrip(b"\0").decode())

    def unplug(self) -> None:
        """Make it vanish."""
        with self._lock:
            file, self._file = self._file, -1
            if file >= 0:
                fcntl.ioctl(file, _UI_DEV_DESTROY)
                os.close(file)

    def send(self, data: bytes) -> None:
        """Press keys."""
        with self._lock:
            if self._file >= 0:
                os.write(self._file, data)


def _node_of(sysname: str) -> Path:
    """The event node of an input device; udev makes it a moment later."""
    end = time.monotonic() + _NODE_SECONDS
    while time.monotonic() < end:
        for entry in (Path("/sys/class/input") / sysname).glob("event*"):
            node = Path("/dev/input") / entry.name
            if os.access(node, os.R_OK):
                return node
        time.sleep(0.02)
    raise OSError("the kernel has made no node for it, or none that may be read")
