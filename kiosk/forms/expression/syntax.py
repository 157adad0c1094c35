"""The syntax tree of an expression: a closed set of frozen nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


class ExpressionError(Exception):
    """An expression outside the subset; the message says what and where."""


class Operator(StrEnum):
    """Binary operators, as written."""

    OR = "or"
    AND = "and"
    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    DIVIDE = "div"
    MODULO = "mod"


class Function(StrEnum):
    """Functions, as written."""

    IF = "if"
    SELECTED = "selected"
    COUNT = "count"
    SUM = "sum"
    ROUND = "round"
    TODAY = "today"
    STRING_LENGTH = "string-length"
    REGEX = "regex"
    COALESCE = "coalesce"
    COUNT_SELECTED = "count-selected"
    CONCAT = "concat"
    NUMBER = "number"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class NumberLiteral:
    """A number as written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class StringLiteral:
    """Text between quotation marks."""

    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """`${name}`: another question, or a repeat inside count()."""

    name: str


@dataclass(frozen=True, slots=True)
class Current:
    """`.`: the answer being checked."""


@dataclass(frozen=True, slots=True)
class Position:
    """`position(..)`: which instance of the repeat this is, from 1."""


@dataclass(frozen=True, slots=True)
class Column:
    """A bare name: a column of the choices sheet, in a choice_filter."""

    name: str


@dataclass(frozen=True, slots=True)
class Negation:
    """`-x`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`."""

    operator: Operator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments)`."""

    function: Function
    arguments: tuple[Node, ...]


Node: TypeAlias = NumberLiteral | StringLiteral | Reference | Current | Position | Column | Negation | Binary | Call


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything below it."""
    yield node
    match node:
        case Negation(operand):
            yield from walk(operand)
        case Binary(_, left, right):
            yield from walk(left)
            yield from walk(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from walk(argument)
        case _:
            pass


def references(node: Node) -> frozenset[str]:
    """The names that `node` refers to."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Reference))
