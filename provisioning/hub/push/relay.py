"""One reader of the events table per process, which hands every new event to the clients that listen for it.

It looks when this process has committed an event, and every POLL_SECONDS for what other processes have committed.
An event becomes bytes once and goes to all clients as the same object. A client's line is bounded: one that does not
keep up is let go and comes back with its Last-Event-ID, so the database replays what it missed.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import sqlalchemy as sa
from anyio import CapacityLimiter, to_thread

from provisioning.hub.engine import Database
from provisioning.hub.push.events import committed
from provisioning.hub.push.schema import event_counter, events
from provisioning.hub.statements import Prepared

POLL_SECONDS = 0.5
GATHER_SECONDS = 0.01
"""The least time between two looks: what is committed meanwhile is read together."""
BEAT_SECONDS = 0.25
PAGE = 250
LONGEST_LINE = 4 * PAGE
MOST_CLIENTS = 8000
REPLAYS_AT_ONCE = 4

log = logging.getLogger(__name__)


class Frame(NamedTuple):
    """One event as it goes over the wire."""

    cursor: int
    topic: str
    wire: bytes


class Client:
    """One listener's line of frames. `too_slow` is done once the line was full and the client is cut off.

    While it is `catching_up` from the database nothing is put in the line; that there was something is noted in
    `behind`.
    """

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self.over = False
        self.catching_up = False
        self.behind = False
        self._loop = asyncio.get_running_loop()
        self.too_slow: asyncio.Future[None] = self._loop.create_future()
        self._line: list[Frame] = []
        self._news: asyncio.Future[None] | None = None
        self._quiet_until = 0.0

    def offer(self, frame: Frame) -> None:
        """Put a frame in the line; where the line is full, this client is too slow and gets no more."""
        if self.over:
            return
        if self.catching_up:
            self.behind = True
            return
        if len(self._line) >= LONGEST_LINE:
            self.over = True
            self.too_slow.set_result(None)
            return
        self._line.append(frame)
        self.wake()

    def end(self) -> None:
        """No more frames, because the hub stops."""
        self.over = True
        self.wake()

    def wake(self) -> None:
        """Make `frames` return with what there is."""
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    def wake_if_quiet(self, now: float) -> None:
        """Make `frames` return if nothing was sent for the time it was given."""
        if now >= self._quiet_until:
            self.wake()

    async def frames(self, seconds: float) -> Sequence[Frame]:
        """What has come, at least one frame; nothing after about `seconds` of silence or at the end."""
        if not self._line and not self.over:
            # One timer for all clients looks at this; a timer for each would be half the cost of a broadcast. Not all
            # at the same moment, or the comments after a broadcast would be one, too.
            self._quiet_until = self._loop.time() + seconds * random.uniform(0.8, 1.0)
            self._news = self._loop.create_future()
            await self._news
        taken, self._line = self._line, []
        return taken


class Relay:
    """Reads events and hands them out. Run it with `run` in the application's lifespan."""

    def __init__(self, database: Database) -> None:
        self._written = database.writing
        self._engine = database.reading
        self._clients: set[Client] = set()
        self._listening: dict[str, set[Client]] = defaultdict(set)
        self._news = asyncio.Event()
        self._stopping = False
        self._last: int | None = None
        # Threads of their own: whatever else the hub is busy with, news are read at once.
        self._reading = CapacityLimiter(1)
        self._replaying = CapacityLimiter(REPLAYS_AT_ONCE)

    @property
    def full(self) -> bool:
        """Whether no more clients are taken."""
        return self._stopping or len(self._clients) >= MOST_CLIENTS

    @property
    def clients(self) -> int:
        """How many listen."""
        return len(self._clients)

    @contextmanager
    def client(self, topics: frozenset[str]) -> Iterator[Client]:
        """A client that gets every event of `topics` committed from now on."""
        client = Client(topics)
        self._clients.add(client)
        for topic in topics:
            self._listening[topic].add(client)
        try:
            yield client
        finally:
            self._clients.discard(client)
            for topic in topics:
                listening = self._listening[topic]
                listening.discard(client)
                if not listening:
                    del self._listening[topic]

    def stop(self) -> None:
        """Let every client go, so that the server can end."""
        self._stopping = True
        for client in self._clients:
            client.end()

    async def begin(self) -> None:
        """Learn where the events stand, before the first client comes: what is committed after it has come would else
        be taken for something from before. Where the database does not answer, `run` asks again."""
        with suppress(sa.exc.SQLAlchemyError):
            self._last = await to_thread.run_sync(self._newest, limiter=self._reading)

    async def run(self) -> None:
        """Hand out events until cancelled."""
        loop = asyncio.get_running_loop()

        def hint(connection: object, pooled: Any) -> None:
            del connection
            if committed(pooled.info):
                loop.call_soon_threadsafe(self._news.set)

        sa.event.listen(self._written, "checkin", hint)
        try:
            await asyncio.gather(self._relay(), self._beat())
        finally:
            sa.event.remove(self._written, "checkin", hint)

    async def replay(self, topics: frozenset[str], after: int) -> Sequence[Frame] | None:
        """The first PAGE events of `topics` above `after`; None where that cursor is not known (any more)."""
        return await to_thread.run_sync(self._replay, topics, after, limiter=self._replaying)

    async def newest(self) -> int:
        """The cursor of the newest event."""
        return await to_thread.run_sync(self._newest, limiter=self._replaying)

    async def _relay(self) -> None:
        last = self._last
        while True:
            self._news.clear()
            try:
                if last is None:
                    last = await to_thread.run_sync(self._newest, limiter=self._reading)
                more = True
                while more:
                    found = await to_thread.run_sync(self._after, last, limiter=self._reading)
                    self._hand_out(found)
                    more = len(found) == PAGE
                    last = found[-1].cursor if found else last
            except sa.exc.SQLAlchemyError as error:
                # Nothing is lost: the same events are read again as soon as the database answers.
                log.warning("events cannot be read: %s", type(error).__name__)
            await asyncio.sleep(GATHER_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._news.wait()

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            now = loop.time()
            for client in self._clients:
                client.wake_if_quiet(now)

    def _hand_out(self, frames: Iterable[Frame]) -> None:
        for frame in frames:
            for client in self._listening.get(frame.topic, ()):
                client.offer(frame)

    def _newest(self) -> int:
        with self._engine.connect() as connection:
            return newest_cursor(connection)

    def _after(self, cursor: int) -> list[Frame]:
        with self._engine.connect() as connection:
            return _frames(_AFTER.all(connection, {"after": cursor}))

    def _replay(self, topics: frozenset[str], after: int) -> list[Frame] | None:
        with self._engine.connect() as connection:
            if after and connection.scalar(_EXISTS, {"cursor": after}) is None:
                return None
            return _frames(connection.execute(_REPLAY, {"after": after, "topics": sorted(topics)}))


def newest_cursor(connection: sa.Connection) -> int:
    """The cursor of the newest event, 0 before the first: state read after this call holds all it told."""
    return connection.scalar(_NEWEST) or 0


_NEWEST = sa.select(event_counter.c.last)
_EXISTS = sa.select(events.c.cursor).where(events.c.cursor == sa.bindparam("cursor"))
_COLUMNS = (events.c.cursor, events.c.kind, events.c.audience, events.c.data)
_LATER = sa.select(*_COLUMNS).where(events.c.cursor > sa.bindparam("after")).order_by(events.c.cursor).limit(PAGE)
_AFTER = Prepared(_LATER)
_REPLAY = _LATER.where(events.c.audience.in_(sa.bindparam("topics", expanding=True)))


def _frames(rows: Iterable[Sequence[Any]]) -> list[Frame]:
    return [
        Frame(cursor, audience, f"id: {cursor}\nevent: {kind}\ndata: {data}\n\n".encode())
        for cursor, kind, audience, data in rows
    ]
