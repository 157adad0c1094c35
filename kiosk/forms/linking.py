"""Compiling the expressions of a form against each other: what every name is, in which order they depend, no cycles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from kiosk.forms import columns
from kiosk.forms.expression.checker import Name, Setting, Type
from kiosk.forms.expression.evaluator import Expression, compile_expression
from kiosk.forms.expression.parser import parse
from kiosk.forms.expression.syntax import ExpressionError, references
from kiosk.forms.model import Choice, QuestionType
from kiosk.forms.problems import Problem, ProblemKind
from kiosk.forms.sheets import Row

Linked: TypeAlias = Mapping[tuple[str, str], Expression]
"""Expressions by (name of the row, column)."""

_TYPES = {
    QuestionType.INTEGER: Type.NUMBER,
    QuestionType.DECIMAL: Type.NUMBER,
    QuestionType.DATE: Type.DATE,
    QuestionType.SELECT_MULTIPLE: Type.MULTIPLE,
}


@dataclass(frozen=True, slots=True)
class Link:
    """A survey row with its surroundings. `kind` is its type, or `begin group` or `begin repeat`."""

    row: Row
    kind: str
    parents: tuple[str, ...]
    repeat: str
    choices: tuple[Choice, ...]

    @property
    def name(self) -> str:
        """The name of the row."""
        return self.row.get("name")


def link(links: tuple[Link, ...], problems: list[Problem]) -> Linked:
    """Every expression of the form, compiled. What is wrong is added to `problems`."""
    return _Linker(links, problems).run()


class _Linker:
    def __init__(self, links: tuple[Link, ...], problems: list[Problem]) -> None:
        self._links = {link.name: link for link in links}
        self._problems = problems
        self._names: dict[str, Name] = {}
        self._linked: dict[tuple[str, str], Expression] = {}

    def run(self) -> Linked:
        waiting: list[Link] = []
        for link in self._links.values():
            if link.kind == QuestionType.CALCULATE and link.row.get("calculation"):
                waiting.append(link)
            elif link.kind == "begin repeat":
                self._names[link.name] = Name(None, link.name)
            elif link.kind not in {"begin group", QuestionType.NOTE}:
                choices = frozenset(choice.name for choice in link.choices) or None
                self._names[link.name] = Name(_TYPES.get(QuestionType(link.kind), Type.STRING), link.repeat, choices)
        self._link_calculations(waiting)
        for link in self._links.values():
            for column in columns.EXPRESSIONS:
                if column != "calculation":
                    self._compile(link, column)
        self._find_cycles()
        return self._linked

    def _problem(self, link: Link, column: str, message: str, kind: ProblemKind) -> None:
        place = f"{link.name}: {message}"
        self._problems.append(Problem(kind, link.row.file, link.row.sheet, link.row.number, column, place))

    def _link_calculations(self, waiting: list[Link]) -> None:
        """A calculation has the type of its expression, so those it refers to come first."""
        unknown_yet = {link.name for link in waiting}
        while waiting:
            ready = [link for link in waiting if not unknown_yet & self._reads(link)]
            if not ready:
                for link in waiting:
                    self._problem(link, "calculation", "depends on itself", ProblemKind.CYCLE)
                return
            for link in ready:
                compiled = self._compile(link, "calculation")
                found = compiled.type if compiled else Type.STRING
                self._names[link.name] = Name(Type.STRING if found is Type.EMPTY else found, link.repeat)
                unknown_yet.discard(link.name)
            waiting = [link for link in waiting if link.name in unknown_yet]

    def _reads(self, link: Link) -> frozenset[str]:
        try:
            return references(parse(link.row.get("calculation")))
        except ExpressionError:
            return frozenset()  # said when it is compiled

    def _compile(self, link: Link, column: str) -> Expression | None:
        source = link.row.get(column)
        if not source:
            return None
        # The relevance of a repeat as a whole is decided outside its instances.
        repeat = "" if link.kind == "begin repeat" else link.repeat
        setting = Setting(
            names=self._names,
            repeat=repeat,
            current=self._names.get(link.name) if column == "constraint" else None,
            columns=frozenset(name for choice in link.choices for name in ("name", *choice.columns))
            if column == "choice_filter"
            else frozenset(),
        )
        try:
            compiled = compile_expression(source, setting, None if column == "calculation" else Type.BOOLEAN)
        except ExpressionError as error:
            self._problem(link, column, f"{error} in {source}", ProblemKind.EXPRESSION)
            return None
        self._linked[link.name, column] = compiled
        return compiled

    def _depends_on(self, link: Link) -> frozenset[str]:
        """What must be known before the value or the relevance of a row is: its own expressions, and its parents."""
        found: set[str] = set(link.parents)
        for column in ("relevant", "calculation"):
            compiled = self._linked.get((link.name, column))
            found |= compiled.references if compiled else frozenset()
        return frozenset(found)

    def _find_cycles(self) -> None:
        done: set[str] = set()
        for start in self._links:
            self._visit(start, [], done)

    def _visit(self, name: str, trail: list[str], done: set[str]) -> None:
        if name in done or name not in self._links:
            return
        if name in trail:
            circle = " → ".join([*trail[trail.index(name) :], name])
            column = "calculation" if self._links[name].kind == QuestionType.CALCULATE else "relevant"
            self._problem(self._links[name], column, f"depends on itself: {circle}", ProblemKind.CYCLE)
            done.update(trail)
            return
        trail.append(name)
        for needed in sorted(self._depends_on(self._links[name])):
            self._visit(needed, trail, done)
        trail.pop()
        done.add(name)
