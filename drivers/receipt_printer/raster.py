"""A bitmap as few ESC/POS bytes as plain printers understand, dot for dot the same picture.

GS v 0 knows no compression, and at 115200 baud every 11,520 bytes cost a second. So blank rows become paper feeds,
every band ends at its last black dot, a centred band is sent without its left margin (ESC a), and a band of doubled
dots (codes, thick rules) is sent at half size with the printer's own doubling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drivers.receipt_printer.protocol import JUSTIFY_CENTRE, JUSTIFY_LEFT, feed

Dots = NDArray[np.bool_]
"""Rows by columns, True is black."""

_HEADER = 8
_JUSTIFY = len(JUSTIFY_CENTRE) + len(JUSTIFY_LEFT)

SPLIT_COST = 16
"""Bytes that a further band must save: its header, and as much again because heads pause between commands."""

MAX_ROWS = 48
"""Rows in one command, 3.4 kB at most: status is asked between commands, and the smallest buffers (4 kB) must hold
one."""

MAX_DOUBLED_ROWS = 400
"""The same for a band at half size, as wide as a code."""

REAL_TIME = re.compile(rb"\x10(?=(\x04[\x01-\x08]|\x05[\x00-\x02]|\x14[\x01-\x08]))", re.DOTALL)
"""The first byte of DLE EOT, DLE ENQ and DLE DC4 with an operand they have."""


def dots_of(image: Image.Image, width: int) -> Dots:
    """`image` as dots on paper `width` dots wide, at the left. Raises ValueError if it is wider."""
    if image.width > width:
        raise ValueError(f"the picture is {image.width} dots wide, the printer {width}")
    paper = np.zeros((image.height, width), dtype=np.bool_)
    paper[:, : image.width] = ~np.asarray(image.convert("1"), dtype=np.bool_)
    return paper


def plain_size(dots: Dots) -> int:
    """Bytes of the picture as one uncompressed GS v 0."""
    return int(_HEADER + dots.shape[0] * ((dots.shape[1] + 7) // 8))


def encode(dots: Dots) -> list[bytes]:
    """The commands that print `dots`, in order. Status may be asked between two commands, not inside one.
    Needs feeds counted in dots (FEED_IN_DOTS) and left justification to start with."""
    commands: list[bytes] = []
    blank = 0
    inked: NDArray[np.bool_] = np.asarray(dots.any(axis=1))
    for start, end, ink in _runs(inked):
        if not ink:
            blank += end - start
            continue
        if blank:
            commands.append(feed(blank))
            blank = 0
        commands += [_command(dots[top:bottom]) for top, bottom in _bands(dots[start:end], start)]
    if blank:
        commands.append(feed(blank))
    return commands


def _runs(inked: NDArray[np.bool_]) -> Iterator[tuple[int, int, bool]]:
    """(first row, row after the last, black?) of each run of rows."""
    edges = [0, *(np.flatnonzero(np.diff(inked.astype(np.int8))) + 1).tolist(), len(inked)]
    for start, end in pairwise(edges):
        if end > start:
            yield start, end, bool(inked[start])


@dataclass(frozen=True, slots=True)
class _Band:
    """A way to send a band: GS v 0's mode, the bytes to send per row, and whether the band is centred."""

    mode: int
    rows: NDArray[np.uint8]
    centred: bool

    @property
    def size(self) -> int:
        return int(_HEADER + self.rows.size + (_JUSTIFY if self.centred else 0))


def _command(dots: Dots) -> bytes:
    band = _best(dots)
    height, width = band.rows.shape
    data = _without_real_time(band.rows.tobytes())
    header = bytes([0x1D, 0x76, 0x30, band.mode, width % 256, width // 256, height % 256, height // 256])
    return JUSTIFY_CENTRE + header + data + JUSTIFY_LEFT if band.centred else header + data


def _best(dots: Dots) -> _Band:
    """The shortest of the ways to send a band of rows."""
    columns = np.flatnonzero(dots.any(axis=0))
    width = dots.shape[1]
    end = (int(columns[-1]) // 8 + 1) * 8
    margin = min(int(columns[0]), width - 1 - int(columns[-1])) // 8 * 8
    ways = [_way(dots[:, :end], centred=False)]
    if margin and width % 16 == 0:
        ways.append(_way(dots[:, margin : width - margin], centred=True))
    return min(ways, key=lambda way: way.size)


def _way(dots: Dots, *, centred: bool) -> _Band:
    """Doubled rows and columns are sent once."""
    mode = 0
    if dots.shape[0] % 2 == 0 and bool((dots[0::2] == dots[1::2]).all()):
        mode, dots = mode | 2, dots[0::2]
    if dots.shape[1] % 16 == 0 and bool((dots[:, 0::2] == dots[:, 1::2]).all()):
        mode, dots = mode | 1, dots[:, 0::2]
    return _Band(mode, np.packbits(dots, axis=1), centred)


def _bands(run: Dots, offset: int) -> list[tuple[int, int]]:
    """Cut a run of inked rows where narrower bands save more than SPLIT_COST (shortest path over the rows)."""
    if len(run) <= MAX_DOUBLED_ROWS and _best(run).mode == 3:
        return [(offset, offset + len(run))]
    widths = _row_bytes(run)
    best: list[tuple[int, int]] = [(0, 0)]  # (cost of the rows so far, where the last band began)
    for end in range(1, len(run) + 1):
        widest = 0
        choice = (1 << 60, 0)
        for start in range(end - 1, max(-1, end - 1 - MAX_ROWS), -1):
            widest = max(widest, widths[start])
            cost = best[start][0] + SPLIT_COST + widest * (end - start)
            choice = min(choice, (cost, start))
        best.append(choice)
    bands: list[tuple[int, int]] = []
    end = len(run)
    while end:
        start = best[end][1]
        bands.append((offset + start, offset + end))
        end = start
    return bands[::-1]


def _row_bytes(run: Dots) -> list[int]:
    """Bytes from the left edge to each row's last black dot."""
    last = run.shape[1] - 1 - run[:, ::-1].argmax(axis=1)
    return [int(n) for n in last // 8 + 1]


def _without_real_time(data: bytes) -> bytes:
    """Printers obey real-time commands even inside a picture: an answer that nobody asked for and that could be taken
    for another, a cleared buffer, an open cash drawer. Where dots would spell one, one more dot is set; that is the
    only difference between a picture and its print, and it is rare (no dot at all in most slips)."""
    return REAL_TIME.sub(b"\x18", data)
