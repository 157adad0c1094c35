"""Answers: immutable, addressed by path, written to JSON and back without loss."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kiosk.forms.answers import (
    Answers,
    Path,
    add_instance,
    get_value,
    is_instances,
    remove_instance,
    set_value,
)
from kiosk.forms.answers_json import from_json, to_json
from kiosk.forms.library import FormLibrary
from kiosk.forms.model import Form
from kiosk.forms.paths import sample_answers

LIBRARY = FormLibrary.load()


def test_setting_returns_a_copy() -> None:
    before = Answers({"a": 1})
    after = set_value(before, Path("a"), 2)
    assert dict(before) == {"a": 1}
    assert dict(after) == {"a": 2}


def test_instances_are_made_moved_and_removed() -> None:
    answers = set_value(Answers(), Path("name", "rows", 0), "甲")
    answers = set_value(answers, Path("name", "rows", 1), "乙")
    answers = add_instance(answers, "rows")
    assert [get_value(answers, Path("name", "rows", index)) for index in range(4)] == ["甲", "乙", None, None]
    answers = remove_instance(answers, "rows", 0)
    assert [instance.value("name") for instance in answers.instances("rows")] == ["乙", None]
    with pytest.raises(IndexError):
        set_value(answers, Path("name", "rows", 5), "丙")
    with pytest.raises(IndexError):
        remove_instance(answers, "rows", 2)


def test_question_is_no_repeat_and_repeat_no_question() -> None:
    answers = add_instance(Answers({"many": ("a", "b")}), "rows")
    assert is_instances(answers["rows"])
    assert not is_instances(answers["many"])
    with pytest.raises(TypeError):
        answers.value("rows")
    with pytest.raises(TypeError):
        answers.instances("many")


def test_answers_never_show_what_they_hold() -> None:
    """N: logs and tracebacks carry no personal data."""
    assert "张示例" not in repr(Answers({"name": "张示例"}))


def test_paths_read_like_page_keys() -> None:
    assert [str(Path("a")), str(Path("a", "r", 2)), str(Path("", "r"))] == ["a", "r[2]/a", "r"]


@pytest.mark.parametrize("form", LIBRARY.all(), ids=lambda form: form.form_id)
def test_json_round_trip(form: Form) -> None:
    for seed in range(5):
        answers = sample_answers(form, seed)
        assert from_json(form, to_json(answers)) == answers


def test_money_and_dates_are_exact_in_json() -> None:
    form = LIBRARY.get("private_lending")
    answers = Answers({"principal_owed": Decimal("0.10"), "contract_date": date(2024, 2, 29)})
    assert to_json(answers) == {"principal_owed": "0.10", "contract_date": "2024-02-29"}
    assert to_json(Answers({"principal_owed": Decimal("3E+4")})) == {"principal_owed": "30000"}
    assert str(from_json(form, {"principal_owed": "0.10"})["principal_owed"]) == "0.10"


@pytest.mark.parametrize(
    "data",
    [
        {"nobody": "x"},
        {"principal_owed": 1.5},
        {"principal_owed": "much"},
        {"principal_owed": "NaN"},
        {"contract_date": "2023-02-29"},
        {"provided_how": "cash"},
        {"facts": ["x"]},
    ],
)
def test_json_of_another_shape_is_refused_without_quoting_it(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(data))) as raised:
        from_json(LIBRARY.get("private_lending"), data)  # type: ignore[arg-type] # wrong on purpose
    assert "much" not in str(raised.value)
