"""`script/bench queue --kill-every N`: the hub dies by SIGKILL after every N operations, terminals are without network
for 30 simulated minutes, and afterwards every number, call and lease is accounted for.

Online terminals and windows send again what was not answered, with the same request id and the same key of the form.
The clocks of hub and clients are moved on together, so that half an hour has passed when the last ticket was issued.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from kiosk.clock import Clock
from kiosk.court.queueing import TicketRequest, ticket_label
from provisioning.hub import journal
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import prepare_data
from provisioning.hub.queue.schema import counters, leases, tickets, visits
from tests.benchmarks.queue.court_hub import CourtHub
from tests.benchmarks.queue.offline import OfflineTerminal
from tests.benchmarks.queue.serving import MakeUrl, databases, prepare
from tests.benchmarks.queue.shifted import ShiftedClock
from tests.benchmarks.queue.wire import Line
from tests.hub.processes import HubProcess

T = TypeVar("T")

CLIENTS = 8
WINDOWS = 6
OFFLINE_TERMINALS = 4
OFFLINE_EACH = 30
LEASED_EACH = 35
OFFLINE_SECONDS = 30 * 60
PATIENCE = 120.0


@dataclass
class Tally:
    """What clients saw."""

    operations: int = 0
    kills: int = 0
    sent_again: int = 0
    slips: list[str] = field(default_factory=list)
    called: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    all_in: bool = False


class Campaign:
    """One run on one database."""

    def __init__(self, hub: HubProcess, adapter: CourtHub, clock: ShiftedClock, kill_every: int, count: int) -> None:
        self.hub = hub
        self.adapter = adapter
        self.clock = clock
        self.kill_every = kill_every
        self.count = count
        self.tally = Tally()
        self._to_issue = count
        self._turn = asyncio.Lock()

    async def run(self, terminals: list[OfflineTerminal]) -> None:
        """Everything at once, until nobody waits any more."""
        await asyncio.gather(*(asyncio.to_thread(terminal.lease, LEASED_EACH) for terminal in terminals))
        windows = [asyncio.create_task(self._window(number)) for number in range(WINDOWS)]
        issuing = [asyncio.create_task(self._client()) for _ in range(CLIENTS)]
        await asyncio.gather(*(asyncio.to_thread(self._without_network, terminal) for terminal in terminals), *issuing)
        refused = await asyncio.gather(*(asyncio.to_thread(terminal.bring_in) for terminal in terminals))
        self.tally.refused = sum(refused)
        self.tally.all_in = True
        await asyncio.gather(*windows)

    def _without_network(self, terminal: OfflineTerminal) -> None:
        """Numbers at even distances over the half hour."""
        begin = self.clock.now()
        for number in range(OFFLINE_EACH):
            while (self.clock.now() - begin).total_seconds() < OFFLINE_SECONDS * number / OFFLINE_EACH:
                time.sleep(0.005)
            terminal.give()

    async def _client(self) -> None:
        line = Line(self.hub.url)
        while self._to_issue:
            self._to_issue -= 1
            person = self.adapter.person()
            self.tally.slips.append(await self._insist(line, partial(self._issue, line, person)))
            self.clock.move(OFFLINE_SECONDS / self.count)
        line.close()

    async def _issue(self, line: Line, person: TicketRequest) -> str:
        return self.adapter.slip(await line.ask(self.adapter.asking_for(person))).label

    async def _window(self, window: int) -> None:
        line = Line(self.hub.url)
        while True:
            last_look = self.tally.all_in
            key = secrets.token_urlsafe(16)
            label = await self._insist(line, partial(self.adapter.call_once, line, window, key))
            if label is None:
                if last_look:
                    break
                await asyncio.sleep(0.05)
                continue
            self.tally.called[label] += 1
            key = secrets.token_urlsafe(16)
            await self._insist(line, partial(self.adapter.finish_once, line, window, key))
        line.close()

    async def _insist(self, line: Line, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask until there is an answer; then it may be time to kill."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = await ask()
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                self.tally.sent_again += 1
                line.close()
                await asyncio.sleep(0.02)
        self.tally.operations += 1
        if self.tally.operations % self.kill_every == 0:
            async with self._turn:
                self.tally.kills += 1
                await asyncio.to_thread(self.hub.kill)
                await asyncio.to_thread(self.hub.start)
        return answer


def run(arguments: argparse.Namespace) -> int:
    """One campaign on each database; 1 where something is not accounted for."""
    wrong = 0
    with databases(arguments.database) as found:
        for kind, make_url in found.items():
            wrong += _campaign(kind, make_url, arguments.kill_every, arguments.tickets)
    return min(wrong, 1)


def _campaign(kind: str, make_url: MakeUrl, kill_every: int, count: int) -> int:
    with tempfile.TemporaryDirectory(prefix="queue-faults-") as name:
        folder = Path(name)
        url, offset = make_url(), folder / "offset"
        prepare(folder / "hub", url, windows=WINDOWS, old=0)
        clock = ShiftedClock(offset)
        module = ("tests.benchmarks.queue.shifted", str(offset))
        hub = HubProcess(folder / "hub", *(("--database", url) if url else ()), module=module)
        hub.options = (*hub.options, "--port", hub.url.rsplit(":", 1)[1])  # always back at the same address
        terminals = [OfflineTerminal(folder, f"DEV9{n}", hub.url, clock) for n in range(OFFLINE_TERMINALS)]
        begin = time.monotonic()
        try:
            adapter = CourtHub(hub.url, WINDOWS, clock)
            adapter.open()
            campaign = Campaign(hub, adapter, clock, kill_every, count)
            asyncio.run(campaign.run(terminals))
        finally:
            for terminal in terminals:
                terminal.close()
            hub.stop()
        seconds = time.monotonic() - begin
        offline = [slip for terminal in terminals for slip in terminal.slips.values()]
        problems = account(folder / "hub", url, clock, campaign.tally, offline)
    tally = campaign.tally
    print(  # noqa: T201 - the result
        f"{kind}: {seconds:.0f} s, {tally.operations} operations, {tally.kills} times SIGKILL, {tally.sent_again} sent "
        f"again; {len(tally.slips)} numbers given online and {len(offline)} offline, {tally.called.total()} calls; "
        + ", ".join(f"{name} {many}" for name, many in problems.items()),
        flush=True,
    )
    return sum(problems.values())


def account(data: Path, url: str | None, clock: Clock, tally: Tally, offline: list[str]) -> dict[str, int]:
    """Compare what clients saw with what the hub holds; everything must be zero."""
    database = prepare_data(DataDirectory(data), url, clock)
    with database.reading.connect() as connection:
        held = list(connection.execute(sa.select(tickets.c.queue, tickets.c.number, tickets.c.status)))
        blocks = list(connection.execute(sa.select(leases.c.first, leases.c.last)))
        last = connection.scalar(sa.select(counters.c.last)) or 0
        visited = Counter(connection.scalars(sa.select(visits.c.ticket_id)))
        broken = len(journal.faults(connection))
    database.close()
    seen = tally.slips + offline
    labels = Counter(ticket_label(row.queue, row.number) for row in held)
    numbers = {row.number for row in held}
    leased = {number for block in blocks for number in range(block.first, block.last + 1)}
    return {
        "numbers given twice": len(seen) - len(set(seen)) + labels.total() - len(labels),
        "slips the hub does not know": len(set(seen) - set(labels)),
        "tickets nobody holds": len(set(labels) - set(seen)),
        "unexplained gaps": len(set(range(1, last + 1)) - numbers - leased),
        "offline tickets refused": tally.refused,
        "called twice": sum(many - 1 for many in tally.called.values()) + sum(many - 1 for many in visited.values()),
        "never called": len(set(labels) - set(tally.called)),
        "not finished": sum(row.status != "finished" for row in held),
        "breaks in the journal": broken,
    }
