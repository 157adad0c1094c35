"""Checked trees become closures, so that an evaluation costs a few calls and looks nothing up twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal, DecimalException
from typing import Protocol, TypeAlias, assert_never

from kiosk.forms.expression.checker import Setting, Type, check
from kiosk.forms.expression.parser import parse
from kiosk.forms.expression.syntax import (
    Binary,
    Call,
    Column,
    Current,
    Function,
    Negation,
    Node,
    NumberLiteral,
    Operator,
    Position,
    Reference,
    StringLiteral,
    references,
)

Atom: TypeAlias = str | Decimal | bool | date | tuple[str, ...] | None
"""A value inside an expression; None is empty. Whole numbers are Decimal here, and an acknowledgement is 'OK'."""


class Scope(Protocol):
    """What a running expression can see."""

    @property
    def current(self) -> Atom: ...
    @property
    def today(self) -> date: ...
    @property
    def position(self) -> int: ...
    @property
    def columns(self) -> Mapping[str, str]: ...
    def value(self, name: str) -> Atom:
        """The answer to one question, as seen from here."""
        ...

    def values(self, name: str) -> list[Atom]:
        """The answers to a question in every instance of its repeat, or one entry per instance of a repeat."""
        ...


Run: TypeAlias = Callable[[Scope], Atom]


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed, checked and compiled expression. `references` are the names it reads."""

    source: str
    tree: Node
    type: Type
    references: frozenset[str]
    run: Run = field(compare=False, repr=False)

    def holds(self, scope: Scope) -> bool:
        """Whether a yes-or-no expression gives yes."""
        return self.run(scope) is True


def compile_expression(source: str, setting: Setting, wanted: Type | None = None) -> Expression:
    """`source`, ready to run. Raises ExpressionError."""
    tree = parse(source)
    found = check(tree, setting, wanted)
    return Expression(source, tree, found, references(tree), _compile(tree))


def as_text(value: Atom) -> str:
    """A value as concat writes it: numbers plainly without trailing zeros, dates as ISO 8601."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            text = format(value, "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case date():
            return value.isoformat()
        case tuple():
            return " ".join(value)
        case str():
            return value


def _compile(node: Node) -> Run:
    match node:
        case NumberLiteral(number):
            return lambda _: number
        case StringLiteral(text):
            constant = text or None
            return lambda _: constant
        case Reference(name):
            return lambda scope: scope.value(name)
        case Current():
            return lambda scope: scope.current
        case Position():
            return lambda scope: Decimal(scope.position)
        case Column(name):
            return lambda scope: scope.columns.get(name) or None
        case Negation(operand):
            inner = _compile(operand)
            return lambda scope: _negated(inner(scope))
        case Binary():
            return _compile_binary(node.operator, _compile(node.left), _compile(node.right))
        case Call():
            return _compile_call(node.function, node.arguments)
        case _:
            assert_never(node)


def _negated(value: Atom) -> Atom:
    return -value if isinstance(value, Decimal) else None


_ARITHMETIC: Mapping[Operator, Callable[[Decimal, Decimal], Decimal]] = {
    Operator.PLUS: lambda a, b: a + b,
    Operator.MINUS: lambda a, b: a - b,
    Operator.TIMES: lambda a, b: a * b,
    Operator.DIVIDE: lambda a, b: a / b,
    Operator.MODULO: lambda a, b: a % b,
}


def _compile_binary(operator: Operator, left: Run, right: Run) -> Run:
    match operator:
        case Operator.AND:
            return lambda scope: left(scope) is True and right(scope) is True
        case Operator.OR:
            return lambda scope: left(scope) is True or right(scope) is True
        case Operator.EQUAL:
            return lambda scope: left(scope) == right(scope)
        case Operator.NOT_EQUAL:
            return lambda scope: left(scope) != right(scope)
        case Operator.LESS:
            return lambda scope: _less(left(scope), right(scope))
        case Operator.GREATER:
            return lambda scope: _less(right(scope), left(scope))
        case Operator.AT_MOST:
            return lambda scope: _at_most(left(scope), right(scope))
        case Operator.AT_LEAST:
            return lambda scope: _at_most(right(scope), left(scope))
        case _:
            return _arithmetic(_ARITHMETIC[operator], left, right)


def _less(a: Atom, b: Atom) -> bool:
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return a < b
    return isinstance(a, date) and isinstance(b, date) and a < b


def _at_most(a: Atom, b: Atom) -> bool:
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return a <= b
    return isinstance(a, date) and isinstance(b, date) and a <= b


def _arithmetic(operation: Callable[[Decimal, Decimal], Decimal], left: Run, right: Run) -> Run:
    def run(scope: Scope) -> Atom:
        a, b = left(scope), right(scope)
        if not (isinstance(a, Decimal) and isinstance(b, Decimal)):
            return None
        try:
            return operation(a, b)
        except DecimalException:
            return None

    return run


def _rounded(value: Atom, digits: int) -> Atom:
    if not isinstance(value, Decimal):
        return None
    try:
        return (value.scaleb(digits) + Decimal("0.5")).to_integral_value(ROUND_FLOOR).scaleb(-digits)
    except DecimalException:
        return None


def _number(value: Atom) -> Atom:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,20}(\.[0-9]{1,8})?", value.strip()):
        return Decimal(value.strip())
    return None


def _total(values: list[Atom]) -> Atom:
    try:
        return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))
    except DecimalException:
        return None


def _selected(value: Atom, choice: str) -> bool:
    return choice in value if isinstance(value, tuple) else value == choice


def _compile_call(function: Function, arguments: tuple[Node, ...]) -> Run:
    compiled = [_compile(argument) for argument in arguments]
    match function:
        case Function.IF:
            condition, then, otherwise = compiled
            return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)
        case Function.COALESCE:
            first, second = compiled
            return lambda scope: second(scope) if (value := first(scope)) is None else value
        case Function.TODAY:
            return lambda scope: scope.today
        case Function.CONCAT:
            return lambda scope: "".join(as_text(part(scope)) for part in compiled) or None
        case _:
            return _compile_unary(function, arguments, compiled[0])


def _compile_unary(function: Function, arguments: tuple[Node, ...], inner: Run) -> Run:
    match function, arguments:
        case Function.SELECTED, (_, StringLiteral(choice)):
            return lambda scope: _selected(inner(scope), choice)
        case Function.COUNT, (Reference(name),):
            return lambda scope: Decimal(len(scope.values(name)))
        case Function.SUM, (Reference(name),):
            return lambda scope: _total(scope.values(name))
        case Function.ROUND, (_, NumberLiteral(digits)):
            return lambda scope: _rounded(inner(scope), int(digits))
        case Function.ROUND, _:
            return lambda scope: _rounded(inner(scope), 0)
        case Function.STRING_LENGTH, _:
            return lambda scope: Decimal(len(as_text(inner(scope))))
        case Function.REGEX, (_, StringLiteral(pattern)):
            compiled = re.compile(pattern)
            return lambda scope: compiled.fullmatch(as_text(inner(scope))) is not None and inner(scope) is not None
        case Function.COUNT_SELECTED, _:
            return lambda scope: Decimal(len(value)) if isinstance(value := inner(scope), tuple) else Decimal(0)
        case Function.NUMBER, _:
            return lambda scope: _number(inner(scope))
        case Function.NOT, _:
            return lambda scope: inner(scope) is not True
        case _:
            raise AssertionError(f"{function.value} was not checked")
