"""The reachability report of a form: what a clerk who wrote it should see before it is used."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kiosk.forms.load import read_form
from kiosk.forms.model import Form, Question
from kiosk.forms.problems import Problem, ProblemKind
from kiosk.forms.sheets import read_workbook
from kiosk.forms.solver import reach, reach_choice

_ANY_DAY = date(2026, 1, 5)


def report(path: Path) -> tuple[Problem, ...]:
    """Everything wrong with the form at `path`: load errors with cycles and missing translations, or, for a form that
    loads, questions that can never be asked and choices that can never be chosen."""
    form, problems = read_form(path)
    if form is None or problems:
        return problems
    return (*unused_lists(form, path), *unreachable(form))


def unused_lists(form: Form, path: Path) -> tuple[Problem, ...]:
    """Choices of the form's own sheet that no question can offer; lists of an included file serve many forms."""
    book = read_workbook(path)
    used = {entry.question.choice_list for entry in form.entries.values()}
    return tuple(
        Problem(
            ProblemKind.UNREACHABLE_CHOICE, row.file, row.sheet, row.number, "list_name", f"no question uses {name}"
        )
        for row in book.choices
        if row.file == book.file and (name := row.get("list_name")) not in used
    )


def unreachable(form: Form) -> tuple[Problem, ...]:
    """Questions of a loaded form that no answers lead to, and choices that no answers leave in their list.

    A choice_filter without a reference to an answer picks a part of a shared list on purpose, so it is only wrong if it
    leaves nothing.
    """
    found: list[Problem] = []
    for name, entry in form.entries.items():
        question = entry.question
        if reach(form, name, _ANY_DAY) is None:
            found.append(_problem(ProblemKind.DEAD_QUESTION, question, "relevant", f"{name} can never be asked"))
        elif question.choice_filter is not None:
            lost = [c.name for c in question.choices if reach_choice(form, question, c, _ANY_DAY) is None]
            if question.choice_filter.references or len(lost) == len(question.choices):
                message = f"{name} can never offer {{}}"
                kind = ProblemKind.UNREACHABLE_CHOICE
                found += [_problem(kind, question, "choice_filter", message.format(choice)) for choice in lost]
    return tuple(found)


def _problem(kind: ProblemKind, question: Question, column: str, message: str) -> Problem:
    return Problem(kind, question.file, "survey", question.row, column, message)
