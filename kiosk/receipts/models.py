"""What is on a slip. Everything a litigant carries away must make sense without the terminal.

Names arrive masked: a slip is left lying about more often than any other paper (N4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from kiosk.i18n import Text


class OriginalOrCopy(StrEnum):
    """In what form a document was handed in (民诉法 69)."""

    ORIGINAL = "original"  # 原件
    COPY = "copy"  # 复印件
    ELECTRONIC = "electronic"  # 电子件, made at the terminal
    SCAN_OF_ORIGINAL = "scan_of_original"  # 原件扫描件, the paper went back to the person
    SCAN_OF_COPY = "scan_of_copy"  # 复印件扫描件
    SCAN = "scan"  # 扫描件, of what was not said


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One document received: name, pages, copies, form (民诉法 69)."""

    name: Text
    pages: int
    copies: int
    form: OriginalOrCopy


@dataclass(frozen=True, slots=True)
class FilingReceipt:
    """诉讼材料接收凭证: the dated written receipt every complaint gets (登记立案规定 2; 民诉法 69).

    `fee` is the estimate in yuan, None where it is not known. `decision_due` is the last day of the court's decision
    (登记立案规定 8). `qr` is what the code holds.
    """

    court: Text
    receipt_no: str
    received: datetime
    filer: str  # masked
    cause: Text
    documents: tuple[HandedIn, ...]
    handling_court: Text  # 协作法院
    competent_court: Text  # 管辖法院
    fee: Decimal | None
    next_steps: tuple[Text, ...]
    decision_due: date
    phone: str
    qr: str


@dataclass(frozen=True, slots=True)
class WindowTicket:
    """转人工窗口单: for who continues at the window, from any step (S0-25). `entered` lists what is done already,
    without personal data; `bring` what to have at hand."""

    court: Text
    reference: str
    issued: datetime
    matter: Text
    window: Text
    entered: tuple[Text, ...]
    bring: tuple[Text, ...]
    phone: str


@dataclass(frozen=True, slots=True)
class QueueTicket:
    """排队号: the number of who waits for a window. `ahead` and `wait` are what was known when it was taken, None where
    nothing was; `ticket_class` is None for everybody's, `holder` masked or empty. `offline`: the terminal gave it while
    the court did not answer. `qr` is the address of the page on which the number can be followed, or empty. `further`
    are the matters that follow in the same visit, `appointed` the time of day of an appointment, or empty."""

    court: Text
    number: str
    service: Text
    further: tuple[Text, ...]
    appointed: str
    ticket_class: Text | None
    issued: datetime
    ahead: int | None
    wait: Text | None
    windows: tuple[str, ...]
    holder: str
    offline: bool
    qr: str


@dataclass(frozen=True, slots=True)
class UnresolvedSlip:
    """“办不成事”反映回执: what was reported and by when the court answers (S2-11). `number` is empty and `answer_by`
    None while the court's system does not answer; then `reference` is what the report is found by. What the person
    wrote and how they are called back is not on it; whether they did (`wrote`, `call_back`) is."""

    court: Text
    number: str
    reference: str
    received: datetime
    kind: Text
    where: Text
    happened: date
    answer_by: date | None
    wrote: bool
    call_back: bool
    phone: str


@dataclass(frozen=True, slots=True)
class DraftSlip:
    """草稿码: the code under which a draft is kept until the end of the day `until`. Nothing of person or matter."""

    court: Text
    code: str
    until: date
    phone: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing to put right, and on what ground."""

    text: Text
    basis: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionList:
    """一次性补正告知: everything that is missing, told once and completely (登记立案规定 7). Never a refusal."""

    court: Text
    receipt_no: str
    issued: datetime
    filer: str  # masked
    items: tuple[Correction, ...]
    phone: str
    qr: str

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("a correction list without corrections would frighten for nothing")


@dataclass(frozen=True, slots=True)
class TestSlip:
    """What the attendant prints after changing the roll: edges, density, every script, a code."""

    terminal: str
    printed: datetime


@dataclass(frozen=True, slots=True)
class CopyMark:
    """副本 / 사본 / COPY, on top and at the foot of a reprint (a second original would be a second receipt).

    `printed` is None on a copy that is drawn in advance and whose time of printing cannot be known.
    """

    printed: datetime | None = None


Slip = FilingReceipt | WindowTicket | QueueTicket | UnresolvedSlip | DraftSlip | CorrectionList | TestSlip
