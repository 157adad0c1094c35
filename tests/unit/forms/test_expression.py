"""The expression language: golden cases, properties, and agreement with a second XPath engine."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree

import elementpath
import pytest
from elementpath.datatypes import Date10
from elementpath.xpath2 import XPath2Parser
from hypothesis import assume, given
from hypothesis import strategies as st

from kiosk.forms.expression.checker import Name, Setting, Type
from kiosk.forms.expression.evaluator import Atom, compile_expression
from kiosk.forms.expression.parser import parse
from kiosk.forms.expression.syntax import ExpressionError

NAMES = {
    "a": Name(Type.NUMBER),
    "b": Name(Type.NUMBER),
    "empty": Name(Type.NUMBER),
    "s": Name(Type.STRING),
    "blank": Name(Type.STRING),
    "one": Name(Type.STRING, choices=frozenset({"red", "blue"})),
    "many": Name(Type.MULTIPLE, choices=frozenset({"red", "blue"})),
    "none": Name(Type.MULTIPLE, choices=frozenset({"red", "blue"})),
    "d": Name(Type.DATE),
    "rows": Name(None, "rows"),
    "x": Name(Type.NUMBER, "rows"),
    "t": Name(Type.STRING, "rows"),
}
VALUES: dict[str, Atom] = {
    "a": Decimal("7.5"),
    "b": Decimal(2),
    "empty": None,
    "s": "借条",
    "blank": None,
    "one": "red",
    "many": ("red", "blue"),
    "none": None,
    "d": date(2025, 6, 1),
}


class Scope:
    """Answers for expressions under test; two instances of `rows`, the second without an amount."""

    position = 2
    today = date(2026, 3, 2)
    columns: Mapping[str, str] = MappingProxyType({"of": "person"})

    def __init__(self, values: Mapping[str, Atom] = VALUES, current: Atom = None) -> None:
        self._values = values
        self.current = current

    def value(self, name: str) -> Atom:
        return self._values[name]

    def values(self, name: str) -> list[Atom]:
        found: dict[str, list[Atom]] = {"rows": [None, None], "x": [Decimal("1.1"), None], "t": ["甲", None]}
        return found[name]


def run(source: str, current: Atom = None, repeat: str = "") -> Atom:
    setting = Setting(NAMES, repeat, Name(Type.STRING), frozenset({"of"}))
    return compile_expression(source, setting).run(Scope(current=current))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("${a} + ${b} * 2", Decimal("11.5")),
        ("(${a} + ${b}) * 2", Decimal("19.0")),
        ("${a} - 1 - 1", Decimal("5.5")),
        ("${a} div ${b}", Decimal("3.75")),
        ("${a} mod ${b}", Decimal("1.5")),
        ("-${b} + 3", Decimal(1)),
        ("0.1 + 0.2 = 0.3", True),
        ("${a} div 0", None),
        ("${empty} + 1", None),
        ("${empty} = ''", True),
        ("${a} != ''", True),
        ("${empty} < 1 or ${empty} >= 1", False),
        ("${empty} != 1", True),
        ("coalesce(${empty}, 0) + ${b}", Decimal(2)),
        ("if(${a} > 7, 'large', 'small')", "large"),
        ("if(${empty} > 7, 'large', '')", None),
        ("round(2.5)", Decimal(3)),
        ("round(-2.5)", Decimal(-2)),
        ("round(1.005, 2)", Decimal("1.01")),
        ("round(${empty})", None),
        ("sum(${x})", Decimal("1.1")),
        ("count(${rows})", Decimal(2)),
        ("count(${t})", Decimal(2)),
        ("selected(${many}, 'blue')", True),
        ("selected(${none}, 'blue')", False),
        ("selected(${one}, 'red')", True),
        ("count-selected(${many})", Decimal(2)),
        ("count-selected(${none})", Decimal(0)),
        ("string-length(${s})", Decimal(2)),
        ("string-length(${blank})", Decimal(0)),
        ("concat(${s}, '-', 1.50, ${blank}, ${d})", "借条-1.52025-06-01"),
        ("number('12.5') + 1", Decimal("13.5")),
        ("number(${s})", None),
        ("regex(${s}, '^借.$')", True),
        ("regex(${blank}, '^.*$')", False),
        ("not(${empty} = 1)", True),
        ("${d} < today()", True),
        ("today() = ${d}", False),
        ("of = 'person'", True),
        (". = 'x' and 1 = 1", False),
    ],
)
def test_golden(source: str, expected: Atom) -> None:
    assert run(source) == expected


def test_position_counts_from_one_inside_a_repeat() -> None:
    assert run("position(..)", repeat="rows") == Decimal(2)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("${nobody} = 1", "unknown question"),
        ("eval('x')", "unknown function"),
        ("${a} + 'x'", "takes number"),
        ("${a} = 'x'", "compares number with text"),
        ("${one} = 'green'", "not a choice"),
        ("selected(${many}, 'green')", "not a choice"),
        ("selected(${many}, ${s})", "plain text"),
        ("${many} = ${many}", "use selected"),
        ("${x} > 1", "many answers"),
        ("${rows} = 1", "only be counted"),
        ("sum(${a})", "one in a repeat"),
        ("sum(${t})", "numbers"),
        ("1 < 2 < 3", "two comparisons"),
        ("regex(${s}, 'abc')", "begins with ^"),
        ("regex(${s}, '^(+$')", "regular expression"),
        ("position(..)", "outside a repeat"),
        ("color = 'x'", "unknown name"),
        ("if(${a}, 1, 2)", "takes yes or no"),
        ("if(1 = 1, 1, 'x')", "mixes"),
        ("round(1, ${b})", "plain number"),
        ("${a} +", "unexpected"),
        ("(1", "expected"),
        ("1 2", "unexpected"),
        ("/html/body", "cannot read"),
        ("count()", "arguments"),
        ("(" * 60 + "1" + ")" * 60, "nested"),
        ("1" * 3000, "longer"),
    ],
)
def test_refused_when_loaded(source: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason.replace("(", r"\(").replace("^", r"\^")):
        run(source)


def test_current_stands_only_in_a_constraint() -> None:
    with pytest.raises(ExpressionError, match="only in a constraint"):
        compile_expression(". > 1", Setting(NAMES))


@given(st.text(alphabet="${}ab .()+-*<>=!,'\"1290 divmodandornot", max_size=40) | st.text(max_size=40))
def test_any_text_parses_or_is_refused(source: str) -> None:
    with suppress(ExpressionError):
        parse(source)


_NO_DOCUMENT = ElementTree.Element("form")

# -- well-typed expressions, drawn at random and given to both engines

_literals = st.decimals(min_value=0, max_value=10**6, places=2).map(lambda number: f"{number:f}")
_numbers: st.SearchStrategy[str] = st.deferred(
    lambda: (
        _literals
        | st.sampled_from(["${a}", "${b}"])
        | st.tuples(_numbers, st.sampled_from("+-*"), _numbers).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | st.tuples(_numbers, st.integers(1, 97)).map(lambda t: f"({t[0]} mod {t[1]})")
        | st.tuples(_numbers, st.sampled_from(["2", "4", "5", "10"])).map(lambda t: f"({t[0]} div {t[1]})")
        | _numbers.map(lambda n: f"-{n}")
        | _numbers.map(lambda n: f"round({n})")
        | _texts.map(lambda t: f"string-length({t})")
        | st.tuples(_conditions, _numbers, _numbers).map(lambda t: f"if({t[0]}, {t[1]}, {t[2]})")
    )
)
_texts: st.SearchStrategy[str] = st.deferred(
    lambda: (
        st.sampled_from(["'借条'", "'x'", "${s}", "${one}"])
        | st.tuples(_texts, _texts).map(lambda t: f"concat({t[0]}, {t[1]})")
    )
)
_conditions: st.SearchStrategy[str] = st.deferred(
    lambda: (
        st.tuples(_numbers, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), _numbers).map(
            lambda t: f"{t[0]} {t[1]} {t[2]}"
        )
        | st.sampled_from(["${s} = 'x'", "${one} = 'red'", "${one} != 'blue'", "${d} < ${e}", "${d} >= ${e}"])
        | st.tuples(_conditions, st.sampled_from(["and", "or"]), _conditions).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | _conditions.map(lambda c: f"not({c})")
        | st.just("regex(${s}, '^借.*$')")
    )
)


def _as_xpath(source: str) -> str:
    """The same expression in XPath 2.0: variables for questions, `if () then else` for if()."""
    return _rewrite_if(source.replace("${", "$").replace("}", "").replace("regex(", "matches("))


def _rewrite_if(source: str) -> str:
    start = source.find("if(")
    if start < 0:
        return source
    parts, depth, begin, end = [], 0, start + 3, start + 3
    quoted = False
    while True:
        character = source[end]
        quoted ^= character == "'"
        if not quoted:
            if character == "(":
                depth += 1
            elif character == ")" and depth == 0:
                parts.append(source[begin:end])
                break
            elif character == ")":
                depth -= 1
            elif character == "," and depth == 0:
                parts.append(source[begin:end])
                begin = end + 1
        end += 1
    condition, then, otherwise = (_rewrite_if(part) for part in parts)
    return f"{source[:start]}(if ({condition}) then {then} else {otherwise}){_rewrite_if(source[end + 1 :])}"


@given(
    source=_numbers | _conditions | _texts,
    a=st.decimals(min_value=-(10**8), max_value=10**8, places=2),
    b=st.decimals(min_value=-1000, max_value=1000, places=3),
    d=st.dates(date(1950, 1, 1), date(2050, 1, 1)),
    e=st.dates(date(1950, 1, 1), date(2050, 1, 1)),
)
def test_agrees_with_elementpath(source: str, a: Decimal, b: Decimal, d: date, e: date) -> None:
    assume(source.count("(") < 35)  # our nesting limit
    values: dict[str, Atom] = {"a": a, "b": b, "s": "借条一张", "one": "red", "d": d, "e": e}
    ours = compile_expression(source, Setting({**NAMES, "e": Name(Type.DATE)})).run(Scope(values))
    variables: Any = {
        name: Date10.fromstring(value.isoformat()) if isinstance(value, date) else value
        for name, value in values.items()
    }
    theirs = elementpath.select(_NO_DOCUMENT, _as_xpath(source), parser=XPath2Parser, variables=variables)
    if isinstance(theirs, list):
        (theirs,) = theirs
    if isinstance(ours, Decimal):
        # Both keep 28 significant digits, so only the last of them may differ after a long chain.
        assert abs(ours - Decimal(str(theirs))) <= abs(ours) * Decimal("1e-20")
    else:
        assert ours == theirs
