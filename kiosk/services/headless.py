"""A whole journey without a window: the same flow, forms, papers and agent, driven by a synthetic person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from kiosk.agent import messages as m
from kiosk.agent.assembly import Assembly, Part
from kiosk.agent.core import Agent
from kiosk.clock import Clock
from kiosk.court.uuid7 import uuid7
from kiosk.flow.effects import (
    CallStaff,
    CapturePage,
    CleanAgain,
    CleanWhole,
    DropScratch,
    Effect,
    FindCases,
    KeepPage,
    LayTogether,
    PrintPapers,
    PrintWindowTicket,
    ReadCard,
    ReprintSlip,
    ScanSheets,
    StartPreview,
    StopPreview,
    StopReading,
    StopSheets,
    Submit,
)
from kiosk.flow.events import CommitFailed, Committed, Event
from kiosk.flow.journey import Journey
from kiosk.flow.runtime import Runtime
from kiosk.flow.stage import Stage
from kiosk.outbox.filing import Committed as Durable
from kiosk.services.filing import FilingService
from kiosk.services.synthetic import SyntheticPerson
from kiosk.session.idle import IdleLimits
from kiosk.session.session import Session

MOST_STEPS = 2000
"""Touches after which a journey that has not ended is a fault of the flow."""


class JourneyStuckError(Exception):
    """The journey did not end; says at which stage."""


class HeadlessFilings:
    """Files one complaint after the other through one agent."""

    def __init__(self, agent: Agent, filing: FilingService, clock: Clock) -> None:
        self._agent = agent
        self._filing = filing
        self._clock = clock
        self._assembly: Assembly | None = None
        self._durable: Durable | None = None
        self._outcome: Event | None = None

    def file(self, person: SyntheticPerson) -> Durable:
        """One whole journey; returns once its receipt is durable. Raises JourneyStuckError."""
        session = Session()
        self._durable = None
        runtime = Runtime(
            session,
            world=lambda: self._filing.world(self._clock.now(), uuid7(self._clock.now())),
            runner=self,
            clock=self._clock,
            limits=IdleLimits(),
            on_change=lambda _: None,
            on_end=lambda _: None,
        )
        for _ in range(MOST_STEPS):
            if session.ended:
                break
            for event in self._next_events(person, session):
                before = session.journey
                runtime.dispatch(event)
                if session.ended or _elsewhere(before, session.journey):
                    break
        if self._durable is None:
            raise JourneyStuckError("ended without a receipt" if session.ended else session.journey.stage.value)
        return self._durable

    def _next_events(self, person: SyntheticPerson, session: Session) -> Iterator[Event]:
        if self._outcome is not None:
            outcome, self._outcome = self._outcome, None
            yield outcome
            return
        world = self._filing.world(self._clock.now(), uuid7(self._clock.now()))
        yield from person.touches(session.journey, world, session.scratch)

    # -- effects

    def run(self, effect: Effect, session: Session) -> None:
        """Only handing in does something; cards and pages come from the synthetic person."""
        match effect:
            case Submit():
                self._outcome = self._filing.hand_in(session, self._ask)
                if isinstance(self._outcome, CommitFailed):
                    raise JourneyStuckError(self._outcome.problem.value)
                if isinstance(self._outcome, Committed) and self._durable is not None:
                    self._agent.receipt_shown(self._durable.submission_id)
            case DropScratch(key):
                session.scratch.drop(key)
            case (
                ReadCard()
                | StopReading()
                | StartPreview()
                | StopPreview()
                | CapturePage()
                | CleanAgain()
                | CleanWhole()
                | LayTogether()
                | KeepPage()
                | ScanSheets()
                | StopSheets()
                | PrintWindowTicket()
                | ReprintSlip()
                | PrintPapers()
                | CallStaff()
                | FindCases()
            ):
                pass
            case _:
                raise ValueError(type(effect).__name__)

    def _ask(self, message: Any, request: str | None) -> Any:
        """What a window asks over the agent's socket, asked of the agent itself."""
        match message:
            case m.StartFiling(_, submission_id):
                self._assembly = self._agent.assembly(UUID(submission_id))
                return m.FilingStarted(request or "", submission_id)
            case m.ReserveReceipt(_, submission_id):
                reserved = self._agent.reserve_receipt(UUID(submission_id))
                at = reserved.received_at.isoformat()
                return m.ReceiptReserved(request or "", submission_id, reserved.receipt_no, at)
            case m.PutPart(_, role, media_type, data, more) if self._assembly is not None:
                self._assembly.put(Part(role, media_type, data), more=more)
                return None
            case m.CommitFiling(_, _, slip, slip_copy) if self._assembly is not None:
                durable = self._durable = self._agent.commit_sealed(self._assembly.sealed(slip, slip_copy))
                return m.Committed(
                    request or "",
                    str(durable.submission_id),
                    durable.receipt_no,
                    durable.received_at.isoformat(),
                    durable.sha256,
                )
            case _:
                raise ValueError(type(message).__name__)


def _elsewhere(before: Journey, after: Journey) -> bool:
    """Whether the touches planned for the old screen have nothing more to say."""
    return after.stage is not before.stage or (before.stage is Stage.SUBMITTING and before.notice != after.notice)
