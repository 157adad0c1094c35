"""From the idle picture to the person: attract, home, language, privacy notice."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.uix.widget import Widget

from drivers.api.status import DeviceClass, Disconnected, PrinterNeedsAttention, Unknown
from kiosk.agent.messages import HubState
from kiosk.flow.events import AnswerConsent, ChooseLanguage, ChooseService, Service, Touched
from kiosk.flow.journey import Journey
from kiosk.i18n import Language
from kiosk.receipts.words import written_day
from screens.components import (
    Action,
    Button,
    Choice,
    ChoiceList,
    Icon,
    Notice,
    NoticeKind,
    Stack,
    TextBlock,
    TextRole,
    Words,
    words,
)
from screens.components.service_bar import LANGUAGE_NAMES
from screens.lobby.cards import choice_card, side_by_side
from screens.lobby.cover import Cover
from screens.lobby.emblem import Emblem
from screens.lobby.frame import FramedScreen
from screens.lobby.points import Point, point_list
from screens.lobby.screen import Screen, ScreenContext

_CLOCK_EVERY = 5.0


class AttractScreen(Screen):
    """What the terminal shows while nobody is there: whose it is, what it does, the time, and where to touch."""

    def __init__(self, context: ScreenContext, journey: Journey) -> None:
        super().__init__(context, journey)
        ui = context.ui
        self._court = TextBlock(ui, context.surroundings.court, role=TextRole.DISPLAY, bold=True, halign="center")
        self._time = TextBlock(ui, "", ink="on_header", halign="right")
        self._trouble = Stack(ui, (), gap_mm=3.0)
        self._trouble_shows: tuple[str, ...] = ()
        services = Stack(ui, [self._line("lobby.attract.services", one) for one in Language], gap_mm=2.0)
        invitations = [
            TextBlock(
                ui,
                words("lobby.attract.touch").in_(language),
                role=TextRole.TITLE,
                bold=True,
                halign="center",
                ink="on_header",
            )
            for language in Language
        ]
        self._cover = Cover(
            ui,
            name="attract",
            spoken=words("lobby.attract.touch"),
            on_press=context.send(Touched()),
            drawing=Emblem(ui, side_mm=60 if ui.panel.portrait else 40),
            parts=(self._court, services, self._trouble),
            gap_mm=12,
            header=self._time,
            footer=Stack(ui, invitations, gap_mm=4),
        )
        self._tick = Clock.schedule_interval(lambda _: self._show_time(), _CLOCK_EVERY)
        self._show_time()
        self.surroundings_changed()

    def _line(self, key: str, language: Language) -> TextBlock:
        return TextBlock(self.ui, words(key).in_(language), halign="center", ink="hint")

    @property
    def widget(self) -> Widget:
        return self._cover

    def _show_time(self) -> None:
        now = self.ui.clock.now()
        self._time.text = f"{written_day(now.date(), Language.ZH)}　{now:%H:%M}"

    def surroundings_changed(self) -> None:
        self._court.text = self.context.surroundings.court
        stopped = tuple(key for kind, key in trouble(self.context) if kind is NoticeKind.WARNING)
        if stopped == self._trouble_shows:
            return
        self._trouble_shows = stopped
        self._trouble.clear_widgets()
        for key in stopped:
            for language in Language:
                self._trouble.add_widget(Notice(self.ui, words(key).in_(language), kind=NoticeKind.WARNING))

    def leave(self) -> None:
        self._tick.cancel()


def trouble(context: ScreenContext) -> tuple[tuple[NoticeKind, str], ...]:
    """What does not work now, in the litigant's words: kind and key of the catalogue; empty when everything does."""
    around = context.surroundings
    if not around.agent_up:
        return ((NoticeKind.WARNING, "lobby.trouble.agent"),)
    if not around.agent.accepting:
        return ((NoticeKind.WARNING, "lobby.trouble.not_accepting"),)
    found = []
    if around.agent.hub is HubState.OFFLINE:
        found.append((NoticeKind.INFO, "lobby.trouble.hub_offline"))
    match around.status(DeviceClass.RECEIPT_PRINTER):
        case Unknown() if not around.daemon_up:
            found.append((NoticeKind.WARNING, "lobby.trouble.devices"))
        case PrinterNeedsAttention() | Disconnected():
            found.append((NoticeKind.INFO, "lobby.trouble.no_slip"))
        case _:
            pass
    return tuple(found)


class HomeScreen(FramedScreen):
    """What the terminal can do."""

    title_key = "lobby.home.title"

    def on_continue(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        self._file = self._card(Service.FILE_CASE, Icon.DOCUMENT, enabled=self._may_file)
        self._numbers = self.context.surroundings.agent.numbers
        cards = [self._file, self._card(Service.MY_CASE, Icon.SEARCH)]
        if self._numbers:
            cards.insert(1, self._card(Service.TICKET, Icon.TICKET))
        self._unresolved = self._card(Service.UNRESOLVED, Icon.INFO, enabled=self.context.surroundings.agent_up)
        cards.append(self._unresolved)
        return [side_by_side(self.ui, cards), *([self._rating()] if self._numbers else [])]

    def _rating(self) -> Button:
        """Below the services and smaller: nobody is pressed to rate."""
        return Button(
            self.ui,
            name="home.rating",
            text=words("lobby.home.rating"),
            icon=Icon.PEN,
            min_height_mm=16,
            on_press=self.context.send(ChooseService(Service.RATING)),
        )

    @property
    def _may_file(self) -> bool:
        around = self.context.surroundings
        return around.agent_up and around.agent.accepting

    def _card(self, service: Service, icon: Icon, *, enabled: bool = True) -> Button:
        return choice_card(
            self.ui,
            name=f"home.{service.value}",
            text=words(f"lobby.home.{service.value}"),
            hint=words(f"lobby.home.{service.value}_hint"),
            icon=icon,
            enabled=enabled,
            on_press=self.context.send(ChooseService(service)),
        )

    def above(self, journey: Journey) -> list[Widget]:
        notices = [Notice(self.ui, words(key), kind=kind) for kind, key in trouble(self.context)]
        return [*super().above(journey), *notices]

    def above_follows(self, journey: Journey) -> tuple[object, ...]:
        return (*super().above_follows(journey), trouble(self.context))

    def surroundings_changed(self) -> None:
        self.frame.court.text = self.context.surroundings.court
        if self._numbers is not self.context.surroundings.agent.numbers:
            self.rebuild_body()
        self._file.enabled = self._may_file
        self._unresolved.enabled = self.context.surroundings.agent_up
        self.refresh(self.journey)


class LanguageScreen(FramedScreen):
    """The language; every screen has the same choice in its frame."""

    title_key = "lobby.language.title"
    intro_key = "lobby.language.intro"

    def title(self) -> Words:
        return "请选择语言 · 언어 선택 · Choose a language"

    def body(self) -> list[Widget]:
        self._choices = ChoiceList(
            self.ui,
            name="language.choose",
            choices=[Choice(language.value, LANGUAGE_NAMES[language]) for language in Language],
            selected=(self.journey.language.value,),
            min_height_mm=38,
            on_change=lambda values: self.context.dispatch(ChooseLanguage(Language(values[0]))),
        )
        return [self._choices]

    def refresh(self, journey: Journey) -> None:
        super().refresh(journey)
        self._choices.selected = (journey.language.value,)


_PRIVACY = {
    "who": Icon.SCALES,
    "what": Icon.CARD,
    "why": Icon.DOCUMENT,
    "how_long": Icon.CLOCK,
    "rights": Icon.SUCCESS,
}


class PrivacyScreen(FramedScreen):
    """个人信息处理告知: who, what for, how long, which rights (PIPL 17), and a way without the machine."""

    title_key = "lobby.privacy.title"
    intro_key = "lobby.privacy.intro"

    def body(self) -> list[Widget]:
        points = [
            Point(self.ui, icon, title=words(f"lobby.privacy.{part}"), text=words(f"lobby.privacy.{part}_text"))
            for part, icon in _PRIVACY.items()
        ]
        refuse = Button(
            self.ui,
            name="privacy.refuse",
            text=words("lobby.privacy.refuse"),
            icon=Icon.COUNTER,
            min_height_mm=16,
            on_press=self.context.send(AnswerConsent(granted=False)),
        )
        return [point_list(self.ui, points), Notice(self.ui, words("lobby.privacy.voluntary")), refuse]

    def on_continue(self) -> Action:
        return self.context.send(AnswerConsent(granted=True))

    def continue_text(self) -> Words:
        return words("lobby.privacy.agree")
