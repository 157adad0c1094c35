"""Carries what lies in the outbox to the hub, in order, for as long as it takes; nothing is ever dropped on the way.

One messenger carries one kind of thing. `step` does one thing and says how long to wait for the next, so that tests
drive it without a thread.
"""

from __future__ import annotations

import logging
import random
import threading
from abc import ABC, abstractmethod
from typing import Generic, TypeVar
from uuid import UUID

from kiosk.clock import Clock
from kiosk.court.client import HubClient
from kiosk.court.hub_errors import HubBusyError, HubError, HubFailedError, HubRefusedError
from kiosk.outbox.backoff import Backoff
from kiosk.outbox.errors import OutboxError, OutboxFullError
from kiosk.outbox.store import Outbox

log = logging.getLogger(__name__)

T = TypeVar("T")

NOTHING_DUE = 3600.0
"""Seconds of rest while nothing waits; `notify` ends it."""

FULL_SECONDS = 5.0
LONGEST_PAUSE = 60.0
STOP_SECONDS = 3.0
AT_ONCE = 100


class Messenger(ABC, Generic[T]):
    """One thread and one line to the hub. `name` is that of the thread and stands in the log."""

    name: str

    def __init__(self, outbox: Outbox, client: HubClient, clock: Clock, rng: random.Random | None = None) -> None:
        self._outbox = outbox
        self._client = client
        self._clock = clock
        self._rng = rng or random.Random()
        self._hub = Backoff(self._rng, LONGEST_PAUSE)
        self._failing: dict[UUID, Backoff] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    # -- what is carried

    @abstractmethod
    def undelivered(self, limit: int) -> list[T]:
        """What the hub does not have, the oldest first."""

    @abstractmethod
    def key(self, one: T) -> UUID:
        """What tells it from the others."""

    @abstractmethod
    def deliver(self, one: T) -> None:
        """Bring it to the hub and write down that it is there. Raises HubError, OutboxError."""

    @abstractmethod
    def refused(self, one: T, reason: str) -> None:
        """Write down that the hub will never take it. Raises OutboxError."""

    def besides(self, now: float) -> float:  # noqa: ARG002 - most messengers only carry
        """What else is due while nothing waits; seconds until there is more. Raises HubError, OutboxError."""
        return NOTHING_DUE

    def tried(self, one: T) -> None:
        """It was sent; what came of it is in the outbox."""

    def silent(self) -> None:
        """The hub does not answer."""

    # -- the work

    def start(self) -> None:
        """Deliver from now on."""
        self._thread.start()

    def notify(self) -> None:
        """There is something to send, or the hub is heard again: try at once."""
        self._hub.succeeded()
        self._wake.set()

    def stop(self) -> None:
        """End after the present request."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
        self._client.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                pause = self.step()
            except OutboxFullError:
                pause = FULL_SECONDS
            except OutboxError as error:
                log.error("%s stopped: %s", self.name, error)  # noqa: TRY400 - the trace may hold statements
                return
            if pause > 0.0:
                self._wake.wait(pause)

    def step(self) -> float:
        """Send what is next, or do what else is due; seconds until there is more to do. Raises OutboxError."""
        now = self._clock.monotonic()
        if now < self._hub.due:
            return self._hub.due - now
        rests = []
        for one in self.undelivered(AT_ONCE):
            backoff = self._failing.get(self.key(one))
            if backoff is None or backoff.due <= now:
                self._send(one)
                return 0.0
            rests.append(backoff.due - now)
        try:
            pause = self.besides(now)
        except HubError as error:
            self._leave_alone(error)
            return 0.0
        return min((pause, *rests))

    def _send(self, one: T) -> None:
        key = self.key(one)
        try:
            self.deliver(one)
        except HubRefusedError as error:
            log.warning("the hub refuses what it is brought (%s): %s", self.name, error)
            self.refused(one, str(error))
        except HubFailedError as error:
            # The hub fails at this one; the others may go through.
            log.info("%s: one waits: %s", self.name, error)
            self._failing.setdefault(key, Backoff(self._rng)).failed(self._clock.monotonic())
            self.tried(one)
            return
        except HubError as error:
            self._leave_alone(error)
            return
        self._failing.pop(key, None)
        self._hub.succeeded()
        self.tried(one)

    def _leave_alone(self, error: HubError) -> None:
        retry_after = error.retry_after if isinstance(error, HubBusyError) else None
        self._hub.failed(self._clock.monotonic(), retry_after)
        self.silent()
