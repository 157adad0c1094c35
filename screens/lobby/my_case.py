"""My case (案件查询): by receipt number or card, and what the court said."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.agent.messages import CaseView, LocalState
from kiosk.flow.events import AskMyCase, ChooseIdentityMethod, Finish, IdentityMethod, PersonEvent
from kiosk.flow.journey import Journey, Remark
from screens.components import (
    Action,
    Icon,
    ListTable,
    Notice,
    NoticeKind,
    TableRow,
    TextBlock,
    TextRole,
    Words,
    words,
)
from screens.lobby.cards import choice_card
from screens.lobby.claiming import cause_words
from screens.lobby.code_reading import TypedCodeScreen, said_of_code
from screens.lobby.days import day_words
from screens.lobby.frame import FramedScreen

_MARKS = {
    LocalState.ACCEPTED: NoticeKind.SUCCESS,
    LocalState.CORRECTION_REQUESTED: NoticeKind.WARNING,
}


class MyCaseScreen(TypedCodeScreen):
    """How to look it up."""

    title_key = "lobby.my_case.title"
    intro_key = "lobby.my_case.intro"
    name = "my_case.number"

    def other_ways(self) -> list[Widget]:
        self._by_card = choice_card(
            self.ui,
            name="my_case.card",
            text=words("lobby.my_case.by_card"),
            hint=words("lobby.my_case.by_card_hint"),
            icon=Icon.CARD,
            enabled=self.context.surroundings.reader_works,
            on_press=self.context.send(ChooseIdentityMethod(IdentityMethod.CARD)),
        )
        return [self._by_card]

    def surroundings_changed(self) -> None:
        super().surroundings_changed()
        if not self.journey.querying:
            self._by_card.enabled = self.context.surroundings.reader_works

    def asked(self, typed: str) -> PersonEvent:
        return AskMyCase(typed)

    def continue_text(self) -> Words:
        return words("lobby.my_case.ask")

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if isinstance(journey.notice, Remark) and said_of_code(journey.notice) is None:
            key = f"lobby.my_case.notice.{journey.notice.value}"
            found.append(Notice(self.ui, words(key), kind=NoticeKind.ERROR))
        return found


class MyCaseResultScreen(FramedScreen):
    """What is known of each complaint: state in words, dates, what has to be put right."""

    title_key = "lobby.my_case.result_title"

    def body(self) -> list[Widget]:
        cases = self.journey.cases or ()
        found: list[Widget] = []
        if self.journey.cases_offline:
            found.append(Notice(self.ui, words("lobby.my_case.offline"), kind=NoticeKind.WARNING))
        if not cases:
            found.append(Notice(self.ui, words("lobby.my_case.none")))
        for case in cases:
            found += self._case(case)
        return found

    def _case(self, case: CaseView) -> list[Widget]:
        state = words(f"lobby.my_case.state.{case.state.value}")
        rows = [
            TableRow("number", words("lobby.my_case.receipt_no"), case.receipt_no),
            TableRow("received", words("lobby.my_case.received"), day_words(case.received)),
        ]
        if case.decision_due and not case.decided:
            rows.append(TableRow("due", words("lobby.my_case.due"), day_words(case.decision_due)))
        if case.case_number:
            rows.append(TableRow("case", words("lobby.my_case.case_number"), case.case_number))
        if case.competent_court:
            name = self._court(case.competent_court)
            rows.append(TableRow("court", words("lobby.my_case.court"), name))
        widgets: list[Widget] = [
            TextBlock(self.ui, self._cause(case.cause_name) or case.receipt_no, role=TextRole.TITLE, bold=True),
            Notice(self.ui, state, kind=_MARKS.get(case.state, NoticeKind.INFO)),
            ListTable(self.ui, rows, name=f"case.{case.receipt_no}"),
        ]
        if case.corrections:
            widgets.append(TextBlock(self.ui, words("lobby.my_case.corrections"), bold=True))
            widgets += [TextBlock(self.ui, f"{number}. {what}") for number, what in enumerate(case.corrections, 1)]
        return widgets

    def _cause(self, name: str) -> Words:
        """The cause as the court names it, in the reader's language too where this edition has it."""
        try:
            return cause_words(self.context.reference.causes.named(name))
        except KeyError:
            return name

    def _court(self, code: str) -> Words:
        courts = self.context.reference.courts
        return courts.get(code).name if code in courts else code

    def on_continue(self) -> Action:
        return self.context.send(Finish())

    def continue_text(self) -> Words:
        return words("lobby.my_case.done")
