"""The reachability report: what a clerk should see before a form is used."""

from __future__ import annotations

from pathlib import Path

from kiosk.forms.problems import ProblemKind
from kiosk.forms.report import report
from tests.unit.forms.workbooks import choice, question, yaml_form

YES_NO = choice("yes_no", "yes") + choice("yes_no", "no")


def found(path: Path) -> list[tuple[ProblemKind, int, str]]:
    return [(problem.kind, problem.row, problem.column) for problem in report(path)]


def test_question_that_can_never_be_asked(tmp_path: Path) -> None:
    survey = question("select_one yes_no", "a") + question("text", "b", "relevant: \"${a} = 'yes'\"")
    assert found(yaml_form(tmp_path, survey, YES_NO)) == []
    dead = question("text", "c", "relevant: \"${a} = 'no' and ${b} != ''\"")
    assert found(yaml_form(tmp_path, survey + dead, YES_NO)) == [(ProblemKind.DEAD_QUESTION, 11, "relevant")]


def test_numbers_beside_a_comparison_are_tried(tmp_path: Path) -> None:
    survey = question("decimal", "a") + question("text", "b", 'relevant: "${a} > 1234 and ${a} < 1236"')
    assert found(yaml_form(tmp_path, survey)) == []


def test_conditions_are_followed_through_calculations_and_repeats(tmp_path: Path) -> None:
    repeat = question("begin repeat", "r") + question("decimal", "x") + "  - {type: end repeat}\n"
    total = question("calculate", "total", 'calculation: "sum(${x}) + count(${r})"')
    assert found(yaml_form(tmp_path, repeat + total + question("text", "b", 'relevant: "${total} > 1"'))) == []
    assert found(yaml_form(tmp_path, repeat + total + question("text", "b", "relevant: \"${total} = ''\""))) == [
        (ProblemKind.DEAD_QUESTION, 13, "relevant")
    ]


def test_choice_that_can_never_be_chosen(tmp_path: Path) -> None:
    choices = YES_NO + choice("place", "p1", "of: yes") + choice("place", "p2", "of: elsewhere")
    kind = question("select_one yes_no", "a")
    survey = kind + question("select_one place", "b", 'choice_filter: "of = ${a}"')
    assert found(yaml_form(tmp_path, survey, choices)) == [(ProblemKind.UNREACHABLE_CHOICE, 10, "choice_filter")]
    part = kind + question("select_one place", "b", "choice_filter: \"of = 'elsewhere'\"")
    assert found(yaml_form(tmp_path, part, choices)) == []


def test_cycles_and_missing_translations_are_reported(tmp_path: Path) -> None:
    survey = question("text", "x", "relevant: \"${y} = 'a'\"") + question("text", "y", "relevant: \"${x} = 'a'\"")
    assert [kind for kind, _, _ in found(yaml_form(tmp_path, survey))] == [ProblemKind.CYCLE]
    untranslated = '  - {type: text, name: x, "label::中文 (zh)": 姓名}\n'
    assert [kind for kind, _, _ in found(yaml_form(tmp_path, untranslated))] == [ProblemKind.TRANSLATION] * 2


def test_choice_list_that_no_question_uses(tmp_path: Path) -> None:
    path = yaml_form(tmp_path, question("text", "a"), YES_NO)
    assert found(path) == [
        (ProblemKind.UNREACHABLE_CHOICE, 11, "list_name"),
        (ProblemKind.UNREACHABLE_CHOICE, 12, "list_name"),
    ]
