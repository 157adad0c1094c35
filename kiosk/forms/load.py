"""From sheets to a Form: everything is checked here, so that nothing can fail while a person fills the form in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType

from kiosk.forms import columns
from kiosk.forms.answers import Value
from kiosk.forms.columns import Cells
from kiosk.forms.linking import Link, Linked, link
from kiosk.forms.model import (
    MOST_FIELDS_PER_PAGE,
    Choice,
    Form,
    Group,
    Item,
    Question,
    QuestionType,
    Repeat,
)
from kiosk.forms.problems import FormError, Problem, ProblemKind
from kiosk.forms.sheets import Row, Workbook, read_workbook
from kiosk.i18n import Text

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NO_TEXT = Text("", "", "")
_TYPES = frozenset(kind.value for kind in QuestionType if kind is not QuestionType.SIGNATURE)


def load_form(path: Path) -> Form:
    """The form at `path` (.xlsx or .yaml). Raises FormError naming every row and column outside the profile."""
    form, problems = read_form(path)
    if form is None or problems:
        raise FormError(problems)
    return form


def read_form(path: Path) -> tuple[Form | None, tuple[Problem, ...]]:
    """The form at `path` and all its problems; no form where the sheets do not hang together."""
    try:
        workbook = read_workbook(path)
    except FormError as error:
        return None, error.problems
    return _Loader(workbook).form()


@dataclass(slots=True)
class _Frame:
    """A group or repeat that is still open while its rows are read."""

    cells: Cells
    kind: str
    clause: str
    doc: str
    items: list[Item] = field(default_factory=list)


class _Loader:
    def __init__(self, workbook: Workbook) -> None:
        self._book = workbook
        self._problems: list[Problem] = []
        self._lists = self._choice_lists()
        self._linked: Linked = MappingProxyType({})

    def form(self) -> tuple[Form | None, tuple[Problem, ...]]:
        self._check_rows()
        if not self._problems:
            self._linked = link(self._links(), self._problems)
        items = self._tree() if not self._problems else ()
        form = self._settings(items)
        return (form if items else None), tuple(self._problems)

    # -- settings and choices

    def _settings(self, items: tuple[Item, ...]) -> Form | None:
        if len(self._book.settings) != 1:
            self._note("settings", "needs exactly one row")
            return None
        cells = Cells(self._book.settings[0], self._problems)
        cells.only(columns.SETTINGS)
        for column in ("form_id", "version", "form_title"):
            if not cells.get(column):
                cells.problem(column, "is empty")
        title = cells.text("court::title", needed=True) or _NO_TEXT
        if title.zh != cells.get("form_title"):
            cells.problem("form_title", "differs from the Chinese court::title")
        causes = tuple(cells.get("court::causes").split())
        return Form(cells.get("form_id"), cells.get("version"), title, items, causes)

    def _note(self, sheet: str, message: str) -> None:
        self._problems.append(Problem(ProblemKind.STRUCTURE, self._book.file, sheet, 0, "", message))

    def _choice_lists(self) -> Mapping[str, tuple[Choice, ...]]:
        lists: dict[str, dict[str, Choice]] = {}
        for row in self._book.choices:
            cells = Cells(row, self._problems)
            name, list_name = cells.get("name"), cells.get("list_name")
            if not _NAME.fullmatch(name) or not _NAME.fullmatch(list_name):
                cells.problem("name", "list_name and name are lower-case words")
            if name in lists.setdefault(list_name, {}):
                cells.problem("name", f"stands twice in the list {list_name}")
            extra = {column: text for column, text in row.cells.items() if column not in columns.CHOICES}
            for column in extra:
                if not _NAME.fullmatch(column):
                    cells.problem(column, "unknown column")
            label = cells.text("label", needed=True) or _NO_TEXT
            lists[list_name][name] = Choice(name, label, MappingProxyType(extra))
        return {name: tuple(choices.values()) for name, choices in lists.items()}

    # -- the survey, row by row

    def _check_rows(self) -> None:
        if not self._book.survey:
            self._note("survey", "is empty")
        seen: dict[str, int] = {}
        for row in self._book.survey:
            cells = Cells(row, self._problems)
            cells.only(columns.SURVEY)
            kind, list_name = _type_of(row)
            if kind.startswith("end "):
                continue
            name = cells.get("name")
            if not _NAME.fullmatch(name):
                cells.problem("name", "a name is a lower-case word")
            elif name in seen:
                cells.problem("name", f"stands already in row {seen[name]}")
            seen.setdefault(name, row.number)
            if kind.startswith("begin "):
                continue
            if kind not in _TYPES:
                cells.problem("type", f"unknown type {cells.get('type') or '(empty)'}")
            elif kind in {QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE}:
                if list_name not in self._lists:
                    cells.problem("type", f"there is no choice list {list_name or '(empty)'}")
            elif list_name:
                cells.problem("type", f"unknown type {cells.get('type')}")

    def _links(self) -> tuple[Link, ...]:
        links: list[Link] = []
        open_names: list[tuple[str, str]] = []
        for row in self._book.survey:
            kind, list_name = _type_of(row)
            if kind.startswith("end "):
                if open_names:
                    open_names.pop()
                continue
            links.append(
                Link(
                    row=row,
                    kind=kind,
                    parents=tuple(name for name, _ in open_names),
                    repeat=next((name for name, opened in open_names if opened == "repeat"), ""),
                    choices=self._lists.get(list_name, ()),
                )
            )
            if kind.startswith("begin "):
                open_names.append((row.get("name"), kind.removeprefix("begin ")))
        return tuple(links)

    def _tree(self) -> tuple[Item, ...]:
        top = _Frame(Cells(Row(self._book.file, "survey", 0, {}), self._problems), "form", "", "")
        frames = [top]
        for row in self._book.survey:
            cells = Cells(row, self._problems)
            kind, list_name = _type_of(row)
            if kind.startswith("begin "):
                self._open(frames, cells, kind.removeprefix("begin "))
            elif kind.startswith("end "):
                if len(frames) == 1 or frames[-1].kind != kind.removeprefix("end "):
                    cells.problem("type", f"{kind} closes nothing")
                    return ()
                closed = frames.pop()
                frames[-1].items.append(self._closed(closed))
            else:
                frames[-1].items.append(self._question(cells, QuestionType(kind), list_name, frames[-1]))
        if len(frames) > 1:
            frames[-1].cells.problem("type", f"the {frames[-1].kind} is never closed")
            return ()
        return tuple(top.items)

    def _open(self, frames: list[_Frame], cells: Cells, kind: str) -> None:
        if kind == "repeat" and any(frame.kind == "repeat" for frame in frames):
            cells.problem("type", "a repeat inside a repeat")
        if any(_is_page(frame.cells) for frame in frames):
            cells.problem("type", f"a {kind} inside a page")
        clause = cells.get("court::clause") or frames[-1].clause
        frames.append(_Frame(cells, kind, clause, cells.get("court::doc") or frames[-1].doc))

    def _closed(self, frame: _Frame) -> Group | Repeat:
        cells, name = frame.cells, frame.cells.get("name")
        label = cells.text("label", needed=True) or _NO_TEXT
        if not frame.items:
            cells.problem("type", f"an empty {frame.kind}")
        for column in ("constraint", "calculation", "choice_filter", "default", "court::pii"):
            if cells.get(column):
                cells.problem(column, f"means nothing on a {frame.kind}")
        if frame.kind == "repeat":
            if cells.get("appearance"):
                cells.problem("appearance", "means nothing on a repeat; put the page inside it")
            return Repeat(
                name=name,
                label=label,
                row=cells.row.number,
                items=tuple(frame.items),
                hint=cells.text("hint"),
                required=cells.yes("required"),
                relevant=self._linked.get((name, "relevant")),
                clause=frame.clause,
                doc=frame.doc,
            )
        if cells.get("appearance") not in {"", "field-list"}:
            cells.problem("appearance", "a group is a page (field-list) or a section (empty)")
        if cells.get("required"):
            cells.problem("required", "means nothing on a group")
        fields = sum(isinstance(item, Question) and item.is_asked for item in frame.items)
        if _is_page(cells) and fields > MOST_FIELDS_PER_PAGE:
            cells.problem("type", f"{fields} fields on one page; at most {MOST_FIELDS_PER_PAGE}")
        return Group(
            name=name,
            label=label,
            row=cells.row.number,
            items=tuple(frame.items),
            is_page=_is_page(cells),
            hint=cells.text("hint"),
            relevant=self._linked.get((name, "relevant")),
            clause=frame.clause,
            doc=frame.doc,
        )

    def _question(self, cells: Cells, kind: QuestionType, list_name: str, frame: _Frame) -> Question:
        name = cells.get("name")
        if kind is QuestionType.IMAGE and cells.get("appearance") == "signature":
            kind = QuestionType.SIGNATURE
        signature = frozenset({"signature"}) if kind is QuestionType.SIGNATURE else None
        silent = kind in {QuestionType.CALCULATE, QuestionType.HIDDEN}
        question = Question(
            name=name,
            type=kind,
            label=cells.text("label", needed=not silent) or _NO_TEXT,
            file=cells.row.file,
            row=cells.row.number,
            hint=cells.text("hint"),
            required=cells.yes("required"),
            relevant=self._linked.get((name, "relevant")),
            constraint=self._linked.get((name, "constraint")),
            constraint_message=cells.text("constraint_message"),
            calculation=self._linked.get((name, "calculation")),
            appearance=signature or cells.appearance(kind),
            choice_list=list_name,
            choices=self._lists.get(list_name, ()),
            choice_filter=self._linked.get((name, "choice_filter")),
            clause=cells.get("court::clause") or frame.clause,
            doc=cells.get("court::doc") or frame.doc,
            speak=cells.text("court::speak"),
            pii=cells.pii(),
            evidence=cells.text("court::evidence"),
            review=cells.yes("court::review"),
        )
        self._check_question(cells, question)
        return replace(question, default=self._default(cells, question))

    def _check_question(self, cells: Cells, question: Question) -> None:
        if (question.calculation is None) == (question.type is QuestionType.CALCULATE):
            cells.problem("calculation", "belongs to every calculate and to nothing else")
        if (question.constraint is None) != (question.constraint_message is None):
            cells.problem("constraint_message", "goes together with a constraint")
        if question.choice_filter is not None and not question.choices:
            cells.problem("choice_filter", "needs choices")
        if not question.is_asked:
            for column in ("required", "constraint", "court::evidence::中文 (zh)"):
                if cells.get(column):
                    cells.problem(column, f"means nothing on a {question.type.value}")
        if question.type is QuestionType.NOTE and cells.get("default"):
            cells.problem("default", "means nothing on a note")

    def _default(self, cells: Cells, question: Question) -> Value:
        text = cells.get("default")
        names = {choice.name for choice in question.choices}
        try:
            match question.type:
                case _ if not text:
                    return None
                case QuestionType.TEXT | QuestionType.HIDDEN:
                    return text
                case QuestionType.INTEGER:
                    return int(text)
                case QuestionType.DECIMAL:
                    return Decimal(text)
                case QuestionType.DATE:
                    return date.fromisoformat(text)
                case QuestionType.SELECT_ONE if text in names:
                    return text
                case QuestionType.SELECT_MULTIPLE if names.issuperset(text.split()):
                    return tuple(text.split())
                case _:
                    pass
        except (ValueError, InvalidOperation):
            pass
        cells.problem("default", f"{text} is no answer to this question")
        return None


def _is_page(cells: Cells) -> bool:
    return cells.get("appearance") == "field-list"


def _type_of(row: Row) -> tuple[str, str]:
    """The type and, for a select, its list. `begin_group` and `begin group` are the same."""
    words = re.sub(r"^(begin|end)_", r"\1 ", row.get("type")).split()
    if words[:1] in (["begin"], ["end"]):
        kind = " ".join(words)
        return (kind, "") if kind[kind.find(" ") + 1 :] in {"group", "repeat"} else ("", "")
    return (words[0], " ".join(words[1:])) if words else ("", "")
