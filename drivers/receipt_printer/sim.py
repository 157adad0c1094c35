"""The simulated receipt printer: `python -m drivers.receipt_printer.sim`, a process of its own.

Real ESC/POS over TCP or a pseudo-terminal; every slip becomes a PNG in --out when it is cut. Orders on the control
socket (JSON lines): {"do": "paper", "state": "ok|near|out"}, {"do": "cover", "state": "closed|open"},
{"do": "unplug"}, {"do": "plug"}, {"do": "mute", "on": true}, {"do": "slow", "bytes_per_second": N},
{"do": "status"}. "after_rows": N with paper, cover, unplug and mute lets the fault strike when N more rows of dots
were printed, so in the middle of a slip.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PIL import Image

from drivers.dock.control import Answer, ControlError, Order, serve_control
from drivers.dock.lines import SimulatedLine, add_line_arguments, line_of, name_of
from drivers.dock.orders import COVER_STATES, PAPER_STATES
from drivers.receipt_printer.simulated_printer import SimulatedPrinter
from drivers.shell import EXIT_OK, OneLineParser, until_told

_WIRE_BITS = 10  # start, eight data bits, stop


class _Buffer:
    """The printer's receive buffer: bounded, one writer, one reader. `pull` ends the reader's present command."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held = bytearray()
        self._pulled = False
        self._changed = threading.Condition()

    def put(self, data: bytes, go_on: Callable[[], bool]) -> None:
        """Wait for room for each byte of `data`; what has none when `go_on` ends is lost with the cable."""
        with self._changed:
            while data and go_on():
                room = self._size - len(self._held)
                self._held += data[:room]
                data = data[room:]
                self._changed.notify_all()
                if data:
                    self._changed.wait(0.05)

    def pull(self) -> None:
        """What is held is still executed, then the stream ends."""
        with self._changed:
            self._pulled = True
            self._changed.notify_all()

    def stream(self) -> Iterator[int]:
        """The bytes until the cable is pulled."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._held or self._pulled)
                piece = bytes(self._held[:256])
                del self._held[:256]
                self._changed.notify_all()
                if not piece:
                    self._pulled = False
                    return
            yield from piece


class Simulator:
    """A printer at the end of `line`. `rows_per_second` 0 prints as fast as the machine can."""

    def __init__(self, line: SimulatedLine, out: Path, width: int, buffer: int, rows_per_second: int) -> None:
        self._line = line
        self._out = out
        self._pause = 1 / rows_per_second if rows_per_second else 0.0
        self._due = 0.0
        self._buffer = _Buffer(buffer)
        self.ending = threading.Event()
        self._ready = threading.Condition()
        self._faults: list[tuple[int, Callable[[], None]]] = []
        self._bytes_per_second = 0
        self._plugged = False
        self.received = 0
        self.slips: list[str] = []
        self.printer = SimulatedPrinter(width, self._step, lambda byte: line.send(bytes([byte])), self._save)

    # -- the wire's thread

    def poll(self, timeout: float) -> None:
        """Receive once; waits while the buffer is full, as a busy printer does."""
        data = self._line.poll(timeout)
        if not data:
            return
        rate = self._bytes_per_second or (self._line.host_baud() or 0) // _WIRE_BITS
        for start in range(0, len(data), 64):
            piece = data[start : start + 64]
            if rate:
                time.sleep(len(piece) / rate)
            self.received += len(piece)
            self.printer.received(piece)
            self._buffer.put(piece, lambda: self._plugged and not self.ending.is_set())

    # -- the print engine's thread

    def print_forever(self) -> None:
        """Execute what was received. A pulled cable ends the command in hand."""
        while True:
            self.printer.execute(self._buffer.stream())

    def _step(self) -> None:
        """Before each row: let a fault strike that is due, wait while stopped, keep the pace."""
        with self._ready:
            due = [fault for row, fault in self._faults if row <= self.printer.rows]
            self._faults = [fault for fault in self._faults if fault[0] > self.printer.rows]
        for strike in due:
            strike()
        with self._ready:
            self._ready.wait_for(lambda: not self.printer.sensors.stopped)
        if self._pause:
            now = time.monotonic()
            self._due = max(self._due + self._pause, now - 0.05)
            if self._due > now + 0.01:
                time.sleep(self._due - now)

    def _save(self, strip: Image.Image) -> None:
        name = f"slip-{len(self.slips) + 1:04d}.png"
        partial = self._out / f".{name}"
        strip.save(partial, "PNG")
        partial.replace(self._out / name)
        self.slips.append(name)

    # -- orders

    def order(self, order: Order) -> Answer:
        """Carry out one order of the control channel."""
        sensors = self.printer.sensors
        match order["do"]:
            case "paper":
                state = _one_of(order, PAPER_STATES)
                self._strike(order, lambda: setattr(sensors, "paper", state))
            case "cover":
                state = _one_of(order, COVER_STATES)
                self._strike(order, lambda: setattr(sensors, "cover", state))
            case "mute":
                silent = bool(order.get("on", True))
                self._strike(order, lambda: setattr(sensors, "mute", silent))
            case "unplug":
                self._strike(order, self.unplug)
            case "plug":
                self.plug()
            case "slow":
                self._bytes_per_second = int(str(order.get("bytes_per_second", 0)))
            case "status":
                pass
            case other:
                raise ControlError(f"there is no order {other}")
        return self.status()

    def _strike(self, order: Order, fault: Callable[[], None]) -> None:
        rows = order.get("after_rows")
        with self._ready:
            if rows is None:
                fault()
            else:
                self._faults.append((self.printer.rows + int(str(rows)), fault))
            self._ready.notify_all()

    def plug(self) -> None:
        """Put the cable in."""
        self._line.plug()
        self._plugged = True

    def unplug(self) -> None:
        """Pull the cable; the printer keeps its power and what it has received whole."""
        self._line.unplug()
        self._plugged = False
        self._buffer.pull()

    def status(self) -> Answer:
        """What somebody standing before the printer would see."""
        sensors, printer = self.printer.sensors, self.printer
        return {
            "plugged": self._plugged,
            "paper": sensors.paper,
            "cover": sensors.cover,
            "mute": sensors.mute,
            "slips": list(self.slips),
            "rows": printer.rows,
            "uncut_rows": printer.strip.height,
            "bytes": self.received,
            "unknown_commands": list(printer.unknown),
            "width": printer.width,
        }


def _one_of(order: Order, states: Sequence[str]) -> str:
    state = order.get("state")
    if not isinstance(state, str) or state not in states:
        raise ControlError(f"state is one of {', '.join(states)}")
    return state


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT."""
    parser = OneLineParser(prog="drivers.receipt_printer.sim", description="Simulated receipt printer")
    add_line_arguments(parser)
    parser.add_argument("--control", type=Path, required=True, help="Unix socket for orders")
    parser.add_argument("--out", type=Path, required=True, help="folder for the slips")
    parser.add_argument("--width", type=int, choices=(384, 576), default=576, help="dots across the paper")
    parser.add_argument("--buffer", type=int, default=4096, help="bytes the printer holds")
    parser.add_argument("--rows-per-second", type=int, default=1200, help="1200 is 150 mm/s; 0 for no limit")
    arguments = parser.parse_args(argv)
    arguments.out.mkdir(parents=True, exist_ok=True)
    line = line_of(parser, arguments)
    simulator = Simulator(line, arguments.out, arguments.width, arguments.buffer, arguments.rows_per_second)
    simulator.ending = until_told()
    simulator.plug()
    threading.Thread(target=simulator.print_forever, name="engine", daemon=True).start()
    stop_control = serve_control(arguments.control, simulator.order)
    sys.stdout.write(json.dumps({"ready": True, "uri": name_of(line, "tcp")}) + "\n")
    sys.stdout.flush()
    while not simulator.ending.is_set():
        simulator.poll(0.1)
    stop_control()
    simulator.unplug()
    return EXIT_OK


if __name__ == "__main__":
    raise SystemExit(main())
