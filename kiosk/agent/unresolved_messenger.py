"""Carries reports of what could not be got done to the hub, each once; a person may wait a moment for its number."""

from __future__ import annotations

import random
import threading
from uuid import UUID

from kiosk.agent.messenger import Messenger
from kiosk.clock import Clock
from kiosk.court.client import HubClient
from kiosk.outbox import unresolved
from kiosk.outbox.store import Outbox
from kiosk.outbox.unresolved import WaitingReport


class UnresolvedMessenger(Messenger[WaitingReport]):
    """The reports of one terminal. The hub gives the same report the same number, so that one whose answer was lost is
    simply sent again."""

    name = "unresolved"

    def __init__(self, outbox: Outbox, client: HubClient, clock: Clock, rng: random.Random | None = None) -> None:
        super().__init__(outbox, client, clock, rng)
        self._awaited: set[UUID] = set()
        self._changed = threading.Condition()

    def bring(self, report_id: UUID, seconds: float) -> None:
        """Try this report at once, and return when it was tried or after `seconds`."""
        with self._changed:
            self._awaited.add(report_id)
        self.notify()
        with self._changed:
            self._changed.wait_for(lambda: report_id not in self._awaited, seconds)
            self._awaited.discard(report_id)

    def undelivered(self, limit: int) -> list[WaitingReport]:
        """Reports the hub does not have; those somebody waits for go first."""
        waiting = self._outbox.run(lambda c: unresolved.waiting(c, limit))
        with self._changed:
            return sorted(waiting, key=lambda one: one.report_id not in self._awaited)

    def key(self, one: WaitingReport) -> UUID:
        """The report's id."""
        return one.report_id

    def deliver(self, one: WaitingReport) -> None:
        """The hub's number is written down; the report is erased."""
        taken = self._client.report_unresolved(one.report)
        self._outbox.run(lambda c: unresolved.delivered(c, taken, self._clock.now()))

    def refused(self, one: WaitingReport, reason: str) -> None:
        """It stays here for a person to look at."""
        self._outbox.run(lambda c: unresolved.refused(c, one.report_id, reason, self._clock.now()))

    def tried(self, one: WaitingReport) -> None:
        """Whoever waits for it is answered."""
        with self._changed:
            self._awaited.discard(one.report_id)
            self._changed.notify_all()

    def silent(self) -> None:
        """Nobody waits for a hub that does not answer."""
        with self._changed:
            self._awaited.clear()
            self._changed.notify_all()
