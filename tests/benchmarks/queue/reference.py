"""The yardstick: issuing and calling on the bare database, with nothing around it.

One counter row and one table with the same three walls (number, request, one ticket at a window), one transaction per
operation, and the hub's durability: SQLCipher in WAL mode with synchronous=FULL, PostgreSQL with its defaults (fsync
and synchronous_commit on). SQLite has one writer, so its clients share one connection; on PostgreSQL each has its own.
There is no signature, no session, no event, no record of the visit and no HTTP.
"""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

import psycopg

from kiosk.outbox.sqlcipher import connect

T = TypeVar("T")

_TABLES = (
    "CREATE TABLE counters (day text, queue text, last integer NOT NULL, PRIMARY KEY (day, queue))",
    "CREATE TABLE tickets (id bigint PRIMARY KEY, request text UNIQUE NOT NULL, day text NOT NULL, "
    'queue text NOT NULL, number integer NOT NULL, status text NOT NULL, rank bigint NOT NULL, "window" integer, '
    "UNIQUE (day, queue, number))",
    "CREATE INDEX waiting ON tickets (day, queue, rank, id) WHERE status = 'waiting'",
    "CREATE UNIQUE INDEX at_window ON tickets (day, \"window\") WHERE status = 'called'",
)
_COUNT = (
    "INSERT INTO counters VALUES (?, 'A', 1) ON CONFLICT (day, queue) DO UPDATE SET last = counters.last + 1 "
    "RETURNING last"
)
_COUNT_AND_STORE = (
    "WITH counted AS (INSERT INTO counters VALUES (%s, 'A', 1) ON CONFLICT (day, queue) "
    "DO UPDATE SET last = counters.last + 1 RETURNING last) "
    "INSERT INTO tickets SELECT %s, %s, %s, 'A', last, 'waiting', %s, NULL FROM counted RETURNING number"
)
_STORE = "INSERT INTO tickets VALUES (?, ?, ?, 'A', ?, 'waiting', ?, NULL)"
_CALL = (
    "UPDATE tickets SET status = 'called', \"window\" = {0} WHERE id = (SELECT id FROM tickets WHERE day = {0} AND "
    "queue = 'A' AND status = 'waiting' ORDER BY rank, id LIMIT 1{1}) RETURNING number"
)
_FINISH = "UPDATE tickets SET status = 'finished' WHERE day = {0} AND \"window\" = {0} AND status = 'called'"
_OLD = "INSERT INTO tickets SELECT -n, 'old-' || n, 'day' || (n % 300), 'A', n / 300 + 1, 'finished', n, 1 FROM {0}"
_SERIES = {
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {0}) SELECT n FROM s)",
    "postgresql": "generate_series(1, {0}) AS s(n)",
}
DAY = "today"


class Bare(Protocol):
    """The same three operations on either engine; `client` counts from 0."""

    def issue(self, client: int) -> int:
        """A number."""
        ...

    def call(self, client: int) -> int | None:
        """The next number, to the client's window; None where nobody waits."""
        ...

    def finish(self, client: int) -> None:
        """The window is free."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class BareSqlite:
    """SQLCipher, one connection, one transaction at a time."""

    def __init__(self, folder: Path, old: int) -> None:
        self._connection: Any = connect(folder / "reference.db", secrets.token_bytes(32), busy_milliseconds=10_000)[0]
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        for statement in _TABLES:
            self._connection.execute(statement)
        if old:
            self._connection.execute(_OLD.format(_SERIES["sqlite"].format(old)))

    def issue(self, client: int) -> int:
        """Count, then store."""
        del client
        with self._lock:
            execute, ticket = self._connection.execute, next(self._ids)
            execute("BEGIN IMMEDIATE")
            (number,) = execute(_COUNT, (DAY,)).fetchone()
            execute(_STORE, (ticket, secrets.token_hex(16), DAY, number, time.time_ns()))
            execute("COMMIT")
        return int(number)

    def call(self, client: int) -> int | None:
        """One statement."""
        with self._lock:
            row = self._connection.execute(_CALL.format("?", ""), (client, DAY)).fetchall()
        return row[0][0] if row else None

    def finish(self, client: int) -> None:
        """One statement."""
        with self._lock:
            self._connection.execute(_FINISH.format("?"), (DAY, client))

    def close(self) -> None:
        """Close it."""
        self._connection.close()


class BarePostgres:
    """A connection for each client, statements prepared by the driver."""

    def __init__(self, url: str, clients: int, old: int) -> None:
        self._connections = [psycopg.connect(url, autocommit=True, prepare_threshold=1) for _ in range(clients)]
        self._ids = itertools.count(1)
        first = self._connections[0]
        for statement in _TABLES:
            first.execute(statement.encode())
        if old:
            first.execute(_OLD.format(_SERIES["postgresql"].format(old)).encode())
            first.execute("ANALYZE")

    def issue(self, client: int) -> int:
        """Count and store in one statement."""
        given = (DAY, next(self._ids), secrets.token_hex(16), DAY, time.time_ns())
        row = self._connections[client].execute(_COUNT_AND_STORE.encode(), given).fetchone()
        assert row is not None
        return int(row[0])

    def call(self, client: int) -> int | None:
        """One statement, passing by what another call is taking."""
        text = _CALL.format("%s", " FOR UPDATE SKIP LOCKED").encode()
        row = self._connections[client].execute(text, (client, DAY)).fetchone()
        return row[0] if row else None

    def finish(self, client: int) -> None:
        """One statement."""
        self._connections[client].execute(_FINISH.format("%s").encode(), (DAY, client))

    def close(self) -> None:
        """Close them."""
        for connection in self._connections:
            connection.close()


def measure(bare: Bare, *, clients: int, count: int) -> tuple[float, float]:
    """Issues and calls per second: `count` of each by `clients`, calls in turns as in `load`. Raises AssertionError
    where a number was given twice or left out: then it is no yardstick."""
    with ThreadPoolExecutor(clients) as pool:

        def all_at_once(what: Callable[[int], T]) -> Sequence[T]:
            return list(pool.map(what, range(clients)))

        all_at_once(lambda _: time.sleep(0.001))  # so that every thread is there
        shares = [count // clients + (client < count % clients) for client in range(clients)]
        begin = time.perf_counter()
        given = all_at_once(lambda client: [bare.issue(client) for _ in range(shares[client])])
        issuing = time.perf_counter() - begin
        calling, called = 0.0, list[int]()
        while True:
            begin = time.perf_counter()
            found = [number for number in all_at_once(bare.call) if number is not None]
            if not found:
                break
            calling += time.perf_counter() - begin
            called += found
            all_at_once(bare.finish)
    numbers = sorted(number for part in given for number in part)
    assert numbers == list(range(1, count + 1))
    assert sorted(called) == numbers
    return count / issuing, count / calling
