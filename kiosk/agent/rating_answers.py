"""Answers to invitations that this terminal holds, wherever they are given: checked, sealed, and durable before anybody
is thanked. Everything works without the hub."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from kiosk.agent.rating_messages import AnswerRating, PadGrade, PadReason, RatingInvited
from kiosk.agent.rating_scales import KeptScales
from kiosk.agent.terminal import Terminal
from kiosk.clock import Clock
from kiosk.config.model import Names
from kiosk.court import queueing
from kiosk.court.invitations import read
from kiosk.court.rating import RatingAnswer, RatingChannel, RatingOutcome
from kiosk.court.sealing import seal_text
from kiosk.i18n import Language
from kiosk.outbox import ratings
from kiosk.outbox.ratings import HeldInvitation
from kiosk.outbox.store import Outbox

LONGEST_COMMENT = 500
LONGEST_CALL_BACK = 40


class BadAnswerError(Exception):
    """A window sent what is no answer to its invitation. Says why, without what was answered."""


class RatingAnswers:
    """Methods may be called from any thread; each raises OutboxError where the store fails. `hub_now` is the hub's time
    as far as it is known."""

    def __init__(
        self,
        outbox: Outbox,
        terminal: Terminal,
        clock: Clock,
        *,
        channel: RatingChannel,
        hub_now: Callable[[], datetime],
    ) -> None:
        self._outbox = outbox
        self._terminal = terminal
        self._clock = clock
        self._channel = channel
        self._hub_now = hub_now
        self.scales = KeptScales(outbox)

    def question(self, held: HeldInvitation) -> RatingInvited:
        """What a window asks."""
        invitation = read(held.token, self._terminal.signing_key)
        scale = self.scales.scale(invitation.scale)
        return RatingInvited(
            str(held.invitation_id),
            invitation.kind,
            invitation.service,
            tuple(PadGrade(one.value, one.bad, names_of(one.names)) for one in scale.grades) if scale else (),
            tuple(PadReason(one.code, names_of(one.names)) for one in self.scales.current().reasons),
            Language(held.language).value,
        )

    def answer(self, given: AnswerRating) -> None:
        """Keep an answer for good. Raises BadAnswerError, UnknownInvitationError."""
        invitation_id = id_of(given.invitation_id)
        held = self._outbox.run(lambda c: ratings.find(c, invitation_id))
        invitation = read(held.token, self._terminal.signing_key)
        scale = self.scales.scale(invitation.scale)
        grade = next((one for one in scale.grades if one.value == given.grade), None) if scale else None
        if (grade is None) != (given.outcome is not RatingOutcome.RATED) or (grade is None and given.grade is not None):
            raise BadAnswerError("the scale has no such grade")
        bad = grade is not None and grade.bad
        answer = RatingAnswer(
            **self._of(held, self._hub_now(), self.scales.current().version),
            outcome=given.outcome,
            grade=given.grade,
            reasons=self.scales.known_reasons(given.reasons) if bad else (),
            comment_sealed=self._sealed(given.comment, LONGEST_COMMENT) if bad else None,
            named_sealed=self._sealed(given.call_back, LONGEST_CALL_BACK) if bad else None,
            language=given.language,
        )
        now = self._clock.now()
        self._outbox.run(lambda c: ratings.answer(c, invitation_id, answer, now, done=given.done))

    def time_out(self, connection: sa.Connection, held: HeldInvitation, form_version: str) -> None:
        """Nobody answered, and whoever was there has gone: not rated."""
        given = RatingAnswer(**self._of(held, held.received_at, form_version), outcome=RatingOutcome.TIMED_OUT)
        ratings.answer(connection, held.invitation_id, given, self._clock.now(), done=True)

    def _of(self, held: HeldInvitation, answered: datetime, form_version: str) -> dict[str, Any]:
        """What every answer of this terminal to `held` says of itself."""
        return {
            "token": held.token,
            "channel": self._channel,
            "answered": answered,
            "device": self._terminal.code,
            "form_version": form_version,
        }

    def _sealed(self, text: str, longest: int) -> str | None:
        plain = text.strip()[:longest]
        return seal_text(plain, self._terminal.sealing_key) if plain else None


def names_of(names: queueing.Names) -> Names:
    """One name in the three languages, as messages carry it."""
    return Names(zh=names.zh, ko=names.ko, en=names.en)


def id_of(text: str) -> UUID:
    """The id of an invitation. Raises BadAnswerError."""
    try:
        return UUID(text)
    except ValueError as error:
        raise BadAnswerError("not the id of an invitation") from error
