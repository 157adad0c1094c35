"""The whole state of one journey: where the person is and what they have said. Frozen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from drivers.api.records import CaptureFailure, ReadFailure
from kiosk.agent.draft_messages import DraftRefusal
from kiosk.agent.messages import CaseView
from kiosk.agent.rating_messages import Findings
from kiosk.agent.ticket_messages import TicketRefusal
from kiosk.agent.unresolved_messages import UnresolvedRefusal
from kiosk.court.paper_codes import PaperUse
from kiosk.flow.draft import Draft, EvidenceDraft
from kiosk.flow.draft_state import Keeping, TakenUp
from kiosk.flow.effects import Effect
from kiosk.flow.events import CommitProblem, HelpState, JumpTo, PageTaken, PaperState, Service
from kiosk.flow.rating_draft import RatingDraft
from kiosk.flow.scanning import Scanning
from kiosk.flow.stage import PUBLIC_STAGES, Outcome, Stage
from kiosk.flow.unresolved_draft import UnresolvedDraft
from kiosk.flow.visit import Visit
from kiosk.i18n import Language, Text


class Overlay(StrEnum):
    """A question that lies over the present screen; the screen below is untouched."""

    NONE = "none"
    LEAVE = "leave"
    WINDOW = "window"
    GIVE_UP = "give_up"
    CALLED = "called"  # to a window, in the middle of a filing
    ERASE_DRAFT = "erase_draft"
    IDLE = "idle"


class Remark(StrEnum):
    """Small notices that are neither failures of a device nor of the agent."""

    ALREADY_SUBMITTED = "already_submitted"  # Back after a one-time action
    RECEIVED_BEFORE = "received_before"  # the receipt that another window could not show (F4)
    QUERY_UNAVAILABLE = "query_unavailable"
    RECEIPT_NUMBER_WRONG = "receipt_number_wrong"
    QUEUES_UNAVAILABLE = "queues_unavailable"
    CODE_WRONG = "code_wrong"
    RATING_CODE_WRONG = "rating_code_wrong"
    RATING_NOT_KEPT = "rating_not_kept"
    CODE_UNREADABLE = "code_unreadable"  # scanned, and no text
    DRAFT_CODE_WRONG = "draft_code_wrong"
    DRAFT_ERASED = "draft_erased"


_Refusal = TicketRefusal | UnresolvedRefusal | DraftRefusal
Notice = ReadFailure | CaptureFailure | CommitProblem | _Refusal | Findings | Remark | PaperUse
"""A PaperUse: a code of that kind was given to a field that wants another."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What is known once the complaint is durable."""

    submission_id: UUID
    receipt_no: str
    received_at: str
    acknowledged: bool = False
    slip: PaperState = PaperState.WAITING
    a4: PaperState | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    """One person's place in the journey.

    `page` is the key of the present form page, `open_evidence` the line of the evidence list being edited,
    `notice_detail` says more about the notice where there is more to say,
    `findings_shown` says that the person has seen what is missing on this page and may go on all the same,
    `lying_codes` lay under the camera before the field waited for one,
    `kept` is what somebody who was called to a window comes back to; no screen draws it,
    `taken_up` what came of a code from elsewhere, `keeping` the way to such a code,
    `jump` where the review page has sent the person; leaving that place leads back to the review.
    """

    stage: Stage = Stage.ATTRACT
    language: Language = Language.ZH
    service: Service | None = None
    draft: Draft | None = None
    page: str | None = None
    open_evidence: int | None = None
    findings_shown: bool = False
    jump: JumpTo | None = None
    overlay: Overlay = Overlay.NONE
    notice: Notice | None = None
    notice_detail: Text | None = None
    help: HelpState = HelpState.NONE
    capturing: bool = False
    taken: PageTaken | None = None
    scanning: Scanning = field(default_factory=Scanning)
    filed: Filed | None = None
    ticket: PaperState | None = None
    cases: tuple[CaseView, ...] | None = None
    cases_offline: bool = False
    querying: bool = False
    lying_codes: tuple[str, ...] = ()
    visit: Visit | None = None
    unresolved: UnresolvedDraft | None = None
    rating: RatingDraft | None = None
    kept: Journey | None = None
    taken_up: TakenUp | None = None
    keeping: Keeping | None = None
    outcome: Outcome | None = None

    @property
    def is_public(self) -> bool:
        """Whether nothing personal has been entered."""
        holds_number = self.visit is not None and self.visit.ticket is not None
        holds_words = self.unresolved is not None and self.unresolved.is_personal
        return self.stage in PUBLIC_STAGES and not holds_number and not holds_words

    def at(self, stage: Stage, **changes: Any) -> Journey:
        """This journey on another screen: page, notice and shown findings start anew."""
        fresh: dict[str, Any] = {"page": None, "notice": None, "notice_detail": None, "findings_shown": False}
        return replace(self, stage=stage, **{**fresh, **changes})

    def with_draft(self, **changes: Any) -> Journey:
        """This journey with some of its draft changed. Only for journeys that have a draft."""
        return replace(self, draft=replace(self.require_draft(), **changes))

    def require_draft(self) -> Draft:
        """The draft. Raises LookupError on the public screens, which have none."""
        if self.draft is None:
            raise LookupError(f"no draft at {self.stage}")
        return self.draft

    def require_visit(self) -> Visit:
        """The way to a number. Raises LookupError where none is being taken."""
        if self.visit is None:
            raise LookupError(f"no number at {self.stage}")
        return self.visit

    def with_unresolved(self, **changes: Any) -> Journey:
        """This journey with some of its report changed. Only for journeys that have one."""
        return replace(self, unresolved=replace(self.require_unresolved(), **changes))

    def require_unresolved(self) -> UnresolvedDraft:
        """The report of what could not be got done. Raises LookupError where none is being made."""
        if self.unresolved is None:
            raise LookupError(f"no report at {self.stage}")
        return self.unresolved

    def require_rating(self) -> RatingDraft:
        """What is rated. Raises LookupError where nothing is."""
        if self.rating is None:
            raise LookupError(f"no rating at {self.stage}")
        return self.rating

    def require_taken_up(self) -> TakenUp:
        """What was begun elsewhere. Raises LookupError where nothing was."""
        if self.taken_up is None:
            raise LookupError(f"no draft from elsewhere at {self.stage}")
        return self.taken_up

    def require_keeping(self) -> Keeping:
        """How the draft is being kept. Raises LookupError where none is."""
        if self.keeping is None:
            raise LookupError(f"no draft is kept at {self.stage}")
        return self.keeping

    def require_evidence(self) -> tuple[int, EvidenceDraft]:
        """The open line of the evidence list with its index. Raises LookupError where none is open."""
        if self.open_evidence is None:
            raise LookupError(f"no evidence open at {self.stage}")
        return self.open_evidence, self.require_draft().evidence[self.open_evidence]


@dataclass(frozen=True, slots=True)
class Step:
    """What one event led to."""

    journey: Journey
    effects: tuple[Effect, ...] = ()


def stay(journey: Journey, *effects: Effect) -> Step:
    """A step to `journey` with `effects`."""
    return Step(journey, effects)
