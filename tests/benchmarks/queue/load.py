"""1,000 issues and 1,000 calls against a running server, and what went wrong.

Issues: every client asks for one ticket after the other. Calls: in turns, in each of which every window calls once at
the same moment and then ends; only the calls are timed. So the order is exact: the tickets of one turn must be those
that stand first of all that still wait.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.benchmarks.queue.adapter import Adapter, Slip
from tests.benchmarks.queue.wire import Line


@dataclass(slots=True)
class Faults:
    """What must be zero."""

    duplicates: int = 0
    gaps: int = 0
    double_calls: int = 0
    never_called: int = 0
    out_of_order: int = 0

    @property
    def none(self) -> bool:
        """Whether all are."""
        return not (self.duplicates or self.gaps or self.double_calls or self.never_called or self.out_of_order)

    def __str__(self) -> str:
        return f"{self.duplicates}/{self.gaps}/{self.double_calls}/{self.never_called}/{self.out_of_order}"


@dataclass(slots=True)
class Timed:
    """Operations of one kind: the seconds each took, all of them, and the server's processor over them."""

    each: list[float] = field(default_factory=list)
    whole: float = 0.0
    processor: float = 0.0

    @property
    def processor_milliseconds(self) -> float:
        """Of the server's processor time, for each."""
        return self.processor / len(self.each) * 1000 if self.each else 0.0

    @property
    def rate(self) -> float:
        """Per second."""
        return len(self.each) / self.whole if self.whole else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.each)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


@dataclass(slots=True)
class Result:
    """One run."""

    issues: Timed
    calls: Timed
    faults: Faults


def no_process() -> float:
    """Where the server's process is not known."""
    return 0.0


def measure(
    adapter: Adapter, url: str, *, clients: int, count: int, processor: Callable[[], float] = no_process
) -> Result:
    """`count` issues, then `count` calls, by `clients` at once. `processor` tells the seconds of processor time that
    the server has used."""
    return asyncio.run(_measure(adapter, url, clients, count, processor))


async def _measure(adapter: Adapter, url: str, clients: int, count: int, processor: Callable[[], float]) -> Result:
    lines = [Line(url) for _ in range(clients)]
    slips, issues = await _issue(adapter, lines, count, processor)
    turns, calls = await _call(adapter, lines, count, processor)
    for line in lines:
        line.close()
    return Result(issues, calls, check(slips, turns))


async def _issue(
    adapter: Adapter, lines: Sequence[Line], count: int, processor: Callable[[], float]
) -> tuple[list[Slip], Timed]:
    waiting = [adapter.ticket().wire(lines[0].host) for _ in range(count)]
    waiting.reverse()
    replies, timed = [], Timed()

    async def client(line: Line) -> None:
        while waiting:
            begin = time.perf_counter()
            replies.append(await line.send(waiting.pop()))
            timed.each.append(time.perf_counter() - begin)

    used, begin = processor(), time.perf_counter()
    await asyncio.gather(*(client(line) for line in lines))
    timed.whole, timed.processor = time.perf_counter() - begin, processor() - used
    return [adapter.slip(reply) for reply in replies], timed


async def _call(
    adapter: Adapter, lines: Sequence[Line], count: int, processor: Callable[[], float]
) -> tuple[list[list[str]], Timed]:
    turns: list[list[str]] = []
    timed = Timed()

    async def call(window: int) -> str | None:
        begin = time.perf_counter()
        label = await adapter.call(lines[window], window)
        if label is not None:
            timed.each.append(time.perf_counter() - begin)
        return label

    while sum(map(len, turns)) < 2 * count:  # a server that calls people again and again is stopped
        used, begin = processor(), time.perf_counter()
        labels = await asyncio.gather(*(call(window) for window in range(len(lines))))
        called = [label for label in labels if label is not None]
        if not called:
            break
        timed.whole += time.perf_counter() - begin
        timed.processor += processor() - used
        turns.append(called)
        await asyncio.gather(
            *(adapter.finish(lines[window], window) for window, label in enumerate(labels) if label is not None)
        )
    return turns, timed


def check(slips: Iterable[Slip], turns: Iterable[Sequence[str]]) -> Faults:
    """Count what is wrong with the tickets of one queue and the calls that followed, turn by turn."""
    given = list(slips)
    faults = Faults()
    numbers = Counter(slip.number for slip in given)
    faults.duplicates = sum(many - 1 for many in numbers.values())
    faults.gaps = max(numbers) - min(numbers) + 1 - len(numbers) if numbers else 0
    in_order = [slip.label for slip in sorted(given, key=lambda slip: slip.place)]
    called: Counter[str] = Counter()
    for turn in turns:
        first = set(in_order[: len(turn)])
        faults.out_of_order += sum(label not in first for label in turn)
        called.update(turn)
        in_order = [label for label in in_order if label not in set(turn)]
    faults.double_calls = sum(many - 1 for many in called.values())
    faults.never_called = len({slip.label for slip in given} - set(called))
    return faults
