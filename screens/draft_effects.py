"""Runs what the flow asks about drafts that are kept for another place over the agent's socket; part of
SocketEffects."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, assert_never

from pydantic import ValidationError

from kiosk.agent import draft_messages as drafts
from kiosk.agent import messages as agent
from kiosk.court.kept_drafts import KeptDraft
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.draft_events import DraftCame, DraftErased, DraftStays, DraftWasKept
from kiosk.flow.journey import Journey

DraftEffect = fx.FetchDraft | fx.KeepDraft | fx.EraseDraft


class DraftEffects:
    """`send` tells whether the agent was there; `post` hands an event to the window's thread; `written` makes the
    document of a journey's draft."""

    def __init__(
        self,
        send: Callable[[agent.Request], bool],
        post: Callable[[ev.Event], None],
        written: Callable[[Journey], bytes],
    ) -> None:
        self._send = send
        self._post = post
        self._written = written
        self._asked = ""

    def run(self, effect: DraftEffect, journey: Journey) -> None:
        """Begin one effect; an agent that is away is answered for at once."""
        self._asked = uuid.uuid4().hex
        if not self._send(self._request(effect, journey)):
            self.lost()

    def _request(self, effect: DraftEffect, journey: Journey) -> agent.Request:
        match effect:
            case fx.FetchDraft(code):
                identity = journey.require_draft().identity
                return drafts.TakeUpDraft(self._asked, code, identity.number if identity is not None else "")
            case fx.KeepDraft():
                origin = journey.require_draft().origin
                former = origin.kept_draft if origin is not None else ""
                return drafts.KeepDraft(self._asked, self._written(journey), former)
            case fx.EraseDraft(lookup):
                return drafts.ForgetDraft(self._asked, lookup)
            case _:
                assert_never(effect)

    def lost(self) -> None:
        """The agent is away: whoever waits for it is told so."""
        if self._asked:
            self._asked = ""
            self._post(DraftStays(drafts.DraftRefusal.AWAY))

    def heard(self, message: Any) -> bool:
        """Whether `message` was an answer to one of these; it is told then."""
        if not self._asked or getattr(message, "request", None) != self._asked:
            return False
        match message:
            case drafts.DraftFound():
                self._post(_came(message))
            case drafts.DraftKept():
                self._post(DraftWasKept(message.code, message.until))
            case drafts.DraftGone():
                self._post(DraftErased())
            case drafts.DraftRefused():
                self._post(DraftStays(message.reason))
            case agent.Refused():
                self._post(DraftStays(drafts.DraftRefusal.AWAY))
            case _:
                return False
        self._asked = ""
        return True


def _came(found: drafts.DraftFound) -> DraftCame | DraftStays:
    try:
        kept = KeptDraft.model_validate_json(found.document)
    except ValidationError:  # an agent of another version than this window
        return DraftStays(drafts.DraftRefusal.UNREADABLE)
    return DraftCame(kept, found.lookup, found.until)
