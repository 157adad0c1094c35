"""A question of a form as a field on the screen, and what was typed as a value of the form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kivy.uix.widget import Widget

from kiosk.forms.answers import Path, Value
from kiosk.forms.entry import parse_entry
from kiosk.forms.evaluate import PageView, QuestionView
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
    TextRole,
    Words,
    words,
)
from screens.components.context import Ui
from screens.components.notice import ErrorMessage

OnAnswer = Callable[[Path, Value], None]

LONG_TEXT_LINES = 5
ROOMY_TEXT_LINES = 8
ROOMY_TILE_UPRIGHT_MM, ROOMY_TILE_WIDE_MM = 26.0, 20.0
"""Height of an answer on a page that has room for it."""

_ID_KINDS = "id_kind"
"""The choice list of identity documents (blocks/identity)."""

_NUMBER_KEYBOARDS = {
    "resident": KeyboardKind.ID_NUMBER,
    "military": KeyboardKind.TEXT,  # 军字第…号
    "other": KeyboardKind.TEXT,
}
"""Documents whose number is not simply digits and capital letters, by their entry in that list."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom a field tells: what was answered, and that somebody is there."""

    answered: OnAnswer
    presence: Action


@dataclass(frozen=True, slots=True)
class Setting:
    """How the questions of a page are set: the heading above them, and whether they are few enough to be large."""

    heading: Words
    roomy: bool

    @property
    def role(self) -> TextRole:
        """The size of answers."""
        return TextRole.TITLE if self.roomy else TextRole.BODY

    def tile_mm(self, *, portrait: bool) -> float:
        """How high a choice is at least."""
        if not self.roomy:
            return 0.0
        return ROOMY_TILE_UPRIGHT_MM if portrait else ROOMY_TILE_WIDE_MM

    def lines(self, *, portrait: bool) -> int:
        """How many lines a long text shows."""
        return ROOMY_TEXT_LINES if self.roomy and portrait else LONG_TEXT_LINES


_ROOMY_QUESTIONS, _ROOMY_CHOICES = 2, 4


def setting_of(page: PageView) -> Setting:
    """A single question is its page's heading (ux-rule 11); a few leave room for larger answers.

    Only questions that are always on the page count, so that nothing changes its size while one answers.
    """
    always = [view for view in page.questions if view.question.is_asked and view.question.relevant is None]
    choices = sum(len(view.choices) for view in always)
    roomy = page.repeat is None and 0 < len(always) <= _ROOMY_QUESTIONS and choices <= _ROOMY_CHOICES
    single = len(always) == 1 and page.questions[0] is always[0] and page.hint is None and not page.key.count("[")
    return Setting(always[0].question.label if roomy and single else page.title, roomy)


class AnswerField(ABC):
    """One question on the page. It keeps nothing: each edit is told, and what the journey then says is shown."""

    widget: Widget
    anchor: Widget
    """The part one works with; what appears or goes around it must not move it."""

    @abstractmethod
    def show_finding(self, finding: Finding | None) -> None:
        """Put the message at the field, or take it away."""

    @abstractmethod
    def focus(self) -> None:
        """Bring the person here."""

    def follow(self, view: QuestionView, page: PageView) -> None:  # noqa: B027 - few fields depend on others
        """Something on the page was answered."""


class TypedField(AnswerField):
    """Text, numbers, amounts and dates."""

    def __init__(self, ui: Ui, view: QuestionView, page: PageView, setting: Setting, telling: Telling) -> None:
        self._view = view
        self._telling = telling
        self.field = self._made(ui, page, setting)
        self.widget, self.anchor = self.field, self.field.box
        if self.field.label.text == setting.heading:
            self.field.label.text = ""  # the heading asks it already; it is still spoken
        typed_before = "" if view.value is None else str(view.value)
        if not self.field.value and typed_before:
            self.field.value = typed_before

    def _made(self, ui: Ui, page: PageView, setting: Setting) -> TextField:
        question, value, role = self._view.question, self._view.value, setting.role
        name, label, hint = str(self._view.path), question.label, question.hint
        match question.type:
            case QuestionType.DATE:
                day = value if isinstance(value, date) else None
                return DateField(ui, name=name, label=label, hint=hint, day=day, on_change=self._changed, role=role)
            case QuestionType.DECIMAL if question.is_money:
                amount = value if isinstance(value, Decimal) else None
                return MoneyField(
                    ui, name=name, label=label, hint=hint, amount=amount, on_change=self._changed, role=role
                )
            case _:
                multiline = "multiline" in question.appearance
                return TextField(
                    ui,
                    name=name,
                    label=label,
                    hint=hint,
                    kind=keyboard_of(self._view, page),
                    lines=setting.lines(portrait=ui.panel.portrait) if multiline else 1,
                    on_change=self._changed,
                    role=TextRole.BODY if multiline else role,
                )

    def _changed(self, typed: str) -> None:
        self._telling.presence()
        value = parse_entry(self._view.question, typed, self._view.path)
        # What cannot be understood is kept as it was typed: the person sees it, and so does the clerk.
        self._telling.answered(self._view.path, typed if isinstance(value, Finding) else value)

    def show_finding(self, finding: Finding | None) -> None:
        message = finding.message if finding is not None else None
        if self.field.error != message:
            self.field.error = message

    def focus(self) -> None:
        self.field.focus()

    def follow(self, view: QuestionView, page: PageView) -> None:
        if type(self.field) is TextField:
            self.field.box.kind = keyboard_of(view, page)


class ChoiceField(AnswerField):
    """One of several, any of several, or a confirmation. What was chosen can be given up again."""

    def __init__(self, ui: Ui, view: QuestionView, setting: Setting, telling: Telling) -> None:
        self._ui = ui
        self._view = view
        self._telling = telling
        question = view.question
        if question.type is QuestionType.ACKNOWLEDGE:
            choices = [Choice("yes", words("lobby.form.acknowledge"))]
            selected: tuple[str, ...] = ("yes",) if view.value is True else ()
        else:
            choices = [Choice(choice.name, choice.label) for choice in view.choices]
            selected = view.value if isinstance(view.value, tuple) else (str(view.value),) if view.value else ()
        self._list = ChoiceList(
            ui,
            name=str(view.path),
            choices=choices,
            selected=selected,
            multiple=question.type is not QuestionType.SELECT_ONE,
            columns=columns_for(choices, wide=not ui.panel.portrait, roomy=setting.roomy),
            clearable=True,
            on_change=self._changed,
            min_height_mm=setting.tile_mm(portrait=ui.panel.portrait),
            role=setting.role,
        )
        self._message = ErrorMessage(ui)
        label = TextBlock(ui, "" if question.label == setting.heading else question.label, bold=True)
        hint = TextBlock(ui, question.hint if question.hint is not None else "", ink="hint")
        self.widget, self.anchor = Stack(ui, (label, hint, self._message, self._list), gap_mm=1.6), self._list

    def _changed(self, values: tuple[str, ...]) -> None:
        answer: Value
        match self._view.question.type:
            case QuestionType.ACKNOWLEDGE:
                answer = bool(values)
            case QuestionType.SELECT_MULTIPLE:
                answer = values or None
            case _:
                answer = values[0] if values else None
        self._telling.answered(self._view.path, answer)

    def show_finding(self, finding: Finding | None) -> None:
        message = finding.message if finding is not None else ""
        if self._message.text != message:
            self._message.text = message

    def focus(self) -> None:
        self._ui.focus_on(self._list.items[0])


class NoteField(AnswerField):
    """Something to know; there is nothing to answer."""

    def __init__(self, ui: Ui, view: QuestionView) -> None:
        self.widget = self.anchor = Notice(ui, view.question.label, kind=NoticeKind.INFO)

    def show_finding(self, finding: Finding | None) -> None:
        """An advice is itself the words of the note."""

    def focus(self) -> None:
        """A note is never led to."""


def make_field(ui: Ui, view: QuestionView, page: PageView, setting: Setting, telling: Telling) -> AnswerField:
    """The field of one question of `page`."""
    match view.question.type:
        case QuestionType.SELECT_ONE | QuestionType.SELECT_MULTIPLE | QuestionType.ACKNOWLEDGE:
            return ChoiceField(ui, view, setting, telling)
        case QuestionType.NOTE:
            return NoteField(ui, view)
        case _:
            return TypedField(ui, view, page, setting, telling)


def keyboard_of(view: QuestionView, page: PageView) -> KeyboardKind:
    """The keyboard for a question; that of an identity number follows the kind of document chosen on the page."""
    question = view.question
    match question.type:
        case QuestionType.DECIMAL:
            return KeyboardKind.MONEY
        case QuestionType.INTEGER:
            return KeyboardKind.DIGITS
        case _ if "numbers" in question.appearance:
            return KeyboardKind.DIGITS
        case _ if "code" in question.appearance:
            return KeyboardKind.CODE
    match question.pii:
        case Pii.PHONE | Pii.ACCOUNT:
            return KeyboardKind.DIGITS
        case Pii.EMAIL:
            return KeyboardKind.LATIN
        case Pii.ID_NUMBER:
            document = next((v.value for v in page.questions if v.question.choice_list == _ID_KINDS), None)
            return _NUMBER_KEYBOARDS.get(str(document), KeyboardKind.CODE)
        case Pii.NAME:
            return KeyboardKind.NAME
        case _:
            return KeyboardKind.TEXT


def columns_for(choices: Sequence[Choice], *, wide: bool, roomy: bool = False) -> int:
    """How many choices stand side by side: as many as fit without their words wrapping much in any language. With
    room on an upright screen each has a line of its own."""
    longest = max((_ems(choice) for choice in choices), default=0.0) * (TextRole.TITLE.value if roomy else 1.0)
    if len(choices) < 2 or (roomy and not wide):
        return 1
    if wide:
        fitting = 4 if longest <= 7 else 3 if longest <= 13 else 2
        return 2 if (len(choices), fitting) == (4, 3) else min(len(choices), fitting)
    return 2 if longest <= 7 or (len(choices) >= 6 and longest <= 14) else 1


def _ems(choice: Choice) -> float:
    """Width of the longest wording, in ems: an ideograph or a syllable is one, a Latin letter about half."""
    text = choice.text
    wordings = (text,) if isinstance(text, str) else (text.zh, text.ko, text.en)
    return max(sum(0.55 if ord(char) < 0x1100 else 0.95 for char in wording) for wording in wordings)
