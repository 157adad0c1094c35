"""Ways to a receipt printer, opened by python-escpos; reading and writing with time limits is ours.

python-escpos waits without limit for a printer that takes no more data, and takes silence for "paper enough".
"""

from __future__ import annotations

import contextlib
import select
import socket
import termios
from collections.abc import Callable, Iterator
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import serial
import usb.core
import usb.util
from escpos.escpos import Escpos
from escpos.exceptions import Error as EscposError
from escpos.printer import File, Network, Serial, Usb

from drivers.device import ConfigurationError, DeviceGoneError
from drivers.discovery import check_port, resolve_port

CONNECT_SECONDS = 3.0

_LOST = (EscposError, serial.SerialException, usb.core.USBError, OSError, termios.error, TypeError, ValueError)
"""TypeError and ValueError come from a port that another thread closed while it was used."""


class Transport(Protocol):
    """Bytes to and from a printer. Methods raise DeviceGoneError when the way is cut, and it stays cut."""

    @property
    def answers(self) -> bool:
        """False where nothing can be read back (a device file)."""
        ...

    def write(self, data: bytes, timeout: float) -> int:
        """Hand over as much of `data` as is taken at once, waiting up to `timeout` seconds for the first byte.
        Returns the number of bytes taken, 0 when the printer takes none."""
        ...

    def read(self, timeout: float) -> bytes:
        """What was received, waiting up to `timeout` seconds for the first byte; empty when nothing came."""
        ...

    def close(self) -> None:
        """Release it; wakes calls in other threads. Idempotent, never raises, never waits for the printer."""
        ...


@contextlib.contextmanager
def _lost(name: str) -> Iterator[None]:
    try:
        yield
    except DeviceGoneError:
        raise
    except _LOST as error:
        raise DeviceGoneError(f"{name}: {_reason(error)}") from error


def _reason(error: BaseException) -> str:
    """The system's words for it where there are any; python-escpos wraps them into several lines."""
    cause = error.__context__ if isinstance(error, EscposError) else error
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return " ".join(str(error).split()) or "gone"


def _release(printer: Escpos) -> None:
    """Keep python-escpos from closing in its destructor what is closed already: its way waits for the printer."""
    printer.device = False


class TcpTransport:
    """Port 9100 of a printer with Ethernet or WLAN."""

    answers = True

    def __init__(self, host: str, port: int) -> None:
        self._name = f"tcp://{host}:{port}"
        self._printer = Network(host, port, timeout=CONNECT_SECONDS)
        with _lost(self._name):
            self._printer.open()
            self._socket: socket.socket = self._printer.device
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.setblocking(False)

    def write(self, data: bytes, timeout: float) -> int:
        with _lost(self._name):
            if not select.select([], [self._socket], [], timeout)[1]:
                return 0
            return self._socket.send(data)

    def read(self, timeout: float) -> bytes:
        with _lost(self._name):
            if not select.select([self._socket], [], [], timeout)[0]:
                return b""
            data = self._socket.recv(4096)
        if not data:
            raise DeviceGoneError(f"{self._name}: the printer closed the connection")
        return data

    def close(self) -> None:
        with contextlib.suppress(OSError):  # not connected any more
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        _release(self._printer)


class SerialTransport:
    """A serial line, 8N1 with hardware flow control left to the port (DSR/DTR, as these printers do it)."""

    answers = True

    def __init__(self, port: str, baud: int) -> None:
        self._name = port
        self._printer = Serial(port, baudrate=baud, timeout=0)
        with _lost(self._name):
            self._printer.open()
            self._serial: serial.Serial = self._printer.device
            self._serial.write_timeout = 0  # a write then tells how much was taken
            self._serial.exclusive = True

    def write(self, data: bytes, timeout: float) -> int:
        with _lost(self._name):
            if not select.select([], [self._serial], [], timeout)[1]:
                return 0
            return int(self._serial.write(data) or 0)

    def read(self, timeout: float) -> bytes:
        with _lost(self._name):
            if not select.select([self._serial], [], [], timeout)[0]:
                return b""
            data = bytes(self._serial.read(4096))
        if not data:
            raise DeviceGoneError(f"{self._name}: unplugged")
        return data

    def close(self) -> None:
        with contextlib.suppress(*_LOST):  # what lies in the buffer is not waited for
            self._serial.reset_output_buffer()
        with contextlib.suppress(*_LOST):
            self._serial.close()
        _release(self._printer)


class UsbTransport:
    """A printer-class USB device, by vendor, product and serial number wherever it is plugged in."""

    answers = True

    def __init__(self, vendor: int, product: int, serial_number: str) -> None:
        self._name = f"usb://{vendor:04x}:{product:04x}/{serial_number}"

        def same(device: Any) -> bool:
            with contextlib.suppress(usb.core.USBError, ValueError):  # a device whose strings cannot be read
                return not serial_number or device.serial_number == serial_number
            return False

        self._printer = Usb(vendor, product, usb_args={"custom_match": same})
        with _lost(self._name):
            self._printer.open()
            self._device: Any = self._printer.device
            self._out, self._in = self._endpoints()

    def _endpoints(self) -> tuple[Any, Any]:
        interface = self._device.get_active_configuration()[(0, 0)]

        def towards(direction: int) -> Callable[[Any], bool]:
            return lambda endpoint: usb.util.endpoint_direction(endpoint.bEndpointAddress) == direction

        outward = usb.util.find_descriptor(interface, custom_match=towards(usb.util.ENDPOINT_OUT))
        inward = usb.util.find_descriptor(interface, custom_match=towards(usb.util.ENDPOINT_IN))
        if outward is None or inward is None:
            raise DeviceGoneError(f"{self._name}: no printer endpoints")
        return outward, inward

    def write(self, data: bytes, timeout: float) -> int:
        # One packet at a time: a packet is taken whole or not at all, so a time-out never hides how much was sent.
        packet = data[: self._out.wMaxPacketSize]
        with _lost(self._name):
            try:
                return int(self._out.write(packet, timeout=max(1, int(timeout * 1000))))
            except usb.core.USBTimeoutError:
                return 0

    def read(self, timeout: float) -> bytes:
        with _lost(self._name):
            try:
                return bytes(self._in.read(self._in.wMaxPacketSize, timeout=max(1, int(timeout * 1000))))
            except usb.core.USBTimeoutError:
                return b""

    def close(self) -> None:
        with contextlib.suppress(*_LOST):
            usb.util.dispose_resources(self._device)
        _release(self._printer)


class FileTransport:
    """A device file such as /dev/usb/lp0: prints, tells nothing back."""

    answers = False

    def __init__(self, path: str) -> None:
        self._name = path
        self._printer = File(path)
        with _lost(path):
            self._printer.open()
            self._file = self._printer.device

    def write(self, data: bytes, timeout: float) -> int:
        with _lost(self._name):
            del timeout  # a device file blocks in the kernel
            self._file.write(data)
            self._file.flush()
            return len(data)

    def read(self, timeout: float) -> bytes:
        del timeout
        return b""

    def close(self) -> None:
        with contextlib.suppress(*_LOST):
            self._file.close()
        _release(self._printer)


def parse_uri(uri: str, baud: int) -> Callable[[], Transport]:
    """The opener for a configured `uri`; nothing is opened yet. Raises ConfigurationError.

    - tcp://HOST[:PORT] (9100)
    - usb://VID:PID[/SERIAL], hexadecimal
    - file:///dev/usb/lp0
    - a serial port as drivers/discovery.py names them: /dev/serial/by-id/..., usb:VID:PID:SERIAL
    """
    parts = urlsplit(uri)
    match parts.scheme:
        case "tcp":
            try:
                host, port = parts.hostname, parts.port or 9100
            except ValueError as error:
                raise ConfigurationError(f"uri: {error}") from error
            if not host:
                raise ConfigurationError("uri: tcp:// needs a host")
            return lambda: TcpTransport(host, port)
        case "usb" if uri.startswith("usb://"):
            vendor, _, product = parts.netloc.partition(":")
            try:
                numbers = int(vendor, 16), int(product, 16)
            except ValueError as error:
                raise ConfigurationError("uri: a USB printer is named usb://VID:PID/SERIAL") from error
            return lambda: UsbTransport(*numbers, unquote(parts.path.lstrip("/")))
        case "file":
            if not parts.path:
                raise ConfigurationError("uri: file:// needs a path")
            return lambda: FileTransport(parts.path)
        case "" | "usb":
            port_name = check_port(uri)
            return lambda: SerialTransport(resolve_port(port_name, lambda _: False).path, baud)
        case other:
            raise ConfigurationError(f"uri: {other} is not a way to a receipt printer")
