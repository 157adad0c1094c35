"""`script/bench queue`: every database, with and without the tickets of earlier days, for each number of clients.

Where other work runs on the machine, `--repeat` helps: of several runs of hub and yardstick, one after the other, the
fastest issuing and the fastest calling of each count. Faults of every run count.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.queue import load, reference
from tests.benchmarks.queue.adapter import adapter_class
from tests.benchmarks.queue.load import Result, Timed
from tests.benchmarks.queue.serving import MakeUrl, databases, prepare
from tests.hub.processes import HubProcess

_HEAD = (
    "| database | old | clients | issues/s | p50 | p99 | processor | of bare | with old "
    "| calls/s | p50 | p99 | processor | of bare | with old | doubled/gaps/called twice/never/out of order |\n"
    + "|---" * 16
    + "|"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One run and its yardstick, in operations per second."""

    result: Result
    bare_issues: float
    bare_calls: float


def run(arguments: argparse.Namespace) -> int:
    """Print the table; 1 where a check failed."""
    print(_HEAD, flush=True)  # noqa: T201 - the result
    if arguments.server:
        return _foreign(arguments)
    faults = 0
    with databases(arguments.database) as found:
        for kind, make_url in found.items():
            for clients in arguments.clients:
                runs: dict[int, list[Row]] = {old: [] for old in arguments.old}
                for _ in range(arguments.repeat):
                    for old in arguments.old:  # in turn, so that both see the same other work on the machine
                        runs[old].append(_measure(make_url, old=old, clients=clients, count=arguments.tickets))
                best = {old: _best(of) for old, of in runs.items()}
                for old, row in best.items():
                    faults += not row.result.faults.none
                    _tell(kind, old, clients, row, best[arguments.old[0]])
    return min(faults, 1)


def _best(runs: list[Row]) -> Row:
    faulty = [run.result.faults for run in runs if not run.result.faults.none]
    issues = max((run.result.issues for run in runs), key=lambda timed: timed.rate)
    calls = max((run.result.calls for run in runs), key=lambda timed: timed.rate)
    return Row(
        Result(issues, calls, faulty[0] if faulty else runs[0].result.faults),
        max(run.bare_issues for run in runs),
        max(run.bare_calls for run in runs),
    )


def _processor_of(process: int) -> Callable[[], float]:
    """The seconds of processor time that `process` has used."""
    ticks = os.sysconf("SC_CLK_TCK")

    def used() -> float:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / ticks

    return used


def _measure(make_url: MakeUrl, *, old: int, clients: int, count: int) -> Row:
    with tempfile.TemporaryDirectory(prefix="queue-bench-") as name:
        folder = Path(name)
        url = make_url()
        prepare(folder / "hub", url, windows=clients, old=old)
        hub = HubProcess(folder / "hub", *(("--database", url) if url else ()))
        try:
            adapter = adapter_class("court-hub")(hub.url, clients)
            adapter.open()
            result = load.measure(
                adapter, hub.url, clients=clients, count=count, processor=_processor_of(hub.process.pid)
            )
            adapter.close()
        finally:
            code, errors = hub.stop()
        if code or errors.count("\n") > 1:  # one line names the first account
            print(errors, file=sys.stderr)  # noqa: T201
        bare = _bare(make_url(), folder, clients, old)
        bare_issues, bare_calls = reference.measure(bare, clients=clients, count=count)
        bare.close()
    return Row(result, bare_issues, bare_calls)


def _bare(url: str | None, folder: Path, clients: int, old: int) -> reference.Bare:
    return reference.BareSqlite(folder, old) if url is None else reference.BarePostgres(url, clients, old)


def _foreign(arguments: argparse.Namespace) -> int:
    faults = 0
    for clients in arguments.clients:
        adapter = adapter_class(arguments.adapter)(arguments.server, clients)
        adapter.open()
        result = load.measure(adapter, arguments.server, clients=clients, count=arguments.tickets)
        adapter.close()
        faults += not result.faults.none
        _tell(adapter.name, 0, clients, Row(result, 0.0, 0.0), None)
    return min(faults, 1)


def _tell(kind: str, old: int, clients: int, row: Row, empty: Row | None) -> None:
    issues, calls = row.result.issues, row.result.calls
    cells = [kind, f"{old:,}", str(clients)]
    cells += _cells(issues, row.bare_issues, empty.result.issues if empty and empty is not row else None)
    cells += _cells(calls, row.bare_calls, empty.result.calls if empty and empty is not row else None)
    print("| " + " | ".join([*cells, str(row.result.faults)]) + " |", flush=True)  # noqa: T201 - the result


def _cells(timed: Timed, bare: float, empty: Timed | None) -> list[str]:
    ratio = f"{timed.rate / bare:.2f}× of {bare:,.0f}" if bare else ""
    slower = f"{(empty.rate / timed.rate - 1) * 100:+.0f} %" if empty and timed.rate else ""
    return [
        f"{timed.rate:,.0f}",
        f"{timed.percentile(0.5):.1f} ms",
        f"{timed.percentile(0.99):.1f} ms",
        f"{timed.processor_milliseconds:.1f} ms" if timed.processor else "",
        ratio,
        slower,
    ]
