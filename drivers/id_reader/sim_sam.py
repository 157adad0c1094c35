"""The simulated security module: requests in, replies out, with a card that comes and goes. No I/O.

Behaves as readers in the field do: after a good read the same card is not found again until it is lifted, yet answers
reads; a read without select fails; a wrong request is refused with its own code.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from drivers.id_reader.protocol import ADDRESS_SIZE, BAUD_RATES, PHOTO_SIZE, TEXT_SIZE, Status
from drivers.id_reader.sim_people import SimulatedCard

SAM_ID = struct.pack("<HHIII", 0, 0, 20260101, 1234567, 7654321)
"""Begins 00.00-, the range that marks simulators (docs/decisions/0003-simulated-devices.md)."""


def _answer(status: int, data: bytes = b"") -> bytes:
    return bytes([0, 0, status]) + data


@dataclass
class SimulatedSam:
    """State of module and card. `fault` is the SW3 that a broken module answers to everything; `baud` its rate;
    `unreadable` makes every read of the card fail."""

    sam_id: bytes = SAM_ID
    card: SimulatedCard | None = None
    fault: int | None = None
    baud: int = BAUD_RATES[0]
    unreadable: bool = False
    _found: bool = False
    _selected: bool = False
    _read: bool = False
    reads: int = 0

    def insert(self, card: SimulatedCard) -> None:
        """Lay `card` on the reader."""
        self.card, self.unreadable = card, False
        self._found = self._selected = self._read = False

    def remove(self) -> None:
        """Take the card away."""
        self.card = None
        self._found = self._selected = self._read = False

    def handle(self, body: bytes) -> bytes:
        """The reply's body to a request's body."""
        if self.fault is not None:
            return _answer(self.fault)
        command = body[:2]
        handlers: dict[bytes, Callable[[], bytes]] = {
            b"\x10\xff": lambda: _answer(Status.OK),
            b"\x11\xff": lambda: _answer(Status.OK),
            b"\x12\xff": lambda: _answer(Status.OK, self.sam_id),
            b"\x20\x01": self._find,
            b"\x20\x02": self._select,
            b"\x30\x01": lambda: self._base(b""),
            b"\x30\x10": lambda: self._base(struct.pack(">H", 0)),
            b"\x30\x03": self._newest_address,
            b"\x30\x05": self._management_number,
        }
        if command[:1] == b"\x60":
            return self._set_baud(command[1])
        if command == b"\x61\xff":
            return _answer(Status.OK if len(body) == 3 and body[2] >= 24 else Status.COMMAND_ERROR)
        if command not in handlers:
            return _answer(Status.COMMAND_ERROR)
        if len(body) != 2:
            return _answer(Status.LENGTH_ERROR)
        return handlers[command]()

    def _find(self) -> bytes:
        self._found = self.card is not None and not self._read
        return _answer(Status.CARD_FOUND, bytes(4)) if self._found else _answer(Status.FIND_FAILED)

    def _select(self) -> bytes:
        self._selected = self._found
        return _answer(Status.OK, bytes(8)) if self._selected else _answer(Status.SELECT_FAILED)

    def _base(self, fingerprint_size: bytes) -> bytes:
        if self.card is None or not self._selected or self.unreadable:
            return bytes([0x69, 0x82, Status.CARD_READ_FAILED])  # with the card's own status words, as readers send
        self._read = True
        self.reads += 1
        sizes = struct.pack(">HH", TEXT_SIZE, PHOTO_SIZE) + fingerprint_size
        return _answer(Status.OK, sizes + self.card.text + self.card.photo)

    def _newest_address(self) -> bytes:
        if self.card is None or not self._selected:
            return _answer(Status.CARD_READ_FAILED)
        if not self.card.appended_address:
            return _answer(Status.ITEM_EMPTY)
        padded = self.card.appended_address.ljust(ADDRESS_SIZE // 2)
        return _answer(Status.OK, padded.encode("utf-16-le"))

    def _management_number(self) -> bytes:
        if self.card is None or not self._selected:
            return _answer(Status.CARD_READ_FAILED)
        return _answer(Status.OK, b"\x53\x49\x4d".ljust(28, b"\0"))

    def _set_baud(self, index: int) -> bytes:
        if index >= len(BAUD_RATES):
            return _answer(Status.COMMAND_ERROR)
        self.baud = BAUD_RATES[index]
        return _answer(Status.OK)
