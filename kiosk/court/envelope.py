"""The answers of one complaint as they travel: the inside of the sealed ENVELOPE blob, readable by a clerk's system."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field, JsonValue

from kiosk.court.contract import Channel, MatterOrigin
from kiosk.court.model import ContractModel


class IdentitySource(StrEnum):
    """How the identity came in."""

    CARD = "card"
    TYPED = "typed"


class PartyKind(StrEnum):
    """Natural person, legal person, or other organisation; unknown where it was not said."""

    NATURAL = "natural"
    ORGANISATION = "organisation"
    UNKNOWN = "unknown"


class Capacity(StrEnum):
    """In what capacity the person at the terminal files."""

    SELF = "self"  # 本人
    REPRESENTATIVE = "representative"  # 法定代表人
    AGENT = "agent"  # 委托诉讼代理人


class MediationWish(StrEnum):
    """是否考虑先行调解: yes, no, not sure; None in the envelope means the question was skipped."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


class Consent(ContractModel):
    """One explicit answer to one question (N6): purpose, wording version, language, time, yes or no."""

    purpose: str
    wording_version: str
    language: str
    answered: datetime
    granted: bool


class Party(ContractModel):
    """A party. `fields` are the answers of the party form by question name.

    The representative or agent is the person at the terminal, whose `fields` begin with their own identity.
    """

    role: Literal["plaintiff", "defendant", "third_party", "agent", "representative"]
    kind: PartyKind
    name: str
    fields: dict[str, JsonValue]


class EvidenceItem(ContractModel):
    """One line of the evidence list. Pages count from 1 within the volume; both 0 where nothing was scanned.

    `original` is None where it was not said whether it is an original or a copy.
    """

    title: str
    category: str = ""  # 证据种类 (民诉法 66), by its name in the form
    original: bool | None
    source: str
    purpose: str
    pages: int
    first_page: int
    last_page: int


class VolumePart(ContractModel):
    """One part (分册) of the volume: its pages, which count on from the part before. The parts stand in the order in
    which the manifest names their blobs."""

    first_page: int
    last_page: int


class FeeNotice(ContractModel):
    """The fee as it will be, in yuan; decided by the court."""

    kind: str
    amount_in_dispute: str | None
    fee: str
    prepaid: bool
    table_version: str


class Envelope(ContractModel):
    """One complete complaint."""

    version: Literal["1"] = "1"
    submission_id: UUID
    receipt_no: str
    created: datetime
    language: str
    channel: Channel
    handling_court: str
    competent_court: str
    identity_source: IdentitySource
    identity_document: str
    identity_number: str
    capacity: Capacity
    parties: tuple[Party, ...]
    cause_code: str
    cause_name: str
    cause_version: str
    form_id: str
    form_version: str
    answers: dict[str, JsonValue]
    fee: FeeNotice
    evidence: tuple[EvidenceItem, ...]
    volume: tuple[VolumePart, ...] = ()  # none where nothing was scanned, or not said by an earlier terminal
    mediation: MediationWish | None
    consents: tuple[Consent, ...]
    service_address: dict[str, JsonValue]
    corrections: tuple[str, ...]  # what the terminal's check found; never a reason to refuse
    signed_on: date
    origin: MatterOrigin | None = Field(default=None, exclude_if=lambda origin: origin is None)
