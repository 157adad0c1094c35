"""`court-kiosk device key`: the key a terminal signs with. The group's other words are the device program's."""

from __future__ import annotations

import argparse
from pathlib import Path

from kiosk.commands.shell import OneLineParser, RefusedError, Subparsers, emit
from kiosk.court.keys import SigningKey

OWN_WORDS = ("key",)
"""What of the group is answered here and not by the device program."""


def register(subparsers: Subparsers[OneLineParser]) -> None:
    """Add `device key`."""
    group = subparsers.add_parser("device", help="make this terminal's key; try a device: read-id, scan, print-test")
    commands = group.add_subparsers(dest="command", required=True, parser_class=OneLineParser)
    key = commands.add_parser(
        "key",
        help="make the key this terminal signs with, and print its public half",
        description="Makes an Ed25519 key in FILE (mode 0600, never overwritten) and prints key id and public key as "
        "JSON. A terminal looks for it as device.key in its data folder. The hub lets it in with `court-hub terminal "
        "add --key PUBLIC_KEY`.",
    )
    key.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to keep the secret half")
    key.add_argument("--json", action="store_true", help="the output is always JSON; accepted for uniformity")
    key.set_defaults(handler=_key)


def _key(arguments: argparse.Namespace) -> int:
    key = SigningKey.generate()
    try:
        key.store(arguments.out)
    except FileExistsError as error:
        raise RefusedError(f"{arguments.out} exists, and a key is never overwritten") from error
    except OSError as error:
        raise RefusedError(f"{arguments.out}: {error.strerror or error}") from error
    return emit({"key_id": key.key_id, "public_key": key.verify_key.text, "file": str(arguments.out)}, True, ())
