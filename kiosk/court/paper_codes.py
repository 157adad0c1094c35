"""What a code on a paper is: of a receipt, an appointment, a rating, a number slip, a draft, a fee notice, or of none.

Where each is printed: a receipt number on the slip, on the A4 receipt and on the screen behind it
(kiosk/court/receipt_numbers.py); the address of a number's page on its slip (`/t/<ticket>`, kiosk/court/queueing.py);
the address of a rating's page, or its bare code (`/r/<code>`, kiosk/court/invitations.py); six digits for an
appointment; a kept draft's code, bare from a terminal, in an address from another channel (`/d/<code>` or, so that it
reaches no server, `/d#<code>`; kiosk/court/draft_codes.py). Fee notices (诉讼费用交纳通知书) come from the court's own
fee system: how their codes begin is configured, and an address that speaks of paying is taken for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from kiosk.court.draft_codes import normalise_draft_code
from kiosk.court.invitations import normalise_code
from kiosk.court.queueing import FOLLOW_PATH
from kiosk.court.receipt_numbers import ReceiptNumberError, normalise

APPOINTMENT_DIGITS = 6
_APPOINTMENT = re.compile(rf"[0-9]{{{APPOINTMENT_DIGITS}}}")
_FOLLOW = FOLLOW_PATH.split("/")[1]
_RATING = "r"
_DRAFT = "d"
_PAYING = frozenset({"fee", "fees", "pay", "payment", "jiaofei", "jf", "ssf"})
"""Parts of an address at which something is paid (缴费, 诉讼费)."""


class PaperUse(StrEnum):
    """What a code is good for; each has its own sentence on the screen."""

    RECEIPT = "receipt"  # 收据编号
    APPOINTMENT = "appointment"  # 预约码
    RATING = "rating"  # 评价码
    TICKET = "ticket"  # 排队号
    DRAFT = "draft"  # 草稿码
    FEE_NOTICE = "fee_notice"  # 诉讼费用交纳通知书
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PaperText:
    """What a code is, and what a person would type instead of it; empty where there is nothing to type."""

    use: PaperUse
    value: str = ""


def is_appointment_code(text: str) -> bool:
    """Whether `text` is built as the code of an appointment (预约码): six digits."""
    return _APPOINTMENT.fullmatch(text) is not None


def read_paper(text: str, fee_notices: Sequence[str] = ()) -> PaperText:
    """What the code `text` is; `fee_notices` are the beginnings of the codes on this court's fee notices."""
    plain = unicodedata.normalize("NFKC", text).strip()
    address = _address(plain)
    own = _own_number(plain) if address is None else _own_address(address)
    if own is not None:
        return own
    paid = address is not None and _speaks_of_paying(address)
    begins = any(plain.startswith(beginning) for beginning in fee_notices if beginning)
    return PaperText(PaperUse.FEE_NOTICE if paid or begins else PaperUse.UNKNOWN)


def _own_number(plain: str) -> PaperText | None:
    if is_appointment_code(plain):
        return PaperText(PaperUse.APPOINTMENT, plain)
    if code := normalise_code(plain):
        return PaperText(PaperUse.RATING, code)
    if draft := normalise_draft_code(plain):
        return PaperText(PaperUse.DRAFT, draft)
    try:
        return PaperText(PaperUse.RECEIPT, normalise(plain))
    except ReceiptNumberError:
        return None


def _address(plain: str) -> SplitResult | None:
    try:
        address = urlsplit(plain)
    except ValueError:  # a bracket left open
        return None
    return address if address.scheme in {"http", "https"} else None


def _own_address(address: SplitResult) -> PaperText | None:
    match [part for part in address.path.split("/") if part][-2:]:
        case [page, ticket] if page == _FOLLOW and _is_uuid(ticket):
            return PaperText(PaperUse.TICKET)
        case [page, given] if page == _RATING and (code := normalise_code(given)):
            return PaperText(PaperUse.RATING, code)
        case [page, given] if page == _DRAFT and (code := normalise_draft_code(given)):
            return PaperText(PaperUse.DRAFT, code)
        case [*_, page] if page == _DRAFT and (code := normalise_draft_code(address.fragment)):
            return PaperText(PaperUse.DRAFT, code)
        case _:
            return None


def _speaks_of_paying(address: SplitResult) -> bool:
    return not _PAYING.isdisjoint(word.lower() for word in (*address.path.split("/"), *address.netloc.split(".")))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
