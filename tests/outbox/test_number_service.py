"""Numbers over the agent's socket, with the hub as a process of its own: what a window asks and hears."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.agent import messages as m
from kiosk.agent import ticket_messages as t
from kiosk.agent.core import Agent
from kiosk.agent.service import Service
from kiosk.clock import SystemClock
from kiosk.court.queueing import TicketClass, TicketStatus
from kiosk.court.uuid7 import uuid7
from kiosk.outbox import numbers
from tests.hub.processes import HubProcess, wait_for
from tests.outbox.test_service import Window

CARD = ("110101199001010015", "张示例")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    process = HubProcess(tmp_path_factory.mktemp("hub") / "data")
    yield process
    process.stop()


class Terminal:
    """An agent with its socket."""

    def __init__(self, folder: Path, hub: HubProcess, *, numbers: bool) -> None:
        clock = SystemClock()
        self.agent = Agent.open(folder / "data", hub.url, clock)
        self.path = folder / "agent.sock"
        self._service = Service(self.agent, self.path, folder / "devices.sock", clock, numbers=numbers)
        self._service.start()

    def stop(self) -> None:
        self._service.stop()
        self.agent.close()


@pytest.fixture
def terminal(hub: HubProcess, tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path, hub, numbers=True)
    yield made
    made.stop()


def take(window: Window, service: str, *, card: tuple[str, str] = ("", ""), request: str = "1") -> t.TicketView:
    asked = str(uuid7(SystemClock().now()))
    window.send(t.TakeTicket(request, asked, service, TicketClass.ORDINARY, "zh", *card))
    taken = window.expect(t.TicketTaken)
    assert taken.request == request
    return taken.ticket


def test_from_the_board_to_a_number_and_back(terminal: Terminal) -> None:
    window = Window(terminal.path)
    window.send(t.GetQueues("0"))
    board = window.expect(t.QueuesFound)
    assert (board.request, board.known, board.offline) == ("0", True, False)
    filing = next(offer for offer in board.services if offer.service == "filing")
    assert TicketClass.SPECIAL in filing.classes
    mine = take(window, "filing", card=CARD)
    assert mine.follow == f"{terminal.agent.config.hub.url}/t/{mine.ticket_id}"
    assert mine.windows == ("1", "2", "3", "6")
    again = take(window, "enquiry", card=CARD, request="2")
    assert (again.number, again.already, again.service) == (mine.number, True, "filing")
    window.send(t.WatchTicket(mine.ticket_id))
    assert window.expect(t.TicketNews).status is TicketStatus.WAITING
    window.send(t.CancelTicket(mine.ticket_id))
    assert window.expect(t.TicketNews).status is TicketStatus.CANCELLED
    window.die()


def test_a_refusal_names_its_reason(terminal: Terminal) -> None:
    window = Window(terminal.path)
    asked = str(uuid7(SystemClock().now()))
    window.send(t.TakeTicket("1", asked, "tour", TicketClass.ORDINARY, "zh"))
    assert window.expect(t.TicketRefused) == t.TicketRefused("1", t.TicketRefusal.NOT_OFFERED)
    window.send(t.TakeTicket("2", asked, "filing", TicketClass.PROFESSIONAL, "zh"))
    assert window.expect(t.TicketRefused) == t.TicketRefused("2", t.TicketRefusal.NOT_OFFERED)
    window.die()


def test_the_terminal_keeps_numbers_in_store_and_says_that_it_gives_them(terminal: Terminal) -> None:
    """Blocks of every queue are there as soon as the hub has answered once, before anybody has come."""
    today = SystemClock().now().date()
    wanted = {"A", "B", "C", "U"}
    wait_for(lambda: set(terminal.agent.outbox.run(lambda c: numbers.numbers_left(c, today))) == wanted)
    assert Window(terminal.path).expect(m.AgentStatus).numbers


def test_a_touchpad_leases_nothing(hub: HubProcess, tmp_path: Path) -> None:
    pad = Terminal(tmp_path, hub, numbers=False)
    window = Window(pad.path)
    assert not window.expect(m.AgentStatus).numbers
    window.send(t.GetQueues("0"))
    assert window.expect(t.QueuesFound).services
    assert not window_status(pad).numbers
    assert pad.agent.outbox.run(lambda c: numbers.numbers_left(c, SystemClock().now().date())) == {}
    window.die()
    pad.stop()


def window_status(terminal: Terminal) -> m.AgentStatus:
    """What a window that connects now is told."""
    window = Window(terminal.path)
    status = window.expect(m.AgentStatus)
    window.die()
    return status
