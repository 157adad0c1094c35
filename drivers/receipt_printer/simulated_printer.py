"""The inside of a receipt printer: bytes in, dots on paper and answers out. Used by the simulator only.

It works as the real thing does: real-time questions are seen at reception, also inside a picture; everything else
waits in a small buffer and is executed in order; without paper or with the cover open execution stops where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from PIL import Image, ImageDraw, ImageFont

BLACK, WHITE = 0, 1
CELL = (12, 24)
"""Dots of a character in font A."""

DEFAULT_UNITS_PER_INCH = 406
"""Vertical motion units before GS P, as on the 80 mm printers of one large maker."""

DOTS_PER_INCH = 203


@dataclass
class Sensors:
    """What the printer senses. `mute` stops its answers, not its work."""

    paper: str = "ok"  # ok, near, out
    cover: str = "closed"
    mute: bool = False

    @property
    def stopped(self) -> bool:
        return self.paper == "out" or self.cover == "open"

    def answer(self, question: int) -> int:
        """The byte that answers DLE EOT `question`."""
        near_or_out = {"ok": 0, "near": 0x0C, "out": 0x6C}[self.paper]
        return 0x12 | {
            1: 0x08 if self.stopped else 0,
            2: (0x04 if self.cover == "open" else 0) | (0x20 if self.paper == "out" else 0),
            3: 0,
            4: near_or_out,
        }.get(question, 0)


class Strip:
    """The paper that came out since the last cut, a list of rows of mode "1" images stacked on demand."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._rows = bytearray()

    @property
    def height(self) -> int:
        return len(self._rows) // (self.width // 8)

    def add(self, row: bytes) -> None:
        """One row of dots, most significant bit at the left, 1 is black."""
        self._rows += row

    def image(self) -> Image.Image:
        """The strip as it lies there."""
        inverted = bytes(byte ^ 0xFF for byte in self._rows)
        return Image.frombytes("1", (self.width, self.height), inverted)


class _CutShortError(Exception):
    """The stream ended inside a command."""


class SimulatedPrinter:
    """`step` is called before each row is printed and waits there while the printer is stopped or slow; `answer`
    sends a byte back; `cut` takes the strip at every cut."""

    def __init__(
        self, width: int, step: Callable[[], None], answer: Callable[[int], None], cut: Callable[[Image.Image], None]
    ) -> None:
        self.sensors = Sensors()
        self.width = width
        self.strip = Strip(width)
        self.unknown: list[str] = []
        self.rows = 0
        self._step = step
        self._answer = answer
        self._cut = cut
        self._tail = b""
        self._reset()

    def _reset(self) -> None:
        self._centre = 0
        self._units = DEFAULT_UNITS_PER_INCH
        self._text = ""
        self._scale = (1, 1)

    # -- at reception

    def received(self, data: bytes) -> None:
        """Answer the real-time questions in `data`, wherever they stand."""
        seen = self._tail + data
        position = 0
        while (position := seen.find(b"\x10\x04", position)) >= 0 and position + 2 < len(seen):
            question = seen[position + 2]
            if 1 <= question <= 4:
                self.tell(self.sensors.answer(question))
                position += 2
            position += 1
        self._tail = next((end for end in (b"\x10\x04", b"\x10") if seen.endswith(end)), b"")

    def tell(self, byte: int) -> None:
        """Send a byte unless mute."""
        if not self.sensors.mute:
            self._answer(byte)

    # -- in order

    def execute(self, stream: Iterator[int]) -> None:
        """Execute commands until `stream` ends; a command cut short by the end is dropped."""
        try:
            for byte in stream:
                match byte:
                    case 0x10:
                        self._real_time(stream)
                    case 0x1B:
                        self._escape(stream)
                    case 0x1D:
                        self._group(stream)
                    case 0x0A:
                        self._line_feed()
                    case 0x00 | 0x0D:
                        pass
                    case printable if 0x20 <= printable < 0x7F:
                        self._text += chr(printable)
                    case other:
                        self.unknown.append(f"{other:02x}")
        except _CutShortError:
            return

    def _real_time(self, stream: Iterator[int]) -> None:
        _take(stream, 2)  # it was answered at reception

    def _escape(self, stream: Iterator[int]) -> None:
        command = _take(stream, 1)[0]
        match chr(command):
            case "@":
                self._reset()
            case "a":
                self._centre = _take(stream, 1)[0]
            case "J":
                self._print_text()
                self._feed(round(_take(stream, 1)[0] * DOTS_PER_INCH / self._units))
            case "d":
                self._print_text()
                self._feed(_take(stream, 1)[0] * 30)
            case _:
                self.unknown.append(f"1b {command:02x}")

    def _group(self, stream: Iterator[int]) -> None:
        command = _take(stream, 1)[0]
        match chr(command):
            case "v":
                self._raster(stream)
            case "V":
                mode = _take(stream, 1)[0]
                if mode >= 65:
                    self._feed(round(_take(stream, 1)[0] * DOTS_PER_INCH / self._units))
                self._cut_off()
            case "r":
                _take(stream, 1)
                self.tell({"ok": 0x00, "near": 0x03, "out": 0x0C}[self.sensors.paper])
            case "a":
                _take(stream, 1)
            case "P":
                _, vertical = _take(stream, 2)
                self._units = vertical or DEFAULT_UNITS_PER_INCH
            case "!":
                size = _take(stream, 1)[0]
                self._scale = (size // 16 + 1, size % 16 + 1)
            case _:
                self.unknown.append(f"1d {command:02x}")

    def _raster(self, stream: Iterator[int]) -> None:
        _, mode, low_x, high_x, low_y, high_y = _take(stream, 6)
        row_bytes, rows = low_x + 256 * high_x, low_y + 256 * high_y
        for _ in range(rows):
            row = _take(stream, row_bytes)
            if mode & 1:
                row = _doubled(row)
            for _ in range(2 if mode & 2 else 1):
                self._row(row)

    def _row(self, row: bytes) -> None:
        """One row, justified; what is too wide is lost."""
        whole = self.width // 8
        free = max(0, self.width - len(row) * 8)
        shift = {0: 0, 1: free // 2, 2: free}.get(self._centre, 0)
        number = int.from_bytes(row[:whole].ljust(whole, b"\0"), "big") >> shift
        self._step()
        self.strip.add(number.to_bytes(whole, "big"))
        self.rows += 1

    def _feed(self, dots: int) -> None:
        for _ in range(dots):
            self._row(b"")

    def _line_feed(self) -> None:
        if self._text:
            self._print_text()
            self._feed(6)
        else:
            self._feed(30)

    def _print_text(self) -> None:
        """The line of characters in the buffer, in font A; a line too long is broken as printers do."""
        per_line = max(1, self.width // (CELL[0] * self._scale[0]))
        while self._text:
            line, self._text = self._text[:per_line], self._text[per_line:]
            picture = Image.new("1", (len(line) * CELL[0], CELL[1]), WHITE)
            pen = ImageDraw.Draw(picture)
            for index, character in enumerate(line):
                pen.text((index * CELL[0] + CELL[0] // 2, 18), character, font=_FONT, fill=BLACK, anchor="ms")
            scaled = picture.resize((picture.width * self._scale[0], picture.height * self._scale[1]))
            padded = Image.new("1", (-(-scaled.width // 8) * 8, scaled.height), WHITE)
            padded.paste(scaled)
            data = bytes(byte ^ 0xFF for byte in padded.tobytes())
            step = padded.width // 8
            for start in range(0, len(data), step):
                self._row(data[start : start + step])

    def _cut_off(self) -> None:
        self._step()
        if self.strip.height:
            self._cut(self.strip.image())
        self.strip = Strip(self.width)


_FONT = ImageFont.load_default(18)


def _take(stream: Iterator[int], count: int) -> bytes:
    data = bytes(islice(stream, count))
    if len(data) < count:
        raise _CutShortError
    return data


def _doubled(row: bytes) -> bytes:
    bits = "".join(bit * 2 for byte in row for bit in f"{byte:08b}")
    return int(bits, 2).to_bytes(len(row) * 2, "big") if bits else b""
