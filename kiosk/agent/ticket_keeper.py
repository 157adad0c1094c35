"""The background work behind numbers: leases renewed in good time, tickets brought in, watched tickets asked after:
at once when the hub's events tell of a change, and every few seconds while they are not heard.

`step` does what is due and says how long to wait, so that tests drive it without a thread. While the hub is silent
it is asked again every few seconds: offline tickets wait for it, and so do people.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kiosk.agent.terminal import Terminal
from kiosk.agent.ticket_feed import TicketFeed
from kiosk.agent.ticket_messages import TicketNews
from kiosk.agent.tickets import ANSWER_SECONDS, TicketDesk, wait_view
from kiosk.clock import CHINA, Clock
from kiosk.court.client import HubClient
from kiosk.court.event_stream import EventStream
from kiosk.court.hub_errors import HubError, HubRefusedError
from kiosk.court.queueing import (
    LeaseRequest,
    OfflineAccepted,
    OfflineTickets,
    QueueBoard,
    TicketFiling,
    TicketState,
    WhileFiling,
)
from kiosk.court.uuid7 import uuid7
from kiosk.outbox import numbers
from kiosk.outbox.errors import OutboxError
from kiosk.outbox.store import Outbox

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""How often the board is read while all is well."""

AGAIN_SECONDS = 5.0
"""How soon a silent hub is asked again."""

WATCH_SECONDS = 3.0
"""How often a watched ticket is asked after while its events are not heard."""

HEARD_SECONDS = 15.0
"""The same while they are: how many people are ahead changes without an event of this ticket."""

BATCH = 50


@dataclass(slots=True)
class _Due:
    """Moments of the monotonic clock."""

    look: float = 0.0
    watch: float = 0.0


class TicketKeeper:
    """Keeps one terminal's numbers in order. `on_news` is called from its thread."""

    def __init__(
        self,
        desk: TicketDesk,
        outbox: Outbox,
        terminal: Terminal,
        clock: Clock,
        client: HubClient,
        *,
        open_stream: Callable[[], EventStream],
        block: int,
        on_news: Callable[[TicketNews], None],
    ) -> None:
        self._desk = desk
        self._outbox = outbox
        self._terminal = terminal
        self._clock = clock
        self._client = client
        self._block = block
        self._on_news = on_news
        self._due = _Due()
        self._asked: dict[str, tuple[date, UUID]] = {}
        self._owed: list[tuple[UUID, WhileFiling | None]] = []
        self._watched: dict[UUID, TicketNews | None] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._feed = TicketFeed(open_stream, clock, self._watch_now)
        self._thread = threading.Thread(target=self._run, name="ticket-keeper", daemon=True)
        desk.on_silence = self._sooner

    def start(self) -> None:
        """Work in the background from now on."""
        self._thread.start()
        self._feed.start()

    def stop(self) -> None:
        """End; a request under way is not waited for longer than its own limit."""
        self._stopping.set()
        self._wake.set()
        self._feed.stop()
        if self._thread.is_alive():
            self._thread.join(ANSWER_SECONDS + 1.0)
        self._client.close()

    @property
    def listening(self) -> bool:
        """Whether changes of the watched tickets are told by the hub as they happen."""
        return self._feed.listening

    def watch(self, tickets: frozenset[UUID]) -> None:
        """Tell of these tickets from now on, and of no others."""
        with self._lock:
            self._watched = {ticket: self._watched.get(ticket) for ticket in tickets}
        self._feed.follow(tickets)
        self._watch_now()

    def owe(self, ticket_id: UUID, what: WhileFiling | None) -> None:
        """Tell the hub this of a ticket as soon as it answers, each in its turn; None: it is given up."""
        with self._lock:
            self._owed.append((ticket_id, what))
            self._due.look = 0.0
        self._wake.set()

    def _watch_now(self) -> None:
        with self._lock:
            self._due.watch = 0.0
        self._wake.set()

    def _sooner(self) -> None:
        with self._lock:
            self._due.look = min(self._due.look, self._clock.monotonic() + AGAIN_SECONDS)
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                pause = self.step()
            except OutboxError as error:
                log.error("numbers stopped: %s", error)  # noqa: TRY400 - the trace may hold statements
                return
            if pause > 0.0:
                self._wake.wait(pause)

    def step(self) -> float:
        """Do what is due; seconds until there is more. Raises OutboxError."""
        now = self._clock.monotonic()
        if now >= self._due.look:
            self._due.look = now + (LOOK_SECONDS if self._look() else AGAIN_SECONDS)
        if self._watched and now >= self._due.watch:
            self._due.watch = now + (HEARD_SECONDS if self.listening else WATCH_SECONDS)
            self._ask_after_watched()
        due = min(self._due.look, self._due.watch) if self._watched else self._due.look
        return max(0.0, due - self._clock.monotonic())

    # -- the board, the tickets, the leases

    def _look(self) -> bool:
        """Everything that needs the hub, the oldest debt first; False where it does not answer."""
        try:
            board = self._client.queue_board(ANSWER_SECONDS)
            self._bring_in()
            self._pay()
            self._desk.remember(board)  # from here on people are sent to the hub again
            self._renew(board)
        except HubError as error:
            log.info("numbers wait for the hub: %s", error)
            self._desk.silent = True
            return False
        return True

    def _bring_in(self) -> None:
        try:
            self._bring_in_all()
        except HubRefusedError as error:
            # Kept and tried again; whoever stands here now can have a number all the same.
            log.error("the hub does not take this terminal's own numbers: %s", error)  # noqa: TRY400 - one line for the attendant

    def _bring_in_all(self) -> None:
        while given := self._outbox.run(lambda c: numbers.to_bring_in(c, BATCH)):
            sent = OfflineTickets(terminal=self._terminal.code, tickets=tuple(one.ticket for one in given))
            answer = self._client.bring_in_offline(sent)
            self._settle({one.ticket.ticket_id for one in given}, answer)

    def _settle(self, asked: set[UUID], answer: OfflineAccepted) -> None:
        accepted, refused = asked.intersection(answer.accepted), asked.intersection(answer.refused)
        if not accepted | refused:
            raise HubRefusedError("the hub answered for none of the tickets")
        if refused:
            log.error("%d of this terminal's numbers are refused: its store was copied or put back", len(refused))
        self._outbox.run(lambda c: numbers.brought_in(c, accepted, refused, self._clock.now()))

    def _pay(self) -> None:
        while self._owed:
            ticket_id, what = self._owed[0]
            try:
                if what is None:
                    self._client.cancel_ticket(ticket_id, self._terminal.code, ANSWER_SECONDS)
                else:
                    told = TicketFiling(terminal=self._terminal.code, doing=what)
                    self._client.filing_while_waiting(ticket_id, told, ANSWER_SECONDS)
            except HubRefusedError as error:
                log.info("the hub does not take what a ticket's person wants: %s", error)
                with self._lock:  # whoever watches it hears again where it stands, since that is not what was asked for
                    if ticket_id in self._watched:
                        self._watched[ticket_id] = None
            with self._lock:
                self._owed.pop(0)
                self._due.watch = 0.0

    def _renew(self, board: QueueBoard) -> None:
        """A new block for every queue that has less than half of one left."""
        today = self._clock.now().astimezone(CHINA).date()
        if board.business_day != today:
            # Numbers are void after their day, and a terminal that does not know the day could not tell.
            log.error("this terminal's clock shows another day than the court's: no numbers are kept in store")
            return
        self._outbox.run(lambda c: numbers.forget_other_days(c, today))
        left = self._outbox.run(lambda c: numbers.numbers_left(c, today))
        for queue in sorted({offer.queue for offer in board.services}):
            if 2 * left.get(queue, 0) < self._block:
                self._lease(queue, today)

    def _lease(self, queue: str, today: date) -> None:
        day, request_id = self._asked.get(queue, (today, uuid7(self._clock.now())))
        if day != today:
            request_id = uuid7(self._clock.now())
        self._asked[queue] = (today, request_id)  # the same again, should the reply be lost
        request = LeaseRequest(request_id=request_id, terminal=self._terminal.code, queue=queue, size=self._block)
        try:
            lease = self._client.lease_numbers(request)
        except HubRefusedError as error:
            log.info("no numbers for queue %s: %s", queue, error)
            del self._asked[queue]
            return
        del self._asked[queue]
        if lease.business_day == today and lease.queue == queue:
            self._outbox.run(lambda c: numbers.keep_lease(c, lease, self._clock.now()))

    # -- watched tickets

    def _ask_after_watched(self) -> None:
        for ticket_id, before in list(self._watched.items()):
            try:
                state = self._client.ticket_state(ticket_id, self._terminal.code, ANSWER_SECONDS)
            except HubRefusedError:
                continue  # given here, and not yet brought in
            except HubError as error:
                log.info("a ticket cannot be asked after: %s", error)
                return
            news = _news(state)
            with self._lock:
                if ticket_id not in self._watched:
                    continue
                self._watched[ticket_id] = news
            if news != before:
                self._on_news(news)


def _news(state: TicketState) -> TicketNews:
    return TicketNews(str(state.ticket_id), state.status, state.window or "", state.ahead, wait_view(state.wait))
