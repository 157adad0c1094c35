"""Carries ratings to the hub, and asks it from time to time for the scales in force."""

from __future__ import annotations

import logging
import random
from uuid import UUID

from kiosk.agent.messenger import Messenger
from kiosk.agent.rating_scales import KeptScales
from kiosk.clock import Clock
from kiosk.court.client import HubClient
from kiosk.court.hub_errors import HubError, HubFailedError, HubRefusedError
from kiosk.outbox import ratings
from kiosk.outbox.ratings import HeldAnswer
from kiosk.outbox.store import Outbox

log = logging.getLogger(__name__)

SCALES_SECONDS = 3600.0


class RatingMessenger(Messenger[HeldAnswer]):
    """The answers of one window's touchpad."""

    name = "ratings"

    def __init__(self, outbox: Outbox, client: HubClient, clock: Clock, rng: random.Random | None = None) -> None:
        super().__init__(outbox, client, clock, rng)
        self._scales = KeptScales(outbox)
        self._next_scales = 0.0

    def undelivered(self, limit: int) -> list[HeldAnswer]:
        """Answers the hub does not have."""
        return self._outbox.run(lambda c: ratings.undelivered(c, limit))

    def key(self, one: HeldAnswer) -> UUID:
        """The invitation it answers."""
        return one.invitation_id

    def deliver(self, one: HeldAnswer) -> None:
        """Whether this answer is the first of its matter or not, the matter has one afterwards."""
        self._client.rate(one.answer)
        self._outbox.run(lambda c: ratings.delivered(c, one, self._clock.now()))

    def refused(self, one: HeldAnswer, reason: str) -> None:
        """It stays here until its invitation is forgotten."""
        self._outbox.run(lambda c: ratings.refused(c, one, reason, self._clock.now()))

    def besides(self, now: float) -> float:
        """The scales in force."""
        if now >= self._next_scales:
            self._next_scales = now + SCALES_SECONDS
            self._ask_scales()
        return max(0.0, self._next_scales - now)

    def _ask_scales(self) -> None:
        try:
            told = self._client.rating_scales()
        except (HubRefusedError, HubFailedError) as error:
            log.info("the hub does not tell its scales: %s", error)
        except HubError:
            self._next_scales = 0.0
            raise
        else:
            self._scales.keep(told)
