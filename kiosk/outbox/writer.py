"""The one thread that touches the database. Each job is one transaction; its result is given out after the commit."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import sqlalchemy as sa

from kiosk.outbox.disk import Reserve
from kiosk.outbox.errors import OutboxFullError, OutOfServiceError, disk_is_full

T = TypeVar("T")


class Writer:
    """Runs jobs one after the other. A full disk gives up the reserve and tries once more; any other failure of disk or
    database puts the store out of service until the next start."""

    def __init__(self, engine: sa.Engine, reserve: Reserve) -> None:
        self._engine = engine
        self._reserve = reserve
        self._thread = ThreadPoolExecutor(1, "outbox-writer")
        self.broken = ""
        """Why the store is out of service; empty while it works."""

    def run(self, job: Callable[[sa.Connection], T]) -> T:
        """The result of `job` once its transaction is durable. Raises what `job` raises (then nothing was changed),
        OutboxFullError, OutOfServiceError."""
        try:
            waiting = self._thread.submit(self._guarded, job)
        except RuntimeError as error:
            raise OutOfServiceError("the outbox is closed") from error
        return waiting.result()

    def fail(self, reason: str) -> OutOfServiceError:
        """Put the store out of service; the error to raise."""
        self.broken = self.broken or reason
        return OutOfServiceError(self.broken)

    def _guarded(self, job: Callable[[sa.Connection], T]) -> T:
        if self.broken:
            raise OutOfServiceError(self.broken)
        try:
            try:
                return self._transaction(job)
            except sa.exc.DBAPIError as error:
                if not disk_is_full(error) or not self._reserve.release():
                    raise
                return self._transaction(job)
        except sa.exc.IntegrityError:
            raise  # the statement was refused, the disk is well
        except sa.exc.DBAPIError as error:
            if disk_is_full(error):
                raise OutboxFullError("the disk is full") from error
            raise self.fail(f"database: {error.orig}") from error

    def _transaction(self, job: Callable[[sa.Connection], T]) -> T:
        with self._engine.begin() as connection:
            return job(connection)

    def close(self) -> None:
        """Finish what is waiting and close the database."""
        self._thread.shutdown(wait=True)
        self._engine.dispose()
