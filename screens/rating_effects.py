"""Runs what the flow asks about ratings (服务评价) over the agent's socket; part of SocketEffects."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, assert_never

from kiosk.agent import messages as agent
from kiosk.agent import rating_messages as ratings
from kiosk.court.rating import RatingOutcome
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow import rating_events as rated
from kiosk.flow.journey import Journey
from kiosk.flow.rating_events import GiveReasons

RatingEffect = fx.FindRatings | fx.KeepRating


class RatingEffects:
    """`send` tells whether the agent was there; `post` hands an event to the window's thread."""

    def __init__(self, send: Callable[[agent.Request], bool], post: Callable[[ev.Event], None]) -> None:
        self._send = send
        self._post = post
        self._finding = ""
        self._keeping: dict[str, bool] = {}
        self._busy = ""

    def run(self, effect: RatingEffect, journey: Journey) -> None:
        """Begin one effect; an agent that is away is answered for at once."""
        match effect:
            case fx.FindRatings(code):
                self._finding, self._busy = uuid.uuid4().hex, ""
                identity = journey.require_rating().identity
                number = identity.number if identity is not None else ""
                if not self._send(ratings.FindRatings(self._finding, code or "", number if code is None else "")):
                    self.lost()
            case fx.KeepRating(done):
                answer = given(uuid.uuid4().hex, journey, done=done)
                self._keeping[answer.request] = done
                self._busy = "" if done else answer.invitation_id
                if not self._send(answer):
                    self.lost()
            case _:
                assert_never(effect)

    def connected(self) -> None:
        """A new agent does not know yet that somebody is about to say why."""
        if self._busy:
            self._send(ratings.HoldRating(self._busy))

    def lost(self) -> None:
        """The agent is away: whoever waits for it is told so."""
        if self._finding:
            self._finding = ""
            self._post(rated.RatingsNotFound(ratings.Findings.AWAY))
        if self._keeping:
            self._keeping.clear()
            self._post(rated.RatingNotKept())

    def heard(self, message: Any) -> bool:
        """Whether `message` was about a rating; it is answered then."""
        match message:
            case ratings.RatingsFound() if message.request == self._finding:
                self._finding = ""
                found = rated.RatingsFound(message.matters) if message.matters else None
                self._post(found or rated.RatingsNotFound(message.found))
            case agent.Refused() if self._finding and message.request == self._finding:
                self._finding = ""
                self._post(rated.RatingsNotFound(ratings.Findings.AWAY))
            case ratings.RatingKept() if message.request in self._keeping:
                self._post(rated.RatingKept(self._keeping.pop(message.request)))
            case agent.Refused() if message.request in self._keeping:
                del self._keeping[message.request]
                self._post(rated.RatingNotKept())
            case _:
                return False
        return True


def given(request: str, journey: Journey, *, done: bool) -> ratings.AnswerRating:
    """The journey's answer as the agent is told it."""
    draft = journey.require_rating()
    more = draft.more if done and draft.more is not None else GiveReasons()
    return ratings.AnswerRating(
        request,
        draft.matter.question.invitation_id,
        RatingOutcome.RATED,
        draft.grade,
        more.reasons,
        more.comment,
        more.call_back,
        journey.language.value,
        done,
    )
