"""From the idle picture to the person: attract, home, language, privacy notice."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.flow.events import AnswerConsent, ChooseLanguage, ChooseService, Service, Touched
from kiosk.flow.journey import Journey
from kiosk.i18n import Language
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    Icon,
    ListTable,
    Notice,
    NoticeKind,
    Stack,
    TableRow,
    TextBlock,
    TextRole,
    TouchTarget,
    Words,
    words,
)
from screens.components.context import Ui
from screens.components.service_bar import LANGUAGE_NAMES
from screens.lobby.emblem import Emblem
from screens.lobby.frame import FramedScreen
from screens.lobby.screen import Screen, ScreenContext


class AttractCover(TouchTarget):
    """The whole screen is one target: court, invitation in every language, and a hand that needs no aim."""

    def __init__(self, ui: Ui, court: Words, context: ScreenContext) -> None:
        super().__init__(ui, name="attract", spoken=words("lobby.attract.touch"), on_press=context.send(Touched()))
        self.size_hint = (1, 1)
        self.court = TextBlock(ui, court, role=TextRole.DISPLAY, bold=True, halign="center")
        self.trouble = Stack(ui, ())
        lines = [
            TextBlock(ui, words("lobby.attract.touch").in_(language), role=TextRole.TITLE, bold=True, halign="center")
            for language in Language
        ]
        services = TextBlock(ui, words("lobby.attract.services"), halign="center", ink="hint")
        self._content = Stack(
            ui, (Emblem(ui, side_mm=46), self.court, services, Stack(ui, lines, gap_mm=7), self.trouble), gap_mm=14
        )
        self.add_widget(self._content)
        self.redraw_on(self._arrange, "pos", "size")
        self.redraw_on(self._arrange, "height", of=self._content)
        self.restyle_if_stale()

    def restyle(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        self._content.width = self.width - 4 * self.ui.margin
        self._content.center = self.center


class AttractScreen(Screen):
    """What the terminal shows while nobody is there."""

    def __init__(self, context: ScreenContext, journey: Journey) -> None:
        super().__init__(context, journey)
        self._cover = AttractCover(context.ui, context.surroundings.court, context)
        self.surroundings_changed()

    @property
    def widget(self) -> Widget:
        return self._cover

    def surroundings_changed(self) -> None:
        self._cover.court.text = self.context.surroundings.court
        self._cover.trouble.clear_widgets()
        for notice in trouble(self.context):
            self._cover.trouble.add_widget(notice)


def trouble(context: ScreenContext) -> list[Notice]:
    """What does not work now, in the litigant's words; empty when everything does."""
    around = context.surroundings
    if not around.agent_up:
        return [Notice(context.ui, words("lobby.trouble.agent"), kind=NoticeKind.WARNING)]
    if not around.agent.accepting:
        return [Notice(context.ui, words("lobby.trouble.not_accepting"), kind=NoticeKind.WARNING)]
    return []


class HomeScreen(FramedScreen):
    """What the terminal can do."""

    title_key = "lobby.home.title"

    def on_continue(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        def card(service: Service, icon: Icon, *, enabled: bool = True) -> Button:
            key = service.value
            return Button(
                self.ui,
                name=f"home.{key}",
                text=words(f"lobby.home.{key}"),
                hint=words(f"lobby.home.{key}_hint"),
                icon=icon,
                style=ButtonStyle.CHOICE,
                enabled=enabled,
                on_press=self.context.send(ChooseService(service)),
            )

        around = self.context.surroundings
        may_file = around.agent_up and around.agent.accepting
        self._file = card(Service.FILE_CASE, Icon.DOCUMENT, enabled=may_file)
        return [self._file, card(Service.MY_CASE, Icon.SEARCH)]

    def above(self, journey: Journey) -> list[Widget]:
        return [*super().above(journey), *trouble(self.context)]

    def surroundings_changed(self) -> None:
        self.rebuild_body()
        self.refresh(self.journey)


class LanguageScreen(FramedScreen):
    """The language; every screen has the same choice in its frame."""

    title_key = "lobby.language.title"

    def body(self) -> list[Widget]:
        return [
            Button(
                self.ui,
                name=f"language.choose.{language.value}",
                text=LANGUAGE_NAMES[language],
                style=ButtonStyle.PRIMARY if language is self.ui.language else ButtonStyle.SECONDARY,
                icon=Icon.CHECK if language is self.ui.language else None,
                role=TextRole.TITLE,
                min_height_mm=24,
                on_press=self.context.send(ChooseLanguage(language)),
            )
            for language in Language
        ]

    def refresh(self, journey: Journey) -> None:
        if journey.language is not self.journey.language:
            self.rebuild_body()
        super().refresh(journey)


class PrivacyScreen(FramedScreen):
    """个人信息处理告知: who, what for, how long, which rights (PIPL 17), and a way without the machine."""

    title_key = "lobby.privacy.title"
    intro_key = "lobby.privacy.intro"

    def body(self) -> list[Widget]:
        parts = ("who", "what", "why", "how_long", "rights")
        rows = [TableRow(part, words(f"lobby.privacy.{part}"), words(f"lobby.privacy.{part}_text")) for part in parts]
        return [ListTable(self.ui, rows, name="privacy"), Notice(self.ui, words("lobby.privacy.voluntary"))]

    def on_continue(self) -> Action:
        return self.context.send(AnswerConsent(granted=True))

    def continue_text(self) -> Words:
        return words("lobby.privacy.agree")

    def above(self, journey: Journey) -> list[Widget]:
        return super().above(journey)

    def _fill_body(self, body: Stack) -> None:
        super()._fill_body(body)
        body.add_widget(
            Button(
                self.ui,
                name="privacy.refuse",
                text=words("lobby.privacy.refuse"),
                on_press=self.context.send(AnswerConsent(granted=False)),
            )
        )
