"""`script/bench queue`, `ratings` and `lobby-day`: see `--help` of each."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence

from tests.benchmarks.queue import campaign, faults, hostile, lobby_day


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _names(text: str) -> list[str]:
    return text.split(",")


def _queue(given: argparse.Namespace) -> int:
    return faults.run(given) if given.kill_every else campaign.run(given)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one of the benchmarks; 1 where something that must not happen has happened."""
    parser = argparse.ArgumentParser(
        prog="script/bench", description="Load, faults and forecasts, measured and checked"
    )
    commands = parser.add_subparsers(required=True)
    queue = commands.add_parser("queue", help="issue and call numbers over HTTP beside the bare database")
    queue.add_argument("--database", type=_names, default=["sqlite", "postgresql"], metavar="KIND,…")
    queue.add_argument("--clients", type=_numbers, default=[1, 2, 8, 50], metavar="N,…")
    queue.add_argument("--tickets", type=int, default=1000)
    queue.add_argument("--old", type=_numbers, default=[0, 100_000], metavar="N,…", help="tickets of earlier days")
    queue.add_argument("--repeat", type=int, default=1, metavar="N", help="the fastest of N runs")
    queue.add_argument("--server", metavar="URL", help="measure this server instead of a hub of its own")
    queue.add_argument("--adapter", default="court-hub", metavar="NAME", help="how it speaks: package.module:Class")
    queue.add_argument(
        "--kill-every", type=int, metavar="N", help="instead: SIGKILL every N operations, and no network"
    )
    queue.set_defaults(run=_queue)
    ratings = commands.add_parser("ratings", help="hostile presses over HTTP: has each matter its one rating?")
    ratings.add_argument("--database", type=_names, default=["sqlite", "postgresql"], metavar="KIND,…")
    ratings.add_argument("--presses", type=int, default=10_000)
    ratings.set_defaults(run=hostile.run)
    lobby = commands.add_parser("lobby-day", help="seeded days of 300 people: is the waiting time kept that was told?")
    lobby.add_argument("--seeds", type=int, default=20)
    lobby.add_argument("--first-seed", type=int, default=1)
    lobby.set_defaults(run=lobby_day.run)
    arguments = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # hubs and databases that were started are ended, too
    run: Callable[[argparse.Namespace], int] = arguments.run
    return run(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
