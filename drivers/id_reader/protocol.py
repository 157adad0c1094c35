"""The SAM_V ("SDT") serial protocol as pure bytes: frames, commands, replies. No I/O, no time.

Frame, both directions: `AA AA AA 96 69 | LEN (2, big-endian) | body | XOR`. LEN counts body and XOR; the XOR over LEN,
body and itself is zero. Host to reader the body is CMD PARA [data], back it is SW1 SW2 SW3 [data]. The status is SW3
alone: SW1 SW2 are the card's own status words.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from operator import xor

PREAMBLE = bytes.fromhex("AAAAAA9669")
HEAD_SIZE = len(PREAMBLE) + 2
MIN_LENGTH = 3  # CMD PARA XOR
MAX_LENGTH = 0x090A  # text, photo and two fingerprints: the longest frame is 2321 bytes
BAUD_RATES = (115200, 57600, 38400, 19200, 9600)
"""The rates a reader may be set to, most likely first; the index is the parameter of command 60."""

TEXT_SIZE = 256
PHOTO_SIZE = 1024
ADDRESS_SIZE = 70


class Status(IntEnum):
    """SW3, the reader's answer code."""

    OK = 0x90
    CARD_FOUND = 0x9F
    ITEM_EMPTY = 0x91
    CHECKSUM_ERROR = 0x10
    LENGTH_ERROR = 0x11
    COMMAND_ERROR = 0x21
    NO_PRIVILEGE = 0x23
    UNRECOGNISED = 0x24
    CARD_REJECTED_SAM = 0x31
    SAM_REJECTED_CARD = 0x32
    VERIFICATION_FAILED = 0x33
    UNKNOWN_CARD_TYPE = 0x40
    CARD_READ_FAILED = 0x41
    RANDOM_NUMBER_FAILED = 0x47
    SELF_TEST_FAILED = 0x60
    NOT_AUTHORISED = 0x66
    FIND_FAILED = 0x80
    SELECT_FAILED = 0x81
    COMMUNICATION_FAULT = 0xFF


SAM_FAULTS = frozenset({Status.SELF_TEST_FAILED, Status.NOT_AUTHORISED})
"""The security module itself refuses to work."""

REFUSALS = frozenset(Status) - {Status.OK, Status.CARD_FOUND, Status.ITEM_EMPTY, Status.FIND_FAILED}
"""Codes that any command may be answered with."""


class ReplyError(Exception):
    """The body of a frame is not what the command's reply looks like."""


def encode_frame(body: bytes) -> bytes:
    """`body` in a frame. Raises ValueError when it is empty or too long."""
    length = len(body) + 1
    if not MIN_LENGTH <= length <= MAX_LENGTH:
        raise ValueError(f"a body of {len(body)} bytes does not fit a frame")
    counted = struct.pack(">H", length) + body
    return PREAMBLE + counted + bytes([reduce(xor, counted)])


class FrameDecoder:
    """Finds frames in a stream that may be cut, merged, or mixed with noise. Never raises."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def wanted(self) -> int:
        """How many more bytes are needed at least before a frame can be complete (1 or more)."""
        if len(self._buffer) < HEAD_SIZE:
            return HEAD_SIZE - len(self._buffer)
        return max(1, HEAD_SIZE + self._length() - len(self._buffer))

    def feed(self, data: bytes) -> list[bytes]:
        """Take `data` from the line; returns the bodies of the frames that are now complete."""
        self._buffer += data
        bodies: list[bytes] = []
        while self._align():
            end = HEAD_SIZE + self._length()
            if not MIN_LENGTH <= self._length() <= MAX_LENGTH:
                del self._buffer[0]
            elif len(self._buffer) < end:
                break
            elif reduce(xor, self._buffer[len(PREAMBLE) : end]) != 0:
                del self._buffer[0]
            else:
                bodies.append(bytes(self._buffer[HEAD_SIZE : end - 1]))
                del self._buffer[:end]
        return bodies

    def abandon(self) -> list[bytes]:
        """The line went quiet: the frame begun will never end. Look for whole frames behind its first byte."""
        bodies: list[bytes] = []
        while self._buffer:
            del self._buffer[0]
            bodies += self.feed(b"")
        return bodies

    def reset(self) -> None:
        """Forget everything received."""
        self._buffer.clear()

    def _length(self) -> int:
        return int.from_bytes(self._buffer[len(PREAMBLE) : HEAD_SIZE], "big")

    def _align(self) -> bool:
        """Drop what cannot begin a frame; True when a whole head lies at the front."""
        start = self._buffer.find(PREAMBLE)
        if start < 0:
            kept = min(len(self._buffer), len(PREAMBLE) - 1)
            while kept and not PREAMBLE.startswith(self._buffer[len(self._buffer) - kept :]):
                kept -= 1
            start = len(self._buffer) - kept
        del self._buffer[:start]
        return len(self._buffer) >= HEAD_SIZE


@dataclass(frozen=True)
class Reply:
    """A reader's answer. `status` is SW3; a code of no meaning to us is kept as a plain int."""

    status: int
    data: bytes

    @classmethod
    def parse(cls, body: bytes) -> Reply:
        """Raises ReplyError for a body without its three status bytes."""
        if len(body) < 3:
            raise ReplyError(f"a reply of {len(body)} bytes has no status")
        return cls(body[2], body[3:])


@dataclass(frozen=True)
class Command:
    """One request and what may answer it. `patience` is how long, in seconds, the reader may think before it begins
    to answer; `fits` tells a reply to this command from a late one to an earlier command."""

    name: str
    body: bytes
    patience: float
    fits: Callable[[Reply], bool]

    @property
    def frame(self) -> bytes:
        """The bytes on the line."""
        return encode_frame(self.body)


def _fits(*sizes: int, success: frozenset[int] = frozenset({Status.OK})) -> Callable[[Reply], bool]:
    def fits(reply: Reply) -> bool:
        return (reply.status in success and len(reply.data) in sizes) or (reply.status in REFUSALS and not reply.data)

    return fits


def _fits_base(reply: Reply) -> bool:
    if reply.status == Status.OK:
        return reply.data[:4] == struct.pack(">HH", TEXT_SIZE, PHOTO_SIZE)
    return reply.status in REFUSALS and not reply.data


_FIND = frozenset({Status.CARD_FOUND, Status.FIND_FAILED})
_MAYBE_EMPTY = frozenset({Status.OK, Status.ITEM_EMPTY})

RESET = Command("reset", b"\x10\xff", 2.0, _fits(0))
SAM_STATUS = Command("status", b"\x11\xff", 0.6, _fits(0))
READ_SAM_ID = Command("sam id", b"\x12\xff", 0.5, _fits(16))
FIND_CARD = Command("find", b"\x20\x01", 0.5, _fits(0, 4, success=_FIND))
SELECT_CARD = Command("select", b"\x20\x02", 0.5, _fits(8))
READ_BASE = Command("read", b"\x30\x01", 2.0, _fits_base)
READ_BASE_FINGERPRINT = Command("read with fingerprint", b"\x30\x10", 3.0, _fits_base)
READ_NEWEST_ADDRESS = Command(
    "read newest address",
    b"\x30\x03",
    1.5,
    _fits(0, *(n * ADDRESS_SIZE for n in range(1, 5)), success=_MAYBE_EMPTY),
)
READ_MANAGEMENT_NUMBER = Command("read management number", b"\x30\x05", 1.5, _fits(0, 28, success=_MAYBE_EMPTY))


def set_baud(baud: int) -> Command:
    """Change the reader's rate; the answer still comes at the old one. Raises ValueError for a rate it has not."""
    return Command("set baud", bytes([0x60, BAUD_RATES.index(baud)]), 0.5, _fits(0))


def set_max_rf_bytes(count: int) -> Command:
    """Limit the bytes per radio frame, 24 to 255. Raises ValueError outside."""
    if not 24 <= count <= 255:
        raise ValueError(f"{count} is not a count of 24 to 255 bytes")
    return Command("set radio bytes", bytes([0x61, 0xFF, count]), 0.5, _fits(0))


@dataclass(frozen=True)
class BaseBlocks:
    """What READ_BASE delivers: the text block (256 bytes) and the photo blob (1024 bytes)."""

    text: bytes
    photo: bytes


def parse_base(data: bytes) -> BaseBlocks:
    """The blocks of a READ_BASE reply. Raises ReplyError unless exactly both blocks are there."""
    text_size, photo_size = struct.unpack(">HH", data[:4].ljust(4, b"\0"))
    if (text_size, photo_size) != (TEXT_SIZE, PHOTO_SIZE) or len(data) != 4 + TEXT_SIZE + PHOTO_SIZE:
        raise ReplyError(f"blocks of {text_size} and {photo_size} bytes in {len(data)}")
    return BaseBlocks(data[4 : 4 + TEXT_SIZE], data[4 + TEXT_SIZE :])


def parse_addresses(data: bytes) -> tuple[str, ...]:
    """Addresses appended to the card, oldest first (READ_NEWEST_ADDRESS). Raises ReplyError for broken UTF-16."""
    try:
        texts = [data[at : at + ADDRESS_SIZE].decode("utf-16-le") for at in range(0, len(data), ADDRESS_SIZE)]
    except UnicodeDecodeError as error:
        raise ReplyError("the appended address is not UTF-16") from error
    return tuple(stripped for text in texts if (stripped := text.strip(" \0")))


def sam_id_text(data: bytes) -> str:
    """The security module's number as printed on readers, for example 05.03-20160101-0001234567-0007654321.

    `data` is the 16 bytes of READ_SAM_ID; raises ReplyError for any other size.
    """
    if len(data) != 16:
        raise ReplyError(f"a SAM id of {len(data)} bytes")
    return "{:02d}.{:02d}-{:08d}-{:010d}-{:010d}".format(*struct.unpack("<HHIII", data))
