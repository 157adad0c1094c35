"""The step after receiving: open each new envelope once and note what lists and queries need.

A bad envelope harms nothing: the submission stays received, its state becomes "needs a person", and an alarm says so.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa

from kiosk.clock import Clock
from kiosk.court.envelope import Envelope
from kiosk.court.sealing import CourtPrivateKey
from provisioning.hub.alarms import AlarmKind, raise_alarm
from provisioning.hub.blobs import BlobStore
from provisioning.hub.engine import Database
from provisioning.hub.papers import PaperError, PaperProblem, open_envelope, papers_of
from provisioning.hub.personal import PersonalIndex, summarise
from provisioning.hub.receive import IndexState
from provisioning.hub.schema import identity_index, submissions
from provisioning.hub.writer import Job, Writer

BATCH = 32
IDENTITY_FIELD = "id_number"

log = logging.getLogger(__name__)


class Indexer:
    """Works off what waits; several hub processes may do so at once."""

    def __init__(
        self,
        *,
        database: Database,
        writer: Writer,
        store: BlobStore,
        key: CourtPrivateKey,
        personal: PersonalIndex,
        clock: Clock,
    ) -> None:
        self._database = database
        self._writer = writer
        self._store = store
        self._key = key
        self._personal = personal
        self._clock = clock

    def step(self) -> int:
        """Index what waits, at most BATCH submissions; returns how many. Blocks, so it belongs in a thread."""
        waiting = (
            sa.select(submissions.c.submission_id, submissions.c.terminal)
            .where(submissions.c.index_state == IndexState.WAITING.value)
            .order_by(submissions.c.received)
            .limit(BATCH)
        )
        found = self._database.read(lambda connection: connection.execute(waiting).all())
        # All handed in before the first is waited for, so that they share one commit.
        for done in [self._writer.submit(self._job(row.submission_id, row.terminal)) for row in found]:
            done.result()
        return len(found)

    def _job(self, submission_id: str, terminal: str) -> Job[None]:
        try:
            papers = self._database.read(lambda connection: papers_of(connection, submission_id))
            envelope = open_envelope(self._store, self._key, papers, submission_id)
        except PaperError as error:
            log.warning("envelope of %s: %s", submission_id, error.problem.value)
            return self._doubt(submission_id, terminal, error.problem)
        return self._store_index(submission_id, envelope)

    def _store_index(self, submission_id: str, envelope: Envelope) -> Job[None]:
        summary = self._personal.seal(summarise(envelope), submission_id)
        macs = {self._personal.mac(number) for number in _identity_numbers(envelope)}

        def job(connection: sa.Connection) -> None:
            changed = connection.execute(
                _waiting_row(submission_id).values(
                    index_state=IndexState.INDEXED.value,
                    index_problem=None,
                    cause_name=envelope.cause_name,
                    summary=summary,
                )
            )
            if changed.rowcount:
                for mac in sorted(macs):
                    connection.execute(sa.insert(identity_index).values(mac=mac, submission_id=submission_id))

        return job

    def _doubt(self, submission_id: str, terminal: str, problem: PaperProblem) -> Job[None]:
        now = self._clock.now()

        def job(connection: sa.Connection) -> None:
            changed = connection.execute(
                _waiting_row(submission_id).values(
                    index_state=IndexState.NEEDS_PERSON.value, index_problem=problem.value
                )
            )
            if changed.rowcount:
                raise_alarm(
                    connection,
                    at=now,
                    kind=AlarmKind.UNREADABLE,
                    terminal=terminal,
                    submission_id=submission_id,
                    detail=problem.value,
                )

        return job


def try_again(connection: sa.Connection, submission_id: str) -> bool:
    """Put a submission that needs a person back in the line, after its key or blob was brought back."""
    changed = connection.execute(
        sa.update(submissions)
        .where(
            submissions.c.submission_id == submission_id,
            submissions.c.index_state == IndexState.NEEDS_PERSON.value,
        )
        .values(index_state=IndexState.WAITING.value)
    )
    return changed.rowcount == 1


def _waiting_row(submission_id: str) -> sa.Update:
    return sa.update(submissions).where(
        submissions.c.submission_id == submission_id, submissions.c.index_state == IndexState.WAITING.value
    )


def _identity_numbers(envelope: Envelope) -> set[str]:
    """The number of whoever filed, and those of the plaintiffs' side; never a defendant's."""
    numbers = {envelope.identity_number} if envelope.identity_number else set()
    for party in envelope.parties:
        number = party.fields.get(IDENTITY_FIELD)
        if party.role in ("plaintiff", "agent", "representative") and isinstance(number, str) and number:
            numbers.add(number)
    return numbers
