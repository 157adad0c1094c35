"""How the console words answers: whose form a name belongs to, money, choices, and what the form worked out itself."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from kiosk.court.envelope import Party, PartyKind
from kiosk.law.money import LARGEST, parse_amount
from provisioning.hub.console.labels import Labels, labels_for, money, party_labels
from provisioning.hub.console.words import ConsoleLanguage

ZH, EN = ConsoleLanguage.ZH, ConsoleLanguage.EN


@pytest.mark.parametrize(
    ("stored", "zh", "en"),
    [
        ("50000", "50,000.00 元", "¥50,000.00"),
        ("50000.00", "50,000.00 元", "¥50,000.00"),
        ("785030.0", "785,030.00 元", "¥785,030.00"),
        ("1E+3", "1,000.00 元", "¥1,000.00"),
        (None, "", ""),
        ("五万左右", "五万左右", "五万左右"),
        ("0.125", "0.125", "0.125"),
        ("NaN", "NaN", "NaN"),
        ("1E+999", "1E+999", "1E+999"),
    ],
)
def test_every_amount_is_shown_in_one_way(stored: str | None, zh: str, en: str) -> None:
    """However a terminal spelt it; what is no amount stays as the person wrote it (N11)."""
    assert (money(stored, ZH), money(stored, EN)) == (zh, en)


@given(st.decimals(0, LARGEST, places=2))
def test_an_amount_keeps_its_value(amount: object) -> None:
    assert parse_amount(money(str(amount), ZH)) == amount


def rows(labels: Labels, answers: dict[str, JsonValue]) -> list[tuple[str, str, str]]:
    return [(heading, labels.of(name), labels.shown(name, value)) for heading, name, value in labels.rows(answers)]


def test_answers_stand_below_the_titles_of_their_pages() -> None:
    """As on the terminal; a title comes once, and what the form computed is no answer."""
    labels = labels_for(EN, "labour_dispute")
    answers: dict[str, JsonValue] = {
        "wages_from": "2026-04-27",
        "wages_amount": "987297.00",
        "claim_court_fees": "no",
        "amount_in_dispute": "987297.00",
        "fee_kind": "labour",
    }
    assert rows(labels, answers) == [
        ("Wages", "Unpaid from which day?", "2026-04-27"),
        ("", "How much in wages, in yuan?", "¥987,297.00"),
        ("Court fees and other claims", "Should the other party bear the court fees?", "No"),
    ]


def test_one_name_on_two_forms_is_worded_by_its_own() -> None:
    """An organisation's address is its main office, not the address for service; an unknown version keeps names."""
    party = Party(role="plaintiff", kind=PartyKind.ORGANISATION, name="长春示例有限公司", fields={})
    assert party_labels(party, ZH).of("address") == "主要办事机构所在地"
    assert labels_for(ZH, "service_address").of("address") == "详细地址"
    assert labels_for(ZH, "private_lending", version="1999.1").of("principal_owed") == "principal_owed"


@pytest.mark.parametrize("role", get_args(Party.model_fields["role"].annotation))
@pytest.mark.parametrize("kind", list(PartyKind))
def test_every_party_has_words(role: str, kind: PartyKind) -> None:
    party = Party.model_validate({"role": role, "kind": kind, "name": "示例", "fields": {}})
    for language in ConsoleLanguage:
        labels = party_labels(party, language)
        assert labels.questions
        assert all(label.strip() for label in labels.questions.values())
