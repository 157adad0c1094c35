"""What can happen on the way of what could not be got done (办不成事) and at the duty roster (带班院领导)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kiosk.agent.unresolved_messages import DutyFound, UnresolvedKept, UnresolvedRefusal
from kiosk.court.unresolved import UnresolvedKind, UnresolvedPlace

# -- the person


@dataclass(frozen=True, slots=True)
class ChooseKind:
    """What could not be got done."""

    kind: UnresolvedKind


@dataclass(frozen=True, slots=True)
class ChoosePlace:
    """Where; after WINDOW and SERVICE follows which."""

    place: UnresolvedPlace


@dataclass(frozen=True, slots=True)
class ChooseWindow:
    """At which window."""

    window: str


@dataclass(frozen=True, slots=True)
class ChooseDay:
    """When."""

    day: date


@dataclass(frozen=True, slots=True)
class AskOtherDay:
    """On none of the days offered."""


@dataclass(frozen=True, slots=True)
class WriteAccount:
    """The person's own words as they stand now."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerCallBack:
    """Whether the court may call."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class GiveContact:
    """Whom to call and where, as typed so far."""

    name: str
    phone: str


UnresolvedTouch = (
    ChooseKind | ChoosePlace | ChooseWindow | ChooseDay | AskOtherDay | WriteAccount | AnswerCallBack | GiveContact
)


# -- the agent


@dataclass(frozen=True, slots=True)
class DutyTold:
    """Who is on duty, as far as is known."""

    duty: DutyFound


@dataclass(frozen=True, slots=True)
class ReportKept:
    """The report is on disk for good, and perhaps at the court already."""

    kept: UnresolvedKept


@dataclass(frozen=True, slots=True)
class ReportNotKept:
    """It was not taken in; what was said is still here."""

    reason: UnresolvedRefusal


UnresolvedNews = DutyTold | ReportKept | ReportNotKept
