"""Terminals that lose the network: they give numbers from their leases, with the real terminal's store, and bring them
in afterwards."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from kiosk.clock import CHINA, Clock
from kiosk.court.client import HubClient
from kiosk.court.hub_errors import HubError
from kiosk.court.keys import development_device_key
from kiosk.court.queueing import LeaseRequest, OfflineTickets, TicketRequest
from kiosk.court.uuid7 import uuid7
from kiosk.outbox import numbers
from kiosk.outbox.store import Outbox

T = TypeVar("T")

BATCH = 7
PATIENCE = 120.0


class OfflineTerminal:
    """One terminal, `code`, with an outbox of its own."""

    def __init__(self, folder: Path, code: str, url: str, clock: Clock) -> None:
        self.code = code
        self.slips: dict[str, str] = {}  # number by ticket id
        self._folder = folder / code
        self._folder.mkdir(parents=True)
        self._clock = clock
        self._client = HubClient(url, development_device_key(), clock)
        self._outbox = Outbox.open(self._folder, clock)
        self._given = 0

    def lease(self, size: int) -> None:
        """A block of numbers, asked for with the same id until the hub answers."""
        asked = LeaseRequest(request_id=uuid7(self._clock.now()), terminal=self.code, queue="A", size=size)
        lease = _insist(lambda: self._client.lease_numbers(asked))
        self._outbox.run(lambda connection: numbers.keep_lease(connection, lease, self._clock.now()))

    def give(self) -> None:
        """One number from the lease; every tenth time the terminal is started again first."""
        self._given += 1
        if self._given % 10 == 0:
            self._outbox.close()
            self._outbox = Outbox.open(self._folder, self._clock)
        now = self._clock.now()
        request = TicketRequest(request_id=uuid7(now), terminal=self.code, service="filing")
        given = self._outbox.run(
            lambda connection: numbers.give_number(
                connection,
                request,
                queue="A",
                day=now.astimezone(CHINA).date(),
                asked=request.request_id,
                ticket_id=uuid7(now),
                unanswered=False,
                now=now,
            )
        )
        assert given is not None, "the lease is used up"
        self.slips[str(given.ticket.ticket_id)] = given.label

    def bring_in(self) -> int:
        """Hand over everything, in order; how many the hub refused."""
        refused = 0
        while given := self._outbox.run(lambda connection: numbers.to_bring_in(connection, BATCH)):
            sent = OfflineTickets(terminal=self.code, tickets=tuple(one.ticket for one in given))
            answer = _insist(partial(self._client.bring_in_offline, sent))
            refused += len(answer.refused)
            told = (answer.accepted, answer.refused, self._clock.now())
            self._outbox.run(partial(_settle, told))
        return refused

    def close(self) -> None:
        """Switch it off."""
        self._client.close()
        self._outbox.close()


def _settle(told: tuple[tuple[UUID, ...], tuple[UUID, ...], datetime], connection: sa.Connection) -> None:
    numbers.brought_in(connection, *told)


def _insist(ask: Callable[[], T]) -> T:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except HubError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02 + secrets.randbelow(50) / 1000)
