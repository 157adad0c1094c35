"""A pad's flow with its clock, and an agent that keeps what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from kiosk.agent.rating_messages import AnswerRating, PadGrade, RatingInvited
from kiosk.agent.unresolved_messages import ReportUnresolved, UnresolvedKept
from kiosk.config.model import Names
from kiosk.court.rating import RatingKind
from kiosk.flow.unresolved_events import ReportKept
from kiosk.rating import pad_events as ev
from kiosk.rating.pad import transition
from kiosk.rating.pad_state import Pad, PadLimits, PadStage

LIMITS = PadLimits()


def question(number: int = 1, language: str = "zh") -> RatingInvited:
    """An invitation with the five grades of GB/T 39735."""
    grades = tuple(
        PadGrade(value, value < 3, Names(zh=str(value), ko=str(value), en=str(value))) for value in range(5, 0, -1)
    )
    return RatingInvited(f"invitation-{number}", RatingKind.FIRST, "filing", grades, (), language)


def kept(request: str) -> UnresolvedKept:
    """What the agent says of a report that the court has."""
    return UnresolvedKept(request, "T-3F9A12C7", "2026-03-05T09:01:00+08:00", "B20260305-001", "2026-03-06")


@dataclass
class Bench:
    """A pad, its clock, and an agent that keeps what it is told (unless it is away)."""

    pad: Pad = field(default_factory=Pad)
    now: float = 1000.0
    away: bool = False
    sent: list[AnswerRating] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    replaced: int = 0
    reports: list[ReportUnresolved] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def do(self, event: ev.Event, after: float = 1.0) -> Pad:
        """Let `event` happen `after` seconds."""
        self.now += after
        step = transition(self.pad, event, self.now, LIMITS)
        self.pad = step.pad
        for effect in step.effects:
            match effect:
                case ev.Keep(answer):
                    self.sent.append(answer)
                    if not self.away:
                        self.do(ev.Kept(answer.request), after=0.0)
                case ev.TellShown(invitation_id):
                    self.shown.append(invitation_id)
                case ev.TellWaiting(invitation_id):
                    self.waiting.append(invitation_id)
                case ev.KeepReport(report):
                    self.reports.append(report)
                    if not self.away:
                        self.do(ReportKept(kept(report.request)), after=0.0)
                case ev.ReplaceWindow():
                    self.replaced += 1
                case _:
                    assert_never(effect)
        return self.pad

    def stage(self) -> PadStage:
        """The page that is shown."""
        return self.pad.stage

    @property
    def final(self) -> list[AnswerRating]:
        """The answers that count."""
        return [answer for answer in self.sent if answer.done]
