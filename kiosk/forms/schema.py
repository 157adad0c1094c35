"""JSON Schema 2020-12 of a form's answers, as they stand in the envelope; both ends validate against it.

Nothing is `required`: an incomplete complaint is received all the same (登记立案规定 arts. 2 and 7).
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import JsonValue

from kiosk.forms.expression.checker import Type
from kiosk.forms.model import Entry, Form, Question, QuestionType, ValueKind

_DECIMAL: dict[str, JsonValue] = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_DATE: dict[str, JsonValue] = {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def answers_schema(form: Form) -> dict[str, JsonValue]:
    """The schema of `to_json(evaluation.answers)`."""
    properties = _properties(entry for entry in form.entries.values() if not entry.repeat)
    for name, repeat in form.repeats.items():
        inner = _properties(form.entries[question] for question in form.questions_of(name))
        items: dict[str, JsonValue] = {"type": "object", "properties": inner, "additionalProperties": False}
        properties[name] = {"type": "array", "title": repeat.label.zh, "items": items}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:court-kiosk:form:{form.form_id}:{form.version}",
        "title": form.title.zh,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _properties(entries: Iterable[Entry]) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for entry in entries:
        question = entry.question
        if question.type is QuestionType.NOTE:
            continue
        schema = _calculated(question) if question.calculation is not None else _answer(question)
        if question.label.zh:
            schema["title"] = question.label.zh
        found[question.name] = schema
    return found


def _calculated(question: Question) -> dict[str, JsonValue]:
    assert question.calculation is not None  # noqa: S101 - the caller looked
    match question.calculation.type:
        case Type.NUMBER:
            return dict(_DECIMAL)
        case Type.DATE:
            return dict(_DATE)
        case Type.BOOLEAN:
            return {"type": "boolean"}
        case _:
            return {"type": "string"}


def _answer(question: Question) -> dict[str, JsonValue]:
    names: list[JsonValue] = [choice.name for choice in question.choices]
    match question.value_kind:
        case ValueKind.TEXT:
            return {"type": "string", "enum": names} if names else {"type": "string"}
        case ValueKind.INTEGER:
            return {"type": "integer"}
        case ValueKind.DECIMAL:
            return dict(_DECIMAL)
        case ValueKind.DATE:
            return dict(_DATE)
        case ValueKind.BOOLEAN:
            return {"type": "boolean"}
        case ValueKind.CHOICES:
            return {"type": "array", "items": {"type": "string", "enum": names}, "uniqueItems": True}
