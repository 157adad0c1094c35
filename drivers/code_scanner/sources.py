"""The two ways on which a handheld scanner's bytes come: a serial line, or the keys of a keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from drivers.code_scanner.event_node import EventNode, find_node, is_simulated_node
from drivers.code_scanner.keys import KeyTranslator
from drivers.device import DeviceGoneError
from drivers.discovery import resolve_port
from drivers.endpoint import is_simulated
from drivers.transports.serial_line import Line, SerialLine

_MOST_AT_ONCE = 4096
_PATIENCE = 6  # gaps until a scanner that never falls silent is listened to all the same
_LOOKS = 5


class Source(Protocol):
    """Where a scanner's bytes come from. All but `close` raise DeviceGoneError."""

    encoding: str
    """Of its bytes, as Python names it."""

    stable_id: str

    @property
    def simulated(self) -> bool:
        """True where it cannot be hardware."""
        ...

    def open(self) -> None:
        """Begin to listen; what was sent before is dropped."""
        ...

    def read(self, timeout: float) -> bytes:
        """What has come, nothing after `timeout` seconds."""
        ...

    def close(self) -> None:
        """Idempotent, never raises."""
        ...


def open_quietly(source: Source, gap: float, clock: Callable[[], float]) -> None:
    """Open `source` and drop what comes until it has been silent for `gap` seconds: a code that was on its way just
    then would come without its beginning, and half a number may be a number too. Raises DeviceGoneError."""
    source.open()
    end = quiet_since = clock()
    end += _PATIENCE * gap
    while clock() < min(end, quiet_since + gap):
        if source.read(gap / _LOOKS):
            quiet_since = clock()


class SerialSource:
    """RS-232, USB serial (CDC), or a serial device server; `port` as in drivers/discovery.py."""

    def __init__(self, port: str, baud: int, encoding: str, open_line: Callable[[str, int], Line] = SerialLine) -> None:
        self.encoding = encoding
        self.stable_id = port
        self._baud = baud
        self._open_line = open_line
        self._line: Line | None = None

    @property
    def simulated(self) -> bool:
        return is_simulated(self.stable_id)

    def open(self) -> None:
        # No port answers for a scanner: it says nothing until somebody scans.
        port = resolve_port(self.stable_id, lambda _: False)
        self._line = self._open_line(port.path, self._baud)
        self._line.flush_input()

    def read(self, timeout: float) -> bytes:
        if self._line is None:
            raise DeviceGoneError(f"{self.stable_id}: closed")
        # One byte wakes, the rest of the burst is there by then or comes next time.
        first = self._line.read(1, timeout)
        return first + self._line.read(_MOST_AT_ONCE, 0) if first else b""

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


class KeySource:
    """A scanner that poses as a keyboard; `name` as in drivers/code_scanner/event_node.py."""

    encoding = "ascii"

    def __init__(self, name: str, open_node: Callable[[Path], EventNode] = EventNode) -> None:
        self.stable_id = name
        self._open_node = open_node
        self._node: EventNode | None = None
        self._path: Path | None = None
        self._keys = KeyTranslator()

    @property
    def simulated(self) -> bool:
        path = self._path or (Path(self.stable_id) if self.stable_id.startswith("/") else None)
        return path is not None and is_simulated_node(path)

    def open(self) -> None:
        self._path = find_node(self.stable_id)
        self._keys = KeyTranslator()
        self._node = self._open_node(self._path)

    def read(self, timeout: float) -> bytes:
        if self._node is None:
            raise DeviceGoneError(f"{self.stable_id}: closed")
        return self._keys.feed(self._node.read(timeout))

    def close(self) -> None:
        node, self._node = self._node, None
        if node is not None:
            node.close()
