"""Ratings at a terminal in the hall: what somebody can rate is found at the hub, and the answer is kept as a pad's is.

Nothing is recorded of who looks and does not rate: an invitation that was found and not answered is forgotten here.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from kiosk.agent.rating_answers import BadAnswerError, RatingAnswers, names_of
from kiosk.agent.rating_messages import AnswerRating, Findings, MatterToRate
from kiosk.agent.terminal import Terminal
from kiosk.agent.tickets import ANSWER_SECONDS, TicketDesk
from kiosk.clock import CHINA, Clock
from kiosk.court.client import HubClient
from kiosk.court.hub_errors import HubError, HubRefusedError
from kiosk.court.invitations import InvitationRefusedError, verify
from kiosk.court.rating import Invitation, RatingChannel, RatingOutcome, RatingQuery
from kiosk.court.sealing import seal_text
from kiosk.i18n import Language
from kiosk.outbox import ratings
from kiosk.outbox.errors import UnknownInvitationError
from kiosk.outbox.ratings import HeldInvitation, RatingState
from kiosk.outbox.store import Outbox

log = logging.getLogger(__name__)


class RatingFinder:
    """Methods may be called from any thread; each raises OutboxError where the store fails."""

    def __init__(self, outbox: Outbox, terminal: Terminal, clock: Clock, client: HubClient, desk: TicketDesk) -> None:
        self._outbox = outbox
        self._terminal = terminal
        self._clock = clock
        self._client = client
        self._desk = desk
        self._asking = threading.Lock()
        self._ahead = timedelta(0)
        self._answers = RatingAnswers(
            outbox, terminal, clock, channel=RatingChannel.KIOSK, hub_now=lambda: clock.now() + self._ahead
        )

    def close(self) -> None:
        """Drop the connection."""
        self._client.close()

    def find(self, *, code: str = "", identity_number: str = "") -> tuple[Findings, tuple[MatterToRate, ...]]:
        """What can be rated by a code, or by the number of the card. Blocks for at most about ANSWER_SECONDS."""
        sealed = seal_text(identity_number, self._terminal.sealing_key) if not code else None
        query = RatingQuery(terminal=self._terminal.code, code=code[:40] or None, identity_sealed=sealed)
        try:
            with self._asking:
                told = self._client.find_ratings(query, ANSWER_SECONDS)
        except HubRefusedError as error:
            log.warning("the hub does not look for ratings: %s", error)
            return Findings.UNKNOWN, ()
        except HubError as error:
            log.info("no answer for a rating: %s", error)
            return Findings.AWAY, ()
        self._ahead = told.now - self._clock.now()
        found = [matter for token in told.tokens if (matter := self._take_in(token, told.now)) is not None]
        if told.tokens and not found:
            return Findings.DONE, ()  # rated here, and the hub has not heard of it yet
        return Findings(told.standing.value), tuple(found)

    def _take_in(self, token: str, now: datetime) -> MatterToRate | None:
        """One matter, if nobody has rated it at this terminal."""
        try:
            invitation = verify(token, self._terminal.signing_key, now)
        except InvitationRefusedError as error:
            log.warning("an invitation is passed over: %s", error)
            return None
        if self._answers.scales.scale(invitation.scale) is None:
            log.warning("an invitation is passed over: its scale is not known here")
            return None

        def take(connection: sa.Connection) -> HeldInvitation | None:
            ratings.add(connection, invitation, token, language=Language.ZH.value, now=now)
            try:
                held = ratings.find(connection, invitation.invitation_id)
            except UnknownInvitationError:
                return None  # the matter was rated here by another invitation
            return held if held.state in ratings.OPEN else None

        held = self._outbox.run(take)
        return self._matter(held, invitation) if held is not None else None

    def _matter(self, held: HeldInvitation, invitation: Invitation) -> MatterToRate:
        last = self._desk.last_board()
        offers = last[0].services if last is not None else ()
        names = next((one.names for one in offers if one.service == invitation.service), None)
        return MatterToRate(
            self._answers.question(held),
            invitation.window,
            invitation.issued.astimezone(CHINA).date().isoformat(),
            names_of(names) if names is not None else None,
        )

    def answer(self, given: AnswerRating) -> None:
        """Keep an answer for good. Raises BadAnswerError, UnknownInvitationError."""
        if given.outcome is not RatingOutcome.RATED:
            raise BadAnswerError("whoever comes to a terminal rates, or leaves")
        self._answers.answer(given)

    def settle(self, invitations: Iterable[UUID]) -> None:
        """Nobody is busy with these any more: a grade that was touched stands, all else is forgotten."""

        def leave(connection: sa.Connection) -> None:
            for invitation_id in invitations:
                try:
                    ratings.complete(connection, invitation_id, self._clock.now())
                    ratings.drop_unshown(connection, invitation_id)
                except UnknownInvitationError:
                    continue  # forgotten before

        self._outbox.run(leave)

    def unsettled(self) -> set[UUID]:
        """Invitations that somebody was or is busy with."""
        states = (RatingState.GRADED, *ratings.OPEN)
        return {one.invitation_id for one in self._outbox.run(lambda c: ratings.held(c, *states))}

    def forget(self) -> None:
        """Erase what expired long ago."""
        self._outbox.run(lambda c: ratings.forget(c, self._clock.now()))
