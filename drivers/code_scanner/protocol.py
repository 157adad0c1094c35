"""What a handheld scanner sends: the text of each code, then CR, LF or both. Pure bytes.

Such a scanner only talks, and says nothing of where a code begins or whether it came whole: a line counts only with its
end, and one that stops in the middle is torn.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from drivers.api.records import CodeKind, PaperCode

LONGEST_TEXT = 4096
"""Characters of a code."""

LONGEST_LINE = 4 * LONGEST_TEXT + 8
"""Bytes of a line: no character takes more than four in any of the encodings."""

GAP = 0.5
"""Seconds of silence that tear a line. At 9600 baud a byte takes 1 ms; a radio base station may pause for 0.2 s."""

_END = re.compile(rb"[\r\n]")
_CONTROLS = bytes((*range(0x20), 0x7F))
"""None of them is part of a character in UTF-8 or GB 18030."""

_AIM = re.compile(rb"\](.)([0-9A-Z])", re.DOTALL)
_AIM_KINDS = {b"Q": CodeKind.QR, b"C": CodeKind.CODE_128}
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories of what nobody sees: controls, marks of direction and join, private use, line ends."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `began` is the monotonic second of its first byte; `data` is None where it was torn or too long."""

    began: float
    data: bytes | None


class LineCollector:
    """Puts lines together from whatever pieces they arrive in. Control characters are left out, and so are lines with
    nothing else in them."""

    def __init__(self, gap: float = GAP, longest: int = LONGEST_LINE) -> None:
        self._gap = gap
        self._longest = longest
        self._data = bytearray()
        self._began: float | None = None
        self._latest = 0.0
        self._spoiled = False

    def feed(self, data: bytes, now: float) -> list[Line]:
        """The lines that end in `data`, which came at `now`, after one that silence has torn."""
        lines = self.quiet(now)
        for number, piece in enumerate(_END.split(data)):
            if number:
                lines += self._end(whole=True)
            self._take(piece.translate(None, _CONTROLS), now)
        return lines

    def quiet(self, now: float) -> list[Line]:
        """A line of which nothing more has come for too long, torn."""
        return self._end(whole=False) if now - self._latest > self._gap else []

    def _take(self, piece: bytes, now: float) -> None:
        if not piece:
            return
        self._began = now if self._began is None else self._began
        self._latest = now
        self._data += piece
        if len(self._data) > self._longest:
            self._spoiled = True
            self._data.clear()

    def _end(self, *, whole: bool) -> list[Line]:
        if self._began is None:
            return []
        line = Line(self._began, bytes(self._data) if whole and not self._spoiled else None)
        self._data.clear()
        self._began, self._spoiled = None, False
        return [line]


def code_of(data: bytes, encoding: str, *, aim: bool) -> PaperCode | None:
    """The code of a line; None where it is no text in `encoding`, nothing is left of it, or it is too long.

    With `aim` the scanner was told to send the symbology first (`]Q1`, `]C0`; ISO/IEC 15424), which is cut off; a line
    without it is taken as it is.
    """
    kind = CodeKind.UNKNOWN
    if aim and (prefix := _AIM.match(data)):
        kind = _AIM_KINDS.get(prefix[1], CodeKind.OTHER)
        data = data[prefix.end() :]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    text = "".join(sign for sign in text if unicodedata.category(sign) not in _UNSEEN).strip()
    return PaperCode(kind, text) if 0 < len(text) <= LONGEST_TEXT else None
