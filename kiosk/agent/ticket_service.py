"""Answers what windows ask about numbers, and tells each of the ticket it watches."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import assert_never
from uuid import UUID

from kiosk.agent import ticket_messages as t
from kiosk.agent.core import Agent
from kiosk.agent.peer import Peer
from kiosk.agent.ticket_keeper import TicketKeeper
from kiosk.agent.tickets import Arrival, NoTicketError, Wish
from kiosk.clock import Clock
from kiosk.court.queueing import WhileFiling
from kiosk.outbox.errors import OutboxError, UnknownSubmissionError

log = logging.getLogger(__name__)


class TicketService:
    """The part of the agent's service that gives numbers. With `keeps` it also leases numbers in advance and watches
    tickets, which only a terminal does at which numbers are taken."""

    def __init__(self, agent: Agent, clock: Clock, *, keeps: bool) -> None:
        self._agent = agent
        self._desk = agent.tickets
        self._lock = threading.Lock()
        self._watching: dict[Peer, UUID] = {}
        self._filing: dict[Peer, UUID] = {}
        self._keeper: TicketKeeper | None = None
        if keeps:
            self._keeper = TicketKeeper(
                agent.tickets,
                agent.outbox,
                agent.terminal,
                clock,
                agent.new_client(),
                open_stream=agent.new_stream,
                block=agent.config.queue.offline_numbers,
                on_news=self._tell,
            )

    def start(self) -> None:
        """Begin the background work."""
        if self._keeper is not None:
            self._keeper.start()

    def stop(self) -> None:
        """End it."""
        if self._keeper is not None:
            self._keeper.stop()

    def offered(self) -> bool:
        """Whether the court offers numbers at this terminal, as far as is known."""
        last = None if self._agent.outbox.out_of_service else self._desk.last_board()
        return self._keeper is not None and last is not None and bool(last[0].services)

    def leave(self, peer: Peer) -> None:
        """A window has gone."""
        self._watch(peer, None)
        with self._lock:
            filing = self._filing.pop(peer, None)
        if filing is not None:
            self._owe(filing, WhileFiling.ENDED)

    def answer(self, peer: Peer, request: t.TicketRequests) -> None:
        """Do what a window asks. Raises OutboxError where the board cannot be read, or an id is none."""
        match request:
            case t.GetQueues():
                board = self._desk.board()
                if board is None:
                    peer.send(t.QueuesFound(request.request, known=False, offline=True))
                else:
                    peer.send(t.QueuesFound(request.request, board.services, offline=board.offline))
            case t.TakeTicket():
                self._take(peer, request)
            case t.CheckInHere():
                self._check_in(peer, request)
            case t.WatchTicket():
                self._watch(peer, _id(request.ticket_id) if request.ticket_id else None)
            case t.CancelTicket():
                self._owe(_id(request.ticket_id), None)
            case t.FileMeanwhile():
                self._files(peer, _id(request.ticket_id), request.doing)
            case _:
                assert_never(request)

    def _take(self, peer: Peer, request: t.TakeTicket) -> None:
        wish = Wish(
            _id(request.request_id),
            request.service,
            request.ticket_class,
            request.language,
            request.identity_number,
            request.name,
            request.proof,
            request.further,
        )
        self._give(peer, request.request, lambda: self._desk.take(wish))

    def _check_in(self, peer: Peer, request: t.CheckInHere) -> None:
        arrival = Arrival(
            _id(request.request_id), request.language, request.code, request.identity_number, request.name
        )
        self._give(peer, request.request, lambda: self._desk.check_in(arrival))

    def _give(self, peer: Peer, request: str, ask: Callable[[], t.TicketView]) -> None:
        try:
            ticket = ask()
        except NoTicketError as error:
            peer.send(t.TicketRefused(request, error.reason))
        except OutboxError as error:
            log.error("no number can be stored: %s", error)  # noqa: TRY400 - the trace may hold statements
            peer.send(t.TicketRefused(request, t.TicketRefusal.OUT_OF_SERVICE))
        else:
            peer.send(t.TicketTaken(request, ticket))

    def _owe(self, ticket_id: UUID, what: WhileFiling | None) -> None:
        if self._keeper is not None:
            self._keeper.owe(ticket_id, what)

    def _files(self, peer: Peer, ticket_id: UUID, doing: WhileFiling) -> None:
        with self._lock:
            if doing is WhileFiling.ENDED:
                self._filing.pop(peer, None)
            else:
                self._filing[peer] = ticket_id
        self._owe(ticket_id, doing)

    def _watch(self, peer: Peer, ticket_id: UUID | None) -> None:
        with self._lock:
            self._watching.pop(peer, None)
            if ticket_id is not None:
                self._watching[peer] = ticket_id
            watched = frozenset(self._watching.values())
        if self._keeper is not None:
            self._keeper.watch(watched)

    def _tell(self, news: t.TicketNews) -> None:
        with self._lock:
            peers = [peer for peer, ticket_id in self._watching.items() if str(ticket_id) == news.ticket_id]
        for peer in peers:
            peer.send(news)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UnknownSubmissionError("not the id of a ticket") from error
