"""What expressions see while a form is evaluated: answers, relevance and calculations, each worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from kiosk.forms.answers import Answers, Value
from kiosk.forms.expression.evaluator import Atom
from kiosk.forms.model import Choice, Form, Item, Question, Repeat, ValueKind

_NO_COLUMNS: Mapping[str, str] = {}
_MOST_DIGITS = 20  # before the point; more is no amount, and arithmetic has 28 digits in all


class InstanceScope:
    """One level: the form itself, or one instance of a repeat. Implements `expression.evaluator.Scope`."""

    __slots__ = ("_answers", "_form", "_relevant", "_values", "columns", "current", "index", "repeat")

    def __init__(self, form: FormScope, answers: Answers, repeat: Repeat | None, index: int) -> None:
        self._form = form
        self._answers = answers
        self._values: dict[str, Atom] = {}
        self._relevant: dict[str, bool] = {}
        self.repeat = repeat
        self.index = index
        self.current: Atom = None
        self.columns = _NO_COLUMNS

    @property
    def today(self) -> date:
        """The day of the evaluation."""
        return self._form.today

    @property
    def position(self) -> int:
        """The number of this instance, from 1."""
        return self.index + 1

    def value(self, name: str) -> Atom:
        """The answer to a question of this level or of the form around it; None if it is empty or not relevant."""
        entry = self._form.form.entries[name]
        level = self if self.repeat is not None and entry.repeat == self.repeat.name else self._form.top
        return level.own(entry.question)

    def values(self, name: str) -> list[Atom]:
        """The answers to a question in every instance of its repeat, or one None per instance of a repeat."""
        form = self._form.form
        repeat = form.repeats.get(name)
        if repeat is not None:
            return [None] * (self._form.instance_count(name) if self._form.is_relevant(name) else 0)
        entry = form.entries[name]
        return [level.own(entry.question) for level in self._form.levels(form.repeats[entry.repeat])]

    def answer(self, question: Question) -> Value:
        """The answer as given, or the default where the question was never touched."""
        return self._answers.value(question.name) if question.name in self._answers else question.default

    def own(self, question: Question) -> Atom:
        """The value of a question of this level, None if it is empty or not relevant."""
        name = question.name
        if name in self._values:
            return self._values[name]
        found: Atom = None
        if self._form.is_relevant(name, self):
            if question.calculation is not None:
                found = question.calculation.run(self)
            else:
                found = _atom(question.value_kind, self.answer(question))
        self._values[name] = found
        return found

    def item_relevant(self, item: Item) -> bool:
        """Whether the condition of an item of this level holds; its surroundings are taken as relevant."""
        if item.relevant is None:
            return True
        found = self._relevant.get(item.name)
        if found is None:
            found = self._relevant[item.name] = item.relevant.holds(self)
        return found

    def is_malformed(self, question: Question) -> bool:
        """Whether something was answered that cannot be an answer to this type of question."""
        match self.answer(question):
            case None | False | ():
                return False
            case str() as text if not text.strip():
                return False
            case _:
                return self.own(question) is None

    def constraint_holds(self, question: Question, value: Atom) -> bool:
        """Whether the constraint accepts `value`."""
        if question.constraint is None:
            return True
        self.current = value
        return question.constraint.holds(self)

    def offers(self, question: Question, choice: Choice) -> bool:
        """Whether the choice_filter leaves `choice`."""
        if question.choice_filter is None:
            return True
        self.columns = {"name": choice.name, **choice.columns}
        return question.choice_filter.holds(self)


class FormScope:
    """All levels of one evaluation."""

    def __init__(self, form: Form, answers: Answers, today: date) -> None:
        self.form = form
        self.today = today
        self._answers = answers
        self._levels: dict[str, tuple[InstanceScope, ...]] = {}
        self.top = InstanceScope(self, answers, None, 0)

    def instance_count(self, repeat: str) -> int:
        """How many instances were really added."""
        return len(self._answers.instances(repeat))

    def levels(self, repeat: Repeat) -> tuple[InstanceScope, ...]:
        """The instances of a repeat; a required one shows an empty first instance before it has any."""
        found = self._levels.get(repeat.name)
        if found is None:
            instances = self._answers.instances(repeat.name)
            if repeat.required and not instances:
                instances = (Answers(),)
            found = tuple(InstanceScope(self, answers, repeat, index) for index, answers in enumerate(instances))
            self._levels[repeat.name] = found
        return found

    def is_relevant(self, name: str, level: InstanceScope | None = None) -> bool:
        """Whether a question or repeat and everything around it is relevant, seen from `level`."""
        here = self.top
        for item in self.form.chains[name]:
            if not here.item_relevant(item):
                return False
            if isinstance(item, Repeat) and level is not None:
                here = level
        return True


def _atom(kind: ValueKind, value: Value) -> Atom:
    match kind, value:
        case ValueKind.TEXT, str():
            return value if value.strip() else None
        case ValueKind.DECIMAL, Decimal():
            return value if value.is_finite() and value.adjusted() < _MOST_DIGITS else None
        case ((ValueKind.DECIMAL | ValueKind.INTEGER), int()) if not isinstance(value, bool):
            return Decimal(value) if abs(value) < 10**_MOST_DIGITS else None
        case ValueKind.DATE, date() if not isinstance(value, datetime):
            return value
        case ValueKind.CHOICES, tuple():
            return value or None
        case ValueKind.BOOLEAN, True:
            return "OK"  # what XForms stores for a trigger
        case _:
            return None
