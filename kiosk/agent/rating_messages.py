"""The part of the agent's messages that is about ratings (评价); kiosk/agent/messages.py holds the rest.

    ShowPad      -> PadWindow, RatingInvited ...  now and at every change: this window is what people see
    RatingShown  -> nothing
    AnswerRating -> RatingKept | Refused          only then may anybody be thanked; the same again changes nothing

A pad that is built in advance does not send ShowPad and is told nothing.
"""

from __future__ import annotations

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


RatingRequests = ShowPad | RatingShown | AnswerRating
RatingEvents = PadWindow | RatingInvited | RatingEnded | RatingKept
