"""The columns of the profile, and what may stand in their cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kiosk.forms.model import Pii, QuestionType
from kiosk.forms.problems import Problem, ProblemKind
from kiosk.forms.sheets import Row
from kiosk.i18n import Language, Text

LANGUAGE_COLUMN = {Language.ZH: "中文 (zh)", Language.KO: "조선어 (ko)", Language.EN: "English (en)"}
"""How XLSForm names the languages in a column, such as `label::中文 (zh)`."""


def _in_languages(column: str) -> set[str]:
    return {f"{column}::{language}" for language in LANGUAGE_COLUMN.values()}


SURVEY = frozenset(
    {
        *{
            "type",
            "name",
            "constraint",
            "relevant",
            "calculation",
            "required",
            "appearance",
            "choice_filter",
            "default",
        },
        *{"court::clause", "court::doc", "court::pii", "court::review"},
        *_in_languages("label"),
        *_in_languages("hint"),
        *_in_languages("constraint_message"),
        *_in_languages("court::speak"),
        *_in_languages("court::evidence"),
    }
)
CHOICES = frozenset({"list_name", "name", *_in_languages("label")})
SETTINGS = frozenset(
    {"form_id", "version", "form_title", "default_language", "court::causes", *_in_languages("court::title")}
)

EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter")

APPEARANCES = {
    QuestionType.TEXT: {"multiline", "numbers", "code"},
    QuestionType.DECIMAL: {"money"},
    QuestionType.NOTE: {"advice"},
    QuestionType.SELECT_ONE: {"minimal", "quick"},
    QuestionType.SELECT_MULTIPLE: {"minimal"},
}

_Wanted = TypeVar("_Wanted")


class Cells:
    """Typed access to one row; what is wrong is noted in `problems`, and reading goes on."""

    def __init__(self, row: Row, problems: list[Problem]) -> None:
        self.row = row
        self._problems = problems

    def get(self, column: str) -> str:
        """The text of a cell, empty where there is none."""
        return self.row.get(column)

    def problem(self, column: str, message: str, kind: ProblemKind = ProblemKind.STRUCTURE) -> None:
        """Note a problem of this row."""
        name = self.row.get("name")
        place = f"{name}: {message}" if name else message
        self._problems.append(Problem(kind, self.row.file, self.row.sheet, self.row.number, column, place))

    def only(self, known: frozenset[str]) -> None:
        """Note every column that is not `known`."""
        for column in self.row.cells:
            if column not in known:
                self.problem(column, "unknown column")

    def yes(self, column: str) -> bool:
        """A yes-or-no cell; empty is no."""
        text = self.get(column)
        if text not in {"", "yes", "no"}:
            self.problem(column, f"must be yes or no, not {text}")
        return text == "yes"

    def text(self, column: str, needed: bool = False) -> Text | None:
        """A wording in all languages, or None where the column is empty. A missing language is a problem."""
        wordings = {language: self.get(f"{column}::{name}") for language, name in LANGUAGE_COLUMN.items()}
        if not any(wordings.values()) and not needed:
            return None
        for language, wording in wordings.items():
            if not wording:
                self.problem(f"{column}::{LANGUAGE_COLUMN[language]}", "no wording", ProblemKind.TRANSLATION)
        return Text(wordings[Language.ZH], wordings[Language.KO], wordings[Language.EN])

    def one_of(self, column: str, kind: Callable[[str], _Wanted]) -> _Wanted | None:
        """A cell that names a member of an enum, or None where it is empty."""
        text = self.get(column)
        if not text:
            return None
        try:
            return kind(text)
        except ValueError:
            self.problem(column, f"unknown value {text}")
            return None

    def pii(self) -> Pii | None:
        """The masking class."""
        return self.one_of("court::pii", Pii)

    def appearance(self, kind: QuestionType) -> frozenset[str]:
        """The appearance words, which must suit the type."""
        words = frozenset(self.get("appearance").split())
        unknown = words - APPEARANCES.get(kind, set())
        if unknown:
            self.problem("appearance", f"{' '.join(sorted(unknown))} does not go with {kind.value}")
        return words
