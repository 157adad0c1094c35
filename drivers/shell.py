"""What the device program's commands share: one line per error and the exit codes that scripts rely on."""

from __future__ import annotations

import argparse
import sys
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


def say(line: str) -> None:
    """Write one line to stdout, at once: another program may be waiting for it."""
    print(line, flush=True)  # noqa: T201 - this is the shell
