"""`court-kiosk simulate`: whole journeys without a display, for load and fault tests.

Exit codes: 0 every journey asked for is durable (with --count 0: and everything is delivered); 1 refused, or --count 0
left something undelivered; 2 usage; 128 + signal number where SIGINT or SIGTERM ended it early. Every line on stdout
stands for a durable filing, whatever the exit code. What is left undelivered is said in one line on stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kiosk.clock import SystemClock
from kiosk.commands.shell import EXIT_OK, EXIT_REFUSED, RefusedError, Subparsers

if TYPE_CHECKING:
    from kiosk.agent.core import Agent

DELIVER_SECONDS = 60.0
SILENT_SECONDS = 10.0
"""How long a run that has filed something waits for a hub that says nothing: its filings are durable without it."""


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


def _address(text: str) -> str:
    try:
        split = urlsplit(text)
        good = split.scheme in {"http", "https"} and bool(split.hostname) and split.port != 0
    except ValueError:
        good = False
    if not good:
        raise argparse.ArgumentTypeError(f"{text!r} is not the address of a hub (http://HOST:PORT)")
    return text


def register(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "simulate",
        help="file synthetic complaints without a display",
        description="First delivers what is left in DIR, then files N complaints, printing one JSON line per receipt "
        "once it is durable, then delivers. Exits 1 when --count 0 leaves something undelivered.",
    )
    parser.add_argument("--hub", required=True, type=_address, metavar="URL", help="address of the hub")
    parser.add_argument("--data", required=True, type=Path, metavar="DIR", help="the simulated terminal's data folder")
    parser.add_argument("--count", required=True, type=_count, metavar="N", help="journeys; 0 only delivers")
    parser.add_argument("--seed", type=int, default=None, help="of the first person; drawn at random if not given")
    parser.add_argument("--deliver-seconds", type=_seconds, default=DELIVER_SECONDS, help="how long to deliver at most")
    parser.add_argument("--json", action="store_true", help="the output is always JSON lines; accepted for uniformity")
    parser.set_defaults(handler=simulate)


class _StoppedError(Exception):
    """SIGINT or SIGTERM came while nothing was being filed."""


class _Stop:
    """What SIGINT and SIGTERM asked. A journey that has begun is finished: its receipt must be told."""

    def __init__(self) -> None:
        self.number = 0
        self._interruptible = False

    def ask(self, number: int, _: object) -> None:
        """The signal handler."""
        self.number = number
        if self._interruptible:
            raise _StoppedError

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Within, a stop is obeyed at once."""
        self._interruptible = True
        try:
            if self.number:
                raise _StoppedError
            yield
        finally:
            self._interruptible = False


def simulate(arguments: argparse.Namespace) -> int:
    """File and deliver."""
    # Documents and databases take a second to load, which no other command should pay.
    from kiosk.agent.core import Agent
    from kiosk.agent.terminal import AgentStartError
    from kiosk.court.receipt_numbers import ReceiptNumberError
    from kiosk.court.secret_file import SecretFileError
    from kiosk.outbox.errors import OutboxError
    from kiosk.services.headless import JourneyStuckError

    stop = _Stop()
    before = {number: signal.signal(number, stop.ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        agent = Agent.open(arguments.data, arguments.hub, SystemClock())
        try:
            return _work(agent, arguments, stop)
        finally:
            agent.close()
    except (OutboxError, SecretFileError) as error:
        raise RefusedError(f"{arguments.data}: {error}") from error
    except (AgentStartError, JourneyStuckError, ReceiptNumberError) as error:
        raise RefusedError(str(error)) from error
    except BrokenPipeError as error:
        # Whoever read the receipts has left. Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise RefusedError("nobody reads the receipts any more") from error
    except OSError as error:
        raise RefusedError(f"{arguments.data}: {error.strerror or error}") from error
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _work(agent: Agent, arguments: argparse.Namespace, stop: _Stop) -> int:
    agent.start()
    try:
        with stop.interruptible():
            if arguments.count and agent.outbox.undelivered():
                agent.deliver(arguments.deliver_seconds, silence=0.0)
        _file(agent, arguments, stop)
        with stop.interruptible():
            agent.deliver(arguments.deliver_seconds, SILENT_SECONDS if arguments.count else None)
    except _StoppedError:
        pass
    left = agent.outbox.undelivered()
    if left:
        waiting = "1 submission waits" if left == 1 else f"{left} submissions wait"
        print(f"court-kiosk simulate: {waiting} for the hub", file=sys.stderr)  # noqa: T201 - the shell
    if stop.number:
        return 128 + stop.number
    return EXIT_REFUSED if left and not arguments.count else EXIT_OK


def _file(agent: Agent, arguments: argparse.Namespace, stop: _Stop) -> None:
    if not arguments.count:
        return
    # Forms and law tables are only read where something is filed.
    from kiosk.services.filing import FilingService
    from kiosk.services.headless import HeadlessFilings
    from kiosk.services.reference import Reference
    from kiosk.services.synthetic import SyntheticPerson

    clock = SystemClock()
    terminal = agent.terminal
    reference = Reference.load(clock.now().date())
    filing = FilingService(reference, clock, terminal.court_code, terminal.code, for_person=False)
    filings = HeadlessFilings(agent, filing, clock)
    seed = arguments.seed if arguments.seed is not None else secrets.randbelow(2**32)
    for number in range(arguments.count):
        if stop.number:
            return
        done = filings.file(SyntheticPerson(seed + number))
        _print_receipt(str(done.submission_id), done.receipt_no, done.sha256)


def _print_receipt(submission_id: str, receipt_no: str, sha256: str) -> None:
    line = json.dumps({"submission_id": submission_id, "receipt_no": receipt_no, "sha256": sha256})
    print(line, flush=True)  # noqa: T201 - the shell
