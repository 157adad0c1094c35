"""The part of the agent's messages that is about ratings (评价); kiosk/agent/messages.py holds the rest.

    ShowPad      -> PadWindow, RatingInvited ...  now and at every change: this window is what people see
    RatingShown  -> nothing
    RatingWaits  -> nothing
    AnswerRating -> RatingKept | Refused          only then may anybody be thanked; the same again changes nothing

A pad that is built in advance does not send ShowPad and is told nothing. At a terminal in the hall:

    FindRatings  -> RatingsFound                  by the code of an invitation or by the card, from the hub
    AnswerRating -> RatingKept | Refused          the same
    HoldRating   -> nothing                       to a new agent: somebody is busy with this invitation

A window that goes away leaves the grade that was touched as it stands, and nothing where none was.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from kiosk.config.model import Names
from kiosk.court.rating import RatingKind, RatingOutcome
from kiosk.rating.window_state import Activity


class _Message(msgspec.Struct, frozen=True, tag_field="type"):
    """Base of these messages."""


class PadGrade(msgspec.Struct, frozen=True):
    """One grade; a `bad` one is followed by the offer to say why."""

    value: int
    bad: bool
    names: Names


class PadReason(msgspec.Struct, frozen=True):
    """One reason offered with a bad grade."""

    code: str
    names: Names


# -- requests


class ShowPad(_Message, frozen=True, tag="show_pad"):
    """This window is on the screen from now on. `answering` is the invitation somebody is busy with at it (the agent
    was away for a moment); every other grade that was touched stands as it is."""

    answering: str = ""


class RatingShown(_Message, frozen=True, tag="rating_shown"):
    """The question is on the screen."""

    invitation_id: str


class RatingWaits(_Message, frozen=True, tag="rating_waits"):
    """It came while somebody was busy at this window and is asked next, here or in the window that follows: it is as
    fresh as one that comes now."""

    invitation_id: str


class AnswerRating(_Message, frozen=True, tag="answer_rating"):
    """What became of an invitation. Until `done`, reasons, comment and number may still be added to the grade; a window
    that dies before leaves the grade as it was. `comment` and `call_back` (a telephone number, given only by whoever
    wants to be called) leave the agent's memory only sealed to the court's key."""

    request: str
    invitation_id: str
    outcome: RatingOutcome
    grade: int | None = None
    reasons: tuple[str, ...] = ()
    comment: str = ""
    call_back: str = ""
    language: Literal["zh", "ko", "en"] = "zh"
    done: bool = True


class FindRatings(_Message, frozen=True, tag="find_ratings"):
    """What can be rated? By an invitation's `code` as it was typed, or by the identity number of the card with which
    numbers were taken, which leaves the agent only sealed to the court's key."""

    request: str
    code: str = ""
    identity_number: str = ""


class HoldRating(_Message, frozen=True, tag="hold_rating"):
    """Somebody is busy with this invitation at a terminal."""

    invitation_id: str


# -- answers and events


class PadWindow(_Message, frozen=True, tag="pad_window"):
    """Whose pad this is and what its window is doing; all of it UNKNOWN while the hub's events are not `heard`."""

    window: str
    activity: Activity = Activity.UNKNOWN
    staff: str = ""
    number: str = ""
    heard: bool = False


class RatingInvited(_Message, frozen=True, tag="rating_invited"):
    """Please ask. Grades and reasons in the order in which everybody gets them; `language` is that of the ticket."""

    invitation_id: str
    kind: RatingKind
    service: str
    grades: tuple[PadGrade, ...]
    reasons: tuple[PadReason, ...]
    language: Literal["zh", "ko", "en"] = "zh"


class RatingEnded(_Message, frozen=True, tag="rating_ended"):
    """Ask no longer: it was `answered` elsewhere, or else somebody else is at the window now."""

    invitation_id: str
    answered: bool


class RatingKept(_Message, frozen=True, tag="rating_kept"):
    """The answer is on disk for good."""

    request: str
    invitation_id: str


class Findings(StrEnum):
    """What came of looking for something to rate."""

    OPEN = "open"
    DONE = "done"  # rated already
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    AWAY = "away"  # the hub does not answer


class MatterToRate(msgspec.Struct, frozen=True):
    """One matter with what is asked about it, and where (`window`) and when (`day`, ISO 8601) it was; `names` is None
    for a service that is not known here."""

    question: RatingInvited
    window: str
    day: str
    names: Names | None = None


class RatingsFound(_Message, frozen=True, tag="ratings_found"):
    """What can be rated; `matters` only where OPEN, the newest first."""

    request: str
    found: Findings
    matters: tuple[MatterToRate, ...] = ()


RatingRequests = ShowPad | RatingShown | RatingWaits | AnswerRating | FindRatings | HoldRating
RatingEvents = PadWindow | RatingInvited | RatingEnded | RatingKept | RatingsFound
