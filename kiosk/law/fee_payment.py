"""Who pays when, and what is paid back (诉讼费用交纳办法 15, 20, 22, 25 to 28, 53; 法释〔2022〕11号 194, 199, 207)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kiosk.i18n import Text, catalogue
from kiosk.law.fee_tables import FeeKind, Rounding
from kiosk.law.fees import FeeResult, Halving, Instance, rounded
from kiosk.law.money import checked

REFUND_DAYS = 15
"""The court pays back within 15 days of the document taking effect (art. 53)."""


class PrepayTime(StrEnum):
    """When a fee is due."""

    NONE = "none"
    NOT_REQUIRED = "not_required"
    AFTER_JUDGMENT = "after_judgment"
    AFTER_NOTICE = "after_notice"
    COUNTERCLAIM = "counterclaim"
    WITH_APPEAL = "with_appeal"
    WITH_APPLICATION = "with_application"
    AFTER_ENFORCEMENT = "after_enforcement"
    AFTER_LIQUIDATION = "after_liquidation"


_PREPAY_ARTICLE = {
    PrepayTime.NONE: "8",
    PrepayTime.NOT_REQUIRED: "20",
    PrepayTime.AFTER_JUDGMENT: "法释〔2022〕11号194",
    PrepayTime.AFTER_NOTICE: "20, 22",
    PrepayTime.COUNTERCLAIM: "20, 22",
    PrepayTime.WITH_APPEAL: "20, 22",
    PrepayTime.WITH_APPLICATION: "20, 22",
    PrepayTime.AFTER_ENFORCEMENT: "20, 38",
    PrepayTime.AFTER_LIQUIDATION: "20, 42",
}
_APPLICATIONS = frozenset(
    {
        FeeKind.PRESERVATION,
        FeeKind.PAYMENT_ORDER,
        FeeKind.PUBLIC_SUMMONS,
        FeeKind.ARBITRATION,
        FeeKind.MARITIME_LIMITATION_FUND,
        FeeKind.MARITIME_INJUNCTION,
        FeeKind.MARITIME_LIEN_SUMMONS,
        FeeKind.MARITIME_CLAIM_REGISTRATION,
        FeeKind.GENERAL_AVERAGE,
    }
)


@dataclass(frozen=True, slots=True)
class Prepayment:
    """When the fee is paid, in words for the person, with its articles."""

    time: PrepayTime
    text: Text
    article: str


def prepayment(result: FeeResult, *, remuneration: bool = False, open_representative: bool = False) -> Prepayment:
    """When `result` is paid. `remuneration`: wages are claimed (追索劳动报酬); `open_representative`: an action for a
    number of plaintiffs not yet known (民诉法 57)."""
    request = result.request
    if result.highest == 0:
        time = PrepayTime.NONE
    elif request.kind is FeeKind.ENFORCEMENT:
        time = PrepayTime.AFTER_ENFORCEMENT
    elif request.kind is FeeKind.BANKRUPTCY:
        time = PrepayTime.AFTER_LIQUIDATION
    elif request.kind in _APPLICATIONS:
        time = PrepayTime.WITH_APPLICATION
    elif open_representative:
        time = PrepayTime.AFTER_JUDGMENT
    elif remuneration:
        time = PrepayTime.NOT_REQUIRED
    elif Halving.COUNTERCLAIM in request.halvings:
        time = PrepayTime.COUNTERCLAIM
    elif request.instance is not Instance.FIRST:
        time = PrepayTime.WITH_APPEAL
    else:
        time = PrepayTime.AFTER_NOTICE
    return Prepayment(time, catalogue()[f"law.prepay.{time.value}"], _PREPAY_ARTICLE[time])


class RefundEvent(StrEnum):
    """What happened to the case."""

    REMANDED = "remanded"
    REFUSED_OR_DISMISSED = "refused_or_dismissed"
    CRIMINAL_TRANSFER = "criminal_transfer"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"
    DIFFERENCE_UNPAID = "difference_unpaid"
    WON = "won"
    STAYED = "stayed"
    TERMINATED = "terminated"


_SHARE: dict[RefundEvent, tuple[Decimal, str]] = {
    RefundEvent.REMANDED: (Decimal(1), "27(1)"),
    RefundEvent.REFUSED_OR_DISMISSED: (Decimal(1), "27(2)"),
    RefundEvent.CRIMINAL_TRANSFER: (Decimal(1), "25"),
    RefundEvent.WITHDRAWN: (Decimal("0.5"), "15"),
    RefundEvent.SETTLED: (Decimal("0.5"), "15"),
    RefundEvent.DIFFERENCE_UNPAID: (Decimal("0.5"), "法释〔2022〕11号199"),
    RefundEvent.WON: (Decimal(1), "29, 法释〔2022〕11号207"),
    RefundEvent.STAYED: (Decimal(0), "26"),
    RefundEvent.TERMINATED: (Decimal(0), "28"),
}
_ONCE_HALVED = frozenset({RefundEvent.WITHDRAWN, RefundEvent.SETTLED})


@dataclass(frozen=True, slots=True)
class Refund:
    """What is paid back, why, and on which article."""

    amount: Decimal
    text: Text
    article: str


def refund(
    event: RefundEvent,
    paid: Decimal,
    *,
    already_halved: bool = False,
    civil_case_continues: bool = False,
    rounding: Rounding = Rounding.FEN_HALF_UP,
) -> Refund:
    """What goes back of `paid` yuan after `event`.

    A fee that was already halved (summary procedure) is not halved again by withdrawal or settlement (解释 206);
    nothing goes back where a civil case continues after the transfer to the police (art. 25). Raises AmountError.
    """
    share, article = _SHARE[event]
    if event in _ONCE_HALVED and already_halved:
        share, article = Decimal(0), f"{article}, 法释〔2022〕11号206"
    if event is RefundEvent.CRIMINAL_TRANSFER and civil_case_continues:
        share = Decimal(0)
    wording = catalogue()[f"law.refund.{event.value}"]
    return Refund(rounded(checked(paid) * share, rounding), wording, article)
