"""Runs what the flow asks about numbers (取号) over the agent's socket; part of SocketEffects."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, assert_never

from kiosk.agent import messages as agent
from kiosk.agent import ticket_messages as tickets
from kiosk.court.queueing import TicketClass, WhileFiling
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.journey import Journey

TicketEffect = fx.FindQueues | fx.TakeTicket | fx.CheckIn | fx.WatchTicket | fx.CancelTicket | fx.FileMeanwhile


class TicketEffects:
    """`send` tells whether the agent was there; `post` hands an event to the window's thread."""

    def __init__(self, send: Callable[[agent.Request], bool], post: Callable[[ev.Event], None]) -> None:
        self._send = send
        self._post = post
        self._board = ""
        self._number = ""
        self._watched = ""
        self._filing = ""

    def run(self, effect: TicketEffect, journey: Journey) -> None:
        """Begin one effect; an agent that is away is answered for at once."""
        match effect:
            case fx.FindQueues():
                self._board = uuid.uuid4().hex
                if not self._send(tickets.GetQueues(self._board)):
                    self.lost()
            case fx.TakeTicket():
                self._number = uuid.uuid4().hex
                if not self._send(wish(self._number, journey)):
                    self.lost()
            case fx.CheckIn():
                self._number = uuid.uuid4().hex
                if not self._send(arrival(self._number, journey)):
                    self.lost()
            case fx.WatchTicket(ticket_id):
                self._watched = ticket_id
                self._send(tickets.WatchTicket(ticket_id))
            case fx.CancelTicket(ticket_id):
                self._send(tickets.CancelTicket(ticket_id))
            case fx.FileMeanwhile(ticket_id, doing):
                self._filing = "" if doing is WhileFiling.ENDED else ticket_id
                self._send(tickets.FileMeanwhile(ticket_id, doing))
            case _:
                assert_never(effect)

    def connected(self) -> None:
        """A new agent does not know yet which ticket this window watches, and whether its person files."""
        if self._watched:
            self._send(tickets.WatchTicket(self._watched))
        if self._filing:
            self._send(tickets.FileMeanwhile(self._filing, WhileFiling.BEGAN))

    def lost(self) -> None:
        """The agent is away: whoever waits for it is told so."""
        if self._board:
            self._board = ""
            self._post(ev.QueuesUnavailable())
        if self._number:
            self._number = ""
            self._post(ev.TicketNotTaken(tickets.TicketRefusal.AWAY))

    def heard(self, message: Any) -> bool:
        """Whether `message` was about a number; it is answered then."""
        match message:
            case tickets.QueuesFound() if message.request == self._board:
                self._board = ""
                found = ev.QueuesFound(message.services, message.offline)
                self._post(found if message.known else ev.QueuesUnavailable())
            case agent.Refused() if self._board and message.request == self._board:
                self._board = ""
                self._post(ev.QueuesUnavailable())
            case tickets.TicketTaken() if message.request == self._number:
                self._number = ""
                self._post(ev.TicketTaken(message.ticket))
            case tickets.TicketRefused() if message.request == self._number:
                self._number = ""
                self._post(ev.TicketNotTaken(message.reason))
            case tickets.TicketNews(ticket_id, status, window, ahead, wait):
                self._post(ev.TicketNews(ticket_id, status, window, ahead, wait))
            case _:
                return False
        return True


def wish(request: str, journey: Journey) -> tickets.TakeTicket:
    """What the journey's visit wants, as the agent is told it."""
    visit = journey.require_visit()
    return tickets.TakeTicket(
        request,
        str(visit.request_id),
        visit.service,
        visit.ticket_class or TicketClass.ORDINARY,
        journey.language.value,
        visit.identity.number if visit.identity is not None else "",
        visit.identity.name if visit.identity is not None else "",
        visit.proof,
        visit.further,
    )


def arrival(request: str, journey: Journey) -> tickets.CheckInHere:
    """Who has come for the appointment of the journey's visit, as the agent is told it."""
    visit = journey.require_visit()
    return tickets.CheckInHere(
        request,
        str(visit.request_id),
        journey.language.value,
        visit.appointment or "",
        visit.identity.number if visit.identity is not None else "",
        visit.identity.name if visit.identity is not None else "",
    )
