"""`court-kiosk`: one command for everything on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from kiosk.commands.device import OWN_WORDS
from kiosk.commands.shell import OneLineParser, run_handler

GROUPS = ("run", "simulate", "doctor", "law", "identity", "device")
"""Groups that live in kiosk/commands/. `dock`, and all of `device` but its key, belong to the device program and are
handed over to it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Parse `argv` and run one command; returns its exit code (0 done, 1 refused, 2 usage)."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["dock"] or (words[:1] == ["device"] and words[1:2] not in ([word] for word in OWN_WORDS)):
        # The kiosk may not import a driver (architecture), so the device program takes the terminal over as a whole.
        os.execv(sys.executable, [sys.executable, "-m", "drivers.cli", *words])  # noqa: S606 - our own program
    parser = OneLineParser(prog="court-kiosk", description="Self-service terminal of a court")
    subparsers = parser.add_subparsers(dest="group", required=True, parser_class=OneLineParser)
    for group in GROUPS:
        import_module(f"kiosk.commands.{group}").register(subparsers)
    subparsers.add_parser("dock", help="drive the simulated devices")
    arguments = parser.parse_args(words)
    return run_handler(f"court-kiosk {arguments.group}", arguments.handler, arguments)
