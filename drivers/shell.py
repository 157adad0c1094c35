"""What the device program's commands share: one line per error and the exit codes that scripts rely on."""

from __future__ import annotations

import argparse
import codecs
import json
import os
import signal
import sys
import threading
from typing import NoReturn

EXIT_OK = 0
EXIT_REFUSED = 1
EXIT_USAGE = 2


class RefusedError(Exception):
    """A command understood and refused; its text is shown in one line."""


class OneLineParser(argparse.ArgumentParser):
    """Usage errors are one line on stderr and exit code 2."""

    def error(self, message: str) -> NoReturn:
        complain(self.prog, message)
        raise SystemExit(EXIT_USAGE)


def complain(prog: str, message: str) -> None:
    """Write one line to stderr."""
    print(f"{prog}: {' '.join(message.split())}", file=sys.stderr)  # noqa: T201 - this is the shell


def until_told() -> threading.Event:
    """What is set when the program is told to end (SIGTERM, SIGINT)."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    return ending


def say_json(value: object) -> None:
    """Write one JSON document to stdout, escaped (RFC 8259 section 7) where the terminal does not speak Unicode."""
    speaks_unicode = codecs.lookup(sys.stdout.encoding or "utf-8").name.startswith("utf")
    say(json.dumps(value, ensure_ascii=not speaks_unicode))


def say(line: str) -> None:
    """Write one line to stdout, at once: another program may be waiting for it.

    A character that the terminal's encoding lacks becomes its number. Raises RefusedError if nothing can be written.
    """
    encoding = sys.stdout.encoding or "utf-8"
    try:
        print(line.encode(encoding, "backslashreplace").decode(encoding), flush=True)  # noqa: T201 - this is the shell
    except OSError as error:
        # Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise RefusedError(f"the answer cannot be written: {error.strerror or error}") from error
