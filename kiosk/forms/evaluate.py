"""Which pages to show, what is calculated, and what is missing or wrong, for one set of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from kiosk.forms.answers import Answers, Path, Value
from kiosk.forms.entry import LONGEST_TEXT, format_value, has_fractions_of_fen, parse_entry
from kiosk.forms.findings import Finding, Severity, worded
from kiosk.forms.model import Choice, Form, Group, Item, Pii, Question, QuestionType, Repeat
from kiosk.forms.scope import FormScope, InstanceScope
from kiosk.i18n import Language, Text


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question as it stands on a page. `choices` are those its choice_filter leaves."""

    path: Path
    question: Question
    value: Value = field(repr=False)  # personal data stays out of logs and tracebacks
    choices: tuple[Choice, ...]
    finding: Finding | None

    @property
    def to_correct(self) -> Finding | None:
        """The finding that the person can do something about; advice is only to be known."""
        return self.finding if self.finding is not None and self.finding.severity is not Severity.ADVICE else None


@dataclass(frozen=True, slots=True)
class InstanceView:
    """One line of a repeat's summary: what it is called, where it begins, and how much in it is missing or wrong."""

    index: int
    summary: Text = field(repr=False)
    first_page: str
    findings: int


@dataclass(frozen=True, slots=True)
class RepeatView:
    """The summary after the instances of a repeat: add another, remove one, or continue."""

    name: str
    label: Text
    instances: tuple[InstanceView, ...]
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class PageView:
    """One page. Its key does not change with answers: `claims`, `parties[0]/identity`, or a repeat's own name."""

    key: str
    title: Text
    hint: Text | None
    questions: tuple[QuestionView, ...]
    repeat: RepeatView | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The state of a form.

    `values` are the calculations at top level; `answers` is what counts: only relevant answers, with defaults and
    calculations, as it goes into the envelope.
    """

    pages: tuple[PageView, ...]
    values: Mapping[str, Value] = field(repr=False)
    findings: tuple[Finding, ...]
    answers: Answers


def evaluate(form: Form, answers: Answers, today: date) -> Evaluation:
    """The state of `form` with `answers` on the day `today`. Accepts any answers, complete or not."""
    scope = FormScope(form, answers, today)
    builder = _Builder(scope)
    builder.items(form.items, scope.top, "")
    values = {
        name: scope.top.own(entry.question)
        for name, entry in form.entries.items()
        if entry.question.type is QuestionType.CALCULATE and not entry.repeat
    }
    return Evaluation(
        pages=tuple(builder.pages),
        values=MappingProxyType(values),
        findings=tuple(builder.findings),
        answers=builder.counted(form.items, scope.top),
    )


class _Builder:
    def __init__(self, scope: FormScope) -> None:
        self._scope = scope
        self.pages: list[PageView] = []
        self.findings: list[Finding] = []

    def items(self, items: tuple[Item, ...], level: InstanceScope, prefix: str) -> None:
        for item in items:
            if not level.item_relevant(item):
                continue
            match item:
                case Question():
                    if item.is_shown:
                        view = self._question(item, level)
                        self.pages.append(PageView(prefix + item.name, self._title(item.label, level), None, (view,)))
                case Group() if item.is_page:
                    self._page(item, level, prefix)
                case Group():
                    self.items(item.items, level, prefix)
                case Repeat():
                    self._repeat(item)

    def _title(self, label: Text, level: InstanceScope) -> Text:
        if level.repeat is None:
            return label
        around, number = level.repeat.label, level.position
        return Text(*(f"{around.in_(lang)} {number} · {label.in_(lang)}" for lang in Language))

    def _page(self, group: Group, level: InstanceScope, prefix: str) -> None:
        questions = tuple(
            self._question(item, level)
            for item in group.items
            if isinstance(item, Question) and item.is_shown and level.item_relevant(item)
        )
        if questions:
            self.pages.append(PageView(prefix + group.name, self._title(group.label, level), group.hint, questions))

    def _repeat(self, repeat: Repeat) -> None:
        levels = self._scope.levels(repeat)
        views: list[InstanceView] = []
        for index, level in enumerate(levels):
            first, before = len(self.pages), len(self.findings)
            self.items(repeat.items, level, f"{repeat.name}[{index}]/")
            key = self.pages[first].key if len(self.pages) > first else repeat.name
            wrong = sum(finding.severity is not Severity.ADVICE for finding in self.findings[before:])
            views.append(InstanceView(index, self._summary(repeat, level), key, wrong))
        finding = None
        if repeat.required and not self._scope.instance_count(repeat.name):
            message = worded("forms.missing_instance", repeat.label)
            finding = Finding(Path("", repeat.name), Severity.MISSING, message)
            self.findings.append(finding)
        view = RepeatView(repeat.name, repeat.label, tuple(views), finding)
        self.pages.append(PageView(repeat.name, repeat.label, repeat.hint, (), view))

    def _summary(self, repeat: Repeat, level: InstanceScope) -> Text:
        """What an instance is known by: the name in it, or else the first thing that was answered."""
        entries = self._scope.form.entries
        questions = [entries[name].question for name in self._scope.form.questions_of(repeat.name)]
        for question in sorted(questions, key=lambda question: question.pii is not Pii.NAME):
            if question.is_asked and level.own(question) is not None:
                value = level.answer(question)
                return Text(*(format_value(question, value, language) for language in Language))
        return Text("", "", "")

    def _question(self, question: Question, level: InstanceScope) -> QuestionView:
        path = Path(question.name, level.repeat.name, level.index) if level.repeat else Path(question.name)
        choices = question.choices
        if question.choice_filter is not None:
            choices = tuple(choice for choice in choices if level.offers(question, choice))
        finding = self._check(question, path, level, choices)
        if finding is not None:
            self.findings.append(finding)
        return QuestionView(path, question, level.answer(question), choices, finding)

    def _check(
        self, question: Question, path: Path, level: InstanceScope, choices: tuple[Choice, ...]
    ) -> Finding | None:
        if question.type is QuestionType.NOTE:
            return Finding(path, Severity.ADVICE, question.label) if "advice" in question.appearance else None
        atom = level.own(question)
        if atom is None:
            if level.is_malformed(question):
                return _malformed(question, level.answer(question), path)
            if not question.required:
                return None
            key = "forms.missing_choice" if question.choices else "forms.missing"
            return Finding(path, Severity.MISSING, worded(key, question.label))
        if question.choices:
            chosen = atom if isinstance(atom, tuple) else (atom,)
            if not {choice.name for choice in choices}.issuperset(chosen):
                return Finding(path, Severity.INVALID, worded("forms.not_a_choice"))
        elif isinstance(atom, str) and len(atom) > LONGEST_TEXT:
            return Finding(path, Severity.INVALID, worded("forms.too_long", most=LONGEST_TEXT))
        if question.is_money and isinstance(atom, Decimal) and has_fractions_of_fen(atom):
            return Finding(path, Severity.INVALID, worded("forms.too_fine"))
        if question.constraint_message is not None and not level.constraint_holds(question, atom):
            return Finding(path, Severity.INVALID, question.constraint_message)
        return None

    def counted(self, items: tuple[Item, ...], level: InstanceScope) -> Answers:
        """The relevant answers of one level, with defaults and calculations."""
        found: dict[str, Value | tuple[Answers, ...]] = {}
        self._count(items, level, found)
        return Answers(found)

    def _count(
        self, items: tuple[Item, ...], level: InstanceScope, found: dict[str, Value | tuple[Answers, ...]]
    ) -> None:
        for item in items:
            if not level.item_relevant(item):
                continue
            match item:
                case Group():
                    self._count(item.items, level, found)
                case Repeat():
                    real = self._scope.levels(item)[: self._scope.instance_count(item.name)]
                    found[item.name] = tuple(self.counted(item.items, inner) for inner in real)
                case Question(type=QuestionType.CALCULATE):
                    if (value := level.own(item)) is not None:
                        found[item.name] = value
                case Question():
                    if level.own(item) is not None:
                        found[item.name] = level.answer(item)


def _malformed(question: Question, value: Value, path: Path) -> Finding:
    """What is wrong with an answer of the wrong type: said of what was typed, where it was typed."""
    found = parse_entry(question, value, path) if isinstance(value, str) and not question.choices else None
    if isinstance(found, Finding):
        return found
    return Finding(path, Severity.INVALID, worded(_MALFORMED.get(question.type, "forms.not_a_choice")))


_MALFORMED = {
    QuestionType.DECIMAL: "forms.not_a_number",
    QuestionType.INTEGER: "forms.not_whole",
    QuestionType.DATE: "forms.not_a_date",
}
