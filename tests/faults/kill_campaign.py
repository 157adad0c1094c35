"""kill -9 of terminals and hub at random while complaints are filed over a bad line: none lost, none doubled.

Real programs only: `court-hub serve` on one port and one data folder, started again after every kill, and
`court-kiosk simulate` again and again on the same data folders. Run by script/faults.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.fault_proxy import FaultProxy
from tests.faults.kill_checks import Findings, Line, check
from tests.faults.kill_programs import BIN, Hub, Output

UNDER_FIRE_SECONDS = 90.0
DRAIN_SECONDS = 300
"""Everything must be delivered within this time after the last fault (design: five minutes)."""

EXIT_STOPPED = 128 + signal.SIGTERM


@dataclass(frozen=True)
class Plan:
    """How much and how wild. `minutes` bounds the filing; draining and checking come on top."""

    count: int = 500
    seed: int = 1
    minutes: float = 8.0
    terminals: int = 2
    wire_faults: float = 0.05
    database: str | None = None


@dataclass
class Report:
    """What happened."""

    seconds: float = 0.0
    drain_seconds: float = 0.0
    left_to_drain: int = 0
    told: list[Line] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)
    wire: Counter[str] = field(default_factory=Counter)
    exchanges: int = 0
    findings: Findings = field(default_factory=Findings)
    broken: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether every promise was kept."""
        return not self.broken and not self.findings.broken

    def lines(self) -> list[str]:
        """For a person."""
        found = self.findings
        wire = sum(self.wire.values())
        return [
            f"receipts printed           {len(self.told)} in {self.seconds:.0f} s",
            *(f"{name:<27}{self.events[name]}" for name in sorted(self.events)),
            f"wire faults                {wire} in {self.exchanges} exchanges",
            *(f"  {name:<25}{self.wire[name]}" for name in sorted(self.wire)),
            f"left when faults ended     {self.left_to_drain}, drained in {self.drain_seconds:.1f} s",
            f"submissions at the hub     {found.at_hub}, papers opened {found.papers}",
            f"durable but never printed  {found.not_told}",
            f"unused receipt numbers     {found.gaps}",
            *(f"BROKEN  {what}" for what in [*self.broken, *found.broken]),
            "sound: none lost, none doubled, all drained" if self.sound else "NOT SOUND",
        ]


class Campaign:
    """One run of a plan in an empty folder."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self._dice = random.Random(plan.seed)
        self._report = Report()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._hub = Hub(folder / "hub", plan.database)
        self._terminals = [folder / f"terminal-{number}" for number in range(plan.terminals)]

    def run(self) -> Report:
        """File under fire, let everything drain, check."""
        begun = time.monotonic()
        self._hub.start()
        self._hub.wait()
        with FaultProxy(self._hub.port, random.Random(self._dice.random()), self._plan.wire_faults) as line:
            hub_killer = threading.Thread(target=self._torment_hub, args=(random.Random(self._dice.random()),))
            shares = [self._plan.count // self._plan.terminals] * self._plan.terminals
            shares[0] += self._plan.count - sum(shares)
            filers = [
                threading.Thread(target=self._file, args=(terminal, share, line, random.Random(self._dice.random())))
                for terminal, share in zip(self._terminals, shares, strict=True)
            ]
            for thread in (hub_killer, *filers):
                thread.start()
            for thread in filers:
                thread.join()
            self._over.set()
            hub_killer.join()
            self._report.seconds = time.monotonic() - begun
            line.rate = 0.0
            self._report.exchanges = line.exchanges
            self._report.wire = Counter({fault.value: count for fault, count in line.struck.items()})
            self._drain(line)
        self._hub.end(signal.SIGTERM)
        self._report.findings = check(self._report.told, self._terminals, self._hub.folder, self._plan.database)
        if len(self._report.told) < self._plan.count:
            self._report.broken.append(f"only {len(self._report.told)} were filed in {self._plan.minutes} minutes")
        return self._report

    def _note(self, event: str) -> None:
        with self._lock:
            self._report.events[event] += 1

    def _break(self, what: str) -> None:
        with self._lock:
            self._report.broken.append(what)

    # -- the hub

    def _torment_hub(self, dice: random.Random) -> None:
        while not self._over.wait(dice.uniform(1.0, 6.0)):
            if dice.random() < 0.25:
                self._hub.send(signal.SIGSTOP)
                self._over.wait(dice.uniform(0.2, 2.5))
                self._hub.send(signal.SIGCONT)
                self._note("hub paused")
                continue
            self._kill_hub()
            self._over.wait(dice.uniform(0.0, 1.5))
            self._hub.start()
            if dice.random() < 0.15:
                self._over.wait(dice.uniform(0.0, 3.0))  # while it starts
                self._kill_hub()
                self._hub.start()
            try:
                self._hub.wait()
            except TimeoutError as error:
                self._break(str(error))
                return

    def _kill_hub(self) -> None:
        self._hub.end(signal.SIGKILL)
        self._note("hub killed")

    # -- a terminal

    def _file(self, terminal: Path, share: int, line: FaultProxy, dice: random.Random) -> None:
        ends = time.monotonic() + self._plan.minutes * 60.0
        told = 0
        while told < share and time.monotonic() < ends and not self._report.broken:
            told += self._one_run(terminal, share - told, line, dice, started=told > 0)
        # What is left is delivered under fire as well, as far as it goes.
        ends = min(ends, time.monotonic() + UNDER_FIRE_SECONDS)
        while time.monotonic() < ends and not self._report.broken and not self._delivered(terminal, line, dice):
            pass

    def _simulate(self, terminal: Path, line: FaultProxy, dice: random.Random, count: int) -> Output:
        return Output(
            subprocess.Popen(
                [
                    *(str(BIN / "court-kiosk"), "simulate", "--hub", line.url, "--data", str(terminal)),
                    *("--count", str(count), "--seed", str(dice.randrange(2**31)), "--deliver-seconds", "20"),
                ],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        )

    def _delivered(self, terminal: Path, line: FaultProxy, dice: random.Random) -> bool:
        """One process that only delivers, killed after a while; whether it came to its end with nothing left."""
        output = self._simulate(terminal, line, dice, 0)
        output.wait_for_end(dice.uniform(1.5, 8.0))
        code = self._strike(output, dice)
        if code not in {0, 1, -signal.SIGKILL, -signal.SIGTERM, EXIT_STOPPED} or output.lines:
            self._break(f"simulate --count 0 ended with {code}: {output.errors[-2000:]}")
        return code == 0

    def _one_run(self, terminal: Path, count: int, line: FaultProxy, dice: random.Random, *, started: bool) -> int:
        """One process that files, ended in one of the ways a process ends; how many receipts it printed."""
        if started and dice.random() < 0.1:
            self._delivered(terminal, line, dice)
        output = self._simulate(terminal, line, dice, count)
        after_lines = dice.choice((0, 1, 2, 4, 6, 8, 12, 16, 20, 30))
        if after_lines:
            output.wait_for(after_lines, dice.uniform(5.0, 30.0))
            output.wait_for_end(dice.uniform(0.0, 0.5))
        else:
            output.wait_for_end(dice.uniform(0.0, 4.0))
        code = self._strike(output, dice)
        refused_start = code == 1 and not started and not output.lines  # the first questions met a kill or a fault
        if code not in {0, -signal.SIGKILL, -signal.SIGTERM, EXIT_STOPPED} and not refused_start:
            self._break(f"simulate ended with {code}: {output.errors[-2000:]}")
        for text in output.lines:
            try:
                receipt = Line.read(text)
            except (ValueError, KeyError, TypeError):
                self._break(f"a line that is no receipt: {text[:200]}")
                continue
            with self._lock:
                self._report.told.append(receipt)
        return len(output.lines)

    def _strike(self, output: Output, dice: random.Random) -> int:
        """Pause it, maybe; then end it. The exit code."""
        if dice.random() < 0.15 and output.send(signal.SIGSTOP):
            output.wait_for_end(dice.uniform(0.2, 2.5))
            output.send(signal.SIGCONT)
            self._note("terminal paused")
        if output.send(signal.SIGTERM if dice.random() < 0.1 else signal.SIGKILL):
            code = output.end()
            self._note("terminal killed" if code == -signal.SIGKILL else "terminal stopped")
        else:
            code = output.end()
            self._note("terminal ended by itself")
        return code

    # -- afterwards

    def _drain(self, line: FaultProxy) -> None:
        begun = time.monotonic()
        for terminal in self._terminals:
            told = subprocess.run(
                [
                    *(str(BIN / "court-kiosk"), "simulate", "--hub", line.url, "--data", str(terminal)),
                    *("--count", "0", "--deliver-seconds", "0"),
                ],
                check=False,
                capture_output=True,
                text=True,
            )
            words = told.stderr.split()
            self._report.left_to_drain += next((int(word) for word in words if word.isdecimal()), 0)
        for terminal in self._terminals:
            told = subprocess.run(
                [
                    *(str(BIN / "court-kiosk"), "simulate", "--hub", line.url, "--data", str(terminal)),
                    *("--count", "0", "--deliver-seconds", str(DRAIN_SECONDS)),
                ],
                check=False,
                capture_output=True,
                text=True,
            )
            if told.returncode:
                self._break(f"{terminal.name} does not drain: {told.stderr.strip()[-2000:]}")
        self._report.drain_seconds = time.monotonic() - begun


def main() -> int:
    """The command line of script/faults."""
    plan = Plan()
    parser = argparse.ArgumentParser(prog="script/faults", description=__doc__)
    parser.add_argument("--count", type=int, default=plan.count, help="submissions (default %(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**31), help="drawn if not given")
    parser.add_argument("--minutes", type=float, default=plan.minutes, help="most time to file (default %(default)s)")
    parser.add_argument("--terminals", type=int, default=plan.terminals, help="at the same time (default %(default)s)")
    parser.add_argument("--wire-faults", type=float, default=plan.wire_faults, help="share of exchanges struck")
    parser.add_argument("--database", default=None, metavar="URL", help="PostgreSQL for the hub, an empty database")
    parser.add_argument("--keep", type=Path, default=None, metavar="DIR", help="an empty folder to leave behind")
    given = parser.parse_args()
    plan = Plan(given.count, given.seed, given.minutes, given.terminals, given.wire_faults, given.database)
    print(f"seed {plan.seed}: {plan.count} submissions from {plan.terminals} terminals", flush=True)  # noqa: T201 - a command
    with contextlib.ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        folder.mkdir(parents=True, exist_ok=True)
        report = Campaign(plan, folder).run()
    print("\n".join(report.lines()))  # noqa: T201 - a command
    return 0 if report.sound else 1


if __name__ == "__main__":
    sys.exit(main())
