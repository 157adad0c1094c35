"""Advice: which court, which procedure (S0-17). Nothing here refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kiosk.law.causes import table
from kiosk.law.jurisdiction import Circumstance, grounds, suggest
from kiosk.law.procedures import Matter, Procedure, average_wage, hints

TODAY = date(2026, 3, 31)
WAGE = Decimal(80_000)


def advised(cause: str, *known: Circumstance) -> list[str]:
    return [ground.id for ground in suggest(table().named(cause), known)]


@pytest.mark.parametrize(
    ("cause", "known", "first"),
    [
        ("民间借贷纠纷", [Circumstance.OPPONENT_PERSON], "contract-performance"),
        ("房屋租赁合同纠纷", [Circumstance.OPPONENT_PERSON], "real-estate"),
        ("建设工程施工合同纠纷", [Circumstance.OPPONENT_ORGANISATION], "real-estate"),
        ("法定继承纠纷", [Circumstance.OPPONENT_PERSON], "inheritance"),
        ("机动车交通事故责任纠纷", [], "traffic"),
        ("共有物分割纠纷", [Circumstance.OVER_REAL_ESTATE], "real-estate-title"),
        ("离婚纠纷", [Circumstance.OPPONENT_PERSON, Circumstance.SPOUSE_AWAY_OVER_A_YEAR], "spouse-away"),
        ("离婚纠纷", [Circumstance.OPPONENT_PERSON], "natural-person"),
    ],
)
def test_the_ground_that_fits_comes_first(cause: str, known: list[Circumstance], first: str):
    assert advised(cause, *known)[0] == first


def test_exclusive_jurisdiction_stands_alone():
    """民诉法 34."""
    assert advised("房屋租赁合同纠纷", *Circumstance) == ["real-estate"]


def test_harm_on_the_internet_opens_the_victims_court():
    """解释 25."""
    assert "network-tort" in advised("名誉权纠纷", Circumstance.ON_THE_INTERNET)
    assert "network-tort" not in advised("名誉权纠纷")


def test_grounds_speak_of_causes_that_exist_and_three_languages():
    for ground in grounds():
        assert all(code in table() for code in ground.causes)
        assert all((ground.text.zh, ground.text.ko, ground.text.en, ground.article))


def test_every_cause_gets_a_suggestion_once_the_opponent_is_known():
    for cause in table().fileable():
        assert suggest(cause, {Circumstance.OPPONENT_PERSON})


def procedures(matter: Matter, wage: Decimal | None = WAGE) -> list[Procedure]:
    return [hint.procedure for hint in hints(matter, wage=wage, today=TODAY)]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("40000.00", Procedure.SMALL_CLAIM),
        ("40000.01", Procedure.SMALL_CLAIM_BY_AGREEMENT),
        ("160000.00", Procedure.SMALL_CLAIM_BY_AGREEMENT),
        ("160000.01", None),
    ],
)
def test_small_claims_at_the_edges(amount: str, expected: Procedure | None):
    """S0-17, 民诉法 165: half the average wage, and twice it."""
    found = procedures(Matter(Decimal(amount), money_only=True, simple=True))
    small = {Procedure.SMALL_CLAIM, Procedure.SMALL_CLAIM_BY_AGREEMENT}
    assert small & set(found) == ({expected} if expected else set())


@pytest.mark.parametrize(
    "exclusion",
    [
        {"personal_status_or_title": True},
        {"foreign_element": True},
        {"needs_appraisal": True},
        {"opponent_reachable": False},
        {"counterclaim": True},
    ],
)
def test_small_claims_are_excluded_by_article_166(exclusion: dict[str, bool]):
    found = procedures(Matter(Decimal(1000), money_only=True, simple=True, **exclusion))
    assert Procedure.SMALL_CLAIM not in found


def test_without_a_published_wage_no_threshold_is_invented():
    assert average_wage("吉0102", 2026) is None
    assert Procedure.SMALL_CLAIM not in procedures(Matter(Decimal(1), money_only=True, simple=True), None)


PAYMENT_ORDER = Matter(
    Decimal(5000),
    money_only=True,
    due_and_certain=True,
    owes_in_return=False,
    other_debts_between_parties=False,
    opponent_reachable=True,
)


def test_a_payment_order_needs_every_condition_known():
    """民诉法 225, 解释 427; an unanswered question gives no hint."""
    assert procedures(PAYMENT_ORDER)[0] is Procedure.PAYMENT_ORDER
    assert Procedure.PAYMENT_ORDER not in procedures(Matter(Decimal(5000), money_only=True, due_and_certain=True))


@pytest.mark.parametrize(("mediated", "open_"), [(date(2026, 3, 1), True), (date(2026, 2, 28), False)])
def test_confirmation_is_open_for_thirty_days(mediated: date, open_: bool):
    """民诉法 205, S0-14: day 30 is in time, day 31 is not."""
    assert (Procedure.CONFIRMATION in procedures(Matter(None, mediated_on=mediated))) is open_


def test_ordinary_procedure_is_always_open():
    assert procedures(Matter(None)) == [Procedure.ORDINARY]
