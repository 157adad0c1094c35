"""What the flow asks of the world; the runtime runs it and its results come back as events."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.court.contract import AssistanceReason
from kiosk.court.queueing import WhileFiling
from kiosk.flow.page_events import PageSource
from kiosk.flow.stage import Outcome, Stage
from kiosk.pages.model import PageKind, Turn
from kiosk.session.scratch import ScratchKey


@dataclass(frozen=True, slots=True)
class ReadCard:
    """Wait for an identity card and read it once: CardRead or CardReadFailed."""


@dataclass(frozen=True, slots=True)
class StopReading:
    """Give up waiting for a card."""


@dataclass(frozen=True, slots=True)
class ReadCodes:
    """Listen to camera and handheld scanner for a code on paper, until StopCodes: CodeGiven, CodeLies,
    CodeUnreadable."""


@dataclass(frozen=True, slots=True)
class StopCodes:
    """The field does not wait any more."""


@dataclass(frozen=True, slots=True)
class StartPreview:
    """Show the document camera's live picture."""


@dataclass(frozen=True, slots=True)
class StopPreview:
    """End the live picture."""


@dataclass(frozen=True, slots=True)
class CapturePage:
    """Take a page: PageTaken, SeveralTaken or PictureFailed."""


@dataclass(frozen=True, slots=True)
class CleanAgain:
    """Make the page anew from its picture, as one that lay so, and as one of a kind where the person said which:
    PageCleaned or PageSpoiled."""

    key: ScratchKey
    turned: Turn | None
    kind: PageKind | None = None


@dataclass(frozen=True, slots=True)
class CleanWhole:
    """Make a page of the picture in which several things lie: PageCleaned or PageSpoiled."""

    key: ScratchKey


@dataclass(frozen=True, slots=True)
class LayTogether:
    """Lay the things `items`, in this order, on one page, as one that lay so: PageCleaned or PageSpoiled of `key`. The
    picture `key` stays beside it."""

    key: ScratchKey
    items: tuple[ScratchKey, ...]
    turned: Turn | None = None


@dataclass(frozen=True, slots=True)
class KeepPage:
    """The person has accepted the page: the picture that it was made from is not needed any more."""

    key: ScratchKey


@dataclass(frozen=True, slots=True)
class ScanSheets:
    """Scan the glass or the feeder: SheetScanned for every page, then ScannerEnded. `resume_from` is the number of the
    first page."""

    source: PageSource
    resume_from: int


@dataclass(frozen=True, slots=True)
class StopSheets:
    """Scan no more: ScannerEnded."""


@dataclass(frozen=True, slots=True)
class DropScratch:
    """Overwrite and forget a page or signature."""

    key: ScratchKey


@dataclass(frozen=True, slots=True)
class Submit:
    """Make the documents, seal everything and store it durably: Committed or CommitFailed."""


@dataclass(frozen=True, slots=True)
class PrintWindowTicket:
    """Print the slip with which the person goes on at a window: SlipChanged."""


@dataclass(frozen=True, slots=True)
class ReprintSlip:
    """Print the receipt again, marked as a copy: SlipChanged."""


@dataclass(frozen=True, slots=True)
class PrintPapers:
    """Print complaint and receipt on A4: A4Changed."""


@dataclass(frozen=True, slots=True)
class CallStaff:
    """Call a person to the terminal: HelpChanged. The step is named, never what was entered."""

    reason: AssistanceReason
    stage: Stage


@dataclass(frozen=True, slots=True)
class FindCases:
    """Ask the court by receipt number, or by the session's identity where None: CasesFound or CasesUnavailable."""

    receipt_no: str | None


@dataclass(frozen=True, slots=True)
class FindQueues:
    """Ask what numbers can be taken for: QueuesFound or QueuesUnavailable."""


@dataclass(frozen=True, slots=True)
class TakeTicket:
    """Take the number that the journey's visit wants: TicketTaken or TicketNotTaken."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Take the number of the appointment that the journey's visit names: TicketTaken or TicketNotTaken."""


@dataclass(frozen=True, slots=True)
class PrintTicket:
    """Print the slip of the visit's number, as a copy or the first: SlipChanged."""

    copy: bool


@dataclass(frozen=True, slots=True)
class WatchTicket:
    """Tell how this number stands from now on: TicketNews."""

    ticket_id: str


@dataclass(frozen=True, slots=True)
class CancelTicket:
    """Give this number up; nobody waits for the answer."""

    ticket_id: str


@dataclass(frozen=True, slots=True)
class FileMeanwhile:
    """Tell the court that the person of this number files here while waiting, and what comes of it."""

    ticket_id: str
    doing: WhileFiling


@dataclass(frozen=True, slots=True)
class FindDuty:
    """Ask who of the leaders is on duty: DutyTold."""


@dataclass(frozen=True, slots=True)
class ReportUnresolved:
    """Hand the journey's report of what could not be got done in: ReportKept or ReportNotKept."""


@dataclass(frozen=True, slots=True)
class PrintReport:
    """Print the slip of the report, as a copy or the first: SlipChanged."""

    copy: bool


@dataclass(frozen=True, slots=True)
class FindRatings:
    """Ask what can be rated by the code of an invitation, or by the rating's identity where None: RatingsFound or
    RatingsNotFound."""

    code: str | None


@dataclass(frozen=True, slots=True)
class KeepRating:
    """Make the rating's grade durable, with what was added to it: RatingKept or RatingNotKept. Until `done` more may
    be added."""

    done: bool


@dataclass(frozen=True, slots=True)
class FetchDraft:
    """Ask for the draft of this code, which must belong to the journey's identity: DraftCame or DraftStays."""

    code: str


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """Keep the journey's draft at the court: DraftWasKept or DraftStays."""


@dataclass(frozen=True, slots=True)
class EraseDraft:
    """Let the court forget the draft under this lookup id: DraftErased or DraftStays."""

    lookup: str


@dataclass(frozen=True, slots=True)
class PrintDraftSlip:
    """Print the slip with the code of the kept draft, as a copy or the first: SlipChanged."""

    copy: bool


@dataclass(frozen=True, slots=True)
class HoldPlace:
    """The person is at a window: keep the session for as long as that may take."""


@dataclass(frozen=True, slots=True)
class ExtendTime:
    """Grant the person more time."""


@dataclass(frozen=True, slots=True)
class EndSession:
    """Wipe the session and let the spare window take over."""

    outcome: Outcome


Effect = (
    ReadCard
    | StopReading
    | ReadCodes
    | StopCodes
    | StartPreview
    | StopPreview
    | CapturePage
    | CleanAgain
    | CleanWhole
    | LayTogether
    | KeepPage
    | ScanSheets
    | StopSheets
    | DropScratch
    | Submit
    | PrintWindowTicket
    | ReprintSlip
    | PrintPapers
    | CallStaff
    | FindCases
    | FindQueues
    | TakeTicket
    | CheckIn
    | PrintTicket
    | WatchTicket
    | CancelTicket
    | FileMeanwhile
    | FindDuty
    | ReportUnresolved
    | PrintReport
    | FindRatings
    | KeepRating
    | FetchDraft
    | KeepDraft
    | EraseDraft
    | PrintDraftSlip
    | HoldPlace
    | ExtendTime
    | EndSession
)
