"""Mediation policies (调解规则) as data and their clocks (S0-3, S3-9). Which one applies is the court's choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import assert_never

import msgspec

from kiosk.i18n import Text, catalogue
from kiosk.law.deadlines import Due, Unit, end_of_period
from kiosk.law.editions import read_toml
from kiosk.law.workdays import ChinaCalendar, WorkCalendar, add_working_days


class Extension(StrEnum):
    """Whether the time may be extended; always with the consent of both parties."""

    NONE = "none"
    OPEN = "open"
    LIMITED = "limited"


class Stage(StrEnum):
    """When the mediation takes place."""

    BEFORE_FILING = "before_filing"  # 诉前
    ORDINARY = "ordinary"  # 立案后, 普通程序
    SUMMARY = "summary"  # 立案后, 简易程序


class MediationRefusal(StrEnum):
    """Why the policy does not allow what was asked."""

    NOT_BEFORE_FILING = "not_before_filing"
    NOT_AFTER_FILING = "not_after_filing"
    BOTH_MUST_AGREE = "both_must_agree"
    NO_EXTENSION = "no_extension"
    TOO_LONG = "too_long"


class MediationError(ValueError):
    """The policy does not allow it; `refusal` says what, `text` says it to a person."""

    def __init__(self, refusal: MediationRefusal, days: int = 0) -> None:
        self.refusal = refusal
        wording = catalogue()[f"law.mediation.{refusal.value}"]
        self.text = Text(wording.zh.format(days=days), wording.ko.format(days=days), wording.en.format(days=days))
        super().__init__(self.text.en)


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One policy. A number of days that is None means that stage does not exist under it."""

    id: str
    source: str
    name: Text
    clock: Text
    on_failure: Text
    extension: Extension
    extension_days: int | None = None
    pre_filing_days: int | None = None
    ordinary_days: int | None = None
    summary_days: int | None = None
    choose_workdays: int | None = None
    designate_workdays: int | None = None
    accept_workdays: int | None = None
    ask_other_party_workdays: int | None = None
    fee_notice_after_failure: bool = False
    case_type: str | None = None
    scope: Text | None = None
    effective_from: date | None = None

    @property
    def before_filing(self) -> bool:
        """Whether mediation before filing is offered at all (S0-13)."""
        return self.pre_filing_days is not None

    def days(self, stage: Stage) -> int:
        """Days the mediation may take. Raises MediationError if the policy has no such stage."""
        match stage:
            case Stage.BEFORE_FILING:
                found, refusal = self.pre_filing_days, MediationRefusal.NOT_BEFORE_FILING
            case Stage.ORDINARY:
                found, refusal = self.ordinary_days, MediationRefusal.NOT_AFTER_FILING
            case Stage.SUMMARY:
                found, refusal = self.summary_days, MediationRefusal.NOT_AFTER_FILING
            case _:
                assert_never(stage)
        if found is None:
            raise MediationError(refusal)
        return found


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    policies: tuple[Policy, ...]


@cache
def policies() -> dict[str, Policy]:
    """Every policy by id."""
    return {policy.id: policy for policy in read_toml("mediation.toml", _Table).policies}


@dataclass(frozen=True, slots=True)
class MediationClock:
    """A running mediation: `accepted` is the day the policy's clock starts (not the day of filing)."""

    policy: Policy
    stage: Stage
    accepted: date
    extended_days: int = 0

    def due(self, calendar: WorkCalendar | None = None) -> Due:
        """When the mediation has to be done. Raises MediationError if the policy has no such stage."""
        return end_of_period(
            self.accepted, self.policy.days(self.stage) + self.extended_days, Unit.DAYS, calendar=calendar
        )

    def extend(self, days: int, *, consents: int) -> MediationClock:
        """The clock `days` longer. Raises MediationError without both consents, or beyond what the policy allows."""
        if consents < 2:
            raise MediationError(MediationRefusal.BOTH_MUST_AGREE)
        if self.policy.extension is Extension.NONE:
            raise MediationError(MediationRefusal.NO_EXTENSION)
        total = self.extended_days + days
        limit = self.policy.extension_days
        if days < 1 or (limit is not None and total > limit):
            raise MediationError(MediationRefusal.TOO_LONG, limit or 0)
        return MediationClock(self.policy, self.stage, self.accepted, total)


def workday_limit(start: date, workdays: int, calendar: WorkCalendar | None = None) -> tuple[date, bool]:
    """The last of `workdays` working days after `start` (在线调解规则 10, 12, 15), and whether that is certain."""
    return add_working_days(start, workdays, calendar or ChinaCalendar())
