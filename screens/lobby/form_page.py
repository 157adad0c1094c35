"""One page of any form: the questions of the page as fields, findings in the same words above and beside them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from kivy.uix.widget import Widget

from kiosk.flow.events import SLOT_OF_STAGE, FieldAnswered
from kiosk.flow.filling import current_page
from kiosk.flow.journey import Journey
from kiosk.flow.offers.find import offered
from kiosk.flow.offers.model import Offer
from kiosk.flow.offers.touches import TakeReading
from kiosk.flow.stage import Stage
from kiosk.flow.taking import may_scan_first
from kiosk.flow.transition import may_leave
from kiosk.forms.answers import Path, Value
from kiosk.forms.evaluate import Evaluation, PageView, QuestionView
from screens.components import Action, FieldError, Notice, NoticeKind, Progress, Words, words
from screens.focus import reveal
from screens.lobby.fields import Telling, make_field, setting_of
from screens.lobby.frame import FramedScreen
from screens.lobby.offers import OfferedField, scan_first, shown, within
from screens.lobby.repeat_summary import repeat_summary
from screens.lobby.screen import ScreenContext


class FormScreen(FramedScreen):
    """The page of a form that the journey is on. Every edit goes to the journey at once; nothing is kept here.

    When an answer makes other questions appear or go, only those fields are added or taken away: the others keep
    focus, caret, open keyboard and what is being composed, and stay where the person sees them.
    """

    def __init__(self, context: ScreenContext, journey: Journey) -> None:
        self._fields: dict[Path, OfferedField] = {}
        self._evaluated: tuple[Hashable, Evaluation] | None = None
        self._page = self._page_of(journey, context)
        self._setting = setting_of(self._page)
        self._leading: list[Widget] = []
        self._edited: Path | None = None
        self._errors_shown = False
        super().__init__(context, journey)

    # -- which page

    def evaluation(self, context: ScreenContext, journey: Journey) -> Evaluation:
        """The evaluated form behind this stage."""
        return context.world().evaluate_slot(journey, SLOT_OF_STAGE[journey.stage])

    def _page_of(self, journey: Journey, context: ScreenContext) -> PageView:
        draft = journey.require_draft()
        basis = (journey.stage, journey.open_evidence, draft)
        if self._evaluated is None or self._evaluated[0] != basis:
            self._evaluated = (basis, self.evaluation(context, journey))
        return current_page(journey, self._evaluated[1])

    @property
    def is_first_page(self) -> bool:
        """Whether this is the form's first page."""
        return self._evaluated is not None and self._evaluated[1].pages[0].key == self._page.key

    def place(self, journey: Journey) -> Hashable:
        if journey.stage is not self.journey.stage or journey.open_evidence != self.journey.open_evidence:
            return super().place(journey)
        key = self._page_of(journey, self.context).key
        return (journey.stage, key, journey.open_evidence, may_leave(journey))

    # -- content

    def title(self) -> Words:
        return self._setting.heading

    def progress(self) -> Progress | None:
        progress = super().progress()
        if progress is None or self._setting.heading == self._page.title:
            return progress
        part = words("toolkit.page.part", label=progress.label, part=self._page.title)
        return replace(progress, label=part)

    def intro(self) -> Words:
        return self._page.hint or ""

    def leading(self) -> list[Widget]:
        """What stands before the questions."""
        return [scan_first(self.context, self.journey)] if self._begins() and may_scan_first(self.journey) else []

    def _begins(self) -> bool:
        """Whether this is where somebody is described from the beginning: the form's first page, or a party's."""
        if self.journey.stage is not Stage.OTHERS or self._evaluated is None:
            return self.is_first_page
        repeats = (page.repeat for page in self._evaluated[1].pages if page.repeat is not None)
        return any(one.first_page == self._page.key for repeat in repeats for one in repeat.instances)

    def body(self) -> list[Widget]:
        self._leading = self.leading()
        if self._page.repeat is not None:
            return [*self._leading, *repeat_summary(self.context, self.journey.stage, self._page.repeat)]
        self._fields = {view.path: self._make(view) for view in self._page.questions}
        return [*self._leading, *(field.widget for field in self._fields.values())]

    def _make(self, view: QuestionView) -> OfferedField:
        field = make_field(self.ui, view, self._page, self._setting, Telling(self._answered, self.context.presence))
        return OfferedField(self.context, view, field, self._offers_at, self._take)

    def _offers_at(self, view: QuestionView) -> tuple[Offer, ...]:
        slot = SLOT_OF_STAGE.get(self.journey.stage)
        return offered(self.journey, self.context.world(), slot, view) if slot is not None else ()

    def _take(self, offer: Offer) -> None:
        """The person wants what was read: the field is made anew with it."""
        self.frame.stay()
        self.context.dispatch(TakeReading(offer.slot, offer.path, offer.value))
        view = next((one for one in self._page.questions if one.path == offer.path), None)
        if view is None or view.value != offer.value:
            return
        former = self._fields[view.path]
        had_focus = within(self.ui.focused, former.widget)
        self.remove_from_body(former.widget)
        self._fields[view.path] = filled = self._make(view)
        self.insert_into_body(filled.widget, len(self._leading) + self._page.questions.index(view))
        if had_focus:
            filled.focus()
        self.ui.announce(words("lobby.offer.taken", value=shown(view.question, offer.value)))

    def _answered(self, path: Path, value: Value) -> None:
        self._edited = path
        self.frame.stay()
        self.context.dispatch(FieldAnswered(path, value))

    # -- refreshing

    def refresh(self, journey: Journey) -> None:
        before, self._page = self._page, self._page_of(journey, self.context)
        edited = self._fields.get(self._edited) if self._edited is not None else None
        self.frame.scroll.hold(edited.anchor if edited is not None else None, lambda: self._show(journey, before))
        if journey.findings_shown and not self._errors_shown:
            # The summary takes the focus, and with it the speech: once, when Continue has found something.
            self._errors_shown = True
            self.frame.show_errors(self._errors())

    def _show(self, journey: Journey, before: PageView) -> None:
        news = _read(journey) != _read(self.journey)
        offers = self._offer_count()
        super().refresh(journey)
        if self._page.repeat is not None:
            if self._page != before:
                self.rebuild_body()
            return
        self._change_fields(before)
        for view in self._page.questions:
            field = self._fields[view.path]
            field.follow(view, self._page)
            field.show_finding(view.finding if journey.findings_shown else None)
        if news and self._offer_count() > offers:
            self.ui.announce(words("lobby.offer.came"))
        if self._errors_shown:
            self.frame.update_errors(self._errors() if journey.findings_shown else ())
            self._errors_shown = journey.findings_shown

    def _change_fields(self, before: PageView) -> None:
        if _questions(before) == _questions(self._page):
            return
        offered = {view.path: view.choices for view in before.questions}
        kept = {
            view.path: self._fields[view.path]
            for view in self._page.questions
            if view.path in self._fields and offered.get(view.path) == view.choices
        }
        for path, field in self._fields.items():
            if path not in kept:
                self.remove_from_body(field.widget)
        self._fields = {}
        for place, view in enumerate(self._page.questions):
            if view.path in kept:
                self._fields[view.path] = kept[view.path]
                continue
            self._fields[view.path] = added = self._make(view)
            self.insert_into_body(added.widget, len(self._leading) + place)

    def _offer_count(self) -> int:
        return sum(field.count for field in self._fields.values())

    def leave(self) -> None:
        super().leave()
        for field in self._fields.values():
            field.leave()

    # -- findings

    def _errors(self) -> list[FieldError]:
        return [
            FieldError(str(view.path), view.to_correct.message, self._jump_to(view.path))
            for view in self._page.questions
            if view.to_correct is not None
        ]

    def _jump_to(self, path: Path) -> Action:
        def jump() -> None:
            field = self._fields.get(path)
            if field is not None:
                reveal(field.widget)
                field.focus()

        return jump

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if journey.findings_shown:
            found.append(Notice(self.ui, words("lobby.form.go_on_anyway"), kind=NoticeKind.INFO))
        return found


class EvidenceItemScreen(FormScreen):
    """One line of the evidence list; what is scanned for it is added in screens/lobby/evidence.py."""

    def evaluation(self, context: ScreenContext, journey: Journey) -> Evaluation:
        return context.world().evaluate_evidence(journey)


def _read(journey: Journey) -> Hashable:
    """What was read on the pages."""
    return tuple(state.readings for state in journey.require_draft().pages.values())


def _questions(page: PageView) -> Hashable:
    """What makes the fields different: which questions there are, with which choices."""
    return tuple((view.path, tuple(choice.name for choice in view.choices)) for view in page.questions)
