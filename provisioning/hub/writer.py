"""One writer with group commit: many jobs, one transaction, one fsync.

Every change of the hub's database is a job, a function of a connection. A thread takes what is waiting (at most
`BATCH` jobs), runs them and commits once; a job's result is given out only after the commit. A job that fails takes
nothing of the others with it: where one of a batch fails, the batch is rolled back and run again, each job inside a
savepoint. So a job may run more than once before it is committed, and changes nothing but the database (the sweep,
whose job erases files, remembers from one run to the next what it erased).
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

T = TypeVar("T")
Job = Callable[[sa.Connection], T]

BATCH = 64
ATTEMPTS_ALONE = 3


class WriterClosedError(Exception):
    """The writer has been closed; the job was not run."""


class _Work(Generic[T]):
    """A job and the future of its result; `awaited` is that of a task that waits for it."""

    def __init__(self, job: Job[T], awaited: asyncio.Future[T] | None = None) -> None:
        self.job = job
        self.done: Future[T] = Future()
        self.awaited = awaited
        self.result: T
        self.again = False

    def run(self, connection: sa.Connection) -> None:
        self.result = self.job(connection)


class Writer:
    """The only place where the hub's database is changed. Start it with `start`, end it with `close`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._waiting: queue.SimpleQueue[_Work[Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="hub-writer", daemon=True)
        self._closed = False

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Finish what is waiting, then stop. Jobs given later are refused."""
        if not self._closed:
            self._closed = True
            self._waiting.put(None)
            self._thread.join()

    def submit(self, job: Job[T]) -> Future[T]:
        """Hand in `job`; the future ends after the commit. Raises WriterClosedError after `close`."""
        return self._hand_in(_Work(job)).done

    async def run(self, job: Job[T]) -> T:
        """Hand in `job` and wait for the commit. Raises WriterClosedError after `close`."""
        awaited: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._hand_in(_Work(job, awaited))
        return await awaited

    def _hand_in(self, work: _Work[T]) -> _Work[T]:
        if self._closed:
            raise WriterClosedError
        self._waiting.put(work)
        return work

    def _work(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, stop = [first], False
            while len(batch) < BATCH:
                try:
                    following = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    stop = True
                    break
                batch.append(following)
            self._commit(batch)
            _hand_back(batch)
            if stop:
                return

    def _commit(self, batch: list[_Work[Any]]) -> None:
        if len(batch) == 1:
            self._run_alone(batch[0])
        elif not self._run_together(batch):
            self._run_each(batch)

    def _run_together(self, batch: list[_Work[Any]]) -> bool:
        """Without savepoints, which on PostgreSQL are two more round trips for each job; False where a job failed."""
        try:
            with self._engine.begin() as connection:
                for work in batch:
                    work.run(connection)
        except Exception:  # noqa: BLE001 - whatever it is, it happens again inside a savepoint and is told there
            return False
        for work in batch:
            work.done.set_result(work.result)
        return True

    def _run_each(self, batch: list[_Work[Any]]) -> None:
        try:
            with self._engine.begin() as connection:
                for work in batch:
                    self._run_one(work, connection)
        except sa.exc.DBAPIError:
            # The transaction as a whole failed (deadlock with another hub process, lost connection, full disk): each
            # job gets its own transaction, so that one of them cannot fail the others.
            for work in batch:
                if not work.done.done():
                    work.again = True
        for work in batch:
            if work.again:
                self._run_alone(work)
            elif not work.done.done():
                work.done.set_result(work.result)

    @staticmethod
    def _run_one(work: _Work[Any], connection: sa.Connection) -> None:
        try:
            with connection.begin_nested():
                work.run(connection)
        except (sa.exc.IntegrityError, sa.exc.OperationalError):
            # Another hub process may have written the same row first: run it again and it will see that row.
            work.again = True
        except Exception as error:  # noqa: BLE001 - whatever a job raises belongs to whoever handed it in
            work.done.set_exception(error)

    def _run_alone(self, work: _Work[Any]) -> None:
        for attempt in range(1, ATTEMPTS_ALONE + 1):
            try:
                with self._engine.begin() as connection:
                    work.run(connection)
            except (sa.exc.IntegrityError, sa.exc.OperationalError) as error:
                if attempt == ATTEMPTS_ALONE:
                    work.done.set_exception(error)
            except Exception as error:  # noqa: BLE001 - whatever a job raises belongs to whoever handed it in
                work.done.set_exception(error)
                return
            else:
                work.done.set_result(work.result)
                return


def _hand_back(batch: Iterable[_Work[Any]]) -> None:
    """Wake the tasks that wait for these jobs, each event loop once."""
    of_loop: defaultdict[asyncio.AbstractEventLoop, list[_Work[Any]]] = defaultdict(list)
    for work in batch:
        if work.awaited is not None:
            of_loop[work.awaited.get_loop()].append(work)
    for loop, works in of_loop.items():
        with suppress(RuntimeError):  # the loop has ended, and with it whoever waited
            loop.call_soon_threadsafe(_tell, works)


def _tell(works: Iterable[_Work[Any]]) -> None:
    for work in works:
        if work.awaited is None or work.awaited.done():  # whoever waited went away
            continue
        if (error := work.done.exception()) is not None:
            work.awaited.set_exception(error)
        else:
            work.awaited.set_result(work.done.result())
