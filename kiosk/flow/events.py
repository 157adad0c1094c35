"""What can happen: what the person does, what time does, and what comes back from devices and agent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from drivers.api.records import CaptureFailure, IdentityCard, ReadFailure
from kiosk.agent.messages import CaseView
from kiosk.court.envelope import MediationWish
from kiosk.flow.draft import FormSlot, Represented
from kiosk.flow.stage import Stage
from kiosk.forms.answers import Path, Value
from kiosk.i18n import Language, Text
from kiosk.session.scratch import ScratchKey


class Service(StrEnum):
    """What the home screen offers."""

    FILE_CASE = "file_case"
    MY_CASE = "my_case"


# -- the person, on any screen


@dataclass(frozen=True, slots=True)
class Touched:
    """Any touch; from ATTRACT it opens the home screen."""


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Another language, from any screen; nothing entered is lost."""

    language: Language


@dataclass(frozen=True, slots=True)
class Continue:
    """The primary button."""


@dataclass(frozen=True, slots=True)
class Back:
    """One screen back."""


@dataclass(frozen=True, slots=True)
class NeedTime:
    """ "I need more time"."""


@dataclass(frozen=True, slots=True)
class CallPerson:
    """ "Call a person"; the journey goes on."""


@dataclass(frozen=True, slots=True)
class AskWindow:
    """ "Continue at the window"; asks before leaving."""


@dataclass(frozen=True, slots=True)
class AskLeave:
    """Wants to stop without filing; asks before leaving."""


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """Yes or no to the question that lies over the screen (leave, window)."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Finish:
    """The person is done with the last screen."""


# -- the person, on one screen


@dataclass(frozen=True, slots=True)
class ChooseService:
    """On the home screen."""

    service: Service


@dataclass(frozen=True, slots=True)
class AnswerConsent:
    """An explicit yes or no to the question of the present screen."""

    granted: bool


class IdentityMethod(StrEnum):
    """How somebody says who they are; a card is never the only way."""

    CARD = "card"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class ChooseIdentityMethod:
    """By card or typed."""

    method: IdentityMethod


@dataclass(frozen=True, slots=True)
class ChooseRepresented:
    """For whom the case is filed."""

    represented: Represented


@dataclass(frozen=True, slots=True)
class FieldAnswered:
    """A field of the present form page changed. None empties it."""

    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class AddInstance:
    """One more party, claim and so on."""

    repeat: str


@dataclass(frozen=True, slots=True)
class RemoveInstance:
    """One fewer."""

    repeat: str
    index: int


@dataclass(frozen=True, slots=True)
class ChooseCourt:
    """The competent court (管辖法院); the handling court is the terminal's own."""

    code: str


@dataclass(frozen=True, slots=True)
class ChooseCause:
    """A cause of action by its code."""

    code: str


@dataclass(frozen=True, slots=True)
class AddEvidence:
    """A new line of the evidence list."""


@dataclass(frozen=True, slots=True)
class EditEvidence:
    """Open one line."""

    index: int


@dataclass(frozen=True, slots=True)
class RemoveEvidence:
    """Take one line and its pages away."""

    index: int


@dataclass(frozen=True, slots=True)
class MoveEvidence:
    """Move one line up (-1) or down (+1)."""

    index: int
    by: int


@dataclass(frozen=True, slots=True)
class StartScan:
    """Scan pages for the open line."""


@dataclass(frozen=True, slots=True)
class TakePicture:
    """Take the page that lies under the camera."""


@dataclass(frozen=True, slots=True)
class AcceptPage:
    """Keep the page just taken."""


@dataclass(frozen=True, slots=True)
class RetakePage:
    """Throw the page just taken away."""


@dataclass(frozen=True, slots=True)
class RemovePage:
    """Throw away one page of the open line."""

    page: int


@dataclass(frozen=True, slots=True)
class AnswerMediation:
    """Yes, no or not sure."""

    wish: MediationWish


@dataclass(frozen=True, slots=True)
class JumpTo:
    """From the review page or an error summary to where the answer was given."""

    stage: Stage
    page: str | None = None
    evidence: int | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """The signature as drawn (PNG in the scratch)."""

    key: ScratchKey


@dataclass(frozen=True, slots=True)
class SignatureCleared:
    """The person wiped the signature."""


@dataclass(frozen=True, slots=True)
class AskMyCase:
    """A receipt number as typed."""

    receipt_no: str


@dataclass(frozen=True, slots=True)
class Reprint:
    """Print the slip again, marked as a copy."""


@dataclass(frozen=True, slots=True)
class PrintA4:
    """Print complaint and receipt on the A4 printer."""


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
    """A page, straightened, in the scratch; `found` says whether its edges were seen."""

    key: ScratchKey
    found: bool


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
    DOCUMENTS = "documents"  # a character cannot be printed
    UNEXPECTED = "unexpected"  # a fault of the program; the log says where


@dataclass(frozen=True, slots=True)
class CommitFailed:
    """Nothing was filed; nothing was lost. `detail` tells the person what exactly: which character stands where."""

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
class ReceiptPending:
    """A complaint became durable just before the window died, and its number was never shown (F4)."""

    submission_id: UUID
    receipt_no: str
    received_at: str


PersonEvent = (
    Touched
    | ChooseLanguage
    | Continue
    | Back
    | NeedTime
    | CallPerson
    | AskWindow
    | AskLeave
    | AnswerQuestion
    | Finish
    | ChooseService
    | AnswerConsent
    | ChooseIdentityMethod
    | ChooseRepresented
    | FieldAnswered
    | AddInstance
    | RemoveInstance
    | ChooseCourt
    | ChooseCause
    | AddEvidence
    | EditEvidence
    | RemoveEvidence
    | MoveEvidence
    | StartScan
    | TakePicture
    | AcceptPage
    | RetakePage
    | RemovePage
    | AnswerMediation
    | JumpTo
    | Signed
    | SignatureCleared
    | AskMyCase
    | Reprint
    | PrintA4
)

OutcomeEvent = (
    CardRead
    | CardReadFailed
    | PageTaken
    | PictureFailed
    | Committed
    | CommitFailed
    | Acknowledged
    | SlipChanged
    | A4Changed
    | HelpChanged
    | CasesFound
    | CasesUnavailable
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
