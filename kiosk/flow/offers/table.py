"""Which field of which paper is offered at which question.

A claim is what the person asks for and stands on no paper, so nothing here fills one: a loan note (借条) says what was
agreed, not what is still owed. Where a paper leaves open which side somebody is on (甲方 of a loan may have lent or
borrowed), the name is offered at both, and the person knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kiosk.flow.offers.model import Source
from kiosk.ocr.model import PageClass


def _from(paper: PageClass, *readings: str, clear: bool = True, kind: str = "") -> tuple[Source, ...]:
    return tuple(Source(paper, reading, clear, kind) for reading in readings)


_CONTRACT, _IOU, _JUDGMENT, _TRANSFER = PageClass.CONTRACT, PageClass.IOU, PageClass.JUDGMENT, PageClass.TRANSFER
_EITHER_PARTY = _from(_CONTRACT, "party_a", "party_b", "party_c")
_EITHER_SIDE = _from(_TRANSFER, "payer", "payee")
_RULING = "裁定书"

ANY_FORM = ""

QUESTIONS: Mapping[str, Mapping[str, tuple[Source, ...]]] = {
    "private_lending": {
        "lender": (*_from(_IOU, "lender"), *_EITHER_PARTY, *_EITHER_SIDE),
        "borrower": (*_from(_IOU, "borrower"), *_EITHER_PARTY, *_EITHER_SIDE),
        "contract_name": _from(_CONTRACT, "title"),
        "contract_number": _from(_CONTRACT, "number"),
        "contract_date": (*_from(_IOU, "date"), *_from(_CONTRACT, "date")),
        "agreed_amount": (*_from(_IOU, "amount"), *_from(_CONTRACT, "amount")),
        "provided_amount": _from(_TRANSFER, "amount", clear=False),
        "provided_date": _from(_TRANSFER, "date", clear=False),
        "term_to": _from(_IOU, "due"),
        "rate": _from(_IOU, "rate"),
        "rate_period": _from(_IOU, "rate"),
    },
    "sale_contract": {
        "seller": _EITHER_PARTY,
        "buyer": _EITHER_PARTY,
        "contract_name": _from(_CONTRACT, "title"),
        "contract_number": _from(_CONTRACT, "number"),
        "contract_date": _from(_CONTRACT, "date"),
        "total_price": _from(_CONTRACT, "amount"),
    },
    "house_lease": {
        "landlord": _EITHER_PARTY,
        "tenant": _EITHER_PARTY,
        "contract_name": _from(_CONTRACT, "title"),
        "contract_number": _from(_CONTRACT, "number"),
        "contract_date": _from(_CONTRACT, "date"),
        "rent_rate": _from(_CONTRACT, "amount", clear=False),  # of a month or of a year: only the person knows
    },
    "labour_dispute": {
        "labour_contract_name": _from(_CONTRACT, "title"),
        "labour_contract_date": _from(_CONTRACT, "date"),
        "employer_name": _EITHER_PARTY,
        "agreed_wage": _from(_CONTRACT, "amount", clear=False),
    },
    "property_service": {
        "owner_party": _EITHER_PARTY,
        "service_provider": _EITHER_PARTY,
        "contract_name": _from(_CONTRACT, "title"),
        "contract_number": _from(_CONTRACT, "number"),
        "contract_date": _from(_CONTRACT, "date"),
    },
    "divorce": {
        "earlier_court": _from(_JUDGMENT, "court"),
        "earlier_case": _from(_JUDGMENT, "case_number", clear=False),
        "creditor": _from(_IOU, "lender"),
        "debt_amount": _from(_IOU, "amount", clear=False),
    },
    ANY_FORM: {
        "preservation_court": _from(_JUDGMENT, "court", kind=_RULING),
        "preservation_case": _from(_JUDGMENT, "case_number", kind=_RULING),
        "preservation_date": _from(_JUDGMENT, "date", kind=_RULING),
    },
}
"""Questions that no party is described by, by form and name; ANY_FORM for those that several forms share."""


class About(StrEnum):
    """What a paper says about a party."""

    NAME = "name"
    SEX = "sex"
    BIRTH = "birth"
    NATION = "nation"
    NUMBER = "number"  # 公民身份号码
    CODE = "code"  # 统一社会信用代码
    ADDRESS = "address"
    REPRESENTATIVE = "representative"  # 法定代表人
    KIND = "kind"  # 单位类型


HOLDER = "holder"

SUBJECTS: Mapping[PageClass, Mapping[str, tuple[str, About]]] = {
    PageClass.IDENTITY_CARD: {
        "name": (HOLDER, About.NAME),
        "sex": (HOLDER, About.SEX),
        "birth": (HOLDER, About.BIRTH),
        "nation": (HOLDER, About.NATION),
        "number": (HOLDER, About.NUMBER),
        "address": (HOLDER, About.ADDRESS),
    },
    PageClass.BUSINESS_LICENCE: {
        "name": (HOLDER, About.NAME),
        "credit_code": (HOLDER, About.CODE),
        "legal_representative": (HOLDER, About.REPRESENTATIVE),
        "address": (HOLDER, About.ADDRESS),
        "type": (HOLDER, About.KIND),
    },
    _IOU: {
        "lender": ("lender", About.NAME),
        "lender_number": ("lender", About.NUMBER),
        "borrower": ("borrower", About.NAME),
        "borrower_number": ("borrower", About.NUMBER),
    },
    _CONTRACT: {part: (part, About.NAME) for part in ("party_a", "party_b", "party_c")},
    _TRANSFER: {part: (part, About.NAME) for part in ("payer", "payee")},
    _JUDGMENT: {part: (part, About.NAME) for part in ("plaintiff", "defendant", "third_party")},
}
"""Of whom each paper speaks, by the keys of its readings."""


@dataclass(frozen=True, slots=True)
class PartyPlace:
    """The questions of a form that describe one party. `repeat` is empty where there is one; `kind` asks whether it is
    a person, and `persons` says so where the form itself does (None: it may be either)."""

    fields: Mapping[About, tuple[str, ...]]
    repeat: str = ""
    kind: str = ""
    persons: bool | None = None


PARTIES: Mapping[str, tuple[PartyPlace, ...]] = {
    "plaintiff_natural": (
        PartyPlace(
            {
                About.NAME: ("name",),
                About.SEX: ("sex",),
                About.BIRTH: ("birth",),
                About.NATION: ("nation",),
                About.NUMBER: ("id_number",),
                About.ADDRESS: ("address",),
            },
            persons=True,
        ),
    ),
    "plaintiff_organisation": (
        PartyPlace(
            {
                About.NAME: ("name",),
                About.CODE: ("uscc",),
                About.KIND: ("organisation_kind",),
                About.REPRESENTATIVE: ("legal_representative",),
                # What is registered is where the main office is (民法典 63); where it is no longer, the person knows.
                About.ADDRESS: ("address", "registered_address"),
            },
            persons=False,
        ),
    ),
    "agent": (PartyPlace({About.NAME: ("name",)}, persons=True),),
    "defendants": (
        PartyPlace(
            {
                About.NAME: ("defendant_name",),
                About.SEX: ("defendant_sex",),
                About.BIRTH: ("defendant_birth",),
                About.NATION: ("defendant_nation",),
                About.NUMBER: ("defendant_id_number",),
                About.CODE: ("defendant_uscc",),
                About.KIND: ("defendant_organisation_kind",),
                About.REPRESENTATIVE: ("defendant_representative",),
                About.ADDRESS: ("defendant_address",),
            },
            repeat="defendants",
            kind="defendant_kind",
        ),
        PartyPlace(
            {About.NAME: ("third_name",), About.ADDRESS: ("third_address",)}, repeat="third_parties", kind="third_kind"
        ),
    ),
    "service_address": (
        PartyPlace({About.NAME: ("receiver_name",), About.NUMBER: ("receiver_id_number",)}, persons=True),
    ),
}
"""The parties that each form describes. Whoever stands at the terminal says who they are before anything is scanned
(identity_typed), and the recipient of papers is taken over from the plaintiff."""
