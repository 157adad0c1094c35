"""Text to syntax tree, by recursive descent over the XPath 1.0 precedence of operators."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

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

_LONGEST = 2000
_DEEPEST = 40

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<reference>\$\{\s*[A-Za-z_][A-Za-z0-9_]*\s*\})
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<string>'[^']*'|"[^"]*")
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z_][A-Za-z0-9_]*)*)
    | (?P<symbol>!=|<=|>=|\.\.|[-+*=<>(),.])
    )""",
    re.VERBOSE,
)

_LEVELS: tuple[frozenset[Operator], ...] = (
    frozenset({Operator.OR}),
    frozenset({Operator.AND}),
    frozenset({Operator.EQUAL, Operator.NOT_EQUAL}),
    frozenset({Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST}),
    frozenset({Operator.PLUS, Operator.MINUS}),
    frozenset({Operator.TIMES, Operator.DIVIDE, Operator.MODULO}),
)
_COMPARISONS = _LEVELS[2] | _LEVELS[3]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def _tokens(source: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    end = len(source.rstrip())
    while position < end:
        found = _TOKEN.match(source, position)
        if found is None or found.lastgroup is None:
            raise ExpressionError(
                f"cannot read {source[position : position + 12].strip()!r} at character {position + 1}"
            )
        tokens.append(_Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup) + 1))
        position = found.end()
    tokens.append(_Token("end", "", len(source) + 1))
    return tokens


class _Parser:
    def __init__(self, source: str) -> None:
        self._tokens = _tokens(source)
        self._next = 0
        self._depth = 0

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _expect(self, text: str) -> None:
        token = self._take()
        if token.text != text or token.kind not in {"symbol", "name"}:
            raise ExpressionError(f"expected {text!r} at character {token.column}")

    def whole(self) -> Node:
        node = self._level(0)
        if self._peek().kind != "end":
            raise ExpressionError(f"unexpected {self._peek().text!r} at character {self._peek().column}")
        return node

    def _operator(self, level: int) -> Operator | None:
        token = self._peek()
        if token.kind not in {"symbol", "name"}:
            return None
        return next((operator for operator in _LEVELS[level] if operator.value == token.text), None)

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        node = self._level(level + 1)
        compared = False
        while (operator := self._operator(level)) is not None:
            token = self._take()
            if compared:
                # XPath reads a < b < c as (a < b) < c, which never means what its author meant.
                raise ExpressionError(f"two comparisons in a row at character {token.column}; join them with and")
            compared = operator in _COMPARISONS
            node = Binary(operator, node, self._level(level + 1))
        return node

    def _unary(self) -> Node:
        if self._peek().text == "-" and self._peek().kind == "symbol":
            self._take()
            return self._nested(lambda: Negation(self._unary()))
        return self._primary()

    def _nested(self, inner: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ExpressionError(f"nested deeper than {_DEEPEST} levels")
        node = inner()
        self._depth -= 1
        return node

    def _primary(self) -> Node:
        token = self._take()
        match token.kind, token.text:
            case "reference", text:
                return Reference(text[2:-1].strip())
            case "number", text:
                return NumberLiteral(Decimal(text))
            case "string", text:
                return StringLiteral(text[1:-1])
            case "symbol", ".":
                return Current()
            case "symbol", "(":
                node = self._nested(lambda: self._level(0))
                self._expect(")")
                return node
            case "name", text if self._peek().text == "(" and self._peek().kind == "symbol":
                return self._call(text, token.column)
            case "name", text:
                return Column(text)
            case _:
                raise ExpressionError(f"unexpected {token.text or 'end'!r} at character {token.column}")

    def _call(self, name: str, column: int) -> Node:
        self._expect("(")
        if name == "position":
            self._expect("..")
            self._expect(")")
            return Position()
        function = next((function for function in Function if function.value == name), None)
        if function is None:
            raise ExpressionError(f"unknown function {name} at character {column}")
        arguments: list[Node] = []
        if self._peek().text != ")":
            arguments.append(self._nested(lambda: self._level(0)))
            while self._peek().text == ",":
                self._take()
                arguments.append(self._nested(lambda: self._level(0)))
        self._expect(")")
        return Call(function, tuple(arguments))


def parse(source: str) -> Node:
    """The tree of `source`. Raises ExpressionError for anything outside the subset."""
    if len(source) > _LONGEST:
        raise ExpressionError(f"longer than {_LONGEST} characters")
    return _Parser(source).whole()
