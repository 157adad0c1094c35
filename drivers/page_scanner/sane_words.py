"""SANE in words: what its error texts mean, and which of a backend's option values is meant.

python-sane gives texts only (sane_strstatus, SANE standard 1.06 section 4.4), and every backend has its own names for
feeder, both sides and colour. What is in no table here stays unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from drivers.api.records import ScanEnd, ScanSource
from drivers.api.status import ScannerFault

_ENDS = {
    "document feeder out of documents": ScanEnd.EMPTY,
    "document feeder jammed": ScanEnd.JAMMED,
    "scanner cover is open": ScanEnd.COVER_OPEN,
    "scanner mechanism locked for transport": ScanEnd.LOCKED,
    "device busy": ScanEnd.BUSY,
    "operation was cancelled": ScanEnd.CANCELLED,
    "operation was canceled": ScanEnd.CANCELLED,  # airscan's spelling
    "operation not supported": ScanEnd.CANNOT,
    "invalid argument": ScanEnd.CANNOT,
}

WARMING_UP = "lamp not ready, please retry"

FAULTS = {
    ScanEnd.JAMMED: ScannerFault.JAMMED,
    ScanEnd.DOUBLE_FEED: ScannerFault.DOUBLE_FEED,
    ScanEnd.COVER_OPEN: ScannerFault.COVER_OPEN,
    ScanEnd.LOCKED: ScannerFault.LOCKED,
}
"""The ends of a scan that are faults of the scanner, until it tells something better."""

_ENDS_OF_FAULTS = {fault: end for end, fault in FAULTS.items()}


def end_of(text: str) -> ScanEnd:
    """What an error text of SANE means; FAILED for one that says nothing."""
    return _ENDS.get(" ".join(text.lower().split()), ScanEnd.FAILED)


def end_by_fault(end: ScanEnd, fault: ScannerFault | None) -> ScanEnd:
    """`end`, told more exactly by a fault that the scanner itself reports after it: backends turn what they have no
    word for, such as a double feed, into "Error during device I/O" or "not supported"."""
    if end in (ScanEnd.FAILED, ScanEnd.CANNOT, ScanEnd.JAMMED) and fault is not None:
        return _ENDS_OF_FAULTS.get(fault, end)
    return end


def _is_feeder(name: str) -> bool:
    words = name.lower()
    return "adf" in words or "feeder" in words


def _is_duplex(name: str) -> bool:
    words = name.lower()
    return "duplex" in words or "both" in words


def source_value(names: Sequence[str], source: ScanSource, *, duplex: bool) -> str | None:
    """Which of the `source` option's values is meant; None where there is none.

    A feeder without a value of its own for both sides is told so by another option (`duplex_value`).
    """
    match source:
        case ScanSource.FLATBED:
            beds = [name for name in names if not _is_feeder(name)]
            named = [name for name in beds if "flatbed" in name.lower() or "platen" in name.lower()]
            plain = [name for name in beds if name.lower() in ("document table", "normal", "glass")]
            return next(iter(named + plain), None)
        case ScanSource.FEEDER:
            feeders = [name for name in names if _is_feeder(name) and "back" not in name.lower()]
            both = [name for name in feeders if _is_duplex(name)]
            one = [name for name in feeders if not _is_duplex(name)]
            return next(iter(both if duplex else one), None)


def duplex_value(names: Sequence[str], *, duplex: bool) -> str | None:
    """Which value of an `adf-mode` option means both sides, or one."""
    return next((name for name in names if _is_duplex(name) == duplex), None)


def mode_value(names: Sequence[str], *, colour: bool) -> str | None:
    """Which of the `mode` option's values is 8-bit colour, or grey."""
    words = ("color", "colour") if colour else ("gray", "grey")
    found = [name for name in names if any(word in name.lower() for word in words)]
    plain = [name for name in found if name.lower() in ("color", "colour", "gray", "grey", "grayscale")]
    return next(iter(plain + found), None)


def resolution_value(constraint: object, dpi: int) -> int:
    """The nearest resolution a scanner has: of a list, or within (least, most, step) where a step of 0 is any."""
    if isinstance(constraint, list) and constraint:
        offered = [round(float(value)) for value in constraint]
        return min(offered, key=lambda value: (abs(value - dpi), -value))
    if isinstance(constraint, tuple) and len(constraint) == 3:
        least, most, step = constraint
        held = min(max(float(dpi), float(least)), float(most))
        return round(least + round((held - least) / step) * step) if step else round(held)
    return dpi
