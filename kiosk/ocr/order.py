"""Reading order: rows from top to bottom, except where text runs in columns.

Tables and forms are read row by row, a label before its value. Columns of running text are told from a table's by
what fills them: their lines reach from edge to edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from statistics import median

from kiosk.ocr.geometry import Piece, is_vertical, pieces, rows
from kiosk.ocr.model import TextLine

_LEAST_ROWS = 4
_FILLED = 0.7  # of its column's width: the middle line of running text


def in_reading_order(lines: Iterable[TextLine]) -> tuple[TextLine, ...]:
    """The lines as a person reads them. Vertical text (竖排) comes after the level text, its columns from the right."""
    found = pieces(lines)
    level = [piece for piece in found if not is_vertical(piece.line)]
    upright = sorted((piece for piece in found if is_vertical(piece.line)), key=lambda one: -one.box.right)
    return tuple(piece.line for piece in [*_by_columns(level), *upright])


def _by_columns(level: Sequence[Piece]) -> list[Piece]:
    in_rows = rows(level)
    ordered: list[Piece] = []
    start = 0
    while start < len(in_rows):
        end, gutter = _columns_from(in_rows, start)
        if gutter is None:
            ordered += in_rows[start]
            start += 1
            continue
        block = [piece for row in in_rows[start:end] for piece in row]
        for side in (True, False):
            ordered += _by_columns([piece for piece in block if (piece.box.right <= gutter) is side])
        start = end
    return ordered


def _columns_from(in_rows: Sequence[Sequence[Piece]], start: int) -> tuple[int, float | None]:
    """Where the columns that begin at a row end, and the gutter between the first and the rest; None for none."""
    if len(in_rows[start]) < 2:
        return start, None
    left, right = in_rows[start][0].box.right, in_rows[start][1].box.left
    end = start
    for row in in_rows[start:]:
        low = max([left, *(piece.box.right for piece in row if piece.box.left < (left + right) / 2)])
        high = min([right, *(piece.box.left for piece in row if piece.box.left >= (left + right) / 2)])
        if low >= high:
            break
        left, right, end = low, high, end + 1
    gutter = (left + right) / 2
    block = [piece for row in in_rows[start:end] for piece in row]
    sides = [
        list(side)
        for _, side in groupby(sorted(block, key=lambda p: p.box.right > gutter), lambda p: p.box.right > gutter)
    ]
    if len(sides) < 2 or not all(_runs(side) for side in sides):
        return start, None
    return end, gutter


def _runs(side: Sequence[Piece]) -> bool:
    """Whether pieces are running text: enough lines, and most of them as wide as their column."""
    if len(side) < _LEAST_ROWS:
        return False
    width = max(piece.box.right for piece in side) - min(piece.box.left for piece in side)
    return median(piece.box.width for piece in side) >= _FILLED * width and median(len(p.line.text) for p in side) >= 8
