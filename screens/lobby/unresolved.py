"""What could not be got done (“办不成事”反映): what, where and when. Every choice leads on by itself, none is made
beforehand."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import timedelta

from kivy.uix.widget import Widget

from kiosk.clock import CHINA
from kiosk.court.unresolved import UnresolvedKind, UnresolvedPlace
from kiosk.flow.events import ChooseMatter, ChooseService, Event, Service
from kiosk.flow.journey import Journey
from kiosk.flow.unresolved_draft import WINDOW
from kiosk.flow.unresolved_events import AskOtherDay, ChooseDay, ChooseKind, ChoosePlace, ChooseWindow
from kiosk.i18n import Text
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    DateField,
    FieldError,
    Icon,
    KeyboardKind,
    Spinner,
    TextField,
    TextRole,
    Words,
    words,
)
from screens.lobby.cards import choice_card, in_columns, side_by_side
from screens.lobby.days import day_words
from screens.lobby.frame import FramedScreen

DAYS_OFFERED = 7
"""Today and the days before it that are buttons; an earlier one is typed."""


class ChoosingScreen(FramedScreen):
    """A page of large buttons that lead on by themselves."""

    def on_continue(self) -> Action | None:
        return None

    def choice(
        self,
        name: str,
        text: Words,
        event: Event,
        *,
        hint: Words | None = None,
        style: ButtonStyle = ButtonStyle.CHOICE,
    ) -> Button:
        """One of them."""
        return Button(
            self.ui,
            name=f"{self.journey.stage.value}.{name}",
            text=text,
            hint=hint,
            style=style,
            role=TextRole.TITLE if style is ButtonStyle.CHOICE else TextRole.BODY,
            min_height_mm=30 if self.ui.panel.portrait else 20,
            on_press=self.context.send(event),
        )


class UnresolvedScreen(FramedScreen):
    """A report, or the leader on duty."""

    title_key = "lobby.unresolved.title"

    def on_continue(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        report = choice_card(
            self.ui,
            name="unresolved.report",
            text=words("lobby.unresolved.report"),
            hint=words("lobby.unresolved.report_hint"),
            icon=Icon.PEN,
            on_press=self.context.send(ChooseService(Service.UNRESOLVED)),
        )
        duty = choice_card(
            self.ui,
            name="unresolved.duty",
            text=words("lobby.unresolved.duty"),
            hint=words("lobby.unresolved.duty_hint"),
            icon=Icon.PERSON,
            on_press=self.context.send(ChooseService(Service.DUTY)),
        )
        return [side_by_side(self.ui, (report, duty))]


class KindScreen(ChoosingScreen):
    """The ten kinds."""

    title_key = "lobby.unresolved_kind.title"

    def body(self) -> list[Widget]:
        kinds = [
            self.choice(kind.value, words(f"unresolved.kind.{kind.value}"), ChooseKind(kind)) for kind in UnresolvedKind
        ]
        return [in_columns(self.ui, kinds)]


class PlaceScreen(ChoosingScreen):
    """Where; a service can be named where the board is known."""

    title_key = "lobby.unresolved_place.title"

    def body(self) -> list[Widget]:
        hints = {
            UnresolvedPlace.WINDOW: words("lobby.unresolved_place.window_hint"),
            UnresolvedPlace.SERVICE: words("lobby.unresolved_place.service_hint"),
        }
        places = [
            self.choice(
                place.value, words(f"unresolved.place.{place.value}"), ChoosePlace(place), hint=hints.get(place)
            )
            for place in UnresolvedPlace
            if place is not UnresolvedPlace.SERVICE or self.journey.require_unresolved().offers
        ]
        return [in_columns(self.ui, places)]

    def body_follows(self, journey: Journey) -> Hashable:
        return journey.require_unresolved().offers


class WhichScreen(ChoosingScreen):
    """Which window, or which service; where the board does not tell the windows, the number is typed."""

    def place(self, journey: Journey) -> Hashable:
        return (super().place(journey), self._asks_board(journey))

    @staticmethod
    def _asks_board(journey: Journey) -> bool:
        return journey.require_unresolved().offers is None

    @property
    def _of_window(self) -> bool:
        return self.journey.require_unresolved().asked is UnresolvedPlace.WINDOW

    @property
    def _typed(self) -> bool:
        draft = self.journey.require_unresolved()
        return self._of_window and draft.offers is not None and not draft.windows

    def title(self) -> Words:
        return words(f"lobby.unresolved_which.title_{'window' if self._of_window else 'service'}")

    def on_continue(self) -> Action | None:
        return self._given if self._typed else None

    def body(self) -> list[Widget]:
        draft = self.journey.require_unresolved()
        unsure = self.choice(
            "unsure",
            words("lobby.unresolved_which.unsure"),
            ChoosePlace(UnresolvedPlace.ELSEWHERE),
            style=ButtonStyle.SECONDARY,
        )
        if draft.offers is None:
            return [Spinner(self.ui, words("lobby.ticket_matter.asking")), unsure]
        if self._typed:
            self._number = TextField(
                self.ui,
                name="unresolved_which.number",
                label=words("lobby.unresolved_which.window"),
                value=draft.window,
                kind=KeyboardKind.CODE,
                max_length=4,
                on_submit=self._given,
                on_change=lambda _: self.context.presence(),
            )
            return [self._number, unsure]
        if self._of_window:
            choices = [
                self.choice(window, words("unresolved.notice.window", window=window), ChooseWindow(window))
                for window in draft.windows
            ]
        else:
            choices = [
                self.choice(
                    offer.service,
                    Text(zh=offer.names.zh, ko=offer.names.ko, en=offer.names.en),
                    ChooseMatter(offer.service),
                )
                for offer in draft.offers
            ]
        return [in_columns(self.ui, choices), unsure]

    def _given(self) -> None:
        window = self._number.value.strip().upper()
        if WINDOW.fullmatch(window):
            self.context.dispatch(ChooseWindow(window))
        else:
            complain(self, self._number, words("lobby.unresolved_which.window_wrong"))


class DayScreen(ChoosingScreen):
    """Today, yesterday, the days before, or earlier than that."""

    title_key = "lobby.unresolved_day.title"

    def body(self) -> list[Widget]:
        today = self.context.world().now.astimezone(CHINA).date()
        days = [today - timedelta(days=back) for back in range(DAYS_OFFERED)]
        names = [words("lobby.unresolved_day.today"), words("lobby.unresolved_day.yesterday")]
        names += [words(f"lobby.unresolved_day.weekday.{day.isoweekday()}") for day in days[len(names) :]]
        choices = [
            self.choice(str(back), name, ChooseDay(day), hint=day_words(day.isoformat()))
            for back, (name, day) in enumerate(zip(names, days, strict=True))
        ]
        earlier = self.choice("other", words("lobby.unresolved_day.other"), AskOtherDay())
        return [in_columns(self.ui, (*choices, earlier))]


class OtherDayScreen(FramedScreen):
    """A date."""

    title_key = "lobby.unresolved_other_day.title"
    intro_key = "lobby.unresolved_other_day.intro"

    def body(self) -> list[Widget]:
        self._day = DateField(
            self.ui,
            name="unresolved_other_day.day",
            label=words("lobby.unresolved_other_day.day"),
            day=self.journey.require_unresolved().happened,
            on_submit=self._given,
            on_change=lambda _: self.context.presence(),
        )
        return [self._day]

    def on_continue(self) -> Action:
        return self._given

    def _given(self) -> None:
        day = self._day.day
        if day is not None and day <= self.context.world().now.astimezone(CHINA).date():
            self.context.dispatch(ChooseDay(day))
        else:
            complain(self, self._day, words("lobby.unresolved_other_day.wrong"))


def complain(screen: FramedScreen, field: TextField, message: Words) -> None:
    """Say at the field and above the page what is wrong with it."""
    field.error = message
    screen.frame.show_errors([FieldError(field.name, message, field.focus)])
