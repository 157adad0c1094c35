"""Reads every layout with the engine and keeps what it read: `python -m tests.unit.ocr.record [NAME …]`.

To be run again when the engine or a layout changes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import numpy as np

from kiosk.ocr.engine import Engine
from kiosk.ocr.model import PageText
from tests.unit.ocr.layouts import LAYOUTS

RECORDED = Path(__file__).parent / "recorded"
SEED = 4


class Recorded(msgspec.Struct, frozen=True):
    """What stands on a drawn paper, and what the engine read on it."""

    lines: tuple[str, ...]
    fields: dict[str, str]
    text: PageText


def recorded(name: str) -> Recorded:
    """One recording."""
    return msgspec.json.decode((RECORDED / f"{name}.json").read_bytes(), type=Recorded)


def main() -> int:
    """Record the layouts that are named, or all."""
    engine = Engine()
    RECORDED.mkdir(exist_ok=True)
    for name in sys.argv[1:] or LAYOUTS:
        paper = LAYOUTS[name](np.random.default_rng(SEED), 350.0 if name.startswith("identity") else 200.0)
        kept = Recorded(paper.lines, paper.fields, engine.read(paper.image))
        encoded = msgspec.json.format(msgspec.json.encode(kept), indent=1)
        (RECORDED / f"{name}.json").write_bytes(encoded + b"\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
