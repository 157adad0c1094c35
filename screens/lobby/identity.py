"""Who the person is and for whom they file."""

from __future__ import annotations

from kivy.uix.widget import Widget

from drivers.api.records import ReadFailure
from drivers.api.status import CardPresent, DeviceClass, ReaderReady
from kiosk.flow.draft import Represented
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
from screens.lobby.frame import FramedScreen


class IdentityScreen(FramedScreen):
    """Card or typed; where no reader works the card is not offered."""

    title_key = "lobby.identity.title"
    intro_key = "lobby.identity.intro"

    def on_continue(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        reader = self.context.surroundings.status(DeviceClass.ID_READER)
        works = isinstance(reader, ReaderReady | CardPresent)
        choices = [
            self._choice(IdentityMethod.CARD, Icon.CARD, enabled=works),
            self._choice(IdentityMethod.TYPED, Icon.PEN),
        ]
        if works:
            return list(choices)
        return [Notice(self.ui, words("lobby.identity.no_reader"), kind=NoticeKind.WARNING), *choices]

    def _choice(self, method: IdentityMethod, icon: Icon, *, enabled: bool = True) -> Button:
        return Button(
            self.ui,
            name=f"identity.{method.value}",
            text=words(f"lobby.identity.{method.value}"),
            hint=words(f"lobby.identity.{method.value}_hint"),
            icon=icon,
            style=ButtonStyle.CHOICE,
            enabled=enabled,
            on_press=self.context.send(ChooseIdentityMethod(method)),
        )

    def surroundings_changed(self) -> None:
        self.rebuild_body()


class CardScreen(FramedScreen):
    """Waiting for the card, also for a case query; after a failure: again, or type."""

    title_key = "lobby.card.title"
    intro_key = "lobby.card.intro"
    may_type = True

    def on_continue(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        notice = self.journey.notice
        if self.journey.querying:
            return [Spinner(self.ui, words("lobby.my_case.asking"))]
        if notice is None:
            waiting: list[Widget] = [Spinner(self.ui, words("lobby.card.waiting"))]
            return [*waiting, *self._typing()]
        key = notice.value if isinstance(notice, ReadFailure | Remark) else ReadFailure.UNREADABLE.value
        again = Button(
            self.ui,
            name="card.again",
            text=words("lobby.card.again"),
            style=ButtonStyle.PRIMARY,
            on_press=self.context.send(Continue()),
        )
        return [Notice(self.ui, words(f"lobby.card.failure.{key}"), kind=NoticeKind.ERROR), again, *self._typing()]

    def _typing(self) -> list[Widget]:
        if not self.may_type:
            return []
        return [
            Button(
                self.ui,
                name="card.type",
                text=words("lobby.card.type"),
                on_press=self.context.send(ChooseIdentityMethod(IdentityMethod.TYPED)),
            )
        ]

    def refresh(self, journey: Journey) -> None:
        changed = (journey.notice, journey.querying) != (self.journey.notice, self.journey.querying)
        super().refresh(journey)
        if changed:
            self.rebuild_body()


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
            rows.append(TableRow("birth", words("lobby.identity_confirm.birth"), person.birth))
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
            ChoiceList(self.ui, name="capacity", choices=choices, selected=(chosen,), on_change=self._chosen),
        ]

    def _chosen(self, values: tuple[str, ...]) -> None:
        if values:
            self.context.dispatch(ChooseRepresented(Represented(values[0])))
