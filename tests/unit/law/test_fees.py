"""Court fees by 《诉讼费用交纳办法》: the worked examples, the rules between them, and what every scale must keep."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.i18n import Language
from kiosk.law.causes import table
from kiosk.law.fee_tables import AmountUse, Bound, FeeKind, FeeSettings, Nature, Rounding, kind_for, tariff
from kiosk.law.fees import FeeError, FeeProblem, FeeRequest, FeeResult, Halving, Instance, compute
from kiosk.law.money import AmountError

SUMMARY = frozenset({Halving.SUMMARY})


def fee(kind: str, amount: str | None = None, base: str | None = None, *halvings: Halving) -> Decimal:
    return ask(kind, amount, base, *halvings).fee


def ask(kind: str, amount: str | None = None, base: str | None = None, *halvings: Halving) -> FeeResult:
    return compute(
        FeeRequest(
            FeeKind(kind),
            None if amount is None else Decimal(amount),
            None if base is None else Decimal(base),
            frozenset(halvings),
        )
    )


@pytest.mark.parametrize(
    ("kind", "amount", "base", "halvings", "expected"),
    [
        ("property", "1", None, (), "50"),
        ("property", "10000", None, (), "50"),
        ("property", "10000.01", None, (), "50.00"),
        ("property", "50000", None, (), "1050"),
        ("property", "100000", None, (), "2300"),
        ("property", "150000", None, (), "3300"),
        ("property", "200000", None, (), "4300"),
        ("property", "500000", None, (), "8800"),
        ("property", "1000000", None, (), "13800"),
        ("property", "1234567.89", None, (), "15911.11"),
        ("property", "2000000", None, (), "22800"),
        ("property", "5000000", None, (), "46800"),
        ("property", "10000000", None, (), "81800"),
        ("property", "20000000", None, (), "141800"),
        ("property", "30000000", None, (), "191800"),
        ("property", "100000", None, (Halving.SUMMARY,), "1150"),
        ("divorce", "1000000", "300", (), "4300"),
        ("personality", "150000", "500", (), "1250"),
        ("labour", None, None, (), "10"),
        ("labour", None, None, (Halving.SUMMARY,), "5"),
        ("payment-order", "10000", None, (), "16.67"),
        ("payment-order", "200000", None, (), "1433.33"),
        ("preservation", "1000", None, (), "30"),
        ("preservation", "100000", None, (), "1020"),
        ("preservation", "896000", None, (), "5000"),
        ("preservation", "1000000", None, (), "5000"),
        ("enforcement", "500000", None, (), "7400"),
        ("enforcement", "20000000", None, (), "87400"),
        ("bankruptcy", "100000000", None, (), "270900"),
        ("property", "60000", None, (Halving.COUNTERCLAIM,), "650"),
    ],
)
def test_worked_examples(kind: str, amount: str | None, base: str | None, halvings: tuple[Halving, ...], expected: str):
    """The 25 worked examples of the facts, computed from articles 13 and 14 by hand."""
    assert fee(kind, amount, base, *halvings) == Decimal(expected)


@pytest.mark.parametrize(
    ("kind", "amount", "base", "expected"),
    [
        ("preservation", None, None, "30"),
        ("preservation", "895999", None, "5000.00"),
        ("preservation", "895000", None, "4995"),
        ("bankruptcy", "111640000", None, "300000"),
        ("bankruptcy", "111639999", None, "300000.00"),
        ("bankruptcy", "900000000", None, "300000"),
        ("divorce", "200000", "50", "50"),
        ("divorce", None, "120", "120"),
        ("personality", "50000", "100", "100"),
        ("personality", "100000", "100", "600"),
        ("ip", None, "800", "800"),
        ("ip", "100000", None, "2300"),
        ("other-non-property", None, "80", "80"),
        ("administrative", None, "100", "100"),
        ("jurisdiction-objection", None, "70", "70"),
        ("enforcement", "10000", None, "50"),
        ("enforcement", "5000000", None, "52400"),
        ("enforcement", "10000000", None, "77400"),
        ("enforcement", None, "500", "500"),
        ("public-summons", None, None, "100"),
        ("arbitration", None, None, "400"),
        ("confirmation", None, None, "0"),
        ("special", None, None, "0"),
        ("dismissal", None, None, "0"),
        ("administrative-compensation", None, None, "0"),
        ("maritime-limitation-fund", None, "10000", "10000"),
        ("maritime-injunction", None, "1000", "1000"),
        ("maritime-lien-summons", None, "5000", "5000"),
        ("maritime-claim-registration", None, None, "1000"),
        ("general-average", None, None, "1000"),
    ],
)
def test_every_item_of_articles_8_13_and_14(kind: str, amount: str | None, base: str | None, expected: str):
    assert fee(kind, amount, base) == Decimal(expected)


def test_every_kind_has_a_rule():
    assert set(tariff().rules) == set(FeeKind)


@pytest.mark.parametrize("reasons", [(Halving.SUMMARY, Halving.WITHDRAWAL), tuple(Halving)])
def test_halved_only_once(reasons: tuple[Halving, ...]):
    """法释〔2022〕11号 206: several reasons, one halving, and the explanation says so."""
    result = ask("property", "100000", None, *reasons)
    assert result.fee == Decimal(1150)
    assert "法释〔2022〕11号206" in result.articles


@pytest.mark.parametrize("kind", ["preservation", "enforcement", "payment-order", "bankruptcy", "arbitration"])
def test_application_fees_are_never_halved(kind: str):
    """Articles 15, 16 and 18 speak of 案件受理费 only."""
    assert fee(kind, "50000", None, Halving.SUMMARY) == fee(kind, "50000")


def test_an_appeal_is_not_halved_for_summary_procedure_but_for_withdrawal():
    """Second instance knows no summary procedure; art. 17 takes the contested amount."""
    request = FeeRequest(FeeKind.PROPERTY, Decimal(100_000), halvings=SUMMARY, instance=Instance.APPEAL)
    assert compute(request).fee == 2300
    withdrawn = FeeRequest(
        FeeKind.PROPERTY, Decimal(100_000), halvings=frozenset({Halving.WITHDRAWAL}), instance=Instance.APPEAL
    )
    assert compute(withdrawn).fee == 1150


def test_retrial_costs_only_in_the_two_cases_of_article_9():
    free = compute(FeeRequest(FeeKind.PROPERTY, Decimal(100_000), instance=Instance.RETRIAL))
    paid = compute(FeeRequest(FeeKind.PROPERTY, Decimal(100_000), instance=Instance.RETRIAL, art_9=True))
    assert (free.fee, paid.fee) == (0, 2300)


def test_an_unknown_provincial_amount_is_estimated_and_says_its_range():
    result = ask("divorce", "1000000")
    assert result.estimated
    assert (result.fee, result.lowest, result.highest) == (Decimal(4050), Decimal(4050), Decimal(4300))
    upper = compute(result.request, FeeSettings(default_bound=Bound.UPPER))
    assert (upper.fee, upper.lowest, upper.highest) == (Decimal(4300), Decimal(4050), Decimal(4300))


def test_a_province_enters_its_own_amounts():
    settings = FeeSettings(bases={"吉": {FeeKind.DIVORCE: Decimal(200)}})
    result = compute(FeeRequest(FeeKind.DIVORCE, province="吉0102"), settings)
    assert (result.fee, result.estimated) == (200, False)
    assert compute(FeeRequest(FeeKind.DIVORCE, province="豫0212"), settings).fee == 50


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        (Rounding.FEN_HALF_UP, "16.67"),
        (Rounding.FEN_DOWN, "16.66"),
        (Rounding.JIAO_HALF_UP, "16.70"),
        (Rounding.YUAN_HALF_UP, "17.00"),
        (Rounding.YUAN_DOWN, "16.00"),
        (Rounding.YUAN_UP, "17.00"),
    ],
)
def test_rounding_is_the_courts_choice(rounding: Rounding, expected: str):
    request = FeeRequest(FeeKind.PAYMENT_ORDER, Decimal(10_000))
    assert str(compute(request, FeeSettings(rounding=rounding)).fee) == expected


@pytest.mark.parametrize("base", ["49.99", "300.01", "0", "10000"])
def test_a_base_outside_the_statutory_range_is_refused(base: str):
    with pytest.raises(FeeError) as refused:
        fee("divorce", None, base)
    assert refused.value.problem is FeeProblem.BASE_OUT_OF_RANGE


def test_administrative_cases_cost_50_or_100_and_nothing_between():
    with pytest.raises(FeeError):
        fee("administrative", None, "75")


def test_a_fee_on_an_amount_needs_one():
    with pytest.raises(FeeError) as refused:
        fee("property")
    assert refused.value.problem is FeeProblem.AMOUNT_REQUIRED


@pytest.mark.parametrize("amount", ["-1", "NaN", "sNaN", "Infinity", "-Infinity", "1e400", "0.001", "1" + "0" * 30])
def test_what_is_no_amount_is_refused(amount: str):
    with pytest.raises(AmountError):
        fee("property", amount)


def test_the_explanation_adds_up_and_speaks_three_languages():
    result = ask("property", "1234567.89")
    assert sum(step.amount for step in result.steps if step.amount is not None) == result.exact
    for step in result.steps:
        assert all(step.text.in_(language) and "{" not in step.text.in_(language) for language in Language)


AMOUNTS = st.decimals(min_value=0, max_value=Decimal("99999999999.99"), places=2)
ACCEPTANCE = st.sampled_from([kind for kind, rule in tariff().rules.items() if rule.nature is Nature.ACCEPTANCE])
WITH_AMOUNT = st.sampled_from([kind for kind, rule in tariff().rules.items() if rule.amount is not AmountUse.NONE])


@given(WITH_AMOUNT, AMOUNTS, AMOUNTS)
def test_more_money_never_costs_less(kind: FeeKind, one: Decimal, other: Decimal):
    """Monotone in the amount; zero is "no amount" where the amount is optional, so compare above it."""
    low, high = sorted((one + Decimal("0.01"), other + Decimal("0.01")))
    assert compute(FeeRequest(kind, low)).exact <= compute(FeeRequest(kind, high)).exact


@given(WITH_AMOUNT, st.sampled_from(sorted({step.above for s in tariff().scales.values() for step in s.steps})))
def test_no_jump_at_a_bracket(kind: FeeKind, edge: Decimal):
    """Crossing a bracket by a fen costs at most a fen."""
    at, above = compute(FeeRequest(kind, edge)), compute(FeeRequest(kind, edge + Decimal("0.01")))
    assert 0 <= above.exact - at.exact <= Decimal("0.01")


@given(AMOUNTS)
def test_the_scale_agrees_with_the_quick_formula(amount: Decimal):
    """速算: fee = amount × rate + constant, in exact fractions."""
    quick = [
        (10_000, "0.025", -200),
        (100_000, "0.02", 300),
        (200_000, "0.015", 1_300),
        (500_000, "0.01", 3_800),
        (1_000_000, "0.009", 4_800),
        (2_000_000, "0.008", 6_800),
        (5_000_000, "0.007", 11_800),
        (10_000_000, "0.006", 21_800),
        (20_000_000, "0.005", 41_800),
    ]
    expected = Fraction(50)
    for above, rate, constant in quick:
        if amount > above:
            expected = Fraction(amount) * Fraction(rate) + constant
    assert Fraction(compute(FeeRequest(FeeKind.PROPERTY, amount)).exact) == expected


@given(ACCEPTANCE, AMOUNTS, st.frozensets(st.sampled_from(list(Halving)), min_size=1))
def test_any_reasons_halve_exactly_once_or_not_at_all(kind: FeeKind, amount: Decimal, reasons: frozenset[Halving]):
    full = compute(FeeRequest(kind, amount))
    halved = compute(FeeRequest(kind, amount, halvings=reasons))
    assert halved.exact == (full.exact / 2 if tariff().rules[kind].halvable else full.exact)
    assert halved.full == full.full


@given(AMOUNTS)
def test_caps_hold(amount: Decimal):
    assert compute(FeeRequest(FeeKind.PRESERVATION, amount)).fee <= 5_000
    assert compute(FeeRequest(FeeKind.BANKRUPTCY, amount)).fee <= 300_000


@pytest.mark.parametrize(
    ("cause", "claimed", "expected"),
    [
        ("离婚纠纷", True, FeeKind.DIVORCE),
        ("名誉权纠纷", True, FeeKind.PERSONALITY),
        ("隐私权纠纷", False, FeeKind.PERSONALITY),
        ("民间借贷纠纷", True, FeeKind.PROPERTY),
        ("探望权纠纷", False, FeeKind.OTHER_NON_PROPERTY),
        ("侵害商标权纠纷", False, FeeKind.IP),
        ("追索劳动报酬纠纷", True, FeeKind.LABOUR),
        ("申请支付令", True, FeeKind.PAYMENT_ORDER),
        ("申请司法确认调解协议", False, FeeKind.CONFIRMATION),
        ("申请撤销仲裁裁决", False, FeeKind.ARBITRATION),
        ("申请仲裁前财产保全", True, FeeKind.PRESERVATION),
        ("申请设立海事赔偿责任限制基金", False, FeeKind.MARITIME_LIMITATION_FUND),
        ("申请破产清算", True, FeeKind.BANKRUPTCY),
        ("申请人身安全保护令", False, FeeKind.SPECIAL),
    ],
)
def test_the_cause_tells_the_kind_of_fee(cause: str, claimed: bool, expected: FeeKind):
    assert kind_for(table().named(cause), amount_claimed=claimed) is expected


def test_every_code_in_the_tariff_is_a_cause():
    assert all(code in table() for code in tariff().causes)
