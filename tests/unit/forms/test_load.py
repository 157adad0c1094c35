"""Loading: every mistake is named with file, row and column, in YAML and in a spreadsheet alike."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from pyxform.xls2xform import convert

from kiosk.forms.library import BUILT_IN
from kiosk.forms.load import load_form
from kiosk.forms.problems import FormError, ProblemKind
from kiosk.forms.sheets import read_workbook
from tests.unit.forms.workbooks import choice, form, message, question, save_xlsx, yaml_form

LIBRARY = sorted(BUILT_IN.glob("*.yaml"))
YES_NO = choice("yes_no", "yes") + choice("yes_no", "no")


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_spreadsheet_and_yaml_are_the_same_form(path: Path, tmp_path: Path) -> None:
    spreadsheet = save_xlsx(read_workbook(path), tmp_path / f"{path.stem}.xlsx")
    from_yaml, from_xlsx = load_form(path), load_form(spreadsheet)
    assert list(from_xlsx.entries) == list(from_yaml.entries)
    for name, entry in from_yaml.entries.items():
        ours, theirs = entry.question, from_xlsx.entries[name].question
        assert (theirs.label, theirs.relevant, theirs.constraint, theirs.choices, theirs.required, theirs.clause) == (
            (ours.label, ours.relevant, ours.constraint, ours.choices, ours.required, ours.clause)
        )


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_pyxform_converts_every_form_without_a_warning(path: Path, tmp_path: Path) -> None:
    """Our subset is XLSForm: the reference converter takes each form as it stands, court columns included."""
    result = convert(xlsform=save_xlsx(read_workbook(path), tmp_path / f"{path.stem}.xlsx"))
    assert result.warnings == []
    for name in load_form(path).entries:
        assert f'/{name}"' in result.xform


@pytest.mark.parametrize(
    ("survey", "row", "column", "reason"),
    [
        (question("geopoint", "x"), 9, "type", "unknown type geopoint"),
        (question("text", "X1"), 9, "name", "lower-case"),
        (question("text", "x") + question("text", "x"), 10, "name", "already in row 9"),
        (question("text", "x", "readonly: yes"), 9, "readonly", "unknown column"),
        (question("text", "x", "relevant: \"${y} = 'a'\""), 9, "relevant", "unknown question ${y}"),
        (question("text", "x", "required: maybe"), 9, "required", "yes or no"),
        (question("select_one colours", "x"), 9, "type", "no choice list colours"),
        (question("decimal", "x", 'constraint: ". > 0"'), 9, "constraint_message", "goes together"),
        (question("decimal", "x", f'constraint: "1", {message()}'), 9, "constraint", "must give yes or no"),
        (question("calculate", "x"), 9, "calculation", "every calculate"),
        (question("integer", "x", "default: many"), 9, "default", "no answer"),
        (question("text", "x", "appearance: money"), 9, "appearance", "does not go with text"),
        (question("text", "x", '"court::pii": secret'), 9, "court::pii", "unknown value"),
        (question("text", "x", "choice_filter: \"name = 'a'\""), 9, "choice_filter", "unknown name"),
        (question("begin group", "g"), 9, "type", "never closed"),
        (question("text", "x") + "  - {type: end group}\n", 10, "type", "closes nothing"),
        (question("begin group", "g") + "  - {type: end repeat}\n", 10, "type", "closes nothing"),
        (question("begin group", "g") + "  - {type: end group}\n", 9, "type", "empty group"),
        (question("note", "n", "required: yes"), 9, "required", "means nothing"),
        (question("begin loop", "g"), 9, "type", "unknown type"),
        ("  - {type: include, name: nowhere}\n", 9, "", "file beside this one"),
    ],
)
def test_mistake_names_row_and_column(tmp_path: Path, survey: str, row: int, column: str, reason: str) -> None:
    with pytest.raises(FormError) as raised:
        form(tmp_path, survey)
    found = [(p.row, p.column) for p in raised.value.problems if reason in p.message]
    assert found == [(row, column)]
    assert f"row {row}" in str(raised.value)


def test_missing_translation_is_an_error(tmp_path: Path) -> None:
    survey = '  - {type: text, name: x, "label::中文 (zh)": 姓名, "label::English (en)": Name}\n'
    with pytest.raises(FormError) as raised:
        form(tmp_path, survey)
    (problem,) = raised.value.problems
    assert (problem.kind, problem.row, problem.column) == (ProblemKind.TRANSLATION, 9, "label::조선어 (ko)")


def test_at_most_five_fields_on_a_page(tmp_path: Path) -> None:
    """ux-rules 10: with a sixth field the page would scroll."""
    page = question("begin group", "page", "appearance: field-list")
    fields = "".join(question("text", f"q{i}") for i in range(5))
    note, end = question("note", "n"), "  - {type: end group}\n"
    assert form(tmp_path, page + fields + note + end).entries.keys() == {"q0", "q1", "q2", "q3", "q4", "n"}
    with pytest.raises(FormError, match="row 9, column type: page: 6 fields"):
        form(tmp_path, page + fields + question("text", "q5") + end)


def test_repeats_do_not_nest(tmp_path: Path) -> None:
    inner = question("begin repeat", "b") + question("text", "x") + "  - {type: end repeat}\n"
    with pytest.raises(FormError, match="row 10, column type: b: a repeat inside a repeat"):
        form(tmp_path, question("begin repeat", "a") + inner + "  - {type: end repeat}\n")


@pytest.mark.parametrize(
    "survey",
    [
        question("text", "x", "relevant: \"${y} = 'a'\"") + question("text", "y", "relevant: \"${x} = 'a'\""),
        question("calculate", "x", 'calculation: "${y} + 1"') + question("calculate", "y", 'calculation: "${x} + 1"'),
        question("begin group", "g", "relevant: \"${x} = 'a'\"") + question("text", "x") + "  - {type: end group}\n",
    ],
)
def test_cycle_is_an_error(tmp_path: Path, survey: str) -> None:
    with pytest.raises(FormError) as raised:
        form(tmp_path, survey)
    assert {problem.kind for problem in raised.value.problems} == {ProblemKind.CYCLE}


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FormError) as raised:
        form(tmp_path, question("text", "A") + question("map", "b") + question("text", "c", "required: no way"))
    assert [problem.row for problem in raised.value.problems] == [9, 10]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("survey: [", "not YAML"),
        ("- a", "must hold settings"),
        ("survey: text", "a list of rows"),
        ("pages: []", "unknown or repeated sheet"),
        ("survey:\n  - {type: text, type: text}", "column type stands twice"),
        ("survey:\n  - {type: [text]}", "plain text"),
        ("survey:\n  - text", "a mapping"),
    ],
)
def test_what_is_no_workbook(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormError, match=reason):
        load_form(path)


def test_file_that_includes_itself(tmp_path: Path) -> None:
    path = yaml_form(tmp_path, "  - {type: include, name: sample}\n")
    with pytest.raises(FormError, match="includes itself"):
        load_form(path)


def test_mistake_in_an_included_file_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "block.yaml").write_text("survey:\n" + question("map", "x"), encoding="utf-8")
    with pytest.raises(FormError, match=r"block\.yaml, survey row 2, column type: x: unknown type map"):
        form(tmp_path, "  - {type: include, name: block}\n")


def test_yes_stays_a_word(tmp_path: Path) -> None:
    survey = question("select_one yes_no", "x", "default: yes")
    assert form(tmp_path, survey, YES_NO).entries["x"].question.default == "yes"


def test_mistakes_in_a_spreadsheet_name_its_row(tmp_path: Path) -> None:
    path = save_xlsx(read_workbook(yaml_form(tmp_path, question("text", "x"))), tmp_path / "sample.xlsx")
    book = openpyxl.load_workbook(path)
    book["survey"]["A5"] = "video"
    book["survey"]["B5"] = "film"
    book.save(path)
    with pytest.raises(FormError, match=r"sample\.xlsx, survey row 5, column type: film: unknown type video"):
        load_form(path)
    book["survey"]["Z7"] = "stray"
    book.save(path)
    with pytest.raises(FormError, match="survey row 7: a cell stands under no column name"):
        load_form(path)


def test_file_that_only_looks_like_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(b"not a zip")
    with pytest.raises(FormError, match="not a spreadsheet"):
        load_form(path)
