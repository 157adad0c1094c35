"""What the scanning process and its parent tell each other."""

from __future__ import annotations

import msgspec

from drivers.api.messages import CancelRequest, PageScanned, PageTaken, ScanEnded, ScanPages
from drivers.api.status import FeederState, ScannerFault


class Opened(msgspec.Struct, frozen=True, tag="opened", tag_field="type"):
    """The scanner was opened. What it can do; `duplex`: its feeder takes both sides."""

    flatbed: bool
    feeder: bool
    duplex: bool


class Looked(msgspec.Struct, frozen=True, tag="looked", tag_field="type"):
    """How the scanner stands. `busy`: it serves somebody else."""

    feeder: FeederState = FeederState.UNKNOWN
    fault: ScannerFault | None = None
    busy: bool = False


class Working(msgspec.Struct, frozen=True, tag="working", tag_field="type"):
    """Lines come from the scanner."""


class Refused(msgspec.Struct, frozen=True, tag="refused", tag_field="type"):
    """The scanner cannot be used; the process ends. `reason` is one line for the attendant."""

    reason: str


ScannerOrder = ScanPages | PageTaken | CancelRequest
ScannerReport = Opened | Looked | Working | PageScanned | ScanEnded | Refused
