"""Rating at the terminal (服务评价; 一事一评): what it was about, one touch on a grade, why if it was a bad one.

Nobody is pressed (GB/T 39734-2020 4.1): nothing is chosen beforehand, and whoever leaves before a grade was touched has
said nothing. The first touch stands (S2-16); nobody is thanked before it is on disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk.agent.rating_messages import Findings
from kiosk.court.invitations import normalise_code
from kiosk.flow import codes
from kiosk.flow.effects import EndSession, FindRatings, KeepRating, ReadCard, StopReading
from kiosk.flow.events import (
    Back,
    CardRead,
    CardReadFailed,
    ChooseIdentityMethod,
    Continue,
    Event,
    Finish,
    IdentityMethod,
)
from kiosk.flow.journey import Journey, Remark, Step, stay
from kiosk.flow.prefill import identity_of_card
from kiosk.flow.rating_draft import RatingDraft
from kiosk.flow.rating_events import (
    AskRating,
    ChooseGrade,
    GiveReasons,
    RateNext,
    RatingKept,
    RatingNotKept,
    RatingsFound,
    RatingsNotFound,
)
from kiosk.flow.stage import Outcome, Stage
from kiosk.flow.touches import Service
from kiosk.flow.world import World


def begin(journey: Journey) -> Step:
    """From the home screen to the question what is to be rated."""
    return stay(journey.at(Stage.RATING, service=Service.RATING, rating=RatingDraft()))


def find(journey: Journey, event: Event, world: World) -> Step:
    """By the code on a paper, or by the card with which the number was taken."""
    match event:
        case AskRating(typed):
            code = normalise_code(typed)
            if code is None:
                other = codes.another_paper(journey, typed, world)
                return stay(replace(journey, notice=other or Remark.RATING_CODE_WRONG))
            return stay(replace(journey, notice=None, querying=True), FindRatings(code))
        case ChooseIdentityMethod(IdentityMethod.CARD):
            return stay(journey.at(Stage.RATING_CARD), ReadCard())
        case RatingsFound() | RatingsNotFound():
            return _found(journey, event)
        case Back():
            return stay(journey.at(Stage.HOME, service=None, rating=None, querying=False))
        case _:
            return stay(journey)


def card(journey: Journey, event: Event, _: World) -> Step:
    """Waiting for the card; of it only the number is used, and only to look."""
    draft = journey.require_rating()
    match event:
        case CardRead(read):
            asking = replace(_changed(journey, identity=identity_of_card(read)), querying=True)
            return stay(asking, FindRatings(None))
        case CardReadFailed(failure):
            return stay(replace(journey, notice=failure))
        case RatingsFound() | RatingsNotFound():
            return _found(journey, event)
        case Continue() if journey.notice is Findings.AWAY and draft.identity is not None:
            return stay(replace(journey, notice=None, querying=True), FindRatings(None))
        case Continue() if journey.notice is not None:
            return stay(_changed(journey, identity=None), ReadCard())
        case Back():
            return stay(journey.at(Stage.RATING, rating=RatingDraft(), querying=False), StopReading())
        case _:
            return stay(journey)


def _found(journey: Journey, event: RatingsFound | RatingsNotFound) -> Step:
    if not journey.querying:
        return stay(journey)
    match event:
        case RatingsFound(matters):
            return stay(journey.at(Stage.RATING_GRADE, rating=RatingDraft(matters=matters), querying=False))
        case RatingsNotFound(found):
            return stay(replace(journey, notice=found, querying=False))


def grade(journey: Journey, event: Event, _: World) -> Step:
    """The one question. A good grade is final at once; after a bad one the person may say why."""
    draft = journey.require_rating()
    match event:
        case ChooseGrade(value) if draft.grade is None and (chosen := draft.grade_of(value)) is not None:
            if chosen.bad:
                return stay(_changed(journey.at(Stage.RATING_REASONS), grade=value), KeepRating(done=False))
            return stay(_changed(journey, grade=value, saving=True), KeepRating(done=True))
        case RatingKept(done=True):
            return _thanks(journey)
        case RatingNotKept():
            return stay(_changed(journey, notice=Remark.RATING_NOT_KEPT, saving=False))
        case Continue() if journey.notice is Remark.RATING_NOT_KEPT:
            return stay(_changed(journey, saving=True), KeepRating(done=True))
        case Back() if draft.grade is None:
            return stay(journey.at(Stage.RATING, rating=RatingDraft()))
        case _:
            return stay(journey)


def reasons(journey: Journey, event: Event, _: World) -> Step:
    """Why, in the person's own choice and words; all of it may be left out. The grade stands already."""
    match event:
        case GiveReasons() if not journey.require_rating().saving:
            return stay(_changed(journey, more=event, saving=True), KeepRating(done=True))
        case RatingKept(done=True):
            return _thanks(journey)
        case RatingNotKept():
            return stay(_changed(journey, notice=Remark.RATING_NOT_KEPT, saving=False))
        case _:
            return stay(journey)


def _thanks(journey: Journey) -> Step:
    """Nothing of what was answered is held any longer."""
    return stay(journey.at(Stage.RATING_DONE, rating=RatingDraft(matters=journey.require_rating().matters[1:])))


def done(journey: Journey, event: Event, _: World) -> Step:
    """Thanks; whoever had several matters may rate the next."""
    match event:
        case RateNext() if journey.require_rating().matters:
            return stay(journey.at(Stage.RATING_GRADE))
        case Back():
            return stay(replace(journey, notice=Remark.ALREADY_SUBMITTED))
        case Finish() | Continue():
            return stay(journey, EndSession(Outcome.ANSWERED))
        case _:
            return stay(journey)


def _changed(journey: Journey, *, notice: Remark | None = None, **changes: Any) -> Journey:
    return replace(journey, notice=notice, rating=replace(journey.require_rating(), **changes))


HANDLERS: dict[Stage, Callable[[Journey, Event, World], Step]] = {
    Stage.RATING: find,
    Stage.RATING_CARD: card,
    Stage.RATING_GRADE: grade,
    Stage.RATING_REASONS: reasons,
    Stage.RATING_DONE: done,
}
