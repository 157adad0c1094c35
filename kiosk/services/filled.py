"""One filled form, read the way papers need it: values as text, pages as rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby

from pydantic import JsonValue

from kiosk.documents.model import FormRow, Option
from kiosk.forms.answers import Answers, Path, Value
from kiosk.forms.answers_json import to_json
from kiosk.forms.entry import format_value
from kiosk.forms.evaluate import Evaluation, PageView, QuestionView
from kiosk.forms.model import Form, QuestionType
from kiosk.i18n import Language

COURT_LANGUAGE = Language.ZH
"""Papers for the court are in Chinese (民诉法 11); what the person wrote stays as written."""

_Level = tuple[str, int]
"""A repeat and the index of an instance; the top of the form has no repeat."""
_TOP: _Level = ("", 0)

_CHOICES = frozenset({QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE})


class Filled:
    """A form with its evaluated answers, at its top level or in one instance of a repeat.

    What was typed and is no number or date is there as it was typed: the clerk shall see it too.
    """

    def __init__(self, form: Form, evaluation: Evaluation, at: _Level = _TOP) -> None:
        self.form = form
        self.evaluation = evaluation
        self._at = at
        self._given = {
            (view.path.repeat, view.path.index, view.path.name): view.value
            for page in evaluation.pages
            for view in page.questions
            if view.question.is_asked and view.value is not None
        }

    @property
    def index(self) -> int:
        """Which instance of its repeat this is, from 0."""
        return self._at[1]

    @property
    def _counted(self) -> Answers:
        repeat, index = self._at
        if not repeat:
            return self.evaluation.answers
        instances = self.evaluation.answers.instances(repeat)
        return instances[index] if index < len(instances) else Answers()

    def instances(self, repeat: str) -> tuple[Filled, ...]:
        """The instances of a repeat in which anything was said; empty where the form has no such repeat."""
        found = sorted({index for name, index, _ in self._given if name == repeat})
        return tuple(Filled(self.form, self.evaluation, (repeat, index)) for index in found)

    def value(self, name: str) -> Value:
        """One value; None where the form has no such question or it was not answered."""
        given = self._given.get((*self._at, name))
        if given is not None or name not in self.form.entries:
            return given
        return self.evaluation.values[name] if name in self.evaluation.values else self._counted.value(name)

    def as_json(self) -> dict[str, JsonValue]:
        """Everything said at this level and below, by question name."""
        repeat, _ = self._at
        found = to_json(self._counted)
        typed = {name: value for (*level, name), value in self._given.items() if tuple(level) == self._at}
        found |= to_json(Answers({name: value for name, value in typed.items() if name not in found}))
        if not repeat:
            found |= {
                name: [one.as_json() for one in self.instances(name)] for name in self.form.repeats if name in found
            }
        return found

    def text(self, name: str) -> str:
        """One value as the court reads it, empty where there is none."""
        entry = self.form.entries.get(name)
        return "" if entry is None else format_value(entry.question, self.value(name), COURT_LANGUAGE)

    def texts(self, name: str) -> tuple[str, ...]:
        """What was ticked, one by one, as the court reads it."""
        entry, value = self.form.entries.get(name), self.value(name)
        if entry is None or not isinstance(value, tuple):
            return ()
        return tuple(format_value(entry.question, one, COURT_LANGUAGE) for one in value)

    def day(self, name: str) -> date | str | None:
        """One date, or what was typed in its place."""
        value = self.value(name)
        return value if isinstance(value, date | str) else None

    def money(self, name: str) -> Decimal | None:
        """One amount in yuan."""
        value = self.value(name)
        match value:
            case Decimal():
                return value
            case int() if not isinstance(value, bool):
                return Decimal(value)
            case _:
                return None

    def yes(self, name: str) -> bool | None:
        """A yes-or-no question; None where it was not answered."""
        return {"yes": True, "no": False}.get(str(self.value(name)))

    def rows(self, part: str, without: frozenset[str] = frozenset()) -> Iterator[FormRow]:
        """The answered questions that belong to `part` of the pleading (`court::doc`), in the order of the form.

        An instance of a repeat is one row. Questions named in `without` stand elsewhere on the paper.
        """
        answered = (
            view
            for page in self.evaluation.pages
            for view in page.questions
            if view.question.doc == part and view.question.is_asked and view.question.name not in without
            if view.value is not None
        )
        for (repeat, index), views in groupby(answered, key=_instance_of):
            if repeat:
                label = self.form.repeats[repeat].label.in_(COURT_LANGUAGE)
                yield FormRow(f"{label} {index + 1}", "\n".join(_line(view) for view in views))
            else:
                yield from (_row(view) for view in views)


def _instance_of(view: QuestionView) -> tuple[str, int]:
    return view.path.repeat, view.path.index


def _line(view: QuestionView) -> str:
    question = view.question
    label = question.label.in_(COURT_LANGUAGE).rstrip("？?")
    return f"{label}：{format_value(question, view.value, COURT_LANGUAGE)}"


def _row(view: QuestionView) -> FormRow:
    question = view.question
    label = question.label.in_(COURT_LANGUAGE)
    if question.type not in _CHOICES:
        return FormRow(label, format_value(question, view.value, COURT_LANGUAGE))
    chosen = view.value if isinstance(view.value, tuple) else (str(view.value),)
    options = [Option(choice.label.in_(COURT_LANGUAGE), choice.name in chosen) for choice in view.choices]
    # What was ticked and is no longer offered, because an earlier answer changed, was said all the same.
    offered = {choice.name for choice in view.choices}
    options += [
        Option(format_value(question, name, COURT_LANGUAGE), ticked=True) for name in chosen if name not in offered
    ]
    return FormRow(label, options=tuple(options))


def page_of(pages: tuple[PageView, ...], path: Path) -> str | None:
    """The key of the page on which `path` is answered, None where none shows it."""
    for page in pages:
        if any(view.path == path for view in page.questions):
            return page.key
        if page.repeat is not None and page.repeat.name == path.repeat and not path.name:
            return page.key
    return None
