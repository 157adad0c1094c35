"""An event node of the kernel's input layer (/dev/input/event*), for us alone.

EVIOCGRAB (linux/input.h) makes this process the only one that hears the device: neither the X server nor any field on
the screen gets a key of it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import selectors
import stat
from pathlib import Path

from drivers.code_scanner.keys import ENTER, EV_KEY, EVENT
from drivers.device import ConfigurationError, DeviceGoneError

INPUT_CLASS = Path("/sys/class/input")
NODES = Path("/dev/input")

EVIOCGRAB = 0x40044590  # _IOW('E', 0x90, int)
_KEY_BYTES = 96  # of 768 key codes
EVIOCGBIT_KEY = 0x80000000 | _KEY_BYTES << 16 | ord("E") << 8 | 0x20 + EV_KEY  # _IOC(_IOC_READ, 'E', 0x20 + EV_KEY, 96)

_UNSTABLE = re.compile(r"/dev/input/event\d+")
_USB = re.compile(r"usb:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::(\S+))?")
_DIGIT_ONE = 2
_MOST_AT_ONCE = 1024 * EVENT.size


def check_keyboard(name: str) -> str:
    """`name` if it lasts: a link under /dev/input/by-id or by-path, or usb:VID:PID[:SERIAL].

    Raises ConfigurationError.
    """
    if _UNSTABLE.fullmatch(name):
        raise ConfigurationError(
            f"code_scanner: {name} changes at every replug; use /dev/input/by-id/... or usb:VID:PID"
        )
    if name.startswith("usb:") and not _USB.fullmatch(name):
        raise ConfigurationError("code_scanner: a USB device is named usb:VID:PID[:SERIAL], with four hex digits each")
    if not name.startswith(("/", "usb:")):
        raise ConfigurationError("code_scanner: keyboard is a path below /dev/input, or usb:VID:PID[:SERIAL]")
    return name


def find_node(name: str, input_class: Path = INPUT_CLASS, nodes: Path = NODES) -> Path:
    """The node of a configured name. Raises DeviceGoneError when it is not plugged in."""
    usb = _USB.fullmatch(name)
    if usb is None:
        return Path(name)
    wanted = (usb[1].lower(), usb[2].lower())
    for entry in sorted(input_class.glob("event*")):
        device = entry / "device"
        found = (_line(device / "id" / "vendor"), _line(device / "id" / "product"))
        # The same scanner may have nodes for its volume keys or a pointer too.
        if (
            found == wanted
            and usb[3] in (None, _line(device / "uniq"))
            and _types(_line(device / "capabilities" / "key"))
        ):
            return nodes / entry.name
    raise DeviceGoneError(f"{name}: not plugged in")


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _types(capabilities: str) -> bool:
    """Whether a device whose keys sysfs tells so (words of a bit set, the highest first) can type a code."""
    words = capabilities.split()
    lowest = int(words[-1], 16) if words else 0
    return _can_type(lowest)


def _can_type(keys: int) -> bool:
    return bool(keys >> ENTER & 1 and keys >> _DIGIT_ONE & 1)


def is_simulated_node(path: Path, input_class: Path = INPUT_CLASS) -> bool:
    """True for a FIFO in the place of a node, and for a device that a program has made (uinput)."""
    target = path.resolve()
    return target.is_fifo() or "/devices/virtual/" in str((input_class / target.name).resolve())


class EventNode:
    """An open node, grabbed. A FIFO that carries the same records is taken too; nobody else can read those.

    Raises DeviceGoneError where it is not there, is no keyboard, or another program has grabbed it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise DeviceGoneError(f"{path}: {error.strerror}") from error
        try:
            if not stat.S_ISFIFO(os.fstat(self._file).st_mode):
                self._grab()
            self._drain()
        except BaseException:
            self.close()
            raise

    def _grab(self) -> None:
        keys = bytearray(_KEY_BYTES)
        try:
            fcntl.ioctl(self._file, EVIOCGBIT_KEY, keys)
        except OSError as error:
            raise DeviceGoneError(f"{self._path}: not an input device") from error
        if not _can_type(int.from_bytes(keys, "little")):
            raise DeviceGoneError(f"{self._path}: has no keys to type with")
        try:
            fcntl.ioctl(self._file, EVIOCGRAB, 1)
        except OSError as error:
            raise DeviceGoneError(f"{self._path}: taken by another program") from error

    def _drain(self) -> None:
        """Drop what was typed before anybody listened."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self._file, _MOST_AT_ONCE):
                pass

    def read(self, timeout: float) -> bytes:
        """Records that have come, or none after `timeout` seconds. Raises DeviceGoneError once it is unplugged."""
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._file, selectors.EVENT_READ)
                if not selector.select(timeout):
                    return b""
            data = os.read(self._file, _MOST_AT_ONCE)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:  # ValueError: closed from another thread
            raise DeviceGoneError(f"{self._path}: unplugged") from error
        if not data:
            raise DeviceGoneError(f"{self._path}: unplugged")
        return data

    def close(self) -> None:
        """Release it, and with it the grab. Idempotent."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)
