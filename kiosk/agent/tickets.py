"""Numbers for the people at this terminal: from the hub, or from the terminal's own lease while the hub is silent.

The hub is asked first and has ANSWER_SECONDS. Does it not answer, the number comes from a lease, durably written
before it is told (kiosk/outbox/numbers.py), and nobody after that waits for a hub known to be silent. What the hub may
have issued without its reply arriving is named when the ticket is brought in, and cancelled there.

One person, one active ticket: the hub sees to it. Of what was issued here and the hub has not heard of, the desk
itself remembers whose it is, by a keyed hash in memory that ends with the process.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from pydantic import ValidationError

from kiosk.agent.terminal import Terminal
from kiosk.agent.ticket_messages import OfferView, TicketRefusal, TicketView, Wait
from kiosk.clock import CHINA, Clock
from kiosk.config.model import Names
from kiosk.court import queueing as q
from kiosk.court.client import HubClient
from kiosk.court.hub_errors import HubError, HubRefusedError
from kiosk.court.sealing import seal_text
from kiosk.court.uuid7 import uuid7
from kiosk.identity.masking import mask_name
from kiosk.outbox import delivery, numbers
from kiosk.outbox.store import Outbox

log = logging.getLogger(__name__)

ANSWER_SECONDS = 2.0
"""How long a person waits for the hub before the terminal gives a number of its own."""

CLOSED_STANDS = timedelta(minutes=30)
"""How long after the hub's last word a matter that was closed is still taken to be; then its hours may have begun."""

_BOARD, _BOARD_AT = "queue_board", "queue_board_at"

_REFUSALS = {
    "closed": TicketRefusal.CLOSED,
    "cap_reached": TicketRefusal.CAP_REACHED,
    "unknown_service": TicketRefusal.NOT_OFFERED,
    "class_not_offered": TicketRefusal.NOT_OFFERED,
    "proof_missing": TicketRefusal.NOT_OFFERED,
    "unknown_appointment": TicketRefusal.APPOINTMENT_UNKNOWN,
    "appointment_early": TicketRefusal.APPOINTMENT_EARLY,
    "appointment_over": TicketRefusal.APPOINTMENT_OVER,
    "appointment_used": TicketRefusal.APPOINTMENT_USED,
    "appointment_cancelled": TicketRefusal.APPOINTMENT_CANCELLED,
}
"""By what the hub's problem details name as the reason."""


class NoTicketError(Exception):
    """No number was given; `reason` says why."""

    def __init__(self, reason: TicketRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants which number. `number` and `name` are those of the card, empty without one; `further` are the services
    that follow in the same visit."""

    request_id: UUID
    service: str
    ticket_class: q.TicketClass
    language: str
    number: str = ""
    name: str = ""
    proof: str = ""
    further: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who has come for an appointment: by its code, or by `number` and `name` of the card where it is empty."""

    request_id: UUID
    language: str
    code: str = ""
    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """What numbers can be taken for. `offline`: from what is remembered and what this terminal can give itself."""

    services: tuple[OfferView, ...]
    offline: bool


class TicketDesk:
    """Gives numbers. Methods may be called from any thread; each blocks for at most about ANSWER_SECONDS."""

    def __init__(self, outbox: Outbox, terminal: Terminal, clock: Clock, client: HubClient, *, public_url: str) -> None:
        self._outbox = outbox
        self._terminal = terminal
        self._clock = clock
        self._client = client
        self._asking = threading.Lock()
        self._public_url = public_url.rstrip("/")
        self._secret = secrets.token_bytes(32)
        self._holders: dict[bytes, UUID] = {}
        self._unanswered: set[UUID] = set()
        self.silent = False
        """Whether the hub did not answer when it was asked last."""
        self.on_silence: Callable[[], None] = lambda: None
        """Called when the hub did not answer, or a number was given without it."""

    def close(self) -> None:
        """Drop the connection."""
        self._client.close()

    # -- the board

    def board(self) -> Board | None:
        """What numbers can be taken for now; None where neither the hub nor today's memory tells."""
        if not self.silent:
            try:
                with self._asking:
                    board = self._client.queue_board(ANSWER_SECONDS)
            except HubError as error:
                self._heard_nothing(error)
            else:
                self.remember(board)
                return Board(tuple(_offer(offer) for offer in board.services), offline=False)
        return self._remembered()

    def remember(self, board: q.QueueBoard) -> None:
        """The hub has answered with `board`: it stands for the time in which the hub does not. Raises OutboxError."""
        text, at = board.model_dump_json(), self._clock.now().isoformat()

        def write(connection: sa.Connection) -> None:
            if delivery.get_setting(connection, _BOARD) != text:
                delivery.put_setting(connection, _BOARD, text)
            delivery.put_setting(connection, _BOARD_AT, at)

        self._outbox.run(write)
        self.silent = False

    def last_board(self) -> tuple[q.QueueBoard, datetime] | None:
        """What the hub said last, and when. Raises OutboxError."""

        def read(connection: sa.Connection) -> tuple[str | None, str | None]:
            return delivery.get_setting(connection, _BOARD), delivery.get_setting(connection, _BOARD_AT)

        text, at = self._outbox.run(read)
        if text is None or at is None:
            return None
        try:
            return q.QueueBoard.model_validate_json(text), datetime.fromisoformat(at)
        except ValidationError:
            return None  # written by another version; the hub's next answer replaces it

    def _remembered(self) -> Board | None:
        last = self.last_board()
        if last is None:
            return None
        board, told = last
        now = self._clock.now()
        left = self._outbox.run(lambda c: numbers.numbers_left(c, now.astimezone(CHINA).date()))
        fresh = timedelta(0) <= now - told < CLOSED_STANDS
        return Board(
            tuple(
                OfferView(
                    offer.service,
                    offer.queue,
                    _names(offer.names),
                    offer.classes,
                    closed=_names(offer.closed) if offer.closed and fresh else _NONE_LEFT.get(offer.queue in left),
                    windows=offer.windows,
                )
                for offer in board.services
            ),
            offline=True,
        )

    # -- taking a number

    def take(self, wish: Wish) -> TicketView:
        """The number for `wish`. Raises NoTicketError; OutboxError where it cannot be written."""
        known = self._outbox.run(lambda c: numbers.given_for(c, wish.request_id))
        if known is not None:
            return self._view_of(known)
        if self.silent and (given := self._from_lease(wish)) is not None:
            return given
        try:
            with self._asking:
                ticket = self._client.issue_ticket(self._request(wish, wish.request_id), ANSWER_SECONDS)
        except HubRefusedError as error:
            raise NoTicketError(_REFUSALS.get(error.reason, TicketRefusal.AWAY)) from error
        except HubError as error:
            self._unanswered.add(wish.request_id)
            self._heard_nothing(error)
            given = self._from_lease(wish)
            if given is None:
                raise NoTicketError(TicketRefusal.AWAY) from error
            return given
        self.silent = False
        self._unanswered.discard(wish.request_id)
        return self._view(ticket)

    def check_in(self, arrival: Arrival) -> TicketView:
        """The number of an appointment. Raises NoTicketError; APPOINTMENT_AWAY where the hub does not answer."""
        asked = q.CheckIn(
            request_id=arrival.request_id,
            terminal=self._terminal.code,
            language=arrival.language,
            code=arrival.code or None,
            identity_sealed=self._sealed(arrival.number),
            masked_name=_masked(arrival.name),
        )
        try:
            with self._asking:
                ticket = self._client.check_in(asked, ANSWER_SECONDS)
        except HubRefusedError as error:
            raise NoTicketError(_REFUSALS.get(error.reason, TicketRefusal.APPOINTMENT_AWAY)) from error
        except HubError as error:
            self._heard_nothing(error)
            raise NoTicketError(TicketRefusal.APPOINTMENT_AWAY) from error
        self.silent = False
        return self._view(ticket)

    def _heard_nothing(self, error: HubError) -> None:
        if not self.silent:
            log.warning("no answer for a number: %s", error)
        self.silent = True
        self.on_silence()

    def _request(self, wish: Wish, request_id: UUID, *, proof: bool = True) -> q.TicketRequest:
        return q.TicketRequest(
            request_id=request_id,
            terminal=self._terminal.code,
            service=wish.service,
            further_services=wish.further,
            ticket_class=wish.ticket_class,
            language=wish.language,
            identity_sealed=self._sealed(wish.number),
            masked_name=_masked(wish.name),
            proof=(wish.proof or None) if proof else None,
        )

    def _sealed(self, number: str) -> str | None:
        return seal_text(number, self._terminal.sealing_key) if number else None

    def _from_lease(self, wish: Wish) -> TicketView | None:
        """A number of the terminal's own; the one the person was given here before, if the hub has not heard of it."""
        holder = hmac.digest(self._secret, wish.number.encode(), "sha256") if wish.number else b""
        if (held := self._held_by(holder)) is not None:
            return self._view_of(held, already=True)
        last = self.last_board()
        offer = next((one for one in last[0].services if one.service == wish.service), None) if last else None
        if offer is None:
            return None
        now = self._clock.now()
        # A licence number would stand readable on this disk; whoever serves asks for the licence anyway.
        request = self._request(wish, uuid7(now), proof=False)
        given = self._outbox.run(
            lambda c: numbers.give_number(
                c,
                request,
                queue=offer.queue,
                day=now.astimezone(CHINA).date(),
                asked=wish.request_id,
                ticket_id=uuid7(now),
                unanswered=wish.request_id in self._unanswered,
                now=now,
            )
        )
        if given is None:
            return None
        self._unanswered.discard(wish.request_id)
        if holder:
            self._holders[holder] = given.ticket.ticket_id
        self.on_silence()
        return self._view_of(given)

    def _held_by(self, holder: bytes) -> numbers.GivenNumber | None:
        ticket_id = self._holders.get(holder)
        if ticket_id is None:
            return None
        given = self._outbox.run(lambda c: numbers.given_as(c, ticket_id))
        if given is None or given.brought_in or given.business_day != self._clock.now().astimezone(CHINA).date():
            del self._holders[holder]
            return None
        return given

    # -- what it looks like

    def _view(self, ticket: q.Ticket) -> TicketView:
        return TicketView(
            str(ticket.ticket_id),
            ticket.number,
            ticket.service,
            ticket.ticket_class,
            ticket.issued.isoformat(),
            ticket.ahead,
            wait_view(ticket.wait),
            self._public_url + ticket.follow_path if ticket.follow_path else "",
            ticket.windows,
            already=ticket.already,
            further=ticket.further_services,
            appointed=ticket.appointed.isoformat() if ticket.appointed is not None else "",
            late=ticket.late,
        )

    def _view_of(self, given: numbers.GivenNumber, *, already: bool = False) -> TicketView:
        ticket, last = given.ticket, self.last_board()
        offers = last[0].services if last else ()
        windows = next((one.windows for one in offers if one.service == ticket.request.service), ())
        return TicketView(
            str(ticket.ticket_id),
            given.label,
            ticket.request.service,
            ticket.request.ticket_class,
            ticket.issued.isoformat(),
            follow=self._public_url + q.FOLLOW_PATH.format(ticket_id=ticket.ticket_id),
            windows=windows,
            already=already,
            offline=True,
            further=ticket.request.further_services,
        )


_NONE_LEFT = {
    False: Names(
        zh="联系不上法院系统，请到窗口取号",
        ko="법원 시스템에 련결할수 없습니다. 창구에서 번호표를 받으십시오",
        en="The court cannot be reached; please ask at a window",
    )
}
"""What is said of a matter by whether numbers for it are left here."""


def wait_view(wait: q.WaitRange | None) -> Wait | None:
    """The range as messages carry it."""
    return Wait(wait.low_minutes, wait.high_minutes) if wait is not None else None


def _masked(name: str) -> str | None:
    return mask_name(name)[:40] or None


def _names(names: q.Names) -> Names:
    return Names(zh=names.zh, ko=names.ko, en=names.en)


def _offer(offer: q.ServiceOffer) -> OfferView:
    return OfferView(
        offer.service,
        offer.queue,
        _names(offer.names),
        offer.classes,
        offer.waiting,
        offer.windows_open,
        wait_view(offer.wait),
        _names(offer.closed) if offer.closed else None,
        offer.windows,
    )
