"""What a person answered: an immutable mapping from question name to value, with repeats as tuples of such mappings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias, TypeGuard, cast

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
