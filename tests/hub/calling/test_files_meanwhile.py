"""Filing at the terminal while waiting: the agent on its socket, the hub over HTTP, and a clerk at a window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.agent import ticket_messages as t
from kiosk.agent.core import Agent
from kiosk.agent.service import Service
from kiosk.clock import SystemClock
from kiosk.court.queueing import TicketClass, TicketStatus, WhileFiling
from kiosk.court.uuid7 import uuid7
from provisioning.hub.queue.schema import tickets
from tests.hub.calling.office import CallingHall
from tests.hub.processes import wait_for
from tests.outbox.test_service import Window


@pytest.fixture
def window(sqlite_hall: CallingHall, tmp_path: Path) -> Iterator[Window]:
    """A session window of a terminal of this hall."""
    clock = SystemClock()
    agent = Agent.open(tmp_path / "terminal", sqlite_hall.url, clock)
    service = Service(agent, tmp_path / "agent.sock", tmp_path / "devices.sock", clock, numbers=True)
    service.start()
    yield Window(tmp_path / "agent.sock")
    service.stop()
    agent.close()


def status_of(hall: CallingHall, ticket_id: str) -> str:
    """Where the ticket stands at the hub."""
    (row,) = hall.rows(sa.select(tickets.c.status).where(tickets.c.ticket_id == ticket_id))
    return str(row.status)


def take(window: Window) -> t.TicketView:
    asked = str(uuid7(SystemClock().now()))
    window.send(t.TakeTicket("1", asked, "filing", TicketClass.ORDINARY, "zh"))
    return window.expect(t.TicketTaken).ticket


def test_a_call_reaches_who_files_and_waits_for_them(sqlite_hall: CallingHall, window: Window) -> None:
    """Called: the terminal hears it; finishing first frees the window; when the window is gone the ticket waits."""
    mine = take(window)
    window.send(t.WatchTicket(mine.ticket_id))
    assert window.expect(t.TicketNews).status is TicketStatus.WAITING
    window.send(t.FileMeanwhile(mine.ticket_id, WhileFiling.BEGAN))
    clerk = sqlite_hall.at_window("window", "1")
    clerk.now("call")
    called = window.expect(t.TicketNews)
    assert (called.status, called.window) == (TicketStatus.CALLED, "1")
    window.send(t.FileMeanwhile(mine.ticket_id, WhileFiling.NOT_YET))
    assert window.expect(t.TicketNews).status is TicketStatus.HELD
    clerk.get("window")
    assert "call" in clerk.acts()
    window.die()
    wait_for(lambda: status_of(sqlite_hall, mine.ticket_id) == "waiting")
    clerk.now("call")
    assert mine.number in clerk.text


def test_a_place_that_is_not_kept_is_told_again(sqlite_hall: CallingHall, window: Window) -> None:
    """Who did not say that they file has to go: the terminal hears the call once more."""
    mine = take(window)
    window.send(t.WatchTicket(mine.ticket_id))
    window.expect(t.TicketNews)
    sqlite_hall.at_window("window", "1").now("call")
    assert window.expect(t.TicketNews).status is TicketStatus.CALLED
    window.send(t.FileMeanwhile(mine.ticket_id, WhileFiling.NOT_YET))
    assert window.expect(t.TicketNews).status is TicketStatus.CALLED
    window.die()
