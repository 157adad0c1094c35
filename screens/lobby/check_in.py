"""Check-in for an appointment (预约签到): the code of six digits, or the card."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.court.paper_codes import APPOINTMENT_DIGITS
from kiosk.flow.events import ChooseIdentityMethod, GiveAppointmentCode, IdentityMethod
from screens.components import Action, Button, Icon, Notice, NoticeKind, Row, Stack, Words, words
from screens.lobby.code_reading import CodeScreen
from screens.lobby.identity import CardScreen
from screens.lobby.keypad import Keypad


class CheckInScreen(CodeScreen):
    """The keys are there at once; the card is the other way, and what it is read for stands beside it."""

    title_key = "lobby.check_in.title"
    intro_key = "lobby.check_in.intro"

    def body(self) -> list[Widget]:
        self._keys = Keypad(
            self.ui, digits=APPOINTMENT_DIGITS, spoken=words("lobby.check_in.title"), on_change=self._keyed
        )
        works = self._works = self.context.surroundings.reader_works
        card = Button(
            self.ui,
            name="check_in.card",
            text=words("lobby.check_in.card"),
            icon=Icon.CARD,
            enabled=works,
            min_height_mm=20,
            on_press=self.context.send(ChooseIdentityMethod(IdentityMethod.CARD)),
        )
        told = Notice(self.ui, words("lobby.check_in.purpose"))
        if not works:
            told = Notice(self.ui, words("lobby.check_in.no_reader"), kind=NoticeKind.WARNING)
        by_card = Stack(self.ui, (card, told), gap_mm=4.0)
        if self.ui.panel.portrait:
            return [self._keys.widget, self.code_box.widget(), by_card]
        others = Stack(self.ui, (self.code_box.widget(), by_card), gap_mm=8.0)
        return [Row(self.ui, (self._keys.widget, others), gap_mm=10.0)]

    def _keyed(self, _: str) -> None:
        self.context.presence()

    def _given(self) -> None:
        if len(self._keys.value) == APPOINTMENT_DIGITS:
            self.context.dispatch(GiveAppointmentCode(self._keys.value))

    def on_continue(self) -> Action:
        return self._given

    def continue_text(self) -> Words:
        return words("lobby.check_in.go_on")

    def surroundings_changed(self) -> None:
        super().surroundings_changed()
        if self._works is not self.context.surroundings.reader_works:
            self.rebuild_body()


class CheckInCardScreen(CardScreen):
    """Waiting for the card with which the appointment was made; the code is one step back."""

    intro_key = "lobby.check_in.card_intro"
    may_type = False
