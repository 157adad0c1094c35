"""The agent's own condition, for the readiness report."""

from __future__ import annotations

from datetime import datetime

from kiosk.agent.core import Agent
from kiosk.agent.messages import Health
from kiosk.clock import Clock
from kiosk.outbox import ratings, unresolved
from kiosk.outbox.disk import HONEST_FSYNC_SECONDS, free_bytes
from kiosk.outbox.filing import Counts
from kiosk.outbox.ratings import Backlog


def report(request: str, agent: Agent, clock: Clock) -> Health:
    """Everything the agent knows of itself. Raises OutboxError where the store fails while it is asked."""
    outbox, status = agent.outbox, agent.status()
    counts = agent.counts() or Counts(0, 0, None, 0, 0, 0)
    nothing = Backlog(0, None, 0)
    rated = nothing if outbox.out_of_service else outbox.run(ratings.backlog)
    reported = nothing if outbox.out_of_service else outbox.run(unresolved.backlog)
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
        oldest_waiting_seconds=_seconds_since(counts.oldest_waiting, clock),
        attention=counts.attention,
        unsettled_slips=counts.unsettled_slips,
        unshown_receipts=counts.unshown_receipts,
        ratings_waiting=rated.waiting,
        oldest_rating_seconds=_seconds_since(rated.oldest, clock),
        ratings_refused=rated.refused,
        unresolved_waiting=reported.waiting,
        oldest_unresolved_seconds=_seconds_since(reported.oldest, clock),
        unresolved_refused=reported.refused,
    )


def _seconds_since(moment: datetime | None, clock: Clock) -> float:
    """How long ago that was; 0 where there is no such moment, or the clock was set back meanwhile."""
    return max(0.0, (clock.now() - moment).total_seconds()) if moment is not None else 0.0
