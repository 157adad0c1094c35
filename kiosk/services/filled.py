"""One filled form, read the way papers need it: values as text, pages as rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.documents.model import FormRow, Option
from kiosk.forms.answers import Answers, Value
from kiosk.forms.entry import format_value
from kiosk.forms.evaluate import Evaluation, PageView, QuestionView
from kiosk.forms.model import Form, QuestionType
from kiosk.i18n import Language

COURT_LANGUAGE = Language.ZH
"""Papers for the court are in Chinese (民诉法 11); what the person wrote stays as written."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with its evaluated answers; `level` is an instance of a repeat, None at the top."""

    form: Form
    evaluation: Evaluation
    level: Answers | None = None

    @property
    def answers(self) -> Answers:
        """What counts at this level."""
        return self.evaluation.answers if self.level is None else self.level

    def instances(self, repeat: str) -> tuple[Filled, ...]:
        """The instances of a repeat, empty where there are none."""
        return tuple(Filled(self.form, self.evaluation, one) for one in self.answers.instances(repeat))

    def value(self, name: str) -> Value:
        """One value; None where the form has no such question or it was not answered."""
        if name not in self.form.entries:
            return None
        if self.level is None and name in self.evaluation.values:
            return self.evaluation.values[name]
        return self.answers.value(name)

    def text(self, name: str) -> str:
        """One value as the court reads it, empty where there is none."""
        entry = self.form.entries.get(name)
        return "" if entry is None else format_value(entry.question, self.value(name), COURT_LANGUAGE)

    def day(self, name: str) -> date | None:
        """One date."""
        value = self.value(name)
        return value if isinstance(value, date) else None

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


def rows(pages: tuple[PageView, ...], prefix: str) -> Iterator[FormRow]:
    """The answered questions whose place in the official form (`court::doc`) begins with `prefix`."""
    for page in pages:
        for view in page.questions:
            if view.question.doc.split(".")[0] == prefix and view.question.is_asked and view.value is not None:
                yield _row(page, view)


def _row(page: PageView, view: QuestionView) -> FormRow:
    question = view.question
    label = question.label.in_(COURT_LANGUAGE)
    if page.repeat is None and "[" in page.key:
        label = f"{page.title.in_(COURT_LANGUAGE)}：{label}"
    if question.type not in {QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE}:
        return FormRow(label, format_value(question, view.value, COURT_LANGUAGE))
    chosen = view.value if isinstance(view.value, tuple) else (str(view.value),)
    return FormRow(
        label,
        options=tuple(Option(choice.label.in_(COURT_LANGUAGE), choice.name in chosen) for choice in view.choices),
    )
