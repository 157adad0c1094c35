"""The tariff of court fees as data: scales, rules and what provinces may fix (诉讼费用交纳办法 8, 13, 14)."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from functools import cache

import msgspec

from kiosk.law.causes import Cause
from kiosk.law.editions import Edition, latest, read_toml


class FeeKind(StrEnum):
    """What a fee is charged for; the values are the words the command and the data use."""

    PROPERTY = "property"  # 财产案件
    DIVORCE = "divorce"  # 离婚案件
    PERSONALITY = "personality"  # 侵害人格权案件
    OTHER_NON_PROPERTY = "other-non-property"  # 其他非财产案件
    IP = "ip"  # 知识产权民事案件
    LABOUR = "labour"  # 劳动争议案件
    ADMINISTRATIVE = "administrative"  # 行政案件
    JURISDICTION_OBJECTION = "jurisdiction-objection"  # 管辖权异议不成立
    ENFORCEMENT = "enforcement"  # 申请执行, 申请承认和执行
    PRESERVATION = "preservation"  # 申请保全
    PAYMENT_ORDER = "payment-order"  # 申请支付令
    PUBLIC_SUMMONS = "public-summons"  # 申请公示催告
    ARBITRATION = "arbitration"  # 申请撤销仲裁裁决, 认定仲裁协议效力
    BANKRUPTCY = "bankruptcy"  # 破产案件
    MARITIME_LIMITATION_FUND = "maritime-limitation-fund"  # 设立海事赔偿责任限制基金
    MARITIME_INJUNCTION = "maritime-injunction"  # 海事强制令
    MARITIME_LIEN_SUMMONS = "maritime-lien-summons"  # 船舶优先权催告
    MARITIME_CLAIM_REGISTRATION = "maritime-claim-registration"  # 海事债权登记
    GENERAL_AVERAGE = "general-average"  # 共同海损理算
    CONFIRMATION = "confirmation"  # 司法确认
    SPECIAL = "special"  # 特别程序
    DISMISSAL = "dismissal"  # 不予受理, 驳回起诉 and appeals from them
    ADMINISTRATIVE_COMPENSATION = "administrative-compensation"  # 行政赔偿


class Nature(StrEnum):
    """What the fee is in law; only an acceptance fee is ever halved."""

    ACCEPTANCE = "acceptance"  # 案件受理费
    APPLICATION = "application"  # 申请费
    NONE = "none"


class AmountUse(StrEnum):
    """Whether an amount enters the fee."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Bound(StrEnum):
    """Which end of a statutory range an estimate uses where the province's amount is unknown."""

    LOWER = "lower"
    UPPER = "upper"


class Rounding(StrEnum):
    """How the final fee is rounded; the rules are silent, so it follows the court."""

    FEN_HALF_UP = "fen-half-up"
    FEN_DOWN = "fen-down"
    JIAO_HALF_UP = "jiao-half-up"
    YUAN_HALF_UP = "yuan-half-up"
    YUAN_DOWN = "yuan-down"
    YUAN_UP = "yuan-up"


class ScaleStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of the amount above `above` is charged at `rate`, up to where the next step begins."""

    above: Decimal
    rate: Decimal


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cumulative scale (分段累计): `flat`, and a rate on each part above it."""

    flat: Decimal
    steps: tuple[ScaleStep, ...]

    def parts(self, amount: Decimal) -> tuple[tuple[ScaleStep, Decimal | None, Decimal], ...]:
        """The steps `amount` reaches: the step, where it ends (None: open), and how much of the amount is in it."""
        found = []
        for number, step in enumerate(self.steps):
            end = self.steps[number + 1].above if number + 1 < len(self.steps) else None
            if amount > step.above:
                found.append((step, end, (amount if end is None else min(amount, end)) - step.above))
        return tuple(found)


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind of fee is made up; see the data file's head for the meaning of each field."""

    nature: Nature
    article: str
    amount: AmountUse = AmountUse.NONE
    fixed: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    choices: tuple[Decimal, ...] = ()
    scale: str | None = None
    base_with_amount: bool = False
    divisor: int = 1
    cap: Decimal | None = None
    halvable: bool = True

    @property
    def base_range(self) -> tuple[Decimal, Decimal] | None:
        """The lowest and highest base a province or court may set, if the rules leave it open."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        if self.choices:
            return min(self.choices), max(self.choices)
        return None

    def allows_base(self, base: Decimal) -> bool:
        """Whether `base` lies within what the rules leave open."""
        if self.choices:
            return base in self.choices
        return self.low is not None and self.high is not None and self.low <= base <= self.high


class Tariff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One edition of the whole tariff."""

    scales: dict[str, Scale]
    rules: dict[FeeKind, Rule]
    causes: dict[str, FeeKind]


class FeeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the national rules leave open: amounts by province character, default end of a range, rounding."""

    default_bound: Bound = Bound.LOWER
    rounding: Rounding = Rounding.FEN_HALF_UP
    bases: dict[str, dict[FeeKind, Decimal]] = {}

    def base_for(self, kind: FeeKind, province: str) -> Decimal | None:
        """The amount `province` (the first character of a court code, such as 吉) has fixed for `kind`, if entered."""
        return self.bases.get(province[:1], {}).get(kind)


@cache
def tariff(edition: Edition | None = None) -> Tariff:
    """The tariff of `edition`, or of the newest."""
    return read_toml((edition or latest("fees")).file, Tariff)


@cache
def default_settings() -> FeeSettings:
    """The settings shipped with the program."""
    return read_toml("fee-settings.toml", FeeSettings)


def kind_for(cause: Cause, *, amount_claimed: bool) -> FeeKind:
    """The kind of fee a case under `cause` pays; depends on whether money or a thing of value is claimed."""
    by_code = tariff().causes
    for code in reversed(cause.codes):
        if code in by_code:
            return by_code[code]
    return FeeKind.PROPERTY if amount_claimed else FeeKind.OTHER_NON_PROPERTY
