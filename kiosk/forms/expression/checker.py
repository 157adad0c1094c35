"""Static types: every expression is checked when the form is loaded, never while a person waits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from kiosk.forms.expression.syntax import (
    Binary,
    Call,
    Column,
    Current,
    ExpressionError,
    Function,
    Negation,
    Node,
    NumberLiteral,
    Operator,
    Position,
    Reference,
    StringLiteral,
)


class Type(StrEnum):
    """What an expression gives. EMPTY is the literal '' alone, which goes with every type."""

    NUMBER = "number"
    STRING = "text"
    BOOLEAN = "yes or no"
    DATE = "date"
    MULTIPLE = "list of choices"
    EMPTY = "nothing"


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for: the type of its answer (None for a repeat), its repeat, and its choices if it has any."""

    type: Type | None
    repeat: str = ""
    choices: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an expression stands. `current` is what `.` is, None where there is no `.`; columns are of the choices."""

    names: Mapping[str, Name]
    repeat: str = ""
    current: Name | None = None
    columns: frozenset[str] = frozenset()


_ARITHMETIC = {Operator.PLUS, Operator.MINUS, Operator.TIMES, Operator.DIVIDE, Operator.MODULO}
_ORDER = {Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST}
_ARGUMENTS = {
    Function.IF: (3, 3),
    Function.SELECTED: (2, 2),
    Function.COUNT: (1, 1),
    Function.SUM: (1, 1),
    Function.ROUND: (1, 2),
    Function.TODAY: (0, 0),
    Function.STRING_LENGTH: (1, 1),
    Function.REGEX: (2, 2),
    Function.COALESCE: (2, 2),
    Function.COUNT_SELECTED: (1, 1),
    Function.CONCAT: (1, 20),
    Function.NUMBER: (1, 1),
    Function.NOT: (1, 1),
}


def check(node: Node, setting: Setting, wanted: Type | None = None) -> Type:
    """The type of `node`. Raises ExpressionError where it has none, or where it is not what is `wanted`."""
    found = _Checker(setting).type_of(node)
    if wanted is not None and found is not wanted:
        raise ExpressionError(f"must give {wanted.value}, not {found.value}")
    return found


class _Checker:
    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def type_of(self, node: Node) -> Type:
        match node:
            case NumberLiteral():
                return Type.NUMBER
            case StringLiteral(value):
                return Type.STRING if value else Type.EMPTY
            case Reference() | Current():
                return self._single(node)
            case Position():
                if not self._setting.repeat:
                    raise ExpressionError("position(..) outside a repeat")
                return Type.NUMBER
            case Column(name):
                if name not in self._setting.columns:
                    raise ExpressionError(f"unknown name {name}; a question is written ${{{name}}}")
                return Type.STRING
            case Negation(operand):
                self._must(operand, Type.NUMBER, "-")
                return Type.NUMBER
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)
            case _:
                assert_never(node)

    def _name(self, node: Reference | Current) -> Name:
        if isinstance(node, Current):
            if self._setting.current is None:
                raise ExpressionError("`.` stands only in a constraint")
            return self._setting.current
        found = self._setting.names.get(node.name)
        if found is None:
            raise ExpressionError(f"unknown question ${{{node.name}}}")
        return found

    def _single(self, node: Reference | Current) -> Type:
        found = self._name(node)
        if found.type is None:
            raise ExpressionError("a repeat can only be counted")
        if isinstance(node, Reference) and found.repeat and found.repeat != self._setting.repeat:
            raise ExpressionError(f"${{{node.name}}} has many answers here; use sum or count")
        return found.type

    def _must(self, node: Node, wanted: Type, where: str) -> None:
        found = self.type_of(node)
        if found is not wanted:
            raise ExpressionError(f"{where} takes {wanted.value}, not {found.value}")

    def _binary(self, node: Binary) -> Type:
        operator = node.operator
        if operator in _ARITHMETIC:
            self._must(node.left, Type.NUMBER, operator.value)
            self._must(node.right, Type.NUMBER, operator.value)
            return Type.NUMBER
        if operator in {Operator.AND, Operator.OR}:
            self._must(node.left, Type.BOOLEAN, operator.value)
            self._must(node.right, Type.BOOLEAN, operator.value)
            return Type.BOOLEAN
        left, right = self.type_of(node.left), self.type_of(node.right)
        if operator in _ORDER:
            if left is not right or left not in {Type.NUMBER, Type.DATE}:
                raise ExpressionError(f"{operator.value} compares two numbers or two dates")
            return Type.BOOLEAN
        if left is not right and Type.EMPTY not in {left, right}:
            raise ExpressionError(f"{operator.value} compares {left.value} with {right.value}")
        if left is right is Type.MULTIPLE:
            raise ExpressionError("use selected() for a question with several choices")
        self._known_choice(node.left, node.right)
        self._known_choice(node.right, node.left)
        return Type.BOOLEAN

    def _known_choice(self, question: Node, literal: Node) -> None:
        if isinstance(question, Reference | Current) and isinstance(literal, StringLiteral) and literal.value:
            choices = self._name(question).choices
            if choices is not None and literal.value not in choices:
                raise ExpressionError(f"'{literal.value}' is not a choice")

    def _call(self, node: Call) -> Type:
        function, arguments = node.function, node.arguments
        least, most = _ARGUMENTS[function]
        if not least <= len(arguments) <= most:
            raise ExpressionError(
                f"{function.value} takes {least if least == most else f'{least} to {most}'} arguments"
            )
        match function:
            case Function.IF:
                self._must(arguments[0], Type.BOOLEAN, "if")
                return self._common(arguments[1:], "if")
            case Function.COALESCE:
                return self._common(arguments, "coalesce")
            case Function.SELECTED:
                if self.type_of(arguments[0]) not in {Type.STRING, Type.MULTIPLE}:
                    raise ExpressionError("selected takes a question with choices")
                self._literal(arguments[1], "the second argument of selected")
                self._known_choice(arguments[0], arguments[1])
                return Type.BOOLEAN
            case Function.COUNT | Function.SUM:
                self._nodes(arguments[0], function)
                return Type.NUMBER
            case Function.ROUND:
                for argument in arguments:
                    self._must(argument, Type.NUMBER, "round")
                if len(arguments) > 1 and not isinstance(arguments[1], NumberLiteral):
                    raise ExpressionError("the digits of round must be a plain number")
                return Type.NUMBER
            case Function.TODAY:
                return Type.DATE
            case Function.STRING_LENGTH:
                self._must(arguments[0], Type.STRING, "string-length")
                return Type.NUMBER
            case Function.REGEX:
                self._must(arguments[0], Type.STRING, "regex")
                self._pattern(self._literal(arguments[1], "the pattern of regex"))
                return Type.BOOLEAN
            case Function.COUNT_SELECTED:
                self._must(arguments[0], Type.MULTIPLE, "count-selected")
                return Type.NUMBER
            case Function.CONCAT:
                for argument in arguments:
                    if self.type_of(argument) in {Type.MULTIPLE, Type.BOOLEAN}:
                        raise ExpressionError("concat takes texts, numbers and dates")
                return Type.STRING
            case Function.NUMBER:
                if self.type_of(arguments[0]) not in {Type.STRING, Type.NUMBER}:
                    raise ExpressionError("number takes text")
                return Type.NUMBER
            case Function.NOT:
                self._must(arguments[0], Type.BOOLEAN, "not")
                return Type.BOOLEAN
            case _:
                assert_never(function)

    def _common(self, arguments: tuple[Node, ...], where: str) -> Type:
        types = [self.type_of(argument) for argument in arguments]
        real = {found for found in types if found is not Type.EMPTY}
        if len(real) > 1:
            raise ExpressionError(f"{where} mixes {' and '.join(sorted(found.value for found in real))}")
        return real.pop() if real else Type.EMPTY

    def _literal(self, node: Node, what: str) -> str:
        if not isinstance(node, StringLiteral):
            raise ExpressionError(f"{what} must be a plain text in quotation marks")
        return node.value

    def _pattern(self, pattern: str) -> None:
        # Engines disagree on whether an unanchored pattern must match the whole text, so both anchors are asked for.
        if not (pattern.startswith("^") and pattern.endswith("$")):
            raise ExpressionError("a pattern begins with ^ and ends with $")
        try:
            re.compile(pattern)
        except re.error as error:
            raise ExpressionError(f"not a regular expression: {error}") from None

    def _nodes(self, node: Node, function: Function) -> None:
        if not isinstance(node, Reference):
            raise ExpressionError(f"{function.value} takes a question or repeat")
        found = self._name(node)
        if found.type is None:
            if function is Function.SUM:
                raise ExpressionError("sum takes a question with numbers")
            return
        if not found.repeat or found.repeat == self._setting.repeat:
            raise ExpressionError(f"${{{node.name}}} has one answer here; {function.value} takes one in a repeat")
        if function is Function.SUM and found.type is not Type.NUMBER:
            raise ExpressionError("sum takes a question with numbers")
