"""The papers that go with a complaint, and the two that the person takes home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kiosk.documents.model import Signature
from kiosk.i18n import Language, Text


class Exemplar(StrEnum):
    """What was handed in: original, copy, a document that exists only electronically, or a scan whose paper went back
    to the person (what was laid under the camera matters: 在线诉讼规则 12, 13)."""

    ORIGINAL = "original"  # 原件
    COPY = "copy"  # 复印件
    ELECTRONIC = "electronic"  # 电子件
    SCAN_OF_ORIGINAL = "scan_of_original"  # 原件扫描件
    SCAN_OF_COPY = "scan_of_copy"  # 复印件扫描件
    SCAN = "scan"  # 扫描件, of what was not said


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One line of the evidence list (证据规定 19). Volume pages count from 1; both 0 where nothing was scanned.

    `exemplar` is None where it was not said whether it is an original.
    """

    title: str
    exemplar: Exemplar | None
    pages: int
    source: str = ""  # 证据来源
    purpose: str = ""  # 证明对象和内容
    first_page: int = 0
    last_page: int = 0
    category: str = ""  # 证据种类 (民诉法 66)


@dataclass(frozen=True, slots=True)
class EvidenceListDocument:
    """The evidence list (证据清单)."""

    cause_of_action: str
    submitter: str
    lines: tuple[EvidenceLine, ...]
    court: str
    signatures: tuple[Signature, ...]
    filed: date
    copies: int = 0  # for the other parties
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Receiver:
    """A person named to receive documents (指定代收人)."""

    name: str
    relation: str = ""
    id_kind: str = ""
    id_number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ElectronicService:
    """Electronic service (电子送达), a consent of its own (民诉法 90, 解释 136). None means not answered."""

    agreed: bool | None = None
    phone: str = ""
    fax: str = ""
    email: str = ""
    wechat: str = ""
    platform_account: str = ""  # 诉讼平台账号
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class AddressConfirmationDocument:
    """The confirmation of the address for service (送达地址确认书; 法院专递规定 4, 解释 136 and 137).

    `has_receiver` is the answer to that question, None where it was not answered.
    """

    cause_of_action: str
    addressee: str  # 受送达人
    id_kind: str
    id_number: str
    region: str  # province, city, county
    address: str
    postcode: str
    phone: str
    court: str
    signatures: tuple[Signature, ...]
    filed: date
    electronic: ElectronicService = ElectronicService()
    receiver: Receiver | None = None
    other_contact: str = ""
    confidential: bool | None = None  # 是否要求保密
    case_number: str = ""
    remarks: str = ""
    reference: str = ""
    has_receiver: bool | None = None


@dataclass(frozen=True, slots=True)
class UndertakingDocument:
    """The undertaking to litigate in good faith (诚信诉讼承诺书; 民诉法 13, 114, 115)."""

    cause_of_action: str
    submitter: str
    opponents: tuple[str, ...]
    court: str
    signatures: tuple[Signature, ...]
    filed: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One received document. `name` is a Text for papers of the terminal, plain words for what a person named."""

    name: Text | str
    exemplar: Exemplar
    pages: int
    copies: int = 1


@dataclass(frozen=True, slots=True)
class FilingReceiptDocument:
    """The written receipt (立案材料收据; 民诉法 69, 登记立案规定 2) in one or more languages, the first leading."""

    receipt_no: str
    received: datetime
    court: Text | str
    competent_court: Text | str
    submitter: str
    cause_of_action: Text | str
    terminal: str
    lines: tuple[ReceiptLine, ...]
    languages: tuple[Language, ...] = (Language.ZH,)


class CorrectionOrigin(StrEnum):
    """Who found what is missing."""

    TERMINAL = "terminal"  # the terminal's check, a hint that refuses nothing
    COURT = "court"  # the court's one written notice (登记立案规定 7)


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    """One thing to mend, and the article that asks for it."""

    matter: Text | str
    basis: Text | str = ""


@dataclass(frozen=True, slots=True)
class CorrectionListDocument:
    """The complete list of corrections (一次性补正告知), in one or more languages, the first leading."""

    origin: CorrectionOrigin
    receipt_no: str
    court: Text | str
    recipient: str
    cause_of_action: Text | str
    items: tuple[CorrectionItem, ...]
    issued: date
    due: date | None = None
    languages: tuple[Language, ...] = (Language.ZH,)
