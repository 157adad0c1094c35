"""The civil complaint (民事起诉状) in the shape of the official element forms (法〔2025〕82号)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.court.envelope import MediationWish
from kiosk.documents.model import Agent, FormRow, Party, Signature


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether arbitration or a court was agreed (仲裁、法院管辖约定); None means the question was not answered."""

    exists: bool | None = None
    clause: str = ""  # 合同条款及内容


@dataclass(frozen=True, slots=True)
class Preservation:
    """Whether assets were preserved before filing (诉前保全)."""

    applied: bool | None = None
    court: str = ""
    when: str = ""
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class MediationWill:
    """对纠纷解决方式的意愿: the three questions of the official form. None means not answered, which is lawful.

    `understands_benefits` has one entry for each of the form's five statements, in their order.
    """

    understands_mediation: bool | None = None
    understands_benefits: tuple[bool | None, bool | None, bool | None, bool | None, bool | None] = (None,) * 5
    considers: MediationWish | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness with name and address (民诉法 124 item 4)."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceReference:
    """What the separate evidence list holds: number of items and of scanned pages."""

    items: int
    pages: int


@dataclass(frozen=True, slots=True)
class ComplaintDocument:
    """Everything printed on one complaint.

    `form_name` is the official form it follows, without brackets (民间借贷纠纷). `amount_in_dispute` is in yuan.
    `facts` is free text; a line break starts a paragraph. `copies` is the number of copies for the other parties.
    `reference` is the receipt number, printed at the foot of each page. `has_third_parties` and `has_witnesses` are the
    answers to these questions, None where they were not answered.
    """

    form_name: str
    cause_of_action: str
    plaintiffs: tuple[Party, ...]
    defendants: tuple[Party, ...]
    court: str
    signatures: tuple[Signature, ...]
    filed: date
    agents: tuple[Agent, ...] = ()
    third_parties: tuple[Party, ...] = ()
    claims: tuple[FormRow, ...] = ()
    amount_in_dispute: Decimal | None = None
    agreement: Agreement = Agreement()
    preservation: Preservation = Preservation()
    elements: tuple[FormRow, ...] = ()
    facts: str = ""
    mediation: MediationWill = MediationWill()
    evidence: EvidenceReference = EvidenceReference(0, 0)
    witnesses: tuple[Witness, ...] = ()
    has_third_parties: bool | None = None
    has_witnesses: bool | None = None
    copies: int = 0
    reference: str = ""
