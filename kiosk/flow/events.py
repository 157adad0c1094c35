"""What can happen: what the person does, what time does, and what comes back from devices and agent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from drivers.api.records import CaptureFailure, Flaw, IdentityCard, ReadFailure
from kiosk.agent.messages import CaseView
from kiosk.agent.ticket_messages import OfferView, TicketRefusal, TicketView, Wait
from kiosk.court.queueing import TicketStatus
from kiosk.flow.code_events import CodeLies
from kiosk.flow.draft import FormSlot
from kiosk.flow.draft_events import DraftNews
from kiosk.flow.page_events import PageNews
from kiosk.flow.rating_events import RatingNews
from kiosk.flow.several_events import SeveralTaken
from kiosk.flow.stage import Stage
from kiosk.flow.touches import (
    AcceptPage,
    AddEvidence,
    AddInstance,
    AnswerConsent,
    AnswerMediation,
    AnswerQuestion,
    AskGiveUp,
    AskLeave,
    AskMyCase,
    AskWindow,
    Back,
    CallPerson,
    ChooseCause,
    ChooseCourt,
    ChooseIdentityMethod,
    ChooseLanguage,
    ChooseMatter,
    ChooseRepresented,
    ChooseService,
    ChooseTicketClass,
    Continue,
    EditEvidence,
    EnterCode,
    FieldAnswered,
    Finish,
    GiveProof,
    GoNow,
    IdentityMethod,
    JumpTo,
    MoveEvidence,
    NeedTime,
    PersonEvent,
    PrintA4,
    RemoveEvidence,
    RemoveInstance,
    RemovePage,
    Reprint,
    RetakePage,
    Service,
    SignatureCleared,
    Signed,
    StartScan,
    TakePicture,
    Touched,
    WithoutCard,
)
from kiosk.flow.unresolved_events import UnresolvedNews
from kiosk.flow.visit_touches import ChooseSeveral, GiveAppointmentCode, HaveAppointment, WithoutAppointment
from kiosk.i18n import Text
from kiosk.session.scratch import ScratchKey

# -- time


@dataclass(frozen=True, slots=True)
class IdleWarned:
    """Nobody has touched anything for a while."""


@dataclass(frozen=True, slots=True)
class IdleExpired:
    """The countdown ran out."""


# -- devices and agent


@dataclass(frozen=True, slots=True)
class CardRead:
    """A whole identity card."""

    card: IdentityCard


@dataclass(frozen=True, slots=True)
class CardReadFailed:
    """No card was read; nothing of it was kept."""

    failure: ReadFailure


@dataclass(frozen=True, slots=True)
class PageTaken:
    """A page, straightened, in the scratch, on its way to the page worker; `found` says whether its edges were seen,
    `flaws` what the camera saw on it."""

    key: ScratchKey
    found: bool
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class PictureFailed:
    """No picture came."""

    failure: CaptureFailure


@dataclass(frozen=True, slots=True)
class Committed:
    """The complaint is durable on this terminal. Only now may anything say "received"."""

    receipt_no: str
    received_at: str  # ISO 8601 with offset


class CommitProblem(StrEnum):
    """Why it is not durable; the answers are still here and the person may try again."""

    AGENT_GONE = "agent_gone"
    STORAGE = "storage"
    NO_SPACE = "no_space"  # the disk is full
    DOCUMENTS = "documents"  # a character cannot be printed
    SCAN = "scan"  # a scanned page is no whole picture
    UNEXPECTED = "unexpected"  # a fault of the program; the log says where


@dataclass(frozen=True, slots=True)
class CommitFailed:
    """Nothing was filed; nothing was lost. `detail` tells the person what exactly: which character stands where, which
    page of what is damaged."""

    problem: CommitProblem
    detail: Text | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The court's receipt has come."""


class PaperState(StrEnum):
    """What became of a slip or an A4 print."""

    WAITING = "waiting"
    PRINTED = "printed"
    NOT_PRINTED = "not_printed"
    UNKNOWN = "unknown"
    SAVED = "saved"  # kept as PDF because no printer is configured


@dataclass(frozen=True, slots=True)
class SlipChanged:
    """News of the slip."""

    state: PaperState


@dataclass(frozen=True, slots=True)
class A4Changed:
    """News of the A4 print."""

    state: PaperState


class HelpState(StrEnum):
    """What became of a call for a person."""

    NONE = "none"
    CALLING = "calling"
    CALLED = "called"
    QUEUED = "queued"  # the hub is unreachable; staff see it when it returns


@dataclass(frozen=True, slots=True)
class HelpChanged:
    """News of the call for a person."""

    state: HelpState


@dataclass(frozen=True, slots=True)
class CasesFound:
    """Answer to a query, newest first; may be empty. `offline`: only this terminal's own receipts could be looked
    through. `misread`: what was typed is no receipt number."""

    cases: tuple[CaseView, ...]
    offline: bool = False
    misread: bool = False


@dataclass(frozen=True, slots=True)
class CasesUnavailable:
    """Nobody can be asked now."""


@dataclass(frozen=True, slots=True)
class QueuesFound:
    """What numbers can be taken for. `offline`: from what is remembered, while the court does not answer."""

    offers: tuple[OfferView, ...]
    offline: bool = False


@dataclass(frozen=True, slots=True)
class QueuesUnavailable:
    """Nobody knows what numbers can be taken for."""


@dataclass(frozen=True, slots=True)
class TicketTaken:
    """The number is the person's, on disk at the court or here."""

    ticket: TicketView


@dataclass(frozen=True, slots=True)
class TicketNotTaken:
    """No number was given."""

    reason: TicketRefusal


@dataclass(frozen=True, slots=True)
class TicketNews:
    """Where a number stands now; `window` is where it was called to."""

    ticket_id: str
    status: TicketStatus
    window: str = ""
    ahead: int | None = None
    wait: Wait | None = None


@dataclass(frozen=True, slots=True)
class ReceiptPending:
    """A complaint became durable just before the window died, and its number was never shown (F4)."""

    submission_id: UUID
    receipt_no: str
    received_at: str


OutcomeEvent = (
    CardRead
    | CardReadFailed
    | PageTaken
    | PictureFailed
    | PageNews
    | Committed
    | CommitFailed
    | Acknowledged
    | SlipChanged
    | A4Changed
    | HelpChanged
    | CasesFound
    | CasesUnavailable
    | QueuesFound
    | QueuesUnavailable
    | TicketTaken
    | TicketNotTaken
    | TicketNews
    | UnresolvedNews
    | RatingNews
    | DraftNews
    | CodeLies
    | SeveralTaken
    | ReceiptPending
)

Event = PersonEvent | IdleWarned | IdleExpired | OutcomeEvent

SLOT_OF_STAGE: dict[Stage, FormSlot] = {
    Stage.PERSON: FormSlot.PERSON,
    Stage.ORGANISATION: FormSlot.ORGANISATION,
    Stage.PLAINTIFF: FormSlot.PLAINTIFF,
    Stage.AGENT: FormSlot.AGENT,
    Stage.CLAIM: FormSlot.CLAIM,
    Stage.OTHERS: FormSlot.OTHERS,
    Stage.ADDRESS: FormSlot.ADDRESS,
}
"""The stages that are filled from a form."""

__all__ = [
    "SLOT_OF_STAGE",
    "A4Changed",
    "AcceptPage",
    "Acknowledged",
    "AddEvidence",
    "AddInstance",
    "AnswerConsent",
    "AnswerMediation",
    "AnswerQuestion",
    "AskGiveUp",
    "AskLeave",
    "AskMyCase",
    "AskWindow",
    "Back",
    "CallPerson",
    "CardRead",
    "CardReadFailed",
    "CasesFound",
    "CasesUnavailable",
    "ChooseCause",
    "ChooseCourt",
    "ChooseIdentityMethod",
    "ChooseLanguage",
    "ChooseMatter",
    "ChooseRepresented",
    "ChooseService",
    "ChooseSeveral",
    "ChooseTicketClass",
    "CommitFailed",
    "CommitProblem",
    "Committed",
    "Continue",
    "EditEvidence",
    "EnterCode",
    "Event",
    "FieldAnswered",
    "Finish",
    "GiveAppointmentCode",
    "GiveProof",
    "GoNow",
    "HaveAppointment",
    "HelpChanged",
    "HelpState",
    "IdentityMethod",
    "IdleExpired",
    "IdleWarned",
    "JumpTo",
    "MoveEvidence",
    "NeedTime",
    "OutcomeEvent",
    "PageTaken",
    "PaperState",
    "PersonEvent",
    "PictureFailed",
    "PrintA4",
    "QueuesFound",
    "QueuesUnavailable",
    "ReceiptPending",
    "RemoveEvidence",
    "RemoveInstance",
    "RemovePage",
    "Reprint",
    "RetakePage",
    "Service",
    "SignatureCleared",
    "Signed",
    "SlipChanged",
    "StartScan",
    "TakePicture",
    "TicketNews",
    "TicketNotTaken",
    "TicketTaken",
    "Touched",
    "WithoutAppointment",
    "WithoutCard",
]
