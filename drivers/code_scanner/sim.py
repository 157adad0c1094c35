"""The simulated handheld scanner: a process that sends codes over a pty or TCP, or types them as a keyboard.

    python -m drivers.code_scanner.sim (--link PATH | --tcp HOST:PORT | --keyboard PATH | --uinput) --control SOCKET
                                       [--slips DIR]

Prints one JSON line when ready: {"ready": true, "port": ...} or {"ready": true, "keyboard": ...}. Orders on the control
socket (drivers/dock/control.py) are listed in README.md. `--slips` is the folder in which the slip printer's simulator
keeps what it has printed: the newest can be scanned, read from its picture.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from drivers.api.records import CodeKind
from drivers.code_scanner.sim_keys import FifoKeys, UinputKeys, lost, strokes
from drivers.dock.control import Answer, ControlError, Order, serve_control
from drivers.dock.lines import PtyLine, SimulatedLine, TcpLine, line_of, name_of
from drivers.shell import EXIT_OK, EXIT_REFUSED, OneLineParser, complain, until_told

_AIM = {CodeKind.QR: "]Q1", CodeKind.CODE_128: "]C0", CodeKind.OTHER: "]E0"}
_ENDS = {"cr": "\r", "lf": "\n", "crlf": "\r\n", "none": ""}


class Wire(Protocol):
    """The scanner's end of its cable."""

    def plug(self) -> None:
        """Make the scanner appear."""
        ...

    def unplug(self) -> None:
        """Make the scanner vanish."""
        ...

    def send(self, data: bytes) -> None:
        """Send to the host."""
        ...


class SimulatedScanner:
    """What is scanned goes out at once. `typing`: as key strokes. Orders come from the control threads."""

    def __init__(self, wire: Wire, *, typing: bool, slips: Path | None = None) -> None:
        self._wire = wire
        self._typing = typing
        self._slips = slips
        self._lock = threading.Lock()
        self._plugged = False
        self._scanned = 0
        self._reset()
        self.plug()

    def _reset(self) -> None:
        self._aim = False
        self._encoding = "utf-8"
        self._end = "crlf"

    def plug(self) -> None:
        """Put the cable in."""
        self._wire.plug()
        self._plugged = True

    def unplug(self) -> None:
        """Pull the cable."""
        self._wire.unplug()
        self._plugged = False

    def order(self, order: Order) -> Answer:
        """Carry out one order of the control channel."""
        with self._lock:
            self._do(order)
        return {"plugged": self._plugged, "scanned": self._scanned, "aim": self._aim, "encoding": self._encoding}

    def _do(self, order: Order) -> None:
        match order["do"]:
            case "scan":
                self._scan([str(text) for text in _texts(order)], order)
            case "scan-slip":
                self._scan([self._newest_slip()], {"kind": CodeKind.QR})
            case "torn":
                self._send(self._bytes(str(order["text"]), end=False))
            case "raw":
                self._send(bytes.fromhex(str(order["hex"])))
            case "lost" if self._typing:
                self._send(lost())
            case "set":
                self._aim = bool(order.get("aim", self._aim))
                self._encoding = str(order.get("encoding", self._encoding))
                self._end = str(order.get("end", self._end))
                if self._end not in _ENDS:
                    raise ControlError(f"end is one of {', '.join(_ENDS)}")
            case "reset":
                self._reset()
                self.plug()
            case "plug":
                self.plug()
            case "unplug":
                self.unplug()
            case "status":
                pass
            case what:
                raise ControlError(f"there is no order {what}")

    def _scan(self, texts: Sequence[str], order: Order) -> None:
        prefix = _AIM[CodeKind(str(order.get("kind", CodeKind.QR)))] if self._aim else ""
        data = b"".join(self._bytes(prefix + text, end=True) for text in texts)
        piece, gap = int(str(order.get("piece", 0))) or len(data), float(str(order.get("gap", 0.0)))
        for at in range(0, len(data), max(1, piece)):
            self._send(data[at : at + piece])
            if gap:
                time.sleep(gap)
        self._scanned += len(texts)

    def _bytes(self, text: str, *, end: bool) -> bytes:
        if self._typing:
            return strokes(text, end=end)
        return (text + (_ENDS[self._end] if end else "")).encode(self._encoding)

    def _send(self, data: bytes) -> None:
        if not self._plugged:
            raise ControlError("its cable is out")
        self._wire.send(data)

    def _newest_slip(self) -> str:
        found = sorted(self._slips.glob("*.png")) if self._slips is not None else []
        if not found:
            raise ControlError("no slip was printed yet")
        from drivers.code_scanner.sim_slips import code_on  # OpenCV, for this order only

        text = code_on(found[-1])
        if text is None:
            raise ControlError("there is no code on the newest slip")
        return text


def _texts(order: Order) -> Sequence[object]:
    texts = order.get("texts", [order.get("text", "")])
    if not isinstance(texts, list) or not all(texts):
        raise ControlError("scan needs a text")
    return texts


def _keep(line: SimulatedLine, ending: threading.Event) -> None:
    """Hear the host, which has nothing to say; on TCP this is what takes its connection."""
    while not ending.is_set():
        line.poll(0.1)


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT."""
    parser = OneLineParser(prog="drivers.code_scanner.sim", description="Simulated handheld scanner")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--link", type=Path, help="symlink to make for the pseudo-terminal")
    where.add_argument("--tcp", help="HOST:PORT to listen on; port 0 picks one")
    where.add_argument("--keyboard", type=Path, help="FIFO to make that carries key strokes as an event node does")
    where.add_argument("--uinput", action="store_true", help="a keyboard of the kernel's (/dev/uinput)")
    parser.add_argument("--control", type=Path, required=True, help="Unix socket for orders")
    parser.add_argument("--slips", type=Path, help="folder of printed slips")
    arguments = parser.parse_args(argv)
    try:
        return _serve(parser, arguments)
    except OSError as error:
        complain(parser.prog, error.strerror or str(error))
    return EXIT_REFUSED


def _serve(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    ending = until_told()
    keys = FifoKeys(arguments.keyboard) if arguments.keyboard else UinputKeys() if arguments.uinput else None
    line: PtyLine | TcpLine | None = line_of(parser, arguments) if keys is None else None
    wire: Wire | None = keys or line
    assert wire is not None  # noqa: S101 - argparse wants one of them
    scanner = SimulatedScanner(wire, typing=keys is not None, slips=arguments.slips)
    reached = {"keyboard": str(keys.path)} if keys is not None else {"port": name_of(line, "socket")} if line else {}
    stop_control = serve_control(arguments.control, scanner.order)
    sys.stdout.write(json.dumps({"ready": True, **reached}) + "\n")
    sys.stdout.flush()
    if line is not None:
        _keep(line, ending)
    ending.wait()
    stop_control()
    scanner.unplug()
    return EXIT_OK


if __name__ == "__main__":
    raise SystemExit(main())
