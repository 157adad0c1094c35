"""A call at a window, heard at the terminal where the person files: as it happens, or by asking."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from kiosk.agent.core import Agent
from kiosk.agent.ticket_keeper import HEARD_SECONDS, WATCH_SECONDS, TicketKeeper
from kiosk.agent.ticket_messages import TicketNews
from kiosk.agent.tickets import Wish
from kiosk.clock import ManualClock, SystemClock
from kiosk.court.queueing import TicketClass, TicketStatus
from kiosk.court.uuid7 import uuid7
from tests.hub.calling.office import CallingHall
from tests.hub.processes import wait_for

SOON = 1.0
"""Seconds within which whoever files hears a call while the hub's events are heard."""


class Watcher:
    """A terminal's keeper with one ticket, and what it tells. It works in the background only after `start`."""

    def __init__(self, folder: Path, url: str, clock: SystemClock | ManualClock) -> None:
        self.clock = clock
        self.told: queue.Queue[TicketNews] = queue.Queue()
        self._agent = Agent.open(folder / "data", url, clock)
        self.keeper = TicketKeeper(
            self._agent.tickets,
            self._agent.outbox,
            self._agent.terminal,
            clock,
            self._agent.new_client(),
            open_stream=self._agent.new_stream,
            block=5,
            on_news=self.told.put,
        )
        wish = Wish(uuid7(clock.now()), "filing", TicketClass.ORDINARY, "zh")
        self.ticket = UUID(self._agent.tickets.take(wish).ticket_id)
        self.keeper.watch(frozenset({self.ticket}))

    def stop(self) -> None:
        self.keeper.stop()
        self._agent.close()


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[CallingHall]:
    served = CallingHall(tmp_path / "hub")
    yield served
    served.stop()


@pytest.fixture
def listening(hall: CallingHall, tmp_path: Path) -> Iterator[Watcher]:
    """The keeper as it runs, with the hub's events heard."""
    watcher = Watcher(tmp_path, hall.url, SystemClock())
    watcher.keeper.start()
    assert watcher.told.get(timeout=10).status is TicketStatus.WAITING
    wait_for(lambda: watcher.keeper.listening)
    yield watcher
    watcher.stop()


def test_a_call_is_heard_within_a_second(hall: CallingHall, listening: Watcher) -> None:
    """Every call and every step after it, long before anybody would ask again."""
    clerk = hall.at_window("window", "1")
    for deed, status in (("call", "called"), ("serve", "serving"), ("finish", "finished")):
        pressed = time.monotonic()
        clerk.now(deed)
        news = listening.told.get(timeout=HEARD_SECONDS / 2)
        assert (news.status, time.monotonic() - pressed < SOON) == (TicketStatus(status), True)


def test_a_call_that_came_while_the_stream_was_broken_is_heard_when_it_comes_back(
    hall: CallingHall, listening: Watcher
) -> None:
    """Nothing is missed between two streams: the state is asked for as soon as one opens."""
    clerk = hall.at_window("window", "1")
    listening.keeper.watch(frozenset())
    clerk.now("call")
    listening.keeper.watch(frozenset({listening.ticket}))
    news = listening.told.get(timeout=HEARD_SECONDS / 2)
    assert (news.status, news.window) == (TicketStatus.CALLED, "1")


def test_without_the_stream_a_call_is_heard_at_the_next_question(hall: CallingHall, tmp_path: Path) -> None:
    """The hub answers and its events do not come through: asked every WATCH_SECONDS, whoever files is told then."""
    clock = ManualClock(SystemClock().now())
    watcher = Watcher(tmp_path, hall.url, clock)
    pause = watcher.keeper.step()
    assert 0.0 < pause <= WATCH_SECONDS
    assert watcher.told.get_nowait().status is TicketStatus.WAITING
    hall.at_window("window", "1").now("call")
    watcher.keeper.step()
    assert watcher.told.empty()  # not yet asked again
    clock.advance(pause)
    watcher.keeper.step()
    assert watcher.told.get_nowait().status is TicketStatus.CALLED
    watcher.stop()
