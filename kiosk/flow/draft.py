"""What one person has said so far: everything that will become a complaint. Lives only inside the Session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from kiosk.court.contract import MatterOrigin
from kiosk.court.envelope import Capacity, Consent, IdentitySource, MediationWish
from kiosk.flow.scanning import NO_STATES, States
from kiosk.forms.answers import Answers, Path, Value
from kiosk.session.scratch import ScratchKey


class FormSlot(StrEnum):
    """Which form of the journey a set of answers belongs to."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLAINTIFF = "plaintiff"
    AGENT = "agent"
    CLAIM = "claim"
    OTHERS = "others"
    ADDRESS = "address"


class Represented(StrEnum):
    """Whom the person at the terminal files for."""

    SELF = "self"  # 本人
    OWN_ORGANISATION = "own_organisation"  # 法定代表人、负责人
    OTHER_PERSON = "other_person"  # 委托诉讼代理人, for a natural person
    OTHER_ORGANISATION = "other_organisation"  # the same, for an organisation

    @property
    def capacity(self) -> Capacity:
        """The capacity as it stands in the envelope."""
        match self:
            case Represented.SELF:
                return Capacity.SELF
            case Represented.OWN_ORGANISATION:
                return Capacity.REPRESENTATIVE
            case Represented.OTHER_PERSON | Represented.OTHER_ORGANISATION:
                return Capacity.AGENT

    @property
    def is_organisation(self) -> bool:
        """Whether the plaintiff is an organisation."""
        return self in {Represented.OWN_ORGANISATION, Represented.OTHER_ORGANISATION}

    @property
    def is_agent(self) -> bool:
        """Whether the person files as an agent."""
        return self in {Represented.OTHER_PERSON, Represented.OTHER_ORGANISATION}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is at the terminal. Dates are ISO 8601 or empty; `document` is the kind of identity document."""

    source: IdentitySource
    document: str
    name: str
    number: str
    sex: str = ""
    birth: str = ""
    nation: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class CauseChoice:
    """The cause of action (案由) as chosen by a layman; staff may correct it."""

    code: str
    name: str
    path: str
    version: str


@dataclass(frozen=True, slots=True)
class EvidenceDraft:
    """One line of the evidence list: its form answers and its scanned pages in the session's scratch."""

    answers: Answers
    pages: tuple[ScratchKey, ...] = ()


_NO_ANSWERS: Mapping[FormSlot, Answers] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything said so far. `submission_id` is a UUIDv7 made when the person started; `pages` is what is known of the
    scanned pages, `decided` what was offered from them and taken or refused: a value, and at which question; `origin`
    whence it comes where it was begun elsewhere."""

    submission_id: UUID
    started: datetime
    handling_court: str
    competent_court: str
    identity: Identity | None = None
    represented: Represented = Represented.SELF
    cause: CauseChoice | None = None
    answers: Mapping[FormSlot, Answers] = field(default_factory=lambda: _NO_ANSWERS)
    evidence: tuple[EvidenceDraft, ...] = ()
    pages: States = field(default_factory=lambda: NO_STATES)
    decided: frozenset[tuple[FormSlot, Path, Value]] = field(default=frozenset(), repr=False)
    mediation: MediationWish | None = None
    consents: tuple[Consent, ...] = ()
    signature: ScratchKey | None = None
    signed_on: date | None = None
    origin: MatterOrigin | None = None

    def answers_of(self, slot: FormSlot) -> Answers:
        """The answers of one form, empty where it was not begun."""
        return self.answers.get(slot, Answers())

    def decided_elsewhere(self, slot: FormSlot) -> frozenset[tuple[FormSlot, Path, Value]]:
        """What was decided in the other forms."""
        return frozenset(one for one in self.decided if one[0] is not slot)

    def consent(self, purpose: str) -> Consent | None:
        """The latest answer given for `purpose`."""
        return next((c for c in reversed(self.consents) if c.purpose == purpose), None)

    def granted(self, purpose: str) -> bool:
        """Whether the latest answer for `purpose` was yes; no answer is no consent."""
        consent = self.consent(purpose)
        return consent is not None and consent.granted
