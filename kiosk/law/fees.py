"""Court fees (诉讼费用) by 《诉讼费用交纳办法》(国务院令第481号), explained step by step.

The terminal shows fees, it never takes money (art. 52). Amounts are yuan as Decimal (art. 55, N11). Rounding happens
once, at the end. A fee is halved at most once, whatever the number of reasons (法释〔2022〕11号 206).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum
from typing import assert_never

from kiosk.i18n import Text, catalogue
from kiosk.law.editions import Edition, latest
from kiosk.law.fee_tables import (
    AmountUse,
    Bound,
    FeeKind,
    FeeSettings,
    Nature,
    Rounding,
    Rule,
    Scale,
    default_settings,
    tariff,
)
from kiosk.law.money import checked, shown


class Halving(StrEnum):
    """Reasons to halve an acceptance fee."""

    SUMMARY = "summary"  # 简易程序, art. 16
    SMALL_CLAIM = "small-claim"  # 小额诉讼 (a form of summary procedure), art. 16
    SETTLEMENT = "settlement"  # 调解结案, art. 15
    WITHDRAWAL = "withdrawal"  # 撤诉, art. 15
    COUNTERCLAIM = "counterclaim"  # 反诉合并审理, art. 18
    INDEPENDENT_THIRD_PARTY = "independent-third-party"  # 有独立请求权的第三人合并审理, art. 18


_ARTICLE_OF = {
    Halving.SUMMARY: "16",
    Halving.SMALL_CLAIM: "16",
    Halving.SETTLEMENT: "15",
    Halving.WITHDRAWAL: "15",
    Halving.COUNTERCLAIM: "18",
    Halving.INDEPENDENT_THIRD_PARTY: "18",
}
_FIRST_INSTANCE_ONLY = frozenset({Halving.SUMMARY, Halving.SMALL_CLAIM})


class Instance(StrEnum):
    """The stage a fee is charged for."""

    FIRST = "first"
    APPEAL = "appeal"  # 上诉, on the amount the appeal contests (art. 17)
    RETRIAL = "retrial"  # 再审, only in the two cases of art. 9, on the amount contested (art. 19)


class FeeProblem(StrEnum):
    """Why no fee can be worked out."""

    AMOUNT_REQUIRED = "amount_required"
    BASE_OUT_OF_RANGE = "base_out_of_range"


class FeeError(ValueError):
    """The question cannot be answered; `problem` says why, `text` says it to a person."""

    def __init__(self, problem: FeeProblem, **values: str) -> None:
        self.problem = problem
        wording = catalogue()[f"law.fee.{problem.value}"]
        self.text = Text(wording.zh.format(**values), wording.ko.format(**values), wording.en.format(**values))
        super().__init__(self.text.en)


@dataclass(frozen=True, slots=True)
class FeeRequest:
    """A question for a fee.

    `amount`: what is claimed, contested, preserved or enforced, or the estate, in yuan; None or zero is "no amount".
    `base`: the amount fixed for a ranged fee; without it the province's amount, else the default end of the range.
    `province`: first character of the court code (吉). `art_9`: a retrial for new evidence or without an appeal.
    """

    kind: FeeKind
    amount: Decimal | None = None
    base: Decimal | None = None
    halvings: frozenset[Halving] = frozenset()
    instance: Instance = Instance.FIRST
    art_9: bool = False
    province: str = ""


@dataclass(frozen=True, slots=True)
class FeeStep:
    """One step of the explanation: the words, the article it rests on, what it adds or leaves (None: nothing)."""

    text: Text
    article: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class FeeResult:
    """A fee and how it came about.

    `fee` is rounded; `exact` is before rounding; `full` is before halving, rounded. `lowest` and `highest` differ
    from `fee` only where the base was not known and the statutory range was used.
    """

    request: FeeRequest
    nature: Nature
    fee: Decimal
    exact: Decimal
    full: Decimal
    lowest: Decimal
    highest: Decimal
    base: Decimal | None
    halved_for: Halving | None
    steps: tuple[FeeStep, ...]
    edition: Edition

    @property
    def estimated(self) -> bool:
        """Whether the base is an assumption, so that the court's figure may differ within lowest..highest."""
        return self.lowest != self.highest

    @property
    def articles(self) -> tuple[str, ...]:
        """Every article used, in order, once."""
        return tuple(dict.fromkeys(step.article for step in self.steps if step.article))


def rounded(amount: Decimal, rounding: Rounding) -> Decimal:
    """`amount` rounded by the court's practice, with two decimals."""
    match rounding:
        case Rounding.FEN_HALF_UP:
            place, mode = Decimal("0.01"), ROUND_HALF_UP
        case Rounding.FEN_DOWN:
            place, mode = Decimal("0.01"), ROUND_DOWN
        case Rounding.JIAO_HALF_UP:
            place, mode = Decimal("0.1"), ROUND_HALF_UP
        case Rounding.YUAN_HALF_UP:
            place, mode = Decimal(1), ROUND_HALF_UP
        case Rounding.YUAN_DOWN:
            place, mode = Decimal(1), ROUND_DOWN
        case Rounding.YUAN_UP:
            place, mode = Decimal(1), ROUND_UP
        case _:
            assert_never(rounding)
    return amount.quantize(place, rounding=mode).quantize(Decimal("0.01"))


def _step(key: str, article: str, amount: Decimal | None, **values: str) -> FeeStep:
    wording = catalogue()[f"law.fee.step.{key}"]
    text = Text(wording.zh.format(**values), wording.ko.format(**values), wording.en.format(**values))
    return FeeStep(text, article, amount)


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%"


def _scale_steps(scale: Scale, amount: Decimal, article: str) -> list[FeeStep]:
    steps = []
    if scale.flat:
        steps.append(_step("flat", article, scale.flat, limit=shown(scale.steps[0].above), fee=shown(scale.flat)))
    for part, end, inside in scale.parts(amount):
        values = {"start": shown(part.above), "part": shown(inside), "rate": _percent(part.rate)}
        fee = inside * part.rate
        key = "part_open" if end is None else "part"
        steps.append(_step(key, article, fee, end=shown(end or Decimal(0)), fee=f"{fee.normalize():,f}", **values))
    return steps


def _base_of(request: FeeRequest, rule: Rule, settings: FeeSettings) -> tuple[Decimal | None, bool]:
    """The base used and whether it is known (asked for or entered for the province) rather than assumed."""
    if rule.base_range is None:
        return rule.fixed, True
    low, high = rule.base_range
    if request.base is not None:
        base = checked(request.base)
        if not rule.allows_base(base):
            raise FeeError(FeeProblem.BASE_OUT_OF_RANGE, base=shown(base), low=shown(low), high=shown(high))
        return base, True
    entered = settings.base_for(request.kind, request.province)
    if entered is not None:
        return entered, True
    return (low if settings.default_bound is Bound.LOWER else high), False


def _halving_for(request: FeeRequest, rule: Rule) -> Halving | None:
    """The one reason the fee is halved for, or None. Later instances are never tried in summary procedure."""
    if rule.nature is not Nature.ACCEPTANCE or not rule.halvable:
        return None
    for reason in Halving:
        if reason in request.halvings and not (
            request.instance is not Instance.FIRST and reason in _FIRST_INSTANCE_ONLY
        ):
            return reason
    return None


def _retrial_free(request: FeeRequest, edition: Edition) -> FeeResult:
    zero = Decimal("0.00")
    step = _step("retrial_free", "9", zero)
    return FeeResult(request, Nature.NONE, zero, zero, zero, zero, zero, None, None, (step,), edition)


def compute(request: FeeRequest, settings: FeeSettings | None = None, edition: Edition | None = None) -> FeeResult:
    """The fee for `request`. Raises AmountError for an amount that is none, FeeError if something is missing."""
    settings, edition = settings or default_settings(), edition or latest("fees")
    rates = tariff(edition)
    rule = rates.rules[request.kind]
    amount = None if request.amount is None else checked(request.amount)
    if amount is None and rule.amount is AmountUse.REQUIRED:
        raise FeeError(FeeProblem.AMOUNT_REQUIRED)
    if request.instance is Instance.RETRIAL and not request.art_9:
        return _retrial_free(request, edition)

    scaled = rule.scale is not None and amount is not None and (amount > 0 or rule.amount is AmountUse.REQUIRED)
    based = not scaled or rule.base_with_amount
    base, known = _base_of(request, rule, settings) if based else (None, True)
    steps: list[FeeStep] = []
    if based and base is not None:
        if known:
            steps.append(_step("free" if rule.nature is Nature.NONE else "base", rule.article, base, fee=shown(base)))
        else:
            low, high = rule.base_range or (base, base)
            values = {"low": shown(low), "high": shown(high), "fee": shown(base)}
            steps.append(_step("base_assumed", rule.article, base, **values))
    if scaled and rule.scale is not None and amount is not None:
        parts = _scale_steps(rates.scales[rule.scale], amount, rule.article)
        steps += parts or [_step("within_free_part", rule.article, Decimal(0))]
    total = sum((step.amount for step in steps if step.amount is not None), Decimal(0))

    if scaled and rule.divisor != 1:
        total /= rule.divisor
        steps.append(_step("divided", rule.article, total, divisor=str(rule.divisor), fee=shown(total)))
    if rule.cap is not None and total > rule.cap:
        total = rule.cap
        steps.append(_step("capped", rule.article, total, fee=shown(total)))

    slack = Decimal(0), Decimal(0)
    if not known and base is not None and rule.base_range is not None:
        slack = rule.base_range[0] - base, rule.base_range[1] - base
    halving = _halving_for(request, rule)
    share = Decimal(1) if halving is None else Decimal("0.5")
    if halving is not None:
        steps.append(_step(f"halved.{halving.value}", _ARTICLE_OF[halving], total * share, fee=shown(total * share)))
        if len(request.halvings) > 1:
            steps.append(_step("halved_once", "法释〔2022〕11号206", None))
    elif request.halvings:
        steps.append(_step("not_halved", "15, 16, 18", None))

    mode = settings.rounding
    return FeeResult(
        request=request,
        nature=rule.nature,
        fee=rounded(total * share, mode),
        exact=total * share,
        full=rounded(total, mode),
        lowest=rounded((total + slack[0]) * share, mode),
        highest=rounded((total + slack[1]) * share, mode),
        base=base if rule.base_range is not None else None,
        halved_for=halving,
        steps=tuple(steps),
        edition=edition,
    )
