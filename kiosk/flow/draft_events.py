"""What can happen about drafts that are kept for another place, and taken up again by their code (S0-32)."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.agent.draft_messages import DraftRefusal
from kiosk.court.kept_drafts import KeptDraft

# -- the person


@dataclass(frozen=True, slots=True)
class AskDraftCode:
    """Has begun elsewhere."""


@dataclass(frozen=True, slots=True)
class GiveDraftCode:
    """The code of a kept draft as it was typed."""

    code: str


@dataclass(frozen=True, slots=True)
class AskErase:
    """Wants the draft from elsewhere erased; asks before it is."""


@dataclass(frozen=True, slots=True)
class AskKeep:
    """Wants to go on later, here or elsewhere."""


DraftTouch = AskDraftCode | GiveDraftCode | AskErase | AskKeep

# -- the agent


@dataclass(frozen=True, slots=True)
class DraftCame:
    """The person's draft, under which lookup id it is kept and until which day (ISO 8601)."""

    kept: KeptDraft
    lookup: str
    until: str


@dataclass(frozen=True, slots=True)
class DraftWasKept:
    """The court keeps it until the end of a day (ISO 8601), for whoever has the code."""

    code: str
    until: str


@dataclass(frozen=True, slots=True)
class DraftErased:
    """The court has forgotten it."""


@dataclass(frozen=True, slots=True)
class DraftStays:
    """What was asked for was not done."""

    reason: DraftRefusal


DraftNews = DraftCame | DraftWasKept | DraftErased | DraftStays
