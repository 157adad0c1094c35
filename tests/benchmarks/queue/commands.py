"""`script/bench queue`, `ratings` and `lobby-day`."""

from __future__ import annotations

import argparse

from tests.benchmarks.queue import campaign, faults, hostile, lobby_day


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _names(text: str) -> list[str]:
    return text.split(",")


def _queue(given: argparse.Namespace) -> int:
    return faults.run(given) if given.kill_every else campaign.run(given)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands."""
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
