"""What a person can do on the screens: every touch that means something."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.court.envelope import MediationWish
from kiosk.court.queueing import TicketClass
from kiosk.flow.code_events import CodeTouch
from kiosk.flow.draft import Represented
from kiosk.flow.draft_events import DraftTouch
from kiosk.flow.offers.touches import OfferTouch
from kiosk.flow.page_events import PageTouch
from kiosk.flow.rating_events import RatingTouch
from kiosk.flow.several_events import SeveralTouch
from kiosk.flow.stage import Stage
from kiosk.flow.unresolved_events import UnresolvedTouch
from kiosk.flow.visit_touches import VisitTouch
from kiosk.forms.answers import Path, Value
from kiosk.i18n import Language
from kiosk.session.scratch import ScratchKey


class Service(StrEnum):
    """What the home screen offers."""

    FILE_CASE = "file_case"
    MY_CASE = "my_case"
    TICKET = "ticket"
    UNRESOLVED = "unresolved"  # 办不成事, with the leader on duty
    DUTY = "duty"
    RATING = "rating"  # 服务评价


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
class ChooseMatter:
    """What a number is taken for, by the code of the service."""

    service: str


@dataclass(frozen=True, slots=True)
class ChooseTicketClass:
    """For whom the number is."""

    ticket_class: TicketClass


@dataclass(frozen=True, slots=True)
class GiveProof:
    """The number of a professional's licence as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class WithoutCard:
    """Take the number without an identity card."""


@dataclass(frozen=True, slots=True)
class GoNow:
    """Called to a window in the middle of a filing: goes, and comes back to it or not."""

    keep: bool


@dataclass(frozen=True, slots=True)
class EnterCode:
    """The code with which somebody comes back, as typed."""

    code: str


@dataclass(frozen=True, slots=True)
class AskGiveUp:
    """Wants no number any more; asks before it is given up."""


@dataclass(frozen=True, slots=True)
class Reprint:
    """Print the slip again, marked as a copy."""


@dataclass(frozen=True, slots=True)
class PrintA4:
    """Print complaint and receipt on the A4 printer."""


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
    | ChooseMatter
    | ChooseTicketClass
    | GiveProof
    | WithoutCard
    | AskGiveUp
    | GoNow
    | EnterCode
    | Reprint
    | PrintA4
    | PageTouch
    | OfferTouch
    | SeveralTouch
    | UnresolvedTouch
    | VisitTouch
    | RatingTouch
    | CodeTouch
    | DraftTouch
)
