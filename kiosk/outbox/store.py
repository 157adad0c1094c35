"""The outbox as its callers see it. Only after `commit` has returned may a screen, a slip or a log say "received"."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from kiosk.audit.journal import AuditKind, append
from kiosk.clock import Clock
from kiosk.court.secret_file import sync_directory
from kiosk.outbox import commit as committing
from kiosk.outbox import delivery, slips
from kiosk.outbox.blobs import BlobStore
from kiosk.outbox.disk import START_LIMIT, Reserve, free_bytes, fsync_seconds
from kiosk.outbox.engine import open_engine
from kiosk.outbox.errors import OutboxFullError, OutboxInUseError, OutOfServiceError, disk_is_full
from kiosk.outbox.filing import Committed, Counts, LocalCase, Reservation, SealedFiling, Sender
from kiosk.outbox.schema import print_job, submission
from kiosk.outbox.sqlcipher import EngineFacts
from kiosk.outbox.states import State
from kiosk.outbox.terminal_key import FileKeyStore, TerminalKeyStore
from kiosk.outbox.writer import Writer

T = TypeVar("T")


class Outbox:
    """One data folder, opened by one process. Methods may be called from any thread."""

    def __init__(self, directory: Path, clock: Clock, lock: int, writer: Writer, facts: EngineFacts) -> None:
        self.directory = directory
        self.facts = facts
        self.fsync_seconds = fsync_seconds(directory)
        self._clock = clock
        self._lock = lock
        self._writer = writer
        self._reserve = Reserve(directory)
        self.blobs = BlobStore(directory / "blobs")

    @classmethod
    def open(cls, directory: Path, clock: Clock, keys: TerminalKeyStore | None = None) -> Outbox:
        """Open the outbox in `directory`, made if it is not there, after checking engine, database and disk.

        What a crash left over is cleared: files no filing owns, receipt numbers no filing took.
        Raises OutboxInUseError, UnsafeEngineError, OutboxDamagedError, SecretFileError, OSError.
        """
        if not directory.is_dir():
            directory.mkdir(mode=0o700, parents=True)
            sync_directory(directory.parent)
        lock = _lock(directory)
        try:
            key = (keys or FileKeyStore(directory / "terminal.key")).key()
            engine, facts = open_engine(directory / "outbox.db", key)
            reserve = Reserve(directory)
            outbox = cls(directory, clock, lock, Writer(engine, reserve), facts)
            reserve.take()
            outbox._clear_leftovers()
        except BaseException:
            os.close(lock)
            raise
        return outbox

    def _clear_leftovers(self) -> None:
        def clear(connection: sa.Connection) -> set[str]:
            now = self._clock.now()
            committing.release_unused(connection, now)
            append(connection, now, AuditKind.STARTED, {"sqlite": self.facts.sqlite, "cipher": self.facts.cipher})
            return delivery.kept_blobs(connection)

        self.blobs.erase_all_but(self.run(clear))

    def run(self, job: Callable[[sa.Connection], T]) -> T:
        """One transaction of the functions in delivery.py and slips.py; its result once durable."""
        return self._writer.run(job)

    @property
    def out_of_service(self) -> str:
        """Why nothing is accepted any more; empty while all is well."""
        return self._writer.broken

    @property
    def accepting(self) -> bool:
        """Whether a new filing may be begun. One that was begun is always tried."""
        return not self.out_of_service and free_bytes(self.directory) >= START_LIMIT

    def reserve_receipt(self, submission_id: UUID, terminal: str) -> Reservation:
        """The receipt number that this filing will carry. Raises OutboxFullError, OutOfServiceError."""
        return self.run(lambda c: committing.reserve(c, submission_id, terminal, self._clock.now()))

    def drop_reservation(self, submission_id: UUID) -> None:
        """The person gave up: the number stays unused, and the journal says so."""
        self.run(lambda c: committing.release_unused(c, self._clock.now(), submission_id))

    def find(self, submission_id: UUID) -> Committed | None:
        """The filing of that id, if it was committed."""
        return self.run(lambda c: committing.committed(c, submission_id))

    def commit(self, filing: SealedFiling, sender: Sender) -> Committed:
        """Make `filing` durable, exactly once: a filing of that id that is here already is returned as it is.

        Raises NotReservedError; OutboxFullError and OutOfServiceError, after which the filing may not be called
        received (a restart tells whether it is).
        """
        before = self.find(filing.submission_id)
        if before is not None:
            return before
        blobs = {part.sha256: part.sealed for part in filing.parts}
        self._put(blobs)

        def write(connection: sa.Connection) -> Committed:
            # Two windows cannot file the same id, but a nervous finger can ask twice.
            twin = committing.committed(connection, filing.submission_id)
            return twin or committing.commit(connection, filing, sender, self._clock.now())

        result = self.run(write)
        if result.already:
            self.blobs.erase(blobs)
        return result

    def _put(self, blobs: dict[str, bytes]) -> None:
        if self.out_of_service:
            raise OutOfServiceError(self.out_of_service)
        try:
            try:
                self.blobs.put(blobs)
            except OSError as error:
                if not disk_is_full(error) or not self._reserve.release():
                    raise
                self.blobs.put(blobs)
        except OSError as error:
            if disk_is_full(error):
                raise OutboxFullError("the disk is full") from error
            raise self._writer.fail(f"disk: {errno.errorcode.get(error.errno or 0, 'error')}") from error

    def purge(self, keep: timedelta) -> int:
        """Erase the payload of filings that are safe and older than `keep`; how many blobs went."""
        now = self._clock.now()
        hashes = self.run(lambda c: delivery.purge(c, now - keep, now))
        if hashes:
            self.blobs.erase(hashes)
            self._reserve.take()
        return len(hashes)

    def local_case(self, receipt_no: str) -> LocalCase | None:
        """What this terminal itself knows of a receipt number."""

        def read(connection: sa.Connection) -> LocalCase | None:
            row = connection.execute(sa.select(submission).where(submission.c.receipt_no == receipt_no)).first()
            if row is None:
                return None
            manifest = delivery.read_manifest(row.manifest)
            return LocalCase(
                row.receipt_no,
                State(row.state),
                datetime.fromisoformat(row.received_at),
                row.cause_name,
                manifest.handling_court,
                manifest.competent_court,
            )

        return self.run(read)

    def undelivered(self) -> int:
        """How many filings the court has not acknowledged; quick however many rows there are."""
        return self.run(delivery.count_undelivered)

    def counts(self) -> Counts:
        """How full the outbox is."""

        def read(connection: sa.Connection) -> Counts:
            def count(*conditions: sa.ColumnElement[bool]) -> int:
                query = sa.select(sa.func.count()).select_from(submission).where(*conditions)
                return connection.execute(query).scalar_one()

            oldest = delivery.waiting(connection, 1)
            jobs = sa.select(sa.func.count()).where(print_job.c.state.in_([s.value for s in slips.UNSETTLED]))
            return Counts(
                delivery.count_undelivered(connection),
                count(submission.c.state == State.ATTENTION.value),
                oldest[0].committed_at if oldest else None,
                connection.execute(jobs).scalar_one(),
                count(submission.c.shown_at.is_(None)),
                connection.execute(sa.select(sa.func.max(submission.c.sequence))).scalar() or 0,
            )

        return self.run(read)

    def close(self) -> None:
        """Finish and let go of the folder."""
        self._writer.close()
        os.close(self._lock)


def _lock(directory: Path) -> int:
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise OutboxInUseError(f"{directory.name} is open in another process") from error
    return descriptor
