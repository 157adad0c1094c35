"""Several claims, changed claims, when fees are paid, what comes back, and relief."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.law.fee_claims import Settlement, after_failed_payment_order, change_claim, combine, to_ordinary_procedure
from kiosk.law.fee_payment import PrepayTime, RefundEvent, prepayment, refund
from kiosk.law.fee_relief import Relief, relief_for, situations
from kiosk.law.fee_tables import FeeKind
from kiosk.law.fees import FeeRequest, Halving, Instance, compute

SUMMARY = frozenset({Halving.SUMMARY})


def test_property_claims_are_added_and_others_beside_them_cost_nothing():
    """法释〔2022〕11号 201, first and second paragraph."""
    request = combine(FeeKind.PROPERTY, [Decimal(30_000), Decimal(20_000)], non_property_claims=2)
    assert compute(request).fee == 1050


def test_several_non_property_claims_are_one():
    """解释 201: 多个非财产性诉讼请求的，按一件交纳."""
    one = combine(FeeKind.OTHER_NON_PROPERTY, [], non_property_claims=1)
    many = combine(FeeKind.OTHER_NON_PROPERTY, [], non_property_claims=5)
    assert compute(one).fee == compute(many).fee == 50


def test_a_kind_with_its_own_tariff_keeps_it():
    assert combine(FeeKind.LABOUR, [Decimal(90_000)]).kind is FeeKind.LABOUR
    assert compute(combine(FeeKind.LABOUR, [Decimal(90_000)])).fee == 10


def test_raising_a_claim_costs_the_difference():
    change = change_claim(FeeRequest(FeeKind.PROPERTY, Decimal(50_000)), Decimal(100_000))
    assert (change.settlement, change.amount) == (Settlement.PAY_MORE, Decimal(1250))


def test_lowering_a_claim_pays_back_only_before_the_inquiry_ends():
    """Articles 21(二) and 35."""
    paid = FeeRequest(FeeKind.PROPERTY, Decimal(100_000))
    early = change_claim(paid, Decimal(50_000))
    late = change_claim(paid, Decimal(50_000), before_inquiry_ends=False)
    assert (early.settlement, early.amount) == (Settlement.PAID_BACK, Decimal(1250))
    assert late.settlement is Settlement.NOT_PAID_BACK


def test_change_to_ordinary_procedure_costs_the_other_half():
    """解释 199."""
    difference = to_ordinary_procedure(FeeRequest(FeeKind.PROPERTY, Decimal(100_000), halvings=SUMMARY))
    assert (difference.before.fee, difference.after.fee, difference.amount) == (1150, 2300, 1150)


@given(st.decimals(min_value=1, max_value=10**9, places=2))
def test_a_failed_payment_order_is_topped_up_to_the_whole_fee(amount: Decimal):
    """解释 195."""
    difference = after_failed_payment_order(amount)
    assert difference.before.fee + difference.amount == compute(FeeRequest(FeeKind.PROPERTY, amount)).fee


@pytest.mark.parametrize(
    ("request_", "options", "expected"),
    [
        (FeeRequest(FeeKind.PROPERTY, Decimal(1000)), {}, PrepayTime.AFTER_NOTICE),
        (FeeRequest(FeeKind.LABOUR), {"remuneration": True}, PrepayTime.NOT_REQUIRED),
        (FeeRequest(FeeKind.PROPERTY, Decimal(1000)), {"open_representative": True}, PrepayTime.AFTER_JUDGMENT),
        (FeeRequest(FeeKind.ENFORCEMENT, Decimal(1000)), {}, PrepayTime.AFTER_ENFORCEMENT),
        (FeeRequest(FeeKind.BANKRUPTCY, Decimal(1000)), {}, PrepayTime.AFTER_LIQUIDATION),
        (FeeRequest(FeeKind.PRESERVATION, Decimal(1000)), {}, PrepayTime.WITH_APPLICATION),
        (FeeRequest(FeeKind.CONFIRMATION), {}, PrepayTime.NONE),
        (FeeRequest(FeeKind.PROPERTY, Decimal(1000), instance=Instance.APPEAL), {}, PrepayTime.WITH_APPEAL),
        (
            FeeRequest(FeeKind.PROPERTY, Decimal(1000), halvings=frozenset({Halving.COUNTERCLAIM})),
            {},
            PrepayTime.COUNTERCLAIM,
        ),
    ],
)
def test_when_a_fee_is_paid(request_: FeeRequest, options: dict[str, bool], expected: PrepayTime):
    """Articles 20 and 22; wages need no prepayment (requirements 0.7)."""
    assert prepayment(compute(request_), **options).time is expected


@pytest.mark.parametrize(
    ("event", "options", "expected"),
    [
        (RefundEvent.REMANDED, {}, "100"),
        (RefundEvent.REFUSED_OR_DISMISSED, {}, "100"),
        (RefundEvent.CRIMINAL_TRANSFER, {}, "100"),
        (RefundEvent.CRIMINAL_TRANSFER, {"civil_case_continues": True}, "0"),
        (RefundEvent.WITHDRAWN, {}, "50"),
        (RefundEvent.WITHDRAWN, {"already_halved": True}, "0"),
        (RefundEvent.SETTLED, {}, "50"),
        (RefundEvent.DIFFERENCE_UNPAID, {"already_halved": True}, "50"),
        (RefundEvent.WON, {}, "100"),
        (RefundEvent.STAYED, {}, "0"),
        (RefundEvent.TERMINATED, {}, "0"),
    ],
)
def test_what_comes_back(event: RefundEvent, options: dict[str, bool], expected: str):
    """Articles 15, 25 to 28; 解释 199, 206, 207."""
    assert refund(event, Decimal(100), **options).amount == Decimal(expected)


def test_exemption_is_for_natural_persons_only():
    """Art. 44: 免交只适用于自然人."""
    assert all(situation.relief is not Relief.EXEMPTION for situation in situations(natural_person=False))
    assert relief_for({"support"}, natural_person=False) is None
    hint = relief_for({"support", "legal-aid"}, natural_person=True)
    assert hint is not None
    assert (hint.relief, [situation.article for situation in hint.situations]) == (Relief.EXEMPTION, ["45(二)"])


def test_relief_names_its_papers():
    """Art. 48: written application, proof, and the household standard for exemption and reduction."""
    deferral = relief_for({"injury"}, natural_person=True)
    exemption = relief_for({"disabled"}, natural_person=True)
    assert deferral is not None
    assert exemption is not None
    assert [paper.id for paper in deferral.papers] == ["application", "proof-of-hardship"]
    assert "household-standard" in [paper.id for paper in exemption.papers]


def test_no_situation_no_relief():
    assert relief_for(set(), natural_person=True) is None
