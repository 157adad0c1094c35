"""Answers as JSON: what the envelope carries to the court, and reading it back."""

from __future__ import annotations

from collections.abc import Mapping
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
