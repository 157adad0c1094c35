"""Reading the sheets of a form, from .xlsx or from YAML with the same columns, into rows of text.

YAML is read without any typing, so `yes` stays the word it is, and an unknown or repeated key is found with its line.
A survey row of type `include` stands for the rows of another file (its name, relative to this one, without suffix), so
that questions shared by several official forms are written once. XLSForm has no such row: `read_workbook` replaces it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from kiosk.forms.problems import FormError, Problem, ProblemKind

SHEETS = ("settings", "survey", "choices")
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the columns that are not empty, and where it stands. `number` counts as the author sees it."""

    file: str
    sheet: str
    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The text of a cell, empty where there is none."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Workbook:
    """The three sheets of a form, with includes replaced."""

    file: str
    settings: tuple[Row, ...]
    survey: tuple[Row, ...]
    choices: tuple[Row, ...]


def _broken(file: str, sheet: str, row: int, message: str) -> FormError:
    return FormError((Problem(ProblemKind.STRUCTURE, file, sheet, row, "", message),))


def read_workbook(path: Path) -> Workbook:
    """The sheets at `path`. Raises FormError for a file that is no workbook, OSError for one that cannot be read."""
    return _read(path, ())


def _read(path: Path, inside: tuple[Path, ...]) -> Workbook:
    rows = _xlsx(path) if path.suffix == ".xlsx" else _yaml(path)
    survey: list[Row] = []
    choices = list(rows["choices"])
    for row in rows["survey"]:
        if row.get("type") != "include":
            survey.append(row)
            continue
        included = (path.parent / f"{row.get('name')}{path.suffix}").resolve()
        if not included.is_file() or set(row.cells) != {"type", "name"}:
            raise _broken(row.file, "survey", row.number, "an include row has only the name of a file beside this one")
        if included in inside or len(inside) > _DEEPEST:
            raise _broken(row.file, "survey", row.number, "the file includes itself")
        block = _read(included, (*inside, path.resolve()))
        survey += block.survey
        known = {(r.file, r.number) for r in choices}
        choices += [r for r in block.choices if (r.file, r.number) not in known]
    return Workbook(path.name, rows["settings"], tuple(survey), tuple(choices))


def _xlsx(path: Path) -> Mapping[str, tuple[Row, ...]]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError) as error:
        raise _broken(path.name, "workbook", 0, f"not a spreadsheet: {error}") from None
    try:
        unknown = [name for name in book.sheetnames if name not in SHEETS]
        if unknown:
            raise _broken(path.name, unknown[0], 0, "unknown sheet")
        return {name: tuple(_sheet_rows(path, book, name)) for name in SHEETS}
    finally:
        book.close()


def _sheet_rows(path: Path, book: object, sheet: str) -> Iterator[Row]:
    from openpyxl import Workbook as Book  # named here, as the module has a Workbook of its own

    assert isinstance(book, Book)  # noqa: S101 - narrows the type of load_workbook
    if sheet not in book.sheetnames:
        return
    lines = book[sheet].iter_rows(values_only=True)
    header = [str(cell).strip() if cell is not None else "" for cell in next(lines, ())]
    doubled = next((name for name in header if name and header.count(name) > 1), None)
    if doubled:
        raise _broken(path.name, sheet, 1, f"two columns are called {doubled}")
    for number, line in enumerate(lines, start=2):
        cells: dict[str, str] = {}
        for index, cell in enumerate(line):
            text = _cell(cell)
            if not text:
                continue
            if index >= len(header) or not header[index]:
                raise _broken(path.name, sheet, number, "a cell stands under no column name")
            cells[header[index]] = text
        if cells:
            yield Row(path.name, sheet, number, cells)


def _cell(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            # A spreadsheet turns a typed TRUE into a boolean; XLSForm reads it as yes.
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell).strip()


def _yaml(path: Path) -> Mapping[str, tuple[Row, ...]]:
    try:
        # The C loader reads a form ten times faster; it is left out of PyYAML only where libyaml is missing.
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _broken(path.name, "file", 0, f"not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(root, yaml.MappingNode):
        raise _broken(path.name, "file", 0, "must hold settings, survey and choices")
    found: dict[str, tuple[Row, ...]] = dict.fromkeys(SHEETS, ())
    for key, node in root.value:
        line = key.start_mark.line + 1
        if key.value not in SHEETS or found[key.value]:
            raise _broken(path.name, str(key.value), line, "unknown or repeated sheet")
        if not isinstance(node, yaml.SequenceNode):
            raise _broken(path.name, str(key.value), line, "a sheet is a list of rows")
        found[key.value] = tuple(_yaml_row(path, key.value, row) for row in node.value)
    return found


def _yaml_row(path: Path, sheet: str, node: yaml.Node) -> Row:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise _broken(path.name, sheet, line, "a row is a mapping from column to text")
    cells: dict[str, str] = {}
    for key, value in node.value:
        if not isinstance(value, yaml.ScalarNode) or not isinstance(key, yaml.ScalarNode):
            raise _broken(path.name, sheet, line, "a cell must be plain text")
        if key.value in cells:
            raise _broken(path.name, sheet, line, f"column {key.value} stands twice")
        if value.value.strip():
            cells[key.value] = value.value.strip()
    return Row(path.name, sheet, line, cells)
