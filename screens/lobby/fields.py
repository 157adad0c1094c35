"""A question of a form as a field on the screen, and what was typed as a value of the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kivy.uix.widget import Widget

from kiosk.forms.answers import Path, Value
from kiosk.forms.entry import parse_entry
from kiosk.forms.evaluate import QuestionView
from kiosk.forms.findings import Finding
from kiosk.forms.model import Pii, QuestionType
from screens.components import (
    Action,
    Choice,
    ChoiceList,
    DateField,
    KeyboardKind,
    MoneyField,
    Notice,
    NoticeKind,
    Stack,
    TextBlock,
    TextField,
    words,
)
from screens.components.context import Ui
from screens.components.notice import ErrorMessage

OnAnswer = Callable[[Path, Value], None]

LONG_TEXT_LINES = 5


@dataclass(frozen=True, slots=True)
class AnswerField:
    """One field: its widget, how to show a finding at it, how to put the focus on it."""

    widget: Widget
    show_finding: Callable[[Finding | None], None]
    focus: Action


def make_field(ui: Ui, view: QuestionView, answered: OnAnswer, presence: Action) -> AnswerField:
    """The field of one question. Every edit is told to `answered`, typed letters also to `presence`."""
    match view.question.type:
        case QuestionType.SELECT_ONE | QuestionType.SELECT_MULTIPLE | QuestionType.ACKNOWLEDGE:
            return _choice_field(ui, view, answered)
        case QuestionType.NOTE:
            notice = Notice(ui, view.question.label, kind=NoticeKind.INFO)
            return AnswerField(notice, lambda _: None, lambda: None)
        case _:
            return _typed_field(ui, view, answered, presence)


def _typed_field(ui: Ui, view: QuestionView, answered: OnAnswer, presence: Action) -> AnswerField:
    question = view.question

    def changed(typed: str) -> None:
        presence()
        value = parse_entry(question, typed, view.path)
        # What cannot be understood is kept as it was typed: the person sees it, and so does the clerk.
        answered(view.path, typed if isinstance(value, Finding) else value)

    name, label, hint = str(view.path), question.label, question.hint
    field: TextField
    match question.type:
        case QuestionType.DATE:
            day = view.value if isinstance(view.value, date) else None
            field = DateField(ui, name=name, label=label, hint=hint, day=day, on_change=changed)
        case QuestionType.DECIMAL if question.is_money:
            amount = view.value if isinstance(view.value, Decimal) else None
            field = MoneyField(ui, name=name, label=label, hint=hint, amount=amount, on_change=changed)
        case _:
            field = TextField(
                ui,
                name=name,
                label=label,
                hint=hint,
                kind=_keyboard(view),
                lines=LONG_TEXT_LINES if "multiline" in question.appearance else 1,
                on_change=changed,
            )
    typed_before = "" if view.value is None else str(view.value)
    if not field.value and typed_before:
        field.value = typed_before

    def show(finding: Finding | None) -> None:
        field.error = finding.message if finding is not None else None

    return AnswerField(field, show, field.focus)


def _keyboard(view: QuestionView) -> KeyboardKind:
    question = view.question
    if question.type in {QuestionType.INTEGER, QuestionType.DECIMAL} or "numbers" in question.appearance:
        return KeyboardKind.MONEY if question.type is QuestionType.DECIMAL else KeyboardKind.DIGITS
    match question.pii:
        case Pii.PHONE:
            return KeyboardKind.DIGITS
        case Pii.ID_NUMBER:
            return KeyboardKind.LATIN
        case Pii.NAME:
            return KeyboardKind.NAME
        case _:
            return KeyboardKind.TEXT


def _choice_field(ui: Ui, view: QuestionView, answered: OnAnswer) -> AnswerField:
    question = view.question
    multiple = question.type is not QuestionType.SELECT_ONE
    if question.type is QuestionType.ACKNOWLEDGE:
        choices = [Choice("yes", words("lobby.form.acknowledge"))]
        selected: tuple[str, ...] = ("yes",) if view.value is True else ()
    else:
        choices = [Choice(choice.name, choice.label) for choice in view.choices]
        selected = view.value if isinstance(view.value, tuple) else (str(view.value),) if view.value else ()

    def changed(values: tuple[str, ...]) -> None:
        match question.type:
            case QuestionType.ACKNOWLEDGE:
                answered(view.path, bool(values))
            case QuestionType.SELECT_MULTIPLE:
                answered(view.path, values or None)
            case _:
                answered(view.path, values[0] if values else None)

    items = ChoiceList(
        ui,
        name=str(view.path),
        choices=choices,
        selected=selected,
        multiple=multiple,
        columns=2 if _short(choices) else 1,
        on_change=changed,
    )
    message = ErrorMessage(ui)
    parts: list[Widget] = [TextBlock(ui, question.label, bold=True)]
    if question.hint is not None:
        parts.append(TextBlock(ui, question.hint, ink="hint"))
    widget = Stack(ui, (*parts, message, items), gap_mm=1.6)

    def show(finding: Finding | None) -> None:
        message.text = finding.message if finding is not None else ""

    return AnswerField(widget, show, lambda: ui.focus_on(items.items[0]))


def _short(choices: list[Choice]) -> bool:
    """Whether two fit side by side in every language."""
    texts = [choice.text for choice in choices]
    return len(choices) >= 2 and all(not isinstance(t, str) and len(t.zh) <= 6 and len(t.en) <= 12 for t in texts)
