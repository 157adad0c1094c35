"""Sessions as this process knows them: read from the database, and not again for the next few seconds.

A caller's page asks for itself with every event, and on SQLite each read behind a commit decrypts its pages anew. A
session that is ended here is unknown at once; one that another process or the command line ended, after at most
REFRESH_SECONDS.
"""

from __future__ import annotations

from anyio import to_thread

from provisioning.hub import staff
from provisioning.hub.hub import Hub
from provisioning.hub.staff import SignedIn
from provisioning.hub.terminals import REFRESH_SECONDS

MOST = 1000


class Sessions:
    """Who is behind a session cookie."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._known: dict[str, tuple[float, SignedIn]] = {}
        self._ends = 0

    async def who(self, token: str) -> SignedIn | None:
        """The person, None where the session is unknown or over."""
        now = self._hub.clock.monotonic()
        if (known := self._known.get(token)) is not None and now - known[0] < REFRESH_SECONDS:
            return known[1]
        ends, at = self._ends, self._hub.clock.now()
        found = await to_thread.run_sync(
            self._hub.database.read, lambda connection: staff.who(connection, token, now=at)
        )
        self._known.pop(token, None)
        if found is not None and ends == self._ends:  # what was read before an end is not kept
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[token] = now, found
        return found

    def forget(self) -> None:
        """Read everything again: a session was ended or has been used."""
        self._ends += 1
        self._known.clear()
