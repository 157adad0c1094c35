"""Sweeping what no submission needs: uploads that were never finished, and blobs of which no submission speaks.

A terminal keeps its sealed copy of a filing until the hub reports it inside a backup (docs/decisions/0004), so nothing
that is swept is ever the last copy: a terminal that comes back finds its blobs missing and sends them again. The age
keeps the sweep away from whatever a terminal may still be about to finish:

* Only what lay untouched for `older_than` goes, and that is at least `LEAST_AGE`.
* Nothing goes before the hub's epoch is that old: after a restore every terminal first offers its filings again.
* A blob goes only under the lock that `receive` shares, so that a submission either finds all its blobs and keeps
  them, or is told which ones to send again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

import sqlalchemy as sa

from kiosk.clock import Clock
from provisioning.hub import journal
from provisioning.hub.blobs import BlobStore
from provisioning.hub.data import DataDirectory, DataError
from provisioning.hub.safety import current_epoch
from provisioning.hub.schema import read_setting, submission_blobs, write_setting
from provisioning.hub.turns import Turn, take_turn
from provisioning.hub.writer import Job

T = TypeVar("T")

LEAST_AGE = timedelta(hours=72)
"""Terminals keep even a filing that is safe for so long (`retention.sealed_hours` of their configuration)."""

USUAL_AGE = timedelta(days=30)
EVERY = timedelta(days=1)
LAST_SWEEP = "last_sweep"
AT_ONCE = 200
"""Blobs looked at in one transaction, so that whoever files meanwhile waits only moments."""


class Transact(Protocol):
    """Runs a job in a transaction of the hub's database and returns its result after the commit."""

    def __call__(self, job: Job[T], /) -> T: ...


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What was erased: unfinished uploads, whole blobs, and the bytes of both."""

    uploads: int = 0
    blobs: int = 0
    bytes: int = 0

    def __add__(self, other: SweepReport) -> SweepReport:
        return SweepReport(self.uploads + other.uploads, self.blobs + other.blobs, self.bytes + other.bytes)


def hold_blobs(connection: sa.Connection, *, alone: bool = False) -> None:
    """Until the transaction ends no sweep takes a blob away; with `alone`, nobody else relies on one meanwhile. On
    SQLite a transaction that writes is alone already."""
    take_turn(connection, Turn.BLOBS, shared=not alone)


def require_age(older_than: timedelta) -> timedelta:
    """`older_than`, if a sweep may use it. Raises DataError."""
    if older_than < LEAST_AGE:
        raise DataError(f"what is younger than {LEAST_AGE.days} days may still be completed by a terminal")
    return older_than


def claim_daily(connection: sa.Connection, now: datetime) -> bool:
    """Whether today's sweep is still to be done; then it is the caller's, and no other hub process does it too."""
    last = read_setting(connection, LAST_SWEEP)
    if last is not None and timedelta(0) <= now - datetime.fromisoformat(last) < EVERY:
        return False
    write_setting(connection, LAST_SWEEP, now.isoformat())
    return True


def sweep(
    data: DataDirectory, store: BlobStore, transact: Transact, *, older_than: timedelta, clock: Clock
) -> SweepReport:
    """Erase what lay untouched for `older_than` and belongs to no submission. The hub may go on serving.

    Raises DataError for an age below LEAST_AGE, and where `data` was last served with another database, whose
    submissions would not be found in this one; StoreUnavailableError where the disk fails.
    """
    now = clock.now()
    before = now - require_age(older_than)
    epoch, began = transact(_epoch)
    if data.served_epoch() != epoch:
        raise DataError(f"{data.root} was last served with another database; name that one")
    if began > before:
        return SweepReport()
    limit = before.timestamp()
    freed = [store.discard_part(part, limit) for part in store.parts_before(limit)]
    report = SweepReport(uploads=sum(size is not None for size in freed), bytes=sum(size or 0 for size in freed))
    if report.uploads:
        transact(lambda connection: _write_down(connection, report, older_than, now))
    hashes = store.blobs_before(limit)
    for begin in range(0, len(hashes), AT_ONCE):
        some = hashes[begin : begin + AT_ONCE]
        job = partial(_sweep_blobs, store=store, hashes=some, erased={}, limit=limit, older_than=older_than, now=now)
        report += transact(job)
    return report


def _epoch(connection: sa.Connection) -> tuple[str, datetime]:
    epoch = current_epoch(connection)
    return epoch, journal.first_of(connection, chain=journal.HUB_CHAIN, action="epoch", subject=epoch)


def _sweep_blobs(
    connection: sa.Connection,
    *,
    store: BlobStore,
    hashes: list[str],
    erased: dict[str, int],
    limit: float,
    older_than: timedelta,
    now: datetime,
) -> SweepReport:
    """A file that was erased stays erased where the transaction is rolled back and the job runs again: `erased` keeps
    its size from one run to the next, so that the journal tells of it."""
    hold_blobs(connection, alone=True)
    column = submission_blobs.c.sha256
    wanted = set(connection.scalars(sa.select(column).where(column.in_(hashes))))
    for sha256 in hashes:
        if sha256 not in wanted and (size := store.discard_blob(sha256, limit)) is not None:
            erased[sha256] = size
    report = SweepReport(blobs=len(erased), bytes=sum(erased.values()))
    if report.blobs:
        _write_down(connection, report, older_than, now)
    return report


def _write_down(connection: sa.Connection, report: SweepReport, older_than: timedelta, now: datetime) -> None:
    journal.append(
        connection,
        chain=journal.HUB_CHAIN,
        at=now,
        actor="hub",
        action="swept",
        subject="blobs" if report.blobs else "uploads",
        detail={
            "blobs": report.blobs,
            "uploads": report.uploads,
            "bytes": report.bytes,
            "older_than_days": older_than.days,
        },
    )
