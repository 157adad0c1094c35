"""What can happen at a rating pad, and what is to be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.agent.rating_messages import AnswerRating, RatingInvited
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


Touch = ChooseGrade | Decline | ChooseReasons | WriteComment | AskCallBack | Typed | DoneTyping | DropTyped | Submit
"""What means something on one page only."""

PersonEvent = Touched | ChooseLanguage | Touch
Event = Invited | Ended | Kept | NotKept | Tick | PersonEvent


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
class ReplaceWindow:
    """Something personal was typed: this process ends with all its memory, the spare one takes over."""


Effect = TellShown | Keep | ReplaceWindow
