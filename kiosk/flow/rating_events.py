"""What can happen while somebody rates at the terminal (服务评价)."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.agent.rating_messages import Findings, MatterToRate

# -- the person


@dataclass(frozen=True, slots=True)
class AskRating:
    """The code of an invitation as it was typed."""

    code: str


@dataclass(frozen=True, slots=True)
class ChooseGrade:
    """One grade of the scale; the first touch counts."""

    value: int


@dataclass(frozen=True, slots=True)
class GiveReasons:
    """Finished with what may be added to a bad grade: codes of reasons, words, a telephone number, or none of them."""

    reasons: tuple[str, ...] = ()
    comment: str = ""
    call_back: str = ""


@dataclass(frozen=True, slots=True)
class RateNext:
    """Another matter of the same person."""


RatingTouch = AskRating | ChooseGrade | GiveReasons | RateNext

# -- the agent


@dataclass(frozen=True, slots=True)
class RatingsFound:
    """What can be rated, the newest first; at least one."""

    matters: tuple[MatterToRate, ...]


@dataclass(frozen=True, slots=True)
class RatingsNotFound:
    """Nothing can be rated."""

    found: Findings


@dataclass(frozen=True, slots=True)
class RatingKept:
    """The answer is on disk; `done`: with everything that was added."""

    done: bool


@dataclass(frozen=True, slots=True)
class RatingNotKept:
    """The answer could not be stored."""


RatingNews = RatingsFound | RatingsNotFound | RatingKept | RatingNotKept
