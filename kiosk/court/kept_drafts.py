"""The contract of drafts that are kept and taken up again elsewhere by their code (S0-32; docs/kept-drafts.md).

1. `PUT /v1/drafts/{lookup}` (KeepDraft → DraftKept) keeps a sealed draft. The same again is without effect; another
   draft under the same lookup id is refused.
2. `GET /v1/drafts/{lookup}` (→ HeldDraft) gives it out until the end of its last day.
3. `DELETE /v1/drafts/{lookup}` forgets it; again is without effect. A submission whose `origin` names it does so too.

Terminals sign their requests. The court's other channels (网, 线, 巡) ask at `/v1/channel/drafts/{lookup}` instead,
with the key they were given: `Authorization: Bearer <key>`. The hub sees lookup ids and sealed bytes, never a code.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, JsonValue, field_validator

from kiosk.court.contract import MatterChannel
from kiosk.court.envelope import Consent, MediationWish
from kiosk.court.model import ContractModel

KEEP_DAYS = 30
"""For how long terminals ask, and what the person agrees to there; a court may keep drafts for less."""

LONGEST_SEALED = 256 * 1024
"""Bytes of a sealed draft. A usual one has some 5 kB; long accounts of the facts may fill the rest."""

DRAFT_PATH = "/v1/drafts"
CHANNEL_PATH = "/v1/channel/drafts"

Represents = Literal["self", "own_organisation", "other_person", "other_organisation"]
Place = Literal["person", "organisation", "plaintiff", "agent", "claim", "others", "address"]


class DraftOwner(ContractModel):
    """Whose draft it is. Only who shows this identity again is given anything of it."""

    document: str = Field(max_length=40)  # kind of identity document, as in the envelope
    number: str = Field(min_length=1, max_length=40)
    name: str = Field(max_length=100)


class KeptForm(ContractModel):
    """The answers of one form by question name, as the envelope carries them, with the edition they were given to."""

    place: Place
    form_id: str = Field(max_length=80)
    form_version: str = Field(max_length=40)
    answers: dict[str, JsonValue]


class KeptDraft(ContractModel):
    """The inside of a sealed draft, JSON in UTF-8. No scanned page, no signature and no consent but the one to keep it:
    papers are scanned, and consents asked, where it is handed in."""

    version: Literal["1"] = "1"
    matter_id: UUID  # UUIDv7, made where the matter was begun
    begun: AwareDatetime
    begun_in: MatterChannel
    language: Literal["zh", "ko", "en"]
    owner: DraftOwner
    represents: Represents
    competent_court: str = Field(default="", max_length=40)  # court code as in case numbers; empty: not said
    cause_code: str = Field(default="", max_length=40)
    mediation: MediationWish | None = None
    forms: tuple[KeptForm, ...] = Field(max_length=7)
    evidence: tuple[dict[str, JsonValue], ...] = Field(default=(), max_length=200)
    """Lines of the evidence list, the answers of `evidence_item` each."""
    consent: Consent

    @field_validator("consent")
    @classmethod
    def _given(cls, consent: Consent) -> Consent:
        if not consent.granted:
            raise ValueError("nothing is kept without consent")
        return consent

    @field_validator("forms")
    @classmethod
    def _each_once(cls, forms: tuple[KeptForm, ...]) -> tuple[KeptForm, ...]:
        if len({form.place for form in forms}) != len(forms):
            raise ValueError("each place has one form")
        return forms


SealedText = Annotated[str, Field(max_length=4 * (LONGEST_SEALED // 3 + 1), pattern=r"^[A-Za-z0-9+/]+={0,2}$")]


class KeepDraft(ContractModel):
    """What is to be kept: the sealed draft in base64, for as many days as the person has agreed to; the court keeps it
    for as many, or for less."""

    sealed: SealedText
    days: int = Field(ge=1, le=180)


class DraftKept(ContractModel):
    """It is kept until the end of this day (China time)."""

    until: date


class HeldDraft(ContractModel):
    """A sealed draft as it was kept, and its last day."""

    sealed: SealedText
    until: date


class DraftForgotten(ContractModel):
    """Nothing is kept under this lookup id (any more)."""
