"""What every command shares: one line per error, JSON on stdout, and the two exit codes scripts rely on."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import NoReturn

Subparsers = argparse._SubParsersAction  # the type argparse returns but does not export
Handler = Callable[[argparse.Namespace], int]

EXIT_OK = 0
EXIT_REFUSED = 1
EXIT_USAGE = 2


class RefusedError(Exception):
    """A value that the command understood and refuses; its text is shown to the person, in one line."""


class OneLineParser(argparse.ArgumentParser):
    """An argument parser whose usage errors are one line on stderr and exit code 2."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {' '.join(message.split())}", file=sys.stderr)  # noqa: T201 - this is the shell
        raise SystemExit(EXIT_USAGE)


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case Enum():
            return value.value
        case _:
            raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def emit(result: Mapping[str, object] | Sequence[object], as_json: bool, lines: Sequence[str]) -> int:
    """Write `result` as one JSON document, or `lines` for a person; returns the exit code for success."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False, default=_plain))  # noqa: T201 - this is the shell
    else:
        for line in lines:
            print(line)  # noqa: T201 - this is the shell
    return EXIT_OK


def run_handler(prog: str, handler: Handler, arguments: argparse.Namespace) -> int:
    """Call `handler`; a RefusedError becomes one line on stderr and exit code 1."""
    try:
        return handler(arguments)
    except RefusedError as refused:
        print(f"{prog}: {' '.join(str(refused).split())}", file=sys.stderr)  # noqa: T201 - this is the shell
        return EXIT_REFUSED
