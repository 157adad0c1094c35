"""Invitations as a hub sends them to a window's touchpad, and a pad's desk to take them in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.agent.core import Agent
from kiosk.agent.rating_desk import RatingDesk
from kiosk.agent.rating_messages import AnswerRating
from kiosk.clock import Clock
from kiosk.config.model import TerminalConfig
from kiosk.court.event_stream import HubEvent
from kiosk.court.invitations import sign
from kiosk.court.keys import SigningKey
from kiosk.court.rating import Invitation, RatingOutcome
from kiosk.court.uuid7 import uuid7
from tests.outbox.stub_hub import StubHub

WINDOW = "3"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cursor(at: datetime) -> str:
    """An event's id, as the hub draws it: microseconds since 1970."""
    return str((at - _EPOCH) // timedelta(microseconds=1))


def invitation(matter: str, at: datetime, **changes: Any) -> Invitation:
    """One matter at the pad's window."""
    values = {
        "invitation_id": uuid7(at),
        "matter": matter,
        "window": WINDOW,
        "staff": "s-1",
        "service": "filing",
        "scale": "gb-5",
        "issued": at,
        "expires": at + timedelta(days=7),
    }
    return Invitation(**{**values, **changes})


def told(invited: Invitation, key: SigningKey, at: datetime, language: str = "zh") -> HubEvent:
    """The event that brings an invitation."""
    data = {"matter": invited.matter, "token": sign(invited, key), "code": "x", "language": language}
    return HubEvent(cursor(at), "rating_invited", json.dumps(data))


def rated(invited: Invitation, grade: int | None = 5, *, done: bool = True, **more: Any) -> AnswerRating:
    """An answer as the pad's window sends it."""
    outcome = more.pop("outcome", RatingOutcome.RATED)
    return AnswerRating("r", str(invited.invitation_id), outcome, grade, done=done, **more)


class Pad:
    """A touchpad's agent without its threads. `said` is what it told the window, `ahead` how far the hub's clock is
    ahead of its own, as its stream has learned from the hub's Date field."""

    def __init__(self, data: Path, hub: StubHub, clock: Clock) -> None:
        self.ahead = timedelta(0)
        self.hub = hub
        self.clock = clock
        self.data = data
        self._open()

    def _open(self) -> None:
        hub, clock = self.hub, self.clock
        self.agent = Agent.open(self.data, hub.url, clock, config=TerminalConfig(window=WINDOW))
        self.said: list[Any] = []
        self.desk = RatingDesk(
            self.agent.outbox,
            self.agent.terminal,
            clock,
            window=WINDOW,
            hub_now=lambda: clock.now() + self.ahead,
            tell=self.said.append,
        )

    def invite(self, matter: str, **changes: Any) -> Invitation:
        """The hub invites to rate `matter` now."""
        invited = invitation(matter, self.clock.now(), **changes)
        self.hear(invited)
        return invited

    def hear(self, invited: Invitation) -> None:
        """The event of `invited` comes in now."""
        self.desk.heard(told(invited, self.hub.signing, self.clock.now()))

    def asked(self) -> list[str]:
        """What a pad that is shown now is to ask."""
        return [one.invitation_id for one in self.desk.questions()]

    def restart(self) -> None:
        """As after a power failure: what was told is forgotten, what is on disk is not."""
        self.agent.close()
        self._open()

    def close(self) -> None:
        self.agent.close()
