"""The queue's part of the contract: tickets (取号), calling (叫号), and numbers that a terminal issues by itself.

1. `GET /v1/queues` (QueueBoard) tells a terminal which queues are open, how many wait and how long.
2. `POST /v1/tickets` (TicketRequest → Ticket) issues one number. The same `request_id` gives the same ticket; a person
   who already has an active ticket gets that one, `already = true`.
   `POST /v1/appointments/check-in` (CheckIn → Ticket) gives the ticket of an appointment.
3. `POST /v1/tickets/{ticket_id}/state` (TicketQuery → TicketState), and `…/cancel`; `…/filing` (TicketFiling →
   TicketState) keeps the place of who files at the terminal while waiting.
4. `POST /v1/queues/lease` (LeaseRequest → Lease) hands out a block of numbers that nobody else will ever get today.
   While the hub does not answer, the terminal issues from it and keeps each ticket durably;
   `POST /v1/tickets/offline` (OfflineTickets → OfflineAccepted) brings them in, in order, each once.

A ticket's number is unique in (court, business day, queue). Calling is the hub's alone and belongs to the staff.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kiosk.court.model import ContractModel

QueueCode = Annotated[str, Field(pattern=r"^[A-Z]{1,2}$")]
"""The letter before the number on a slip: A, B, … ."""

ServiceCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,31}$")]

FOLLOW_PATH = "/t/{ticket_id}"
"""The phone page of a ticket under the hub's address, also of one that the hub will only hear of later."""


class TicketClass(StrEnum):
    """For whom a ticket is (S2-6, S1-24, S2-25, S2-29); what each means for the order is the court's stated policy."""

    ORDINARY = "ordinary"
    SPECIAL = "special"  # 特殊群体: old, disabled, pregnant, minors, soldiers and their families
    ENTERPRISE = "enterprise"  # 涉企
    LEGAL_ADVICE = "legal_advice"  # 法律咨询
    EXPEDITED = "expedited"  # 简案快审
    PROFESSIONAL = "professional"  # 律师、检察官、调解员、公证员、鉴定人、志愿者


class TicketStatus(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"  # 暂缓: the matter waits, the window is free
    FINISHED = "finished"
    NO_SHOW = "no_show"  # 过号
    CANCELLED = "cancelled"


ACTIVE = frozenset({TicketStatus.WAITING, TicketStatus.CALLED, TicketStatus.SERVING, TicketStatus.HELD})
"""A person has at most one ticket in one of these per court and day."""


def ticket_label(queue: str, number: int) -> str:
    """What is shown, spoken and printed: the queue's letter and at least three digits (A012)."""
    return f"{queue}{number:03d}"


class Names(ContractModel):
    """One name in the three languages."""

    zh: str = Field(min_length=1, max_length=40)
    ko: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=60)


class WaitRange(ContractModel):
    """Half of all people in this place are called within `low` minutes, nine of ten within `high`; both rounded up to
    five minutes. Not told at all where no window is open or too little has been measured."""

    low_minutes: int = Field(ge=0, le=600)
    high_minutes: int = Field(ge=0, le=600)


class ServiceOffer(ContractModel):
    """One service a person can take a number for."""

    service: ServiceCode
    queue: QueueCode
    names: Names
    classes: tuple[TicketClass, ...]  # those a person may choose here, the first is the default
    waiting: int = Field(ge=0)
    windows_open: int = Field(ge=0)
    windows: tuple[str, ...] = ()  # where the queue is called to, whether open now or not
    wait: WaitRange | None = None
    closed: Names | None = None  # why no number can be taken now


class QueueBoard(ContractModel):
    """What is open today at this court."""

    court: str
    business_day: date
    services: tuple[ServiceOffer, ...]


class TicketRequest(ContractModel):
    """One number, please. `identity_sealed` is the identity number sealed to the court's key (base64), absent for a
    ticket without a card; `masked_name` is what display and console may show (张*)."""

    request_id: UUID  # UUIDv7; the idempotency key
    terminal: str
    service: ServiceCode
    further_services: tuple[ServiceCode, ...] = Field(default=(), max_length=5)  # several matters in one visit
    ticket_class: TicketClass = TicketClass.ORDINARY
    language: str = "zh"
    identity_sealed: str | None = None
    masked_name: str | None = Field(default=None, max_length=40)
    proof: str | None = Field(default=None, max_length=40)  # PROFESSIONAL: licence number, checked at the window
    filing_while_waiting: bool = False  # the place is kept while the person files at the terminal


class Ticket(ContractModel):
    """What the slip says. `follow_path` is the phone page's path under the hub's address. `appointed` is the time of
    the appointment it was given for; whoever came `late` counts from when they came."""

    ticket_id: UUID
    number: str  # A012
    queue: QueueCode
    service: ServiceCode
    further_services: tuple[ServiceCode, ...] = ()  # what comes after it, in order
    ticket_class: TicketClass
    business_day: date
    issued: datetime
    appointed: datetime | None = None
    late: bool = False
    ahead: int | None = Field(default=None, ge=0)  # None: issued while the hub did not answer
    wait: WaitRange | None = None
    follow_path: str | None = None
    windows: tuple[str, ...] = ()  # those that serve the queue: near which to wait
    already: bool = False


class TicketQuery(ContractModel):
    """Where does this ticket stand, or: the person does not want to wait any longer."""

    terminal: str


class WhileFiling(StrEnum):
    """What becomes of the filing of who waits (边等边填)."""

    BEGAN = "began"  # the place is kept meanwhile
    NOT_YET = "not_yet"  # called, and wants to finish first: held, and the window is free
    ENDED = "ended"  # handed in, given up or walked away: the ticket waits again with its old rank


class TicketFiling(ContractModel):
    """The person of this ticket files at `terminal`."""

    terminal: str
    doing: WhileFiling


class CheckIn(ContractModel):
    """The person of an appointment has come: found by the `code` they were given or by their identity number, sealed to
    the court's key (base64)."""

    request_id: UUID
    terminal: str
    language: str = "zh"
    code: str | None = Field(default=None, pattern=r"^\d{6}$")
    identity_sealed: str | None = None
    masked_name: str | None = Field(default=None, max_length=40)


class TicketState(ContractModel):
    """Where a ticket stands now."""

    ticket_id: UUID
    number: str
    status: TicketStatus
    window: str | None = None  # where to go, once called
    ahead: int | None = None
    wait: WaitRange | None = None


class LeaseRequest(ContractModel):
    """A block of numbers of `queue`, to issue from while the hub does not answer."""

    request_id: UUID
    terminal: str
    queue: QueueCode
    size: int = Field(default=20, ge=1, le=100)


class Lease(ContractModel):
    """The numbers `first` to `last` of `queue` on `business_day` are this terminal's alone; void after that day."""

    lease_id: UUID
    terminal: str
    queue: QueueCode
    business_day: date
    first: int = Field(ge=1)
    last: int = Field(ge=1)


class OfflineTicket(ContractModel):
    """One ticket issued from a lease. `order` counts from 1 per terminal and day, so that the hub takes them so.
    `unanswered` is the id of a request for the same person that the hub may have carried out without its reply having
    come back: what it gave for that is cancelled, since nobody holds that number."""

    ticket_id: UUID
    lease_id: UUID
    number: int = Field(ge=1)
    order: int = Field(ge=1)
    issued: datetime
    request: TicketRequest
    unanswered: UUID | None = None


class OfflineTickets(ContractModel):
    """Tickets to bring in, by rising `order`."""

    terminal: str
    tickets: tuple[OfflineTicket, ...] = Field(max_length=200)


class OfflineAccepted(ContractModel):
    """Those the hub now holds; sent again they are accepted again without effect."""

    accepted: tuple[UUID, ...]
    refused: tuple[UUID, ...] = ()  # not of this terminal's lease; staff are alarmed
