"""One page of any form: the questions of the page as fields, findings in the same words above and beside them."""

from __future__ import annotations

from collections.abc import Hashable

from kivy.uix.widget import Widget

from kiosk.flow.events import SLOT_OF_STAGE, AddInstance, Continue, FieldAnswered, JumpTo, RemoveInstance
from kiosk.flow.filling import current_page
from kiosk.flow.journey import Journey
from kiosk.forms.answers import Path, Value
from kiosk.forms.evaluate import Evaluation, PageView, RepeatView
from kiosk.forms.findings import Finding
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    FieldError,
    Icon,
    Notice,
    NoticeKind,
    Row,
    TextBlock,
    TextRole,
    Words,
    words,
)
from screens.lobby.fields import AnswerField, make_field
from screens.lobby.frame import FramedScreen
from screens.lobby.screen import ScreenContext


class FormScreen(FramedScreen):
    """The page of a form that the journey is on. Every edit goes to the journey at once; nothing is kept here."""

    def __init__(self, context: ScreenContext, journey: Journey) -> None:
        self._fields: dict[Path, AnswerField] = {}
        self._page = self._page_of(context, journey)
        self._shown: Hashable = None
        self._errors_shown = False
        super().__init__(context, journey)
        self._shown = _shape(self._page)

    # -- which page

    def evaluation(self, context: ScreenContext, journey: Journey) -> Evaluation:
        """The evaluated form behind this stage."""
        return context.world().evaluate_slot(journey, SLOT_OF_STAGE[journey.stage])

    def _page_of(self, context: ScreenContext, journey: Journey) -> PageView:
        return current_page(journey, self.evaluation(context, journey))

    # -- content

    def title(self) -> Words:
        return self._page.title

    def intro(self) -> Words:
        return self._page.hint or ""

    def body(self) -> list[Widget]:
        self._fields = {}
        if self._page.repeat is not None:
            return self._repeat(self._page.repeat)
        found: list[Widget] = []
        for view in self._page.questions:
            field = make_field(self.ui, view, self._answered, self.context.presence)
            self._fields[view.path] = field
            found.append(field.widget)
        return found

    def _repeat(self, repeat: RepeatView) -> list[Widget]:
        found: list[Widget] = []
        for instance in repeat.instances:
            found.append(TextBlock(self.ui, instance.summary, role=TextRole.BODY, bold=True))
            if instance.findings:
                found.append(
                    Notice(self.ui, words("lobby.form.instance_findings", count=instance.findings), framed=False)
                )
            found.append(
                Row(
                    self.ui,
                    (
                        Button(
                            self.ui,
                            name=f"{repeat.name}.{instance.index}.edit",
                            text=words("lobby.form.edit"),
                            icon=Icon.PEN,
                            on_press=self.context.send(JumpTo(self.journey.stage, instance.first_page)),
                        ),
                        Button(
                            self.ui,
                            name=f"{repeat.name}.{instance.index}.remove",
                            text=words("lobby.form.remove"),
                            icon=Icon.CROSS,
                            on_press=self.context.send(RemoveInstance(repeat.name, instance.index)),
                        ),
                    ),
                    gap_mm=4.0,
                )
            )
        found.append(
            Button(
                self.ui,
                name=f"{repeat.name}.add",
                text=words("lobby.form.add" if repeat.instances else "lobby.form.add_first", label=repeat.label),
                icon=Icon.PLUS,
                style=ButtonStyle.SECONDARY,
                min_height_mm=18,
                on_press=self.context.send(AddInstance(repeat.name)),
            )
        )
        return found

    def _answered(self, path: Path, value: Value) -> None:
        self.context.dispatch(FieldAnswered(path, value))

    # -- refreshing

    def refresh(self, journey: Journey) -> None:
        self._page = self._page_of(self.context, journey)
        super().refresh(journey)
        shape = _shape(self._page)
        if self._shown is not None and shape != self._shown:
            focused = getattr(self.ui.focused, "name", None)
            self.rebuild_body()
            self._focus_again(focused)
        self._shown = shape
        for view in self._page.questions:
            if view.path in self._fields:
                self._fields[view.path].show_finding(view.finding if journey.findings_shown else None)
        self._show_errors(journey)

    def _focus_again(self, name: str | None) -> None:
        for path, field in self._fields.items():
            if name is not None and str(path) == name:
                field.focus()

    def _show_errors(self, journey: Journey) -> None:
        """The summary moves the focus, so it is put up once, when Continue has found something."""
        if not journey.findings_shown:
            if self._errors_shown:
                self.frame.show_errors(())
                self._errors_shown = False
            return
        if self._errors_shown:
            return
        self._errors_shown = True
        self.frame.show_errors([self._error(finding) for finding in _findings(self._page)])

    def _error(self, finding: Finding) -> FieldError:
        def jump() -> None:
            if finding.path in self._fields:
                self._fields[finding.path].focus()

        return FieldError(str(finding.path), finding.message, jump)

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if journey.findings_shown:
            found.append(Notice(self.ui, words("lobby.form.go_on_anyway"), kind=NoticeKind.INFO))
        return found

    def on_continue(self) -> Action:
        return self.context.send(Continue())


class EvidenceItemScreen(FormScreen):
    """One line of the evidence list; its scans are on the page after (screens/lobby/evidence.py)."""

    def evaluation(self, context: ScreenContext, journey: Journey) -> Evaluation:
        return context.world().evaluate_evidence(journey)


def _findings(page: PageView) -> list[Finding]:
    found = [view.finding for view in page.questions if view.finding is not None]
    if page.repeat is not None and page.repeat.finding is not None:
        found.append(page.repeat.finding)
    return found


def _shape(page: PageView) -> Hashable:
    """What makes the page look different: its questions with their choices, or its list of instances."""
    questions = tuple((view.path, tuple(choice.name for choice in view.choices)) for view in page.questions)
    repeat = page.repeat.instances if page.repeat is not None else ()
    return (page.key, questions, repeat)
