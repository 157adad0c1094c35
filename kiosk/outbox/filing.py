"""What goes into the outbox, and what its rows say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from drivers.api.records import JobState
from kiosk.court.contract import BlobRole, Channel, MatterOrigin
from kiosk.outbox.states import State


@dataclass(frozen=True, slots=True)
class SealedPart:
    """One document, sealed to the court. Its plain text never came near the disk. `sha256` is that of `sealed`."""

    role: BlobRole
    media_type: str
    plain_sha256: str
    sha256: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class SealedFiling:
    """A filing ready to be committed. `slip` and `slip_copy` are 1-bit PNGs, empty where none is wanted."""

    submission_id: UUID
    receipt_no: str
    channel: Channel
    handling_court: str
    competent_court: str
    form_id: str
    form_version: str
    cause_code: str
    cause_name: str
    cause_version: str
    parts: tuple[SealedPart, ...]
    slip: bytes = b""
    slip_copy: bytes = b""
    origin: MatterOrigin | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who files: goes into every manifest."""

    terminal: str
    court_key: str
    software: str


@dataclass(frozen=True, slots=True)
class Reservation:
    """A receipt number that belongs to one filing, and the time of receipt it will state."""

    receipt_no: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Committed:
    """A filing that is durable. `already`: it had been before this call."""

    submission_id: UUID
    receipt_no: str
    received_at: datetime
    sha256: str
    already: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A filing that the court has not acknowledged."""

    submission_id: UUID
    state: State
    committed_at: datetime


@dataclass(frozen=True, slots=True)
class LocalCase:
    """What the terminal itself knows of one of its filings."""

    receipt_no: str
    state: State
    received_at: datetime
    cause_name: str
    handling_court: str
    competent_court: str


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One slip. `image` is None once it was printed or given up and erased."""

    job: str
    submission_id: UUID
    created_at: datetime
    copy: bool
    state: JobState
    detail: str
    image: bytes | None


@dataclass(frozen=True, slots=True)
class PendingReceipt:
    """A committed filing whose number nobody has seen."""

    submission_id: UUID
    receipt_no: str
    received_at: datetime
    committed_at: datetime
    slip_copy: bytes


@dataclass(frozen=True, slots=True)
class Counts:
    """How full the outbox is."""

    undelivered: int
    attention: int
    oldest_waiting: datetime | None
    unsettled_slips: int
    unshown_receipts: int
    last_sequence: int
