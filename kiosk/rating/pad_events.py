"""What can happen at a rating pad, and what is to be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kiosk.agent.rating_messages import AnswerRating, RatingInvited
from kiosk.agent.unresolved_messages import ReportUnresolved
from kiosk.flow.touches import Back, Continue, Finish
from kiosk.flow.unresolved_events import (
    AnswerCallBack,
    AskOtherDay,
    ChooseDay,
    ChooseKind,
    ChoosePlace,
    ChooseWindow,
    ReportKept,
    ReportNotKept,
)
from kiosk.i18n import Language

# -- the agent and the clock


@dataclass(frozen=True, slots=True)
class Invited:
    """A matter is to be rated."""

    question: RatingInvited


@dataclass(frozen=True, slots=True)
class Ended:
    """It need not be asked any more: `answered` elsewhere, or somebody else is at the window now."""

    invitation_id: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What was sent as `request` is durable."""

    request: str


@dataclass(frozen=True, slots=True)
class NotKept:
    """The agent cannot store what was sent as `request`."""

    request: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Time goes on; several times a second."""


# -- the person


@dataclass(frozen=True, slots=True)
class Touched:
    """A touch that means nothing by itself (a letter typed, a page turned): somebody is there."""


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Another language, on any page."""

    language: Language


@dataclass(frozen=True, slots=True)
class ChooseGrade:
    """One grade of the scale."""

    value: int


@dataclass(frozen=True, slots=True)
class Decline:
    """ "I would rather not": recorded as not rated."""


@dataclass(frozen=True, slots=True)
class ChooseReasons:
    """The reasons that are ticked now."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WriteComment:
    """Wants to add words of their own."""


@dataclass(frozen=True, slots=True)
class AskCallBack:
    """Wants to be called back, and so to be known."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The whole text of the open field, after each change."""

    text: str


@dataclass(frozen=True, slots=True)
class DoneTyping:
    """Back to the reasons; what was typed stays."""


@dataclass(frozen=True, slots=True)
class DropTyped:
    """Back to the reasons; what was typed is forgotten."""


@dataclass(frozen=True, slots=True)
class Submit:
    """Finished, with whatever was added, or nothing."""


# -- the person, about what could not be got done (办不成事)


@dataclass(frozen=True, slots=True)
class BeginReport:
    """Wants to say what could not be got done, at this `window`. `request_id` (UUIDv7) names the report from now on;
    `words_fit`: the panel has room for a keyboard with letters."""

    request_id: UUID
    window: str
    today: date
    words_fit: bool


@dataclass(frozen=True, slots=True)
class AskPlace:
    """It was not at this window."""


@dataclass(frozen=True, slots=True)
class LeaveReport:
    """Does not want to say it after all: nothing is kept."""


@dataclass(frozen=True, slots=True)
class MoreTime:
    """Is still there."""


Touch = ChooseGrade | Decline | ChooseReasons | WriteComment | AskCallBack | Typed | DoneTyping | DropTyped | Submit
"""What means something on one page only."""

ReportTouch = (
    BeginReport
    | AskPlace
    | LeaveReport
    | MoreTime
    | Typed
    | Back
    | Continue
    | Finish
    | ChooseKind
    | ChooseDay
    | AskOtherDay
    | ChoosePlace
    | ChooseWindow
    | AnswerCallBack
)
"""What means something on the pages of a report, or leads to them."""

PersonEvent = Touched | ChooseLanguage | Touch | ReportTouch
Event = Invited | Ended | Kept | NotKept | ReportKept | ReportNotKept | Tick | PersonEvent


# -- effects


@dataclass(frozen=True, slots=True)
class TellShown:
    """The question is on the screen now."""

    invitation_id: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Make an answer durable: Kept or NotKept."""

    answer: AnswerRating


@dataclass(frozen=True, slots=True)
class TellWaiting:
    """An invitation came while somebody was busy, and is asked next: whoever it is for is still there."""

    invitation_id: str


@dataclass(frozen=True, slots=True)
class KeepReport:
    """Hand a report in: ReportKept or ReportNotKept."""

    report: ReportUnresolved


@dataclass(frozen=True, slots=True)
class ReplaceWindow:
    """Something personal was typed: this process ends with all its memory, the spare one takes over."""


Effect = TellShown | TellWaiting | Keep | KeepReport | ReplaceWindow
