"""Listens to the hub's events of the tickets that people at this terminal watch, so that a call is heard at once.

An event says only that something has changed; what, is asked of the hub. So nothing is missed where the stream breaks
off, and nothing is told twice when it comes back.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from uuid import UUID

from kiosk.clock import Clock
from kiosk.court.event_stream import EventStream
from kiosk.court.hub_errors import HubError
from kiosk.outbox.backoff import Backoff

log = logging.getLogger(__name__)

LONGEST_PAUSE = 10.0
"""Seconds until a stream that broke off is tried again, at most; meanwhile the hub is asked more often."""

MOST_TICKETS = 8
"""Topics that the hub takes in one stream."""

STOP_SECONDS = 3.0


class TicketFeed:
    """One thread, and a stream while somebody watches. `changed` is called from its thread whenever it may be worth
    asking, `listening` says whether it is."""

    def __init__(self, open_stream: Callable[[], EventStream], clock: Clock, changed: Callable[[], None]) -> None:
        self._open_stream = open_stream
        self._clock = clock
        self._changed = changed
        self._backoff = Backoff(random.Random(), LONGEST_PAUSE)
        self._lock = threading.Lock()
        self._topics: tuple[str, ...] = ()
        self._stream: EventStream | None = None
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticket-events", daemon=True)
        self.listening = False
        """Whether every change of a watched ticket is told as it happens."""

    def start(self) -> None:
        """Listen from now on, as soon as there is something to listen to."""
        self._thread.start()

    def stop(self) -> None:
        """Hang up."""
        self._stopping.set()
        self._turn_to(())
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def follow(self, tickets: frozenset[UUID]) -> None:
        """Listen for these tickets, and for no others."""
        topics = tuple(sorted(f"ticket:{ticket}" for ticket in tickets))[:MOST_TICKETS]
        if topics != self._topics:
            self._turn_to(topics)

    def _turn_to(self, topics: tuple[str, ...]) -> None:
        with self._lock:
            self._topics = topics
            stream = self._stream
        self._wake.set()
        if stream is not None:
            stream.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            with self._lock:
                topics = self._topics
                stream = self._stream = self._open_stream() if topics else None
            if stream is None:
                self._wake.wait()
                continue
            try:
                for _ in stream.listen(topics, "", self._opened):
                    self._changed()
            except HubError as error:
                if topics == self._topics:
                    log.info("calls are not heard as they happen: %s", error)
            finally:
                stream.close()
                self.listening = False
                self._changed()
            now = self._clock.monotonic()
            self._backoff.failed(now)
            self._wake.wait(self._backoff.due - now)

    def _opened(self) -> None:
        self._backoff.succeeded()
        self.listening = True
        self._changed()
