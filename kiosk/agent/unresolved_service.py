"""The part of the agent's service that takes in what could not be got done (办不成事) and tells who is on duty."""

from __future__ import annotations

import logging
from typing import assert_never

from kiosk.agent.core import Agent
from kiosk.agent.peer import Peer
from kiosk.agent.unresolved_desk import ANSWER_SECONDS, BadReportError, UnresolvedDesk
from kiosk.agent.unresolved_messages import (
    GetDuty,
    ReportUnresolved,
    UnresolvedKept,
    UnresolvedRefusal,
    UnresolvedRefused,
    UnresolvedRequests,
)
from kiosk.agent.unresolved_messenger import UnresolvedMessenger
from kiosk.clock import CHINA, Clock
from kiosk.court.unresolved import report_reference
from kiosk.outbox.errors import OutboxError, OutboxFullError
from kiosk.outbox.unresolved import HeldReport, ReportState

log = logging.getLogger(__name__)


class UnresolvedService:
    """On lobby terminals and touchpads alike."""

    def __init__(self, agent: Agent, clock: Clock) -> None:
        self._desk = UnresolvedDesk(agent.outbox, agent.terminal, clock, agent.new_client())
        self._messenger = UnresolvedMessenger(agent.outbox, agent.new_client(), clock)
        agent.on_epoch(self._messenger.notify)

    def start(self) -> None:
        """Deliver from now on, first what a former agent has left."""
        self._messenger.start()

    def stop(self) -> None:
        """End; what is kept stays kept."""
        self._messenger.stop()
        self._desk.close()

    def answer(self, peer: Peer, request: UnresolvedRequests) -> None:
        """Do what a window asks. Raises OutboxError where the roster cannot be kept."""
        match request:
            case GetDuty():
                peer.send(self._desk.duty(request.request))
            case ReportUnresolved():
                peer.send(self._take(request))
            case _:
                assert_never(request)

    def _take(self, request: ReportUnresolved) -> UnresolvedKept | UnresolvedRefused:
        try:
            held = self._desk.keep(request)
            if held.state is ReportState.WAITING:
                self._messenger.bring(held.report_id, ANSWER_SECONDS)
                held = self._desk.held(held.report_id) or held
        except BadReportError as error:
            log.warning("a window sent %s", error)
            return UnresolvedRefused(request.request, UnresolvedRefusal.NOT_A_REPORT)
        except OutboxFullError:
            return UnresolvedRefused(request.request, UnresolvedRefusal.NO_SPACE)
        except OutboxError as error:
            log.error("no report can be kept: %s", error)  # noqa: TRY400 - the trace may hold statements
            return UnresolvedRefused(request.request, UnresolvedRefusal.OUT_OF_SERVICE)
        return _answer(request.request, held)


def _answer(request: str, held: HeldReport) -> UnresolvedKept | UnresolvedRefused:
    if held.state is ReportState.REFUSED:
        return UnresolvedRefused(request, UnresolvedRefusal.NOT_TAKEN)
    return UnresolvedKept(
        request,
        report_reference(held.report_id),
        held.kept_at.astimezone(CHINA).isoformat(),
        held.number,
        held.answer_by.isoformat() if held.answer_by else "",
    )
