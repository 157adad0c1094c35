"""What a form is: questions, pages, repeats and choices, as read from an XLSForm sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from kiosk.forms.answers import Value
from kiosk.forms.expression.evaluator import Expression
from kiosk.i18n import Text

MOST_FIELDS_PER_PAGE = 5
"""One topic per page; with more fields than this a page would scroll, or people would lose their place."""


class QuestionType(StrEnum):
    """XLSForm question types, written as in the `type` column (a signature is an `image` with that appearance)."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    NOTE = "note"
    CALCULATE = "calculate"
    HIDDEN = "hidden"  # set by the program, never shown
    ACKNOWLEDGE = "acknowledge"
    IMAGE = "image"
    SIGNATURE = "signature"


class ValueKind(StrEnum):
    """What an answer to a question is in Python and in JSON."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICES = "list of choices"


class Pii(StrEnum):
    """Masking classes of the `court::pii` column: how an answer is shortened on shared screens and slips."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    ADDRESS = "address"
    BIRTH = "birth"
    EMAIL = "email"
    ACCOUNT = "account"
    PRIVATE = "private"  # health, family life and the like: never shown outside the form


_VALUE_KINDS = {
    QuestionType.INTEGER: ValueKind.INTEGER,
    QuestionType.DECIMAL: ValueKind.DECIMAL,
    QuestionType.DATE: ValueKind.DATE,
    QuestionType.SELECT_MULTIPLE: ValueKind.CHOICES,
    QuestionType.ACKNOWLEDGE: ValueKind.BOOLEAN,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a choice list. `columns` are the extra columns that a choice_filter may read."""

    name: str
    label: Text
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One row that holds or shows something.

    `file` and `row` say where it was written. `clause` is the legal basis and `doc` the part of the pleading (such as
    `claims`), both inherited from the page or section around the row where it has none. `evidence` names a paper that
    proves the answer; `review` marks what a clerk must see.
    """

    name: str
    type: QuestionType
    label: Text
    file: str
    row: int
    hint: Text | None = None
    required: bool = False
    relevant: Expression | None = None
    constraint: Expression | None = None
    constraint_message: Text | None = None
    calculation: Expression | None = None
    appearance: frozenset[str] = frozenset()
    choice_list: str = ""
    choices: tuple[Choice, ...] = ()
    choice_filter: Expression | None = None
    default: Value = None
    clause: str = ""
    doc: str = ""
    speak: Text | None = None
    pii: Pii | None = None
    evidence: Text | None = None
    review: bool = False

    @property
    def spoken(self) -> Text:
        """What the voice says: the `court::speak` wording, or the label."""
        return self.speak or self.label

    @property
    def is_money(self) -> bool:
        """Whether the answer is an amount in yuan with at most two decimals."""
        return "money" in self.appearance

    @property
    def is_asked(self) -> bool:
        """Whether the person can answer it (calculations, hidden values and notes are not asked)."""
        return self.type not in {QuestionType.CALCULATE, QuestionType.HIDDEN, QuestionType.NOTE}

    @property
    def is_shown(self) -> bool:
        """Whether it appears on a page."""
        return self.type not in {QuestionType.CALCULATE, QuestionType.HIDDEN}

    @property
    def value_kind(self) -> ValueKind:
        """The kind of its answer."""
        return _VALUE_KINDS.get(self.type, ValueKind.TEXT)


@dataclass(frozen=True, slots=True)
class Group:
    """A page (`field-list`) of questions, or a section of pages that share a relevance."""

    name: str
    label: Text
    row: int
    items: tuple[Item, ...]
    is_page: bool
    hint: Text | None = None
    relevant: Expression | None = None
    clause: str = ""
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Pages asked once per instance. A `required` repeat shows an empty first instance and misses it if left empty."""

    name: str
    label: Text
    row: int
    items: tuple[Item, ...]
    hint: Text | None = None
    required: bool = False
    relevant: Expression | None = None
    clause: str = ""
    doc: str = ""


Item: TypeAlias = Question | Group | Repeat


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and where it stands: the chain of groups and repeats around it, outermost first."""

    question: Question
    parents: tuple[Group | Repeat, ...]

    @property
    def repeat(self) -> str:
        """The name of the repeat around it, empty at top level."""
        return next((parent.name for parent in self.parents if isinstance(parent, Repeat)), "")


@dataclass(frozen=True)
class Form:
    """One form. `causes` are the causes of action (name or code) whose complaints it serves."""

    form_id: str
    version: str
    title: Text
    items: tuple[Item, ...]
    causes: tuple[str, ...] = ()

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Every question by name, in the order of the form."""
        return MappingProxyType({entry.question.name: entry for entry in _walk(self.items, ())})

    @cached_property
    def chains(self) -> Mapping[str, tuple[Item, ...]]:
        """For every question and repeat, the items around it, outermost first, and itself at the end."""
        found: dict[str, tuple[Item, ...]] = {}
        for name, entry in self.entries.items():
            found[name] = (*entry.parents, entry.question)
            for depth, parent in enumerate(entry.parents, start=1):
                found.setdefault(parent.name, entry.parents[:depth])
        return MappingProxyType(found)

    def questions_of(self, repeat: str) -> tuple[str, ...]:
        """The names of the questions inside a repeat."""
        return tuple(name for name, entry in self.entries.items() if entry.repeat == repeat)

    @cached_property
    def repeats(self) -> Mapping[str, Repeat]:
        """Every repeat by name."""
        return MappingProxyType({r.name: r for e in self.entries.values() for r in e.parents if isinstance(r, Repeat)})


def _walk(items: tuple[Item, ...], parents: tuple[Group | Repeat, ...]) -> Iterator[Entry]:
    for item in items:
        if isinstance(item, Question):
            yield Entry(item, parents)
        else:
            yield from _walk(item.items, (*parents, item))
