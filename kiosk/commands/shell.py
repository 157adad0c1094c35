"""What every command shares: one line per error, JSON on stdout, and the two exit codes scripts rely on."""

from __future__ import annotations

import argparse
import codecs
import json
import os
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


def _write(lines: Sequence[str]) -> None:
    try:
        for line in lines:
            print(line)  # noqa: T201 - this is the shell
        sys.stdout.flush()
    except OSError as error:
        # Whoever reads has left, or the disk is full. Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise RefusedError(f"the answer cannot be written: {error.strerror or error}") from error


def emit(result: Mapping[str, object] | Sequence[object], as_json: bool, lines: Sequence[str]) -> int:
    """Write `result` as one JSON document, or `lines` for a person; returns the exit code for success.

    Where the terminal's encoding lacks a character, JSON escapes it (RFC 8259 section 7) and a line shows its number.
    Raises RefusedError if nothing can be written.
    """
    encoding = sys.stdout.encoding or "utf-8"
    if as_json:
        speaks_unicode = codecs.lookup(encoding).name.startswith("utf")
        _write([json.dumps(result, ensure_ascii=not speaks_unicode, default=_plain)])
    else:
        _write([line.encode(encoding, "backslashreplace").decode(encoding) for line in lines])
    return EXIT_OK


def run_handler(prog: str, handler: Handler, arguments: argparse.Namespace) -> int:
    """Call `handler`; a RefusedError becomes one line on stderr and exit code 1."""
    try:
        return handler(arguments)
    except RefusedError as refused:
        print(f"{prog}: {' '.join(str(refused).split())}", file=sys.stderr)  # noqa: T201 - this is the shell
        return EXIT_REFUSED
