"""Carries ratings to the hub, in order of their arrival, for as long as it takes; nothing is ever dropped on the way.

`step` does one thing and says how long to wait for the next, so that tests drive it without a thread.
"""

from __future__ import annotations

import logging
import random
import threading
from uuid import UUID

from kiosk.agent.rating_scales import KeptScales
from kiosk.clock import Clock
from kiosk.court.client import HubClient
from kiosk.court.hub_errors import HubBusyError, HubError, HubFailedError, HubRefusedError
from kiosk.outbox import ratings
from kiosk.outbox.backoff import Backoff
from kiosk.outbox.errors import OutboxError, OutboxFullError
from kiosk.outbox.ratings import HeldAnswer
from kiosk.outbox.store import Outbox

log = logging.getLogger(__name__)

SCALES_SECONDS = 3600.0
FULL_SECONDS = 5.0
LONGEST_PAUSE = 60.0
STOP_SECONDS = 3.0
AT_ONCE = 100


class RatingMessenger:
    """One thread and one line to the hub."""

    def __init__(self, outbox: Outbox, client: HubClient, clock: Clock, rng: random.Random | None = None) -> None:
        self._outbox = outbox
        self._client = client
        self._clock = clock
        self._rng = rng or random.Random()
        self._scales = KeptScales(outbox)
        self._hub = Backoff(self._rng, LONGEST_PAUSE)
        self._answers: dict[UUID, Backoff] = {}
        self._next_scales = 0.0
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ratings", daemon=True)

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
                log.error("ratings stopped: %s", error)  # noqa: TRY400 - the trace may hold statements
                return
            if pause > 0.0:
                self._wake.wait(pause)

    def step(self) -> float:
        """Send the next answer, or ask for the scales; seconds until there is more to do. Raises OutboxError."""
        now = self._clock.monotonic()
        if now < self._hub.due:
            return self._hub.due - now
        waiting = self._outbox.run(lambda c: ratings.undelivered(c, AT_ONCE))
        due = [one for one in waiting if (b := self._answers.get(one.invitation_id)) is None or b.due <= now]
        if due:
            self._send(due[0])
            return 0.0
        if now >= self._next_scales:
            self._next_scales = now + SCALES_SECONDS
            self._ask_scales()
            return 0.0
        return max(0.0, min([self._next_scales, *(backoff.due for backoff in self._answers.values())]) - now)

    def _send(self, one: HeldAnswer) -> None:
        now = self._clock.now()
        try:
            self._client.rate(one.answer)
        except HubRefusedError as error:
            reason = str(error)
            log.warning("the hub refuses a rating: %s", reason)
            self._outbox.run(lambda c: ratings.refused(c, one, reason, now))
        except HubFailedError as error:
            # The hub fails at this answer; the others may go through.
            log.info("a rating waits: %s", error)
            self._answers.setdefault(one.invitation_id, Backoff(self._rng)).failed(self._clock.monotonic())
            return
        except HubError as error:
            self._leave_alone(error)
            return
        else:
            # Whether this answer was the first of its matter or not, the matter has one now.
            self._outbox.run(lambda c: ratings.delivered(c, one, now))
        self._answers.pop(one.invitation_id, None)
        self._hub.succeeded()

    def _ask_scales(self) -> None:
        try:
            told = self._client.rating_scales()
        except (HubRefusedError, HubFailedError) as error:
            log.info("the hub does not tell its scales: %s", error)
        except HubError as error:
            self._next_scales = 0.0
            self._leave_alone(error)
        else:
            self._scales.keep(told)

    def _leave_alone(self, error: HubError) -> None:
        retry_after = error.retry_after if isinstance(error, HubBusyError) else None
        self._hub.failed(self._clock.monotonic(), retry_after)
