"""Answers as JSON: what the envelope carries to the court, and reading it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from kiosk.forms.answers import Answers, Value
from kiosk.forms.model import Form, Question, ValueKind

if TYPE_CHECKING:
    from pydantic import JsonValue  # only a type here; pydantic takes long to load


def to_json(answers: Answers) -> dict[str, JsonValue]:
    """For the envelope: Decimal as a plain decimal string, dates as ISO 8601, repeats as lists of objects."""
    return {name: _plain(value) for name, value in answers.items()}


def _plain(value: Value | tuple[Answers, ...]) -> JsonValue:
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case tuple():
            return [to_json(item) if isinstance(item, Answers) else item for item in value]


def from_json(form: Form, data: Mapping[str, JsonValue]) -> Answers:
    """The answers that `to_json` wrote. Raises ValueError, naming the question but never its content."""
    items: dict[str, Value | tuple[Answers, ...]] = {}
    for name, value in data.items():
        entry = form.entries.get(name)
        if name in form.repeats:
            if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
                raise ValueError(f"{name} must be a list of objects")
            items[name] = tuple(from_json(form, item) for item in value if isinstance(item, dict))
        elif entry is None:
            raise ValueError(f"{name} is not a question of {form.form_id}")
        else:
            items[name] = _typed(entry.question, value)
    return Answers(items)


def _typed(question: Question, value: JsonValue) -> Value:
    if value is None:
        return None
    match question.value_kind, value:
        case ValueKind.TEXT, str():
            return value
        case ValueKind.DECIMAL, str():
            try:
                number = Decimal(value)
            except InvalidOperation:
                raise ValueError(f"{question.name} must be a decimal number") from None
            if number.is_finite():
                return number
        case ValueKind.INTEGER, int() if not isinstance(value, bool):
            return value
        case ValueKind.BOOLEAN, bool():
            return value
        case ValueKind.DATE, str():
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise ValueError(f"{question.name} must be an ISO 8601 date") from None
        case ValueKind.CHOICES, list() if all(isinstance(item, str) for item in value):
            return tuple(str(item) for item in value)
        case _:
            pass
    raise ValueError(f"{question.name} must be {question.value_kind.value}")


@dataclass(frozen=True, slots=True)
class Unfitting:
    """One answer that a form cannot take: the question it was given to, None where the form has no such question, its
    name, and what was written, as text."""

    question: Question | None
    name: str
    written: str = field(repr=False)


MOST_INSTANCES = 100
"""Lines of one repeat that are read back; nobody types as many, and every one of them is a page to evaluate."""


def fitting(form: Form, data: Mapping[str, JsonValue], repeat: str = "") -> tuple[Answers, tuple[Unfitting, ...]]:
    """What of `data`, answers to another edition of the form perhaps, fits `form` (inside of `repeat`), and what does
    not. Like on the form itself, a number or a day may be there as it was typed. What nobody was asked is passed over.
    """
    items: dict[str, Value | tuple[Answers, ...]] = {}
    left: list[Unfitting] = []
    for name, value in data.items():
        entry = form.entries.get(name)
        if not repeat and name in form.repeats and isinstance(value, list):
            lines = [one for one in value if isinstance(one, dict)][:MOST_INSTANCES]
            found = [fitting(form, one, name) for one in lines]
            items[name] = tuple(answers for answers, _ in found)
            left += [one for _, unfit in found for one in unfit]
            left += [Unfitting(None, name, text) for one in value if one not in lines for text in texts_of(one)]
        elif entry is None or entry.repeat != repeat:
            left += [Unfitting(None, name, text) for text in texts_of(value)]
        elif entry.question.is_asked:
            try:
                items[name] = _as_offered(entry.question, value)
            except ValueError:
                left += [Unfitting(entry.question, name, text) for text in texts_of(value)]
    return Answers(items), tuple(left)


_TYPED = frozenset({ValueKind.DECIMAL, ValueKind.INTEGER, ValueKind.DATE})


def _as_offered(question: Question, value: JsonValue) -> Value:
    """`value` as an answer that can be chosen or typed. Raises ValueError."""
    try:
        found = _typed(question, value)
    except ValueError:
        if question.value_kind in _TYPED and isinstance(value, str):
            return value
        raise
    chosen = found if isinstance(found, tuple) else (found,) if question.choices and found is not None else ()
    if not {choice.name for choice in question.choices}.issuperset(chosen):
        raise ValueError(f"{question.name} does not offer this choice")
    return found


def texts_of(value: JsonValue) -> list[str]:
    """What was written in a value of the envelope, piece by piece, without what was left empty."""
    match value:
        case None | "" | [] | {}:
            return []
        case list():
            return [text for one in value for text in texts_of(one)]
        case dict():
            return [text for one in value.values() for text in texts_of(one)]
        case _:
            return [str(value)]
