"""Who the person is and for whom they file."""

from __future__ import annotations

from collections.abc import Hashable

from kivy.uix.widget import Widget

from drivers.api.records import ReadFailure
from kiosk.flow.draft import Represented
from kiosk.flow.draft_events import AskDraftCode
from kiosk.flow.drafts import may_take_up
from kiosk.flow.events import ChooseIdentityMethod, ChooseRepresented, Continue, IdentityMethod
from kiosk.flow.journey import Journey, Remark
from kiosk.identity.masking import mask_number
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    Choice,
    ChoiceList,
    Icon,
    ListTable,
    Notice,
    NoticeKind,
    Spinner,
    TableRow,
    Words,
    words,
)
from screens.lobby.card_picture import CardPicture
from screens.lobby.cards import choice_card, side_by_side
from screens.lobby.days import day_words
from screens.lobby.frame import FramedScreen


class IdentityScreen(FramedScreen):
    """Card or typed; where no reader works the card is not offered."""

    title_key = "lobby.identity.title"
    intro_key = "lobby.identity.intro"

    def on_continue(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        works = self._works = self.context.surroundings.reader_works
        choices = side_by_side(
            self.ui,
            (
                self._choice(IdentityMethod.CARD, Icon.CARD, enabled=works),
                self._choice(IdentityMethod.TYPED, Icon.PEN),
            ),
        )
        if works:
            return [choices]
        return [Notice(self.ui, words("lobby.identity.no_reader"), kind=NoticeKind.WARNING), choices]

    def _choice(self, method: IdentityMethod, icon: Icon, *, enabled: bool = True) -> Button:
        return choice_card(
            self.ui,
            name=f"identity.{method.value}",
            text=words(f"lobby.identity.{method.value}"),
            hint=words(f"lobby.identity.{method.value}_hint"),
            icon=icon,
            enabled=enabled,
            on_press=self.context.send(ChooseIdentityMethod(method)),
        )

    def surroundings_changed(self) -> None:
        if self._works is not self.context.surroundings.reader_works:
            self.rebuild_body()


class CardScreen(FramedScreen):
    """Waiting for the card, also for a case query; after a failure: again, or type."""

    title_key = "lobby.card.title"
    intro_key = "lobby.card.intro"
    may_type = True

    def on_continue(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        if self.journey.querying:
            return [Spinner(self.ui, words("lobby.my_case.asking"))]
        picture = CardPicture(
            self.ui, spoken=words("lobby.card.picture"), height_mm=110 if self.ui.panel.portrait else 74
        )
        return [picture, *(self._waiting() if self.journey.notice is None else self._failed(self.journey.notice))]

    def _waiting(self) -> list[Widget]:
        return [Spinner(self.ui, words("lobby.card.waiting"), side_mm=18), *self._typing(ButtonStyle.SECONDARY)]

    def _failed(self, notice: object) -> list[Widget]:
        key = notice.value if isinstance(notice, ReadFailure | Remark) else ReadFailure.UNREADABLE.value
        # Where the reader itself is the trouble, trying again is not the best advice.
        type_first = self.may_type and notice in {ReadFailure.READER_GONE, ReadFailure.UNKNOWN_LAYOUT}
        again = Button(
            self.ui,
            name="card.again",
            text=words("lobby.card.again"),
            style=ButtonStyle.SECONDARY if type_first else ButtonStyle.PRIMARY,
            icon=Icon.CARD,
            min_height_mm=18,
            on_press=self.context.send(Continue()),
        )
        typing = self._typing(ButtonStyle.PRIMARY if type_first else ButtonStyle.SECONDARY)
        buttons = side_by_side(self.ui, (*typing, again) if type_first else (again, *typing))
        return [Notice(self.ui, words(self.failure_words(key)), kind=NoticeKind.ERROR), buttons]

    def failure_words(self, failure: str) -> str:
        """The catalogue's key for a failure, with what can be done on this page."""
        return f"lobby.card.failure.{failure}"

    def _typing(self, style: ButtonStyle) -> list[Button]:
        if not self.may_type:
            return []
        return [
            Button(
                self.ui,
                name="card.type",
                text=words("lobby.card.type"),
                style=style,
                icon=Icon.PEN,
                min_height_mm=18,
                on_press=self.context.send(ChooseIdentityMethod(IdentityMethod.TYPED)),
            )
        ]

    def body_follows(self, journey: Journey) -> Hashable:
        return journey.notice, journey.querying


class QueryCardScreen(CardScreen):
    """The same for "my case", where nothing can be typed but a receipt number."""

    intro_key = "lobby.my_case.card_intro"
    may_type = False


class IdentityConfirmScreen(FramedScreen):
    """ "Is this you?"; the number is masked, since others may look on (N4)."""

    title_key = "lobby.identity_confirm.title"

    def body(self) -> list[Widget]:
        person = self.journey.draft.identity if self.journey.draft else None
        if person is None:
            return []
        rows = [
            TableRow("name", words("lobby.identity_confirm.name"), person.name),
            TableRow("number", words("lobby.identity_confirm.number"), mask_number(person.number)),
        ]
        if person.birth:
            rows.append(TableRow("birth", words("lobby.identity_confirm.birth"), day_words(person.birth)))
        if person.address:
            rows.append(TableRow("address", words("lobby.identity_confirm.address"), person.address))
        return [
            ListTable(self.ui, rows, name="identity"),
            Notice(self.ui, words("lobby.identity_confirm.take_card"), kind=NoticeKind.WARNING),
        ]

    def continue_text(self) -> Words:
        return words("lobby.identity_confirm.yes")


class CapacityScreen(FramedScreen):
    """本人、法定代表人、委托诉讼代理人."""

    title_key = "lobby.capacity.title"
    intro_key = "lobby.capacity.intro"

    def body(self) -> list[Widget]:
        draft = self.journey.draft
        chosen = draft.represented.value if draft else Represented.SELF.value
        choices = [
            Choice(one.value, words(f"lobby.capacity.{one.value}"), words(f"lobby.capacity.{one.value}_hint"))
            for one in Represented
        ]
        return [
            ChoiceList(
                self.ui, name="capacity", choices=choices, selected=(chosen,), on_change=self._chosen, min_height_mm=24
            ),
            *([self._elsewhere()] if may_take_up(self.journey) else []),
        ]

    def _elsewhere(self) -> Button:
        """For who began elsewhere; below the question, not in the way of those who did not."""
        return Button(
            self.ui,
            name="capacity.elsewhere",
            text=words("lobby.capacity.elsewhere"),
            icon=Icon.TICKET,
            min_height_mm=16,
            on_press=self.context.send(AskDraftCode()),
        )

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if journey.notice is Remark.DRAFT_ERASED:
            found.append(Notice(self.ui, words("lobby.capacity.erased"), kind=NoticeKind.SUCCESS))
        return found

    def _chosen(self, values: tuple[str, ...]) -> None:
        if values:
            self.context.dispatch(ChooseRepresented(Represented(values[0])))
