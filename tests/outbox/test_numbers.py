"""Numbers a terminal gives by itself: each once, whatever is killed, and brought in to a real hub in their order."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from kiosk.agent.core import Agent
from kiosk.agent.ticket_keeper import TicketKeeper
from kiosk.agent.ticket_messages import TicketNews, TicketRefusal
from kiosk.agent.tickets import CLOSED_STANDS, NoTicketError, Wish
from kiosk.clock import ManualClock, SystemClock
from kiosk.court.queueing import Lease, TicketClass, TicketRequest, TicketStatus
from kiosk.court.uuid7 import uuid7
from kiosk.outbox import numbers
from kiosk.outbox.schema import offline_ticket
from kiosk.outbox.store import Outbox
from tests.hub.processes import HubProcess
from tests.outbox.conftest import START

TODAY = START.date()
PERSON = "110101199001010015"
COUNT = 12


def a_lease(first: int = 21, last: int = 40, *, queue: str = "A", day: date = TODAY) -> Lease:
    return Lease(lease_id=uuid4(), terminal="T01", queue=queue, business_day=day, first=first, last=last)


def a_request() -> TicketRequest:
    return TicketRequest(request_id=uuid7(START), terminal="T01", service="filing")


def give(outbox: Outbox, asked: UUID | None = None, *, day: date = TODAY, queue: str = "A") -> int | None:
    """The number given for a request, None where none is left."""
    given = outbox.run(
        lambda c: numbers.give_number(
            c,
            a_request(),
            queue=queue,
            day=day,
            asked=asked or uuid4(),
            ticket_id=uuid4(),
            unanswered=False,
            now=START,
        )
    )
    return given.ticket.number if given else None


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    opened = Outbox.open(tmp_path / "outbox", ManualClock(START))
    yield opened
    opened.close()


# -- the store


def test_numbers_are_given_in_order_from_one_block_after_the_other(outbox: Outbox) -> None:
    for lease in (a_lease(61, 62), a_lease(21, 23), a_lease(1, 1, queue="B")):
        outbox.run(lambda c, lease=lease: numbers.keep_lease(c, lease, START))
    assert [give(outbox) for _ in range(6)] == [21, 22, 23, 61, 62, None]
    assert outbox.run(lambda c: numbers.numbers_left(c, TODAY)) == {"B": 1}
    places = outbox.run(lambda c: [one.ticket.order for one in numbers.to_bring_in(c, 10)])
    assert places == [1, 2, 3, 4, 5]


def test_the_same_request_gets_the_same_number(outbox: Outbox) -> None:
    """A window that asks again, or the one after it, is told the number that was given."""
    outbox.run(lambda c: numbers.keep_lease(c, a_lease(), START))
    asked = uuid4()
    assert [give(outbox, asked), give(outbox, asked), give(outbox)] == [21, 21, 22]


def test_a_lease_told_twice_gives_no_number_twice(outbox: Outbox) -> None:
    lease = a_lease()
    outbox.run(lambda c: numbers.keep_lease(c, lease, START))
    assert give(outbox) == 21
    outbox.run(lambda c: numbers.keep_lease(c, lease, START))
    assert give(outbox) == 22


def test_a_lease_is_void_after_its_day(outbox: Outbox) -> None:
    """F40: the numbers of yesterday are given to nobody; tickets the hub has not answered for are kept."""
    outbox.run(lambda c: numbers.keep_lease(c, a_lease(), START))
    assert give(outbox) == 21
    tomorrow = TODAY + timedelta(days=1)
    assert give(outbox, day=tomorrow) is None
    outbox.run(lambda c: numbers.forget_other_days(c, tomorrow))
    assert give(outbox) is None
    (kept,) = outbox.run(lambda c: numbers.to_bring_in(c, 10))
    outbox.run(lambda c: numbers.brought_in(c, {kept.ticket.ticket_id}, set(), START))
    outbox.run(lambda c: numbers.forget_other_days(c, tomorrow))
    assert outbox.run(lambda c: c.execute(sa.select(offline_ticket)).all()) == []


GIVER = """
import sys
from pathlib import Path
from uuid import uuid4
from kiosk.clock import SystemClock
from kiosk.outbox.store import Outbox
from tests.outbox.test_numbers import give
outbox = Outbox.open(Path(sys.argv[1]), SystemClock())
while (number := give(outbox)) is not None:
    print(number, flush=True)
"""


def test_no_number_is_told_twice_however_often_the_agent_is_killed(tmp_path: Path) -> None:
    """F3, F38: every number that was told is on disk, and none is told again after kill -9."""
    folder = tmp_path / "outbox"
    outbox = Outbox.open(folder, SystemClock())
    outbox.run(lambda c: numbers.keep_lease(c, a_lease(1, 100), START))
    outbox.close()
    told: list[int] = []
    for wanted in (1, 7, 20, 1000):
        process = subprocess.Popen([sys.executable, "-c", GIVER, str(folder)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(wanted):
            line = process.stdout.readline()
            if not line:
                break
            told.append(int(line))
        os.kill(process.pid, signal.SIGKILL)
        rest, _ = process.communicate()
        told += [int(line) for line in rest.splitlines()]
    assert max(Counter(told).values()) == 1
    assert told == sorted(told)
    outbox = Outbox.open(folder, SystemClock())
    stored = outbox.run(lambda c: set(c.execute(sa.select(offline_ticket.c.number)).scalars()))
    outbox.close()
    assert set(told) <= stored
    assert max(told) == 100


# -- with a real hub


class Gate:
    """A door in front of the hub: open, shut, or `deaf`, which carries requests there and no reply back."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.hub = ""
        self.open, self.deaf = True, False
        self._held: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if not self.open:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", int(self.hub.rsplit(":", 1)[1])))
            self._held += [near, far]
            threading.Thread(target=self._carry, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, True), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, reply: bool) -> None:
        try:
            while data := source.recv(65536):
                if not (reply and self.deaf):
                    target.sendall(data)
        except OSError:
            pass
        target.close()

    def shut(self) -> None:
        """Nobody comes through, and who was inside is cut off."""
        self.open = False
        held, self._held = self._held, []
        for one in held:
            with contextlib.suppress(OSError):  # it has ended by itself
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def close(self) -> None:
        self.shut()
        self._listening.close()


class Terminal:
    """An agent before a gate, with its keeper stepped by hand."""

    def __init__(self, folder: Path, gate: Gate) -> None:
        self.clock = SystemClock()
        self.agent = Agent.open(folder, gate.url, self.clock)
        self.news: list[TicketNews] = []
        self.keeper = TicketKeeper(
            self.agent.tickets,
            self.agent.outbox,
            self.agent.terminal,
            self.clock,
            self.agent.new_client(),
            open_stream=self.agent.new_stream,
            block=COUNT,
            on_news=self.news.append,
        )

    def look(self) -> None:
        """Whatever the keeper has to do now."""
        self.keeper._due.look = 0.0
        self.keeper.step()

    def take(self, service: str = "filing", *, number: str = "", asked: UUID | None = None):  # type: ignore[no-untyped-def]
        wish = Wish(
            asked or uuid7(self.clock.now()), service, TicketClass.ORDINARY, "zh", number, "张示例" if number else ""
        )
        return self.agent.tickets.take(wish)

    def close(self) -> None:
        self.keeper.stop()
        self.agent.close()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    process = HubProcess(tmp_path_factory.mktemp("hub") / "data")
    yield process
    process.stop()


@pytest.fixture
def gate(hub: HubProcess) -> Iterator[Gate]:
    made = Gate()
    made.hub = hub.url
    yield made
    made.close()


@pytest.fixture
def terminal(gate: Gate, tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path / "data", gate)
    made.look()
    yield made
    made.close()


def test_a_silent_hub_stops_nobody_and_gets_every_number_in_order(terminal: Terminal, gate: Gate) -> None:
    """S2-6, F38: numbers from the lease, never the hub's own, brought in once, in the order they were given."""
    online = [terminal.take() for _ in range(3)]
    gate.shut()
    offline = [terminal.take() for _ in range(5)]
    assert all(one.offline and one.follow and one.ahead is None for one in offline)
    assert len({one.number for one in online + offline}) == 8
    board = terminal.agent.tickets.board()
    assert board is not None
    assert board.offline
    assert {one.waiting for one in board.services} == {None}
    gate.open = True
    terminal.look()
    assert terminal.agent.outbox.run(lambda c: numbers.to_bring_in(c, 10)) == []
    client = terminal.agent.new_client()
    states = [client.ticket_state(UUID(one.ticket_id), terminal.agent.terminal.code, 5.0) for one in offline]
    assert [state.number for state in states] == [one.number for one in offline]
    places = [state.ahead for state in states]
    assert all(state.status is TicketStatus.WAITING for state in states)
    assert places == sorted(places, key=lambda place: place or 0)
    again = terminal.take()
    assert not again.offline
    assert again.number not in {one.number for one in online + offline}
    client.close()


def test_a_visit_with_several_matters_keeps_them_without_the_hub(terminal: Terminal, gate: Gate) -> None:
    """One number of the lease for all of them, in order; the hub hears of them with it."""
    gate.shut()
    further = ("materials", "payment")
    wish = Wish(uuid7(terminal.clock.now()), "filing", TicketClass.ORDINARY, "zh", further=further)
    ticket = terminal.agent.tickets.take(wish)
    assert (ticket.offline, ticket.further) == (True, further)
    (kept,) = terminal.agent.outbox.run(lambda c: numbers.to_bring_in(c, 10))
    assert kept.ticket.request.further_services == further
    gate.open = True
    terminal.look()
    assert terminal.agent.outbox.run(lambda c: numbers.to_bring_in(c, 10)) == []


def test_what_the_hub_gave_without_being_heard_is_given_back(terminal: Terminal, gate: Gate) -> None:
    """A reply that is lost leaves no number in the queue that nobody holds."""
    gate.deaf = True
    asked = uuid7(terminal.clock.now())
    held = terminal.take(number=PERSON, asked=asked)
    assert held.offline
    assert terminal.take(number=PERSON, asked=asked).number == held.number
    gate.shut()
    gate.deaf, gate.open = False, True
    terminal.look()
    client = terminal.agent.new_client()
    state = client.ticket_state(UUID(held.ticket_id), terminal.agent.terminal.code, 5.0)
    assert state.status is TicketStatus.WAITING
    mine = terminal.take(number=PERSON)
    assert (mine.number, mine.already) == (held.number, True)
    client.cancel_ticket(UUID(held.ticket_id), terminal.agent.terminal.code, 5.0)
    client.close()


def test_one_person_gets_one_number_without_the_hub_too(terminal: Terminal, gate: Gate) -> None:
    gate.shut()
    first = terminal.take(number=PERSON)
    second = terminal.take("materials", number=PERSON)
    assert (second.ticket_id, second.number, second.already) == (first.ticket_id, first.number, True)
    assert terminal.take().number != first.number


def test_nothing_of_the_card_is_on_the_disk(terminal: Terminal, gate: Gate) -> None:
    """N4: identity number sealed, name masked, licence number not at all; the database itself is encrypted besides."""
    gate.shut()
    wish = Wish(
        uuid7(terminal.clock.now()), "filing", TicketClass.PROFESSIONAL, "zh", PERSON, "张示例", "12201202610123456"
    )
    terminal.agent.tickets.take(wish)
    (row,) = terminal.agent.outbox.run(lambda c: c.execute(sa.select(offline_ticket)).all())
    for secret in (PERSON, "张示例", "12201202610123456"):
        assert secret.encode() not in row.ticket
        assert secret not in str(row)


def test_no_number_is_left_and_the_person_is_told(terminal: Terminal, gate: Gate) -> None:
    gate.shut()
    for _ in range(COUNT):
        terminal.take()
    with pytest.raises(NoTicketError) as refused:
        terminal.take()
    assert refused.value.reason is TicketRefusal.AWAY
    board = terminal.agent.tickets.board()
    assert board is not None
    assert {one.service for one in board.services if one.closed is not None} == {"filing"}


def test_leases_are_renewed_before_they_run_out(terminal: Terminal, gate: Gate) -> None:
    gate.shut()
    for _ in range(COUNT - 2):
        terminal.take()
    gate.open = True
    terminal.look()
    left = terminal.agent.outbox.run(lambda c: numbers.numbers_left(c, terminal.clock.now().date()))
    assert left["A"] == COUNT + 2


def test_what_the_court_does_not_offer_is_refused(terminal: Terminal) -> None:
    with pytest.raises(NoTicketError) as refused:
        terminal.take("tour")
    assert refused.value.reason is TicketRefusal.NOT_OFFERED


def test_a_watched_ticket_tells_each_change_once(terminal: Terminal) -> None:
    mine = terminal.take("mediation")
    terminal.keeper.watch(frozenset({UUID(mine.ticket_id)}))
    for _ in range(2):
        terminal.keeper._due.watch = 0.0
        terminal.keeper.step()
    assert [news.status for news in terminal.news] == [TicketStatus.WAITING]
    terminal.keeper.owe(UUID(mine.ticket_id), None)
    terminal.keeper.step()
    terminal.keeper._due.watch = 0.0
    terminal.keeper.step()
    assert terminal.news[-1].status is TicketStatus.CANCELLED


def test_a_matter_that_was_closed_is_not_closed_for_ever(terminal: Terminal, gate: Gate) -> None:
    """The hub fell silent before the hours began: half an hour later numbers are given from the lease."""
    told = terminal.agent.tickets.last_board()
    assert told is not None
    from kiosk.court.queueing import Names

    night = Names(zh="还没开门", ko="아직 열지 않았습니다", en="Not open yet")
    services = tuple(one.model_copy(update={"closed": night}) for one in told[0].services)
    board = told[0].model_copy(update={"services": services})
    terminal.agent.tickets.remember(board)
    gate.shut()
    terminal.agent.tickets.silent = True
    shut = terminal.agent.tickets.board()
    assert shut is not None
    assert all(one.closed is not None and one.closed.zh == night.zh for one in shut.services)
    # Told earlier, not looked at later: later may be tomorrow, for which there is no lease.
    terminal.agent.tickets._clock = _Earlier(terminal.clock, CLOSED_STANDS)
    terminal.agent.tickets.remember(board)
    terminal.agent.tickets._clock = terminal.clock
    later = terminal.agent.tickets.board()
    assert later is not None
    assert all(one.closed is None for one in later.services)


class _Earlier(SystemClock):
    def __init__(self, clock: SystemClock, by: timedelta) -> None:
        self._clock, self._by = clock, by

    def now(self):  # type: ignore[no-untyped-def]
        return self._clock.now() - self._by
