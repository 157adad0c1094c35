"""The published contract between a terminal and the hub (OpenAPI 3.1 is generated from these models).

One submission travels as a signed manifest and sealed blobs:

1. `POST /v1/blobs/missing` tells which blobs the hub lacks.
2. `HEAD /v1/blobs/{sha256}` gives `Upload-Offset`; `PATCH` appends one chunk at that offset. The last chunk carries
   `Upload-Complete: ?1`. A `HEAD` or an empty `PATCH` at full length finalises. 2xx means file and directory are
   on disk.
3. `PUT /v1/submissions/{submission_id}` with `Idempotency-Key` and the manifest stores it exactly once and returns
   the stored Receipt: the same hash gives the same receipt, another hash gives 422, missing blobs give 424.
4. `POST /v1/heartbeat` tells, signed by the court, which submissions are safe (inside a backup) in the hub's current
   epoch.
5. `POST /v1/cases/query` (CaseQuery → CaseList) and `POST /v1/assistance` (AssistanceCall → AssistanceTaken).
   Drafts that are kept for another place: kiosk/court/kept_drafts.py.
6. `GET /v1/court` (CourtInfo), `GET /openapi.json` and `GET /healthz` are public.

Every other request is signed with the terminal's device key (RFC 9421, see kiosk/court/signing.py).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from kiosk.court.model import ContractModel

CONTRACT_VERSION = "1"  # of this contract, told in the OpenAPI document

Sha256Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ReceiptNumber = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,12}-\d{8}-\d{5}-[0-9X]$")]
"""Terminal code, day (YYYYMMDD, China time), serial of the day, check character (MOD 11-2, see receipt_numbers.py).

It is the terminal's own number for the written receipt (登记立案规定 2); case numbers are given by the court only.
"""


class Channel(StrEnum):
    """How a submission came in (S0-22, S2-7)."""

    TERMINAL = "terminal"  # 自助立案
    TERMINAL_CROSS_REGION = "terminal_cross_region"  # 跨域立案


class MatterChannel(StrEnum):
    """Where a matter was begun, which need not be where it is handed in: 厅、网、线、巡 (S0-32)."""

    HALL = "hall"  # 诉讼服务大厅, at a terminal
    WEB = "web"  # 诉讼服务网、移动微法院
    HOTLINE = "hotline"  # 12368
    CIRCUIT = "circuit"  # 巡回审判、车载法庭


DraftLookup = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""Under which name the hub keeps a draft; it follows from the draft's code, and the code does not follow from it."""


class MatterOrigin(ContractModel):
    """Whence a filing comes that was begun elsewhere. With its receipt the hub forgets the draft `kept_draft`."""

    matter_id: UUID  # the same in every channel (S0-32)
    begun_in: MatterChannel
    begun: AwareDatetime
    kept_draft: DraftLookup


class BlobRole(StrEnum):
    """What a sealed blob holds."""

    ENVELOPE = "envelope"  # the answers, JSON of kiosk.court.envelope
    COMPLAINT = "complaint"  # 民事起诉状, PDF/A
    EVIDENCE_LIST = "evidence_list"  # 证据清单, PDF/A
    ADDRESS_CONFIRMATION = "address_confirmation"  # 送达地址确认书, PDF/A
    UNDERTAKING = "undertaking"  # 诚信诉讼承诺书, PDF/A
    VOLUME = "volume"  # scans as one paginated volume, PDF/A; a long one in several parts (分册), in their order
    SIGNATURE = "signature"  # the signature as drawn, PNG


class BlobRef(ContractModel):
    """One sealed blob: hash and size of the ciphertext as it travels; type of what is inside."""

    role: BlobRole
    sha256: Sha256Hex
    size: int = Field(ge=1)
    media_type: str
    plain_sha256: Sha256Hex


class Manifest(ContractModel):
    """What the terminal signs. Its SHA-256 over canonical JSON (RFC 8785) is the submission's hash."""

    version: Literal["1"] = "1"
    submission_id: UUID  # UUIDv7, made when the person starts; the idempotency key
    receipt_no: ReceiptNumber
    terminal: str
    handling_court: str  # 协作法院, court code as in case numbers (吉0102)
    competent_court: str  # 管辖法院
    channel: Channel
    form_id: str
    form_version: str
    cause_code: str
    cause_version: str
    sequence: int = Field(ge=1)  # per terminal, without gaps
    previous: Sha256Hex | None  # hash of the terminal's previous manifest
    created: datetime  # when the complaint was handed in, with offset
    software: str
    court_key: str  # id of the court key the blobs are sealed to
    blobs: tuple[BlobRef, ...]
    # Left out of the JSON where there is none, so that manifests of before keep their hash.
    origin: MatterOrigin | None = Field(default=None, exclude_if=lambda origin: origin is None)


class Receipt(ContractModel):
    """The hub's stored acknowledgement. A terminal accepts it only if id and hash both match."""

    submission_id: UUID
    manifest_sha256: Sha256Hex
    receipt_no: ReceiptNumber
    epoch: str
    server_time: datetime
    signature: str  # base64 Ed25519 by the court's signing key over the other fields, canonical JSON


class MissingBlobsRequest(ContractModel):
    """Blobs the terminal is about to send."""

    hashes: tuple[Sha256Hex, ...] = Field(max_length=500)


class MissingBlobs(ContractModel):
    """Those of them the hub does not hold completely."""

    missing: tuple[Sha256Hex, ...]


class Heartbeat(ContractModel):
    """A terminal's regular word: what it believes it has delivered."""

    nonce: str = Field(pattern=r"^[A-Za-z0-9_-]{22,64}$")  # 128 random bits or more, base64url; the reply repeats it
    terminal: str
    epoch: str | None
    max_sequence: int = Field(ge=0)
    awaiting_safety: tuple[UUID, ...] = Field(max_length=1000)  # filings, ratings by invitation, and reports
    software: str
    queue_depth: int = Field(ge=0)
    ratings_waiting: int = Field(default=0, ge=0)  # answers and touched grades the hub does not have
    oldest_rating: AwareDatetime | None = None  # when the first of them was given
    reports_waiting: int = Field(default=0, ge=0)  # 办不成事反映 the hub does not have
    oldest_report: AwareDatetime | None = None  # when the first of them was handed in


class HeartbeatReply(ContractModel):
    """The hub's epoch (it changes when the hub was restored from a backup; everything not safe is then offered
    again) and what of that which it asks about lies in a backup. A terminal believes it only if nonce and signature
    both match: it erases what is safe."""

    nonce: str  # of the heartbeat
    epoch: str
    server_time: datetime
    safe: tuple[UUID, ...]
    signature: str  # base64 Ed25519 by the court's signing key, see kiosk/court/heartbeats.py


class SubmissionState(StrEnum):
    """Where a submission stands at the court."""

    RECEIVED = "received"  # 已收到, waits for a clerk
    ACCEPTED = "accepted"  # 登记立案
    CORRECTION_REQUESTED = "correction_requested"  # 一次性告知补正
    TRANSFERRED = "transferred"  # 移送管辖法院


class CaseStatus(ContractModel):
    """What the terminal's "my case" screen shows of one submission; names are masked."""

    receipt_no: ReceiptNumber
    state: SubmissionState
    cause_name: str
    handling_court: str
    competent_court: str
    received: datetime
    decision_due: datetime  # seven days (登记立案规定 8, 民诉法 126)
    decided: datetime | None = None
    case_number: str | None = None
    corrections: tuple[str, ...] = ()
    note: str = ""


class CaseQuery(ContractModel):
    """Exactly one of both: a receipt number, or an identity number sealed to the court's key (base64)."""

    receipt_no: ReceiptNumber | None = None
    identity_sealed: str | None = None


class CaseList(ContractModel):
    """Newest first."""

    cases: tuple[CaseStatus, ...]


class AssistanceReason(StrEnum):
    """Why a person is called to the terminal (S0-24). No personal data travels with it."""

    HELP = "help"
    DEVICE = "device"
    WINDOW = "window"


class AssistanceCall(ContractModel):
    """Somebody at `terminal` needs a person."""

    call_id: UUID
    terminal: str
    reason: AssistanceReason
    step: str  # name of the step, never what was entered


class AssistanceTaken(ContractModel):
    """The hub has put the call on the staff's list."""

    call_id: UUID
    received: datetime


class CourtInfo(ContractModel):
    """Public facts a terminal needs of its court."""

    code: str
    name_zh: str
    name_ko: str
    name_en: str
    epoch: str
    sealing_key: str  # base64 X25519 public key
    sealing_key_id: str
    signing_key: str  # base64 Ed25519 public key
    development: bool


class Problem(ContractModel):
    """An error reply (RFC 9457)."""

    title: str
    status: int
    detail: str = ""
    missing: tuple[Sha256Hex, ...] = ()
