"""One connected window: its unsent events, its filings in the making, and what it must still show."""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import Any
from uuid import UUID

from drivers.api.wire import Channel, WireError
from kiosk.agent.assembly import Assembly
from kiosk.agent.messages import Event, Request


class Peer:
    """Events are sent from a thread of its own, so that a window that hangs holds up nobody else."""

    def __init__(self, channel: Channel[Request, Event]) -> None:
        self.channel = channel
        self.assemblies: dict[UUID, Assembly] = {}
        self.reserved: set[UUID] = set()
        self.unshown: set[UUID] = set()
        """Filings this window has committed and not yet shown."""
        self.watches = False
        """Whether it is no window and only asks if the agent is there; it is told nothing else."""
        self._waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._send_all, name="peer-events", daemon=True)
        self._thread.start()

    def send(self, event: Event) -> None:
        """Queue `event`."""
        self._waiting.put(event)

    def _send_all(self) -> None:
        with contextlib.suppress(OSError, WireError):  # the window is gone; its reader ends too
            while (event := self._waiting.get()) is not None:
                self.channel.send(event)

    def close(self) -> None:
        """Disconnect."""
        self._waiting.put(None)
        self.channel.close()
