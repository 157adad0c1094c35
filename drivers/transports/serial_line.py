"""A serial line by pyserial: a port, a pseudo-terminal, or a URL (socket://HOST:PORT, rfc2217://...).

pyserial reports a vanished line as SerialException, plain OSError or termios.error, depending on the call; here it is
always LineLostError. A line that is lost stays lost: close it and open a new one.
"""

from __future__ import annotations

import contextlib
import termios
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import urlsplit

import serial

from drivers.device import DeviceGoneError

_LOST = (serial.SerialException, OSError, termios.error, ValueError, TypeError)
"""ValueError comes from a port that cannot take a rate or a URL that is none; TypeError from pyserial's own
descriptors being None after another thread closed the port."""


class LineLostError(DeviceGoneError):
    """The port does not exist, is taken by another program, or was unplugged."""


class Line(Protocol):
    """Bytes to and from a device. All methods raise LineLostError when the line is gone."""

    @property
    def baud(self) -> int:
        """The current rate in bits per second."""
        ...

    def read(self, size: int, timeout: float) -> bytes:
        """Up to `size` bytes: fewer, or none, when `timeout` seconds pass first."""
        ...

    def write(self, data: bytes) -> None:
        """Hand over all of `data`."""
        ...

    def flush_input(self) -> None:
        """Drop what was received and not read."""
        ...

    def set_baud(self, baud: int) -> None:
        """Change the rate of our end."""
        ...

    def close(self) -> None:
        """Release the port; wakes a `read` in another thread. Idempotent, never raises."""
        ...


class SerialLine:
    """A `Line` on a serial port or pyserial URL, 8N1, opened exclusively. Raises LineLostError."""

    def __init__(self, port: str, baud: int) -> None:
        self._port = port
        _check_address(port)
        with self._lost():
            self._serial = serial.serial_for_url(port, baudrate=baud, timeout=0, write_timeout=2, do_not_open=True)
            if "://" not in port:
                self._serial.exclusive = True
            self._serial.open()

    @contextlib.contextmanager
    def _lost(self) -> Iterator[None]:
        try:
            yield
        except _LOST as error:
            raise LineLostError(f"{self._port}: {_reason(error)}") from error

    @property
    def baud(self) -> int:
        return int(self._serial.baudrate)

    def read(self, size: int, timeout: float) -> bytes:
        with self._lost():
            if self._serial.timeout != timeout:
                self._serial.timeout = timeout
            return bytes(self._serial.read(size))

    def write(self, data: bytes) -> None:
        with self._lost():
            self._serial.write(data)

    def flush_input(self) -> None:
        with self._lost():
            self._serial.reset_input_buffer()

    def set_baud(self, baud: int) -> None:
        with self._lost():
            self._serial.baudrate = baud

    def close(self) -> None:
        with contextlib.suppress(*_LOST, AttributeError):  # a line that is gone cannot be closed any better
            self._serial.cancel_read()
        with contextlib.suppress(*_LOST):
            self._serial.close()


def _check_address(port: str) -> None:
    """pyserial answers a network address without host or port with an error about its own insides."""
    if not port.startswith(("socket://", "rfc2217://")):
        return
    scheme = port.partition("://")[0]
    try:
        parts = urlsplit(port)
        whole = bool(parts.hostname) and bool(parts.port)
    except ValueError:  # a port number beyond 65535, a bracket left open
        whole = False
    if not whole:
        raise LineLostError(f"{port}: not an address; it is written {scheme}://HOST:PORT")


def _reason(error: BaseException) -> str:
    """What happened, in one line without the port's name (pyserial repeats it)."""
    if isinstance(error, OSError) and error.errno is not None:
        match error.errno:
            case 2 | 6 | 19:  # ENOENT, ENXIO, ENODEV
                return "no such port"
            case 5:  # EIO
                return "unplugged"
            case 11 | 16:  # EAGAIN of the exclusive lock, EBUSY
                return "taken by another program"
            case 21 | 25:  # EISDIR, ENOTTY
                return "not a serial port"
            case 13:  # EACCES
                return "permission denied"
            case 111:  # ECONNREFUSED
                return "connection refused"
    text = str(error)
    # pyserial tells these two only in words: TIOCGETD or tcgetattr on a file that is no terminal, a refused connection.
    if "Inappropriate ioctl" in text:
        return "not a serial port"
    if "Connection refused" in text:
        return "connection refused"
    return "unplugged" if "disconnected" in text or not text else " ".join(text.split())[:120]
