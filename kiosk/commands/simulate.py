"""`court-kiosk simulate`: whole journeys without a display, for load and fault tests."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.commands.shell import EXIT_OK, EXIT_REFUSED, RefusedError, Subparsers

DELIVER_SECONDS = 60.0


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1000000")
    return number


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return number


def register(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "simulate",
        help="file synthetic complaints without a display",
        description="First delivers what is left in DIR, then files N complaints, printing one JSON line per receipt "
        "once it is durable, then delivers. Exits 1 when --count 0 leaves something undelivered.",
    )
    parser.add_argument("--hub", required=True, metavar="URL", help="address of the hub")
    parser.add_argument("--data", required=True, type=Path, metavar="DIR", help="the simulated terminal's data folder")
    parser.add_argument("--count", required=True, type=_count, metavar="N", help="journeys; 0 only delivers")
    parser.add_argument("--seed", type=int, default=None, help="of the first person; drawn at random if not given")
    parser.add_argument("--deliver-seconds", type=_seconds, default=DELIVER_SECONDS, help="how long to deliver at most")
    parser.add_argument("--json", action="store_true", help="the output is always JSON lines; accepted for uniformity")
    parser.set_defaults(handler=simulate)


def simulate(arguments: argparse.Namespace) -> int:
    """File and deliver."""
    # Documents and databases take a second to load, which no other command should pay.
    from kiosk.agent.core import Agent
    from kiosk.agent.terminal import AgentStartError
    from kiosk.outbox.errors import OutboxError
    from kiosk.services.filing import FilingService
    from kiosk.services.headless import HeadlessFilings, JourneyStuckError
    from kiosk.services.reference import Reference
    from kiosk.services.synthetic import SyntheticPerson

    clock = SystemClock()
    try:
        agent = Agent.open(arguments.data, arguments.hub, clock)
    except (AgentStartError, OutboxError) as error:
        raise RefusedError(str(error)) from error
    try:
        agent.start()
        if arguments.count:
            filing = FilingService(Reference.load(clock.now().date()), clock, agent.terminal.court.code)
            filing.terminal = agent.terminal.code
            filings = HeadlessFilings(agent, filing, clock)
            seed = arguments.seed if arguments.seed is not None else secrets.randbelow(2**32)
            for number in range(arguments.count):
                done = filings.file(SyntheticPerson(seed + number))
                _print_receipt(str(done.submission_id), done.receipt_no, done.sha256)
        left = agent.deliver(arguments.deliver_seconds)
    except (OutboxError, JourneyStuckError) as error:
        raise RefusedError(str(error)) from error
    finally:
        agent.close()
    if left:
        print(f"court-kiosk simulate: {left} submissions wait for the hub", file=sys.stderr)  # noqa: T201 - the shell
        return EXIT_OK if arguments.count else EXIT_REFUSED
    return EXIT_OK


def _print_receipt(submission_id: str, receipt_no: str, sha256: str) -> None:
    line = json.dumps({"submission_id": submission_id, "receipt_no": receipt_no, "sha256": sha256})
    print(line, flush=True)  # noqa: T201 - the shell
