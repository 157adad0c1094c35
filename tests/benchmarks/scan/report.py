"""What was measured, as tables for people and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import msgspec

from tests.benchmarks.scan.corners import Row


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown; None is a dash."""
    cells = [[*head], *[["–" if cell is None else str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def corner_table(rows: Sequence[Row]) -> str:
    """One set's methods beside each other; columns of which the set has nothing are left out."""
    columns: dict[str, Sequence[object]] = {
        "method": [row.method for row in rows],
        "IoU ≥ 0.90 %": [row.iou90 for row in rows],
        "IoU ≥ 0.98 %": [row.iou98 for row in rows],
        "corner error % of diagonal": [row.error for row in rows],
        "false pages %": [row.false for row in rows],
        "no whole page claimed %": [row.silent for row in rows],
        "said that it is cut off %": [row.told for row in rows],
        "p50 ms": [row.p50 for row in rows],
        "p95 ms": [row.p95 for row in rows],
        "processor p50 ms": [row.cpu_p50 for row in rows],
    }
    shown = {head: cells for head, cells in columns.items() if any(cell is not None for cell in cells)}
    return table(list(shown), list(zip(*shown.values(), strict=True)))


def record_table(records: Sequence[msgspec.Struct]) -> str:
    """Records as a table: one record downwards, several beside each other; results of single photographs left out."""
    rows = [
        {key: value for key, value in msgspec.structs.asdict(record).items() if not isinstance(value, list)}
        for record in records
    ]
    if len(rows) == 1:
        return table(["", ""], list(rows[0].items()))
    return table(list(rows[0]), [list(row.values()) for row in rows])


def say(text: str) -> None:
    """Write for the person."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
