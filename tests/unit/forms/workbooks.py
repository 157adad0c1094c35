"""Writing forms for tests: YAML from a few lines, and the spreadsheet of a form that was read."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from kiosk.forms.columns import LANGUAGE_COLUMN
from kiosk.forms.load import load_form
from kiosk.forms.model import Form
from kiosk.forms.sheets import SHEETS, Workbook

_SETTINGS = """settings:
  - form_id: sample
    version: "1"
    form_title: 示例
    "court::title::中文 (zh)": 示例
    "court::title::조선어 (ko)": 례
    "court::title::English (en)": Sample
"""
_CHOICES = """choices:
"""


def label(text: str = "示例") -> str:
    """The label columns of a YAML row, on one line."""
    return ", ".join(f'"label::{name}": "{text}"' for name in LANGUAGE_COLUMN.values())


def question(kind: str, name: str, more: str = "") -> str:
    """One YAML survey row on one line. `more` is what else stands in the braces."""
    return f"  - {{type: {kind}, name: {name}, {label(name)}{', ' + more if more else ''}}}\n"


def message(text: str = "不对") -> str:
    """The constraint_message columns of a YAML row."""
    return ", ".join(f'"constraint_message::{name}": "{text}"' for name in LANGUAGE_COLUMN.values())


def choice(list_name: str, name: str, more: str = "") -> str:
    """One YAML choice row."""
    return f"  - {{list_name: {list_name}, name: {name}, {label(name)}{', ' + more if more else ''}}}\n"


def yaml_form(folder: Path, survey: str, choices: str = "") -> Path:
    """A form file; the survey begins on line 9."""
    path = folder / "sample.yaml"
    path.write_text(_SETTINGS + "survey:\n" + survey + (_CHOICES + choices if choices else ""), encoding="utf-8")
    return path


def form(folder: Path, survey: str, choices: str = "") -> Form:
    """A loaded form."""
    return load_form(yaml_form(folder, survey, choices))


def save_xlsx(book: Workbook, path: Path) -> Path:
    """The sheets as a spreadsheet, the way a clerk would have it open."""
    written = openpyxl.Workbook()
    del written[written.sheetnames[0]]
    for name in SHEETS:
        rows = getattr(book, name)
        columns = list(dict.fromkeys(column for row in rows for column in row.cells))
        sheet = written.create_sheet(name)
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column) or None for column in columns])
    written.save(path)
    return path
