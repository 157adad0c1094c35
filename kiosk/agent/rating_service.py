"""The part of the agent's service that serves ratings (one matter, one rating; 一事一评): a window's touchpad, or
whoever rates at a terminal in the hall."""

from __future__ import annotations

import logging
import threading
from typing import Protocol, assert_never
from uuid import UUID

from kiosk.agent import rating_messages as r
from kiosk.agent.core import Agent
from kiosk.agent.peer import Peer
from kiosk.agent.rating_answers import id_of
from kiosk.agent.rating_desk import PadEvent, RatingDesk
from kiosk.agent.rating_feed import WindowFeed
from kiosk.agent.rating_finder import RatingFinder
from kiosk.agent.rating_messenger import RatingMessenger
from kiosk.clock import Clock
from kiosk.outbox.errors import OutboxError, UnknownInvitationError

log = logging.getLogger(__name__)

BACK_SECONDS = 30.0
"""How long after its start the agent waits for a window to say that somebody is still busy with an invitation."""


class _Place(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def leave(self, peer: Peer) -> None: ...
    def answer(self, peer: Peer, request: r.RatingRequests) -> None: ...


class RatingService:
    """A touchpad's where the configuration names a window, else that of a terminal `in_hall`, else none."""

    def __init__(self, agent: Agent, clock: Clock, *, in_hall: bool) -> None:
        self._place: _Place | None = None
        if agent.config.window:
            self._place = _Touchpad(agent, clock)
        elif in_hall:
            self._place = _InHall(agent, clock)

    def start(self) -> None:
        """Listen and deliver from now on."""
        if self._place is not None:
            self._place.start()

    def stop(self) -> None:
        """End it."""
        if self._place is not None:
            self._place.stop()

    def leave(self, peer: Peer) -> None:
        """A window has gone."""
        if self._place is not None:
            self._place.leave(peer)

    def answer(self, peer: Peer, request: r.RatingRequests) -> None:
        """Do what a window asks. Raises BadAnswerError, OutboxError."""
        if self._place is None:
            raise UnknownInvitationError("nobody rates at this terminal")
        self._place.answer(peer, request)


class _Touchpad:
    """The newest pad that said ShowPad is the one people see."""

    def __init__(self, agent: Agent, clock: Clock) -> None:
        self._pad: Peer | None = None
        self._lock = threading.Lock()
        window, stream = agent.config.window, agent.new_stream()
        self._desk = RatingDesk(
            agent.outbox, agent.terminal, clock, window=window, hub_now=stream.hub_now, tell=self._tell
        )
        self._messenger = RatingMessenger(agent.outbox, agent.new_client(), clock)
        agent.on_epoch(self._messenger.notify)
        self._feed = WindowFeed(self._desk, stream, window, clock, on_open=self._messenger.notify)

    def start(self) -> None:
        self._messenger.start()
        self._feed.start()

    def stop(self) -> None:
        self._feed.stop()
        self._messenger.stop()

    def leave(self, peer: Peer) -> None:
        """What it left unsettled is settled by the next one that says ShowPad."""
        with self._lock:
            if peer is self._pad:
                self._pad = None

    def answer(self, peer: Peer, request: r.RatingRequests) -> None:
        match request:
            case r.ShowPad():
                self._show(peer, request.answering)
            case r.RatingShown():
                self._desk.shown(request.invitation_id)
            case r.RatingWaits():
                self._desk.waits(request.invitation_id)
            case r.AnswerRating():
                self._desk.answer(request)
                peer.send(r.RatingKept(request.request, request.invitation_id))
                self._messenger.notify()
            case r.FindRatings() | r.HoldRating():
                raise UnknownInvitationError("a pad rates what its window asks about")
            case _:
                assert_never(request)

    def _show(self, peer: Peer, answering: str) -> None:
        with self._lock:
            self._pad = peer
        peer.send(self._desk.window())
        for question in self._desk.questions(answering):
            peer.send(question)
        self._messenger.notify()

    def _tell(self, event: PadEvent) -> None:
        with self._lock:
            pad = self._pad
        if pad is not None:
            pad.send(event)


class _InHall:
    """Any number of windows, each busy with what it found last."""

    def __init__(self, agent: Agent, clock: Clock) -> None:
        self._lock = threading.Lock()
        self._busy: dict[Peer, set[UUID]] = {}
        self._finder = RatingFinder(agent.outbox, agent.terminal, clock, agent.new_client(), agent.tickets)
        self._messenger = RatingMessenger(agent.outbox, agent.new_client(), clock)
        agent.on_epoch(self._messenger.notify)
        self._later = threading.Timer(BACK_SECONDS, self._settle_left_over)
        self._later.daemon = True

    def start(self) -> None:
        self._messenger.start()
        self._later.start()

    def stop(self) -> None:
        self._later.cancel()
        self._messenger.stop()
        self._finder.close()

    def leave(self, peer: Peer) -> None:
        with self._lock:
            left = self._busy.pop(peer, set())
        if left:
            self._settle(left)

    def answer(self, peer: Peer, request: r.RatingRequests) -> None:
        match request:
            case r.FindRatings():
                self.leave(peer)
                found, matters = self._finder.find(code=request.code, identity_number=request.identity_number)
                with self._lock:
                    self._busy[peer] = {id_of(one.question.invitation_id) for one in matters}
                peer.send(r.RatingsFound(request.request, found, matters))
            case r.HoldRating():
                with self._lock:
                    self._busy.setdefault(peer, set()).add(id_of(request.invitation_id))
            case r.AnswerRating():
                self._finder.answer(request)
                peer.send(r.RatingKept(request.request, request.invitation_id))
                self._messenger.notify()
            case r.ShowPad() | r.RatingShown() | r.RatingWaits():
                raise UnknownInvitationError("this terminal is the pad of no window")
            case _:
                assert_never(request)

    def _settle(self, invitations: set[UUID]) -> None:
        try:
            self._finder.settle(invitations)
        except OutboxError as error:
            log.error("a rating is not settled: %s", error)  # noqa: TRY400 - the trace may hold statements
        self._messenger.notify()

    def _settle_left_over(self) -> None:
        """What was left by windows that went away together with the agent before this one."""
        try:
            self._finder.forget()
            left = self._finder.unsettled()
        except OutboxError as error:
            log.error("ratings left over are not settled: %s", error)  # noqa: TRY400 - the trace may hold statements
            return
        with self._lock:
            left -= set().union(*self._busy.values())
        self._settle(left)
