"""What could not be got done: in the person's own words, and whether the court may call them. Neither must be given."""

from __future__ import annotations

from kivy.uix.widget import Widget

from drivers.api.records import ReadFailure
from kiosk.court.unresolved import LONGEST_ACCOUNT
from kiosk.flow.events import ChooseIdentityMethod, IdentityMethod
from kiosk.flow.journey import Journey
from kiosk.flow.unresolved_draft import LONGEST_NAME, LONGEST_PHONE, phone_number
from kiosk.flow.unresolved_events import AnswerCallBack, GiveContact, WriteAccount
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    Icon,
    KeyboardKind,
    TextField,
    Words,
    words,
)
from screens.lobby.cards import choice_card, side_by_side
from screens.lobby.frame import FramedScreen
from screens.lobby.identity import CardScreen
from screens.lobby.unresolved import complain

_LINES = {True: 8, False: 5}
"""Lines of the account, by whether the screen stands upright."""


class AccountScreen(FramedScreen):
    """In the person's own words."""

    title_key = "lobby.unresolved_account.title"
    intro_key = "lobby.unresolved_account.intro"

    def body(self) -> list[Widget]:
        self._account = TextField(
            self.ui,
            name="unresolved_account.text",
            label=words("lobby.unresolved_account.text"),
            value=self.journey.require_unresolved().account,
            lines=_LINES[self.ui.panel.portrait],
            max_length=LONGEST_ACCOUNT,
            on_change=self._written,
        )
        return [self._account]

    def _written(self, text: str) -> None:
        self.frame.stay()
        self.context.dispatch(WriteAccount(text))

    def continue_text(self) -> Words:
        written = self.journey.require_unresolved().account.strip()
        return words("toolkit.page.continue" if written else "lobby.unresolved_account.skip")

    def refresh(self, journey: Journey) -> None:
        super().refresh(journey)
        if self.frame.continue_button is not None:
            self.frame.continue_button.text = self.continue_text()


class CallBackScreen(FramedScreen):
    """Yes and no, as large the one as the other."""

    title_key = "lobby.unresolved_call_back.title"
    intro_key = "lobby.unresolved_call_back.intro"

    def on_continue(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        return [side_by_side(self.ui, (self._answer("yes", Icon.CHECK), self._answer("no", Icon.CROSS)))]

    def _answer(self, answer: str, icon: Icon) -> Button:
        return choice_card(
            self.ui,
            name=f"unresolved_call_back.{answer}",
            text=words(f"lobby.unresolved_call_back.{answer}"),
            hint=words(f"lobby.unresolved_call_back.{answer}_hint"),
            icon=icon,
            on_press=self.context.send(AnswerCallBack(wanted=answer == "yes")),
        )


class ContactScreen(FramedScreen):
    """A telephone number and, for who likes, a name, which the card can give too."""

    title_key = "lobby.unresolved_contact.title"
    intro_key = "lobby.unresolved_contact.intro"

    def body(self) -> list[Widget]:
        draft = self.journey.require_unresolved()
        self._phone = TextField(
            self.ui,
            name="unresolved_contact.phone",
            label=words("lobby.unresolved_contact.phone"),
            value=draft.phone,
            kind=KeyboardKind.DIGITS,
            max_length=LONGEST_PHONE,
            on_change=self._given,
        )
        self._name = TextField(
            self.ui,
            name="unresolved_contact.name",
            label=words("lobby.unresolved_contact.name"),
            value=draft.name,
            kind=KeyboardKind.NAME,
            max_length=LONGEST_NAME,
            on_change=self._given,
        )
        self._card = Button(
            self.ui,
            name="unresolved_contact.card",
            text=words("lobby.unresolved_contact.card"),
            icon=Icon.CARD,
            min_height_mm=18,
            enabled=self.context.surroundings.reader_works,
            on_press=self.context.send(ChooseIdentityMethod(IdentityMethod.CARD)),
        )
        return [self._phone, self._name, self._card]

    def _given(self, _: str) -> None:
        self.frame.stay()
        self._phone.error = None
        self.frame.update_errors(())
        self.context.dispatch(GiveContact(self._name.value, self._phone.value))

    def surroundings_changed(self) -> None:
        self._card.enabled = self.context.surroundings.reader_works

    def refresh(self, journey: Journey) -> None:
        super().refresh(journey)
        if journey.findings_shown and self._phone.error is None and not phone_number(self._phone.value):
            complain(self, self._phone, words("lobby.unresolved_contact.phone_wrong"))


class NameCardScreen(CardScreen):
    """Waiting for the card of who does not want to type their name."""

    intro_key = "lobby.unresolved_card.intro"

    def failure_words(self, failure: str) -> str:
        if failure in {ReadFailure.READER_GONE.value, ReadFailure.UNKNOWN_LAYOUT.value}:
            return f"lobby.unresolved_card.{failure}"
        return super().failure_words(failure)

    def _typing(self, style: ButtonStyle) -> list[Button]:
        return [
            Button(
                self.ui,
                name="unresolved_card.type",
                text=words("lobby.unresolved_card.type"),
                style=style,
                icon=Icon.PEN,
                min_height_mm=18,
                on_press=self.context.send(ChooseIdentityMethod(IdentityMethod.TYPED)),
            )
        ]
