"""Stepping the messenger on a manual clock, and what must be true when it has come to rest."""

from __future__ import annotations

from uuid import UUID

from kiosk.agent.core import Agent
from kiosk.audit.journal import check_chain, entries
from kiosk.clock import ManualClock
from kiosk.court.sealing import unseal
from kiosk.outbox.schema import submission
from kiosk.outbox.states import State
from tests.outbox.filings import NUMBER
from tests.outbox.stub_hub import StubHub

PATIENCE = 400


def drain(agent: Agent, clock: ManualClock, steps: int = PATIENCE) -> int:
    """Step the messenger, moving the clock over its pauses; how many filings still wait at the end."""
    for _ in range(steps):
        clock.advance(agent._worker.step())
        if agent.outbox.counts().undelivered == 0:
            return 0
    return agent.outbox.counts().undelivered


def beat(agent: Agent, clock: ManualClock) -> None:
    """Let heartbeats pass for two minutes."""
    end = clock.monotonic() + 120
    while clock.monotonic() < end:
        clock.advance(max(0.01, agent._worker.step()))


def state(agent: Agent, submission_id: UUID) -> State:
    query = submission.select().where(submission.c.submission_id == str(submission_id))
    return State(agent.outbox.run(lambda c: c.execute(query).one()).state)


def once_and_whole(hub: StubHub, agent: Agent) -> None:
    """Every blob at the hub opens, and no submission is there under two ids or numbers."""
    numbers = [manifest.receipt_no for manifest in hub.stored.manifests.values()]
    assert len(set(numbers)) == len(numbers)
    for manifest in hub.stored.manifests.values():
        opened = [unseal(hub.stored.blobs[blob.sha256], hub.sealing) for blob in manifest.blobs]
        assert all(NUMBER.encode() in plain for plain in opened)
    agent.outbox.run(lambda c: check_chain(entries(c)))
