"""Runs what the flow asks about what could not be got done, and about the leader on duty, over the agent's socket; part
of SocketEffects."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, assert_never

from kiosk.agent import messages as agent
from kiosk.agent import unresolved_messages as unresolved
from kiosk.court.unresolved import UnresolvedChannel
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.journey import Journey
from kiosk.flow.unresolved_draft import phone_number
from kiosk.flow.unresolved_events import DutyTold, ReportKept, ReportNotKept

UnresolvedEffect = fx.FindDuty | fx.ReportUnresolved


class UnresolvedEffects:
    """`send` tells whether the agent was there; `post` hands an event to the window's thread."""

    def __init__(self, send: Callable[[agent.Request], bool], post: Callable[[ev.Event], None]) -> None:
        self._send = send
        self._post = post
        self._duty = ""
        self._report = ""

    def run(self, effect: UnresolvedEffect, journey: Journey) -> None:
        """Begin one effect; an agent that is away is answered for at once."""
        match effect:
            case fx.FindDuty():
                self._duty = uuid.uuid4().hex
                if not self._send(unresolved.GetDuty(self._duty)):
                    self.lost()
            case fx.ReportUnresolved():
                self._report = uuid.uuid4().hex
                if not self._send(report(self._report, journey)):
                    self.lost()
            case _:
                assert_never(effect)

    def lost(self) -> None:
        """The agent is away: whoever waits for it is told so."""
        if self._duty:
            self._duty = ""
            self._post(DutyTold(unresolved.DutyFound("", known=False)))
        if self._report:
            self._report = ""
            self._post(ReportNotKept(unresolved.UnresolvedRefusal.AWAY))

    def heard(self, message: Any) -> bool:
        """Whether `message` was an answer to one of these; it is told then."""
        match message:
            case unresolved.DutyFound() if message.request == self._duty:
                self._duty = ""
                self._post(DutyTold(message))
            case agent.Refused() if self._duty and message.request == self._duty:
                self._duty = ""
                self._post(DutyTold(unresolved.DutyFound("", known=False)))
            case unresolved.UnresolvedKept() if message.request == self._report:
                self._report = ""
                self._post(ReportKept(message))
            case unresolved.UnresolvedRefused() if message.request == self._report:
                self._report = ""
                self._post(ReportNotKept(message.reason))
            case _:
                return False
        return True


def report(request: str, journey: Journey) -> unresolved.ReportUnresolved:
    """The journey's report, as the agent is told it. Raises LookupError for one that is not whole."""
    draft = journey.require_unresolved()
    if draft.kind is None or draft.place is None or draft.happened is None:
        raise LookupError("the report is not whole")
    return unresolved.ReportUnresolved(
        request,
        str(draft.request_id),
        draft.kind,
        draft.place,
        draft.happened.isoformat(),
        UnresolvedChannel.KIOSK,
        window=draft.window,
        service=draft.service,
        account=draft.account,
        name=draft.name if draft.call_back else "",
        phone=phone_number(draft.phone) if draft.call_back else "",
        language=journey.language.value,
    )
