"""Several claims in one case, and claims that change: what the fee is taken on (法释〔2022〕11号 195, 199, 201)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from kiosk.law.fee_tables import FeeKind, FeeSettings
from kiosk.law.fees import FeeRequest, FeeResult, Halving, compute
from kiosk.law.money import checked

_OWN_TARIFF = frozenset(FeeKind) - {FeeKind.PROPERTY, FeeKind.OTHER_NON_PROPERTY}


def combine(kind: FeeKind, amounts: Sequence[Decimal], *, non_property_claims: int = 0) -> FeeRequest:
    """The one fee question for all claims of a case.

    `kind` is what the cause pays by itself (kiosk.law.fee_tables.kind_for). Property claims are added up; beside them
    non-property claims cost nothing; several non-property claims alone are one (解释 201). Kinds with a tariff of
    their own (divorce, personality, labour, intellectual property …) keep it and take the sum as their amount.
    Raises AmountError if one of the amounts is none.
    """
    total = sum((checked(amount) for amount in amounts), Decimal(0))
    if kind in _OWN_TARIFF:
        return FeeRequest(kind, total if amounts else None)
    if amounts or non_property_claims == 0:
        return FeeRequest(FeeKind.PROPERTY, total)
    return FeeRequest(FeeKind.OTHER_NON_PROPERTY)


class Settlement(StrEnum):
    """What a difference between two fees means for the person."""

    NOTHING = "nothing"
    PAY_MORE = "pay-more"
    PAID_BACK = "paid-back"
    NOT_PAID_BACK = "not-paid-back"


@dataclass(frozen=True, slots=True)
class Difference:
    """The fee before and after a change, and what happens with the difference."""

    before: FeeResult
    after: FeeResult
    amount: Decimal
    settlement: Settlement
    article: str


def change_claim(
    paid: FeeRequest, new_amount: Decimal, *, before_inquiry_ends: bool = True, settings: FeeSettings | None = None
) -> Difference:
    """The claim is raised (top up, art. 21(1)) or lowered (paid back only before 法庭调查终结, arts 21(2), 35)."""
    before = compute(paid, settings)
    after = compute(replace(paid, amount=new_amount), settings)
    difference = after.fee - before.fee
    if difference > 0:
        return Difference(before, after, difference, Settlement.PAY_MORE, "21(一)")
    if difference == 0:
        return Difference(before, after, difference, Settlement.NOTHING, "21")
    if before_inquiry_ends:
        return Difference(before, after, -difference, Settlement.PAID_BACK, "21(二)")
    return Difference(before, after, -difference, Settlement.NOT_PAID_BACK, "35")


def to_ordinary_procedure(paid: FeeRequest, settings: FeeSettings | None = None) -> Difference:
    """Summary procedure becomes ordinary: the saved half is paid within 7 days of the notice (解释 199)."""
    halvings = paid.halvings - {Halving.SUMMARY, Halving.SMALL_CLAIM}
    before, after = compute(paid, settings), compute(replace(paid, halvings=halvings), settings)
    difference = after.fee - before.fee
    return Difference(
        before, after, difference, Settlement.PAY_MORE if difference else Settlement.NOTHING, "法释〔2022〕11号199"
    )


def after_failed_payment_order(amount: Decimal, settings: FeeSettings | None = None) -> Difference:
    """A payment order that failed turns into a lawsuit: top up to the property fee (解释 195)."""
    before = compute(FeeRequest(FeeKind.PAYMENT_ORDER, amount), settings)
    after = compute(FeeRequest(FeeKind.PROPERTY, amount), settings)
    return Difference(before, after, after.fee - before.fee, Settlement.PAY_MORE, "法释〔2022〕11号195")
