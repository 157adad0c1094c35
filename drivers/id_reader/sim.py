"""The simulated identity card reader: a process that speaks the reader's bytes over a pty or TCP.

    python -m drivers.id_reader.sim (--link PATH | --tcp HOST:PORT) --control SOCKET [--paced]

Prints one JSON line when ready: {"ready": true, "port": ...}. Orders on the control socket (drivers/dock/control.py)
are listed in README.md. `--paced` sends at the speed of the wire, for measuring.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from drivers.dock.control import Answer, ControlError, Order, serve_control
from drivers.dock.lines import SimulatedLine, add_line_arguments, line_of, name_of
from drivers.id_reader.protocol import BAUD_RATES, FrameDecoder, encode_frame
from drivers.id_reader.sim_people import PEOPLE
from drivers.id_reader.sim_sam import SimulatedSam
from drivers.shell import EXIT_OK, OneLineParser, until_told


@dataclass
class Faults:
    """What goes wrong on the wire. Counts are for the coming replies, None means until told otherwise."""

    noise: int = 0
    chunk: int | None = None
    gap: float = 0.0
    merge: int = 0
    corrupt: int = 0
    silent: bool = False
    cut_read_after: int | None = None
    seed: random.Random = field(default_factory=lambda: random.Random(1))


class SimulatedReader:
    """SAM, wire and faults together. `step` is the line thread's; orders come from the control threads."""

    def __init__(self, line: SimulatedLine, paced: bool = False) -> None:
        self.sam = SimulatedSam()
        self.faults = Faults()
        self._line = line
        self._paced = paced
        self._lock = threading.Lock()
        self._decoder = FrameDecoder()
        self._plugged = False
        self.plug()

    def plug(self) -> None:
        """Put the cable in."""
        self._line.plug()
        self._plugged = True

    def unplug(self) -> None:
        """Pull the cable; the module loses its power and its state, the card stays where it lies."""
        self._line.unplug()
        self._plugged = False
        with self._lock:
            self._decoder.reset()
            if self.sam.card is not None:
                self.sam.insert(self.sam.card)

    def step(self, timeout: float) -> None:
        """Receive for up to `timeout` seconds and answer what came."""
        data = self._line.poll(timeout)
        if not data:
            return
        rate = self._line.host_baud()
        with self._lock:
            if rate is not None and rate != self.sam.baud:
                self._line.send(self.faults.seed.randbytes(len(data)))  # what other rates look like
                return
            bodies = self._decoder.feed(data)
        for body in bodies:
            self._reply(body)

    def _reply(self, request: bytes) -> None:
        with self._lock:
            rate = self.sam.baud  # the answer to a change of rate comes at the old one
            frame = bytearray(encode_frame(self.sam.handle(request)))
            faults = self.faults
            if faults.silent:
                return
            cut = faults.cut_read_after if request[:1] == b"\x30" and len(frame) > 1000 else None
            if cut is not None:
                faults.cut_read_after = None
                self.sam.remove()
                del frame[cut:]
            if faults.corrupt:
                faults.corrupt -= 1
                frame[-2] ^= 0x55
            if faults.merge:
                faults.merge -= 1
                frame[:0] = encode_frame(b"\x00\x00\x90")  # a late answer to an earlier request, in the same burst
            if faults.noise:
                faults.noise -= 1
                frame[:0] = faults.seed.randbytes(faults.seed.randrange(1, 64)) + b"\xaa\x00\xaa\xaa\x96"
            chunk, gap = faults.chunk or len(frame), faults.gap
        self._send(bytes(frame), chunk, gap, rate)

    def _send(self, data: bytes, chunk: int, gap: float, rate: int) -> None:
        if self._paced:
            chunk = min(chunk, 64)
        started, sent = time.monotonic(), 0
        for at in range(0, len(data), chunk):
            piece = data[at : at + chunk]
            sent += len(piece)
            if self._paced:
                time.sleep(max(0.0, started + sent * 10 / rate - time.monotonic()))
            self._line.send(piece)
            if gap:
                time.sleep(gap)

    def order(self, order: Order) -> Answer:
        """Carry out one order of the control channel."""
        what = str(order["do"])
        action = self._actions().get(what)
        if action is None:
            raise ControlError(f"there is no order {what}")
        with self._lock:
            action(order)
        if what in {"plug", "reset"}:
            self.plug()
        elif what == "unplug":
            self.unplug()
        return self.status()

    def _reset(self) -> None:
        self.sam, self.faults = SimulatedSam(), Faults()
        self._decoder.reset()

    def _actions(self) -> dict[str, Callable[[Order], None]]:
        sam, faults = self.sam, self.faults

        def insert(order: Order) -> None:
            name = str(order.get("card", "zhang"))
            if name not in PEOPLE:
                raise ControlError(f"there is no card {name}; there are {', '.join(PEOPLE)}")
            sam.insert(PEOPLE[name])

        def chunk(order: Order) -> None:
            faults.chunk = _int(order, "size", 37) or None
            faults.gap = float(str(order.get("gap", 0.003)))

        def setting(name: str, value: object) -> None:
            setattr(faults, name, value)

        return {
            "insert": insert,
            "remove": lambda _: sam.remove(),
            "remove-mid-read": lambda order: setting("cut_read_after", _int(order, "after", 300)),
            "noise": lambda order: setting("noise", _int(order, "count", 1)),
            "chunk": chunk,
            "merge": lambda order: setting("merge", _int(order, "count", 1)),
            "corrupt": lambda order: setting("corrupt", _int(order, "count", 1)),
            "silent": lambda order: setting("silent", bool(order.get("on", True))),
            "unreadable": lambda order: setattr(sam, "unreadable", bool(order.get("on", True))),
            "baud": lambda order: setattr(sam, "baud", _rate(order)),
            "sam-fault": lambda order: setattr(sam, "fault", _int(order, "code", 0x60) or None),
            "reset": lambda _: self._reset(),
            "plug": lambda _: None,
            "unplug": lambda _: None,
            "status": lambda _: None,
            "people": lambda _: None,
        }

    def status(self) -> Answer:
        """What the reader would show if it could."""
        card = next((name for name, card in PEOPLE.items() if card is self.sam.card), None)
        return {
            "plugged": self._plugged,
            "card": card,
            "reads": self.sam.reads,
            "baud": self.sam.baud,
            "sam_fault": self.sam.fault,
            "people": {name: card.label for name, card in PEOPLE.items()},
        }


def _int(order: Order, key: str, default: int) -> int:
    value = order.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ControlError(f"{key} is a number, 0 or more")
    return value


def _rate(order: Order) -> int:
    rate = _int(order, "rate", BAUD_RATES[0])
    if rate not in BAUD_RATES:
        raise ControlError(f"rate is one of {', '.join(map(str, BAUD_RATES))}")
    return rate


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT."""
    parser = OneLineParser(prog="drivers.id_reader.sim", description="Simulated identity card reader")
    add_line_arguments(parser)
    parser.add_argument("--control", type=Path, required=True, help="Unix socket for orders")
    parser.add_argument("--paced", action="store_true", help="send at the speed of the wire")
    arguments = parser.parse_args(argv)
    ending = until_told()
    line = line_of(parser, arguments)
    reader = SimulatedReader(line, arguments.paced)
    stop_control = serve_control(arguments.control, reader.order)
    sys.stdout.write(json.dumps({"ready": True, "port": name_of(line, "socket")}) + "\n")
    sys.stdout.flush()
    while not ending.is_set():
        reader.step(0.1)
    stop_control()
    reader.unplug()
    return EXIT_OK


if __name__ == "__main__":
    raise SystemExit(main())
