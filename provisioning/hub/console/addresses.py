"""A public address or a short code as a QR code in a page: an SVG path, since these pages load no picture made on the
fly."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.qr import qr_modules


@dataclass(frozen=True, slots=True)
class Symbol:
    """`text`, and its QR code as the path of an SVG that is `side` units wide, quiet zone included."""

    text: str
    side: int
    path: str


def symbol_of(text: str) -> Symbol:
    """What a phone or a terminal reads `text` from."""
    rows = qr_modules(text)
    return Symbol(text, len(rows), "".join(_runs(y, row) for y, row in enumerate(rows)))


def _runs(y: int, row: list[bool]) -> str:
    """The dark stretches of one row, each one rectangle, so that no renderer leaves gaps between modules."""
    path, start = "", None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            path += f"M{start} {y}h{x - start}v1h-{x - start}z"
            start = None
    return path
