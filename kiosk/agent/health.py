"""The agent's own condition, for the readiness report."""

from __future__ import annotations

from kiosk.agent.core import Agent
from kiosk.agent.messages import Health
from kiosk.clock import Clock
from kiosk.outbox.disk import HONEST_FSYNC_SECONDS, free_bytes
from kiosk.outbox.filing import Counts


def report(request: str, agent: Agent, clock: Clock) -> Health:
    """Everything the agent knows of itself. Raises OutboxError where the store fails while it is asked."""
    outbox, status = agent.outbox, agent.status()
    counts = agent.counts() or Counts(0, 0, None, 0, 0, 0)
    waiting = clock.now() - counts.oldest_waiting if counts.oldest_waiting else None
    return Health(
        request,
        engine=outbox.facts.sqlite,
        cipher=outbox.facts.cipher,
        disk_trusted=outbox.fsync_seconds >= HONEST_FSYNC_SECONDS,
        fsync_microseconds=outbox.fsync_seconds * 1e6,
        free_bytes=free_bytes(outbox.directory),
        accepting=status.accepting,
        out_of_service=outbox.out_of_service,
        hub=status.hub,
        hub_detail=status.hub_detail,
        queue_depth=counts.undelivered,
        oldest_waiting_seconds=waiting.total_seconds() if waiting else 0.0,
        attention=counts.attention,
        unsettled_slips=counts.unsettled_slips,
        unshown_receipts=counts.unshown_receipts,
    )
