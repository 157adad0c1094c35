"""Mediation policies and their clocks (S0-3, S3-9, requirements 0.1)."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.law.mediation import MediationClock, MediationError, MediationRefusal, Stage, policies, workday_limit


def clock(policy: str, stage: Stage, day: date) -> MediationClock:
    return MediationClock(policies()[policy], stage, day)


@pytest.mark.parametrize(
    ("policy", "stage", "accepted", "last"),
    [
        ("nanguan-fast", Stage.BEFORE_FILING, date(2026, 3, 2), date(2026, 3, 9)),
        ("nanguan-fast", Stage.BEFORE_FILING, date(2026, 2, 9), date(2026, 2, 24)),
        ("xiangfu-3in", Stage.BEFORE_FILING, date(2026, 3, 2), date(2026, 4, 1)),
        ("tiaojie-2016", Stage.SUMMARY, date(2026, 3, 3), date(2026, 3, 10)),
        ("online-2022", Stage.ORDINARY, date(2026, 3, 3), date(2026, 3, 18)),
        ("spc-2025", Stage.ORDINARY, date(2026, 2, 1), date(2026, 2, 24)),
        ("spc-2025", Stage.SUMMARY, date(2026, 3, 3), date(2026, 3, 10)),
    ],
)
def test_due_days_exclude_the_first_and_roll_over_holidays(policy: str, stage: Stage, accepted: date, last: date):
    """S0-3: first day excluded, holiday at the end moved; S3-9: counted from acceptance."""
    assert clock(policy, stage, accepted).due().last_day == last


def test_since_2025_there_is_no_mediation_before_filing():
    assert not policies()["spc-2025"].before_filing
    with pytest.raises(MediationError) as refused:
        clock("spc-2025", Stage.BEFORE_FILING, date(2026, 3, 2)).due()
    assert refused.value.refusal is MediationRefusal.NOT_BEFORE_FILING


def test_a_pre_filing_policy_has_no_stage_after_filing():
    with pytest.raises(MediationError) as refused:
        clock("nanguan-fast", Stage.ORDINARY, date(2026, 3, 2)).due()
    assert refused.value.refusal is MediationRefusal.NOT_AFTER_FILING


def test_one_consent_does_not_extend():
    """S3-9: extension needs both consents; one is refused."""
    running = clock("xiangfu-3in", Stage.BEFORE_FILING, date(2026, 3, 2))
    with pytest.raises(MediationError) as refused:
        running.extend(10, consents=1)
    assert refused.value.refusal is MediationRefusal.BOTH_MUST_AGREE
    assert running.extend(10, consents=2).due().nominal == date(2026, 4, 11)


def test_the_2025_opinion_extends_by_thirty_days_at_most():
    running = clock("spc-2025", Stage.ORDINARY, date(2026, 3, 2)).extend(20, consents=2)
    assert running.extend(10, consents=2).extended_days == 30
    with pytest.raises(MediationError) as refused:
        running.extend(11, consents=2)
    assert refused.value.refusal is MediationRefusal.TOO_LONG
    assert "30" in refused.value.text.zh


@pytest.mark.parametrize(("policy", "days"), [("nanguan-fast", 3), ("xiangfu-3in", 0), ("xiangfu-3in", -4)])
def test_other_extensions_are_refused(policy: str, days: int):
    with pytest.raises(MediationError):
        clock(policy, Stage.BEFORE_FILING, date(2026, 3, 2)).extend(days, consents=2)


def test_online_steps_count_working_days():
    """在线调解规则 10, 12, 15: two and three working days."""
    online = policies()["online-2022"]
    assert online.choose_workdays == 2
    assert workday_limit(date(2026, 2, 13), online.choose_workdays) == (date(2026, 2, 24), True)


def test_every_policy_says_what_follows_a_failure():
    for policy in policies().values():
        assert all((policy.on_failure.zh, policy.on_failure.ko, policy.on_failure.en, policy.source))
    assert policies()["spc-2025"].fee_notice_after_failure
