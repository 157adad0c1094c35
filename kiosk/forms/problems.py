"""What can be wrong with a form, told to whoever wrote it: file, row, column and reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """Kinds of problems in a form."""

    STRUCTURE = "structure"
    EXPRESSION = "expression"
    CYCLE = "cycle"
    TRANSLATION = "translation"
    DEAD_QUESTION = "dead question"
    UNREACHABLE_CHOICE = "unreachable choice"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `row` is the spreadsheet row, or the line of the YAML file; 0 means the sheet as a whole."""

    kind: ProblemKind
    file: str
    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.sheet}" + (f" row {self.row}" if self.row else "")
        return f"{place}{f', column {self.column}' if self.column else ''}: {self.message}"


class FormError(Exception):
    """A form that cannot be used. `problems` has every problem found, in the order of the sheets."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
