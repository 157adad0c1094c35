"""The agent's part of a window's touchpad: checks invitations, keeps answers, knows what the window is doing.

Everything works without the hub: an invitation is checked with the court's public key, an answer is durable here
before the pad says thank you, and is sent when the hub can be reached.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import sqlalchemy as sa

from kiosk.agent.rating_answers import RatingAnswers, id_of
from kiosk.agent.rating_messages import AnswerRating, PadWindow, RatingEnded, RatingInvited
from kiosk.agent.terminal import Terminal
from kiosk.clock import CHINA, Clock
from kiosk.court.event_stream import HubEvent
from kiosk.court.invitations import InvitationRefusedError, verify
from kiosk.court.rating import RatingChannel
from kiosk.i18n import Language
from kiosk.outbox import delivery, ratings
from kiosk.outbox.ratings import HeldInvitation, RatingState
from kiosk.outbox.store import Outbox
from kiosk.rating.window_state import Told, WindowState, after

log = logging.getLogger(__name__)

LATE = timedelta(minutes=2)
"""How old an invitation may be when it arrives, or when the pad comes back: whoever it is for has gone by then."""

_CURSOR, _WINDOW = "pad_cursor", "pad_window"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLAUSIBLE = datetime(2020, 1, 1, tzinfo=UTC)

PadEvent = PadWindow | RatingInvited | RatingEnded


class _InvitedData(msgspec.Struct, frozen=True):
    token: str
    language: str = "zh"


class _ClosedData(msgspec.Struct, frozen=True):
    invitation_id: UUID


class RatingDesk:
    """Ratings of one window. Methods may be called from any thread; each raises OutboxError where the store fails.

    `hub_now` is the hub's time as far as it is known; `tell` is called with what the pad must hear.
    """

    def __init__(
        self,
        outbox: Outbox,
        terminal: Terminal,
        clock: Clock,
        *,
        window: str,
        hub_now: Callable[[], datetime],
        tell: Callable[[PadEvent], None],
    ) -> None:
        self._outbox = outbox
        self._terminal = terminal
        self._clock = clock
        self._window = window
        self._hub_now = hub_now
        self._tell = tell
        self._answers = RatingAnswers(outbox, terminal, clock, channel=RatingChannel.PAD, hub_now=hub_now)
        self._listening = False

    # -- what the hub tells

    @property
    def cursor(self) -> str:
        """Id of the last event that was taken in; "0" before the first."""
        return self._outbox.run(lambda c: delivery.get_setting(c, _CURSOR)) or "0"

    def listening(self, *, on: bool) -> None:
        """Whether the hub is heard; what the window is doing is not known without."""
        if on is not self._listening:
            self._listening = on
            self._tell(self.window())

    def start_over(self) -> None:
        """The hub does not know what was seen last: everything it still holds is to be read again."""

        def forget(connection: sa.Connection) -> None:
            delivery.put_setting(connection, _CURSOR, "0")
            delivery.put_setting(connection, _WINDOW, "{}")

        self._outbox.run(forget)

    def heard(self, event: HubEvent) -> None:
        """Take in one event, with its id, in one transaction: what was taken in is never asked for again."""
        try:
            self._heard(event)
        except (msgspec.MsgspecError, InvitationRefusedError) as error:
            log.warning("an event is passed over: %s: %s", event.kind, type(error).__name__)
            self._outbox.run(lambda c: self._seen(c, event))

    def _heard(self, event: HubEvent) -> None:
        match event.kind:
            case "rating_invited":
                self._invited(event, msgspec.json.decode(event.data, type=_InvitedData))
            case "rating_closed":
                self._closed(event, msgspec.json.decode(event.data, type=_ClosedData))
            case _:
                self._window_event(event, msgspec.json.decode(event.data, type=Told))

    def _invited(self, event: HubEvent, data: _InvitedData) -> None:
        now = self._hub_now()
        invitation = verify(data.token, self._terminal.signing_key, now)
        language = data.language if data.language in set(Language) else Language.ZH.value
        theirs = invitation.window == self._window and self._answers.scales.scale(invitation.scale) is not None
        fresh = now - (_moment(event) or invitation.issued) < LATE

        def take(connection: sa.Connection) -> bool:
            self._seen(connection, event)
            return theirs and fresh and ratings.add(connection, invitation, data.token, language=language, now=now)

        if self._outbox.run(take):
            held = self._outbox.run(lambda c: ratings.find(c, invitation.invitation_id))
            self._tell(self._answers.question(held))

    def _closed(self, event: HubEvent, data: _ClosedData) -> None:
        def take(connection: sa.Connection) -> bool:
            self._seen(connection, event)
            return ratings.close(connection, data.invitation_id)

        if self._outbox.run(take):
            self._tell(RatingEnded(str(data.invitation_id), answered=True))

    def _window_event(self, event: HubEvent, told: Told) -> None:
        day = (_moment(event) or self._hub_now()).astimezone(CHINA).date()

        def take(connection: sa.Connection) -> list[HeldInvitation]:
            self._seen(connection, event)
            state = after(self._window_state(connection), event.kind, told, day)
            delivery.put_setting(connection, _WINDOW, msgspec.json.encode(state).decode())
            # Whoever is being served now is not the one who is asked.
            begun = event.kind == "ticket_status" and told.status == "serving" and told.ticket_id
            if not begun:
                return []
            own = f"ticket:{told.ticket_id}"
            opened = ratings.held(connection, *ratings.OPEN)
            return [one for one in opened if one.matter != own and not one.matter.startswith(f"{own}:")]

        for one in self._outbox.run(take):
            self._tell(RatingEnded(str(one.invitation_id), answered=False))
        self._tell(self.window())

    def _seen(self, connection: sa.Connection, event: HubEvent) -> None:
        if event.id:
            delivery.put_setting(connection, _CURSOR, event.id)

    def _window_state(self, connection: sa.Connection) -> WindowState:
        text = delivery.get_setting(connection, _WINDOW) or "{}"
        try:
            return msgspec.json.decode(text, type=WindowState)
        except msgspec.ValidationError:
            return WindowState()  # written by another version

    # -- the pad

    def window(self) -> PadWindow:
        """What the idle page shows."""
        if not self._listening:
            return PadWindow(self._window)
        today = self._hub_now().astimezone(CHINA).date()
        state = self._outbox.run(self._window_state).on(today)
        return PadWindow(self._window, state.activity, state.staff, state.number, heard=True)

    def questions(self, answering: str = "") -> list[RatingInvited]:
        """What a pad that is shown now is to ask, in the order of arrival. What was left over from the one before is
        settled first, except for the invitation this pad is `answering`."""
        now, form_version = self._hub_now(), self._answers.scales.current().version

        def sort_out(connection: sa.Connection) -> list[HeldInvitation]:
            for one in ratings.held(connection, RatingState.GRADED):
                if str(one.invitation_id) != answering:
                    ratings.complete(connection, one.invitation_id, self._clock.now())
            for one in ratings.held(connection, *ratings.OPEN):
                if abs(now - one.received_at) < LATE or str(one.invitation_id) == answering:
                    continue
                if one.state is RatingState.SHOWN:
                    self._answers.time_out(connection, one, form_version)
                else:
                    ratings.drop_unshown(connection, one.invitation_id)
            ratings.forget(connection, now)
            opened = ratings.held(connection, *ratings.OPEN)
            return [one for one in opened if str(one.invitation_id) != answering]

        return [self._answers.question(one) for one in self._outbox.run(sort_out)]

    def shown(self, invitation: str) -> None:
        """The question is on the screen. Raises BadAnswerError, UnknownInvitationError."""
        invitation_id = id_of(invitation)
        self._outbox.run(lambda c: ratings.shown(c, invitation_id))

    def waits(self, invitation: str) -> None:
        """The pad was busy with somebody when it came, and asks it next. Raises BadAnswerError,
        UnknownInvitationError."""
        invitation_id = id_of(invitation)
        self._outbox.run(lambda c: ratings.refresh(c, invitation_id, self._hub_now()))

    def answer(self, given: AnswerRating) -> None:
        """Keep an answer for good. Raises BadAnswerError, UnknownInvitationError."""
        self._answers.answer(given)


def _moment(event: HubEvent) -> datetime | None:
    """When an event was told: its id is that moment in microseconds since 1970; None for one that is no time."""
    if not (event.id.isascii() and event.id.isdigit() and len(event.id) <= 17):
        return None
    moment = _EPOCH + timedelta(microseconds=int(event.id))
    return moment if moment > _PLAUSIBLE else None
