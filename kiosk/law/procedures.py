"""Procedure hints (S0-17): payment order, small claim, summary procedure, confirmation. Advice, never a gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

import msgspec

from kiosk.i18n import Text, catalogue
from kiosk.law.editions import read_toml


class Procedure(StrEnum):
    """Ways a matter may go."""

    PAYMENT_ORDER = "payment_order"  # 督促程序
    CONFIRMATION = "confirmation"  # 司法确认
    SMALL_CLAIM = "small_claim"  # 小额诉讼
    SMALL_CLAIM_BY_AGREEMENT = "small_claim_by_agreement"  # 当事人约定适用小额诉讼
    SUMMARY = "summary"  # 简易程序
    ORDINARY = "ordinary"  # 普通程序


_ARTICLES = {
    Procedure.PAYMENT_ORDER: "民诉法225, 解释427",
    Procedure.CONFIRMATION: "民诉法205",
    Procedure.SMALL_CLAIM: "民诉法165",
    Procedure.SMALL_CLAIM_BY_AGREEMENT: "民诉法165",
    Procedure.SUMMARY: "民诉法160",
    Procedure.ORDINARY: "民诉法122",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """What the person answered. None means not asked; a hint is only given on what is known.

    `amount` in yuan, None where no sum is claimed. The exclusions are those of 民诉法 166 and 解释 257, 427.
    """

    amount: Decimal | None
    money_only: bool | None = None  # 金钱给付
    simple: bool | None = None  # 事实清楚、权利义务关系明确、争议不大
    due_and_certain: bool | None = None  # 已到期且数额确定
    owes_in_return: bool | None = None  # 债权人有对待给付义务
    other_debts_between_parties: bool | None = None
    opponent_reachable: bool | None = None  # 能够送达, 未下落不明
    opponent_abroad: bool | None = None
    personal_status_or_title: bool | None = None  # 人身关系、财产确权
    foreign_element: bool | None = None  # 涉外
    needs_appraisal: bool | None = None  # 需要评估、鉴定
    counterclaim: bool | None = None  # 一方当事人提出反诉
    mediated_on: date | None = None  # 调解协议生效之日
    many_parties: bool | None = None  # 当事人一方人数众多


@dataclass(frozen=True, slots=True)
class ProcedureHint:
    """One procedure that fits what is known, why, and its articles."""

    procedure: Procedure
    text: Text
    article: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    average_wage: dict[str, dict[str, Decimal]]


@cache
def _table() -> _Table:
    return read_toml("small-claims.toml", _Table)


def average_wage(province: str, year: int) -> Decimal | None:
    """Average wage of the year before `year`, or the newest one published before it (解释 272); None if not entered."""
    published = {int(key): wage for key, wage in _table().average_wage.get(province[:1], {}).items() if int(key) < year}
    return published[max(published)] if published else None


def _small_claim(matter: Matter, wage: Decimal | None) -> Procedure | None:
    excluded = (
        matter.personal_status_or_title,
        matter.foreign_element,
        matter.needs_appraisal,
        matter.opponent_reachable is False,
        matter.counterclaim,
    )
    if wage is None or matter.amount is None or not matter.money_only or not matter.simple or any(excluded):
        return None
    if matter.amount <= wage / 2:
        return Procedure.SMALL_CLAIM
    return Procedure.SMALL_CLAIM_BY_AGREEMENT if matter.amount <= wage * 2 else None


def hints(matter: Matter, *, wage: Decimal | None, today: date) -> tuple[ProcedureHint, ...]:
    """Procedures that fit, cheapest for the person first; ordinary procedure is always there.

    `wage`: average_wage() of the court's province. Confirmation is open for 30 days from the agreement's effect.
    """
    found: list[Procedure] = []
    if matter.mediated_on is not None and 0 <= (today - matter.mediated_on).days <= 30:
        found.append(Procedure.CONFIRMATION)
    if (
        matter.money_only
        and matter.due_and_certain
        and matter.opponent_reachable
        and matter.owes_in_return is False
        and matter.other_debts_between_parties is False
        and not matter.opponent_abroad
    ):
        found.append(Procedure.PAYMENT_ORDER)
    if small := _small_claim(matter, wage):
        found.append(small)
    if matter.simple and matter.opponent_reachable is not False and not matter.many_parties:
        found.append(Procedure.SUMMARY)
    found.append(Procedure.ORDINARY)
    return tuple(
        ProcedureHint(procedure, catalogue()[f"law.procedure.{procedure.value}"], _ARTICLES[procedure])
        for procedure in found
    )
