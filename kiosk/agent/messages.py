"""The agent's socket messages. Requests come from session windows, events go to them; framing is drivers.api.wire.

Right after connecting a window gets AgentStatus, then a PendingReceipt for every committed filing whose number was
never shown; a window that was built in advance asks for them again when it is shown (AskPendingReceipts). A `request`
is an opaque id chosen by the window; its answer carries it back. Times are ISO 8601 with offset. A window that goes
away takes the parts of its uncommitted filing with it. Who sends Ping is no window: it is told nothing further.

Numbers (取号) are in kiosk/agent/ticket_messages.py, ratings (评价) in kiosk/agent/rating_messages.py, what
could not be got done (办不成事) in kiosk/agent/unresolved_messages.py, kept drafts in kiosk/agent/draft_messages.py. A
filing:

    StartFiling       -> FilingStarted            refused only where the store is out of service
    PutPart ...       -> nothing                  sealed in memory at once, in any order, the last of a role counts
    ReserveReceipt    -> ReceiptReserved          the number that envelope, slip and A4 receipt will carry
    PutPart(envelope)
    CommitFiling      -> Committed                only now may anything say "received"
    ReceiptShown
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from drivers.api.liveness import Ping, Pong
from drivers.api.records import JobState
from kiosk.agent.draft_messages import DraftEvents, DraftRequests
from kiosk.agent.rating_messages import (
    AnswerRating,
    FindRatings,
    HoldRating,
    PadWindow,
    RatingEnded,
    RatingInvited,
    RatingKept,
    RatingsFound,
    RatingShown,
    RatingWaits,
    ShowPad,
)
from kiosk.agent.ticket_messages import (
    CancelTicket,
    CheckInHere,
    FileMeanwhile,
    GetQueues,
    QueuesFound,
    TakeTicket,
    TicketNews,
    TicketRefused,
    TicketTaken,
    WatchTicket,
)
from kiosk.agent.unresolved_messages import UnresolvedEvents, UnresolvedRequests
from kiosk.config.model import Names, TerminalConfig
from kiosk.court.contract import AssistanceReason, BlobRole


class _Message(msgspec.Struct, frozen=True, tag_field="type"):
    """Base of all messages."""


class HubState(StrEnum):
    """Whether the hub answers, as far as the agent knows."""

    UNKNOWN = "unknown"
    ONLINE = "online"
    OFFLINE = "offline"


class RefusalReason(StrEnum):
    """Why the agent could not do what was asked."""

    NO_SPACE = "no_space"  # the disk is full: nothing was acknowledged, and nothing is lost
    OUT_OF_SERVICE = "out_of_service"  # the store failed; the terminal must be looked at
    NOT_RESERVED = "not_reserved"  # a filing was committed without its receipt number
    INCOMPLETE = "incomplete"  # the envelope is missing or is not that of this filing
    UNKNOWN_SUBMISSION = "unknown_submission"
    NO_ANSWER = "no_answer"  # not an answer to a rating invitation that this terminal holds


class LocalState(StrEnum):
    """Where a complaint stands: the hub's SubmissionState, or what only the terminal knows."""

    WAITING_TO_BE_SENT = "waiting_to_be_sent"  # kept safely here; its time of receipt already counts
    DELIVERED = "delivered"  # the court has it; its present state is not known because the hub does not answer
    RECEIVED = "received"
    ACCEPTED = "accepted"
    CORRECTION_REQUESTED = "correction_requested"
    TRANSFERRED = "transferred"


# -- requests


class GetConfig(_Message, frozen=True, tag="get_config"):
    """Ask for the configuration; answered by Config."""

    request: str


class StartFiling(_Message, frozen=True, tag="start_filing"):
    """The parts of a filing follow; answered by FilingStarted or Refused. `submission_id` is a UUIDv7."""

    request: str
    submission_id: str


class PutPart(_Message, frozen=True, tag="put_part"):
    """One document of the filing, in as many messages as its size needs; all but the last say that `more` follows. The
    ENVELOPE part is the JSON of kiosk.court.envelope.Envelope. `number` counts from 1 where there are several of one
    role, the parts of a volume."""

    submission_id: str
    role: BlobRole
    media_type: str
    data: bytes
    more: bool = False
    number: int = 1


class ReserveReceipt(_Message, frozen=True, tag="reserve_receipt"):
    """Ask for the receipt number; answered by ReceiptReserved or Refused. Asking again on the same day gives the same
    number with a fresh time."""

    request: str
    submission_id: str


class CommitFiling(_Message, frozen=True, tag="commit_filing"):
    """Make the filing durable; answered by Committed or Refused. Sending it twice commits once.

    `slip` is the paper slip (1-bit PNG), printed at once; empty where none is wanted. `slip_copy` is the same slip
    marked as a copy, kept for the case that the window dies before the person has seen the number.
    """

    request: str
    submission_id: str
    slip: bytes = b""
    slip_copy: bytes = b""


class DropFiling(_Message, frozen=True, tag="drop_filing"):
    """Forget the parts of a filing that will not be committed."""

    submission_id: str


class ReceiptShown(_Message, frozen=True, tag="receipt_shown"):
    """The person has seen the number; it need not be offered again."""

    submission_id: str


class AskPendingReceipts(_Message, frozen=True, tag="ask_pending_receipts"):
    """A window that was built in advance is shown from now on; answered by a PendingReceipt for each, maybe none."""


class ReprintSlip(_Message, frozen=True, tag="reprint_slip"):
    """Print another slip of a committed filing. `image` says that it is a copy; empty: the copy kept at the commit."""

    request: str
    submission_id: str
    image: bytes = b""


class FindCases(_Message, frozen=True, tag="find_cases"):
    """Ask what became of complaints; answered by CasesFound. Exactly one of both is given: a receipt number as it was
    typed, or an identity number (it leaves the terminal only sealed to the court's key)."""

    request: str
    receipt_no: str = ""
    identity_number: str = ""


class CallStaff(_Message, frozen=True, tag="call_staff"):
    """Call a person to the terminal; answered by StaffCalled. `step` names the screen, never what was entered."""

    request: str
    reason: AssistanceReason
    step: str


class GetHealth(_Message, frozen=True, tag="get_health"):
    """Ask for the agent's own condition; answered by Health."""

    request: str


Request = (
    GetConfig
    | StartFiling
    | PutPart
    | ReserveReceipt
    | CommitFiling
    | DropFiling
    | ReceiptShown
    | AskPendingReceipts
    | ReprintSlip
    | FindCases
    | CallStaff
    | GetHealth
    | GetQueues
    | TakeTicket
    | CheckInHere
    | WatchTicket
    | CancelTicket
    | FileMeanwhile
    | ShowPad
    | RatingShown
    | RatingWaits
    | AnswerRating
    | FindRatings
    | HoldRating
    | UnresolvedRequests
    | DraftRequests
    | Ping
)


# -- answers and events


class Config(_Message, frozen=True, tag="config"):
    """The configuration, with what the terminal learned from its hub."""

    request: str
    config: TerminalConfig
    terminal: str
    court_code: str
    court_name: Names
    development: bool
    software: str


class FilingStarted(_Message, frozen=True, tag="filing_started"):
    """The filing may go on; from here on it is never refused for want of space."""

    request: str
    submission_id: str


class Refused(_Message, frozen=True, tag="refused"):
    """The request was not carried out. `detail` is for the attendant, without personal data."""

    request: str
    reason: RefusalReason
    detail: str = ""


class ReceiptReserved(_Message, frozen=True, tag="receipt_reserved"):
    """The number this filing will have, and the time of receipt it will state."""

    request: str
    submission_id: str
    receipt_no: str
    received_at: str


class Committed(_Message, frozen=True, tag="committed"):
    """The filing is on disk for good. `already` is true where it had been before this request."""

    request: str
    submission_id: str
    receipt_no: str
    received_at: str
    sha256: str
    already: bool = False


class PendingReceipt(_Message, frozen=True, tag="pending_receipt"):
    """A filing was committed shortly before a crash and its number was never shown: "already received, no. …". The
    SlipState of its slip follows."""

    submission_id: str
    receipt_no: str
    received_at: str
    slip_copy: bytes = b""


class SlipState(_Message, frozen=True, tag="slip_state"):
    """A slip's print job. `copy` marks reprints; `detail` is for the attendant."""

    submission_id: str
    job: str
    state: JobState
    copy: bool = False
    detail: str = ""


class Acknowledged(_Message, frozen=True, tag="acknowledged"):
    """The court's signed receipt for this filing has arrived."""

    submission_id: str
    receipt_no: str


class AgentStatus(_Message, frozen=True, tag="agent_status"):
    """How things stand; sent at connect and at every change. `queue_depth` counts filings the hub has not receipted;
    `accepting` is false where no new filing may be begun; `numbers` tells whether the court gives numbers here."""

    hub: HubState
    queue_depth: int
    accepting: bool
    numbers: bool = False


class CaseView(msgspec.Struct, frozen=True):
    """One complaint on the "my case" screen."""

    receipt_no: str
    state: LocalState
    received: str
    cause_name: str = ""
    handling_court: str = ""
    competent_court: str = ""
    decision_due: str = ""
    decided: str = ""
    case_number: str = ""
    corrections: tuple[str, ...] = ()
    note: str = ""


class CasesFound(_Message, frozen=True, tag="cases_found"):
    """What is known, newest first. `offline`: the hub does not answer, so only this terminal's own complaints were
    looked through. `misread`: the receipt number is not one (its check character does not fit)."""

    request: str
    cases: tuple[CaseView, ...]
    offline: bool = False
    misread: bool = False


class StaffCalled(_Message, frozen=True, tag="staff_called"):
    """`delivered`: the call is on the staff's list; otherwise it is sent as soon as the hub answers again."""

    request: str
    delivered: bool


class Health(_Message, frozen=True, tag="health"):
    """For the readiness report. Times in seconds, sizes in bytes; `disk_trusted` is false where fsync returns so fast
    that nothing can have been written."""

    request: str
    engine: str
    cipher: str
    disk_trusted: bool
    fsync_microseconds: float
    free_bytes: int
    accepting: bool
    out_of_service: str
    hub: HubState
    hub_detail: str
    queue_depth: int
    oldest_waiting_seconds: float
    attention: int
    unsettled_slips: int
    unshown_receipts: int
    ratings_waiting: int
    oldest_rating_seconds: float
    ratings_refused: int
    unresolved_waiting: int
    oldest_unresolved_seconds: float
    unresolved_refused: int


Event = (
    Config
    | FilingStarted
    | Refused
    | ReceiptReserved
    | Committed
    | PendingReceipt
    | SlipState
    | Acknowledged
    | AgentStatus
    | CasesFound
    | StaffCalled
    | Health
    | QueuesFound
    | TicketTaken
    | PadWindow
    | RatingInvited
    | RatingEnded
    | RatingKept
    | RatingsFound
    | TicketRefused
    | TicketNews
    | UnresolvedEvents
    | DraftEvents
    | Pong
)
