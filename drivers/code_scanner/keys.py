"""Key strokes of a scanner that poses as a keyboard, as the kernel tells them (linux/input.h), turned into its bytes.

Scanners type as on a keyboard of the United States, which is what they are set to as they come. There is no key for a
Chinese character: a code that holds one cannot be read this way.
"""

from __future__ import annotations

import struct

EVENT = struct.Struct("@llHHi")
"""struct input_event: seconds, microseconds, type, code, value."""

EV_SYN, EV_KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
RELEASED, PRESSED = 0, 1

UNREADABLE = b"\xff"
"""Stands for key strokes that were lost or make no character; it is no ASCII, so the line it stands in is refused."""

LEFT_SHIFT, CAPS_LOCK, ENTER = 42, 58, 28
_SHIFTS = frozenset({LEFT_SHIFT, 54})
_CONTROLS = frozenset({29, 97})
_COMPOSING = frozenset({56, 100, 125, 126})
"""Alt and Meta. A scanner types what has no key as a number with Alt held down, which only Windows understands."""

_ENDS = frozenset({ENTER, 96, 15})
"""Enter, Enter of the number pad, Tab: what a scanner can be told to press after a code."""

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    (55, "*", "*"),
    (71, "789-456+1230.", "789-456+1230."),
    (98, "/", "/"),
)
"""First key code of a run of keys, what they write, and what with Shift (linux/input-event-codes.h)."""

PLAIN = {first + place: sign for first, signs, _ in _ROWS for place, sign in enumerate(signs)}
SHIFTED = {first + place: sign for first, _, signs in _ROWS for place, sign in enumerate(signs)}


class KeyTranslator:
    """Follows the keys of one device. `feed` takes records in whatever pieces they arrive."""

    def __init__(self) -> None:
        self._rest = b""
        self._held: set[int] = set()
        self._capitals = False
        self._lost = False

    def feed(self, data: bytes) -> bytes:
        """What was typed, in ASCII; the end of a code as CR."""
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        return b"".join(self._event(kind, code, value) for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]))

    def _event(self, kind: int, code: int, value: int) -> bytes:
        if kind == EV_SYN:
            # The kernel's buffer ran over: what follows, up to the next report, is a torn rest (evdev's own rule).
            self._lost = code == SYN_DROPPED
            if not self._lost:
                return b""
            self._held.clear()
            return UNREADABLE
        return self._key(code, value) if kind == EV_KEY and not self._lost else b""

    def _key(self, code: int, value: int) -> bytes:
        if value == RELEASED:
            self._held.discard(code)
            return b""
        if value != PRESSED:
            return b""  # a key held down repeats; a scanner holds none
        if code in _SHIFTS | _CONTROLS | _COMPOSING:
            self._held.add(code)
            return b""
        if code == CAPS_LOCK:
            self._capitals = not self._capitals
            return b""
        if code in _ENDS:
            return b"\r"
        if code not in PLAIN or self._held & _CONTROLS:
            return b""
        if self._held & _COMPOSING:
            return UNREADABLE
        shifted = bool(self._held & _SHIFTS)
        if self._capitals and PLAIN[code].isalpha():
            shifted = not shifted
        return (SHIFTED if shifted else PLAIN)[code].encode("ascii")
