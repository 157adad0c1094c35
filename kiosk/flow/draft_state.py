"""What a journey knows of a draft that was begun elsewhere, and of one that is to be kept (S0-32)."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.court.envelope import Consent
from kiosk.flow.draft import Draft
from kiosk.flow.events import JumpTo, PaperState
from kiosk.flow.stage import Stage
from kiosk.i18n import Text


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One thing that was written elsewhere and does not fit the forms of this terminal: what it was asked as, and what
    was written."""

    label: Text
    written: str


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A draft from elsewhere as it would go on here; until the person goes on, nothing of theirs has changed. `until`
    is its last day at the court (ISO 8601)."""

    draft: Draft
    until: str
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Keeping:
    """The way to a code. `stage`, `page`, `open_evidence` and `jump` are where the person comes back to; `code` and
    `until` (ISO 8601) are there once it is kept."""

    stage: Stage
    page: str | None = None
    open_evidence: int | None = None
    jump: JumpTo | None = None
    consent: Consent | None = None
    code: str = ""
    until: str = ""
    slip: PaperState | None = None
