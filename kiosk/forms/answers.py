"""What a person answered: an immutable mapping from question name to value, with repeats as tuples of such mappings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeAlias, TypeGuard, cast

if TYPE_CHECKING:
    from pydantic import JsonValue

    from kiosk.forms.model import Form, Question

Value: TypeAlias = str | Decimal | int | date | bool | tuple[str, ...] | None
"""An answer. None means asked and left empty; a name that is absent was never touched, so its default still counts."""


@dataclass(frozen=True, slots=True, order=True)
class Path:
    """Where an answer stands: a question name, and the repeat and instance (counted from 0) if it is inside one.

    Names are unique in a form and repeats do not nest, so this is enough. A path with an empty `name` is the repeat
    itself.
    """

    name: str
    repeat: str = ""
    index: int = 0

    def __str__(self) -> str:
        if not self.repeat:
            return self.name
        return f"{self.repeat}[{self.index}]/{self.name}" if self.name else self.repeat


class Answers(Mapping[str, "Value | tuple[Answers, ...]"]):
    """The answers of one form, or of one instance of a repeat. Never changes; `set_value` returns a new one."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Value | tuple[Answers, ...]] | None = None) -> None:
        self._items: dict[str, Value | tuple[Answers, ...]] = dict(items or {})

    def __getitem__(self, name: str) -> Value | tuple[Answers, ...]:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        # Answers are personal data, so neither a log line nor a traceback may show them.
        return f"Answers({', '.join(self._items)})"

    def value(self, name: str) -> Value:
        """The answer to a question of this level, None where there is none. Raises TypeError for a repeat."""
        found = self._items.get(name)
        if is_instances(found):
            raise TypeError(f"{name} is a repeat")
        return cast(Value, found)

    def instances(self, repeat: str) -> tuple[Answers, ...]:
        """The instances of a repeat, empty where there are none. Raises TypeError for a question."""
        found = self._items.get(repeat) or ()
        if found and not is_instances(found):
            raise TypeError(f"{repeat} is not a repeat")
        return cast("tuple[Answers, ...]", found)

    def replaced(self, name: str, value: Value | tuple[Answers, ...]) -> Answers:
        """A copy in which `name` is `value`."""
        return Answers({**self._items, name: value})


def is_instances(value: Value | tuple[Answers, ...]) -> TypeGuard[tuple[Answers, ...]]:
    """Whether a value is the instances of a repeat rather than an answer. An empty tuple counts as an answer."""
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Answers)


def get_value(answers: Answers, path: Path) -> Value:
    """The answer at `path`, None where nothing was answered or the instance does not exist."""
    if not path.repeat:
        return answers.value(path.name)
    instances = answers.instances(path.repeat)
    return instances[path.index].value(path.name) if path.index < len(instances) else None


def set_value(answers: Answers, path: Path, value: Value) -> Answers:
    """`answers` with `value` at `path`. The instance after the last one is created; beyond it is an IndexError."""
    if not path.repeat:
        return answers.replaced(path.name, value)
    instances = answers.instances(path.repeat)
    if path.index == len(instances):
        instances = (*instances, Answers())
    changed = instances[path.index].replaced(path.name, value)
    return answers.replaced(path.repeat, (*instances[: path.index], changed, *instances[path.index + 1 :]))


def add_instance(answers: Answers, repeat: str) -> Answers:
    """`answers` with one more, empty, instance at the end of `repeat`."""
    return answers.replaced(repeat, (*answers.instances(repeat), Answers()))


def remove_instance(answers: Answers, repeat: str, index: int) -> Answers:
    """`answers` without instance `index` of `repeat`; the later ones move up. Raises IndexError if there is none."""
    instances = answers.instances(repeat)
    if not 0 <= index < len(instances):
        raise IndexError(index)
    return answers.replaced(repeat, (*instances[:index], *instances[index + 1 :]))


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
    from kiosk.forms.model import ValueKind  # the model needs Value from here

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
