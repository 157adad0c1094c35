"""`court-kiosk identity`: what document a number belongs to, or why it is none."""

from __future__ import annotations

import argparse

from kiosk.clock import SystemClock
from kiosk.commands.shell import OneLineParser, RefusedError, Subparsers, emit
from kiosk.identity import Rejection, check


def _check(arguments: argparse.Namespace) -> int:
    found = check(arguments.number, today=SystemClock().now().date())
    if isinstance(found, Rejection):
        looks_like = f"{found.kind.text.en}: " if found.kind is not None else ""
        raise RefusedError(f"{looks_like}{found.text.en} ({found.text.zh})")
    document = {
        "kind": found.kind,
        "number": found.number,
        "birth": found.birth,
        "sex": found.sex.text.en if found.sex is not None else None,
        "sex_code": found.sex,
        "area": found.area,
        "document": {"zh": found.kind.text.zh, "ko": found.kind.text.ko, "en": found.kind.text.en},
        "notes": [{"zh": note.zh, "ko": note.ko, "en": note.en} for note in found.notes],
    }
    lines = [f"{found.kind.text.zh} {found.number}"]
    if found.birth is not None:
        lines.append(f"  出生日期 {found.birth.isoformat()}")
    if found.sex is not None:
        lines.append(f"  性别 {found.sex.text.zh}")
    lines += [f"  {note.zh}" for note in found.notes]
    return emit(document, arguments.json, lines)


def register(subparsers: Subparsers[OneLineParser]) -> None:
    """Add `identity check`."""
    group = subparsers.add_parser("identity", help="identity numbers and credit codes")
    commands = group.add_subparsers(dest="command", required=True, parser_class=OneLineParser)
    number = commands.add_parser("check", help="what a number is, or why it is none")
    number.add_argument("number", metavar="NUMBER")
    number.add_argument("--json", action="store_true")
    number.set_defaults(handler=_check)
