"""`script/bench COMMAND`: see `--help` of each."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence

from tests.benchmarks.queue import commands as queue
from tests.benchmarks.scan import commands as scan


def main(argv: Sequence[str] | None = None) -> int:
    """Run one of the benchmarks; 1 where something that must not happen has happened."""
    parser = argparse.ArgumentParser(
        prog="script/bench", description="Load, faults, forecasts and scanned pages, measured and checked"
    )
    commands = parser.add_subparsers(required=True)
    queue.add_to(commands)
    scan.add_to(commands)
    arguments = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # hubs and databases that were started are ended, too
    run: Callable[[argparse.Namespace], int] = arguments.run
    return run(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
