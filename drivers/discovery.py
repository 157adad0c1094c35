"""Which serial port is which device: by what does not change at the next boot, never by a bare ttyUSBn.

A port is named in the configuration by
- a stable path: /dev/serial/by-id/..., /dev/serial/by-path/..., a soldered UART (/dev/ttyS0), any other symlink;
- `usb:VID:PID:SERIAL`, a USB serial number wherever it is plugged in;
- a URL that pyserial opens (socket://HOST:PORT);
- `auto`: the first stable port that the driver's own probe recognises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from serial.tools import list_ports

from drivers.device import ConfigurationError, DeviceGoneError

AUTO = "auto"
BY_ID = Path("/dev/serial/by-id")
BY_PATH = Path("/dev/serial/by-path")

_UNSTABLE = re.compile(r"/dev/tty(USB|ACM|XRUSB)\d+")
_USB_IDENTITY = re.compile(r"usb:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4}):(\S+)")


class PortInfo(Protocol):
    """What pyserial's list_ports tells of a port."""

    device: str
    vid: int | None
    pid: int | None
    serial_number: str | None


@dataclass(frozen=True)
class SerialPort:
    """A port to open now (`path`) and the name under which it is found again (`stable_id`)."""

    path: str
    stable_id: str


def check_port(port: str) -> str:
    """`port` if it is a lasting name. Raises ConfigurationError for ttyUSBn, which changes at every replug."""
    if _UNSTABLE.fullmatch(port):
        raise ConfigurationError(f"port: {port} changes at every replug; use /dev/serial/by-id/..., usb:... or auto")
    if port.startswith("usb:") and not _USB_IDENTITY.fullmatch(port):
        raise ConfigurationError("port: a USB device is named usb:VID:PID:SERIAL, with four hexadecimal digits each")
    return port


def serial_ports(
    listed: Callable[[], Iterable[PortInfo]] = list_ports.comports,
    by_id: Path = BY_ID,
    by_path: Path = BY_PATH,
) -> list[SerialPort]:
    """The ports present now that have a stable name, one entry each: by-id, else USB serial number, else by-path."""
    ids, paths = _links(by_id), _links(by_path)
    ports = []
    for info in sorted(listed(), key=lambda port: port.device):
        if info.device in ids:
            ports.append(SerialPort(ids[info.device], ids[info.device]))
        elif info.vid and info.pid and info.serial_number:
            ports.append(SerialPort(info.device, f"usb:{info.vid:04x}:{info.pid:04x}:{info.serial_number}"))
        elif info.device in paths:
            ports.append(SerialPort(paths[info.device], paths[info.device]))
        elif info.vid is None:
            ports.append(SerialPort(info.device, info.device))  # a soldered UART keeps its number
    return ports


def _links(folder: Path) -> dict[str, str]:
    """Device node to the first link in `folder` that leads to it."""
    links: dict[str, str] = {}
    for link in sorted(folder.iterdir()) if folder.is_dir() else ():
        links.setdefault(str(link.resolve()), str(link))
    return links


def resolve_port(
    port: str,
    probe: Callable[[str], bool],
    listed: Callable[[], Iterable[PortInfo]] = list_ports.comports,
) -> SerialPort:
    """The port to open for a configured name; `probe` opens a path and recognises the device, for `auto`.

    Raises DeviceGoneError when it is not there.
    """
    identity = _USB_IDENTITY.fullmatch(port)
    if identity:
        vid, pid, serial_number = int(identity[1], 16), int(identity[2], 16), identity[3]
        for info in listed():
            if (info.vid, info.pid, info.serial_number) == (vid, pid, serial_number):
                return SerialPort(info.device, port)
        raise DeviceGoneError(f"{port}: not plugged in")
    if port == AUTO:
        for candidate in serial_ports(listed):
            if probe(candidate.path):
                return candidate
        raise DeviceGoneError("no reader on any serial port")
    return SerialPort(port, port)
