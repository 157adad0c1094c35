"""A running hub whose queue is worked by the test: people take numbers, windows call them."""

from __future__ import annotations

import secrets

from kiosk.court.queueing import TicketClass, TicketRequest
from kiosk.court.uuid7 import uuid7
from provisioning.hub.queue import calling, windows
from provisioning.hub.queue.issue import Bearer, issue
from provisioning.hub.queue.tickets import QueuedTicket
from provisioning.hub.queue.windows import Desk
from tests.hub.push.live import LiveHub


class LiveHall(LiveHub):
    """The queue's own functions, each in a transaction of its own."""

    def take(self, service: str = "filing", *, name: str | None = "张*", language: str = "zh") -> QueuedTicket:
        """Somebody takes a number."""
        at = self.hub.clock.now()
        request = TicketRequest(
            request_id=uuid7(at),
            terminal="DEV01",
            service=service,
            ticket_class=TicketClass.ORDINARY,
            language=language,
        )
        bearer = Bearer(person=secrets.token_hex(16), masked_name=name)
        return self.do(lambda c: issue(c, self.hub.hall, request, bearer, at=at)).ticket

    def open(self, *codes: str) -> None:
        """Clerks sign in at these windows."""
        for code in codes:
            at, desk = self.hub.clock.now(), _desk(code)
            self.do(lambda c, at=at, desk=desk: windows.sign_in(c, self.hub.hall, desk, at=at))  # type: ignore[misc]

    def pause(self, code: str, *, paused: bool = True) -> None:
        """A window pauses, or goes on."""
        at = self.hub.clock.now()
        self.do(lambda c: windows.set_paused(c, self.hub.hall, _desk(code), paused=paused, at=at))

    def call(self, window: str) -> QueuedTicket:
        """The window calls the next."""
        at = self.hub.clock.now()
        called = self.do(lambda c: calling.call_next(c, self.hub.hall, _desk(window), at=at))
        assert called is not None
        return called

    def recall(self, window: str) -> None:
        """The same once more."""
        at = self.hub.clock.now()
        self.do(lambda c: calling.recall(c, self.hub.hall, _desk(window), at=at))

    def serve(self, window: str) -> None:
        """The person has come."""
        at = self.hub.clock.now()
        self.do(lambda c: calling.serve(c, self.hub.hall, _desk(window), at=at))

    def finish(self, window: str) -> None:
        """The matter is done."""
        at = self.hub.clock.now()
        self.do(lambda c: calling.finish(c, self.hub.hall, _desk(window), at=at))


def _desk(code: str) -> Desk:
    return Desk(code, f"clerk{code}")
