"""A terminal's requests to one hub, signed with its device key at the hub's time where that is known to differ."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from kiosk.clock import Clock
from kiosk.court import signing
from kiosk.court.keys import SigningKey

log = logging.getLogger(__name__)

HUB_TIME = "x-hub-time"
"""Field of a 401 reply whose only fault was the terminal's clock: the hub's own time, ISO 8601."""

FARTHEST_CLOCK = timedelta(days=365 * 200)
"""How far a terminal's clock may be off: an empty battery starts at 1970, 1980 or 2000."""


class RequestSigner:
    """Signs requests. The clock that dates receipts is left alone; only signatures follow the hub's time."""

    def __init__(self, key: SigningKey, clock: Clock) -> None:
        self._key = key
        self._clock = clock
        self._skew = timedelta(0)

    def fields(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> dict[str, str]:
        """`headers` with the signature of this request."""
        added = signing.sign(
            method,
            url,
            headers,
            body,
            key=self._key,
            created=self._clock.now() + self._skew,
            nonce=secrets.token_urlsafe(16),
        )
        return {**headers, **added}

    def must_sign_again(self, status: int, headers: Mapping[str, str]) -> bool:
        """Whether the hub says that only our clock was wrong; its time is then taken for signatures from now on."""
        hub_time = headers.get(HUB_TIME)
        if status != 401 or hub_time is None:
            return False
        try:
            told = datetime.fromisoformat(hub_time)
        except ValueError:
            return False
        if told.tzinfo is None:
            return False
        # A hub that names a year no calendar reaches does not know the time either.
        skew = told - self._clock.now()
        if abs(skew) > FARTHEST_CLOCK:
            return False
        self._skew = skew
        log.warning("this terminal's clock is %d seconds off the hub's, which signatures follow", skew.total_seconds())
        return True
