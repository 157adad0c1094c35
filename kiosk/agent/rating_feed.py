"""Listens to the hub's events for one window, and comes back after every loss where it left off."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable

from kiosk.agent.rating_desk import RatingDesk
from kiosk.clock import Clock
from kiosk.court.event_stream import RESET, EventStream
from kiosk.court.hub_errors import HubError
from kiosk.outbox.backoff import Backoff
from kiosk.outbox.errors import OutboxError, OutboxFullError

log = logging.getLogger(__name__)

LONGEST_PAUSE = 15.0
"""Seconds: somebody may stand at the window, waiting to be asked."""

STOP_SECONDS = 3.0


class WindowFeed:
    """One thread. `on_open` is called whenever the hub is heard again."""

    def __init__(
        self, desk: RatingDesk, stream: EventStream, window: str, clock: Clock, *, on_open: Callable[[], None]
    ) -> None:
        self._desk = desk
        self._stream = stream
        self._topic = f"window:{window}"
        self._clock = clock
        self._on_open = on_open
        self._backoff = Backoff(random.Random(), LONGEST_PAUSE)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="window-events", daemon=True)

    def start(self) -> None:
        """Listen from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Hang up."""
        self._stopping.set()
        self._stream.close()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except OutboxFullError:
                log.warning("an event cannot be stored: the disk is full")
            except OutboxError as error:
                log.error("ratings stopped: %s", error)  # noqa: TRY400 - the trace may hold statements
                return
            except HubError as error:
                log.info("the hub is not heard: %s", error)
            now = self._clock.monotonic()
            self._backoff.failed(now)
            self._stopping.wait(self._backoff.due - now)

    def _listen(self) -> None:
        try:
            for event in self._stream.listen((self._topic,), self._desk.cursor, self._opened):
                if event.kind == RESET:
                    self._desk.start_over()
                    return
                self._desk.heard(event)
        finally:
            if not self._stopping.is_set():
                self._desk.listening(on=False)

    def _opened(self) -> None:
        self._backoff.succeeded()
        self._desk.listening(on=True)
        self._on_open()
