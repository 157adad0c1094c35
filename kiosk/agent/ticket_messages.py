"""The part of the agent's messages that is about numbers (取号); kiosk/agent/messages.py holds the rest.

    GetQueues   -> QueuesFound                    the board, or what is remembered of it while the hub does not answer
    TakeTicket  -> TicketTaken | TicketRefused    within seconds, from the hub or from the terminal's own lease
    WatchTicket -> TicketNews ...                 now and at every change, until another ticket or none is watched
    CheckInHere -> TicketTaken | TicketRefused    the number of an appointment; only the hub knows of those
    CancelTicket, FileMeanwhile -> nothing        sent as soon as the hub answers; a person who leaves waits for nothing

`request_id` of TakeTicket and CheckInHere is a UUIDv7 chosen by the window; the same again gives the same number.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kiosk.config.model import Names
from kiosk.court.queueing import TicketClass, TicketStatus, WhileFiling


class _Message(msgspec.Struct, frozen=True, tag_field="type"):
    """Base of these messages."""


class TicketRefusal(StrEnum):
    """Why no number was given."""

    AWAY = "away"  # the hub does not answer, and no number is left here
    CLOSED = "closed"
    CAP_REACHED = "cap_reached"
    NOT_OFFERED = "not_offered"  # the court changed what it offers since the board was shown
    OUT_OF_SERVICE = "out_of_service"  # this terminal cannot store anything
    APPOINTMENT_UNKNOWN = "appointment_unknown"
    APPOINTMENT_EARLY = "appointment_early"  # it is for a later day
    APPOINTMENT_OVER = "appointment_over"  # it was for an earlier day
    APPOINTMENT_USED = "appointment_used"  # its number was called and is over
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_AWAY = "appointment_away"  # the hub does not answer, so that no appointment can be looked up


class Wait(msgspec.Struct, frozen=True):
    """Half are called within `low` minutes, nine of ten within `high`."""

    low: int
    high: int


class OfferView(msgspec.Struct, frozen=True):
    """One matter a number can be taken for. `waiting` is None while the hub does not answer; `closed` says why no
    number can be had; `windows` are those it is called to, open or not."""

    service: str
    queue: str
    names: Names
    classes: tuple[TicketClass, ...]
    waiting: int | None = None
    windows_open: int = 0
    wait: Wait | None = None
    closed: Names | None = None
    windows: tuple[str, ...] = ()


class TicketView(msgspec.Struct, frozen=True):
    """A ticket as screen and slip show it. `follow` is the address of its phone page, empty where there is none;
    `ahead` None: not known, as of a number the terminal gave by itself (`offline`). `issued` is ISO 8601, and so is
    `appointed`, empty where there was no appointment; whoever came `late` for it counts from when they came. `further`
    are the services that follow in the same visit, in order."""

    ticket_id: str
    number: str
    service: str
    ticket_class: TicketClass
    issued: str
    ahead: int | None = None
    wait: Wait | None = None
    follow: str = ""
    windows: tuple[str, ...] = ()
    already: bool = False
    offline: bool = False
    further: tuple[str, ...] = ()
    appointed: str = ""
    late: bool = False


# -- requests


class GetQueues(_Message, frozen=True, tag="get_queues"):
    """What can numbers be taken for? Answered by QueuesFound."""

    request: str


class TakeTicket(_Message, frozen=True, tag="take_ticket"):
    """One number. `identity_number` and `name` are those of the card, empty without one: the number leaves the agent
    only sealed to the court's key, of the name only the masked one is kept."""

    request: str
    request_id: str
    service: str
    ticket_class: TicketClass
    language: str
    identity_number: str = ""
    name: str = ""
    proof: str = ""
    further: tuple[str, ...] = ()  # services that follow in the same visit, in order


class CheckInHere(_Message, frozen=True, tag="check_in_here"):
    """The person of an appointment has come: by its `code` of six digits, or by the card (`identity_number`, `name`)
    where it is empty."""

    request: str
    request_id: str
    language: str
    code: str = ""
    identity_number: str = ""
    name: str = ""


class WatchTicket(_Message, frozen=True, tag="watch_ticket"):
    """Tell how this ticket stands; empty: no more."""

    ticket_id: str


class CancelTicket(_Message, frozen=True, tag="cancel_ticket"):
    """The person does not want the number."""

    ticket_id: str


class FileMeanwhile(_Message, frozen=True, tag="file_meanwhile"):
    """The person files at this terminal while waiting, and what comes of it. Sent on as soon as the hub answers; a
    window that goes away has ended its filing."""

    ticket_id: str
    doing: WhileFiling


# -- answers and events


class QueuesFound(_Message, frozen=True, tag="queues_found"):
    """The board. `known` is false where the hub does not answer and nothing of today is remembered; `offline`: it is
    what this terminal can give by itself."""

    request: str
    services: tuple[OfferView, ...] = ()
    known: bool = True
    offline: bool = False


class TicketTaken(_Message, frozen=True, tag="ticket_taken"):
    """The number is the person's, for good."""

    request: str
    ticket: TicketView


class TicketRefused(_Message, frozen=True, tag="ticket_refused"):
    """No number was given."""

    request: str
    reason: TicketRefusal


class TicketNews(_Message, frozen=True, tag="ticket_news"):
    """Where a watched ticket stands. `window` is set while it is called or served there."""

    ticket_id: str
    status: TicketStatus
    window: str = ""
    ahead: int | None = None
    wait: Wait | None = None


TicketRequests = GetQueues | TakeTicket | CheckInHere | WatchTicket | CancelTicket | FileMeanwhile
TicketEvents = QueuesFound | TicketTaken | TicketRefused | TicketNews
