"""The part of the agent's service that serves a window's touchpad (one matter, one rating; 一事一评)."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import assert_never

from kiosk.agent import rating_messages as r
from kiosk.agent.core import Agent
from kiosk.agent.peer import Peer
from kiosk.agent.rating_desk import PadEvent, RatingDesk
from kiosk.agent.rating_feed import WindowFeed
from kiosk.agent.rating_messenger import RatingMessenger
from kiosk.clock import Clock
from kiosk.court.event_stream import EventStream
from kiosk.outbox.errors import UnknownInvitationError


class RatingService:
    """Only on a terminal whose configuration names a window. The newest pad that said ShowPad is the one people see."""

    def __init__(self, agent: Agent, clock: Clock) -> None:
        self._pad: Peer | None = None
        self._lock = threading.Lock()
        self._desk: RatingDesk | None = None
        config = agent.config
        if not config.window:
            return
        ca_file = Path(config.hub.ca_file) if config.hub.ca_file else None
        stream = EventStream(config.hub.url, agent.terminal.key, clock, ca_file)
        self._desk = RatingDesk(
            agent.outbox, agent.terminal, clock, window=config.window, hub_now=stream.hub_now, tell=self._tell
        )
        self._messenger = RatingMessenger(agent.outbox, agent.new_client(), clock)
        self._feed = WindowFeed(self._desk, stream, config.window, clock, on_open=self._messenger.notify)

    def start(self) -> None:
        """Listen and deliver from now on."""
        if self._desk is not None:
            self._messenger.start()
            self._feed.start()

    def stop(self) -> None:
        """End both."""
        if self._desk is not None:
            self._feed.stop()
            self._messenger.stop()

    def leave(self, peer: Peer) -> None:
        """A window has gone. What it left unsettled is settled by the next one that says ShowPad."""
        with self._lock:
            if peer is self._pad:
                self._pad = None

    def answer(self, peer: Peer, request: r.RatingRequests) -> None:
        """Do what a window asks. Raises BadAnswerError, OutboxError."""
        if self._desk is None:
            raise UnknownInvitationError("this terminal is the pad of no window")
        match request:
            case r.ShowPad():
                self._show(self._desk, peer, request.answering)
            case r.RatingShown():
                self._desk.shown(request.invitation_id)
            case r.AnswerRating():
                self._desk.answer(request)
                peer.send(r.RatingKept(request.request, request.invitation_id))
                self._messenger.notify()
            case _:
                assert_never(request)

    def _show(self, desk: RatingDesk, peer: Peer, answering: str) -> None:
        with self._lock:
            self._pad = peer
        peer.send(desk.window())
        for question in desk.questions(answering):
            peer.send(question)
        self._messenger.notify()

    def _tell(self, event: PadEvent) -> None:
        with self._lock:
            pad = self._pad
        if pad is not None:
            pad.send(event)
